import type { CopiedFile } from "../core/copied-files.ts";
import type { Instruction } from "../core/line-reader.ts";
import { baseName, directoryName, isWithin, resolvePath } from "../core/path.ts";
import { kindOf } from "../core/repository.ts";
import { readIgnoreFile } from "../repo/docker-ignore.ts";
import { ownershipOf, type OwnerChange, type Ownership } from "./ownership.ts";
import type { FileOperation } from "./file-operations.ts";
import {
  belowSource,
  contextPath,
  isFileSource,
  repositoryPath,
  type BuildPlace,
} from "./copy-sources.ts";

/** A file or directory of unknown content that another stage made. */
export interface StageCopy {
  readonly copy: CopiedFile;
  /** Absolute path of the file, or of the directory whose contents it is. */
  readonly path: string;
  /** The working directory lies in it: it brings sources, too. */
  readonly isTree: boolean;
  /** A part of the context lies in it, beside what the other stage made. */
  readonly isSource: boolean;
}

/** A file or directory that RUN, or WORKDIR, makes. */
export interface Made {
  readonly kind: "file" | "directory";
  readonly instruction: Instruction;
  /** It lies where the toolchain and package managers keep their own state: of use only to a program that names it. */
  readonly isState: boolean;
  /** The user it was made by; changes of its owner come on top of that. */
  readonly owner: string;
  readonly order: number;
  /** It was fetched from elsewhere, so nothing is known of what is in it. */
  readonly isDownload: boolean;
}

/** What lies where in a stage, and where it came from. Paths are absolute paths in the image. */
export interface StageFiles<Build = unknown> {
  readonly place: BuildPlace;
  /** Whether .dockerignore keeps a path of the context out. */
  readonly isIgnored: ((path: string) => boolean) | undefined;
  readonly directories: Set<string>;
  readonly copies: CopiedFile[];
  /** When a copy was made, in the one order of all that happens to files. */
  readonly copyOrder: Map<CopiedFile, number>;
  /** What `chown`, `chgrp` and `chmod` did. */
  readonly ownerChanges: OwnerChange[];
  /** Counts what happened to files so far. */
  steps: number;
  readonly removals: Removal[];
  /** Files and directories made by RUN, in the order they were made. */
  readonly made: Map<string, Made>;
  /** Programs by the path they have by now. */
  readonly artifacts: Map<string, Build>;
  /** Home directories that were made, by their path, with the user they are for. */
  readonly homes: Map<string, { readonly owner: string; readonly order: number }>;
  /** Who built a program, and when. */
  readonly builders: Map<Build, { readonly owner: string; readonly order: number }>;
  /** Links into the distribution's zone data. */
  readonly zoneLinks: string[];
  /** What earlier stages of the file made. */
  readonly stageCopies: StageCopy[];
}

interface Removed {
  readonly path: string;
  /** What a wildcard matches; without one, `path` itself. */
  readonly pattern: RegExp | undefined;
}

interface Removal extends Removed {
  readonly order: number;
}

/** Where the toolchain and package managers keep their own state. */
const STATE_DIRECTORIES = [
  "/go/pkg",
  "/go/src",
  "/root/.ssh",
  "/root/.cache",
  "/root/.config",
  "/root/.netrc",
  "/root/.gitconfig",
  "/root/.bashrc",
  "/root/.profile",
  "/var/cache",
  "/var/lib/apt",
  "/etc/apk",
  "/etc/apt",
  "/tmp",
  "/usr/local/go",
  "/usr/share/man",
  "/lib64",
  "/usr/lib",
  "/lib",
  "/usr/include",
];
/** Engines mount these over what the image has. Source: https://docs.docker.com/engine/network/#container-dns-in-docker-engine-networks */
const MOUNTED_FILES = new Set(["/etc/hosts", "/etc/hostname", "/etc/resolv.conf"]);

