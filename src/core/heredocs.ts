import { isSpace } from "./source.ts";

export interface HeredocStart {
  readonly name: string;
  /** `<<-`: leading tabs of the lines and of the delimiter are dropped. */
  readonly chomp: boolean;
  /** The delimiter is not quoted: variables in the content are expanded. */
  readonly expand: boolean;
}

/** `processName` in lex.go: a number, a special parameter, or a name of letters and digits. */
const VARIABLE = /\p{Nd}+|[@*#?$!-]|[\p{L}_][\p{L}\p{Nd}_]*/uy;

const OPENER = /^\d*<<(-?)[\t\n\f\r ]*([^<]*)$/;

/**
 * The here-documents that a logical line opens, in order: those of its shell words that are `<<NAME` as a whole
 * (`cat<<NAME` opens none). `<< NAME` opens one since BuildKit 0.22; an older BuildKit refuses such a file anyway,
 * because it takes the lines that follow for instructions.
 *
 * Rule: `heredocsFromLine` and `ParseHeredoc` in moby/buildkit `frontend/dockerfile/parser/parser.go`.
 *
 * @returns `undefined` when BuildKit refuses a delimiter
 */
export function heredocsOfLine(line: string): HeredocStart[] | undefined {
  const starts: HeredocStart[] = [];
  // BuildKit drops the error of a line it can't split: no here-document then.
  for (const word of shellWords(line, { quotes: true, escapes: true }) ?? []) {
    const match = OPENER.exec(word);
    const delimiter = match?.[2];
    if (!match || !delimiter) continue;
    const names = shellWords(delimiter, { quotes: false, escapes: false });
    const quoted = shellWords(delimiter, { quotes: true, escapes: false });
    if (!names || !quoted) return undefined;
    if (names.length !== 1) continue;
    starts.push({
      name: names[0]!,
      chomp: match[1] === "-",
      expand: quoteCount(names[0]!) === quoteCount(quoted[0]!),
    });
  }
  return starts;
}

/** Whether a word opens a here-document by itself, as a source of COPY does. */
export function isHeredoc(word: string): boolean {
  return (heredocsOfLine(word)?.length ?? 0) > 0;
}

function quoteCount(word: string): number {
  return word.replace(/[^'"]/g, "").length;
}

/**
 * Splits a text into shell words as `ProcessWords` of moby/buildkit `frontend/dockerfile/shell/lex.go` does when no
 * variable is set and unset ones are left in place. Its oddities are kept, because they decide what is a here-document:
 * a word loses what stands before a `${NAME:-…}`, and a blank inside such a substitution ends the word.
 *
 * @param keep whether quotes and escape characters stay in the words
 * @returns `undefined` for a text that BuildKit can't split
 */
function shellWords(
  text: string,
  keep: { readonly quotes: boolean; readonly escapes: boolean },
): string[] | undefined {
  const words: string[] = [];
  let word = "";
  let at = 0;
  let failed = false;

  function fail(): string {
    failed = true;
    at = text.length;
    return "";
  }

  function next(keepEscapes: boolean): string {
    switch (text[at]) {
      case "$":
        return dollar();
      case "'":
        return singleQuoted();
      case '"':
        return doubleQuoted(keepEscapes);
      case "<":
        return take(/<(?:<[\t\r ]*)?/y);
      case "\\": {
        const escaped = text.slice(keepEscapes ? at : at + 1, at + 2);
        at += 2;
        return escaped;
      }
      default:
        return text[at++]!;
    }
  }

  function singleQuoted(): string {
    const close = text.indexOf("'", at + 1);
    if (close < 0) return fail();
    const inner = text.slice(at + 1, close);
    at = close + 1;
    return keep.quotes ? `'${inner}'` : inner;
  }

  function doubleQuoted(keepEscapes: boolean): string {
    let inner = "";
    at++;
    while (at < text.length && text[at] !== '"') {
      if (text[at] === "$") {
        inner += dollar();
        continue;
      }
      if (text[at] === "\\") {
        if (keepEscapes) inner += "\\";
        if (/["$\\]/.test(text[at + 1] ?? "")) at++;
      }
      inner += text[at++]!;
    }
    if (at >= text.length) return fail();
    at++;
    return keep.quotes ? `"${inner}"` : inner;
  }

  function take(pattern: RegExp): string {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0] ?? "";
    at += found.length;
    return found;
  }

  function dollar(): string {
    at++;
    if (text[at] !== "{") return `$${take(VARIABLE)}`;
    at++;
    if (at >= text.length || "{}:".includes(text[at]!)) return fail();
    const name = take(VARIABLE);
    let operator = text[at++];
    if (operator === "}") return `\${${name}}`;
    if (operator === "/") return `\${${name}/${operand("/", true)}/${operand("}", true)}}`;
    if (operator === ":") operator += text[at++] ?? "";
    else if (operator === undefined || !"+-?#%".includes(operator)) return fail();
    if (operator === ":#" || operator === ":%") return fail();
    return `\${${name}${operator}${operand("}", operator === "#" || operator === "%")}}`;
  }

  function operand(stop: string, keepEscapes: boolean): string {
    let result = "";
    while (at < text.length && text[at] !== stop) result += next(keepEscapes);
    if (at >= text.length) return fail();
    at++;
    // BuildKit reads the operand into the buffer that holds the word so far.
    word = "";
    return result;
  }

  function endWord(): void {
    if (word) words.push(word);
    word = "";
  }

  while (at < text.length) {
    const first = text[at]!;
    const piece = next(keep.escapes);
    const mayHoldBlanks = first === "$" || piece === first;
    for (const char of piece) {
      if (mayHoldBlanks && isSpace(char.charCodeAt(0))) endWord();
      else word += char;
    }
  }
  endWord();
  return failed ? undefined : words;
}
