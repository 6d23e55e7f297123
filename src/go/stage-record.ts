import type { BaseImage } from "../core/base-images.ts";
import type { StageState } from "../core/image-contract.ts";
import type { Instruction } from "../core/line-reader.ts";
import { expand } from "../core/words.ts";
import type { BuildPlace } from "./copy-sources.ts";
import type { GoBuild } from "./outputs.ts";
import { createStageFiles, type StageFiles } from "./stage-files.ts";

/** Something in the stage that stops a migration, or makes it rest on an assumption. */
export interface Obstacle {
  readonly code: string;
  readonly instruction: Instruction;
  readonly data: Readonly<Record<string, string>>;
}

/** What is noted on the way through a Go stage. */
export interface StageRecord {
  readonly base: BaseImage | undefined;
  readonly files: StageFiles;
  readonly builds: GoBuild[];
  readonly obstacles: Obstacle[];
  readonly assumptions: Obstacle[];
  readonly ownerChanges: Instruction[];
  readonly environmentReaders: Instruction[];
  generator: Instruction | undefined;
  userMaker: Instruction | undefined;
  zonePackage: Instruction | undefined;
  /** The distribution's zone data was removed. */
  zonesRemoved: boolean;
  /** Packages by the name that `apk add --virtual` gives them together. */
  readonly virtualPackages: Map<string, readonly string[]>;
  /** The path that the command before this one tested (`[ -d X ] || …`). */
  testedPath: string | undefined;
  /** What `go env -w` wrote. */
  readonly goEnvironment: Map<string, string>;
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
    ownerChanges: [],
    environmentReaders: [],
    generator: undefined,
    userMaker: undefined,
    zonePackage: undefined,
    zonesRemoved: false,
    virtualPackages: new Map(),
    testedPath: undefined,
    goEnvironment: new Map(),
    moduleNames: new Map(),
  };
}

export function addObstacle(
  record: StageRecord,
  code: string,
  instruction: Instruction,
  data: Readonly<Record<string, string>> = {},
): void {
  record.obstacles.push({ code, instruction, data });
}

/** Notes an assumption, once for an instruction. */
export function addAssumption(
  { assumptions }: StageRecord,
  code: string,
  instruction: Instruction,
  data: Readonly<Record<string, string>> = {},
): void {
  if (!assumptions.some((known) => known.code === code && known.instruction === instruction))
    assumptions.push({ code, instruction, data });
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
