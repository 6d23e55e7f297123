import { commandText } from "./command-walk.ts";
import type { Need } from "../stages/need.ts";
import type { NodeImage } from "./node-image.ts";
import type { ServedSite } from "./served-site.ts";
import type { SiteOutput } from "./site-output.ts";
import type { StaticSite } from "./static-site.ts";

/** Programs that nginx's images have beside nginx. Source: https://github.com/nginxinc/docker-nginx */
const OF_NGINX = new Set([
  "curl",
  "wget",
  "sh",
  "nc",
  "bash",
  "true",
  "exit",
  "test",
  "[",
  "kill",
  "pgrep",
  "ps",
  "grep",
]);

/** What stops a site's migration before its directory is looked at. */
export function siteRefusal(image: NodeImage, served: ServedSite): Need | undefined {
  const { stage, start, compose } = image;
  const at = start.instruction;
  const place = at ? { at } : {};
  const more = (what: string, evidence: Need["evidence"] = []): Need => ({
    code: "start-does-more",
    ...place,
    data: { what },
    evidence,
  });
  const trigger = stage.obstacles.find(({ code }) => code === "onbuild-triggers");
  if (trigger) return { code: "onbuild-triggers", at: trigger.instruction };
  const [composed] = compose.starts;
  const { server } = served;
  const kind = server.kind === "site" ? server.site.kind : "static";
  if (compose.sourceMount && kind === "development")
    return {
      code: "development-image",
      ...place,
      data: { program: served.leaf.words.slice(0, 2).join(" ") },
      evidence: [compose.sourceMount],
    };
  if (composed) return more(`what ${composed.evidence.path} starts`, [composed.evidence]);
  const [other] = served.others;
  if (other) return more(commandText(other), other.evidence ? [other.evidence] : []);
  const [open] = start.open;
  if (open) return more(open.why, open.evidence ? [open.evidence] : []);
  const [file] = start.reader.files;
  if (file) return more(`the script ${file.source}`, file.need.evidence ?? []);
  if (start.reader.isComputed) return more("what cannot be told");
  const program = [...start.reader.systemPrograms].find((name) => !OF_NGINX.has(name));
  if (program !== undefined)
    return { code: "healthcheck-needs-program", ...place, data: { program, image: "nginx" } };
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
  if (site.kind === "development") return developmentRefusal(image, served);
  return undefined;
}

/** What a server for development reads when it starts, and a build would have to know before. */
function developmentRefusal(
  { stage, compose, start }: NodeImage,
  { frontEnd }: ServedSite,
): Need | undefined {
  const place = start.instruction ? { at: start.instruction } : {};
  const hasSources = stage.copies.some(
    (copy) =>
      !/(?:^|\/)(?:package[^/]*\.json|package\*\S*|yarn\.lock|pnpm-lock\.yaml|\.npmrc)$/.test(
        copy.source,
      ),
  );
  if (!hasSources)
    return {
      code: "development-image",
      ...place,
      data: { program: "it has no sources of its own, and" },
    };
  for (const [name, { value, evidence }] of compose.environment)
    if (
      frontEnd?.publicPrefixes.some((prefix) => name.startsWith(prefix)) &&
      stage.contract.environment.get(name)?.value !== value
    )
      return { code: "values-at-start", ...place, data: { name }, evidence: [evidence] };
  const omits = stage.installs.find(
    ({ command, nodeEnvironment }) =>
      (command.omitsDevelopment || nodeEnvironment === "production") &&
      !command.includesDevelopment,
  );
  return omits ? { code: "build-packages-omitted", at: omits.instruction } : undefined;
}

/** What the change of a site rests on. */
export function siteAssumptions(
  { repository, place }: NodeImage,
  { leaf }: ServedSite,
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
  if (output.isAssumed || !repository || place.contextDirectory === undefined)
    notes.push({ code: "output-assumed", data: { path: output.path } });
  if (site.isLocal) notes.push({ code: "served-locally", data: { command }, evidence });
  for (const proxy of site.proxies)
    notes.push({
      code: "proxy-kept",
      data: { path: proxy.path, target: proxy.target },
      evidence: [proxy.evidence],
    });
  return notes;
}

/** What the change rests on, however the site is served. */
export function contextAssumptions({ stage, compose }: NodeImage): Need[] {
  const notes: Need[] = [];
  if (compose.sourceMount)
    notes.push({ code: "compose-mounts-sources", evidence: [compose.sourceMount] });
  for (const copy of stage.absentSources())
    notes.push({
      code: "copied-source-absent",
      at: copy.instruction,
      data: { source: copy.source },
    });
  return notes;
}
