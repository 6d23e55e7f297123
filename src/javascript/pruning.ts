import type { Evidence } from "../core/outcome.ts";
import type { ComposeUse } from "../stages/compose-use.ts";
import type { Repository } from "../core/repository.ts";
import { baseName, resolvePath } from "../core/path.ts";
import { quoted } from "../core/shell.ts";
import { isAtLeast } from "../core/base-images.ts";
import { readLockfile } from "../repo/lockfile.ts";
import { beside, isObject, type PackageManifest } from "../repo/package-manifest.ts";
import { packageOfModule } from "../repo/javascript-words.ts";
import type { NodeStage, PackageInstall } from "./node-stage.ts";
import type { NodeStart } from "./node-start.ts";
import { packageOfBin } from "./package-bins.ts";
import type { ProgramSources } from "./program-sources.ts";
import { startedFile } from "./started-file.ts";

/** Whether packages that only development needs can be taken away before the application is copied. */
export type Pruning =
  /** A command of the package manager does it. */
  | { readonly kind: "command"; readonly command: string; readonly packages: readonly string[] }
  /** There are none, or they were never installed. */
  | { readonly kind: "nothing" }
  /** The file takes them away by itself, in a layer that makes the image no smaller. */
  | { readonly kind: "done" }
  /** They stay. */
  | {
      readonly kind: "kept";
      readonly why: string;
      readonly evidence: readonly Evidence[];
    };

/** Development packages that others load by name, beside those that load them. Sources: peer dependencies of each package. */
const LOADED_BY: Readonly<Record<string, readonly string[]>> = {
  "ts-node": ["typescript", "@swc/core"],
  "ts-node-dev": ["typescript"],
  "@nestjs/cli": ["typescript"],
};

/**
 * Decides what is pruned, and by which command.
 *
 * Source: https://docs.npmjs.com/cli/v10/commands/npm-prune
 */
export function decidePruning(
  stage: NodeStage,
  start: NodeStart,
  sources: ProgramSources | undefined,
  repository: Repository | undefined,
  compose: ComposeUse,
): Pruning {
  const kept = (why: string, ...evidence: (Evidence | undefined)[]): Pruning => ({
    kind: "kept",
    why,
    evidence: evidence.filter((one) => one !== undefined),
  });
  const installs = stage.installs.filter((install) => install.command.packages.length === 0);
  const [install] = installs;
  if (!install) return { kind: "nothing" };
  const { directory } = install;
  const manifest = directory === undefined ? undefined : stage.manifestOf(directory);
  if (isPrunedAlready(stage, installs)) return { kind: "done" };
  if (installs.every(omitsDevelopment)) return { kind: "nothing" };
  if (!repository || !manifest || !sources || directory === undefined)
    return kept("package.json is not there to be read");
  const development = [...manifest.developmentDependencies.keys()];
  if (development.length === 0) return { kind: "nothing" };
  const doubled = development.find(
    (name) => manifest.dependencies.has(name) || manifest.optionalDependencies.has(name),
  );
  // npm takes a package that stands in both lists away.
  if (doubled !== undefined)
    return kept(`${doubled} stands in both lists`, { path: manifest.path });
  if (installs.some((one) => one.nodeEnvironment === undefined))
    return kept("NODE_ENV is not known where packages are installed");
  if (
    installs.some((one) => one.isConditional || one.directory !== directory) ||
    stage.copiedPath(resolvePath(directory, "package.json")!) === undefined
  )
    return kept("packages are installed in several directories, or on a condition");
  if (stage.installs.length > installs.length)
    return kept("packages are installed that package.json may not name");
  if (stage.otherManagement.length > 0)
    return kept("packages are changed after they are installed");
  const isWorkspace =
    manifest.hasWorkspaces ||
    ["lerna.json", "pnpm-workspace.yaml", "rush.json"].some((name) =>
      repository.read(beside(manifest.directory, name)),
    );
  if (isWorkspace) return kept("package.json is the root of a workspace", { path: manifest.path });
  const hook = [...manifest.scripts].find(
    ([name, { text }]) => INSTALL_HOOKS.has(name) && INSTALLS.test(text),
  );
  if (hook)
    return kept("a script installs more packages", {
      path: manifest.path,
      line: hook[1].line,
      text: hook[1].text,
    });
  const [absent] = stage.absentSources();
  if (absent) return kept(`${absent.source} is not there to be read`);
  if (stage.lastUser !== install.user)
    return kept("another user than the last one installs packages");
  const [open] = start.open;
  if (open) return kept(open.why, open.evidence);
  if (start.reader.isComputed) return kept("the start runs what cannot be told");
  const checked = checksTypes(start);
  if (checked) return kept("types are checked when the program starts", checked);
  const framework = frameworkNeed(stage, start, sources, manifest, repository);
  if (framework) return kept(framework.why, framework.evidence);
  const needed = neededDevelopment(start, sources, manifest, new Set(development), [
    stage.contract.environment.get("NODE_OPTIONS")?.value ?? "",
    compose.environment.get("NODE_OPTIONS")?.value ?? "",
  ]);
  if (needed) return kept(`${needed.name} is needed at run time`, needed.evidence);
  if (!sources.isComplete) return kept("the sources were not read to the end");
  const unlisted = unlistedPackage(sources, manifest, repository);
  if (unlisted)
    return kept(`${unlisted.name} is loaded, and package.json does not name it`, unlisted.evidence);
  const command = pruneCommand(stage, start, installs, manifest, repository);
  if (typeof command !== "string") return kept(command.why);
  const place = directory === stage.lastDirectory ? "" : `cd ${quoted(directory)} && `;
  return { kind: "command", command: place + command, packages: development };
}

