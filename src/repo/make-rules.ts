/** Reads the lines of a makefile into rules and variables. https://www.gnu.org/software/make/manual/make.html#Reading-Makefiles */
import { readAssignment, type Assignment } from "./make-assignments.ts";
import { conditionals, isActive, readCondition } from "./make-conditions.ts";
import type { Expander } from "./make-expansion.ts";
import { namesOf, shown } from "./make-names.ts";
import {
  addRule,
  assign,
  assignForTarget,
  markUncertain,
  targetOf,
  type Makefile,
  type Rule,
  type TargetReading,
} from "./make-targets.ts";
import {
  indexOutside,
  joinLines,
  quoted,
  textLines,
  withoutComment,
  wordsOf,
  type TextLine,
} from "./make-text.ts";
import { FILES, UNKNOWN, isKnown } from "./make-values.ts";
import type { VariableTable } from "./make-variables.ts";

/** Included files that hold variables and no rules. */
const environmentFile = /(?:^|\/)(?:[\w.-]*\.env|\.env\.[\w.-]+)$/;

interface MakefileReading extends TargetReading {
  readonly lines: readonly TextLine[];
  /** Index of the next line. */
  next: number;
  /** The rule that recipe lines go to, and the targets made by it. */
  open: { rule: Rule; names: readonly string[]; isCertain: boolean } | undefined;
}

