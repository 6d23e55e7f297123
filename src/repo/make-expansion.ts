/** Variables, references and functions of GNU make: https://www.gnu.org/software/make/manual/make.html#Using-Variables */

/** Stands for text that is not known. This and the other marks are characters that no text holds (Unicode's noncharacters). */
export const UNKNOWN = "\uFDD0";
/** The directory that make runs in. */
export const DIRECTORY = "\uFDD1";
/** Around a glob: the files it finds. */
export const FILES = "\uFDD2";

/** The marks of text that may be empty, or hold any number of words. */
const HIDDEN = /\uFDD2[^\uFDD2]*\uFDD2|\uFDD0/g;
/** Any mark. */
const MARKED = /[\uFDD0-\uFDD2]/;
/** Marks that hide where words begin and end. */
const WORDS_HIDDEN = /[\uFDD0\uFDD2]/;
const NO_MARK = /(?!)/;

export interface MakeVariable {
  readonly text: string;
  /** Expanded when it was set (`:=`): references in it are plain text. */
  readonly simple: boolean;
}

/** The variables that are seen from one place; `undefined` for one that is not set. */
export type Lookup = (name: string) => MakeVariable | undefined;

export interface Expander {
  /** A text with its references put in. */
  expand(text: string, lookup: Lookup): string;
  /** Notes why the makefile cannot be followed; the first reason stays. */
  refuse(why: string): string;
  refusal(): string | undefined;
}

export const unknownVariable: MakeVariable = { text: UNKNOWN, simple: true };

/** References within references that are followed. */
const deepest = 60;
/** Characters that one makefile may expand to. */
const mostCharacters = 1_000_000;

/** Whether a text has no mark. */
export function isKnown(text: string): boolean {
  return !MARKED.test(text);
}

/** Whether a text is something else than empty; `undefined` when it cannot be told. */
export function isNotEmpty(text: string): boolean | undefined {
  if (text.replace(HIDDEN, "") !== "") return true;
  return text === "" ? false : undefined;
}

