import type { CopiedFile } from "../core/copied-files.ts";
import type { Document, Stage } from "../core/document.ts";
import { baseImage } from "../core/base-images.ts";
import {
  imageName,
  walkStage,
  type ImageContract,
  type StageState,
} from "../core/image-contract.ts";
import type { Instruction } from "../core/line-reader.ts";
import { resolvePath } from "../core/path.ts";
import { readShell } from "../core/shell.ts";
import { expand } from "../core/words.ts";
import { copyInstruction } from "../stages/copy-instruction.ts";
import { repositoryPath, type BuildPlace } from "../stages/copy-sources.ts";
import { importPath, type ImportPath } from "./import-path.ts";
import type { GoBuild } from "./outputs.ts";
import { runCommands, runInstruction } from "./run-commands.ts";
import type { InstalledPackage } from "../stages/package-commands.ts";
import { copyFromStage, sourceStage, type StageCopy } from "./stage-copies.ts";
import {
  addDirectory,
  absentSources,
  addMade,
  imagePaths,
  isRemoved,
  ownership,
  type Made,
} from "../stages/stage-files.ts";
import {
  addObstacle,
  assumeArgumentDefault,
  createGoStageRecord,
  type Obstacle,
  type ToolInstall,
} from "./stage-record.ts";
import { takeArtifact } from "./given-artifact.ts";
import type { Ownership } from "../stages/ownership.ts";

