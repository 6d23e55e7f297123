/** What a script gives its variables, and what words hold with these and with where they stand. */
import {
  forEachChild,
  type Assignment,
  type Command,
  type Function as SyntaxFunction,
  type ParsedScript,
  type Statement,
  type SyntaxNode,
  type Word as SyntaxWord,
  type WordPart,
} from "unbash";
import {
  SILENT,
  isWhole,
  locationVariable,
  printedPath,
  withoutLastElement,
  type ShellLocation,
} from "./script-location.ts";
import {
  MOST_STARTS,
  argumentsIn,
  literalOf,
  literalPart,
  onlyPart,
  piecesOf,
  type Arguments,
} from "./shell-words.ts";

/** What one variable is given. */
interface Variable {
  /** Its one value, where that is assigned for certain and once. */
  value: SyntaxWord | undefined;
  /** The value is taken if the environment has none: `: "${BIN:=./server}"`. */
  isDefault: boolean;
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
  /** Where words and commands are, by their syntax. */
  readonly locations: Map<SyntaxNode, ShellLocation>;
  /** What the script does not set itself is taken for unset, so that its defaults hold. */
  readonly takesDefaults: boolean;
}

/** Longer values are not put together. */
const LONGEST_VALUE = 4096;

/** Builtins that set the variables they name. */
const SETTING = new Set(["read", "getopts", "mapfile", "readarray", "unset"]);

const NOWHERE: ShellLocation = { directory: undefined, script: undefined };

export function scriptVariables(): ScriptVariables {
  return { assigned: new Map(), known: new Map(), locations: new Map(), takesDefaults: true };
}

/** The same variables where a value must hold whatever the environment has. */
export function certainVariables(variables: ScriptVariables): ScriptVariables {
  return { ...variables, known: new Map(), takesDefaults: false };
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
  onFunction: (node: SyntaxFunction) => void,
): void {
  let isSure = isCertain;
  switch (node.type) {
    case "Function":
      onFunction(node);
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
        assign(variables, node.parameter, node.operation.operand, isCertain, true);
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
  isDefault = false,
): void {
  const held = value && argumentsIn(value);
  const before = assigned.get(name);
  assigned.set(name, {
    value: isCertain && !before ? value : undefined,
    isDefault,
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
  const location = variables.locations.get(word) ?? NOWHERE;
  return word.parts ? partsValue(variables, word.parts, location) : word.value;
}

function partsValue(
  variables: ScriptVariables,
  parts: readonly WordPart[],
  location: ShellLocation,
): string | undefined {
  let value = "";
  for (const part of parts) {
    const piece = partValue(variables, part, location);
    if (piece === undefined || value.length > LONGEST_VALUE) return undefined;
    value += piece;
  }
  return value;
}

/** What a part of a word that stands at `location` holds. */
export function partValue(
  variables: ScriptVariables,
  part: WordPart,
  location: ShellLocation,
): string | undefined {
  switch (part.type) {
    case "DoubleQuoted":
      return partsValue(variables, part.parts, location);
    case "SimpleExpansion":
      return variableValue(variables, part.text.slice(1), location);
    case "CommandExpansion":
      return part.script && outputOf(variables, part.script);
    case "ParameterExpansion": {
      if (!isWhole(part)) return undefined;
      const value = variableValue(variables, part.parameter, location);
      if (!part.operation) return value;
      if (part.operation.type !== "Default")
        return value === undefined ? undefined : withoutLastElement(value, part.operation);
      const { operator, operand } = part.operation;
      if (operator.endsWith("+")) return undefined;
      if (value !== undefined && (value !== "" || operator.length === 1)) return value;
      if (value === undefined && !variables.takesDefaults) return undefined;
      const isOpen = variables.assigned.get(part.parameter)?.isOpen;
      return operator.endsWith("?") || isOpen ? undefined : valueOf(variables, operand);
    }
    default:
      return literalPart(part);
  }
}

function variableValue(
  variables: ScriptVariables,
  name: string,
  location: ShellLocation,
): string | undefined {
  const { assigned, known, takesDefaults } = variables;
  const variable = assigned.get(name);
  if (!variable) return locationVariable(name, location);
  if (known.has(name)) return known.get(name);
  // A default may name the variable itself: `BIN=${BIN:-./server}`.
  known.set(name, undefined);
  const only = variable.isDefault && !takesDefaults ? undefined : variable.value;
  const value = only && valueOf(variables, only);
  known.set(name, value);
  return value;
}

/** The path that a substitution gives: `$(pwd)`, `$(cd "$(dirname "$0")/.." && pwd)`. */
function outputOf(variables: ScriptVariables, { commands, errors }: ParsedScript) {
  const all = errors?.length ? undefined : simpleCommands(commands);
  const last = all?.pop();
  if (!all || !last) return undefined;
  const isSilent = ({ name }: Command): boolean => !name || SILENT.has(literalOf(name) ?? "");
  const isShown = last.redirects.every(
    ({ descriptor }) => descriptor?.type === "FileDescriptor" && descriptor.value === 2,
  );
  if (!all.every(isSilent) || !isShown) return undefined;
  const words = piecesOf(last).map(
    ({ value, word }) => value ?? (word && valueOf(variables, word)),
  );
  const path = printedPath(words, variables.locations.get(last)?.directory);
  // Outside quotes a blank would end the word, and a pattern be matched.
  return path !== undefined && !/[\s*?[\]]/.test(path) ? path : undefined;
}

/** The commands of a list that runs them all, `|| exit` aside; undefined for another one. */
function simpleCommands(statements: readonly Statement[]): Command[] | undefined {
  const found: Command[] = [];
  for (const { command, background } of statements) {
    if (background) return undefined;
    const operators = command.type === "AndOr" ? command.operators : [];
    for (const [index, one] of (command.type === "AndOr"
      ? command.commands
      : [command]
    ).entries()) {
      if (one.type !== "Command") return undefined;
      if (operators[index - 1] === "||" && one.name?.text !== "exit") return undefined;
      found.push(one);
    }
  }
  return found;
}
