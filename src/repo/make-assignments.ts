/** `NAME = value` and its variants. https://www.gnu.org/software/make/manual/make.html#Setting */
import { endOfReference } from "./make-text.ts";
import { unknownVariable, type MakeVariable } from "./make-values.ts";

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
