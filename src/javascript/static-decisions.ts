import { isAtLeast } from "../core/base-images.ts";
import { isWithin } from "../core/path.ts";
import { frontEndCommand } from "../repo/front-end-commands.ts";
import { commandText } from "./command-walk.ts";
import { developmentUse } from "./development-use.ts";
import type { NodeStage } from "./node-stage.ts";
import type { Instruction } from "../core/line-reader.ts";
import type { Evidence } from "../core/outcome.ts";
import { surroundingDirectories } from "../repo/context-evidence.ts";
import { beside } from "../repo/package-manifest.ts";
import type { Need } from "../stages/need.ts";
import type { NodeImage } from "./node-image.ts";
import type { ServedSite } from "./served-site.ts";
import type { SiteOutput } from "./site-output.ts";
import type { StaticSite } from "./static-site.ts";

/** Programs beside nginx that its images have. Source: https://github.com/nginx/docker-nginx */
const OF_EVERY_IMAGE =
  "sh true exit test [ kill grep cat echo sleep tini tini-static dumb-init docker-init";

/** What a health check may run in an image of nginx. */
export function programsOfNginx(image: string): ReadonlySet<string> {
  const own = /alpine-slim/.test(image)
    ? "wget nc pgrep ps"
    : /alpine/.test(image)
      ? "curl wget nc pgrep ps"
      : "curl bash";
  return new Set(`${OF_EVERY_IMAGE} ${own}`.split(" "));
}

/** What stops a site's migration before its directory is looked at. */
export function siteRefusal(
  image: NodeImage,
  served: ServedSite,
  runtimeImage: string,
): Need | undefined {
  const { stage, start, compose } = image;
  const at = start.instruction;
  const place = at ? { at } : {};
  const { server, leaf } = served;
  const more = (what: string, evidence: Need["evidence"] = []): Need => ({
    code: "start-does-more",
    ...place,
    data: { what },
    evidence,
  });
  const trigger = stage.obstacles.find(({ code }) => code === "onbuild-triggers");
  if (trigger) return { code: "onbuild-triggers", at: trigger.instruction };
  const kind = server.kind === "site" ? server.site.kind : frontEndCommand(leaf.words)?.kind;
  if (kind === "development") {
    if (!hasSources(stage))
      return { code: "development-image", ...place, data: { program: commandText(leaf) } };
    const evidence = developmentUse(stage, compose, image.place);
    if (evidence)
      return {
        code: "development-image",
        ...place,
        data: { program: commandText(leaf) },
        evidence: [evidence],
      };
    const old = oldBundler(image, served);
    if (old) return { ...place, ...old };
  }
  const [composed] = compose.starts;
  if (composed) return more(composed.words.join(" "), [composed.evidence]);
  const [other] = served.others;
  if (other) return more(commandText(other), other.evidence ? [other.evidence] : []);
  const [open] = start.open;
  if (open) return more(open.why, open.evidence ? [open.evidence] : []);
  const [file] = start.reader.files;
  if (file) return more(`the script ${file.source}`, file.need.evidence ?? []);
  if (start.reader.isComputed) return more("what cannot be told");
  const [built] = start.reader.programs;
  if (built !== undefined) return more(built);
  const check = healthcheckProblem(image, runtimeImage);
  if (check) return check;
  const own = composeProblem(image);
  if (own) return own;
  const unfit = start.reader.refusal();
  if (unfit) return { ...place, ...unfit };
  if (server.kind === "refused")
    return { code: server.code, ...place, data: server.data, evidence: server.evidence };
  const { site } = server;
  const given =
    site.portVariable === undefined ? undefined : compose.environment.get(site.portVariable);
  if (given && given.value !== String(site.port))
    return {
      code: "port-given-at-start",
      ...place,
      data: { name: site.portVariable! },
      evidence: [given.evidence],
    };
  const platform = site.portVariable === undefined ? undefined : platformOf(image);
  if (platform)
    return {
      code: "port-given-at-start",
      ...place,
      data: { name: site.portVariable! },
      evidence: [platform],
    };
  const inner = site.proxies.find(({ target }) =>
    /^\w+:\/\/(?:localhost|127\.|\[::1\])/.test(target),
  );
  if (inner)
    return {
      code: "dev-proxy",
      ...place,
      data: { server: site.server, why: `${inner.target} is the container itself` },
      evidence: [inner.evidence],
    };
  return site.kind === "development" ? valuesAtStart(image, served) : undefined;
}

