import { commandText } from "./command-walk.ts";
import type { BaseImage } from "../core/base-images.ts";
import type { CopiedFile } from "../core/copied-files.ts";
import type { Document, Stage } from "../core/document.ts";
import { isRootUser, walkStage, type ImageContract } from "../core/image-contract.ts";
import type { Instruction } from "../core/line-reader.ts";
import type { Evidence } from "../core/outcome.ts";
import { baseName, directoryName, isWithin } from "../core/path.ts";
import { linesOf } from "../core/plan.ts";
import { runBody } from "../core/query.ts";
import { readNginx } from "../repo/nginx-configuration.ts";
import { nginxFacts, type NginxFacts } from "../repo/nginx-facts.ts";
import { pathWords } from "../stages/path-words.ts";
import { packageAction } from "../stages/packages.ts";
import { startupOf } from "../core/start.ts";
import { withoutOwnEntrypoint } from "./node-start.ts";
import { programsOfNginx } from "./static-decisions.ts";
import type { NodeImage } from "./node-image.ts";
import { frontEndOutput } from "./site-output.ts";

/** A site that nginx serves already, beside Node in one image. */
export type NginxSite =
  | {
      readonly kind: "site";
      /** The image of the final stage; `undefined`: the one that is asked for. */
      readonly image: string | undefined;
      /** Lines of the final stage before the site's files: nginx's configuration. */
      readonly lines: readonly string[];
      /** Certificates and the like, which come from the builder at the same path. */
      readonly files: readonly string[];
      /** The file's own image is nginx's. */
      readonly isOfNginx: boolean;
      /** Directories that are served: where they lie in the builder, and in the final stage. */
      readonly roots: readonly SiteRoot[];
      /** Instructions that only made nginx, or that go to the final stage. */
      readonly left: ReadonlySet<Instruction>;
      /** COPY instructions that go to the final stage. */
      readonly moved: readonly Instruction[];
      /** RUN instructions that only installed nginx. */
      readonly installs: readonly Instruction[];
    }
  | NginxRefusal;

export interface SiteRoot {
  readonly source: string;
  readonly target: string;
  /** The COPY that took an older build from the context. */
  readonly stale: Instruction | undefined;
}

export interface NginxRefusal {
  readonly kind: "refused";
  readonly code: string;
  readonly at?: Instruction;
  readonly data: Readonly<Record<string, string>>;
  readonly evidence: readonly Evidence[];
}

const WEB_ROOT = "/usr/share/nginx/html";
/** Files of nginx that its official image has too, or that a pattern may find none of. Source: https://github.com/nginxinc/docker-nginx */
const KNOWN_INCLUDES =
  /^(?:(?:\/etc\/nginx\/)?(?:mime\.types|(?:fastcgi|scgi|uwsgi)_params|conf\.d\/\*(?:\.conf)?|http\.d\/\*(?:\.conf)?|sites-enabled\/\*(?:\.conf)?|modules-enabled\/\*\.conf|modules\/\*\.conf)|\/usr\/share\/nginx\/modules\/\*\.conf)$/;
/** Users that both kinds of nginx's image have. */
const COMMON_USERS = new Set([undefined, "nginx", "root", "nobody"]);

