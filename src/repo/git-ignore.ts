import type { Repository } from "../core/repository.ts";

/**
 * Whether git would ignore a file, by the .gitignore files between the root and it. A file that is ignored lies in one
 * checkout and not in the next. Only the common forms are read: names, paths, `*`, `**`, `!`.
 * Source: https://git-scm.com/docs/gitignore
 */
export function ignoredByGit(repository: Repository, path: string): boolean {
  const parts = path.split("/");
  let ignored = false;
  for (let depth = 0; depth < parts.length; depth++) {
    const directory = parts.slice(0, depth).join("/");
    const text = repository.read(directory === "" ? ".gitignore" : `${directory}/.gitignore`);
    if (text === undefined) continue;
    const below = parts.slice(depth);
    for (const raw of text.split(/\r?\n/)) {
      const line = raw.trim();
      if (line === "" || line.startsWith("#")) continue;
      const isException = line.startsWith("!");
      if (matches(isException ? line.slice(1) : line, below)) ignored = !isException;
    }
  }
  return ignored;
}

/** Whether a pattern matches a path or a directory above it. */
function matches(pattern: string, parts: readonly string[]): boolean {
  const clean = pattern.replace(/\/$/, "");
  const isAnchored = clean.includes("/");
  const expression = new RegExp(
    `^${clean
      .replace(/^\//, "")
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replace(/\*\*\/?|\*|\?/g, (wild) =>
        wild === "?" ? "[^/]" : wild === "*" ? "[^/]*" : "(?:.*/)?",
      )}$`,
  );
  const mustBeDirectory = pattern.endsWith("/");
  return parts.some((part, index) => {
    if (mustBeDirectory && index === parts.length - 1) return false;
    return expression.test(isAnchored ? parts.slice(0, index + 1).join("/") : part);
  });
}
