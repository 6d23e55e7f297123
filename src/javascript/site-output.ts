import { commandText, packageDirectory } from "./command-walk.ts";
import { isWithin, resolvePath } from "../core/path.ts";
import type { Evidence } from "../core/outcome.ts";
import { kindOf } from "../core/repository.ts";
import { quoted } from "../core/shell.ts";
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
  /** It comes from the context, and is not in the repository. */
  | { readonly kind: "unbuilt" }
  | {
      readonly kind: "refused";
      readonly code: string;
      readonly data: Readonly<Record<string, string>>;
      readonly evidence: readonly Evidence[];
    };

/**
 * Where the site lies that is served: the directory that the server's command names, or what the build's configuration says.
 */
export function siteOutput(image: NodeImage, served: ServedSite): SiteOutput {
  const { server, leaf, frontEnd, builds, buildScript } = served;
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
      : resolvePath(
          packageDirectory(
            (builds.find(({ manifest }) => manifest === stage.manifestOf(home)) ?? builds[0])
              ?.directory ?? home,
            stage.manifestOf,
          ),
          frontEnd.outputDirectory,
        );
  const command = buildScript === undefined ? undefined : runScript(image, buildScript);
  const isBuilt = builds.length > 0;
  const evidence = frontEnd?.evidence ?? [];
  const own = leaf.evidence ? [leaf.evidence] : [];
  if (frontEnd?.isServerRendered && site.kind !== "static")
    return refused("server-rendered", { framework: frontEnd.framework }, evidence);
  const directory = (path: string, build: string | undefined, isAssumed: boolean): SiteOutput => ({
    kind: "directory",
    path,
    build,
    isAssumed,
    evidence,
  });
  if (site.kind === "development" || site.directory === undefined) {
    const packages = isBuilt
      ? undefined
      : packagesProblem(image, packageDirectory(home, stage.manifestOf));
    if (packages) return packages;
    if (!frontEnd || (!isBuilt && command === undefined))
      return refused("no-build-script", { command: commandText(leaf) }, own);
    if (frontEnd.isServerRendered !== false)
      return refused("server-rendered", { framework: frontEnd.framework }, evidence);
    // What a workspace's script builds is not known to be another site.
    if (!isBuilt && site.kind === "preview" && stage.open.length > 0)
      return directory(built ?? home, undefined, true);
    if (built === undefined)
      return refused("output-unknown", { framework: frontEnd.framework }, evidence);
    return directory(built, isBuilt ? undefined : withAssignments(command!, served), false);
  }
  const path = site.directory;
  const holdsPackages = stage.installs.some(
    ({ directory: installed }) => installed !== undefined && isWithin(installed, path),
  );
  if (holdsPackages || path === "/") return refused("serves-packages", { path });
  const isRootOfPackage =
    built !== undefined &&
    stage.manifestOf(built) !== undefined &&
    stage.copiedPath(`${built}/package.json`) !== undefined;
  if (
    isBuilt &&
    built !== undefined &&
    (isWithin(built, path) || (isWithin(path, built) && !isRootOfPackage))
  )
    return directory(path, undefined, false);
  // A directory above the working directory holds it, and says nothing of what is in it.
  const isMade =
    [...stage.made.keys()].some(
      (made) =>
        made !== home && (isWithin(made, path) || (isWithin(path, made) && !isWithin(home, made))),
    ) || stage.filled.some((filled) => isWithin(filled, path) || isWithin(path, filled));
  if (isMade) return directory(path, undefined, false);
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
    return directory(path, undefined, false);
  }
  if (isBuilt && repository !== undefined && frontEnd !== undefined && built !== undefined)
    return refused(
      "original-broken",
      { why: `${path} is served, and the build writes to ${built}` },
      evidence,
    );
  // Some command of the build makes it, or what builds the image puts it into the context.
  if (stage.commands.length === 0 && stage.open.length === 0 && repository)
    return { kind: "unbuilt" };
  return directory(path, undefined, true);
}

/** What keeps the packages of a directory from being there for a build. */
function packagesProblem({ stage }: NodeImage, directory: string): SiteOutput | undefined {
  const install = stage.installs.find(
    (one) => one.command.packages.length === 0 && one.directory === directory,
  );
  const manifest = stage.copies.find(
    (copy) =>
      stage.imagePaths(stage.repositoryPath(`${directory}/package.json`) ?? "").length > 0 &&
      isWithin(`${directory}/package.json`, copy.directory),
  );
  const isBefore =
    install !== undefined &&
    manifest !== undefined &&
    manifest.instruction.line < install.instruction.line;
  if (!isBefore)
    return {
      kind: "refused",
      code: "packages-not-installed",
      data: { path: directory },
      evidence: [],
    };
  const isOmitted =
    (install.command.omitsDevelopment || install.nodeEnvironment === "production") &&
    !install.command.includesDevelopment;
  return isOmitted
    ? { kind: "refused", code: "build-packages-omitted", data: {}, evidence: [] }
    : undefined;
}

/** Variables that the start gives its server, given to the build in its place. */
function withAssignments(command: string, { leaf, frontEnd }: ServedSite): string {
  const pairs = [...leaf.assignments].filter(
    ([name, value]) =>
      value !== undefined && frontEnd?.publicPrefixes.some((prefix) => name.startsWith(prefix)),
  );
  return [...pairs.map(([name, value]) => `${name}=${quoted(value!)}`), command].join(" ");
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
  return output === undefined
    ? undefined
    : resolvePath(packageDirectory(directory, image.stage.manifestOf), output);
}

/** A script of package.json by the package manager that installs the packages. */
function runScript({ stage }: NodeImage, name: string): string {
  const manager = stage.installs.findLast(({ command }) => command.packages.length === 0)?.command
    .manager;
  return manager === "yarn" ? `yarn ${name}` : `${manager ?? "npm"} run ${name}`;
}
