import { createTwoFilesPatch, FILE_HEADERS_ONLY } from "diff";

/**
 * The unified diff between two texts of the file at `path`, as `git apply` takes it.
 *
 * @param path relative to the directory that `git apply` runs in, separated by `/`
 */
export function unifiedDiff(path: string, before: string, after: string): string {
  const patch = createTwoFilesPatch(quoted(`a/${path}`), quoted(`b/${path}`), before, after, undefined, undefined, {
    context: 3,
    headerOptions: FILE_HEADERS_ONLY,
  });
  return patch;
}

/** Git quotes a path with control characters, quotes or backslashes in the way C does. */
function quoted(path: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (!/[\u0000-\u001f"\\\u007f]/.test(path)) return path;
  const escapes: Record<string, string> = { "\t": "\\t", "\n": "\\n", "\r": "\\r", '"': '\\"', "\\": "\\\\" };
  // oxlint-disable-next-line no-control-regex -- as above
  return `"${path.replace(/[\u0000-\u001f"\\\u007f]/g, (char) => escapes[char] ?? `\\${char.charCodeAt(0).toString(8).padStart(3, "0")}`)}"`;
}
