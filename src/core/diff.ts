import { createTwoFilesPatch, FILE_HEADERS_ONLY, formatPatch } from "diff";

/**
 * The unified diff between two texts of the file at `path`, as `git apply` takes it.
 *
 * @param path relative to the directory that `git apply` runs in, separated by `/`; the library quotes it as git does
 */
export function unifiedDiff(path: string, before: string, after: string): string {
  const names = [`a/${path}`, `b/${path}`] as const;
  const patch: string | undefined = createTwoFilesPatch(
    ...names,
    before,
    after,
    undefined,
    undefined,
    {
      context: 3,
      headerOptions: FILE_HEADERS_ONLY,
      maxEditLength: MOST_EDITS,
    },
  );
  return patch ?? wholeFilePatch(names, before, after);
}

/** Beyond this many changed lines the search for the shortest diff, which is quadratic, is given up: 18,000 take 20 s. */
const MOST_EDITS = 1_000;

/** One hunk that takes all lines out and puts all new ones in. */
function wholeFilePatch(
  [oldFileName, newFileName]: readonly [string, string],
  before: string,
  after: string,
): string {
  const gone = linesOf(before);
  const come = linesOf(after);
  const side = (lines: readonly string[], sign: string, text: string): string[] => [
    ...lines.map((line) => sign + line),
    ...(text === "" || text.endsWith("\n") ? [] : ["\\ No newline at end of file"]),
  ];
  const hunk = {
    oldStart: 1,
    oldLines: gone.length,
    newStart: 1,
    newLines: come.length,
    lines: [...side(gone, "-", before), ...side(come, "+", after)],
  };
  const patch = {
    oldFileName,
    newFileName,
    oldHeader: undefined,
    newHeader: undefined,
    hunks: [hunk],
  };
  return formatPatch(patch, FILE_HEADERS_ONLY);
}

function linesOf(text: string): string[] {
  return text.replace(/\n$/, "").split("\n");
}
