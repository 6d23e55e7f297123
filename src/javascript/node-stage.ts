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
import { directoryName, resolvePath } from "../core/path.ts";
import { kindOf } from "../core/repository.ts";
import { expand } from "../core/words.ts";
import { readManifest, type PackageManifest } from "../repo/package-manifest.ts";
import { copyInstruction } from "../stages/copy-instruction.ts";
import { repositoryPath, type BuildPlace } from "../stages/copy-sources.ts";
import type { FileOperation } from "../stages/file-operations.ts";
import type { InstalledPackage } from "../stages/package-commands.ts";
import {
  addDirectory,
  addMade,
  absentSources,
  imagePaths,
  isRemoved,
  ownership,
  type Made,
  type StageFiles,
} from "../stages/stage-files.ts";
import {
  assumeArgumentDefault,
  createStageRecord,
  type Obstacle,
  type StageRecord,
} from "../stages/stage-record.ts";
import type { Ownership } from "../stages/ownership.ts";
import type { LeafCommand, WalkedCommand, WalkSurroundings } from "./command-walk.ts";
import type { InstallCommand } from "./package-managers.ts";
import { runInstruction } from "./run-commands.ts";

/** An install of a package manager, where and how it runs. */
export interface PackageInstall {
  readonly command: InstallCommand;
  /** Absolute directory in the image. */
  readonly directory: string | undefined;
  readonly instruction: Instruction;
  readonly user: string;
  /** NODE_ENV as the install sees it; `null` when nothing sets it, `undefined` when it is not known. */
  readonly nodeEnvironment: string | null | undefined;
  readonly isConditional: boolean;
}

/** A command that RUN runs in the end, behind scripts. */
export interface BuildCommand extends LeafCommand {
  readonly instruction: Instruction;
  readonly user: string;
  /** A variable's value as the command sees it: `null` when nothing sets it, `undefined` when it is not known. */
  readonly variable: (name: string) => string | null | undefined;
}

/** What is noted on the way through a Node stage. */
export interface NodeStageRecord extends StageRecord {
  readonly installs: PackageInstall[];
  readonly globals: PackageInstall[];
  /** `npm config set`, `corepack enable`: what later commands of package managers go by. */
  readonly settings: { readonly words: readonly string[]; readonly instruction: Instruction }[];
  readonly commands: BuildCommand[];
  readonly open: WalkedCommand["open"][number][];
  readonly prunes: { readonly directory: string | undefined; readonly instruction: Instruction }[];
  /** `npm uninstall`, `npm link`, … : what is installed is no longer what package.json says. */
  readonly otherManagement: Instruction[];
  /** Links that RUN makes. */
  readonly links: (Extract<FileOperation, { kind: "copy" | "move" | "link" }> & {
    readonly instruction: Instruction;
  })[];
  /** Directories that RUN puts files into whose names are not known: `cp dist/* /var/www/html`. */
  readonly filled: string[];
  /** A RUN that brings the packages of the base image up to date. */
  upgrade: Instruction | undefined;
  /** A RUN that makes or changes users. */
  changesUsers: Instruction | undefined;
  /** Where Node came from when the base image has none: `nodejs` of the distribution, nodesource, … */
  nodeFrom: Instruction | undefined;
  manifestOf(directory: string): PackageManifest | undefined;
  /** The text of a copied file, by its absolute path in the image. */
  readText(path: string): string | undefined;
}

/** What the instructions of a Node stage leave behind. Paths are absolute paths in the image. */
export interface NodeStage {
  readonly contract: ImageContract;
  readonly copies: readonly CopiedFile[];
  readonly made: ReadonlyMap<string, Made>;
  readonly installs: readonly PackageInstall[];
  readonly globals: readonly PackageInstall[];
  readonly settings: NodeStageRecord["settings"];
  /** Commands of RUN that are no package manager's and no file operation: builds, generators. */
  readonly commands: readonly BuildCommand[];
  /** Scripts that could not be followed. */
  readonly open: WalkedCommand["open"];
  readonly prunes: NodeStageRecord["prunes"];
  readonly otherManagement: readonly Instruction[];
  readonly obstacles: readonly Obstacle[];
  readonly assumptions: readonly Obstacle[];
  readonly installed: ReadonlyMap<string, InstalledPackage>;
  readonly onceInstalled: ReadonlyMap<string, InstalledPackage>;
  readonly environmentReaders: readonly Instruction[];
  readonly edits: StageRecord["edits"];
  readonly links: NodeStageRecord["links"];
  readonly filled: readonly string[];
  readonly upgrade: Instruction | undefined;
  readonly changesUsers: Instruction | undefined;
  readonly nodeFrom: Instruction | undefined;
  readonly files: StageFiles;
  /** The HEALTHCHECK in force. */
  readonly healthcheckInstruction: Instruction | undefined;
  /** The user in force at the last build step. */
  readonly lastUser: string;
  /** The working directory in force at the last build step. */
  readonly lastDirectory: string | undefined;
  /** What is in force behind the last instruction. */
  readonly last: StageState | undefined;
  ownershipOf(path: string): Ownership;
  isRemoved(path: string, copy?: CopiedFile): boolean;
  absentSources(): readonly CopiedFile[];
  repositoryPath(path: string): string | undefined;
  /** Absolute path in the image → path of a file or directory of the repository that was copied there. */
  copiedPath(path: string): string | undefined;
  imagePaths(path: string): readonly string[];
  /** Whether a COPY brings the file of the repository that lies at an absolute path of the image. */
  bringsFile(copy: CopiedFile, path: string): boolean;
  manifestOf(directory: string): PackageManifest | undefined;
  readonly surroundings: WalkSurroundings;
}