/** Files of platforms that say PORT to a container when it starts. Sources: documentation of Heroku, Cloud Run, Railway and Render */
const PLATFORM_FILES =
  /^(?:heroku\.yml|app\.json|Procfile|render\.ya?ml|railway\.(?:json|toml)|app\.ya?ml|cloudbuild\.ya?ml)$/;
const PLATFORM_COMMANDS =
  /\bheroku\b|gcloud (?:beta )?run\b|deploy-cloudrun|railway up|(?:-e|--env)[ =]PORT=/;

function platformOf({ repository, place }: NodeImage): Evidence | undefined {
  if (!repository || place.contextDirectory === undefined) return undefined;
  for (const directory of surroundingDirectories(
    repository,
    place.dockerfilePath,
    place.contextDirectory,
  )) {
    for (const { name, kind } of repository.list(directory) ?? []) {
      if (kind !== "file") continue;
      const path = beside(directory, name);
      if (PLATFORM_FILES.test(name)) return { path };
      if (!/\.(?:ya?ml|sh)$|^(?:Makefile|Jenkinsfile)$/.test(name)) continue;
      const text = repository.read(path) ?? "";
      const match = PLATFORM_COMMANDS.exec(text);
      if (match)
        return { path, line: text.slice(0, match.index).split("\n").length, text: match[0] };
    }
  }
  return undefined;
}

/** A health check that the image of nginx cannot run, or that looks for Node. */
export function healthcheckProblem(
  { stage, start }: NodeImage,
  runtimeImage: string,
): Need | undefined {
  const instruction = stage.healthcheckInstruction;
  const place = instruction ? { at: instruction } : {};
  const [leaf] = start.healthcheck;
  const programs = programsOfNginx(runtimeImage);
  const program = leaf
    ? (leaf.words[0] ?? "node")
    : [...start.reader.systemPrograms].find((name) => !programs.has(name) && name !== "nginx");
  const looksForNode = /\b(?:pgrep|pidof|ps)\b[^|]*\bnode\b/.test(stage.contract.healthcheck ?? "");
  return program !== undefined || looksForNode
    ? {
        code: "healthcheck-needs-program",
        ...place,
        data: { program: program ?? "node", image: runtimeImage },
        evidence: leaf?.evidence ? [leaf.evidence] : [],
      }
    : undefined;
}

/** What compose files do with the container that an image of nginx cannot follow. */
export function composeProblem({ compose }: NodeImage): Need | undefined {
  const { user, healthchecks } = compose;
  // busybox's wget takes the first address of localhost, on which nginx does not listen here.
  const check = healthchecks.find(
    ({ text }) => /\bwget\b/.test(text) && text.includes("localhost"),
  );
  if (check)
    return {
      code: "compose-runs-otherwise",
      data: { what: "a health check by wget that asks localhost" },
      evidence: [check.evidence],
    };
  return user !== undefined && !/^(?:0|root)(?::|$)/.test(user)
    ? { code: "compose-runs-otherwise", data: { what: `the user ${user}` } }
    : undefined;
}

/** Settings of a container in which nginx's own image does not start. Source: https://hub.docker.com/_/nginx, "Running nginx in read-only mode" */
const HARDENED = /^\s*(?:read_only:\s*true|cap_drop:)/m;
const COMPOSE_FILE = /^(?:[\w.-]+[._-])?(?:docker-)?compose(?:[._-][\w.-]+)?\.ya?ml$/i;

