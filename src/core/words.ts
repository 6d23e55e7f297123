import { isSpace, skipSpaces } from "./source.ts";

/**
 * Words and name=value pairs of an instruction's body, and the expansion of variables in them.
 * Rules: `parseWords` and `parseNameVal` in moby/buildkit `parser/line_parsers.go`; `shell/lex.go` for expansion.
 */

/** `reWhitespace` in BuildKit's parser.go, turned round. */
const BLANKLESS = /[^\t\v\f\r ]+/g;

/** A word of a body with its quotes kept; offsets are into the body's logical text. */
export interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Splits at blanks outside quotes, quotes and escapes kept. */
export function splitWords(text: string, escape = "\\"): Word[] {
  const words: Word[] = [];
  let at = skipSpaces(text, 0);
  while (at < text.length) {
    const start = at;
    let quote = "";
    while (at < text.length) {
      const char = text[at]!;
      if (quote) {
        if (char === quote) quote = "";
        // A backslash is only an escape within double quotes.
        else if (char === escape && quote !== "'") at++;
      } else if (isSpace(char.charCodeAt(0))) break;
      else if (char === "'" || char === '"') quote = char;
      else if (char === escape) at++;
      at++;
    }
    at = Math.min(at, text.length);
    words.push({ text: text.slice(start, at), start, end: at });
    at = skipSpaces(text, at);
  }
  return words;
}

/** Splits at blanks and knows no quotes: the words of FROM, COPY, ADD, EXPOSE and VOLUME. */
export function splitBlanks(text: string): Word[] {
  return [...text.matchAll(BLANKLESS)].map((match) => ({
    text: match[0],
    start: match.index,
    end: match.index + match[0].length,
  }));
}

export interface Pair {
  /** Raw text of the name and of the value; quotes kept. `value` is undefined for `ARG NAME`. */
  readonly name: string;
  readonly value: string | undefined;
  readonly start: number;
  readonly end: number;
}

/** The pairs of ENV and LABEL, `NAME=value …` or the old `NAME value`, or `undefined` when BuildKit would refuse the body. */
export function splitPairs(text: string, escape = "\\"): Pair[] | undefined {
  const words = splitWords(text, escape);
  const first = words[0];
  if (!first) return undefined;
  if (!first.text.includes("=")) {
    // The old form knows no quotes: `NAME` up to the first blank, then the value as it stands.
    const [name, value] = splitBlanks(text);
    if (!name || !value) return undefined;
    return [
      { name: name.text, value: text.slice(value.start), start: name.start, end: text.length },
    ];
  }
  const pairs: Pair[] = [];
  for (const word of words) {
    const equals = word.text.indexOf("=");
    if (equals <= 0) return undefined;
    pairs.push({
      name: word.text.slice(0, equals),
      value: word.text.slice(equals + 1),
      start: word.start,
      end: word.end,
    });
  }
  return pairs;
}

/** The names and defaults of an ARG instruction. */
export function splitArguments(text: string, escape = "\\"): Pair[] {
  return splitWords(text, escape).map(({ text: word, start, end }) => {
    const equals = word.indexOf("=");
    return equals < 0
      ? { name: word, value: undefined, start, end }
      : { name: word.slice(0, equals), value: word.slice(equals + 1), start, end };
  });
}

/** `processName` in BuildKit's lex.go: a number, a special parameter, or a name of letters and digits. */
const VARIABLE = /^(?:\p{Nd}+|[@*#?$!-]|[\p{L}_][\p{L}\p{Nd}_]*)/u;

/** What is known of a variable: its value, `null` for one that is surely not set, `undefined` for one that can't be told. */
export type Lookup = (name: string) => string | null | undefined;

export interface Expansion {
  /** The text with quotes removed and variables put in; `undefined` when it can't be told. */
  readonly value: string | undefined;
  /** Names of the variables that the word refers to, in order. */
  readonly references: readonly string[];
}

const SPECIAL = /[$'"`\\]/;
const NO_REFERENCES: readonly string[] = [];

/** Expands one word or value as BuildKit does: `$NAME`, `${NAME}`, `${NAME:-word}`, `${NAME:+word}`, quotes and escapes. */
export function expand(text: string, lookup: Lookup, escape = "\\"): Expansion {
  // Most words are plain.
  if (!SPECIAL.test(text)) return { value: text, references: NO_REFERENCES };
  const references: string[] = [];
  let known = true;
  let at = 0;

  function dollar(): string {
    at++;
    if (text[at] !== "{") {
      const name = VARIABLE.exec(text.slice(at, at + 256))?.[0];
      if (!name) return "$";
      at += name.length;
      return resolve(name, lookup(name));
    }
    at++;
    const name = VARIABLE.exec(text.slice(at, at + 256))?.[0] ?? "";
    at += name.length;
    if (name && text[at] === "}") {
      at++;
      return resolve(name, lookup(name));
    }
    const operator = /^:?[-+?]/.exec(text.slice(at, at + 2))?.[0];
    if (!name || !operator) {
      known = false;
      const close = text.indexOf("}", at);
      at = close < 0 ? text.length : close + 1;
      references.push(name);
      return "";
    }
    at += operator.length;
    const word = until("}");
    references.push(name);
    const value = lookup(name);
    if (value === undefined) {
      known = false;
      return "";
    }
    const isSet = value !== null && (value !== "" || operator.length === 1);
    if (operator.endsWith("+")) return isSet ? word : "";
    if (isSet) return value;
    if (operator.endsWith("-")) return word;
    known = false;
    return "";
  }

  function resolve(name: string, value: string | null | undefined): string {
    references.push(name);
    if (value === undefined) known = false;
    return value ?? "";
  }

  function until(stop: string): string {
    let result = "";
    while (at < text.length) {
      const char = text[at]!;
      if (char === stop) {
        at++;
        return result;
      }
      if (char === "'") {
        const close = text.indexOf("'", at + 1);
        if (close < 0) {
          known = false;
          at = text.length;
          break;
        }
        result += text.slice(at + 1, close);
        at = close + 1;
      } else if (char === '"') {
        at++;
        while (at < text.length && text[at] !== '"') {
          if (text[at] === "$") result += dollar();
          else if (
            text[at] === escape &&
            (text[at + 1] === '"' || text[at + 1] === "$" || text[at + 1] === escape)
          ) {
            result += text[at + 1];
            at += 2;
          } else result += text[at++];
        }
        if (at >= text.length) known = false;
        at++;
      } else if (char === "$") result += dollar();
      else if (char === escape) {
        result += text[at + 1] ?? "";
        at += 2;
      } else {
        result += char;
        at++;
      }
    }
    if (stop) known = false;
    return result;
  }

  const value = until("");
  return { value: known ? value : undefined, references };
}
