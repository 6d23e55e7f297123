import {
  isSpace,
  skipSpaces,
  sliceLogical,
  sourceOffset,
  sourceSpan,
  type LogicalText,
  type Span,
} from "./source.ts";
import { heredocsOfLine, type HeredocStart } from "./heredocs.ts";
import { parseStringArray } from "./string-array.ts";

/**
 * Reads a Dockerfile into instructions by BuildKit's own rules: parser directives, the escape
 * character, continuation lines, comments and blank lines inside continuations, here-documents.
 * Everything keeps its place in the source.
 *
 * Rule for rule after `frontend/dockerfile/parser/parser.go` and `directives.go` of moby/buildkit.
 */

export interface Instruction {
  /** Upper case: `RUN`, `FROM`, … */
  readonly keyword: string;
  readonly keywordSpan: Span;
  /** From the keyword to the end of the last line that belongs to it, here-documents included, without its line end. */
  readonly span: Span;
  /** First and last line, from 1. */
  readonly line: number;
  readonly endLine: number;
  readonly flags: readonly Flag[];
  /** What follows the keyword and its flags, continuation lines joined. */
  readonly body: LogicalText;
  readonly heredocs: readonly Heredoc[];
  /** Comment lines inside the continuation. */
  readonly innerComments: readonly Span[];
  /** The block of comment lines that stands directly above, without a blank line between. */
  readonly leadingComments: readonly Comment[];
  /** The file ends inside this instruction's continuation: nothing may be put behind it. */
  readonly unfinished: boolean;
}

/** `--name=value` before the arguments, quotes and escapes removed as BuildKit does. */
export interface Flag {
  readonly name: string;
  readonly value: string | undefined;
}

export interface Heredoc extends HeredocStart {
  /** The lines between the instruction and the delimiter. */
  readonly content: Span;
}

export interface Comment {
  /** From `#` to the end of the line, without its line end. */
  readonly span: Span;
  readonly line: number;
}

/** A parser directive such as `# syntax=…` or `# escape=…`. */
export interface Directive extends Comment {
  readonly name: string;
  readonly value: string;
}

export interface Lines {
  readonly instructions: readonly Instruction[];
  /** Comment lines outside instructions, directives not among them. */
  readonly comments: readonly Comment[];
  readonly directives: readonly Directive[];
  /** `\` or a backtick. */
  readonly escape: string;
}

/** Why a file cannot be read, as BuildKit would put it. */
export interface ReadProblem {
  readonly problem: string;
  readonly line: number;
}

// Go's `\s`, written out: JavaScript's holds more.
const DIRECTIVE = /^([a-zA-Z][a-zA-Z0-9]*)[\t\n\f\r ]*=[\t\n\f\r ]*([^\n]+?)[\t\n\f\r ]*$/;
const KNOWN_DIRECTIVES = new Set(["syntax", "escape", "check"]);
const TAKES_HEREDOC = new Set(["RUN", "COPY", "ADD"]);
/** Bytes of a line, its line end left out, that Go's `bufio.Scanner` still takes. */
const LONGEST_LINE = 65_535;

