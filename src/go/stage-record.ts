import type { BaseImage } from "../core/base-images.ts";
import type { StageState } from "../core/image-contract.ts";
import type { Instruction } from "../core/line-reader.ts";
import type { Evidence } from "../core/outcome.ts";
import type { ShellCommand } from "../core/shell.ts";
import { expand } from "../core/words.ts";
import type { BuildPlace } from "./copy-sources.ts";
import type { GoBuild } from "./outputs.ts";
import type { InstalledPackage } from "./package-commands.ts";
import { createStageFiles, type StageFiles } from "./stage-files.ts";

/** Something in the stage that stops a migration, or makes it rest on an assumption. */
export interface Obstacle {
  readonly code: string;
  readonly instruction: Instruction;
  readonly data: Readonly<Record<string, string>>;
  /** The line of the recipe or script that says so. */
  readonly evidence: readonly Evidence[];
}

/** A program that the build fetches from elsewhere. */
export interface ToolInstall {
  /** Its import path, version included. */
  readonly source: string;
  readonly instruction: Instruction;
}

/** A command of RUN that runs what a file of the repository says, and the line of that file. */
export interface FollowedRecipe {
  readonly command: ShellCommand;
  /** The Makefile gives CGO_ENABLED a value of its own, whatever the environment says. */
  readonly isForced?: boolean;
  readonly evidence?: Evidence;
}

/** What is noted on the way through a Go stage. */
export interface StageRecord {
  readonly base: BaseImage | undefined;
  readonly files: StageFiles;
  readonly builds: GoBuild[];
  readonly obstacles: Obstacle[];
  readonly assumptions: Obstacle[];
  readonly environmentReaders: Instruction[];
  /** Files whose text RUN changes in its place: `sed -i`, `dos2unix`. */
  readonly edits: { readonly path: string; readonly instruction: Instruction }[];
  generator: Instruction | undefined;
  /** `go get`, dep, glide and the like fetch sources. */
  fetchesSources: boolean;
  /** A RUN tests with the race detector, which needs cgo. */
  testsRaces: boolean;
  /** Packages of the distribution that are there by now, by name. */
  readonly installed: Map<string, InstalledPackage>;
  /** Packages that were there at some time, those that were removed again among them. */
  readonly onceInstalled: Map<string, InstalledPackage>;
  /** Programs that `go install` or `go get` fetches and builds, by their absolute path. */
  readonly tools: Map<string, ToolInstall>;
  /** Go was unpacked from its own archive into /usr/local. */
  hasToolchainArchive: boolean;
  /** Package sources other than the distribution's own were added. */
  hasForeignPackages: boolean;
  /** The distribution's zone data was removed. */
  zonesRemoved: boolean;
  /** Packages by the name that `apk add --virtual` gives them together. */
  readonly virtualPackages: Map<string, readonly string[]>;
  /** The path that the command before this one tested (`[ -d X ] || …`). */
  testedPath: string | undefined;
  /** What `go env -w` wrote. */
  readonly goEnvironment: Map<string, string>;
  /** The recipes and scripts that are being followed, the outermost first. */
  readonly recipes: FollowedRecipe[];
  /** Module paths that `go mod init` gave, by the directory. */
  readonly moduleNames: Map<string, string>;
}

export function createStageRecord(base: BaseImage | undefined, place: BuildPlace): StageRecord {
  return {
    base,
    files: createStageFiles(place),
    builds: [],
    obstacles: [],
    assumptions: [],
    installed: new Map(),
    onceInstalled: new Map(),
    tools: new Map(),
    hasToolchainArchive: false,
    hasForeignPackages: false,
    environmentReaders: [],
    edits: [],
    generator: undefined,
    fetchesSources: false,
    testsRaces: false,
    zonesRemoved: false,
    virtualPackages: new Map(),
    testedPath: undefined,
    goEnvironment: new Map(),
    recipes: [],
    moduleNames: new Map(),
  };
}

export function addObstacle(
  record: StageRecord,
  code: string,
  instruction: Instruction,
  data: Readonly<Record<string, string>> = {},
): void {
  record.obstacles.push({ code, instruction, data, evidence: recipeEvidence(record) });
}

/** Notes an assumption, once for an instruction. */
export function addAssumption(
  record: StageRecord,
  code: string,
  instruction: Instruction,
  data: Readonly<Record<string, string>> = {},
): void {
  const { assumptions } = record;
  if (!assumptions.some((known) => known.code === code && known.instruction === instruction))
    assumptions.push({ code, instruction, data, evidence: recipeEvidence(record) });
}

function recipeEvidence({ recipes }: StageRecord): Evidence[] {
  return recipes.flatMap(({ evidence }) => (evidence ? [evidence] : [])).slice(-1);
}

/** A path or user that refers to an ARG is the one of its default. */
export function assumeArgumentDefault(
  record: StageRecord,
  text: string,
  instruction: Instruction,
  state: StageState,
): void {
  const name = expand(text, () => undefined).references.find(state.isArgument);
  if (name !== undefined) addAssumption(record, "argument-default-assumed", instruction, { name });
}
