import type { Evidence } from "../core/outcome.ts";
import type { Repository } from "../core/repository.ts";
import { baseName } from "../core/path.ts";
import { isAtLeast } from "../core/base-images.ts";
import type { PackageManifest } from "../repo/package-manifest.ts";
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
 * @param directory the application's directory in the image
 */
export function decidePruning(
  stage: NodeStage,
  start: NodeStart,
  sources: ProgramSources | undefined,
  repository: Repository | undefined,
  directory: string,
): Pruning {
  const kept = (why: string, ...evidence: (Evidence | undefined)[]): Pruning => ({
    kind: "kept",
    why,
    evidence: evidence.filter((one) => one !== undefined),
  });
  const installs = stage.installs.filter((install) => install.command.packages.length === 0);
  if (installs.length === 0) return { kind: "nothing" };
  const [install] = installs;
  const manifest = stage.manifestOf(directory);
  if (!repository || !manifest || !sources) return kept("package.json is not there to be read");
  if (installs.every(omitsDevelopment)) return { kind: "nothing" };
  const development = [...manifest.developmentDependencies.keys()].filter(
    (name) => !manifest.dependencies.has(name),
  );
  if (development.length === 0) return { kind: "nothing" };
  if (installs.some((one) => one.nodeEnvironment === undefined))
    return kept("NODE_ENV is not known where packages are installed");
  if (installs.some((one) => one.isConditional || one.directory !== directory))
    return kept("packages are installed in another directory, or on a condition");
  if (stage.installs.length > installs.length)
    return kept("packages are installed that package.json may not name");
  if (stage.otherManagement.length > 0)
    return kept("packages are changed after they are installed");
  if (manifest.hasWorkspaces)
    return kept("package.json is the root of a workspace", { path: manifest.path });
  if (stage.lastUser !== install!.user)
    return kept("another user than the last one installs packages");
  const [open] = start.open;
  if (open) return kept(open.why, open.evidence);
  if (start.reader.isComputed) return kept("the start runs what cannot be told");
  const needed = neededDevelopment(start, sources, manifest, new Set(development));
  if (needed) return kept(`${needed.name} is needed at run time`, needed.evidence);
  if (!sources.isComplete) return kept("the sources were not read to the end");
  const command = pruneCommand(stage, installs);
  return typeof command === "string"
    ? { kind: "command", command, packages: development }
    : kept(command.why);
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
): { name: string; evidence: Evidence | undefined } | undefined {
  const all = new Set([...manifest.dependencies.keys(), ...development]);
  const used: { name: string | undefined; evidence: Evidence | undefined }[] = [];
  for (const runner of start.runners)
    used.push({ name: packageOfCommand(runner), evidence: { path: manifest.path } });
  for (const { words, evidence } of start.leaves) {
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

/** Commands that come with Node, whatever packages are named alike. */
const OF_NODE = new Set(["node", "npm", "npx", "corepack", "sh", "bash"]);

/** Flags of installs that a prune resolves by, too. */
const RESOLVING_FLAGS = [
  "--legacy-peer-deps",
  "--force",
  "-f",
  "--strict-peer-deps",
  "--install-links",
];

function pruneCommand(
  stage: NodeStage,
  installs: readonly PackageInstall[],
): string | { readonly why: string } {
  const managers = new Set(installs.map(({ command }) => command.manager));
  const [manager] = managers;
  if (managers.size > 1) return { why: "several package managers install packages" };
  const flags = RESOLVING_FLAGS.filter((flag) =>
    installs.some(({ command }) => command.words.includes(flag)),
  ).map((flag) => ` ${flag}`);
  switch (manager) {
    case "npm":
      // `--omit` came with npm 7, which came with Node 15.
      return `npm prune ${isAtLeast(stage.contract.base?.version, 15) ? "--omit=dev" : "--production"}${flags.join("")}`;
    default:
      return { why: `${manager} has no command that is known to prune what is installed` };
  }
}