/** How nginx serves what the stage builds; `undefined` when the image does not start nginx. */
export function readNginxSite(
  document: Document,
  stage: Stage,
  image: NodeImage,
  base: BaseImage | undefined,
): NginxSite | undefined {
  const { start, repository } = image;
  const node = image.stage;
  const isOfNginx = base?.family === "nginx" || base?.family === "nginx-unprivileged";
  const usesNode = node.commands.length > 0 || node.open.length > 0;
  if (!usesNode || !(start.isInherited ? isOfNginx : startsNginx(node.contract))) return undefined;
  const at = start.instruction;
  const refused = (
    code: string,
    data: Record<string, string>,
    ...evidence: Evidence[]
  ): NginxRefusal => ({
    kind: "refused",
    code,
    ...(at ? { at } : {}),
    data,
    evidence,
  });
  const leaf = start.leaves.find(
    (one) => !start.healthcheck.some(({ words }) => words.join(" ") === one.words.join(" ")),
  );
  if (leaf)
    return refused(
      "start-does-more",
      { what: commandText(leaf) },
      ...(leaf.evidence ? [leaf.evidence] : []),
    );
  const others = [...start.reader.systemPrograms].filter(
    (name) =>
      !programsOfNginx(isOfNginx ? stage.image : "nginx:alpine").has(name) && name !== "nginx",
  );
  if (
    others.length > 0 ||
    start.reader.files.length > 0 ||
    start.reader.isComputed ||
    start.open.length > 0
  )
    return refused("start-does-more", {
      what: others[0] ?? start.reader.files[0]?.source ?? "what cannot be told",
    });
  const unfit = start.reader.refusal();
  if (unfit) return refused(unfit.code, { ...unfit.data });

  if (!isOfNginx && !isRootUser(node.contract.user))
    return refused("nginx-configuration", { why: `nginx runs as ${node.contract.user}` });
  const owned = node.files.ownerChanges.find(
    ({ path }) =>
      /^\/(?:var|run|etc|usr\/share|usr\/sbin)\b/.test(path) && !isWithin(path, "/var/www"),
  );
  if (owned)
    return refused("nginx-configuration", { why: `RUN changes the owner of ${owned.path}` });

  // Its configuration.
  const changed = [...node.made]
    .filter(
      ([path, made]) =>
        isWithin(path, "/etc/nginx") &&
        made.kind === "file" &&
        !node.links.some(({ target }) => target === path),
    )
    .map(([path]) => path)
    .concat(node.edits.map(({ path }) => path).filter((path) => isWithin(path, "/etc/nginx")));
  if (changed[0] !== undefined)
    return refused("nginx-configuration", { why: `RUN changes ${changed[0]}` });
  const files: {
    readonly copy: CopiedFile;
    readonly facts: NginxFacts;
    target: string;
    readonly evidence: Evidence;
  }[] = [];
  for (const copy of node.copies) {
    if (!isWithin(copy.target, "/etc/nginx") || copy.from !== undefined) continue;
    const path = node.repositoryPath(copy.target);
    const text = path === undefined ? undefined : repository?.read(path);
    if (path === undefined || text === undefined)
      return refused("nginx-configuration", { why: `${copy.source} is not there to be read` });
    const read = readNginx(text);
    const evidence = { path, line: read.kind === "unreadable" ? read.line : 1 };
    if (read.kind === "unreadable")
      return refused(
        "nginx-configuration",
        { why: read.why === "lua" ? "it holds Lua" : "it cannot be read" },
        evidence,
      );
    files.push({ copy, facts: nginxFacts(read.directives), target: copy.target, evidence });
  }
  // A main configuration of one's own says itself where it looks for others.
  if (!files.some(({ facts }) => facts.isMain))
    for (const file of files) file.target = officialPath(file.target);
  const removesDefault =
    node.isRemoved("/etc/nginx/conf.d/default.conf") ||
    (!isOfNginx &&
      files.some(({ facts }) => facts.includes.some(({ path }) => /conf\.d\/\*/.test(path))) &&
      !files.some(({ target }) => target === "/etc/nginx/conf.d/default.conf"));
  const directories = new Set<string>();
  let wanted: string | undefined;
  for (const { facts, evidence } of files) {
    const problem = configurationProblem(
      facts,
      files.map(({ target }) => target),
      node.copies,
    );
    if (problem !== undefined)
      return refused(
        "nginx-configuration",
        { why: problem.why },
        { ...evidence, ...(problem.line === undefined ? {} : { line: problem.line }) },
      );
    if (!COMMON_USERS.has(facts.user)) {
      if (facts.user !== "www-data" || isOfNginx)
        return refused(
          "nginx-configuration",
          { why: `the user ${facts.user} is not in nginx's image` },
          evidence,
        );
      wanted = "nginx:stable";
    }
    for (const path of [
      facts.pid,
      ...[...facts.logs, ...facts.temporaryPaths].map((one) => one.path),
    ])
      if (path?.startsWith("/")) directories.add(directoryName(path));
  }

  // What it serves.
  const roots = [
    ...new Set(files.flatMap(({ facts }) => facts.servers.flatMap((server) => server.directories))),
  ];
  const isDefault = files.every(({ facts }) => facts.servers.length === 0);
  if (isDefault && !isOfNginx && base?.distribution === "alpine")
    return refused("original-broken", {
      why: "Alpine's nginx answers everything with 404 until it is configured",
    });
  const isDebianDefault = isDefault && !isOfNginx;
  if (isDefault) roots.push(isDebianDefault ? "/var/www/html" : WEB_ROOT);
  const output = frontEndOutput(image);
  const found: SiteRoot[] = [];
  for (const root of roots) {
    if (!root.startsWith("/") || root.includes("$"))
      return refused("nginx-configuration", {
        why: `it serves ${root}, which is no absolute path`,
      });
    const path = root.length > 1 ? root.replace(/\/+$/, "") : root;
    if (node.installs.some(({ directory }) => directory !== undefined && isWithin(directory, path)))
      return refused("serves-packages", { path });
    // A location's directory below one that is copied, or one that nothing is put into.
    const site = siteRoot(image, path, output);
    if (site) found.push({ ...site, target: isDebianDefault ? WEB_ROOT : path });
    else if (roots.length === 1 || !roots.some((other) => other !== root && isWithin(path, other)))
      return refused("output-unknown", { framework: "the build", path });
  }
  const kept = found.filter(
    ({ target }) =>
      !found.some((other) => other.target !== target && isWithin(target, other.target)),
  );
  if (kept.length === 0) return refused("output-unknown", { framework: "the build" });

  const certificates = files.flatMap(({ facts }) =>
    [...facts.certificates, ...facts.passwordFiles].flatMap(({ path }) =>
      path.startsWith("/") && !isWithin(path, "/etc/nginx") ? [path] : [],
    ),
  );
  const home = node.contract.workingDirectory ?? "/";
  const beyond = !isOfNginx
    ? []
    : node.copies.flatMap(({ directory, target, intoDirectory }) => {
        const path = intoDirectory ? target : directory;
        const isOwn = [home, "/etc/nginx", ...kept.map(({ source }) => source)].some(
          (one) => one !== "/" && (isWithin(path, one) || isWithin(one, path)),
        );
        const isBuilt = node.commands.some(
          (command) =>
            command.directory !== undefined &&
            command.directory !== "/" &&
            isWithin(path, command.directory),
        );
        return isOwn || isBuilt ? [] : [path];
      });
  const moved = [...new Set(files.map(({ copy }) => copy.instruction))];
  const installs = isOfNginx ? [] : nginxInstalls(document, stage, image, kept);
  const made = [...directories].filter(
    (path) =>
      !["/run", "/var/run", "/var/log", "/var/log/nginx", "/tmp", "/var/cache/nginx"].includes(
        path,
      ),
  );
  const commands = [
    ...(removesDefault ? ["rm -f /etc/nginx/conf.d/default.conf"] : []),
    ...(made.length > 0 ? [`mkdir -p ${made.sort().join(" ")}`] : []),
  ];
  return {
    kind: "site",
    image: isOfNginx ? stage.image : wanted,
    lines: [
      ...(commands.length > 0 ? [`RUN ${commands.join(" && ")}`] : []),
      ...moved.flatMap((instruction) => movedLines(document, instruction, files)),
    ],
    files: [...new Set([...certificates, ...beyond])].sort(),
    isOfNginx,
    roots: kept,
    left: new Set([
      ...moved,
      ...installs,
      // Nothing of the context takes the place of what was built.
      ...kept.flatMap(({ stale }) => (stale ? [stale] : [])),
    ]),
    moved,
    installs,
  };
}

