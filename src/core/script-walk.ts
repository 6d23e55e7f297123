/** Walks the syntax of a script for the commands in it. */
import {
  forEachChild,
  parse,
  type Command,
  type ParsedScript,
  type Pipeline,
  type Redirection,
  type SyntaxNode,
  type Word as SyntaxWord,
  type WordPart,
} from "unbash";
import { runWords } from "./script-calls.ts";
import {
  DEEPEST,
  TOO_DEEP,
  parametersOf,
  pathOf,
  spanOf,
  type Parameters,
  type Place,
  type ScriptRun,
} from "./script-commands.ts";
import { followDirectories, forgetValues } from "./script-directory.ts";
import { collectAssignments, partValue } from "./script-variables.ts";
import { literalOf, pieceOf, piecesOf, possiblePaths } from "./shell-words.ts";

interface Walk extends Place {
  readonly script: ScriptRun;
  parameters: Parameters;
  isPiped: boolean;
}

/** Reads a text that runs in a script, or is the script. */
export function readText(script: ScriptRun, text: string, place: Omit<Place, "isPiped">): void {
  if (place.depth > DEEPEST) {
    script.opaque ??= TOO_DEEP;
    return;
  }
  const { functions, bodies, variables } = script;
  const parsed = parse(text);
  collectAssignments(variables, parsed, true, ({ name: { value: name }, body: node }) => {
    if (!functions.has(name)) functions.set(name, parametersOf(false));
    const body = { node, script: place.location.script, isFollowed: false, call: undefined };
    bodies.set(name, [...(bodies.get(name) ?? []), body]);
  });
  followDirectories(script, parsed, place.location);
  forgetValues(script);
  visit({ ...place, script, isPiped: false }, parsed);
}

function visit(walk: Walk, node: SyntaxNode): void {
  switch (node.type) {
    case "Script":
      visitScript(walk, node);
      return;
    case "Command":
      visitCommand(walk, node);
      return;
    case "Function":
      visitFunction(walk, node);
      return;
    case "Pipeline":
      visitPipeline(walk, node);
      return;
    case "For":
    case "Select":
      for (const word of node.wordlist ?? []) visit(walk, word);
      visit(walk, node.body);
      return;
    case "CaseItem":
      for (const pattern of node.pattern) visitParts(walk, pattern);
      visit(walk, node.body);
      return;
    case "CommandExpansion":
    case "ProcessSubstitution":
    case "ArithmeticCommandExpansion":
      if (node.script) visitSubstitution(walk, node.script, node);
      return;
    case "Word":
      noteLiterals(walk, node);
      visitParts(walk, node);
      return;
    case "ParameterExpansion":
      if (node.index) visitParts(walk, node.index);
      if (node.operation?.type === "Default") visit(walk, node.operation.operand);
      // Patterns and offsets are no paths.
      else if (node.operation) forEachChild(node.operation, (child) => visitParts(walk, child));
      return;
    case "Redirect":
      visitRedirect(walk, node);
      return;
    default:
      visitParts(walk, node);
  }
}

function visitParts(walk: Walk, node: SyntaxNode): void {
  forEachChild(node, (child) => visit(walk, child));
}

function visitScript(walk: Walk, parsed: ParsedScript): void {
  const [error] = parsed.errors ?? [];
  if (error) walk.script.opaque ??= error.message;
  visitParts(walk, parsed);
}

function visitPipeline(walk: Walk, { commands }: Pipeline): void {
  const { isPiped } = walk;
  commands.forEach((command, index) => {
    // The first command of an inner pipeline reads what the outer one is fed.
    walk.isPiped = index > 0 || isPiped;
    visit(walk, command);
  });
  walk.isPiped = isPiped;
}

function visitSubstitution(walk: Walk, parsed: ParsedScript, around: SyntaxNode): void {
  const { source } = parsed;
  // Escapes in backquotes are taken off, and what is inside counts its own offsets.
  const frame =
    source === undefined
      ? walk.frame
      : { source, offset: undefined, around: spanOf(around, walk.frame) };
  visit({ ...walk, frame, isPiped: false }, parsed);
}

function visitFunction(walk: Walk, node: Extract<SyntaxNode, { type: "Function" }>): void {
  const saved = walk.parameters;
  walk.parameters = walk.script.functions.get(node.name.value) ?? parametersOf(false);
  visit(walk, node.body);
  walk.parameters = saved;
}

function visitRedirect(walk: Walk, node: Extract<Redirection, { type: "Redirect" }>): void {
  if (!node.target) return;
  // `2>&1` and `>&$fd` copy a descriptor.
  if (node.operator.endsWith("&") && /^[\d$-]/.test(node.target.text)) {
    visitParts(walk, node.target);
    return;
  }
  visit(walk, node.target);
  const target = pathOf(walk.script, pieceOf(node.target));
  const isDevice = /^\/dev\/(?!shm\/)/.test(target ?? "");
  if (node.operator.includes(">") && !isDevice) walk.script.written.push(target);
}

function visitCommand(walk: Walk, node: Command): void {
  const { script, frame, parameters, isPiped, depth } = walk;
  const nowhere = { ...walk.location, directory: undefined };
  const { shifts } = parameters;
  for (const prefix of node.prefix) visit(walk, prefix);
  if (node.name) {
    if (literalOf(node.name) === undefined) noteLiterals(walk, node.name);
    visitParts(walk, node.name);
  }
  runWords(script, piecesOf(node), 0, {
    frame,
    parameters,
    location: script.variables.locations.get(node) ?? nowhere,
    shifts,
    start: node.pos,
    end: node.end,
    names: "all",
    redirects: node.redirects,
    isPiped,
    depth,
  });
  for (const suffix of node.suffix) visit(walk, suffix);
}

function noteLiterals({ script, location }: Walk, word: SyntaxWord): void {
  const own = script.certain.locations.get(word) ?? { ...location, directory: undefined };
  const known = (part: WordPart): string | undefined => {
    const value = partValue(script.certain, part, own);
    return value !== undefined && /\s/.test(value) ? undefined : value;
  };
  for (const path of possiblePaths(word, known)) script.literals.add(path);
}
