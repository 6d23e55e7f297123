import type { BaseImage } from "../core/base-images.ts";
import type { Instruction } from "../core/line-reader.ts";
import type { Evidence } from "../core/outcome.ts";
import type { ShellCommand } from "../core/shell.ts";
import type { BuildPlace } from "../stages/copy-sources.ts";
import type { StageFiles } from "../stages/stage-files.ts";
import { createStageRecord, type StageRecord } from "../stages/stage-record.ts";
import type { GoBuild } from "./outputs.ts";

export { addAssumption, addObstacle, assumeArgumentDefault } from "../stages/stage-record.ts";
export type { Obstacle } from "../stages/stage-record.ts";

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
export interface GoStageRecord extends StageRecord {
  readonly files: StageFiles<GoBuild>;
  readonly builds: GoBuild[];
  generator: Instruction | undefined;
  /** `go get`, dep, glide and the like fetch sources. */
  fetchesSources: boolean;
  /** A RUN tests with the race detector, which needs cgo. */
  testsRaces: boolean;
  /** Programs that `go install` or `go get` fetches and builds, by their absolute path. */
  readonly tools: Map<string, ToolInstall>;
  /** Go was unpacked from its own archive into /usr/local. */
  hasToolchainArchive: boolean;
  /** What `go env -w` wrote. */
  readonly goEnvironment: Map<string, string>;
  readonly recipes: FollowedRecipe[];
  /** Module paths that `go mod init` gave, by the directory. */
  readonly moduleNames: Map<string, string>;
}

export function createGoStageRecord(base: BaseImage | undefined, place: BuildPlace): GoStageRecord {
  const record = createStageRecord(base, place);
  return {
    ...record,
    files: record.files as StageFiles<GoBuild>,
    recipes: [],
    builds: [],
    tools: new Map(),
    hasToolchainArchive: false,
    generator: undefined,
    fetchesSources: false,
    testsRaces: false,
    goEnvironment: new Map(),
    moduleNames: new Map(),
  };
}
