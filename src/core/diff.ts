import { createTwoFilesPatch, FILE_HEADERS_ONLY } from "diff";

/**
 * The unified diff between two texts of the file at `path`, as `git apply` takes it.
 *
 * @param path relative to the directory that `git apply` runs in, separated by `/`
 */
export function unifiedDiff(path: string, before: string, after: string): string {
  const names = [quoted(`a/${path}`), quoted(`b/${path}`)] as const;
  const patch: string | undefined = createTwoFilesPatch(...names, before, after, undefined, undefined, {
    context: 3,
    headerOptions: FILE_HEADERS_ONLY,
    maxEditLength: MOST_EDITS,
  });
  return patch ?? wholeFilePatch(names, before, after);
}

/** Beyond this many changed lines the search for the shortest diff, which is quadratic, is given up. */
const MOST_EDITS = 4_000;

/** One hunk that takes all lines out and puts all new ones in. */
function wholeFilePatch([own, other]: readonly [string, string], before: string, after: string): string {
  const side = (text: string, sign: string): { count: number; lines: string } => {
    const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
    const body = lines.map((line) => sign + line).join("");
    return { count: lines.length, lines: body === "" || body.endsWith("\n") ? body : `${body}\n\\ No newline at end of file\n` };
  };
  const [gone, come] = [side(before, "-"), side(after, "+")];
  const range = (count: number): string => (count === 0 ? "0,0" : `1,${count}`);
  return `--- ${own}\n+++ ${other}\n@@ -${range(gone.count)} +${range(come.count)} @@\n${gone.lines}${come.lines}`;
}

/** Git quotes a path with control characters, quotes or backslashes in the way C does. */
function quoted(path: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (!/[\u0000-\u001f"\\\u007f]/.test(path)) return path;
  const escapes: Record<string, string> = { "\t": "\\t", "\n": "\\n", "\r": "\\r", '"': '\\"', "\\": "\\\\" };
  // oxlint-disable-next-line no-control-regex -- as above
  return `"${path.replace(/[\u0000-\u001f"\\\u007f]/g, (char) => escapes[char] ?? `\\${char.charCodeAt(0).toString(8).padStart(3, "0")}`)}"`;
}