export function wordsOf(text: string): string[] {
  return text.match(/[^ \t\n]+/g) ?? [];
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

/** What the `%` of a pattern stands for in a word, or `undefined` when the word does not fit. */
export function stemOf(pattern: string, word: string): string | undefined {
  const percent = pattern.indexOf("%");
  if (percent < 0) return pattern === word ? "" : undefined;
  const tail = pattern.length - percent - 1;
  if (word.length < percent + tail) return undefined;
  if (!word.startsWith(pattern.slice(0, percent)) || !word.endsWith(pattern.slice(percent + 1)))
    return undefined;
  return word.slice(percent, word.length - tail);
}

function replacePattern(from: string, to: string, text: string): string {
  return eachWord(text, (word) => {
    const stem = stemOf(from, word);
    if (stem === undefined) return word;
    return from.includes("%") ? to.replace("%", () => stem) : to;
  });
}

function eachWord(text: string, change: (word: string) => string): string {
  return wordsOf(text).map(change).join(" ");
}

/** A path's directory with the slash at its end, as `$(dir)` has it. */
export function directoryOf(path: string): string {
  if (path === DIRECTORY) return UNKNOWN;
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "./" : path.slice(0, slash + 1);
}

export function fileNameOf(path: string): string {
  return path === DIRECTORY ? UNKNOWN : path.slice(path.lastIndexOf("/") + 1);
}

/** Offset of a path's suffix, its dot included; its length when there is none. */
function suffixAt(path: string): number {
  const dot = path.lastIndexOf(".");
  return dot < 0 || dot < path.lastIndexOf("/") ? path.length : dot;
}

function fits(patterns: string, word: string): boolean {
  return wordsOf(patterns).some((pattern) => stemOf(pattern, word) !== undefined);
}

function slice(first: string, last: string, text: string): string {
  const from = Number(first);
  const to = Number(last);
  if (!Number.isInteger(from) || !Number.isInteger(to) || from < 1) return UNKNOWN;
  return wordsOf(text)
    .slice(from - 1, Math.max(0, to))
    .join(" ");
}

/**
 * Functions of text: how many arguments each takes, the marks with which its result is not known, and the result.
 * Source: https://www.gnu.org/software/make/manual/make.html#Text-Functions, #File-Name-Functions
 */
const textFunctions = new Map<
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

/** Functions that expand their arguments themselves, with the most arguments they take. */
const lazyFunctions: ReadonlyMap<string, number> = new Map([
  ["if", 3],
  ["or", Infinity],
  ["and", Infinity],
  ["foreach", 3],
  ["call", Infinity],
]);

function splitArguments(text: string, open: string, most: number): string[] {
  const close = open === "(" ? ")" : "}";
  const parts: string[] = [];
  let start = 0;
  let depth = 0;
  for (let at = 0; at < text.length && parts.length < most - 1; at++) {
    if (text[at] === open) depth++;
    else if (text[at] === close) depth--;
    else if (text[at] === "," && depth === 0) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, text.slice(start)];
}

/** Expands references, within limits: a makefile may be made to grow without end. */
export function makeExpander(): Expander {
  const underway = new Set<string>();
  let why: string | undefined;
  let depth = 0;
  let characters = 0;

  function refuse(reason: string): string {
    why ??= reason;
    return UNKNOWN;
  }

  function expand(text: string, lookup: Lookup): string {
    if (!text.includes("$")) return text;
    if (why !== undefined) return UNKNOWN;
    if (depth >= deepest) return refuse("its variables refer to each other too deeply");
    depth++;
    let out = "";
    let at = 0;
    for (let dollar = text.indexOf("$"); dollar >= 0; dollar = text.indexOf("$", at)) {
      out += text.slice(at, dollar);
      at = endOfReference(text, dollar);
      if (at < 0) {
        depth--;
        return refuse("a reference to a variable is not closed");
      }
      const next = text[dollar + 1];
      if (next === undefined || next === "$") out += "$";
      else if (next !== "(" && next !== "{") out += valueOf(next, lookup);
      else out += reference(text.slice(dollar + 2, at - 1), next, lookup);
    }
    out += text.slice(at);
    depth--;
    characters += out.length + 1;
    return characters > mostCharacters ? refuse("its variables are too long") : out;
  }

  function valueOf(name: string, lookup: Lookup): string {
    const variable = lookup(name);
    if (variable === undefined) return "";
    if (variable.simple) return variable.text;
    if (underway.has(name)) return refuse(`the variable ${name} refers to itself`);
    underway.add(name);
    const value = expand(variable.text, lookup);
    underway.delete(name);
    return value;
  }

  /** What stands in a pair of parentheses: a function, `NAME`, or `NAME:old=new`. */
  function reference(body: string, open: string, lookup: Lookup): string {
    const word = /^[a-z-]+(?=[ \t\n])/.exec(body)?.[0];
    if (word !== undefined) {
      const rest = body.slice(word.length).trimStart();
      if (word === "eval") return refuse("$(eval …) makes rules that are not in the makefile");
      const most = lazyFunctions.get(word);
      if (most !== undefined) return lazy(word, splitArguments(rest, open, most), lookup);
      const known = textFunctions.get(word);
      if (known) {
        const given = splitArguments(rest, open, known[0]).map((part) => expand(part, lookup));
        const value = textFunction(word, given);
        return word === "shell" ? value.replaceAll(DIRECTORY, valueOf("CURDIR", lookup)) : value;
      }
    }
    const name = expand(body, lookup);
    const colon = name.indexOf(":");
    const equals = colon < 0 ? -1 : name.indexOf("=", colon);
    if (equals < 0) return isKnown(name) ? valueOf(name, lookup) : UNKNOWN;
    const from = name.slice(colon + 1, equals);
    const to = name.slice(equals + 1);
    const given = from.includes("%") ? [from, to] : [`%${from}`, `%${to}`];
    if (!isKnown(name.slice(0, colon))) return UNKNOWN;
    return textFunction("patsubst", [...given, valueOf(name.slice(0, colon), lookup)]);
  }

  function textFunction(name: string, given: readonly string[]): string {
    const [count, opaque, result] = textFunctions.get(name)!;
    const [a = "", b = "", c = ""] = given;
    if (given.length < count) return refuse(`$(${name} …) lacks an argument`);
    return given.some((text) => opaque.test(text)) ? UNKNOWN : result(a, b, c);
  }

  function lazy(name: string, parts: readonly string[], lookup: Lookup): string {
    const value = (index: number): string => expand(parts[index] ?? "", lookup);
    if (name === "foreach") return foreach(value(0).trim(), value(1), parts[2] ?? "", lookup);
    if (name === "call")
      return call(
        parts.map((_, index) => value(index)),
        lookup,
      );
    if (name === "if") {
      const holds = isNotEmpty(expand((parts[0] ?? "").trim(), lookup));
      if (holds !== undefined) return value(holds ? 1 : 2);
      const then = value(1);
      return then === value(2) ? then : UNKNOWN;
    }
    let last = "";
    for (const part of parts) {
      last = expand(part.trim(), lookup);
      const holds = isNotEmpty(last);
      if (holds === undefined) return UNKNOWN;
      if (holds === (name === "or")) break;
    }
    return last;
  }

  function foreach(name: string, list: string, body: string, lookup: Lookup): string {
    if (WORDS_HIDDEN.test(list) || !isKnown(name)) return UNKNOWN;
    return eachWord(list, (word) =>
      expand(body, (asked) => (asked === name ? { text: word, simple: true } : lookup(asked))),
    );
  }

  function call([name = "", ...given]: readonly string[], lookup: Lookup): string {
    const called = name.trim();
    if (!isKnown(called) || textFunctions.has(called) || lazyFunctions.has(called)) return UNKNOWN;
    const variable = lookup(called);
    if (variable === undefined) return "";
    if (variable.simple) return variable.text;
    return expand(variable.text, (asked) => {
      if (!/^\d+$/.test(asked)) return lookup(asked);
      return { text: asked === "0" ? called : (given[Number(asked) - 1] ?? ""), simple: true };
    });
  }

  return { expand, refuse, refusal: () => why };
}

export interface Assignment {
  readonly name: string;
  readonly operator: string;
  readonly text: string;
  readonly isDefinition: boolean;
  readonly isOverride: boolean;
  readonly isPrivate: boolean;
  readonly isExported: boolean;
  /** False within a condition that cannot be decided. */
  readonly isCertain: boolean;
}

const OPERATOR = /(?::{0,3}|[?+!])=/y;

/** `NAME = value` with its modifiers, or `define NAME`; `undefined` for what is no assignment. */
export function readAssignment(text: string, isCertain: boolean): Assignment | undefined {
  const modifiers = new Set<string>();
  for (let rest = text.trimStart(); ;) {
    const split = splitAssignment(rest);
    const isDefinition = modifiers.has("define");
    if (split || isDefinition)
      return {
        name: rest.trim(),
        operator: "=",
        text: "",
        ...split,
        isDefinition,
        isOverride: modifiers.has("override"),
        isPrivate: modifiers.has("private"),
        isExported: modifiers.has("export"),
        isCertain,
      };
    const word = /^(?:export|override|private|define)(?=\s)/.exec(rest)?.[0];
    if (word === undefined) return undefined;
    modifiers.add(word);
    rest = rest.slice(word.length).trimStart();
  }
}

function splitAssignment(
  text: string,
): { name: string; operator: string; text: string } | undefined {
  const operatorAt = (offset: number): string | undefined => {
    OPERATOR.lastIndex = offset;
    return OPERATOR.exec(text)?.[0];
  };
  let at = 0;
  while (at < text.length && !/\s/.test(text[at]!) && operatorAt(at) === undefined) {
    if (text[at] === ":") return undefined;
    at = text[at] === "$" ? endOfReference(text, at) : at + 1;
    if (at < 0) return undefined;
  }
  const name = text.slice(0, at);
  while (text[at] === " " || text[at] === "\t") at++;
  const operator = operatorAt(at);
  if (operator === undefined || name === "") return undefined;
  return { name, operator, text: text.slice(at + operator.length).trimStart() };
}

/** What a variable is after an assignment. */
export function assigned(
  previous: MakeVariable | undefined,
  { operator, text }: Pick<Assignment, "operator" | "text">,
  expandNow: (text: string) => string,
): MakeVariable {
  if (operator === "!=") return unknownVariable;
  if (operator.startsWith(":")) return { text: expandNow(text), simple: true };
  if (operator === "=" || !previous) return { text, simple: false };
  if (operator === "?=") return previous;
  const more = previous.simple ? expandNow(text) : text;
  const between = previous.text === "" || more === "" ? "" : " ";
  return { text: previous.text + between + more, simple: previous.simple };
}

/** Variables that hold for a target and for what is made for it, and whether its recipes see them in their environment. */
export interface Scope {
  readonly variables: ReadonlyMap<string, MakeVariable>;
  readonly exports: ReadonlyMap<string, boolean | undefined>;
}

export const globalScope: Scope = { variables: new Map(), exports: new Map() };

export interface VariableTable {
  readonly lookup: Lookup;
  assign(name: string, assignment: Assignment, expandNow: (text: string) => string): void;
  /** `export NAME`, or of every variable; `undefined` when a condition decides it. */
  setExport(name: string | undefined, state: boolean | undefined): void;
  /** From here on other files may have set what this one does not. */
  includeOthers(): void;
  /** The variables of a target, on top of those of the target it is made for. */
  scopeOf(assignments: readonly Assignment[], parent: Scope, withPrivate: boolean): Scope;
  /** What make adds to the environment of a recipe. */
  exportedTo(scope: Scope, valueOf: (name: string) => string): Map<string, string | undefined>;
}

/** Variables that make sets before it reads a makefile, as far as recipes of Go programs use them. */
const defaults = new Map(
  Object.entries({ AR: "ar", AS: "as", CC: "cc", CXX: "g++", LD: "ld", RM: "rm -f" }).map(
    ([name, text]) => [name, { text, simple: false }],
  ),
);

/** Those that the environment does not change. */
const fixed = new Map(
  Object.entries({
    GNUMAKEFLAGS: "",
    MAKE: "make",
    MAKEFILE_LIST: UNKNOWN,
    MAKEFLAGS: "",
    MAKELEVEL: "0",
    MAKE_COMMAND: "make",
    MAKE_VERSION: UNKNOWN,
    SHELL: "/bin/sh",
    ".SHELLFLAGS": "-c",
  }).map(([name, text]) => [name, { text, simple: true }]),
);

const NAME = /^[A-Za-z_]\w*$/;

/** The variables outside targets: of the command line, the makefile, the environment and make, in this order. */
export function variableTable(
  goals: readonly string[],
  given: ReadonlyMap<string, string | undefined>,
  environment: (name: string) => string | null | undefined,
): VariableTable {
  const own = new Map<string, MakeVariable>();
  const overridden = new Set<string>();
  const exports = new Map<string, boolean | undefined>();
  let exportsAll: boolean | undefined = false;
  let includesOthers = false;

  function fromOutside(value: string | undefined): MakeVariable {
    return value === undefined ? unknownVariable : { text: value, simple: false };
  }

  function lookup(name: string): MakeVariable | undefined {
    const set = own.get(name);
    if (set) return set;
    if (given.has(name)) return fromOutside(given.get(name));
    if (name === "PWD" || name === "CURDIR") return fromOutside(environment("PWD") ?? DIRECTORY);
    if (name === "MAKECMDGOALS") return fromOutside(goals.join(" "));
    const preset = fixed.get(name);
    if (preset) return preset;
    const value = NAME.test(name) ? environment(name) : null;
    if (value !== null) return fromOutside(value);
    const isOwn = /^(?:\W[DF]?|\d+|\..*)$/.test(name);
    return defaults.get(name) ?? (includesOthers && !isOwn ? unknownVariable : undefined);
  }

  function assign(name: string, assignment: Assignment, expandNow: (text: string) => string): void {
    if (assignment.isExported) exports.set(name, assignment.isCertain ? true : undefined);
    if (!assignment.isOverride && (given.has(name) || overridden.has(name))) return;
    const previous = lookup(name);
    const next = assigned(previous, assignment, expandNow);
    if (next === previous) return;
    own.set(name, assignment.isCertain ? next : unknownVariable);
    if (assignment.isOverride) overridden.add(name);
  }

  function scopeOf(assignments: readonly Assignment[], parent: Scope, withPrivate: boolean): Scope {
    if (assignments.length === 0) return parent;
    const scope = { variables: new Map(parent.variables), exports: new Map(parent.exports) };
    for (const assignment of assignments) {
      const { name, isCertain } = assignment;
      if (assignment.isPrivate && !withPrivate) continue;
      if (assignment.isExported) scope.exports.set(name, isCertain ? true : undefined);
      if (given.has(name) && !assignment.isOverride) continue;
      const before = scope.variables.get(name) ?? lookup(name);
      // What is appended for a target is expanded when it is used, whatever it is appended to.
      const previous = before?.simple ? { text: quoted(before.text), simple: false } : before;
      const next = assigned(previous, assignment, String);
      if (next !== previous) scope.variables.set(name, isCertain ? next : unknownVariable);
    }
    return scope;
  }

  function isExported(name: string, scope: Scope): boolean | undefined {
    if (scope.exports.has(name)) return scope.exports.get(name);
    if (exports.has(name)) return exports.get(name);
    const outside = environment(name);
    if (given.has(name) || typeof outside === "string") return true;
    return outside === null || exportsAll ? exportsAll : undefined;
  }

  function exportedTo(
    scope: Scope,
    valueOf: (name: string) => string,
  ): Map<string, string | undefined> {
    const exported = new Map<string, string | undefined>();
    const names = [given, own, exports, scope.variables].flatMap((map) => [...map.keys()]);
    for (const name of new Set(names)) {
      if (!NAME.test(name) || fixed.has(name)) continue;
      const state = isExported(name, scope);
      // What is taken out of the environment is not known either.
      if (state === false && environment(name) === null) continue;
      const value = state ? valueOf(name) : UNKNOWN;
      exported.set(name, isKnown(value) ? value : undefined);
    }
    return exported;
  }

  return {
    lookup,
    assign,
    setExport(name, state) {
      if (name === undefined) exportsAll = state;
      else exports.set(name, state);
    },
    includeOthers() {
      includesOthers = true;
    },
    scopeOf,
    exportedTo,
  };
}

/** Text that expands to itself. */
export function quoted(text: string): string {
  return text.replaceAll("$", "$$$$");
}
