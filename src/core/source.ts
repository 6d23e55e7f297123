/** Half-open range of UTF-16 offsets in a source text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Text that was put together from pieces of the source (continuation lines joined, comments between
 * them dropped), with the way back to where each character came from. It is exactly the text that
 * BuildKit hands to the shell.
 */
export interface LogicalText {
  readonly text: string;
  /** In order of `at`: the character at `at` of `text` stands at `start` of the source, and so on up to the next piece. */
  readonly pieces: readonly { readonly at: number; readonly start: number }[];
}

/** The source offset of the character at `index` of a logical text. */
export function sourceOffset(logical: LogicalText, index: number): number {
  const { pieces } = logical;
  let low = 0;
  let high = pieces.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (pieces[middle]!.at <= index) low = middle;
    else high = middle - 1;
  }
  const piece = pieces[low]!;
  return piece.start + (index - piece.at);
}

/** The source span of the non-empty range `start`–`end` of a logical text. */
export function sourceSpan(logical: LogicalText, start: number, end: number): Span {
  const from = sourceOffset(logical, start);
  return { start: from, end: end > start ? sourceOffset(logical, end - 1) + 1 : from };
}

/** The part of a logical text from `start` to `end`, still knowing its source offsets. */
export function sliceLogical(
  logical: LogicalText,
  start: number,
  end = logical.text.length,
): LogicalText {
  const pieces = [{ at: 0, start: sourceOffset(logical, start) }];
  for (const piece of logical.pieces) {
    if (piece.at > start && piece.at < end)
      pieces.push({ at: piece.at - start, start: piece.start });
  }
  return { text: logical.text.slice(start, end), pieces };
}

/** Offsets at which the lines of a text begin; lines end at `\n`, as in BuildKit. */
export function lineStarts(source: string): readonly number[] {
  const starts = [0];
  for (let at = source.indexOf("\n"); at >= 0; at = source.indexOf("\n", at + 1))
    starts.push(at + 1);
  return starts;
}

/** The line, from 1, that the character at `offset` stands on. */
export function lineAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return low + 1;
}

/** Go's `unicode.IsSpace`, which is not JavaScript's `\s` (U+0085 is one, U+FEFF is not). */
export function isSpace(code: number): boolean {
  if (code <= 32) return code === 32 || (code >= 9 && code <= 13);
  return (
    code === 0x85 ||
    code === 0xa0 ||
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000
  );
}

/** The first offset from `from` on that holds no space, or `end`. */
export function skipSpaces(text: string, from: number, end = text.length): number {
  let at = from;
  while (at < end && isSpace(text.charCodeAt(at))) at++;
  return at;
}
