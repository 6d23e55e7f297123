import { existsSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";

/**
 * Finds the repository a directory belongs to: the nearest one, going up, that has a `.git` (a directory, or a file in
 * worktrees and submodules). Remembers what it found, since a batch asks for the same directories again and again.
 */
export function createRootFinder(): (directory: string) => string | undefined {
  const roots = new Map<string, string | undefined>();
  return function rootOf(directory: string): string | undefined {
    if (roots.has(directory)) return roots.get(directory);
    const parent = dirname(directory);
    let root: string | undefined;
    if (existsSync(join(directory, ".git"))) root = directory;
    else if (parent !== directory) root = rootOf(parent);
    roots.set(directory, root);
    return root;
  };
}

/** Whether a path is the directory itself or below it. Both absolute and normalized. */
export function isInside(path: string, directory: string): boolean {
  return (
    path === directory || path.startsWith(directory.endsWith(sep) ? directory : directory + sep)
  );
}

/** The deepest directory that holds both. */
export function commonAncestor(one: string, other: string): string {
  let ancestor = one;
  while (!isInside(other, ancestor)) ancestor = dirname(ancestor);
  return ancestor;
}

/** A path as the core names it: relative, with `/`; the directory itself is `""`. */
export function relativePath(directory: string, path: string): string {
  if (path.length > directory.length && path.startsWith(directory) && sep === "/") {
    const start = directory.endsWith("/") ? directory.length : directory.length + 1;
    if (directory.endsWith("/") || path[directory.length] === "/") return path.slice(start);
  }
  return withSlashes(relative(directory, path));
}

export function withSlashes(path: string): string {
  return sep === "/" ? path : path.replaceAll(sep, "/");
}
