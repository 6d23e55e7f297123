/** Follows the working directory through a script, before the script is walked for its commands. */
import { forEachChild, parse, type Command, type ParsedScript, type SyntaxNode } from "unbash";
import {
  followAndOr,
  followCase,
  followIf,
  followLoop,
  join,
  type Directory,
  type Walk,
} from "./script-branches.ts";
import type { FunctionBody, ScriptRun } from "./script-commands.ts";
import { directoryBehindCd, type ShellLocation } from "./script-location.ts";
import { valueOf } from "./script-variables.ts";
import { argumentsIn, piecesOf, scriptTextOf, type Piece } from "./shell-words.ts";

/** Calls of functions are followed anew each time; a script that takes more steps than this is given up. */
const MOST_STEPS = 100_000;

/** Notes where each command and word of a text is, by what `cd` does in front of it. */
export function followDirectories(
  script: ScriptRun,
  parsed: ParsedScript,
  start: ShellLocation,
): void {
  const walk: Walk = {
    script,
    zero: start.script,
    directory: start.directory,
    isInner: false,
    hasArguments: true,
    isMoved: false,
    returned: [],
    jumped: [],
    traps: new Map(),
    dispatched: new Set(),
    follow,
  };
  follow(walk, parsed);
  // A trap runs at any time, and so may a function that nothing calls by its name.
  const later = walk.isMoved ? undefined : start.directory;
  for (const [word, { text, isInner }] of walk.traps) {
    walk.directory = isInner ? undefined : later;
    if (word) note(walk, word);
    follow(walk, parse(text));
  }
  const bodies = [...script.bodies.values()].flat();
  const starts = [...walk.dispatched];
  for (const body of bodies) {
    for (const from of body.isFollowed ? starts : [later, ...starts]) {
      walk.directory = from;
      followBody(walk, body);
    }
  }
}

/** Values of variables are put together anew. */
export function forgetValues({ variables, certain }: ScriptRun): void {
  variables.known.clear();
  certain.known.clear();
}

function note({ script, directory, zero }: Walk, node: SyntaxNode): void {
  const { locations } = script.variables;
  if (script.steps > MOST_STEPS) return;
  const before = locations.get(node);
  const both = before ? join([before.directory, directory]) : directory;
  locations.set(node, { directory: both, script: zero });
}