const SYSTEM_DIRECTORIES = [
  "/",
  "/bin",
  "/sbin",
  "/usr",
  "/usr/bin",
  "/usr/sbin",
  "/usr/local",
  "/usr/local/bin",
  "/etc",
  "/opt",
  "/srv",
  "/home",
  "/root",
  "/tmp",
  "/var",
  "/go",
  "/go/bin",
  "/go/src",
  "/usr/local/go",
  "/usr/local/go/bin",
  "/usr/local/etc",
  "/usr/local/lib",
  "/usr/local/share",
  "/usr/local/share/ca-certificates",
  "/usr/local/sbin",
  "/usr/lib",
  "/usr/share",
  "/usr/share/zoneinfo",
  "/lib",
  "/etc/ssl",
  "/etc/ssl/certs",
  "/etc/apt",
  "/etc/cron.d",
  "/var/cache",
  "/var/lib",
  "/var/log",
  "/var/run",
  "/var/spool",
  "/var/tmp",
  "/run",
  "/mnt",
  "/media",
];

/** A stage in which nothing was done yet. */
export function createStageFiles(place: BuildPlace): StageFiles {
  const { repository, contextDirectory, dockerfilePath } = place;
  return {
    place,
    isIgnored:
      repository && contextDirectory !== undefined
        ? readIgnoreFile(repository, contextDirectory, dockerfilePath)
        : undefined,
    directories: new Set(SYSTEM_DIRECTORIES),
    copies: [],
    copyOrder: new Map(),
    ownerChanges: [],
    steps: 0,
    removals: [],
    made: new Map(),
    artifacts: new Map(),
    builders: new Map(),
    homes: new Map(),
    zoneLinks: [],
    stageCopies: [],
  };
}

/** A directory, and those above it, are there. */
export function addDirectory({ directories }: StageFiles, path: string): void {
  for (let at = path; !directories.has(at); at = directoryName(at)) directories.add(at);
}

export function addCopy(files: StageFiles, copy: CopiedFile): void {
  files.copyOrder.set(copy, nextOrder(files));
  files.copies.push(copy);
}

/** A file or directory is made, unless it was made before. */
export function addMade(
  files: StageFiles,
  path: string,
  kind: Made["kind"],
  instruction: Instruction,
  owner = "",
  isDownload = false,
): void {
  if (MOUNTED_FILES.has(path)) return;
  // `mkdir -p` makes what is above as well.
  if (kind === "directory")
    for (let at = directoryName(path); !files.directories.has(at); at = directoryName(at))
      addMade(files, at, kind, instruction, owner);
  if (kind === "directory") addDirectory(files, path);
  if (!files.made.has(path)) {
    const isState = isStatePath(path);
    files.made.set(path, {
      kind,
      instruction,
      isState,
      owner,
      order: nextOrder(files),
      isDownload,
    });
  }
}

/** `rm` takes away what was made and built, and hides what was copied. */
export function remove(files: StageFiles, removed: Removed): void {
  const { artifacts, made, removals } = files;
  for (const path of artifacts.keys()) if (covers(removed, path)) artifacts.delete(path);
  for (const path of made.keys()) if (covers(removed, path)) made.delete(path);
  removals.push({ ...removed, order: nextOrder(files) });
}

/** `cp`, `mv` and `ln`: programs keep their build under the new path. */
export function transfer(
  files: StageFiles,
  operation: Extract<FileOperation, { kind: "copy" | "move" | "link" }>,
  instruction: Instruction,
  owner: string,
): void {
  const { artifacts, made, removals, zoneLinks } = files;
  const { kind, source, contents } = operation;
  const intoDirectory =
    !contents && (operation.intoDirectory || isDirectory(files, operation.target));
  const target = intoDirectory
    ? resolvePath(operation.target, baseName(source))!
    : operation.target;
  for (const [path, build] of Array.from(artifacts)) {
    if (!isWithin(path, source)) continue;
    artifacts.set(target + path.slice(source.length), build);
    if (kind === "move") artifacts.delete(path);
    if (path === source) return;
  }
  if (kind === "move") {
    for (const path of made.keys()) if (isWithin(path, source)) made.delete(path);
    removals.push({ path: source, pattern: undefined, order: nextOrder(files) });
  }
  if (kind === "link" && isWithin(source, "/usr/share/zoneinfo")) zoneLinks.push(target);
  addMade(files, target, isDirectory(files, source) ? "directory" : "file", instruction, owner);
}

/** What was made and built in a mounted directory is not part of the image. */
export function leaveOut({ artifacts, made }: StageFiles, mounted: string): void {
  for (const path of artifacts.keys()) if (isWithin(path, mounted)) artifacts.delete(path);
  for (const path of made.keys()) if (isWithin(path, mounted)) made.delete(path);
}

