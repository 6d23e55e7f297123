/** Walks the targets that goals need. https://www.gnu.org/software/make/manual/make.html#How-Make-Works */
import type { Expander } from "./make-expansion.ts";
import { globOf, isInGlob, isMadeBy, normalName, shown } from "./make-names.ts";
import { runRecipe, type RecipeLine, type RecipeRun } from "./make-recipes.ts";
import type { Makefile, TargetRule } from "./make-targets.ts";
import { wordsOf } from "./make-text.ts";
import { FILES, UNKNOWN } from "./make-values.ts";
import { globalScope, type Scope, type VariableTable } from "./make-variables.ts";

/** Prerequisites of prerequisites that are followed. */
const deepest = 500;
/** Prerequisites that are looked at, those of each target counted. */
const mostPrerequisites = 200_000;

interface GoalRun extends RecipeRun {
  readonly makefile: Makefile;
  readonly phony: ReadonlySet<string>;
  readonly names: readonly string[];
  readonly hasHiddenTarget: boolean;
  readonly started: Set<string>;
  readonly underway: Set<string>;
  /** Prerequisites that were looked at. */
  followed: number;
}

/** The recipes that the goals need, in the order in which make runs them. */
export function runGoals(
  makefile: Makefile,
  goals: readonly string[],
  expander: Expander,
  variables: VariableTable,
): { lines: RecipeLine[]; exported: Map<string, string | undefined> } {
  const { targets, includesRules } = makefile;
  const { expand, refuse } = expander;
  const names = [...targets.keys()];
  const run: GoalRun = {
    makefile,
    expander,
    variables,
    lines: [],
    environments: [],
    isOneShell: targets.has(".ONESHELL"),
    ignoring: targets.has(".IGNORE") ? new Set(prerequisitesOf(makefile, ".IGNORE")) : undefined,
    phony: new Set(prerequisitesOf(makefile, ".PHONY")),
    names,
    hasHiddenTarget: names.some((name) => name.includes(UNKNOWN) || name.includes(FILES)),
    started: new Set(),
    underway: new Set(),
    followed: 0,
  };
  if (targets.has(".EXPORT_ALL_VARIABLES")) variables.setExport(undefined, true);
  if (targets.has(".SECONDEXPANSION") && names.some((name) => isExpandedTwice(makefile, name)))
    refuse("its prerequisites are expanded twice");
  const wanted = goals.length > 0 ? goals : wordsOf(expand("$(.DEFAULT_GOAL)", variables.lookup));
  if (wanted.length === 0) refuse(includesRules ? "a goal is not known" : "no target at all");
  for (const goal of wanted) makeTarget(run, normalName(goal), globalScope, 0);
  const plain = (name: string): string => expand(`$(${name})`, variables.lookup);
  if (run.environments.length === 0)
    run.environments.push(variables.exportedTo(globalScope, plain));
  return { lines: run.lines, exported: common(run.environments) };
}

function prerequisitesOf({ targets }: Makefile, name: string): string[] {
  const rules = targets.get(name)?.rules ?? [];
  return rules.flatMap(({ prerequisites, orderOnly }) => [...prerequisites, ...orderOnly]);
}

function isExpandedTwice(makefile: Makefile, name: string): boolean {
  return prerequisitesOf(makefile, name).some((prerequisite) => prerequisite.includes("$"));
}

function makeTarget(run: GoalRun, name: string, parent: Scope, depth: number): void {
  const { makefile, phony, started, underway, variables } = run;
  const { refuse, refusal } = run.expander;
  if (started.has(name) || refusal() !== undefined) return;
  started.add(name);
  if (depth > deepest) refuse("its prerequisites are too deep");
  if (name.includes(UNKNOWN)) refuse(`a ${depth === 0 ? "goal" : "prerequisite"} is not known`);
  const target = makefile.targets.get(name);
  if (target?.why !== undefined) refuse(target.why);
  if (!phony.has(name) && !target?.rules.some(({ rule }) => rule.hasRecipe))
    refuseImplicit(run, name);
  if (!target || target.rules.length === 0) {
    if (!phony.has(name)) refuseOther(run, name, depth === 0);
    return;
  }
  if (makefile.patternVariables.some((pattern) => isMadeBy(pattern, name)))
    refuse(`a pattern sets variables of ${shown(name)}`);
  const own = variables.scopeOf(target.assignments, parent, true);
  const inherited = variables.scopeOf(target.assignments, parent, false);
  underway.add(name);
  const { rules } = target;
  const isDoubleColon = rules[0]!.rule.isDoubleColon;
  for (const group of isDoubleColon ? rules.map((rule) => [rule]) : [ordered(rules)]) {
    for (const one of group) run.followed += one.prerequisites.length + one.orderOnly.length;
    if (run.followed > mostPrerequisites) {
      refuse("it has too many prerequisites");
      return;
    }
    const filled = group.map((one) => withoutCircles(withStem(one), underway));
    for (const { prerequisites, orderOnly } of filled)
      for (const one of [...prerequisites, ...orderOnly])
        makeTarget(run, one, inherited, depth + 1);
    const made = filled.find(({ rule }) => rule.hasRecipe);
    if (made) runRecipe(run, name, made, filled, own);
  }
  underway.delete(name);
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

/** Make drops prerequisites that are under way. */
function withoutCircles(one: TargetRule, underway: ReadonlySet<string>): TargetRule {
  const isFree = (name: string): boolean => !underway.has(name);
  if (one.prerequisites.every(isFree) && one.orderOnly.every(isFree)) return one;
  return {
    ...one,
    prerequisites: one.prerequisites.filter(isFree),
    orderOnly: one.orderOnly.filter(isFree),
  };
}

/** A name that no rule makes is a file; here is what else it may be. */
function refuseOther(run: GoalRun, name: string, isGoal: boolean): void {
  const { makefile, names, hasHiddenTarget } = run;
  const { refuse } = run.expander;
  const glob = globOf(name);
  if (glob === undefined) refuse("a prerequisite is not known");
  else if (glob !== name || /[*?[]/.test(glob)) {
    const isHidden = hasHiddenTarget || names.some((one) => isInGlob(glob, one));
    if (isHidden) refuse("a prerequisite is not known");
    refuseImplicit(run, glob);
  }
  if (makefile.includesRules) refuse(`${shown(name)} may be a target of an included file`);
  else if (makefile.targets.has(".DEFAULT")) refuse(`.DEFAULT makes ${shown(name)}`);
  else if (isGoal) refuse(`no target ${shown(name)}`);
}

function refuseImplicit({ makefile, expander }: GoalRun, name: string): void {
  for (const { pattern, rule } of makefile.patterns)
    if (rule.hasRecipe && isMadeBy(pattern, name))
      expander.refuse(`a pattern rule makes ${shown(name)}`);
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
