import type { BaseImage } from "../core/base-images.ts";
import type { StageState } from "../core/image-contract.ts";
import type { Instruction } from "../core/line-reader.ts";
import type { Evidence } from "../core/outcome.ts";
import { expand } from "../core/words.ts";
import type { BuildPlace } from "./copy-sources.ts";
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

/** What is noted on the way through a stage, whatever it builds. */
export interface StageRecord {
  readonly base: BaseImage | undefined;
  readonly files: StageFiles;
  readonly obstacles: Obstacle[];
  readonly assumptions: Obstacle[];
  readonly environmentReaders: Instruction[];
  /** Files whose text RUN changes in its place: `sed -i`, `dos2unix`. */
  readonly edits: { readonly path: string; readonly instruction: Instruction }[];
  /** Packages of the distribution that are there by now, by name. */
  readonly installed: Map<string, InstalledPackage>;
  /** Packages that were there at some time, those that were removed again among them. */
  readonly onceInstalled: Map<string, InstalledPackage>;
  /** Package sources other than the distribution's own were added. */
  hasForeignPackages: boolean;
  /** The distribution's zone data was removed. */
  zonesRemoved: boolean;
  /** Packages by the name that `apk add --virtual` gives them together. */
  readonly virtualPackages: Map<string, readonly string[]>;
  /** The path that the command before this one tested (`[ -d X ] || …`). */
  testedPath: string | undefined;
  /** The recipes and scripts that are being followed, the outermost first. */
  readonly recipes: { readonly evidence?: Evidence }[];
}

export function createStageRecord(base: BaseImage | undefined, place: BuildPlace): StageRecord {
  return {
    base,
    files: createStageFiles(place),
    obstacles: [],
    assumptions: [],
    environmentReaders: [],
    edits: [],
    installed: new Map(),
    onceInstalled: new Map(),
    hasForeignPackages: false,
    zonesRemoved: false,
    virtualPackages: new Map(),
    testedPath: undefined,
    recipes: [],
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
