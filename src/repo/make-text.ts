/** The text of a makefile: words, references, lines and comments. https://www.gnu.org/software/make/manual/make.html#Makefile-Contents */

export interface TextLine {
  /** With its continuation lines, each behind a backslash and a line end. */
  readonly text: string;
  readonly line: number;
}

export function wordsOf(text: string): string[] {
  return text.match(/[^ \t\n]+/g) ?? [];
}

export function eachWord(text: string, change: (word: string) => string): string {
  return wordsOf(text).map(change).join(" ");
}

/** Offset behind the reference at a `$`; -1 when its parenthesis is not closed. */
export function endOfReference(text: string, dollar: number): number {
  const open = text[dollar + 1];
  if (open !== "(" && open !== "{") return Math.min(dollar + 2, text.length);
  const close = open === "(" ? ")" : "}";
  let depth = 0;
  for (let at = dollar + 1; at < text.length; at++) {
    if (text[at] === open) depth++;
    else if (text[at] === close && --depth === 0) return at + 1;
  }
  return -1;
}

/** The first of some characters that is in no reference and behind no backslash, or -1. */
export function indexOutside(text: string, characters: string): number {
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (characters.includes(char)) return at;
    const next = text[at + 1];
    if (char === "\\" && next !== undefined && (next === "\\" || characters.includes(next))) at++;
    else if (char === "$") {
      const end = endOfReference(text, at);
      if (end < 0) return -1;
      at = end - 1;
    }
  }
  return -1;
}

/** Text that expands to itself. */
export function quoted(text: string): string {
  return text.replaceAll("$", "$$$$");
}

/** Lines with those that continue them. An even number of backslashes at a line's end is text. */
export function textLines(text: string): TextLine[] {
  const found: TextLine[] = [];
  let pieces: string[] = [];
  const lines = text.split("\n");
  for (const [index, line] of lines.entries()) {
    pieces.push(line);
    let backslashes = 0;
    while (line[line.length - 1 - backslashes] === "\\") backslashes++;
    if (backslashes % 2 === 1 && index < lines.length - 1) continue;
    found.push({ text: pieces.join("\n"), line: index + 2 - pieces.length });
    pieces = [];
  }
  return found;
}

/** Outside recipes, a line's end behind a backslash and the blanks around it are one blank. */
export function joinLines(text: string): string {
  const [first = "", ...more] = text.split("\\\n");
  if (more.length === 0) return text;
  const last = more.pop()!;
  return [first.trimEnd(), ...more.map((piece) => piece.trim()), last.trimStart()].join(" ");
}

/** A line up to its comment; `\#` is a number sign, other than within references. */
export function withoutComment(text: string): string {
  let out = "";
  for (let at = 0; at < text.length && text[at] !== "#";) {
    const isEscape = text[at] === "\\" && (text[at + 1] === "#" || text[at + 1] === "\\");
    const end = isEscape ? at + 2 : text[at] === "$" ? endOfReference(text, at) : at + 1;
    if (end < 0) return out + text.slice(at);
    const piece = text.slice(at, end);
    out += piece === "\\#" ? "#" : piece;
    at = end;
  }
  return out;
}