/** Whether RUN removes a path: anything that was there, or, with `copy`, what that COPY brought. */
export function isRemoved(files: StageFiles, path: string, copy?: CopiedFile): boolean {
  const since = copy ? (files.copyOrder.get(copy) ?? 0) : -1;
  return files.removals.some((removal) => removal.order > since && covers(removal, path));
}

/** What COPY names and the repository does not hold: it is made before the image is built, or the build fails. */
export function absentSources({ copies, place }: StageFiles): CopiedFile[] {
  const { repository, contextDirectory } = place;
  if (!repository || contextDirectory === undefined) return [];
  return copies.filter((copy) => {
    if (copy.from !== undefined || /[*?[]|:\/\/|^<</.test(copy.source)) return false;
    const path = [contextDirectory, contextPath(copy)].filter((part) => part !== "").join("/");
    return path !== "" && kindOf(repository, path) === undefined;
  });
}

/** Who owns a path in the end: what was last put there, and what changed it since. */
export function ownership(files: StageFiles, path: string): Ownership {
  const made = files.made.get(path);
  const build = files.artifacts.get(path);
  let birth = made ? { owner: made.owner, order: made.order } : { owner: "", order: -1 };
  const owner = build === undefined ? undefined : files.builders.get(build);
  if (owner && owner.order > birth.order) birth = owner;
  for (const copy of files.copies) {
    const order = files.copyOrder.get(copy) ?? 0;
    if (order > birth.order && isWithin(path, copy.directory)) birth = { owner: "", order };
  }
  const home = files.homes.get(path);
  if (home) return ownershipOf(path, home, files.ownerChanges);
  // A directory that COPY only fills keeps its owner.
  if (made?.kind === "directory") birth = { owner: made.owner, order: made.order };
  return ownershipOf(path, birth, files.ownerChanges);
}

/** Whether a path is a directory by now: it was made one, or the repository's is one. */
export function isDirectory(files: StageFiles, path: string): boolean {
  const { copies, directories, place } = files;
  if (directories.has(path)) return true;
  const inRepository = place.repository && repositoryPath(copies, place, path);
  return inRepository !== undefined && kindOf(place.repository!, inRepository) === "directory";
}

/** Whether a path lies where the toolchain and package managers keep their own state. */
export function isStatePath(path: string): boolean {
  return STATE_DIRECTORIES.some((directory) => isWithin(path, directory));
}

/**
 * Path in the repository → absolute paths in the image: its own, or those of the parts of a directory that were copied
 * one by one. Empty when it was not copied.
 */
export function imagePaths(files: StageFiles, path: string): string[] {
  const { copies, directories, isIgnored, place } = files;
  const { repository, contextDirectory } = place;
  if (contextDirectory === undefined) return [];
  const inContext =
    contextDirectory === ""
      ? path
      : path.startsWith(`${contextDirectory}/`)
        ? path.slice(contextDirectory.length + 1)
        : undefined;
  if (inContext === undefined || isIgnored?.(inContext)) return [];
  const found = new Set<string>();
  for (const copy of copies) {
    if (copy.from !== undefined) continue;
    const below = belowSource(copy.source, inContext);
    if (below === undefined) {
      // The directory's parts were copied one by one.
      if (contextPath(copy).startsWith(`${inContext}/`) && !isIgnored?.(contextPath(copy)))
        add(isFileSource(copy, place) ? copy.target : copy.directory, copy);
      continue;
    }
    const isFile =
      below === "" && repository !== undefined && kindOf(repository, path) !== "directory";
    if (!isFile) add(resolvePath(copy.directory, below)!, copy);
    else
      add(
        copy.intoDirectory || directories.has(copy.directory)
          ? resolvePath(copy.directory, baseName(inContext))!
          : copy.target,
        copy,
      );
  }
  return [...found];

  function add(target: string, copy: CopiedFile): void {
    if (!isRemoved(files, target, copy)) found.add(target);
  }
}

/** Whatever happens to files has one order: what is copied after a removal is there. */
export function nextOrder(files: StageFiles): number {
  return files.steps++;
}

/** Whether a removal takes a path away. */
export function covers(removed: Removed, path: string): boolean {
  if (!removed.pattern) return isWithin(path, removed.path);
  for (let at = path; at !== "/"; at = directoryName(at)) if (removed.pattern.test(at)) return true;
  return false;
}