/** A mount over the site, which lies elsewhere in the new image, or a container that is too narrow for nginx. */
export function mountedSite(
  { compose, repository, place }: NodeImage,
  path: string,
): Need | undefined {
  const mount = compose.mounts.find(
    ({ target }) => target !== "/" && (isWithin(target, path) || isWithin(path, target)),
  );
  if (mount)
    return {
      code: "compose-runs-otherwise",
      data: { what: `a mount at ${mount.target}` },
      evidence: [mount.evidence],
    };
  if (!repository || place.contextDirectory === undefined) return undefined;
  const directories = surroundingDirectories(
    repository,
    place.dockerfilePath,
    place.contextDirectory,
  );
  for (const directory of directories)
    for (const { name, kind } of repository.list(directory) ?? []) {
      if (kind !== "file" || !COMPOSE_FILE.test(name)) continue;
      const file = beside(directory, name);
      const text = repository.read(file) ?? "";
      // Services that take the image by its name are not told apart.
      const at = text.search(
        new RegExp(`:${path.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?:[/:"'\\s]|$)`, "m"),
      );
      const hardened = HARDENED.exec(text);
      const index = at >= 0 ? at : (hardened?.index ?? -1);
      if (index < 0) continue;
      const evidence = { path: file, line: text.slice(0, index).split("\n").length };
      const what = at >= 0 ? `a mount at ${path}` : "less than nginx may write and do";
      return { code: "compose-runs-otherwise", data: { what }, evidence: [evidence] };
    }
  return undefined;
}

/** What a server for development reads when it starts, and a build would have to know before. */
function valuesAtStart(
  { stage, compose, start }: NodeImage,
  { frontEnd }: ServedSite,
): Need | undefined {
  const place = start.instruction ? { at: start.instruction } : {};
  const prefixes = frontEnd?.publicPrefixes ?? [];
  for (const [name, { value, evidence }] of compose.environment) {
    const isPublic = prefixes.some((prefix) => name.startsWith(prefix));
    if (isPublic && stage.contract.environment.get(name)?.value !== value)
      return { code: "values-at-start", ...place, data: { name }, evidence: [evidence] };
  }
  const [absent] = prefixes.length > 0 ? compose.absentEnvironment : [];
  return absent
    ? {
        code: "values-at-start",
        ...place,
        data: { name: "What a file of variables holds" },
        evidence: [absent],
      }
    : undefined;
}

