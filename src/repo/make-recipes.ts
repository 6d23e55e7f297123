/** Recipe lines as a shell gets them. https://www.gnu.org/software/make/manual/make.html#Recipes */
import type { Expander } from "./make-expansion.ts";
import { directoryOf, fileNameOf, shown } from "./make-names.ts";
import type { TargetRule } from "./make-targets.ts";
import { textLines, wordsOf, type TextLine } from "./make-text.ts";
import { DIRECTORY, FILES, UNKNOWN, type Lookup, type MakeVariable } from "./make-values.ts";
import type { Scope, VariableTable } from "./make-variables.ts";

/** Stands in a recipe line for a value of make that is not known: a variable that no shell sets. */
export const UNKNOWN_VALUE = "MSB_UNKNOWN_MAKE_VALUE";

export interface RecipeLine {
  /** Shell text: make's variables put in, prefixes taken off, continuation lines joined as the shell joins them. */
  readonly text: string;
  /** 1-based line in the makefile. */
  readonly line: number;
  /** `-` stood in front: a failure is ignored. */
  readonly mayFail: boolean;
}

/** What recipes are run with, and what comes of it. */
export interface RecipeRun {
  readonly expander: Expander;
  readonly variables: VariableTable;
  readonly isOneShell: boolean;
  /** Targets whose failures are ignored; all of them when it is empty. */
  readonly ignoring: ReadonlySet<string> | undefined;
  readonly lines: RecipeLine[];
  /** What make puts into the environment, for each recipe. */
  readonly environments: Map<string, string | undefined>[];
}

const shells = new Set(["sh", "bash", "dash", "ash"]);
const harmlessShellFlag = /^(?:-[cueox]+|-O|pipefail|errexit|nounset|extglob|--norc|--noprofile)$/;
const harmlessMakeFlag =
  /^(?:-[rRswj]+|-[jlO]\S*|--(?:no-print-directory|silent|quiet|no-builtin-(?:rules|variables)|warn-undefined-variables|(?:jobs|output-sync|load-average)(?:=\S*)?))$/;

/**
 * Adds the lines of one recipe.
 *
 * @param rules all that the target is made by
 */
export function runRecipe(
  run: RecipeRun,
  name: string,
  { rule, stem }: TargetRule,
  rules: readonly TargetRule[],
  scope: Scope,
): void {
  const { variables, isOneShell, ignoring, lines } = run;
  const { expand } = run.expander;
  const automatic = automaticVariables(name, rules, stem ?? "");
  const lookup: Lookup = (asked) =>
    automatic.get(asked) ?? scope.variables.get(asked) ?? variables.lookup(asked);
  const isIgnored = ignoring !== undefined && (ignoring.size === 0 || ignoring.has(name));
  const before = lines.length;
  for (const { text, line } of isOneShell ? oneScript(rule.recipe) : rule.recipe) {
    const body = withoutFlags(text);
    const mayFail = isIgnored || text.slice(0, text.length - body.length).includes("-");
    const value = expand(body, lookup);
    // A variable of many lines makes as many commands, each with flags of its own.
    const pieces = textLines(value).map((piece) => piece.text);
    for (const piece of isOneShell ? [pieces.map(withoutFlags).join("\n")] : pieces) {
      const command = withoutFlags(piece);
      const flags = piece.slice(0, piece.length - command.length);
      if (command.trim() !== "")
        lines.push({ text: shellText(command), line, mayFail: mayFail || flags.includes("-") });
    }
  }
  if (lines.length === before) return;
  checkFlags(run.expander, lookup);
  run.environments.push(variables.exportedTo(scope, (asked) => expand(`$(${asked})`, lookup)));
}