/** What the instructions of a Go stage leave behind. Paths are absolute paths in the image. */
export interface GoBuilder {
  readonly contract: ImageContract;
  readonly builds: readonly GoBuild[];
  /** Programs by the path they have at the end of the stage. */
  readonly artifacts: ReadonlyMap<string, GoBuild>;
  readonly copies: readonly CopiedFile[];
  /** Files and directories made by RUN, in the order they were made. */
  readonly made: ReadonlyMap<string, Made>;
  /** What earlier stages of the file made, as far as it is still there. */
  readonly stageCopies: readonly StageCopy[];
  /** Whether RUN removes a path: anything that was there, or, with `copy`, what that COPY brought. */
  isRemoved(path: string, copy?: CopiedFile): boolean;
  /** Whether RUN changes a file's text in its place. */
  textEdited(path: string): boolean;
  /** Whether .dockerignore keeps what a path of the image would be copied from out of the context. */
  isIgnored(path: string): boolean;
  /** What COPY names and the repository does not hold. */
  absentSources(): readonly CopiedFile[];
  /** A RUN that changes a file of the distribution in its place. */
  editedSystemFiles(): { readonly program: string; readonly instruction: Instruction } | undefined;
  /** RUN starts a program that may write files: a generator. */
  readonly generator: Instruction | undefined;
  /** `go get`, dep, glide and the like fetch sources. */
  readonly fetchesSources: boolean;
  /** A RUN tests with the race detector, which needs cgo. */
  readonly testsRaces: boolean;
  readonly obstacles: readonly Obstacle[];
  readonly assumptions: readonly Obstacle[];
  /** Who owns a path, and the mode that RUN or COPY gave it. */
  ownershipOf(path: string): Ownership;
  /** Packages of the distribution that are there at the end, by name. */
  readonly installed: ReadonlyMap<string, InstalledPackage>;
  /** Packages that were there at some time: a build that removes its compiler had one. */
  readonly onceInstalled: ReadonlyMap<string, InstalledPackage>;
  /** Programs of other modules that the build installs, by their absolute path. */
  readonly tools: ReadonlyMap<string, ToolInstall>;
  /** Go was unpacked from its own archive into /usr/local. */
  readonly hasToolchainArchive: boolean;
  /** The distribution's zone data was installed here. */
  readonly zonePackage: Instruction | undefined;
  /** Home directories that RUN makes, by the user's name. */
  readonly homes: ReadonlyMap<string, string>;
  /** The user in force at the last build step. */
  readonly lastUser: string;
  /** Programs run that may read any variable of the environment. */
  readonly environmentReaders: readonly Instruction[];
  /** Whether a go.mod stands in an absolute directory of the image or above it. */
  hasModule(directory: string): boolean;
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

/** Builds that the file's RUN instructions do not show. */
export interface BuildsBeyond {
  /** Shell text of a build behind everything else, and the instruction it is made for. */
  readonly added?: { readonly text: string; readonly instruction: Instruction } | undefined;
  /** A program that is said to be made by steps that cannot be followed. */
  readonly artifact?: string | undefined;
}

/**
 * Goes through a stage and keeps account of what it builds, copies and makes.
 *
 * @param beyond what is not in the file: see its fields
 */
export function readGoBuilder(
  document: Document,
  stage: Stage,
  place: BuildPlace,
  { added, artifact }: BuildsBeyond = {},
): GoBuilder {
  const base = baseImage(imageName(document, stage) ?? "");
  const record = createGoStageRecord(base, place);
  const { files } = record;
  let lastUser = "";
  let last: StageState | undefined;
  const contract = walkStage(document, stage, (instruction, state) => {
    last = state;
    if (state.directory !== undefined) addDirectory(files, state.directory);
    switch (instruction.keyword) {
      case "COPY":
      case "ADD":
        lastUser = state.user;
        copyInstruction(record, document, instruction, state, (copy) => {
          const source = sourceStage(document, copy);
          if (source) copyFromStage(record, document, copy, source, state);
          return source !== undefined;
        });
        return;
      case "RUN":
        lastUser = state.user;
        runInstruction(record, document, instruction, state);
        return;
      case "WORKDIR": {
        assumeArgumentDefault(record, instruction.body.text, instruction, state);
        const target = expand(instruction.body.text, state.lookup, document.escape).value;
        const path = target === undefined ? undefined : resolvePath(state.directory, target);
        if (path !== undefined && path !== "/")
          addMade(files, path, "directory", instruction, state.user);
        return;
      }
      case "USER":
        assumeArgumentDefault(record, instruction.body.text, instruction, state);
        return;
      case "ONBUILD":
        addObstacle(record, "onbuild-triggers", instruction);
    }
  });
  if (added) {
    const { directory, lookup } = last!;
    const body = readShell(added.text, directory, lookup);
    if (body.kind === "commands") runCommands(record, body.commands, added.instruction, last!);
  }
  if (artifact !== undefined) takeArtifact(record, artifact, contract);
  // A link into zone data that is not there leads nowhere, and COPY follows links.
  const zonePackage = [...record.installed.values()].find(({ use }) => use === "zones");
  const hasZones =
    zonePackage !== undefined || (base?.distribution === "debian" && !record.zonesRemoved);
  if (!hasZones) for (const link of files.zoneLinks) files.made.delete(link);
  return {
    contract,
    builds: record.builds,
    artifacts: files.artifacts,
    copies: files.copies,
    made: files.made,
    stageCopies: files.stageCopies.filter(({ path, isTree }) => isTree || files.made.has(path)),
    isRemoved: (path, copy) => isRemoved(files, path, copy),
    isIgnored: (path) => {
      const source = repositoryPath(files.copies, place, path);
      const context = place.contextDirectory ?? "";
      const inContext = context === "" ? source : source?.slice(context.length + 1);
      return inContext !== undefined && files.isIgnored?.(inContext) === true;
    },
    editedSystemFiles: () => {
      const edited = record.edits.find(
        ({ path }) =>
          /^\/(?:etc|usr)\//.test(path) &&
          repositoryPath(files.copies, place, path) === undefined &&
          !files.made.has(path) &&
          !/^\/etc\/(?:apt|apk)\//.test(path),
      );
      return edited && { program: "sed", instruction: edited.instruction };
    },
    absentSources: () => absentSources(files),
    textEdited: (path) =>
      record.edits.some((edited) => edited.path === path || /[*?]/.test(edited.path)),
    generator: record.generator,
    fetchesSources: record.fetchesSources,
    testsRaces: record.testsRaces,
    obstacles: record.obstacles,
    assumptions: record.assumptions,
    ownershipOf: (path) => ownership(files, path),
    installed: record.installed,
    onceInstalled: record.onceInstalled,
    hasToolchainArchive: record.hasToolchainArchive,
    tools: record.tools,
    zonePackage: zonePackage?.instruction,
    homes: new Map([...files.homes].map(([path, { owner }]) => [owner, path])),
    lastUser,
    environmentReaders: record.environmentReaders,
    hasModule: (directory) =>
      importPath(record, directory)?.moduleMode === true ||
      [...files.made.keys()].some((path) => path.endsWith("/go.mod")),
    repositoryPath: (path) => repositoryPath(files.copies, place, path),
    imagePaths: (path) => imagePaths(files, path),
    importPath: (directory) => importPath(record, directory),
  };
}
