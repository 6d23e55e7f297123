/** Which shell commands `make GOAL…` runs, as far as a makefile alone tells: https://www.gnu.org/software/make/manual/make.html */
import { makeExpander } from "./make-expansion.ts";
import { runGoals } from "./make-goals.ts";
import type { RecipeLine } from "./make-recipes.ts";
import { readMakefile } from "./make-rules.ts";
import { isKnown } from "./make-values.ts";
import { variableTable } from "./make-variables.ts";

export { UNKNOWN_VALUE, type RecipeLine } from "./make-recipes.ts";

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