/** Scripts that run with an install. Source: https://docs.npmjs.com/cli/v10/using-npm/scripts#life-cycle-scripts */
const INSTALL_HOOKS = new Set(["preinstall", "install", "postinstall", "prepublish", "prepare"]);
const INSTALLS =
  /\b(?:lerna|bower|(?:npm|pnpm|yarn|bun)\s+(?:i|ci|install|add)\b|yarn\s*(?:$|&&|;|--)|--prefix|cd\s)/;

/** The file prunes by itself, as the last thing that it does to packages. */
function isPrunedAlready(stage: NodeStage, installs: readonly PackageInstall[]): boolean {
  const last = stage.prunes.at(-1);
  const later = [
    ...stage.installs,
    ...stage.otherManagement.map((instruction) => ({ instruction })),
  ];
  return (
    last !== undefined &&
    installs.every(({ directory }) => directory === last.directory) &&
    later.every(({ instruction }) => instruction.line <= last.instruction.line)
  );
}

/** ts-node compiles with all types at hand, unless it is told not to. Source: https://typestrong.org/ts-node/docs/options#transpileonly */
function checksTypes({ runners, leaves }: NodeStart): Evidence | undefined {
  const isChecking = (words: readonly string[]): boolean =>
    words.some((word) =>
      /^(?:.*\/)?(?:ts-node(?:-dev|-esm)?|tsnd|nest)$|^ts-node\/register$|\.[cm]?tsx?$/.test(word),
    ) &&
    !words.some((word) =>
      /^(?:-T|--transpile-only|--transpileOnly|--swc)$|transpile-only|^(?:.*\/)?(?:tsx|swc-node|esno|bun)$/.test(
        word,
      ),
    );
  const found = leaves.find(({ words }) => isChecking(words));
  if (found) return found.evidence ?? { path: found.manifest?.path ?? "package.json" };
  return runners.some((runner) => isChecking([runner])) ? leaves[0]?.evidence : undefined;
}

