/** Targets, and the rules and variables that a makefile sets for them. https://www.gnu.org/software/make/manual/make.html#Rules */
import { assigned, readAssignment, type Assignment } from "./make-assignments.ts";
import { isActive, type ConditionReading } from "./make-conditions.ts";
import { namesOf, shown, stemOf } from "./make-names.ts";
import { quoted, type TextLine } from "./make-text.ts";
import { isKnown, unknownVariable, type Lookup } from "./make-values.ts";
import { globalScope } from "./make-variables.ts";

export interface Makefile {
  readonly targets: ReadonlyMap<string, Target>;
  readonly patterns: readonly PatternRule[];
  /** Targets with a `%` for which variables are set. */
  readonly patternVariables: readonly string[];
  /** Other files are read that may have rules. */
  readonly includesRules: boolean;
}

/** What was said once of one or many targets. */
export interface Rule {
  readonly isDoubleColon: boolean;
  readonly recipe: TextLine[];
  hasRecipe: boolean;
}

interface PatternRule {
  readonly pattern: string;
  readonly rule: Rule;
}

export interface TargetRule {
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

/** A makefile that is being read: what is known of its targets. */
export interface TargetReading extends ConditionReading {
  readonly targets: Map<string, Target>;
  readonly patterns: PatternRule[];
  readonly patternVariables: string[];
  includesRules: boolean;
}

/** Variables by which a makefile means something else than what is read here. */
const unfollowable = new Set([".RECIPEPREFIX", "VPATH", "GPATH"]);
/** Special targets that change how recipes run. */
const changesRecipes = new Set([".ONESHELL", ".IGNORE", ".EXPORT_ALL_VARIABLES", ".DEFAULT"]);

export function targetOf({ targets }: TargetReading, name: string): Target {
  let target = targets.get(name);
  if (!target) targets.set(name, (target = { rules: [], assignments: [] }));
  return target;
}

/**
 * Notes a rule with its targets.
 *
 * @param right what stands behind the colon, expanded
 */
export function addRule(
  reading: TargetReading,
  rule: Rule,
  names: readonly string[],
  right: string,
  line: number,
): void {
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
      reading.patterns.push({ pattern: isPattern ? name : `%${suffix}`, rule });
    if (isPattern) continue;
    const stem = pattern === undefined ? undefined : stemOf(pattern, name);
    const target = targetOf(reading, name);
    target.rules.push({ rule, prerequisites, orderOnly, stem });
    if (pattern !== undefined && stem === undefined)
      target.why = `line ${line}: the pattern does not fit ${shown(name)}`;
    if (target.rules[0]!.rule.isDoubleColon !== rule.isDoubleColon)
      target.why = `${shown(name)} has both : and :: rules`;
    setDefaultGoal(reading, name);
  }
}

function setDefaultGoal(reading: TargetReading, name: string): void {
  if (reading.variables.lookup(".DEFAULT_GOAL")?.text || /^\.[^/]*$/.test(name)) return;
  const isCertain = isActive(reading) === true && !reading.includesRules;
  assign(reading, readAssignment(`.DEFAULT_GOAL := ${quoted(name)}`, isCertain)!);
}

export function markUncertain(reading: TargetReading, names: readonly string[]): void {
  for (const name of names) {
    if (changesRecipes.has(name))
      reading.expander.refuse(`${name} stands in a condition that is not known`);
    targetOf(reading, name).why ??= `${shown(name)} depends on a condition that is not known`;
  }
}

export function assign({ expander, variables, expanded }: TargetReading, to: Assignment): void {
  const name = expanded(to.name).trim();
  if (unfollowable.has(name)) expander.refuse(`it sets ${name}`);
  if (isKnown(name)) variables.assign(name, to, expanded);
}

export function assignForTarget(
  reading: TargetReading,
  name: string,
  assignment: Assignment,
): void {
  const { expander, variables, expanded } = reading;
  if (name.includes("%")) reading.patternVariables.push(name);
  const target = targetOf(reading, name);
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
  const value = assigned(undefined, assignment, (text) => expander.expand(text, lookup));
  const text = value.simple ? quoted(value.text) : value.text;
  const isCertain = assignment.isCertain && !previous;
  target.assignments.push({ ...assignment, name: variable, operator: "=", text, isCertain });
}