function startsNginx(contract: ImageContract): boolean {
  const startup = startupOf(withoutOwnEntrypoint(contract));
  if (startup.kind === "exec")
    return startup.words.some((word) => /^(?:\/usr\/sbin\/)?nginx$/.test(word));
  return startup.kind === "shell" && /(?:^|[\s;&])(?:\/usr\/sbin\/)?nginx\b/.test(startup.text);
}

/** Where the official image looks for what distributions keep elsewhere. */
function officialPath(path: string): string {
  const name = /^\/etc\/nginx\/(?:sites-(?:available|enabled)|http\.d)\/([^/]+)$/.exec(path)?.[1];
  return name === undefined ? path : `/etc/nginx/conf.d/${name.replace(/\.conf$/, "")}.conf`;
}

function configurationProblem(
  facts: NginxFacts,
  targets: readonly string[],
  copies: readonly CopiedFile[],
): { why: string; line?: number } | undefined {
  const [missing] = facts.missing;
  if (missing) return { why: `nginx's image does not know ${missing.name}`, line: missing.line };
  const [module] = facts.loadedModules;
  if (module) return { why: `it loads ${module.path}`, line: module.line };
  const include = facts.includes.find(
    ({ path }) =>
      !KNOWN_INCLUDES.test(path) &&
      !targets.includes(path.startsWith("/") ? path : `/etc/nginx/${path}`),
  );
  if (include) return { why: `it includes ${include.path}`, line: include.line };
  const [placeholder] = facts.placeholders;
  if (placeholder !== undefined)
    return { why: `something puts a value in place of ${placeholder}` };
  const file = [...facts.certificates, ...facts.passwordFiles].find(
    ({ path }) => !targets.includes(path) && !copies.some((copy) => isWithin(path, copy.target)),
  );
  return file && { why: `it reads ${file.path}`, line: file.line };
}

