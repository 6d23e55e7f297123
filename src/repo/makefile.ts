/** Which shell commands `make GOAL…` runs, as far as a makefile alone tells: https://www.gnu.org/software/make/manual/make.html */
import {
  DIRECTORY,
  FILES,
  UNKNOWN,
  assigned,
  directoryOf,
  endOfReference,
  fileNameOf,
  globalScope,
  indexOutside,
  isKnown,
  isNotEmpty,
  makeExpander,
  quoted,
  readAssignment,
  stemOf,
  unknownVariable,
  variableTable,
  wordsOf,
  type Assignment,
  type Expander,
  type Lookup,
  type MakeVariable,
  type Scope,
  type VariableTable,
} from "./make-expansion.ts";

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

export type MakeRecipe =
  | {
      readonly kind: "recipe";
      readonly lines: readonly RecipeLine[];
      /** What make puts into the environment of its recipes; `undefined` for a value that is not known. */
      readonly exported: ReadonlyMap<string, string | undefined>;
    }
  | { readonly kind: "opaque"; readonly why: string };

/**
 * The recipe lines that `make GOAL…` runs, prerequisites first, where every target has to be made.
 *
 * @param goals targets on the command line; empty: the default goal
 * @param given variables of the command line
 * @param environment value of an environment variable: null when it is not set, undefined when it is not known;
 * `PWD` is the directory that make runs in
 * @example makeRecipe("build:\n\tgo build -o app", ["build"], new Map(), () => null)
 */
export function makeRecipe(
  text: string,
  goals: readonly string[],
  given: ReadonlyMap<string, string | undefined>,
  environment: (name: string) => string | null | undefined,
): MakeRecipe {
  if (!isKnown(text)) return { kind: "opaque", why: "it holds characters that are none" };
  const expander = makeExpander();
  const variables = variableTable(goals, given, environment);
  const makefile = readMakefile(text, expander, variables);
  const made = runGoals(makefile, goals, expander, variables);
  const why = expander.refusal();
  return why === undefined ? { kind: "recipe", ...made } : { kind: "opaque", why };
}

interface Makefile {
  readonly targets: ReadonlyMap<string, Target>;
  readonly patterns: readonly { readonly pattern: string; readonly rule: Rule }[];
  /** Targets with a `%` for which variables are set. */
  readonly patternVariables: readonly string[];
  /** Other files are read that may have rules. */
  readonly includesRules: boolean;
}

/** What was said once of one or many targets. */
interface Rule {
  readonly isDoubleColon: boolean;
  readonly recipe: TextLine[];
  hasRecipe: boolean;
}

interface TargetRule {
  readonly rule: Rule;
  readonly prerequisites: readonly string[];
  readonly orderOnly: readonly string[];
  /** What `%` in the prerequisites stands for, in a static pattern rule. */
  readonly stem: string | undefined;
}

interface Target {
  readonly rules: TargetRule[];
  readonly assignments: Assignment[];
  /** Why it cannot be told how it is made. */
  why?: string;
}

interface TextLine {
  /** With its continuation lines, each behind a backslash and a line end. */
  readonly text: string;
  readonly line: number;
}

/** A yes or no that may not be known. */
type Answer = boolean | undefined;

interface Condition {
  readonly outer: Answer;
  now: Answer;
  /** Whether an earlier branch was taken. */
  taken: Answer;
  isUncertain: boolean;
  /** The targets whose recipe was being read. */
  readonly names: readonly string[];
}

/** Variables by which a makefile means something else than what is read here. */
const unfollowable = new Set([".RECIPEPREFIX", "VPATH", "GPATH"]);
/** Special targets that change how recipes run. */
const changesRecipes = new Set([".ONESHELL", ".IGNORE", ".EXPORT_ALL_VARIABLES", ".DEFAULT"]);
const conditionals = new Set(["ifeq", "ifneq", "ifdef", "ifndef"]);
/** Included files that hold variables and no rules. */
const environmentFile = /(?:^|\/)(?:[\w.-]*\.env|\.env\.[\w.-]+)$/;