/** What frameworks load when they start, beside what the sources name. */
function frameworkNeed(
  { contract }: NodeStage,
  { leaves }: NodeStart,
  sources: ProgramSources,
  manifest: PackageManifest,
  repository: Repository,
): { readonly why: string; readonly evidence: Evidence } | undefined {
  const isThere = (name: string): boolean =>
    repository.read(beside(manifest.directory, name)) !== undefined;
  const starts = (name: string): boolean =>
    leaves.some(({ words }) => baseName(words[0] ?? "") === name);
  const usesNext = starts("next") || sources.packages.has("next");
  // Source: https://nextjs.org/docs/app/api-reference/config/next-config-js#typescript
  if (usesNext && isThere("next.config.ts") && manifest.developmentDependencies.has("typescript"))
    return {
      why: "Next.js compiles its configuration when it starts",
      evidence: { path: beside(manifest.directory, "next.config.ts") },
    };
  if (starts("nuxt") && isThere("nuxt.config.ts"))
    return {
      why: "Nuxt compiles its configuration when it starts",
      evidence: { path: beside(manifest.directory, "nuxt.config.ts") },
    };
  const server = sources.packages.get("next");
  const isProduction =
    contract.environment.get("NODE_ENV")?.value === "production" ||
    (leaves.length > 0 &&
      leaves.every(({ assignments }) => assignments.get("NODE_ENV") === "production"));
  // A server of one's own runs Next.js for development unless it is told that this is production.
  if (server && !starts("next") && !isProduction)
    return { why: "a server of its own may run Next.js for development", evidence: server };
  return undefined;
}

function omitsDevelopment({ command, nodeEnvironment }: PackageInstall): boolean {
  return (
    command.omitsDevelopment || (nodeEnvironment === "production" && !command.includesDevelopment)
  );
}

/** A development package that the start or the sources use. */
function neededDevelopment(
  start: NodeStart,
  sources: ProgramSources,
  manifest: PackageManifest,
  development: ReadonlySet<string>,
  nodeOptions: readonly string[],
): { name: string; evidence: Evidence | undefined } | undefined {
  const all = new Set([...manifest.dependencies.keys(), ...development]);
  const used: { name: string | undefined; evidence: Evidence | undefined }[] = [];
  for (const runner of start.runners)
    used.push({ name: packageOfCommand(runner), evidence: { path: manifest.path } });
  for (const text of nodeOptions)
    for (const module of modulesOfOptions(text))
      used.push({ name: packageOfModule(module), evidence: undefined });
  for (const { words, evidence, assignments } of start.leaves) {
    for (const module of modulesOfOptions(assignments.get("NODE_OPTIONS") ?? ""))
      used.push({ name: packageOfModule(module), evidence });
    const [program = ""] = words;
    const file = startedFile(words);
    used.push({ name: packageOfCommand(program), evidence });
    for (const module of file?.required ?? [])
      used.push({ name: packageOfModule(module), evidence });
    for (const word of words) {
      const inner = /node_modules\/(@[^/]+\/[^/]+|[^/.][^/]*)/.exec(word)?.[1];
      used.push({ name: inner ?? (all.has(word) ? word : undefined), evidence });
    }
  }
  for (const [name, evidence] of sources.packages) used.push({ name, evidence });
  // A package may be named where it is not loaded: pino's transports, knex's clients, view engines.
  for (const [value, evidence] of sources.names) {
    const name = packageOfModule(value);
    used.push({ name: name !== undefined && development.has(value) ? value : undefined, evidence });
    if (name !== undefined && value !== name && development.has(name))
      used.push({ name, evidence });
  }
  for (const { name, evidence } of used) {
    if (name === undefined) continue;
    if (development.has(name)) return { name, evidence };
    const inner = (LOADED_BY[name] ?? []).find((one) => development.has(one));
    if (inner !== undefined) return { name: inner, evidence };
  }
  return undefined;

  function packageOfCommand(command: string): string | undefined {
    const name = baseName(command);
    return OF_NODE.has(name) ? undefined : packageOfBin(name, all);
  }
}

/**
 * A package that the sources load and package.json does not name: it is there because another one brings it, and goes when only
 * a development package does.
 */
function unlistedPackage(
  sources: ProgramSources,
  manifest: PackageManifest,
  repository: Repository,
): { readonly name: string; readonly evidence: Evidence } | undefined {
  const lockfile = readLockfile(repository, manifest.directory);
  const listed = new Set([
    manifest.name,
    ...manifest.dependencies.keys(),
    ...manifest.optionalDependencies.keys(),
    ...(isObject(manifest.fields["peerDependencies"])
      ? Object.keys(manifest.fields["peerDependencies"])
      : []),
  ]);
  for (const [name, evidence] of sources.packages) {
    if (listed.has(name) || NODE_MODULES.has(name)) continue;
    // Aliases of directories are no packages.
    if (repository.list(beside(manifest.directory, name))) continue;
    if (!lockfile?.packages) {
      if (!name.startsWith("@") && !/^(?:src|lib|app|~|virtual)/.test(name))
        return { name, evidence };
      continue;
    }
    const locked = lockfile.packages.get(name);
    if (locked && locked.isDevelopment !== false) return { name, evidence };
  }
  return undefined;
}