/** Reads a text into instructions, or says on which line BuildKit would stop. */
export function readLines(source: string): Lines | ReadProblem {
  const instructions: Instruction[] = [];
  const comments: Comment[] = [];
  const directives: Directive[] = [];
  let escape = "\\";
  let directivesDone = false;
  let block: Comment[] = [];

  let next = source.charCodeAt(0) === 0xfeff ? 1 : 0;
  let line = 0;

  // One physical line, without its line end; BuildKit trims every trailing CR and LF.
  let start = 0;
  let end = 0;
  function advance(): boolean {
    if (next >= source.length) return false;
    start = next;
    const newline = source.indexOf("\n", start);
    end = newline < 0 ? source.length : newline;
    next = newline < 0 ? source.length : newline + 1;
    while (end > start && source.charCodeAt(end - 1) === 13) end--;
    line++;
    return true;
  }

  /** Where the text of the current line ends when it goes on in the next one, else -1. */
  function continuationEnd(from: number): number {
    let at = end;
    while (at > from && (source[at - 1] === " " || source[at - 1] === "\t")) at--;
    if (at === from || source[at - 1] !== escape) return -1;
    // An escaped escape character is none: `[^\\]\\[ \t]*$` in BuildKit.
    if (at - 1 > from && source[at - 2] === escape) return -1;
    return at - 1;
  }

  const tooLong = firstTooLongLine(source);
  if (tooLong) return { problem: `the line is longer than ${LONGEST_LINE} bytes`, line: tooLong };

  while (advance()) {
    const first = skipSpaces(source, start, end);
    const isComment = source[first] === "#" && first < end;
    if (!directivesDone) {
      const match = isComment
        ? DIRECTIVE.exec(source.slice(skipSpaces(source, first + 1, end), end))
        : null;
      const name = match?.[1]!.toLowerCase();
      // The first line that is no directive, or one BuildKit does not know, ends them.
      if (!match || !name || !KNOWN_DIRECTIVES.has(name)) directivesDone = true;
      else {
        if (directives.some((directive) => directive.name === name)) {
          return { problem: `only one ${name} parser directive can be used`, line };
        }
        if (name === "escape") {
          if (match[2] !== "\\" && match[2] !== "`") {
            return { problem: `the escape character must be \\ or \`, not ${match[2]}`, line };
          }
          escape = match[2];
        }
        directives.push({ name, value: match[2]!, span: { start: first, end }, line });
        continue;
      }
    }
    if (isComment) {
      const comment = { span: { start: first, end }, line };
      comments.push(comment);
      block.push(comment);
      continue;
    }
    if (first === end) {
      block = [];
      continue;
    }

    const startLine = line;
    const pieces: { at: number; start: number }[] = [];
    const innerComments: Span[] = [];
    let text = "";
    let goesOn = continuationEnd(first);
    function take(from: number): void {
      const to = goesOn < 0 ? end : goesOn;
      if (to > from) pieces.push({ at: text.length, start: from });
      text += source.slice(from, to);
    }
    take(first);
    let contentEnd = end;
    let contentLine = line;
    let unfinished = false;
    while (goesOn >= 0) {
      if (!advance()) {
        unfinished = true;
        break;
      }
      const inner = skipSpaces(source, start, end);
      if (inner === end) continue;
      if (source[inner] === "#") {
        innerComments.push({ start: inner, end });
        continue;
      }
      goesOn = continuationEnd(start);
      take(start);
      contentEnd = end;
      contentLine = line;
    }
    if (unfinished) {
      contentEnd = end;
      contentLine = line;
    }
    const begin = skipSpaces(text, 0);
    // Escape characters alone up to the end of the file: BuildKit looks for an instruction named "".
    if (begin === text.length)
      return { problem: "a continuation without an instruction", line: startLine };
    const read = readInstruction(text, begin, pieces, escape);

    const heredocs: Heredoc[] = [];
    const taker =
      read.keyword === "ONBUILD"
        ? readInstruction(read.body.text, 0, read.body.pieces, escape)
        : read;
    if (
      text.includes("<<") &&
      TAKES_HEREDOC.has(taker.keyword) &&
      !parseStringArray(taker.body.text)
    ) {
      const starts = heredocsOfLine(text);
      if (starts === undefined)
        return { problem: "the name of a here-document cannot be read", line: startLine };
      for (const heredoc of starts) {
        const contentStart = next;
        let terminated = false;
        while (advance()) {
          let at = start;
          if (heredoc.chomp) while (source[at] === "\t") at++;
          if (source.slice(at, end) === heredoc.name) {
            terminated = true;
            break;
          }
        }
        if (!terminated)
          return { problem: `here-document ${heredoc.name} is not ended`, line: startLine };
        heredocs.push({ ...heredoc, content: { start: contentStart, end: start } });
        contentEnd = end;
        contentLine = line;
      }
    }

    instructions.push({
      keyword: read.keyword,
      keywordSpan: read.keywordSpan,
      span: { start: read.keywordSpan.start, end: contentEnd },
      line: startLine,
      endLine: contentLine,
      flags: read.flags,
      body: read.body,
      heredocs,
      innerComments,
      leadingComments: block,
      unfinished,
    });
    block = [];
  }
  if (instructions.length === 0)
    return { problem: "the file holds no instruction", line: Math.max(line, 1) };
  return { instructions, comments, directives, escape };
}

/** The line, from 1, on which Go's scanner gives up, or `undefined`. */
function firstTooLongLine(source: string): number | undefined {
  if (source.length * 3 <= LONGEST_LINE) return undefined;
  let line = 0;
  for (let start = 0; start < source.length;) {
    line++;
    const newline = source.indexOf("\n", start);
    const end = newline < 0 ? source.length : newline;
    // A UTF-16 unit takes three bytes at most.
    if (
      (end - start) * 3 > LONGEST_LINE &&
      new TextEncoder().encode(source.slice(start, end)).length > LONGEST_LINE
    )
      return line;
    start = end + 1;
  }
  return undefined;
}

/** Keyword, flags and the rest of one logical line: `splitCommand` and `extractBuilderFlags` of BuildKit. */
function readInstruction(
  text: string,
  begin: number,
  pieces: LogicalText["pieces"],
  escape: string,
): { keyword: string; keywordSpan: Span; flags: Flag[]; body: LogicalText } {
  let at = begin;
  while (at < text.length && !/[\t\v\f\r ]/.test(text[at]!)) at++;
  const logical: LogicalText = { text, pieces };
  // ASCII only: JavaScript would take `ONBU\u0131LD` for ONBUILD, Go does not.
  const keyword = text.slice(begin, at).replace(/[a-z]+/g, (letters) => letters.toUpperCase());
  const keywordSpan = sourceSpan(logical, begin, at);
  let end = text.length;
  while (end > at && isSpace(text.charCodeAt(end - 1))) end--;

  const flags: Flag[] = [];
  for (;;) {
    at = skipSpaces(text, at, end);
    if (text[at] !== "-" || text[at + 1] !== "-" || at + 1 >= end) break;
    let word = "";
    let quote = "";
    while (at < end) {
      let char = text[at]!;
      if (!quote && isSpace(char.charCodeAt(0))) break;
      at++;
      if (quote ? char === quote : char === "'" || char === '"') {
        quote = quote ? "" : char;
        continue;
      }
      if (char === escape) {
        if (at === end) break;
        char = text[at++]!;
      }
      word += char;
    }
    if (word === "--") {
      at = skipSpaces(text, at, end);
      break;
    }
    const equals = word.indexOf("=");
    flags.push(
      equals < 0
        ? { name: word.slice(2), value: undefined }
        : { name: word.slice(2, equals), value: word.slice(equals + 1) },
    );
  }
  // An instruction without arguments: its body is empty and stands behind what there is.
  if (at >= end)
    return {
      keyword,
      keywordSpan,
      flags,
      body: { text: "", pieces: [{ at: 0, start: sourceOffset(logical, end - 1) + 1 }] },
    };
  return { keyword, keywordSpan, flags, body: sliceLogical(logical, at, end) };
}