/** What a makefile says of its targets; what it says of variables goes into the table. */
export function readMakefile(
  source: string,
  expander: Expander,
  variables: VariableTable,
): Makefile {
  const reading: MakefileReading = {
    expander,
    variables,
    conditions: [],
    expanded: (text) => expander.expand(text, variables.lookup),
    targets: new Map(),
    patterns: [],
    patternVariables: [],
    includesRules: false,
    lines: textLines(source.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n")),
    next: 0,
    open: undefined,
  };
  while (reading.next < reading.lines.length && expander.refusal() === undefined)
    readLine(reading, reading.lines[reading.next++]!);
  if (reading.conditions.length > 0) expander.refuse("a condition has no endif");
  return reading;
}

function readLine(reading: MakefileReading, line: TextLine): void {
  const active = isActive(reading);
  const isIndented = line.text.startsWith("\t");
  if (isIndented && reading.open) {
    if (active !== false) addRecipe(reading, line.text.slice(1), line.line);
    return;
  }
  const text = withoutComment(joinLines(line.text)).trimStart();
  const assignment = readAssignment(text, active === true);
  if (assignment) {
    const whole = assignment.isDefinition ? readDefinition(reading, assignment) : assignment;
    if (active === false) return;
    reading.open = undefined;
    assign(reading, whole);
    return;
  }
  const word = /^\S*/.exec(text)![0];
  const rest = text.slice(word.length).trim();
  if (word === "endif") endCondition(reading);
  else if (word === "else" || conditionals.has(word))
    readCondition(reading, word, rest, reading.open?.names ?? []);
  else if (word !== "" && active !== false) readStatement(reading, word, rest, line);
}

function readDefinition(reading: MakefileReading, assignment: Assignment): Assignment {
  const { lines } = reading;
  const body: string[] = [];
  for (let depth = 1; reading.next < lines.length; reading.next++) {
    const line = joinLines(lines[reading.next]!.text);
    const word = line.startsWith("\t") ? "" : /^\s*(\S*)/.exec(line)![1]!;
    if (word === "define") depth++;
    else if (word === "endef" && --depth === 0) break;
    body.push(line);
  }
  if (reading.next++ >= lines.length) reading.expander.refuse("a define has no endef");
  return { ...assignment, text: body.join("\n") };
}

function endCondition(reading: MakefileReading): void {
  const { open } = reading;
  const ended = reading.conditions.pop();
  if (!ended) reading.expander.refuse("an endif stands without a condition");
  // A rule within has ended the one before it, or has not.
  else if (ended.isUncertain && open && open.names !== ended.names)
    reading.open = { rule: open.rule, names: [...ended.names, ...open.names], isCertain: false };
}

function readStatement(reading: MakefileReading, word: string, rest: string, line: TextLine): void {
  reading.open = undefined;
  if (word === "export" || word === "unexport") exportNames(reading, word === "export", rest);
  else if (/^[-s]?include$/.test(word)) {
    const files = wordsOf(reading.expanded(rest).replaceAll(FILES, ""));
    if (files.length > 0) reading.variables.includeOthers();
    if (files.some((file) => !environmentFile.test(file))) reading.includesRules = true;
  } else if (/^(?:vpath|-?load|undefine)$/.test(word)) reading.expander.refuse(`it uses ${word}`);
  else if (line.text.startsWith("\t"))
    refuseLine(reading, line.line, "a recipe line without a rule");
  else readRule(reading, line);
}

/** Make stops at such a line, and no image is made: it is in a branch that is not taken, or nothing is known. */
function refuseLine(reading: MakefileReading, line: number, why: string): void {
  if (isActive(reading) === true) reading.expander.refuse(`line ${line}: ${why}`);
}

function exportNames(reading: MakefileReading, isExport: boolean, text: string): void {
  const { variables } = reading;
  const state = isActive(reading) ? isExport : undefined;
  const names = wordsOf(reading.expanded(text));
  if (text === "") variables.setExport(undefined, state);
  else if (!names.every(isKnown)) variables.setExport(undefined, undefined);
  else for (const name of names) variables.setExport(name, state);
}

/** `a b: c | d ; recipe`, `a b: %.o: %.c`, `a: NAME = value`. */
function readRule(reading: MakefileReading, { text, line }: TextLine): void {
  const { expanded } = reading;
  const stop = indexOutside(text, ";#");
  const head = joinLines(stop < 0 ? text : text.slice(0, stop));
  const colon = indexOutside(head, ":");
  if (colon < 0) {
    readExpandedRule(reading, expanded(head), stop < 0 ? "" : text.slice(stop), line);
    return;
  }
  const isDoubleColon = head[colon + 1] === ":";
  const left = expanded(head.slice(0, colon));
  const isGrouped = left.endsWith("&");
  const names = [...new Set(namesOf(isGrouped ? left.slice(0, -1) : left))];
  const start = colon + (isDoubleColon ? 2 : 1);
  if (readAssignment(head.slice(start), true)) {
    const whole = withoutComment(joinLines(text)).slice(start);
    const assignment = readAssignment(whole, isActive(reading) === true);
    for (const name of names) if (assignment) assignForTarget(reading, name, assignment);
    return;
  }
  const rule: Rule = { isDoubleColon, recipe: [], hasRecipe: false };
  const isCertain = isActive(reading) === true;
  reading.open = { rule, names, isCertain };
  addRule(reading, rule, names, expanded(head.slice(start)), line);
  for (const name of names)
    if (isGrouped) targetOf(reading, name).why = `${shown(name)} is made in a group`;
  if (!isCertain) markUncertain(reading, names);
  if (stop >= 0 && text[stop] === ";") addRecipe(reading, text.slice(stop + 1), line);
}

/** A line whose colon, if any, comes out of a variable. Calls of functions stand alone, too. */
function readExpandedRule(
  reading: MakefileReading,
  head: string,
  rest: string,
  line: number,
): void {
  if (head.replaceAll(UNKNOWN, "").trim() === "") return;
  if (isKnown(head) && !head.includes("\n") && indexOutside(quoted(head), ":") >= 0)
    readRule(reading, { text: quoted(head) + rest, line });
  else refuseLine(reading, line, "neither a rule nor an assignment");
}

function addRecipe(reading: MakefileReading, text: string, line: number): void {
  const { open } = reading;
  if (!open) return;
  if (!open.isCertain || isActive(reading) === undefined) markUncertain(reading, open.names);
  open.rule.hasRecipe = true;
  open.rule.recipe.push({ text: text.replaceAll("\\\n\t", "\\\n"), line });
}
