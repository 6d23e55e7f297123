/** POSIX paths inside an image or a build context; no file system is asked. */

/** Resolves a path against an absolute directory and normalizes it; `undefined` when the directory is needed and not known. */
export function resolvePath(directory: string | undefined, path: string): string | undefined {
  let whole = path;
  if (!path.startsWith("/")) {
    if (directory === undefined) return undefined;
    whole = `${directory}/${path}`;
  }
  const parts: string[] = [];
  for (const part of whole.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}

/** The last element: `/a/b` → `b`. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** What the last element stands in: `/a/b` → `/a`, `/a` → `/`. */
export function directoryName(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash <= 0 ? "/" : path.slice(0, slash);
}

/** Whether `path` is `directory` or lies below it; both absolute and normalized. */
export function isWithin(path: string, directory: string): boolean {
  return path === directory || directory === "/" || path.startsWith(`${directory}/`);
}

/**
 * A pathname pattern as an expression: `*` and `?` match no slash.
 *
 * @throws SyntaxError for an open bracket
 */
export function wildcardExpression(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|\\]/g, "\\$&")
    .replace(/\*/g, "[^/]*")
    .replace(/\?/g, "[^/]");
  return new RegExp(`^${source}$`);
}
