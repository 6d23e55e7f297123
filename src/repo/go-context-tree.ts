/** The build context's directories, each listed once, and what is worth copying in them. */
import type { Repository, RepositoryEntry } from "../core/repository.ts";
import { repositoryNames } from "./go-knowledge.ts";
import { below, isWithin } from "./go-module.ts";

/** Directories no program reads at run time, and that are too large to look through. */
const skippedDirectories = new Set([".git", "node_modules", "vendor", "testdata"]);

export interface ContextTree {
  kindOf(path: string): RepositoryEntry["kind"] | undefined;
  names(directory: string): readonly string[];
  /** A path of the repository as one of the context. */
  inContext(path: string): string | undefined;
  /** Whether a file is something else than Go, or a directory holds any such file. */
  holdsData(path: string): boolean;
  /** Whether a path is Go source, or a directory of nothing else. */
  holdsOnlyGo(path: string): boolean;
  /** The files whose path ends with a name. */
  filesNamed(name: string): readonly string[];
}

/** The context's directories, each listed once. */
export function contextTree(repository: Repository, context: string): ContextTree {
  const directories = new Map<string, ReadonlyMap<string, RepositoryEntry["kind"]> | undefined>();
  const data = new Map<string, boolean>();
  let byName: Map<string, string[]> | undefined;

  function entries(path: string): ReadonlyMap<string, RepositoryEntry["kind"]> | undefined {
    if (!directories.has(path)) {
      const listed = repository.list(below(context, path));
      directories.set(path, listed && new Map(listed.map(({ name, kind }) => [name, kind])));
    }
    return directories.get(path);
  }

  function kindOf(path: string): RepositoryEntry["kind"] | undefined {
    if (path === "") return "directory";
    const slash = path.lastIndexOf("/");
    const parent = slash < 0 ? "" : path.slice(0, slash);
    // From the top down, so that a string that is no path costs one look.
    if (parent !== "" && kindOf(parent) === undefined) return undefined;
    return entries(parent)?.get(path.slice(slash + 1));
  }

  function holdsData(path: string): boolean {
    if (kindOf(path) !== "directory") return !path.endsWith(".go");
    let holds = data.get(path);
    if (holds === undefined) {
      holds = [...(entries(path) ?? [])].some(([name, kind]) => {
        if (kind === "directory")
          return !skippedDirectories.has(name) && holdsData(below(path, name));
        return !repositoryNames.test(name);
      });
      data.set(path, holds);
    }
    return holds;
  }

  function addFiles(directory: string): void {
    for (const [name, kind] of entries(directory) ?? []) {
      const path = below(directory, name);
      if (kind === "directory") {
        if (!skippedDirectories.has(name)) addFiles(path);
      } else byName!.set(name, [...(byName!.get(name) ?? []), path]);
    }
  }

  return {
    kindOf,
    names: (directory) => [...(entries(directory)?.keys() ?? [])],
    inContext(path) {
      if (!isWithin(path, context)) return undefined;
      return context === "" ? path : path.slice(context.length + 1);
    },
    holdsData,
    holdsOnlyGo(path) {
      if (kindOf(path) !== "directory") return path.endsWith(".go");
      return (
        !holdsData(path) && [...(entries(path)?.keys() ?? [])].some((name) => name.endsWith(".go"))
      );
    },
    filesNamed(name) {
      if (byName === undefined) {
        byName = new Map();
        addFiles("");
      }
      const base = name.slice(name.lastIndexOf("/") + 1);
      return (byName.get(base) ?? []).filter((path) => path === name || path.endsWith(`/${name}`));
    },
  };
}
