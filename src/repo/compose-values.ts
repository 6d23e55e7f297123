/**
 * Values of compose files: variables that are put in, and commands that are split into words.
 * Sources: https://docs.docker.com/reference/compose-file/interpolation/ and, for the splitting,
 * https://github.com/mattn/go-shellwords, which compose uses.
 */

/** Stands where a variable of the environment was put in that the repository says nothing of. */
const UNKNOWN = "\0";

/** Of defaults in each other. */
const DEEPEST = 5;

/**
 * Puts in the defaults of variables: `${PORT:-80}` is `80`, `$$` is `$`.
 *
 * @returns `undefined` when it holds a variable without a default
 */
export function interpolate(text: string): string | undefined {
  return known(withDefaults(text));
}

/** As `interpolate`, with what is not known left in, for a value that is cut up before its parts are asked for. */
export function withDefaults(text: string, depth = 0): string {
  if (!text.includes("$")) return text;
  let result = "";
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (char !== "$") result += char;
    else if (text[at + 1] === "$") {
      result += "$";
      at++;
    } else if (text[at + 1] === "{") {
      const end = depth > DEEPEST ? undefined : closingBrace(text, at + 1);
      if (end === undefined) return result + UNKNOWN;
      result += valueOf(text.slice(at + 2, end), depth);
      at = end;
    } else {
      const name = /^[A-Za-z_]\w*/.exec(text.slice(at + 1))?.[0];
      result += name === undefined ? char : UNKNOWN;
      at += name?.length ?? 0;
    }
  }
  return result;
}

function valueOf(expression: string, depth: number): string {
  const fallback = /^\w+:?-([^]*)$/.exec(expression)?.[1];
  return fallback === undefined ? UNKNOWN : withDefaults(fallback, depth + 1);
}

function closingBrace(text: string, open: number): number | undefined {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === "{") depth++;
    else if (text[at] === "}" && --depth === 0) return at;
  }
  return undefined;
}

/** A part of an interpolated value, `undefined` when a variable stands in it. */
export function known(text: string | undefined): string | undefined {
  return text?.includes(UNKNOWN) ? undefined : text;
}

/** The words of a command that is written as one text. Variables stay as they are written. */
export function splitCommand(text: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = "";
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (quote !== "" && char === quote) quote = "";
    else if (char === "\\" && quote !== "'" && at + 1 < text.length)
      word = (word ?? "") + text[++at]!;
    else if (quote === "" && (char === "'" || char === '"')) {
      quote = char;
      word ??= "";
    } else if (quote === "" && /\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? "") + char;
  }
  return word === undefined ? words : [...words, word];
}
