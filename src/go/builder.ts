import type { CopiedFile } from "../core/copied-files.ts";
import type { Document, Stage } from "../core/document.ts";
import { baseImage } from "../core/base-images.ts";
import { imageName, walkStage, type ImageContract } from "../core/image-contract.ts";
import type { Instruction } from "../core/line-reader.ts";
import { resolvePath } from "../core/path.ts";
import { expand } from "../core/words.ts";
import { copyInstruction } from "./copy-instruction.ts";
import { repositoryPath, type BuildPlace } from "./copy-sources.ts";
import { importPath, type ImportPath } from "./import-path.ts";
import type { GoBuild } from "./outputs.ts";
import { runInstruction } from "./run-commands.ts";
import { addDirectory, addMade, imagePaths, isRemoved, type Made } from "./stage-files.ts";
import {
  addObstacle,
  assumeArgumentDefault,
  createStageRecord,
  type Obstacle,
} from "./stage-record.ts";

/** What the instructions of a Go stage leave behind. Paths are absolute paths in the image. */
export interface GoBuilder {
  readonly contract: ImageContract;
  readonly builds: readonly GoBuild[];
  /** Programs by the path they have at the end of the stage. */
  readonly artifacts: ReadonlyMap<string, GoBuild>;
  readonly copies: readonly CopiedFile[];
  /** Files and directories made by RUN, in the order they were made. */
  readonly made: ReadonlyMap<string, Made>;
  /** Whether RUN removes a path: anything that was there, or, with `copy`, what that COPY brought. */
  isRemoved(path: string, copy?: CopiedFile): boolean;
  /** RUN starts a program that may write files: a generator. */
  readonly generator: Instruction | undefined;
  readonly obstacles: readonly Obstacle[];
  readonly assumptions: readonly Obstacle[];
  /** RUN gives files to a user. */
  readonly ownerChanges: readonly Instruction[];
  /** The distribution's zone data was installed here. */
  readonly zonePackage: Instruction | undefined;
  /** RUN makes users. */
  readonly userMaker: Instruction | undefined;
  /** The user in force at the last build step. */
  readonly lastUser: string;
  /** Programs run that may read any variable of the environment. */
  readonly environmentReaders: readonly Instruction[];
  /** Absolute path in the image → path in the repository, through what was copied. */
  repositoryPath(path: string): string | undefined;
  /**
   * Path in the repository → absolute paths in the image: its own, or those of the parts of a directory that were copied
   * one by one. Empty when it was not copied.
   */
  imagePaths(path: string): readonly string[];
  /** The import path of the package in an absolute directory of the image. */
  importPath(directory: string): ImportPath | undefined;
}

/** Goes through a stage and keeps account of what it builds, copies and makes. */
export function readGoBuilder(document: Document, stage: Stage, place: BuildPlace): GoBuilder {
  const base = baseImage(imageName(document, stage) ?? "");
  const record = createStageRecord(base, place);
  const { files } = record;
  let lastUser = "";
  const contract = walkStage(document, stage, (instruction, state) => {
    if (state.directory !== undefined) addDirectory(files, state.directory);
    switch (instruction.keyword) {
      case "COPY":
      case "ADD":
        lastUser = state.user;
        copyInstruction(record, document, instruction, state);
        return;
      case "RUN":
        lastUser = state.user;
        runInstruction(record, document, instruction, state);
        return;
      case "WORKDIR": {
        assumeArgumentDefault(record, instruction.body.text, instruction, state);
        const target = expand(instruction.body.text, state.lookup, document.escape).value;
        const path = target === undefined ? undefined : resolvePath(state.directory, target);
        if (path !== undefined && path !== "/") addMade(files, path, "directory", instruction);
        return;
      }
      case "USER":
        assumeArgumentDefault(record, instruction.body.text, instruction, state);
        return;
      case "ONBUILD":
        addObstacle(record, "onbuild-triggers", instruction);
    }
  });
  // A link into zone data that is not there leads nowhere, and COPY follows links.
  const hasZones =
    record.zonePackage !== undefined || (base?.distribution === "debian" && !record.zonesRemoved);
  if (!hasZones) for (const link of files.zoneLinks) files.made.delete(link);
  return {
    contract,
    builds: record.builds,
    artifacts: files.artifacts,
    copies: files.copies,
    made: files.made,
    isRemoved: (path, copy) => isRemoved(files, path, copy),
    generator: record.generator,
    obstacles: record.obstacles,
    assumptions: record.assumptions,
    ownerChanges: record.ownerChanges,
    zonePackage: record.zonePackage,
    userMaker: record.userMaker,
    lastUser,
    environmentReaders: record.environmentReaders,
    repositoryPath: (path) => repositoryPath(files.copies, place, path),
    imagePaths: (path) => imagePaths(files, path),
    importPath: (directory) => importPath(record, directory),
  };
}
