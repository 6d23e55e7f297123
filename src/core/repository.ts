/**
 * The repository around a Dockerfile, as far as the core may see it: a reader that is passed in.
 * Paths are relative to the repository's root, separated by `/`, without `.` and `..`; the root is `""`.
 * The core never touches a file system itself, so the same code runs over a directory, an archive or a browser's files.
 */
export interface Repository {
  /** The text of a file, or `undefined` when there is none (or it is a directory, unreadable, or too large to be text). */
  read(path: string): string | undefined;
  /** The entries of a directory in name order, or `undefined` when there is no such directory. */
  list(path: string): readonly RepositoryEntry[] | undefined;
}

export interface RepositoryEntry {
  readonly name: string;
  readonly kind: "file" | "directory" | "symlink";
}

/** Whether a path is there, and as what. Follows nothing: a symlink is a symlink. */
export function kindOf(repository: Repository, path: string): RepositoryEntry["kind"] | undefined {
  if (path === "") return repository.list("") ? "directory" : undefined;
  const slash = path.lastIndexOf("/");
  const entries = repository.list(slash < 0 ? "" : path.slice(0, slash));
  return entries?.find((entry) => entry.name === path.slice(slash + 1))?.kind;
}

/**
 * A repository held in memory, for tests and browsers.
 *
 * @example repositoryOf({ "go.mod": "module example.com/app\n", "main.go": "package main\n" })
 */
export function repositoryOf(files: Readonly<Record<string, string>>): Repository {
  const directories = new Map<string, Map<string, RepositoryEntry["kind"]>>([["", new Map()]]);
  for (const path of Object.keys(files)) {
    const parts = path.split("/");
    for (let depth = 0; depth < parts.length; depth++) {
      const parent = parts.slice(0, depth).join("/");
      let entries = directories.get(parent);
      if (!entries) directories.set(parent, (entries = new Map()));
      entries.set(parts[depth]!, depth === parts.length - 1 ? "file" : "directory");
    }
  }
  return {
    read: (path) => (Object.hasOwn(files, path) ? files[path] : undefined),
    list(path) {
      const entries = directories.get(path);
      if (!entries) return undefined;
      return [...entries]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, kind]) => ({ name, kind }));
    },
  };
}