/** A start or an install that cannot work as it is written. */
export function brokenOriginal({ stage, place }: NodeImage): Need | undefined {
  const { base, command } = stage.contract;
  if (command?.form === "shell" && /^\s*[[“]/.test(command.text))
    return {
      code: "original-broken",
      at: command.instruction,
      data: { why: "the list is no JSON, so a shell is given its brackets" },
    };
  const [first = ""] =
    command?.form === "exec" && !stage.contract.entrypoint?.instruction ? command.words : [];
  if (/\s/.test(first.trim()))
    return {
      code: "original-broken",
      ...(command?.instruction ? { at: command.instruction } : {}),
      data: { why: `no program is named "${first}"` },
    };
  const install = [...stage.installs, ...stage.globals][0];
  if (install && base && WITHOUT_NODE.has(base.family) && !stage.nodeFrom)
    return {
      code: "original-broken",
      at: install.instruction,
      data: { why: `nothing brings ${install.command.manager} into the image` },
    };
  const absent = stage.absentSources().find(({ source }) => /(?:^|\/)package\.json$/.test(source));
  return absent && place.repository
    ? {
        code: "original-broken",
        at: absent.instruction,
        data: { why: `${absent.source} is not in the build context` },
      }
    : undefined;
}

/** Tools by the first major version whose bundler runs on OpenSSL 3. Source: https://github.com/webpack/webpack/issues/14532 */
const OLD_BUNDLERS: readonly (readonly [string, number])[] = [
  ["react-scripts", 5],
  ["@vue/cli-service", 5],
  ["@angular/cli", 12],
];

/** webpack 4 does not start on Node 17 and later. */
function oldBundler(
  { stage, place }: NodeImage,
  { leaf: { manifest, words } }: ServedSite,
): Need | undefined {
  const { base, environment } = stage.contract;
  if (!manifest || base?.family !== "node" || !isAtLeast(base.version, 17)) return undefined;
  const texts = [...manifest.scripts.values()].map(({ text }) => text);
  const options = environment.get("NODE_OPTIONS")?.value ?? "";
  if ([...texts, ...words, options].some((text) => text.includes("openssl-legacy-provider")))
    return undefined;
  for (const [name, first] of OLD_BUNDLERS) {
    const range =
      manifest.dependencies.get(name) ?? manifest.developmentDependencies.get(name) ?? "";
    const major = /^[\^~=v]*(\d+)\./.exec(range)?.[1];
    // `^0.900.0` and the like stay below the next minor version.
    if (major !== undefined && Number(major) < first)
      return {
        code: "original-broken",
        data: { why: `${name} ${range} does not run on ${place.dockerfilePath}'s release of Node` },
        evidence: [{ path: manifest.path }],
      };
  }
  return undefined;
}

/** Images that have neither Node nor npm. */
const WITHOUT_NODE = new Set([
  "debian",
  "ubuntu",
  "alpine",
  "nginx",
  "nginx-unprivileged",
  "busybox",
]);

/** Whether more than the files of a package manager is copied to where the program runs. */
export function hasSources({ copies, contract }: NodeStage): boolean {
  const working = contract.workingDirectory ?? "/";
  return copies.some(
    (copy) =>
      copy.from === undefined &&
      (isWithin(copy.directory, working) || isWithin(working, copy.directory)) &&
      !/(?:^|\/)(?:package[^/]*\.json|package\S*\*\S*|yarn\.lock|pnpm-lock\.yaml|\.npmrc|\.yarnrc\S*|npm-shrinkwrap\.json|bun\.lockb?|[\w.-]+\.sh)$/.test(
        copy.source,
      ),
  );
}

/** What the change of a site rests on. */
export function siteAssumptions(
  { repository, place, stage }: NodeImage,
  { leaf, frontEnd }: ServedSite,
  site: StaticSite,
  output: Extract<SiteOutput, { kind: "directory" }>,
): Need[] {
  const notes: Need[] = [];
  const evidence = leaf.evidence ? [leaf.evidence] : [];
  const command = commandText(leaf);
  if (output.build !== undefined)
    notes.push({ code: "dev-server-replaced", data: { command, build: output.build }, evidence });
  else if (site.kind === "development")
    notes.push({
      code: "dev-server-replaced",
      data: { command, build: "the build that RUN makes" },
      evidence,
    });
  if (
    output.isAssumed ||
    !repository ||
    place.contextDirectory === undefined ||
    (!stage.manifestOf(leaf.directory ?? "/") && stage.copiedPath(output.path) === undefined)
  )
    notes.push({ code: "output-assumed", data: { path: output.path } });
  for (const { name, evidence: modes } of modeDifferences(repository, leaf, frontEnd))
    if (site.kind === "development")
      notes.push({ code: "mode-values-differ", data: { name }, evidence: modes });
  if (site.isLocal) notes.push({ code: "served-locally", data: { command }, evidence });
  for (const proxy of site.proxies)
    notes.push({
      code: "proxy-kept",
      data: { path: proxy.path, target: proxy.target },
      evidence: [proxy.evidence],
    });
  return notes;
}

/** Variables of the environment files that have another value in production. Source: https://vite.dev/guide/env-and-mode */
function modeDifferences(
  repository: NodeImage["repository"],
  { manifest }: ServedSite["leaf"],
  frontEnd: ServedSite["frontEnd"],
): { readonly name: string; readonly evidence: readonly Evidence[] }[] {
  if (!repository || !manifest || !frontEnd) return [];
  const read = (name: string): Map<string, Evidence> => {
    const path = beside(manifest.directory, name);
    const lines = (repository.read(path) ?? "").split(/\r?\n/);
    return new Map(
      lines.flatMap((text, index) => {
        const key = /^\s*([A-Za-z_]\w*)\s*=/.exec(text)?.[1];
        return key === undefined ? [] : [[key, { path, line: index + 1, text: text.trim() }]];
      }),
    );
  };
  const development = read(".env.development");
  const production = read(".env.production");
  const names = new Set([...development.keys(), ...production.keys()]);
  return [...names].flatMap((name) => {
    const [one, other] = [development.get(name), production.get(name)];
    const isPublic = frontEnd.publicPrefixes.some((prefix) => name.startsWith(prefix));
    return isPublic && one?.text !== other?.text
      ? [{ name, evidence: [one, other].filter((each) => each !== undefined) }]
      : [];
  });
}

/** What the change rests on, however the site is served. */
export function contextAssumptions(
  { stage, compose }: NodeImage,
  left: ReadonlySet<Instruction>,
): Need[] {
  const notes: Need[] = [];
  if (compose.sourceMount)
    notes.push({ code: "compose-mounts-sources", evidence: [compose.sourceMount] });
  for (const copy of stage.absentSources())
    if (!left.has(copy.instruction))
      notes.push({
        code: "copied-source-absent",
        at: copy.instruction,
        data: { source: copy.source },
      });
  return notes;
}
