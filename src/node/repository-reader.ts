import { lstatSync, readdirSync, realpathSync } from "node:fs";
import type { Dirent } from "node:fs";
import { join } from "node:path";
import type { Repository, RepositoryEntry } from "../core/repository.ts";
import { readBytes } from "./read-bytes.ts";
import { isInside } from "./repository-root.ts";

/** In bytes. Larger files are generated or data; no decision rests on them. */
const largestFile = 2_000_000;

/** In UTF-16 units. A batch over one huge tree must not keep all of it; what was dropped is read again. */
const largestCache = 64_000_000;

/**
 * A {@link Repository} over a directory of this machine. Reads on demand and remembers what it read, so use one for each
 * run. Symbolic links are followed inside the directory only.
 *
 * @param root the directory
 * @example directoryRepository(".").read("go.mod")
 */
export function directoryRepository(root: string): Repository {
  const texts = new Map<string, string | undefined>();
  const listings = new Map<string, readonly RepositoryEntry[] | undefined>();
  const plainDirectories = new Map<string, boolean>([["", true]]);
  let cached = 0;
  let realRoot: string | undefined;

  /** Whether no part of a directory's path below the root is a symbolic link: then nothing in it leads out by its parents. */
  function isPlain(directory: string): boolean {
    let plain = plainDirectories.get(directory);
    if (plain === undefined) {
      const slash = directory.lastIndexOf("/");
      const name = directory.slice(slash + 1);
      const parent = slash < 0 ? "" : directory.slice(0, slash);
      const mayBe = name !== "" && name !== "." && name !== ".." && isPlain(parent);
      plain =
        mayBe &&
        lstatSync(join(root, directory), { throwIfNoEntry: false })?.isDirectory() === true;
      plainDirectories.set(directory, plain);
    }
    return plain;
  }

  /** Where a path leads when symbolic links are followed, if that is inside the root. */
  function follow(path: string): string | undefined {
    if (path.split("/").includes("..") || path.startsWith("/")) return undefined;
    realRoot ??= realpathSync.native(root);
    const file = realpathSync.native(join(root, path));
    return isInside(file, realRoot) ? file : undefined;
  }

  function readText(path: string): string | undefined {
    try {
      const slash = path.lastIndexOf("/");
      const isSafe =
        isPlain(slash < 0 ? "" : path.slice(0, slash)) && path.slice(slash + 1) !== "..";
      let reading = isSafe ? readBytes(join(root, path), largestFile) : undefined;
      if (!reading || reading.kind === "symlink") {
        const target = follow(path);
        if (target === undefined) return undefined;
        reading = readBytes(target, largestFile);
      }
      if (reading.kind !== "bytes" || reading.bytes.includes(0)) return undefined;
      return reading.bytes.toString("utf8");
    } catch {
      return undefined;
    }
  }

  function listEntries(path: string): readonly RepositoryEntry[] | undefined {
    try {
      const directory = isPlain(path) ? join(root, path) : follow(path);
      if (directory === undefined) return undefined;
      const entries = readdirSync(directory, { withFileTypes: true });
      return entries
        .map((entry) => ({ name: entry.name, kind: kindOfEntry(entry) }))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
    } catch {
      return undefined;
    }
  }

  function list(path: string): readonly RepositoryEntry[] | undefined {
    if (listings.has(path)) return listings.get(path);
    const entries = listEntries(path);
    listings.set(path, entries);
    return entries;
  }

  /** Most files that are asked for are not there, and a failed open costs more than a look at a listing that is needed anyway. */
  function isListed(path: string): boolean {
    const slash = path.lastIndexOf("/");
    const name = path.slice(slash + 1);
    return (
      list(slash < 0 ? "" : path.slice(0, slash))?.some((entry) => entry.name === name) === true
    );
  }

  return {
    read(path) {
      if (texts.has(path)) return texts.get(path);
      const text = isListed(path) ? readText(path) : undefined;
      cached += text?.length ?? 0;
      if (cached > largestCache) {
        texts.clear();
        listings.clear();
        cached = text?.length ?? 0;
      }
      texts.set(path, text);
      return text;
    },
    list,
  };
}

function kindOfEntry(entry: Dirent): RepositoryEntry["kind"] {
  if (entry.isDirectory()) return "directory";
  return entry.isSymbolicLink() ? "symlink" : "file";
}