/** Refuses shells and flags with which recipes mean something else. */
function checkFlags({ expand, refuse }: Expander, lookup: Lookup): void {
  const [first = "sh", ...more] = wordsOf(expand("$(SHELL)", lookup));
  const [program = "", ...flags] = fileNameOf(first) === "env" ? more : [first, ...more];
  if (!shells.has(fileNameOf(program)) || !flags.every((flag) => flag.startsWith("-")))
    refuse(`its shell is ${shown(first)}`);
  for (const flag of wordsOf(expand("$(.SHELLFLAGS)", lookup)))
    if (!harmlessShellFlag.test(flag)) refuse(`its shell is called with ${shown(flag)}`);
  for (const flag of wordsOf(expand("$(MAKEFLAGS) $(GNUMAKEFLAGS)", lookup)))
    if (!harmlessMakeFlag.test(flag)) refuse(`make is called with ${shown(flag)}`);
}

/** With .ONESHELL all lines are one script. */
function oneScript(recipe: readonly TextLine[]): TextLine[] {
  const first = recipe[0];
  return first ? [{ text: recipe.map(({ text }) => text).join("\n"), line: first.line }] : [];
}

/** `$@`, `$<` and the like. Source: https://www.gnu.org/software/make/manual/make.html#Automatic-Variables */
function automaticVariables(
  target: string,
  rules: readonly TargetRule[],
  stem: string,
): Map<string, MakeVariable> {
  const prerequisites = rules.flatMap((rule) => rule.prerequisites);
  const orderOnly = rules.flatMap((rule) => rule.orderOnly);
  const normal = new Set(prerequisites);
  const once = [...normal];
  const values: Record<string, readonly string[]> = {
    "@": [target],
    "<": once.slice(0, 1),
    "^": once,
    "+": prerequisites,
    // Which of them are newer, the files tell.
    "?": once.length === 0 ? [] : [UNKNOWN],
    "|": [...new Set(orderOnly)].filter((name) => !normal.has(name)),
    "*": stem === "" && target.includes(".") ? [UNKNOWN] : [stem],
    "%": [],
  };
  const automatic = new Map<string, MakeVariable>();
  for (const [name, paths] of Object.entries(values)) {
    const known = paths.some((path) => /[*?[\uFDD2]/.test(path)) ? [UNKNOWN] : paths;
    const set = (suffix: string, change: (path: string) => string): void => {
      const text = known.map((path) => (path === UNKNOWN ? path : change(path))).join(" ");
      automatic.set(name + suffix, { text, simple: true });
    };
    set("", String);
    set("D", (path) => directoryOf(path).replace(/(?<=.)\/$/, ""));
    set("F", fileNameOf);
  }
  return automatic;
}

/** `@`, `-` and `+` in front of a command. */
function withoutFlags(text: string): string {
  return text.replace(/^[ \t@+-]+/, "");
}

/**
 * A command as the shell reads it, on one line where the shell joins lines: not in single quotes, nor in a comment.
 * What is not known becomes a variable, outside single quotes too.
 */
function shellText(text: string): string {
  const moves = text.search(/\b(?:cd|pushd|popd)\b/);
  let out = "";
  let quote = "";
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (char === UNKNOWN || char === DIRECTORY || char === FILES) {
      // In another directory $PWD is no longer make's.
      const isDirectory = char === DIRECTORY && (moves < 0 || at < moves);
      const value = isDirectory ? "$PWD" : `\${${UNKNOWN_VALUE}}`;
      const isBraced = isDirectory && /\w/.test(text[at + 1] ?? "");
      const variable = isBraced ? "${PWD}" : value;
      out += quote === "'" ? `'"${variable}"'` : variable;
      // The glob between two marks is not written.
      if (char === FILES) at = (text.indexOf(FILES, at + 1) + 1 || text.length) - 1;
    } else if (char === "\\" && quote !== "'" && quote !== "#") {
      const next = text[++at] ?? "";
      if (next !== "\n") out += char + next;
    } else {
      if (char === quote || (quote === "#" && char === "\n")) quote = "";
      else if (quote === "") {
        if (char === "'" || char === '"') quote = char;
        else if (char === "#" && /^$|[\s;&|()]$/.test(out.slice(-1))) quote = char;
      }
      out += char;
    }
  }
  return out;
}
