import { commandText } from "./command-walk.ts";
import { isWithin, resolvePath } from "../core/path.ts";
import type { Evidence } from "../core/outcome.ts";
import { kindOf } from "../core/repository.ts";
import { isFrontEndBuild } from "../repo/front-end-commands.ts";
import { readFrontEnd } from "../repo/front-end.ts";
import type { NodeImage } from "./node-image.ts";
import type { ServedSite } from "./served-site.ts";

/** The directory of a site in the builder, and what makes it. */
export type SiteOutput =
  | {
      readonly kind: "directory";
      /** Absolute path in the image. */
      readonly path: string;
      /** The command that builds it where RUN does not: `npm run build`. */
      readonly build: string | undefined;
      /** Nothing that was read says that the build writes there. */
      readonly isAssumed: boolean;
      readonly evidence: readonly Evidence[];
    }
  | {
      readonly kind: "refused";
      readonly code: string;
      readonly data: Readonly<Record<string, string>>;
      readonly evidence: readonly Evidence[];
    };

/**
 * Where the site lies that is served: the directory that the server's command names, or what the build's configuration says.
 */
export function siteOutput(
  image: NodeImage,
  { server, leaf, frontEnd, builds, buildScript }: ServedSite,
): SiteOutput {
  if (server.kind !== "site") throw new Error("a refused server has no output");
  const { site } = server;
  const { stage, repository } = image;
  const home = leaf.directory ?? stage.contract.workingDirectory ?? "/";
  const refused = (
    code: string,
    data: Record<string, string>,
    evidence: readonly Evidence[] = [],
  ): SiteOutput => ({
    kind: "refused",
    code,
    data,
    evidence,
  });
  const built =
    frontEnd?.outputDirectory === undefined
      ? undefined
      : resolvePath(packagePlace(image, builds[0]?.directory ?? home), frontEnd.outputDirectory);
  const command = buildScript === undefined ? undefined : runScript(image, buildScript);
  const isBuilt = builds.length > 0;
  const evidence = frontEnd?.evidence ?? [];
  if (frontEnd?.isServerRendered && site.kind !== "static")
    return refused("server-rendered", { framework: frontEnd.framework }, evidence);
  if (site.kind === "development" || site.directory === undefined) {
    if (!frontEnd)
      return refused(
        "no-build-script",
        { command: commandText(leaf) },
        leaf.evidence ? [leaf.evidence] : [],
      );
    if (frontEnd.isServerRendered !== false)
      return refused("server-rendered", { framework: frontEnd.framework }, evidence);
    if (built === undefined)
      return refused("output-unknown", { framework: frontEnd.framework }, evidence);
    if (!isBuilt && command === undefined)
      return refused(
        "no-build-script",
        { command: commandText(leaf) },
        leaf.evidence ? [leaf.evidence] : [],
      );
    return {
      kind: "directory",
      path: built,
      build: isBuilt ? undefined : command,
      isAssumed: false,
      evidence,
    };
  }
  const path = site.directory;
  const directory = (build: string | undefined, isAssumed: boolean): SiteOutput => ({
    kind: "directory",
    path,
    build,
    isAssumed,
    evidence,
  });
  const holdsPackages = stage.installs.some(
    ({ directory: installed }) => installed !== undefined && isWithin(installed, path),
  );
  if (holdsPackages || path === "/") return refused("serves-packages", { path });
  if (built !== undefined && (isWithin(built, path) || isWithin(path, built)))
    // A preview of a build that RUN never makes shows nothing today.
    return directory(isBuilt ? undefined : command, false);
  const isMade = [...stage.made.keys(), ...stage.filled].some(
    (made) => made !== home && (isWithin(made, path) || isWithin(path, made)),
  );
  if (isMade) return directory(undefined, false);
  const source = stage.copiedPath(path);
  const isCopied =
    source !== undefined && repository !== undefined && kindOf(repository, source) === "directory";
  if (isCopied) {
    if (
      site.listsDirectories &&
      kindOf(repository, `${source}/index.html`) === undefined &&
      !isBuilt
    )
      return refused("lists-directories", { path });
    return directory(undefined, false);
  }
  const isSure = repository !== undefined && frontEnd !== undefined && built !== undefined;
  if (isSure)
    return refused(
      "original-broken",
      { why: `${path} is served, and the build writes to ${built}` },
      evidence,
    );
  // Some command of the build makes it, or nothing does.
  if (stage.commands.length === 0 && stage.open.length === 0 && repository)
    return refused("original-broken", { why: `${path} is served, and nothing makes it` });
  return directory(undefined, true);
}

/** Where the front end that RUN builds is written; `undefined` when it builds none, or it cannot be told. */
export function frontEndOutput(image: NodeImage): string | undefined {
  const { stage, repository } = image;
  const build = stage.commands.find(({ words }) => isFrontEndBuild(words));
  const directory = build?.directory;
  const manifest = directory === undefined ? undefined : stage.manifestOf(directory);
  if (!repository || !build || !manifest || directory === undefined) return undefined;
  const commands = stage.commands.filter((command) => command.manifest === manifest);
  const output = readFrontEnd(
    repository,
    manifest.directory,
    commands.map(({ words }) => words),
    build.variable,
  )?.outputDirectory;
  return output === undefined ? undefined : resolvePath(packagePlace(image, directory), output);
}

/** The directory of the package that a directory belongs to. */
function packagePlace({ stage }: NodeImage, directory: string): string {
  const manifest = stage.manifestOf(directory);
  for (let at = directory; manifest; at = at.slice(0, Math.max(1, at.lastIndexOf("/")))) {
    if (at === "/") return at;
    const above = at.slice(0, Math.max(1, at.lastIndexOf("/")));
    if (stage.manifestOf(above) !== manifest) return at;
  }
  return directory;
}

/** A script of package.json by the package manager that installs the packages. */
function runScript({ stage }: NodeImage, name: string): string {
  const manager = stage.installs.findLast(({ command }) => command.packages.length === 0)?.command
    .manager;
  return manager === "yarn" ? `yarn ${name}` : `${manager ?? "npm"} run ${name}`;
}
