/** What a script gives its variables. */
import {
  forEachChild,
  type Assignment,
  type Command,
  type SyntaxNode,
  type Word as SyntaxWord,
  type WordPart,
} from "unbash";
import {
  MOST_STARTS,
  argumentsIn,
  literalPart,
  onlyPart,
  piecesOf,
  type Arguments,
} from "./shell-words.ts";

/** What one variable is given. */
interface Variable {
  /** Its one value, where that is assigned for certain and once. */
  value: SyntaxWord | undefined;
  /** It is given something, if not for certain or not once. */
  isOpen: boolean;
  /** Arguments of the script that it may hold: `cmd="$@"`. */
  readonly held: Arguments[];
  holdsOthers: boolean;
}

export interface ScriptVariables {
  readonly assigned: Map<string, Variable>;
  /** Values that were put together. */
  readonly known: Map<string, string | undefined>;
}

/** Longer values are not put together. */
const LONGEST_VALUE = 4096;

/** Builtins that set the variables they name. */
const SETTING = new Set(["read", "getopts", "mapfile", "readarray", "unset"]);

export function scriptVariables(): ScriptVariables {
  return { assigned: new Map(), known: new Map() };
}

/**
 * Notes what a text assigns, which may stand behind what it bears on, and calls back for each function.
 *
 * @param isCertain the text runs whenever the script does
 */
export function collectAssignments(
  variables: ScriptVariables,
  node: SyntaxNode,
  isCertain: boolean,
  onFunction: (name: string) => void,
): void {
  let isSure = isCertain;
  switch (node.type) {
    case "Function":
      onFunction(node.name.value);
      break;
    case "AndOr":
      node.commands.forEach((command, index) =>
        collectAssignments(variables, command, isCertain && index === 0, onFunction),
      );
      return;
    case "For":
    case "Select":
      assign(variables, node.name.value, undefined, false);
      isSure = false;
      break;
    case "If":
    case "While":
    case "Case":
    case "Subshell":
    case "CommandExpansion":
    case "ProcessSubstitution":
      isSure = false;
      break;
    case "Pipeline":
      if (node.commands.length > 1) isSure = false;
      break;
    case "ParameterExpansion":
      if (node.operation?.type === "Default" && node.operation.operator.endsWith("="))
        assign(variables, node.parameter, node.operation.operand, isCertain);
      break;
    case "Command":
      collectCommand(variables, node, isCertain);
      break;
  }
  forEachChild(node, (child) => collectAssignments(variables, child, isSure, onFunction));
}

function collectCommand(variables: ScriptVariables, node: Command, isCertain: boolean): void {
  for (const assignment of node.name ? node.suffix : node.prefix) {
    if (assignment.type === "Assignment") collectAssignment(variables, assignment, isCertain);
  }
  if (!node.name || !SETTING.has(node.name.value)) return;
  for (const { value } of piecesOf(node)) {
    if (value !== undefined && /^[A-Za-z_]\w*$/.test(value))
      assign(variables, value, undefined, false);
  }
}

function collectAssignment(
  variables: ScriptVariables,
  { name, value, append, index }: Assignment,
  isCertain: boolean,
): void {
  // An array of the arguments stands for them: `CMD=("$@")`, `"${CMD[@]}"`.
  const held = value.type === "ArrayValue" ? value.elements[0] : undefined;
  const word = value.type === "Word" ? value : held && argumentsIn(held) && held;
  assign(variables, name, append || index ? undefined : word, isCertain);
}

function assign(
  { assigned }: ScriptVariables,
  name: string,
  value: SyntaxWord | undefined,
  isCertain: boolean,
): void {
  const held = value && argumentsIn(value);
  const before = assigned.get(name);
  assigned.set(name, {
    value: isCertain && !before ? value : undefined,
    isOpen: !isCertain || before !== undefined,
    held: [...(before?.held ?? []), ...(held ? [held] : [])].slice(0, MOST_STARTS),
    holdsOthers: before?.holdsOthers === true || !held,
  });
}

/** The variable that a word is and nothing else, if the script sets it. */
export function variableIn({ assigned }: ScriptVariables, word: SyntaxWord): Variable | undefined {
  const expansion = onlyPart(word);
  if (expansion?.type === "SimpleExpansion") return assigned.get(expansion.text.slice(1));
  return expansion?.type === "ParameterExpansion" ? assigned.get(expansion.parameter) : undefined;
}

/** A word with the variables put in that the script itself gives one value. */
export function valueOf(variables: ScriptVariables, word: SyntaxWord): string | undefined {
  if (word.text.startsWith("~")) return undefined;
  return word.parts ? partsValue(variables, word.parts) : word.value;
}

function partsValue(variables: ScriptVariables, parts: readonly WordPart[]): string | undefined {
  let value = "";
  for (const part of parts) {
    const piece = partValue(variables, part);
    if (piece === undefined || value.length > LONGEST_VALUE) return undefined;
    value += piece;
  }
  return value;
}

function partValue(variables: ScriptVariables, part: WordPart): string | undefined {
  switch (part.type) {
    case "DoubleQuoted":
      return partsValue(variables, part.parts);
    case "SimpleExpansion":
      return variableValue(variables, part.text.slice(1));
    case "ParameterExpansion": {
      if (part.prefix || part.index) return undefined;
      const value = variableValue(variables, part.parameter);
      if (!part.operation) return value;
      if (part.operation.type !== "Default") return undefined;
      const { operator, operand } = part.operation;
      if (operator.endsWith("+")) return undefined;
      if (value !== undefined && (value !== "" || operator.length === 1)) return value;
      const isOpen = variables.assigned.get(part.parameter)?.isOpen;
      return operator.endsWith("?") || isOpen ? undefined : valueOf(variables, operand);
    }
    default:
      return literalPart(part);
  }
}

function variableValue(variables: ScriptVariables, name: string): string | undefined {
  const { assigned, known } = variables;
  if (known.has(name)) return known.get(name);
  // A default may name the variable itself: `BIN=${BIN:-./server}`.
  known.set(name, undefined);
  const only = assigned.get(name)?.value;
  const value = only && valueOf(variables, only);
  known.set(name, value);
  return value;
}
