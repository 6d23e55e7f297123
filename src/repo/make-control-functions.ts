/** Functions of make that choose which of their arguments are expanded. https://www.gnu.org/software/make/manual/make.html#Conditional-Functions */
import { textFunctions } from "./make-functions.ts";
import { eachWord } from "./make-text.ts";
import { UNKNOWN, WORDS_HIDDEN, isKnown, isNotEmpty, type Lookup } from "./make-values.ts";

type Expand = (text: string, lookup: Lookup) => string;

/** With the most arguments they take. */
export const controlFunctions: ReadonlyMap<string, number> = new Map([
  ["if", 3],
  ["or", Infinity],
  ["and", Infinity],
  ["foreach", 3],
  ["call", Infinity],
]);

/** What one of the `controlFunctions` gives for arguments that are not expanded yet. */
export function controlFunction(
  name: string,
  parts: readonly string[],
  lookup: Lookup,
  expand: Expand,
): string {
  const value = (index: number): string => expand(parts[index] ?? "", lookup);
  switch (name) {
    case "foreach":
      return foreach(value(0).trim(), value(1), parts[2] ?? "", lookup, expand);
    case "call":
      return call(
        parts.map((_, index) => value(index)),
        lookup,
        expand,
      );
    case "if": {
      const holds = isNotEmpty(expand((parts[0] ?? "").trim(), lookup));
      if (holds !== undefined) return value(holds ? 1 : 2);
      const then = value(1);
      return then === value(2) ? then : UNKNOWN;
    }
    default:
      return firstDecisive(parts, name === "or", (part) => expand(part.trim(), lookup));
  }
}

/** `$(or …)` ends at the first argument that is not empty, `$(and …)` at the first that is. */
function firstDecisive(
  parts: readonly string[],
  isOr: boolean,
  expand: (text: string) => string,
): string {
  let last = "";
  for (const part of parts) {
    last = expand(part);
    const holds = isNotEmpty(last);
    if (holds === undefined) return UNKNOWN;
    if (holds === isOr) break;
  }
  return last;
}

function foreach(name: string, list: string, body: string, lookup: Lookup, expand: Expand): string {
  if (WORDS_HIDDEN.test(list) || !isKnown(name)) return UNKNOWN;
  return eachWord(list, (word) =>
    expand(body, (asked) => (asked === name ? { text: word, simple: true } : lookup(asked))),
  );
}

function call([name = "", ...given]: readonly string[], lookup: Lookup, expand: Expand): string {
  const called = name.trim();
  if (!isKnown(called) || textFunctions.has(called) || controlFunctions.has(called)) return UNKNOWN;
  const variable = lookup(called);
  if (variable === undefined) return "";
  if (variable.simple) return variable.text;
  return expand(variable.text, (asked) => {
    if (!/^\d+$/.test(asked)) return lookup(asked);
    return { text: asked === "0" ? called : (given[Number(asked) - 1] ?? ""), simple: true };
  });
}
