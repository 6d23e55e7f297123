/** Conditions, as far as they can be decided. https://www.gnu.org/software/make/manual/make.html#Conditionals */
import type { Expander } from "./make-expansion.ts";
import { indexOutside } from "./make-text.ts";
import { isKnown, isNotEmpty, unknownVariable } from "./make-values.ts";
import type { VariableTable } from "./make-variables.ts";

/** A yes or no that may not be known. */
export type Answer = boolean | undefined;

interface Condition {
  readonly outer: Answer;
  now: Answer;
  /** Whether an earlier branch was taken. */
  taken: Answer;
  isUncertain: boolean;
  /** The targets whose recipe was being read. */
  readonly names: readonly string[];
}

/** A makefile that is being read: what bears on its conditions. */
export interface ConditionReading {
  readonly expander: Expander;
  readonly variables: VariableTable;
  /** Those that the line being read stands in. */
  readonly conditions: Condition[];
  /** A text with the variables put in that are set so far. */
  readonly expanded: (text: string) => string;
}

export const conditionals = new Set(["ifeq", "ifneq", "ifdef", "ifndef"]);

/** Whether the line being read counts. */
export function isActive({ conditions }: ConditionReading): Answer {
  const inner = conditions.at(-1);
  return inner ? inner.now : true;
}

/**
 * `ifeq …`, `else` or `else ifeq …`.
 *
 * @param names the targets whose recipe is being read
 */
export function readCondition(
  reading: ConditionReading,
  word: string,
  rest: string,
  names: readonly string[],
): void {
  let [frame, keyword, text] = [reading.conditions.at(-1), word, rest];
  if (word !== "else") {
    const outer = isActive(reading);
    frame = { outer, now: true, taken: false, isUncertain: false, names };
    reading.conditions.push(frame);
  } else [, keyword = "", text = ""] = /^(\S*)\s*(.*)$/s.exec(rest)!;
  if (!frame) {
    reading.expander.refuse("an else stands without a condition");
    return;
  }
  const reached = both(frame.outer, not(frame.taken));
  let holds: Answer = keyword === "";
  if (keyword !== "" && reached !== false) holds = evaluate(reading, keyword, text);
  frame.now = both(reached, holds);
  frame.taken = not(both(not(frame.taken), not(holds)));
  frame.isUncertain ||= frame.now === undefined;
}

function evaluate(reading: ConditionReading, keyword: string, text: string): Answer {
  const { expander, variables, expanded } = reading;
  let holds: Answer;
  if (keyword === "ifdef" || keyword === "ifndef") {
    const name = expanded(text).trim();
    const variable = isKnown(name) ? variables.lookup(name) : unknownVariable;
    holds = variable ? isNotEmpty(variable.text) : false;
  } else {
    const sides = conditionals.has(keyword) ? comparedTexts(text) : undefined;
    if (!sides) expander.refuse(`the condition ${keyword} ${text} cannot be read`);
    holds = sides && isSame(expanded(sides[0]), expanded(sides[1]));
  }
  return keyword === "ifndef" || keyword === "ifneq" ? not(holds) : holds;
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
