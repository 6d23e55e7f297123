import MagicString from "magic-string";

/** Puts `text` in place of the source between `start` and `end`; an insertion when they are equal. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Applies edits to a source; everything outside them stays byte for byte. Insertions at the same place keep
 * the order they are given in.
 *
 * @throws when two edits overlap
 */
export function applyEdits(source: string, edits: readonly Edit[]): string {
  const result = new MagicString(source);
  const replacements = edits
    .filter((edit) => edit.end > edit.start)
    .sort((a, b) => a.start - b.start);
  let last = 0;
  for (const { start, end, text } of replacements) {
    if (start < last) throw new Error(`edits overlap at offset ${start}`);
    last = end;
    if (text === "") result.remove(start, end);
    else result.overwrite(start, end, text);
  }
  // After the removals: magic-string drops what was put beside a removed chunk before.
  for (const { start, end, text } of edits) {
    if (start === end && text !== "") result.appendLeft(start, text);
  }
  return result.toString();
}