/** Modules of Node itself. Source: https://nodejs.org/api/modules.html#built-in-modules */
const NODE_MODULES = new Set(
  `assert async_hooks buffer child_process cluster console constants crypto dgram diagnostics_channel dns domain events fs http http2
  https inspector module net os path perf_hooks process punycode querystring readline repl stream string_decoder sys timers tls
  trace_events tty url util v8 vm wasi worker_threads zlib bun`.split(/\s+/),
);

/** Modules that NODE_OPTIONS loads. Source: https://nodejs.org/api/cli.html#node_optionsoptions */
function modulesOfOptions(text: string): readonly string[] {
  const words = text.split(/\s+/).filter((word) => word !== "");
  return startedFile(["node", ...words, "x"])?.required ?? [];
}

/** Commands that come with Node, whatever packages are named alike. */
const OF_NODE = new Set(["node", "npm", "npx", "corepack", "sh", "bash"]);

/** Flags of installs that a prune resolves by, too. */
const RESOLVING_FLAGS = ["--force", "-f", "--strict-peer-deps", "--install-links"];

function pruneCommand(
  stage: NodeStage,
  start: NodeStart,
  installs: readonly PackageInstall[],
  manifest: PackageManifest,
  repository: Repository,
): string | { readonly why: string } {
  const managers = new Set(installs.map(({ command }) => command.manager));
  const [manager] = managers;
  if (managers.size > 1) return { why: "several package managers install packages" };
  const words = installs.flatMap(({ command }) => command.words);
  const settings = repository.read(beside(manifest.directory, ".npmrc")) ?? "";
  // Packages that only others' peer dependencies name are taken away then, those of production among them.
  if (words.includes("--legacy-peer-deps") || /legacy-peer-deps\s*=\s*true/.test(settings))
    return { why: "peer dependencies are left out of account where packages are installed" };
  const flags = RESOLVING_FLAGS.filter((flag) => words.includes(flag)).map((flag) => ` ${flag}`);
  switch (manager) {
    case "npm": {
      // A lockfile that comes after the install would have other versions installed.
      const lock = isLockedLater(stage, installs[0]!) ? " --no-package-lock" : "";
      // `--omit` came with npm 7, which came with Node 15, and older ones ignore it.
      const omit = isModern(stage) ? "--omit=dev" : "--production";
      return `npm prune ${omit}${lock}${flags.join("")}`;
    }
    case "pnpm":
      // From version 11 on it installs what it misses before it runs a script. Source: https://pnpm.io/settings#verifydepsbeforerun
      if (
        start.runners.some((runner) => baseName(runner) === "pnpm") &&
        !isOldPnpm(stage, manifest)
      )
        return { why: "pnpm may install them again when it starts" };
      return "pnpm prune --prod --ignore-scripts";
    default:
      return { why: `${manager} has no command that is known to prune what is installed` };
  }
}

function isOldPnpm(stage: NodeStage, manifest: PackageManifest): boolean {
  const named = stage.globals.flatMap(({ command }) => command.packages);
  return [manifest.packageManager ?? "", ...named].some((text) => {
    const major = /^pnpm@[\^~]?(\d+)/.exec(text)?.[1];
    return major !== undefined && Number(major) < 11;
  });
}

function isModern({ contract }: NodeStage): boolean {
  const { version, tag = "" } = contract.base ?? {};
  if (version === undefined)
    return /^(?:latest|current|lts|slim|alpine)(?:-(?:slim|alpine))?$/.test(tag);
  return isAtLeast(version, 15);
}

function isLockedLater(stage: NodeStage, install: PackageInstall): boolean {
  const path = resolvePath(install.directory, "package-lock.json");
  const source = path === undefined ? undefined : stage.copiedPath(path);
  if (path === undefined || source === undefined) return false;
  return !stage.copies.some(
    (copy) => copy.instruction.line < install.instruction.line && stage.bringsFile(copy, path),
  );
}
