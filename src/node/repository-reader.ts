import { readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import type { Dirent } from "node:fs";
import { join } from "node:path";
import type { Repository, RepositoryEntry } from "../core/repository.ts";
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
  let cached = 0;
  let realRoot: string | undefined;

  function locate(path: string): string | undefined {
    if (path.split("/").includes("..") || path.startsWith("/")) return undefined;
    try {
      realRoot ??= realpathSync.native(root);
      const file = realpathSync.native(join(root, path));
      return isInside(file, realRoot) ? file : undefined;
    } catch {
      return undefined;
    }
  }

  function readText(path: string): string | undefined {
    const file = locate(path);
    if (file === undefined) return undefined;
    try {
      const stats = statSync(file);
      if (!stats.isFile() || stats.size > largestFile) return undefined;
      const text = readFileSync(file, "utf8");
      return text.includes("\0") ? undefined : text;
    } catch {
      return undefined;
    }
  }

  function listEntries(path: string): readonly RepositoryEntry[] | undefined {
    const directory = locate(path);
    if (directory === undefined) return undefined;
    try {
      const entries = readdirSync(directory, { withFileTypes: true });
      return entries
        .map((entry) => ({ name: entry.name, kind: kindOfEntry(entry) }))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
    } catch {
      return undefined;
    }
  }

  return {
    read(path) {
      if (texts.has(path)) return texts.get(path);
      const text = readText(path);
      cached += text?.length ?? 0;
      if (cached > largestCache) {
        texts.clear();
        listings.clear();
        cached = text?.length ?? 0;
      }
      texts.set(path, text);
      return text;
    },
    list(path) {
      if (listings.has(path)) return listings.get(path);
      const entries = listEntries(path);
      listings.set(path, entries);
      return entries;
    },
  };
}

function kindOfEntry(entry: Dirent): RepositoryEntry["kind"] {
  if (entry.isDirectory()) return "directory";
  return entry.isSymbolicLink() ? "symlink" : "file";
}