function readMakefile(
  source: string,
  { expand, refuse, refusal }: Expander,
  variables: VariableTable,
): Makefile {
  const lines = textLines(source.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n"));
  const targets = new Map<string, Target>();
  const patterns: { pattern: string; rule: Rule }[] = [];
  const patternVariables: string[] = [];
  const conditions: Condition[] = [];
  let includesRules = false;
  /** The rule that recipe lines go to, and the targets made by it. */
  let open: { rule: Rule; names: readonly string[]; isCertain: boolean } | undefined;
  let at = 0;

  function expanded(text: string): string {
    return expand(text, variables.lookup);
  }

  function isActive(): Answer {
    const inner = conditions.at(-1);
    return inner ? inner.now : true;
  }

  function readLine(line: TextLine): void {
    const active = isActive();
    const isIndented = line.text.startsWith("\t");
    if (isIndented && open) {
      if (active !== false) addRecipe(line.text.slice(1), line.line);
      return;
    }
    const text = withoutComment(joinLines(line.text)).trimStart();
    const assignment = readAssignment(text, active === true);
    if (assignment) {
      const whole = assignment.isDefinition ? readDefinition(assignment) : assignment;
      if (active === false) return;
      open = undefined;
      assign(whole);
      return;
    }
    const word = /^\S*/.exec(text)![0];
    const rest = text.slice(word.length).trim();
    if (word === "endif") endCondition();
    else if (word === "else" || conditionals.has(word)) condition(word, rest);
    else if (word !== "" && active !== false) statement(word, rest, line, isIndented);
  }

  function statement(word: string, rest: string, line: TextLine, isIndented: boolean): void {
    open = undefined;
    if (word === "export" || word === "unexport") exportNames(word === "export", rest);
    else if (/^[-s]?include$/.test(word)) {
      const files = wordsOf(expanded(rest).replaceAll(FILES, ""));
      if (files.length > 0) variables.includeOthers();
      if (files.some((file) => !environmentFile.test(file))) includesRules = true;
    } else if (/^(?:vpath|-?load|undefine)$/.test(word)) refuse(`it uses ${word}`);
    else if (isIndented) refuseLine(line.line, "a recipe line without a rule");
    else readRule(line);
  }

  /** Make stops at such a line, and no image is made: it is in a branch that is not taken, or nothing is known. */
  function refuseLine(line: number, why: string): void {
    if (isActive() === true) refuse(`line ${line}: ${why}`);
  }

  function exportNames(isExport: boolean, text: string): void {
    const state = isActive() ? isExport : undefined;
    const names = wordsOf(expanded(text));
    if (text === "") variables.setExport(undefined, state);
    else if (!names.every(isKnown)) variables.setExport(undefined, undefined);
    else for (const name of names) variables.setExport(name, state);
  }

  /** `a b: c | d ; recipe`, `a b: %.o: %.c`, `a: NAME = value`. */
  function readRule({ text, line }: TextLine): void {
    const stop = indexOutside(text, ";#");
    const head = joinLines(stop < 0 ? text : text.slice(0, stop));
    const colon = indexOutside(head, ":");
    if (colon < 0) {
      readExpandedRule(expanded(head), stop < 0 ? "" : text.slice(stop), line);
      return;
    }
    const isDoubleColon = head[colon + 1] === ":";
    const left = expanded(head.slice(0, colon));
    const isGrouped = left.endsWith("&");
    const names = [...new Set(namesOf(isGrouped ? left.slice(0, -1) : left))];
    const start = colon + (isDoubleColon ? 2 : 1);
    if (readAssignment(head.slice(start), true)) {
      const whole = withoutComment(joinLines(text)).slice(start);
      const assignment = readAssignment(whole, isActive() === true);
      for (const name of names) if (assignment) assignForTarget(name, assignment);
      return;
    }
    const rule: Rule = { isDoubleColon, recipe: [], hasRecipe: false };
    open = { rule, names, isCertain: isActive() === true };
    addRule(rule, names, expanded(head.slice(start)), line);
    for (const name of names)
      if (isGrouped) targetOf(name).why = `${shown(name)} is made in a group`;
    if (!open.isCertain) markUncertain(names);
    if (stop >= 0 && text[stop] === ";") addRecipe(text.slice(stop + 1), line);
  }

  /** A line whose colon, if any, comes out of a variable. Calls of functions stand alone, too. */
  function readExpandedRule(head: string, rest: string, line: number): void {
    if (head.replaceAll(UNKNOWN, "").trim() === "") return;
    if (isKnown(head) && !head.includes("\n") && indexOutside(quoted(head), ":") >= 0)
      readRule({ text: quoted(head) + rest, line });
    else refuseLine(line, "neither a rule nor an assignment");
  }

  function addRule(rule: Rule, names: readonly string[], right: string, line: number): void {
    const colon = right.search(/(?<!\\):/);
    const pattern = colon < 0 ? undefined : namesOf(right.slice(0, colon))[0];
    const [normal = "", ...others] = right.slice(colon + 1).split("|");
    const prerequisites = namesOf(normal);
    const orderOnly = others.flatMap(namesOf);
    for (const name of names) {
      const isPattern = pattern === undefined && name.includes("%");
      // `.c.o:` is an old way to write `%.o: %.c`.
      const suffix = /^\.[^./]+(\.[^./]+)$/.exec(name)?.[1];
      if (isPattern || suffix !== undefined)
        patterns.push({ pattern: isPattern ? name : `%${suffix}`, rule });
      if (isPattern) continue;
      const stem = pattern === undefined ? undefined : stemOf(pattern, name);
      const target = targetOf(name);
      target.rules.push({ rule, prerequisites, orderOnly, stem });
      if (pattern !== undefined && stem === undefined)
        target.why = `line ${line}: the pattern does not fit ${shown(name)}`;
      if (target.rules[0]!.rule.isDoubleColon !== rule.isDoubleColon)
        target.why = `${shown(name)} has both : and :: rules`;
      setDefaultGoal(name);
    }
  }

  function targetOf(name: string): Target {
    let target = targets.get(name);
    if (!target) targets.set(name, (target = { rules: [], assignments: [] }));
    return target;
  }

  function setDefaultGoal(name: string): void {
    if (variables.lookup(".DEFAULT_GOAL")?.text || /^\.[^/]*$/.test(name)) return;
    const isCertain = isActive() === true && !includesRules;
    assign(readAssignment(`.DEFAULT_GOAL := ${quoted(name)}`, isCertain)!);
  }

  function markUncertain(names: readonly string[]): void {
    for (const name of names) {
      if (changesRecipes.has(name)) refuse(`${name} stands in a condition that is not known`);
      targetOf(name).why ??= `${shown(name)} depends on a condition that is not known`;
    }
  }

  function addRecipe(text: string, line: number): void {
    if (!open) return;
    if (!open.isCertain || isActive() === undefined) markUncertain(open.names);
    open.rule.hasRecipe = true;
    open.rule.recipe.push({ text: text.replaceAll("\\\n\t", "\\\n"), line });
  }

  function condition(word: string, rest: string): void {
    let [frame, keyword, text] = [conditions.at(-1), word, rest];
    if (word !== "else") {
      const names = open?.names ?? [];
      frame = { outer: isActive(), now: true, taken: false, isUncertain: false, names };
      conditions.push(frame);
    } else [, keyword = "", text = ""] = /^(\S*)\s*(.*)$/s.exec(rest)!;
    if (!frame) {
      refuse("an else stands without a condition");
      return;
    }
    const reached = both(frame.outer, not(frame.taken));
    let holds: Answer = keyword === "";
    if (keyword !== "" && reached !== false) holds = evaluate(keyword, text);
    frame.now = both(reached, holds);
    frame.taken = not(both(not(frame.taken), not(holds)));
    frame.isUncertain ||= frame.now === undefined;
  }

  function endCondition(): void {
    const ended = conditions.pop();
    if (!ended) refuse("an endif stands without a condition");
    // A rule within has ended the one before it, or has not.
    else if (ended.isUncertain && open && open.names !== ended.names)
      open = { rule: open.rule, names: [...ended.names, ...open.names], isCertain: false };
  }

  function evaluate(keyword: string, text: string): Answer {
    let holds: Answer;
    if (keyword === "ifdef" || keyword === "ifndef") {
      const name = expanded(text).trim();
      const variable = isKnown(name) ? variables.lookup(name) : unknownVariable;
      holds = variable ? isNotEmpty(variable.text) : false;
    } else {
      const sides = conditionals.has(keyword) ? comparedTexts(text) : undefined;
      if (!sides) refuse(`the condition ${keyword} ${text} cannot be read`);
      holds = sides && isSame(expanded(sides[0]), expanded(sides[1]));
    }
    return keyword === "ifndef" || keyword === "ifneq" ? not(holds) : holds;
  }

  function readDefinition(assignment: Assignment): Assignment {
    const body: string[] = [];
    for (let depth = 1; at < lines.length; at++) {
      const line = joinLines(lines[at]!.text);
      const word = line.startsWith("\t") ? "" : /^\s*(\S*)/.exec(line)![1]!;
      if (word === "define") depth++;
      else if (word === "endef" && --depth === 0) break;
      body.push(line);
    }
    if (at++ >= lines.length) refuse("a define has no endef");
    return { ...assignment, text: body.join("\n") };
  }

  function assign(assignment: Assignment): void {
    const name = expanded(assignment.name).trim();
    if (unfollowable.has(name)) refuse(`it sets ${name}`);
    if (isKnown(name)) variables.assign(name, assignment, expanded);
  }

  function assignForTarget(name: string, assignment: Assignment): void {
    if (name.includes("%")) patternVariables.push(name);
    const target = targetOf(name);
    const variable = expanded(assignment.name).trim();
    if (!isKnown(variable)) target.why = `a variable of ${shown(name)} is not known`;
    const { operator } = assignment;
    if (operator === "=" || operator === "+=") {
      target.assignments.push({ ...assignment, name: variable });
      return;
    }
    // The others look at what is set so far.
    const { variables: own } = variables.scopeOf(target.assignments, globalScope, true);
    const lookup: Lookup = (asked) => own.get(asked) ?? variables.lookup(asked);
    const previous = operator === "?=" ? lookup(variable) : undefined;
    if (previous && previous !== unknownVariable) return;
    const value = assigned(undefined, assignment, (text) => expand(text, lookup));
    const text = value.simple ? quoted(value.text) : value.text;
    const isCertain = assignment.isCertain && !previous;
    target.assignments.push({ ...assignment, name: variable, operator: "=", text, isCertain });
  }

  while (at < lines.length && refusal() === undefined) readLine(lines[at++]!);
  if (conditions.length > 0) refuse("a condition has no endif");
  return { targets, patterns, patternVariables, includesRules };
}

const shells = new Set(["sh", "bash", "dash", "ash"]);
const harmlessShellFlag = /^(?:-[cueox]+|-O|pipefail|errexit|nounset|extglob|--norc|--noprofile)$/;
const harmlessMakeFlag =
  /^(?:-[rRswj]+|-[jlO]\S*|--(?:no-print-directory|silent|quiet|no-builtin-(?:rules|variables)|warn-undefined-variables|(?:jobs|output-sync|load-average)(?:=\S*)?))$/;
/** Prerequisites of prerequisites that are followed. */
const deepest = 500;
/** Prerequisites that are looked at, those of each target counted. */
const mostPrerequisites = 200_000;

/** The recipes that the goals need, in the order in which make runs them. */
function runGoals(
  { targets, patterns, patternVariables, includesRules }: Makefile,
  goals: readonly string[],
  { expand, refuse, refusal }: Expander,
  variables: VariableTable,
): { lines: RecipeLine[]; exported: Map<string, string | undefined> } {
  const lines: RecipeLine[] = [];
  const environments: Map<string, string | undefined>[] = [];
  const started = new Set<string>();
  const underway = new Set<string>();
  let followed = 0;
  const phony = new Set(prerequisitesOf(".PHONY"));
  const isOneShell = targets.has(".ONESHELL");
  const ignoring = targets.has(".IGNORE") ? new Set(prerequisitesOf(".IGNORE")) : undefined;
  const names = [...targets.keys()];
  const hasHiddenTarget = names.some((name) => name.includes(UNKNOWN) || name.includes(FILES));
  if (targets.has(".EXPORT_ALL_VARIABLES")) variables.setExport(undefined, true);
  if (targets.has(".SECONDEXPANSION") && names.some((name) => isExpandedTwice(name)))
    refuse("its prerequisites are expanded twice");

  function prerequisitesOf(name: string): string[] {
    const rules = targets.get(name)?.rules ?? [];
    return rules.flatMap(({ prerequisites, orderOnly }) => [...prerequisites, ...orderOnly]);
  }

  function isExpandedTwice(name: string): boolean {
    return prerequisitesOf(name).some((prerequisite) => prerequisite.includes("$"));
  }

  function make(name: string, parent: Scope, depth: number): void {
    if (started.has(name) || refusal() !== undefined) return;
    started.add(name);
    if (depth > deepest) refuse("its prerequisites are too deep");
    if (name.includes(UNKNOWN)) refuse(`a ${depth === 0 ? "goal" : "prerequisite"} is not known`);
    const target = targets.get(name);
    if (target?.why !== undefined) refuse(target.why);
    if (!phony.has(name) && !target?.rules.some(({ rule }) => rule.hasRecipe)) refuseImplicit(name);
    if (!target || target.rules.length === 0) {
      if (!phony.has(name)) refuseOther(name, depth === 0);
      return;
    }
    if (patternVariables.some((pattern) => isMadeBy(pattern, name)))
      refuse(`a pattern sets variables of ${shown(name)}`);
    const own = variables.scopeOf(target.assignments, parent, true);
    const inherited = variables.scopeOf(target.assignments, parent, false);
    underway.add(name);
    const { rules } = target;
    const isDoubleColon = rules[0]!.rule.isDoubleColon;
    for (const group of isDoubleColon ? rules.map((rule) => [rule]) : [ordered(rules)]) {
      for (const one of group) followed += one.prerequisites.length + one.orderOnly.length;
      if (followed > mostPrerequisites) {
        refuse("it has too many prerequisites");
        return;
      }
      const filled = group.map((one) => withoutCircles(withStem(one)));
      for (const { prerequisites, orderOnly } of filled)
        for (const one of [...prerequisites, ...orderOnly]) make(one, inherited, depth + 1);
      const made = filled.find(({ rule }) => rule.hasRecipe);
      if (made) run(name, made, filled, own);
    }
    underway.delete(name);
  }

  /** Make drops prerequisites that are under way. */
  function withoutCircles(one: TargetRule): TargetRule {
    const isFree = (name: string): boolean => !underway.has(name);
    if (one.prerequisites.every(isFree) && one.orderOnly.every(isFree)) return one;
    return {
      ...one,
      prerequisites: one.prerequisites.filter(isFree),
      orderOnly: one.orderOnly.filter(isFree),
    };
  }

  /** Adds the lines of one recipe. */
  function run(
    name: string,
    { rule, stem }: TargetRule,
    rules: readonly TargetRule[],
    scope: Scope,
  ): void {
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
    checkFlags(lookup);
    environments.push(variables.exportedTo(scope, (asked) => expand(`$(${asked})`, lookup)));
  }

  /** A name that no rule makes is a file; here is what else it may be. */
  function refuseOther(name: string, isGoal: boolean): void {
    const glob = globOf(name);
    if (glob === undefined) refuse("a prerequisite is not known");
    else if (glob !== name || /[*?[]/.test(glob)) {
      const isHidden = hasHiddenTarget || names.some((one) => isInGlob(glob, one));
      if (isHidden) refuse("a prerequisite is not known");
      refuseImplicit(glob);
    }
    if (includesRules) refuse(`${shown(name)} may be a target of an included file`);
    else if (targets.has(".DEFAULT")) refuse(`.DEFAULT makes ${shown(name)}`);
    else if (isGoal) refuse(`no target ${shown(name)}`);
  }

  function refuseImplicit(name: string): void {
    for (const { pattern, rule } of patterns)
      if (rule.hasRecipe && isMadeBy(pattern, name)) refuse(`a pattern rule makes ${shown(name)}`);
  }

  /** Refuses shells and flags with which recipes mean something else. */
  function checkFlags(lookup: Lookup): void {
    const [first = "sh", ...more] = wordsOf(expand("$(SHELL)", lookup));
    const [program = "", ...flags] = fileNameOf(first) === "env" ? more : [first, ...more];
    if (!shells.has(fileNameOf(program)) || !flags.every((flag) => flag.startsWith("-")))
      refuse(`its shell is ${shown(first)}`);
    for (const flag of wordsOf(expand("$(.SHELLFLAGS)", lookup)))
      if (!harmlessShellFlag.test(flag)) refuse(`its shell is called with ${shown(flag)}`);
    for (const flag of wordsOf(expand("$(MAKEFLAGS) $(GNUMAKEFLAGS)", lookup)))
      if (!harmlessMakeFlag.test(flag)) refuse(`make is called with ${shown(flag)}`);
  }

  const wanted = goals.length > 0 ? goals : wordsOf(expand("$(.DEFAULT_GOAL)", variables.lookup));
  if (wanted.length === 0) refuse(includesRules ? "a goal is not known" : "no target at all");
  for (const goal of wanted) make(normalName(goal), globalScope, 0);
  const plain = (name: string): string => expand(`$(${name})`, variables.lookup);
  if (environments.length === 0) environments.push(variables.exportedTo(globalScope, plain));
  return { lines, exported: common(environments) };
}

/** The prerequisites that stand with a recipe come first, and the last recipe counts. */
function ordered(rules: readonly TargetRule[]): TargetRule[] {
  const withRecipe = rules.filter(({ rule }) => rule.hasRecipe);
  return [...withRecipe.toReversed(), ...rules.filter(({ rule }) => !rule.hasRecipe)];
}

function withStem(one: TargetRule): TargetRule {
  const { stem } = one;
  if (stem === undefined) return one;
  const fill = (name: string): string => name.replace("%", () => stem);
  return { ...one, prerequisites: one.prerequisites.map(fill), orderOnly: one.orderOnly.map(fill) };
}

/** With .ONESHELL all lines are one script. */
function oneScript(recipe: readonly TextLine[]): TextLine[] {
  const first = recipe[0];
  return first ? [{ text: recipe.map(({ text }) => text).join("\n"), line: first.line }] : [];
}

/** Values that hold in all recipes; those that do not are not known. */
function common(
  environments: readonly ReadonlyMap<string, string | undefined>[],
): Map<string, string | undefined> {
  const values = new Map<string, string | undefined>();
  for (const name of new Set(environments.flatMap((one) => [...one.keys()]))) {
    const value = environments[0]!.get(name);
    values.set(name, environments.every((one) => one.get(name) === value) ? value : undefined);
  }
  return values;
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

/** Lines with those that continue them. An even number of backslashes at a line's end is text. */
function textLines(text: string): TextLine[] {
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
function joinLines(text: string): string {
  const [first = "", ...more] = text.split("\\\n");
  if (more.length === 0) return text;
  const last = more.pop()!;
  return [first.trimEnd(), ...more.map((piece) => piece.trim()), last.trimStart()].join(" ");
}

/** A line up to its comment; `\#` is a number sign, other than within references. */
function withoutComment(text: string): string {
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

/** The two sides of `ifeq (a,b)` or `ifeq "a" 'b'`. */
function comparedTexts(text: string): readonly [string, string] | undefined {
  if (text.startsWith("(")) {
    const comma = indexOutside(text, ",");
    const end = text.lastIndexOf(")");
    if (comma < 0 || end < comma) return undefined;
    return [text.slice(1, comma).trimEnd(), text.slice(comma + 1, end).trimStart()];
  }
  const first = quotedText(text);
  const second = first && quotedText(first.rest);
  return first && second && [first.value, second.value];
}

function quotedText(text: string): { value: string; rest: string } | undefined {
  const quote = text[0];
  if (quote !== '"' && quote !== "'") return undefined;
  const end = text.indexOf(quote, 1);
  if (end < 0) return undefined;
  return { value: text.slice(1, end), rest: text.slice(end + 1).trimStart() };
}

function isSame(first: string, second: string): Answer {
  if (isKnown(first) && isKnown(second)) return first === second;
  const isEmptyAndNot =
    (first === "" && isNotEmpty(second)) || (second === "" && isNotEmpty(first));
  return isEmptyAndNot ? false : undefined;
}

function both(first: Answer, second: Answer): Answer {
  if (first === false || second === false) return false;
  return first === undefined ? undefined : second;
}

function not(answer: Answer): Answer {
  return answer === undefined ? undefined : !answer;
}

/** Names of targets; a backslash keeps what would end one. */
function namesOf(text: string): string[] {
  const words = text.match(/(?:[^\s\\]|\\[^])+/g) ?? [];
  return words.map((word) => normalName(word.replace(/\\([\s:#])/g, "$1")));
}

/** Make takes `./name` for `name`. */
function normalName(name: string): string {
  return name.replace(/^(?:\.\/+)+(?=.)/, "");
}

/** The glob of a name that stands for what it finds; `undefined` when there is more than that in it. */
function globOf(name: string): string | undefined {
  if (!name.includes(FILES)) return name;
  const [before, glob, after, ...more] = name.split(FILES);
  return before === "" && after === "" && more.length === 0 ? glob : undefined;
}

/** Whether a glob may find a name: what stands in front of its first wildcard and behind the last is compared. */
function isInGlob(glob: string, name: string): boolean {
  const path = normalName(glob);
  const first = path.search(/[*?[]/);
  if (first < 0) return path === name;
  const last = Math.max(...["*", "?", "["].map((wild) => path.lastIndexOf(wild)));
  const tail = path[last] === "[" ? "" : path.slice(last + 1);
  return name.startsWith(path.slice(0, first)) && name.endsWith(tail);
}

/** Whether a pattern rule fits a name, or some file of a glob. */
function isMadeBy(pattern: string, name: string): boolean {
  if (stemOf(pattern, name) !== undefined) return true;
  if (!pattern.includes("/") && stemOf(pattern, fileNameOf(name)) !== undefined) return true;
  return /[*?[]/.test(name) && isInGlob(name, pattern.replace("%", "x"));
}

/** A name in a message. */
function shown(name: string): string {
  return name.replaceAll(DIRECTORY, "$PWD").replaceAll(FILES, "").replaceAll(UNKNOWN, "…");
}