/** Goes through a stage and keeps account of what it installs, copies, builds and makes. */
export function readNodeStage(document: Document, stage: Stage, place: BuildPlace): NodeStage {
  const base = baseImage(imageName(document, stage) ?? "");
  const common = createStageRecord(base, place);
  const { files } = common;
  const { repository } = place;
  const record: NodeStageRecord = {
    ...common,
    installs: [],
    globals: [],
    settings: [],
    commands: [],
    open: [],
    prunes: [],
    otherManagement: [],
    links: [],
    filled: [],
    upgrade: undefined,
    changesUsers: undefined,
    nodeFrom: undefined,
    manifestOf,
    readText,
  };
  let lastUser = "";
  let lastDirectory: string | undefined;
  let last: StageState | undefined;
  const contract = walkStage(document, stage, (instruction, state) => {
    last = state;
    if (state.directory !== undefined) addDirectory(files, state.directory);
    switch (instruction.keyword) {
      case "COPY":
      case "ADD":
        lastUser = state.user;
        lastDirectory = state.directory;
        copyInstruction(record, document, instruction, state);
        return;
      case "RUN":
        lastUser = state.user;
        lastDirectory = state.directory;
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
        record.obstacles.push({ code: "onbuild-triggers", instruction, data: {}, evidence: [] });
    }
  });
  return {
    contract,
    copies: files.copies,
    made: files.made,
    installs: record.installs,
    globals: record.globals,
    settings: record.settings,
    commands: record.commands,
    open: record.open,
    prunes: record.prunes,
    otherManagement: record.otherManagement,
    obstacles: record.obstacles,
    assumptions: record.assumptions,
    installed: record.installed,
    onceInstalled: record.onceInstalled,
    environmentReaders: record.environmentReaders,
    edits: record.edits,
    links: record.links,
    filled: record.filled,
    upgrade: record.upgrade,
    changesUsers: record.changesUsers,
    nodeFrom: record.nodeFrom,
    files,
    healthcheckInstruction: stage.instructions.findLast(({ keyword }) => keyword === "HEALTHCHECK"),
    lastUser,
    lastDirectory,
    last,
    ownershipOf: (path) => ownership(files, path),
    isRemoved: (path, copy) => isRemoved(files, path, copy),
    absentSources: () => absentSources(files),
    repositoryPath: (path) => repositoryPath(files.copies, place, path),
    copiedPath,
    imagePaths: (path) => imagePaths(files, path),
    bringsFile: (copy, path) => {
      const source = copiedPath(path);
      return (
        source !== undefined && imagePaths({ ...files, copies: [copy] }, source).includes(path)
      );
    },
    manifestOf,
    surroundings: {
      readText,
      // What a build argument gives is not known, and what nothing sets may be set at run time.
      lookup: (name) =>
        last?.isArgument(name) ? undefined : (contract.environment.get(name)?.value ?? undefined),
      manifestOf,
    },
  };

  function readText(path: string): string | undefined {
    const source = copiedPath(path);
    return source === undefined ? undefined : repository?.read(source);
  }

  function copiedPath(path: string): string | undefined {
    if (!repository) return undefined;
    // A later COPY into the same directory need not have the file.
    for (let count = files.copies.length; count > 0; count--) {
      const source = repositoryPath(files.copies.slice(0, count), place, path);
      if (
        source !== undefined &&
        kindOf(repository, source) !== undefined &&
        imagePaths(files, source).includes(path)
      )
        return source;
    }
    return undefined;
  }

  /** npm looks for package.json in a directory and those above it. */
  function manifestOf(directory: string): PackageManifest | undefined {
    if (!repository) return undefined;
    for (let at = directory; ; at = directoryName(at)) {
      const source = copiedPath(`${at === "/" ? "" : at}/package.json`);
      if (source !== undefined)
        return readManifest(repository, source.slice(0, Math.max(0, source.lastIndexOf("/"))));
      if (at === "/") return undefined;
    }
  }
}
