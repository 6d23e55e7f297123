import { DockerfileParser } from "dockerfile-ast";
import type { Document } from "./document.ts";
import type { ReadProblem } from "./line-reader.ts";

/**
 * A second opinion on where the instructions of a file are: dockerfile-ast's. Where it differs from our
 * own reading, one of the two is wrong about the file, and a rewrite could cut it in the wrong place.
 *
 * @returns the first place where the two readings differ, or `undefined` when they agree.
 */
export function disagreement(document: Document): ReadProblem | undefined {
  const { source } = document;
  // dockerfile-ast counts columns from a byte order mark that BuildKit drops.
  const offset = source.charCodeAt(0) === 0xfeff ? 1 : 0;
  let theirs;
  try {
    theirs = withBuffer(() =>
      DockerfileParser.parse(offset ? source.slice(offset) : source).getInstructions(),
    );
  } catch (error) {
    return { problem: `dockerfile-ast cannot read the file: ${String(error)}`, line: 1 };
  }
  const ours = document.instructions;
  for (let index = 0; index < ours.length; index++) {
    const mine = ours[index]!;
    const other = theirs[index];
    const range = other?.getRange();
    const sameStart =
      range &&
      range.start.line + 1 === mine.line &&
      document.lineStarts[range.start.line]! +
        range.start.character +
        (range.start.line === 0 ? offset : 0) ===
        mine.span.start;
    // Blank and comment lines that end a continuation belong to the instruction in one reading and not in the other.
    if (
      !sameStart ||
      other!.getKeyword() !== mine.keyword ||
      range.end.line + 1 < lastTextLine(document, mine.span)
    ) {
      return { problem: `two readings of ${mine.keyword} differ`, line: mine.line };
    }
    const following = ours[index + 1];
    if (following && range.end.line + 1 >= following.line) {
      return { problem: `two readings of ${mine.keyword} differ`, line: mine.line };
    }
  }
  if (theirs.length > ours.length) {
    const extra = theirs[ours.length]!;
    return {
      problem: `two readings of ${extra.getKeyword()} differ`,
      line: extra.getRange().start.line + 1,
    };
  }
  return undefined;
}

function lastTextLine(document: Document, span: { readonly end: number }): number {
  const { lineStarts } = document;
  let low = 0;
  let high = lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (lineStarts[middle]! <= span.end) low = middle;
    else high = middle - 1;
  }
  return low + 1;
}

/** dockerfile-ast asks Node's Buffer for the bytes of the first character; a browser has none, so it is lent one. */
function withBuffer<Result>(run: () => Result): Result {
  const realm = globalThis as { Buffer?: unknown };
  if (realm.Buffer !== undefined) return run();
  realm.Buffer = { from: (text: string) => new TextEncoder().encode(text) };
  try {
    return run();
  } finally {
    delete realm.Buffer;
  }
}
