/** Functions of make that are given text. https://www.gnu.org/software/make/manual/make.html#Functions */
import { directoryOf, fileNameOf, stemOf } from "./make-names.ts";
import { eachWord, wordsOf } from "./make-text.ts";
import { DIRECTORY, FILES, MARKED, UNKNOWN, WORDS_HIDDEN, isKnown } from "./make-values.ts";

const NO_MARK = /(?!)/;

/**
 * Functions of text: how many arguments each takes, the marks with which its result is not known, and the result.
 * Source: https://www.gnu.org/software/make/manual/make.html#Text-Functions, #File-Name-Functions
 */
export const textFunctions = new Map<
  string,
  readonly [count: number, opaque: RegExp, result: (a: string, b: string, c: string) => string]
>([
  ["patsubst", [3, MARKED, replacePattern]],
  ["strip", [1, NO_MARK, (text) => wordsOf(text).join(" ")]],
  ["findstring", [2, MARKED, (part, text) => (text.includes(part) ? part : "")]],
  ["filter", [2, MARKED, (a, text) => words(text, (word) => fits(a, word))]],
  ["filter-out", [2, MARKED, (a, text) => words(text, (word) => !fits(a, word))]],
  ["sort", [1, MARKED, (text) => [...new Set(wordsOf(text))].sort().join(" ")]],
  ["word", [2, MARKED, (index, text) => slice(index, index, text)]],
  ["wordlist", [3, MARKED, slice]],
  ["words", [1, MARKED, (text) => String(wordsOf(text).length)]],
  ["firstword", [1, MARKED, (text) => wordsOf(text)[0] ?? ""]],
  ["lastword", [1, MARKED, (text) => wordsOf(text).at(-1) ?? ""]],
  ["dir", [1, WORDS_HIDDEN, (text) => eachWord(text, directoryOf)]],
  ["notdir", [1, WORDS_HIDDEN, (text) => eachWord(text, fileNameOf)]],
  [
    "suffix",
    [1, MARKED, (text) => wordsOf(eachWord(text, (word) => word.slice(suffixAt(word)))).join(" ")],
  ],
  ["basename", [1, MARKED, (text) => eachWord(text, (word) => word.slice(0, suffixAt(word)))]],
  ["addsuffix", [2, WORDS_HIDDEN, (suffix, text) => eachWord(text, (word) => word + suffix)]],
  ["addprefix", [2, WORDS_HIDDEN, (prefix, text) => eachWord(text, (word) => prefix + word)]],
  ["join", [2, MARKED, joined]],
  ["subst", [3, NO_MARK, substituted]],
  ["shell", [1, NO_MARK, shellOutput]],
  ["wildcard", [1, NO_MARK, filesOf]],
  ["info", [1, NO_MARK, () => ""]],
  ["warning", [1, NO_MARK, () => ""]],
  ...["abspath", "realpath", "value", "error", "file", "origin", "flavor", "guile"].map(
    (name): [string, [number, RegExp, () => string]] => [name, [1, NO_MARK, () => UNKNOWN]],
  ),
]);

function words(text: string, keep: (word: string) => boolean): string {
  return wordsOf(text).filter(keep).join(" ");
}

function fits(patterns: string, word: string): boolean {
  return wordsOf(patterns).some((pattern) => stemOf(pattern, word) !== undefined);
}

function replacePattern(from: string, to: string, text: string): string {
  return eachWord(text, (word) => {
    const stem = stemOf(from, word);
    if (stem === undefined) return word;
    return from.includes("%") ? to.replace("%", () => stem) : to;
  });
}

function slice(first: string, last: string, text: string): string {
  const from = Number(first);
  const to = Number(last);
  if (!Number.isInteger(from) || !Number.isInteger(to) || from < 1) return UNKNOWN;
  return wordsOf(text)
    .slice(from - 1, Math.max(0, to))
    .join(" ");
}

/** Offset of a path's suffix, its dot included; its length when there is none. */
function suffixAt(path: string): number {
  const dot = path.lastIndexOf(".");
  return dot < 0 || dot < path.lastIndexOf("/") ? path.length : dot;
}

function joined(first: string, second: string): string {
  const left = wordsOf(first);
  const right = wordsOf(second);
  return Array.from(
    { length: Math.max(left.length, right.length) },
    (_, index) => `${left[index] ?? ""}${right[index] ?? ""}`,
  ).join(" ");
}

/** A longer text than one character may begin or end in what is not known. */
function substituted(from: string, to: string, text: string): string {
  if (!isKnown(from) || (from.length !== 1 && !isKnown(text))) return UNKNOWN;
  if (from === "") return text + to;
  // What stands within a mark is no text.
  return text.includes(FILES) ? UNKNOWN : text.split(from).join(to);
}

/** What commands in `$(shell …)` print in a Linux image. */
const shellOutputs: readonly (readonly [command: RegExp, output: string])[] = [
  [/^pwd(?: -P)?$/, DIRECTORY],
  [/^(?:which|command -v) (?:ba)?sh$/, "bash"],
  [/^uname(?: -s)?(?: 2> ?\/dev\/null)?(?: \|\| echo ["']?[\w. -]+["']?)?$/, "Linux"],
  [
    /^uname(?: -s)? ?\| ?tr ["']?(?:A-Z|\[A-Z\]|\[:upper:\])["']? ["']?(?:a-z|\[a-z\]|\[:lower:\])["']?$/,
    "linux",
  ],
];

/** `find . -name '*.go'`, with what leaves files out: the names it prints. */
const FIND =
  /^find (?:[\w./][\w./-]* )*(?:-type f )?-i?name (?:["']|\\(?=\*))?(\*\.\w+)["']?(?= |$)/;
const FIND_MORE = / -(?:o|or|exec|execdir|printf|fprintf|ok|a?fprint)\b|[;&<>`,]/;

function shellOutput(command: string): string {
  const text = wordsOf(command).join(" ");
  for (const [expression, output] of shellOutputs) if (expression.test(text)) return output;
  const [found = "", ...filters] = text.split("|");
  const glob = FIND.exec(found.trim())?.[1];
  if (glob === undefined || FIND_MORE.test(text)) return UNKNOWN;
  const isFiltered = filters.every((filter) => /^\s*(?:grep -\w*v|sort\b|uniq\b)/.test(filter));
  return isFiltered ? `${FILES}${glob}${FILES}` : UNKNOWN;
}

function filesOf(globs: string): string {
  if (!isKnown(globs)) return UNKNOWN;
  return eachWord(globs, (glob) => `${FILES}${glob}${FILES}`);
}