/** How a served directory is filled; `undefined` when nothing is known to fill it. */
function siteRoot(
  { stage, repository }: NodeImage,
  path: string,
  output: string | undefined,
): Omit<SiteRoot, "target"> | undefined {
  const isBuilt = output !== undefined && stage.commands.length > 0;
  const own = stage.copies.filter(
    (copy) =>
      copy.from === undefined && (isWithin(copy.directory, path) || isWithin(copy.target, path)),
  );
  if (isBuilt && own.length > 0) {
    const built = stage.repositoryPath(output);
    const stale = own.find(
      (copy) => copy.directory === path && stage.repositoryPath(copy.directory) === built,
    );
    // The context holds the last build of whoever builds the image, if any.
    if (stale && built !== undefined) return { source: output, stale: stale.instruction };
  }
  if (own.length > 0) return { source: path, stale: undefined };
  if (output !== undefined && (isWithin(output, path) || isWithin(path, output)))
    return { source: path, stale: undefined };
  const working = stage.contract.workingDirectory;
  if (
    [...stage.made.keys(), ...stage.filled].some(
      (made) =>
        made !== working &&
        (isWithin(made, path) || (isWithin(path, made) && !isWithin(working ?? "/", made))),
    )
  )
    return { source: path, stale: undefined };
  return repository && stage.copiedPath(path) !== undefined
    ? { source: path, stale: undefined }
    : undefined;
}

/** RUN instructions that do nothing but install nginx, where nothing else of the builder needs what the package brings. */
function nginxInstalls(
  document: Document,
  stage: Stage,
  image: NodeImage,
  roots: readonly SiteRoot[],
): Instruction[] {
  const isFilled = roots.some(
    ({ source, stale }) =>
      !stale &&
      /^\/(?:usr\/share\/nginx|var\/(?:www|lib\/nginx))\b/.test(source) &&
      !image.stage.copies.some((copy) => copy.directory === source),
  );
  // `cp dist/* /usr/share/nginx/html` wants the directory that the package makes.
  if (isFilled) return [];
  // Users, directories and the program itself may be what a later step wants of the package.
  const isNamed = stage.instructions.some(
    ({ keyword, body }) =>
      keyword === "RUN" &&
      /nginx|www-data/.test(
        body.text
          .replace(/\b(?:apk|apt-get|apt)\b[^&|;]*/g, "")
          .replace(/mkdir -p \/(?:var\/)?run\/nginx\b/g, ""),
      ),
  );
  if (isNamed) return [];
  const found: Instruction[] = [];
  walkStage(document, stage, (instruction, state) => {
    if (
      instruction.keyword !== "RUN" ||
      instruction.leadingComments.length + instruction.innerComments.length > 0
    )
      return;
    const body = runBody(document, instruction, state);
    if (body.kind === "opaque") return;
    let installs = false;
    for (const command of body.commands) {
      const program = baseName(command.words[0]?.value ?? "");
      if (/^(?:apk|apt-get|apt)$/.test(program)) {
        const action = packageAction(command);
        if (!action || action.action === "remove") return;
        if (action.action === "install") {
          if (!action.packages.every(({ name }) => name === "nginx")) return;
          installs = true;
        }
      } else if (
        !(program === "rm" && /\/var\/(?:lib\/apt|cache)\//.test(instruction.body.text)) &&
        !(
          program === "mkdir" &&
          command.words
            .slice(1)
            .every(({ text }) => /^(?:-p|\/(?:var\/)?run\/nginx\/?)$/.test(text))
        )
      )
        return;
    }
    if (installs) found.push(instruction);
  });
  return found;
}

function movedLines(
  document: Document,
  instruction: Instruction,
  files: readonly { copy: CopiedFile; target: string }[],
): string[] {
  const own = files.filter(({ copy }) => copy.instruction === instruction);
  const isSame = own.every(({ copy, target }) => copy.target === target);
  const isAbsolute = /\s["']?\/etc\/nginx\S*\s*$/.test(instruction.body.text);
  const lines = linesOf(document, instruction);
  if (isSame && isAbsolute) return lines;
  return [
    ...lines.slice(0, instruction.leadingComments.length),
    ...new Set(own.map(({ copy, target }) => `COPY ${pathWords(copy.source, target)}`)),
  ];
}