function follow(walk: Walk, node: SyntaxNode): void {
  switch (node.type) {
    case "Command":
      followCommand(walk, node);
      return;
    case "Word":
      note(walk, node);
      followParts(walk, node);
      return;
    case "Assignment":
      followParts(walk, node);
      if (/PWD|\$\(|`|\$\{?(?:0|BASH_SOURCE)/.test(node.text)) forgetValues(walk.script);
      return;
    case "Function":
      // Its body is where it is called.
      return;
    case "AndOr":
      followAndOr(walk, node);
      return;
    case "If":
      followIf(walk, node);
      return;
    case "Case":
      followCase(walk, node);
      return;
    case "While":
      followLoop(walk, [node.clause, node.body]);
      return;
    case "For":
    case "Select":
      for (const word of node.wordlist ?? []) follow(walk, word);
      followLoop(walk, [node.body]);
      return;
    case "ArithmeticFor":
      followLoop(walk, [node.body]);
      return;
    case "Statement":
      if (node.background) followInner(walk, node.command);
      else follow(walk, node.command);
      return;
    case "Pipeline":
      for (const command of node.commands) {
        if (node.commands.length > 1) followInner(walk, command);
        else follow(walk, command);
      }
      return;
    case "Subshell":
    case "Coproc":
    case "CommandExpansion":
    case "ProcessSubstitution":
    case "ArithmeticCommandExpansion":
      forEachChild(node, (child) => followInner(walk, child));
      return;
    default:
      followParts(walk, node);
  }
}

function followParts(walk: Walk, node: SyntaxNode): void {
  forEachChild(node, (child) => follow(walk, child));
}

function followInner(walk: Walk, node: SyntaxNode): void {
  follow({ ...walk, isInner: true, returned: [], jumped: [] }, node);
}

function followCommand(walk: Walk, node: Command): void {
  const { script } = walk;
  if (++script.steps > MOST_STEPS) {
    script.variables.locations.clear();
    return;
  }
  note(walk, node);
  followParts(walk, node);
  const pieces = piecesOf(node);
  const value = ({ value: literal, word }: Piece): string | undefined =>
    literal ?? (word && valueOf(script.certain, word));
  let at = 0;
  while (/^(?:builtin|command)$/.test(pieces[at]?.value ?? "")) at++;
  const name = pieces[at] && value(pieces[at]!);
  if (name === undefined) {
    const isArgument = walk.hasArguments && isOfArguments(pieces[0]);
    if (at === 0 && isArgument) walk.dispatched.add(walk.directory);
    return;
  }
  const callees = at === 0 ? script.bodies.get(name) : undefined;
  const operands = pieces.slice(at + 1);
  if (callees) {
    call(walk, callees, operands);
    return;
  }
  switch (name) {
    case "cd": {
      const home = script.certain.assigned.get("HOME")?.value;
      const words = operands.map(value);
      const to = directoryBehindCd(walk.directory, words, home && valueOf(script.certain, home));
      move(walk, to);
      return;
    }
    case "pushd":
    case "popd":
      move(walk, undefined);
      return;
    case "return":
      walk.returned = [...walk.returned, walk.directory];
      return;
    case "break":
    case "continue":
      walk.jumped = [...walk.jumped, walk.directory];
      return;
    case "eval": {
      const words = operands.map(value);
      if (words.includes(undefined)) move(walk, undefined);
      else follow(walk, parse(words.join(" ")));
      return;
    }
    case "trap": {
      const action = operands.find(({ value: literal }) => literal !== "--");
      if (action && !/^(?:-.*|\d*)$/.test(action.value ?? "x"))
        walk.traps.set(action.word, { text: scriptTextOf(action), isInner: walk.isInner });
    }
  }
}

function move(walk: Walk, directory: Directory): void {
  if (directory !== walk.directory) walk.isMoved = true;
  walk.directory = directory;
}

function call(walk: Walk, callees: readonly FunctionBody[], operands: readonly Piece[]): void {
  const before = walk.directory;
  const follows = (bodies: readonly FunctionBody[], from: Directory): Directory =>
    join(
      bodies.map((body) => {
        walk.directory = from;
        followBody(walk, body);
        return walk.directory;
      }),
    );
  const { hasArguments } = walk;
  walk.hasArguments = hasArguments && operands.some(isOfArguments);
  walk.directory = follows(callees, before);
  // It may run its arguments: `try cd /app`, `retry 5 start_server`.
  for (const { value } of operands) {
    if (/^(?:cd|pushd|popd)$/.test(value ?? "")) move(walk, undefined);
    const named = walk.script.bodies.get(value ?? "");
    if (!named) continue;
    const from = walk.directory;
    walk.directory = join([from, follows(named, join([before, from]))]);
  }
  walk.hasArguments = hasArguments;
}

function isOfArguments(piece: Piece | undefined): boolean {
  return piece?.word !== undefined && argumentsIn(piece.word) !== undefined;
}

function followBody(walk: Walk, body: FunctionBody): void {
  const from = walk.directory;
  if (body.call) {
    body.call.again.push(from);
    if (body.call.isLost) move(walk, undefined);
    return;
  }
  const { zero, returned, jumped } = walk;
  body.isFollowed = true;
  walk.zero = body.script;
  const pass = (isLost: boolean): Directory[] => {
    const again: Directory[] = [];
    walk.returned = [];
    body.call = { again, isLost };
    follow(walk, body.node);
    body.call = undefined;
    walk.directory = join([walk.directory, ...walk.returned]);
    return again;
  };
  const again = pass(false);
  // A function that calls itself elsewhere, or comes back elsewhere, may be anywhere.
  if (again.length > 0 && [...again, walk.directory].some((directory) => directory !== from)) {
    move(walk, undefined);
    pass(true);
    move(walk, undefined);
  }
  Object.assign(walk, { zero, returned, jumped });
}
