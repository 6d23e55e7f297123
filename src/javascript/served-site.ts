import { expand } from "../core/words.ts";
import type { Repository } from "../core/repository.ts";
import type { FrontEnd } from "../repo/front-end-facts.ts";
import { readFrontEnd, readFrontEndServer } from "../repo/front-end.ts";
import { frontEndCommand, isFrontEndBuild } from "../repo/front-end-commands.ts";
import { walkCommands, type LeafCommand } from "./command-walk.ts";
import type { NodeStage } from "./node-stage.ts";
import { packageName, type NodeStart } from "./node-start.ts";
import { readStaticServer } from "./static-server.ts";
import type { ServerPlace, StaticServer } from "./static-site.ts";

/** A start that serves a site of files. */
export interface ServedSite {
  readonly server: StaticServer;
  /** The command that serves it. */
  readonly leaf: LeafCommand;
  /** Whatever else the start runs. */
  readonly others: readonly LeafCommand[];
  readonly frontEnd: FrontEnd | undefined;
  /** Commands of RUN that build a site, and the package that they build. */
  readonly builds: readonly LeafCommand[];
  /** The script of package.json that builds, where RUN runs none; `undefined` when there is none. */
  readonly buildScript: string | undefined;
}

/** Scripts that build, in the order they are looked for. */
const BUILD_SCRIPTS = ["build", "build:prod", "build-prod", "build:production", "production"];

/** How the image's start serves a site of files; `undefined` when it does something else. */
export function readServedSite(
  stage: NodeStage,
  start: NodeStart,
  repository: Repository | undefined,
): ServedSite | undefined {
  for (const leaf of start.leaves) {
    const place = serverPlace(stage, leaf, repository);
    if (!readStaticServer(leaf.words, place)) continue;
    const builds = stage.commands.filter(({ words }) => isFrontEndBuild(words));
    const home = leaf.directory === undefined ? undefined : stage.manifestOf(leaf.directory);
    // The server may run above the package that it serves.
    const manifest = builds.some((build) => build.manifest === home)
      ? home
      : (builds[0]?.manifest ?? home);
    let commands: readonly LeafCommand[] = stage.commands.filter(
      (command) => command.manifest === manifest,
    );
    let buildScript: string | undefined;
    if (builds.length === 0 && manifest && leaf.directory !== undefined) {
      buildScript = BUILD_SCRIPTS.find((name) => manifest.scripts.has(name));
      if (buildScript !== undefined)
        commands = walkCommands(
          [{ words: ["npm", "run", buildScript], directory: leaf.directory }],
          stage.surroundings,
        ).leaves;
    }
    const build = builds.find((command) => command.manifest === manifest);
    const variable = build?.variable ?? atTheEnd(stage, commands[0]);
    const frontEnd =
      repository && manifest
        ? readFrontEnd(
            repository,
            manifest.directory,
            commands.map(({ words }) => words),
            variable,
          )
        : undefined;
    const running =
      repository && manifest && frontEnd
        ? readFrontEndServer(repository, manifest.directory, leaf.words, atTheEnd(stage, leaf))
        : undefined;
    const kind = frontEndCommand(leaf.words)?.kind;
    const known =
      frontEnd && running && kind === "development"
        ? { ...frontEnd, development: running }
        : frontEnd && running && kind === "preview"
          ? { ...frontEnd, preview: running }
          : frontEnd;
    const server = readStaticServer(leaf.words, { ...place, frontEnd: known })!;
    return {
      server,
      leaf,
      others: start.leaves.filter(
        (other) => other !== leaf && !start.healthcheck.some((one) => isSame(one, other)),
      ),
      frontEnd,
      builds,
      buildScript,
    };
  }
  return undefined;
}

function isSame(one: LeafCommand, other: LeafCommand): boolean {
  return one.words.join(" ") === other.words.join(" ");
}

/** Variables as a command behind the last instruction sees them. */
function atTheEnd(
  stage: NodeStage,
  command: LeafCommand | undefined,
): (name: string) => string | null | undefined {
  return (name) => {
    if (command?.assignments.has(name)) return command.assignments.get(name);
    if (stage.last?.isArgument(name)) return undefined;
    const setting = stage.contract.environment.get(name);
    return setting ? setting.value : null;
  };
}

function serverPlace(
  stage: NodeStage,
  leaf: LeafCommand,
  repository: Repository | undefined,
): ServerPlace {
  const manifest = leaf.directory === undefined ? undefined : stage.manifestOf(leaf.directory);
  return {
    directory: leaf.directory ?? stage.contract.workingDirectory ?? "/",
    variable: (name) => {
      const setting = stage.contract.environment.get(name);
      // What a build argument gives may be another value in the next build.
      const isGiven =
        setting?.text !== undefined &&
        expand(setting.text, () => undefined).references.some((one) => stage.last?.isArgument(one));
      return leaf.assignments.get(name) ?? (isGiven ? `$${name}` : setting?.value);
    },
    versionOf: (name) => {
      for (const { command } of [...stage.globals, ...stage.installs])
        for (const written of command.packages)
          if (packageName(written) === name) return written.slice(name.length + 1) || undefined;
      return manifest?.dependencies.get(name) ?? manifest?.developmentDependencies.get(name);
    },
    repository,
    repositoryPath: (path) => stage.copiedPath(path) ?? stage.repositoryPath(path),
    frontEnd: undefined,
  };
}
