/** Follows the working directory through a script, before the script is walked for its commands. */
import {
  forEachChild,
  parse,
  type AndOr,
  type Case,
  type Command,
  type If,
  type ParsedScript,
  type SyntaxNode,
} from "unbash";
import type { FunctionBody, ScriptRun } from "./script-commands.ts";
import { endsShell, isPresumed } from "./script-ends.ts";
import { directoryBehindCd, type ShellLocation } from "./script-location.ts";
import { valueOf } from "./script-variables.ts";
import { piecesOf, scriptTextOf, type Piece } from "./shell-words.ts";

type Directory = string | undefined;

interface Walk {
  readonly script: ScriptRun;
  /** `$0`. */
  zero: string | undefined;
  directory: Directory;
  /** In a subshell, a substitution or a pipeline, from which nothing behind it moves. */
  readonly isInner: boolean;
  /** The shell went elsewhere at least once. */
  isMoved: boolean;
  /** Where the function around returned early. */
  returned: Directory[];
  /** Where the loop around was left or begun anew early. */
  jumped: Directory[];
  /** Texts that traps run, and whether a subshell set them. */
  readonly traps: Map<Piece["word"], { readonly text: string; readonly isInner: boolean }>;
}

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
    isMoved: false,
    returned: [],
    jumped: [],
    traps: new Map(),
  };
  follow(walk, parsed);
  // A trap runs at any time, and so may a function that only `"$@"` names.
  const later = walk.isMoved ? undefined : start.directory;
  for (const [word, { text, isInner }] of walk.traps) {
    walk.directory = isInner ? undefined : later;
    if (word) note(walk, word);
    follow(walk, parse(text));
  }
  for (const body of [...script.bodies.values()].flat()) {
    walk.directory = later;
    if (!body.isFollowed) followBody(walk, body);
  }
}

/** Values of variables are put together anew. */
export function forgetValues({ variables, certain }: ScriptRun): void {
  variables.known.clear();
  certain.known.clear();
}

function join(directories: readonly Directory[]): Directory {
  const [first, ...others] = directories;
  return others.every((other) => other === first) ? first : undefined;
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

function followAndOr(walk: Walk, node: AndOr): void {
  const { bodies } = walk.script;
  const before = walk.directory;
  /** Where the shell is when a command failed, and `&&` skipped the rest. */
  let skipped: Directory[] = [];
  node.commands.forEach((command, index) => {
    const reached = walk.directory;
    if (node.operators[index - 1] === "||") {
      // A `cd` in front of `||` may have failed.
      walk.directory = join([reached, before, ...skipped]);
      const { returned, jumped } = walk;
      follow(walk, command);
      if (!endsShell(command, bodies)) walk.directory = join([reached, walk.directory]);
      else Object.assign(walk, { directory: reached, returned, jumped });
      skipped = [];
      return;
    }
    if (index > 0 && !isPresumed(node.commands[index - 1]!)) skipped.push(reached);
    follow(walk, command);
    const isLast = index === node.commands.length - 1;
    if (isLast && skipped.length > 0 && endsShell(command, bodies)) walk.directory = join(skipped);
  });
  walk.directory = join([...skipped, walk.directory]);
}

function followIf(walk: Walk, node: If): void {
  const { bodies } = walk.script;
  const ends: Directory[] = [];
  for (const { clause, then } of [node, ...node.elif]) {
    const before = walk.directory;
    follow(walk, clause);
    const success = walk.directory;
    const failure = join([before, success]);
    const only = clause.commands.length === 1 ? clause.commands[0]!.command : undefined;
    // `if ! cd /app; then exit 1; fi`
    const isNegated =
      only?.type === "Pipeline" && only.prefixes.some(({ type }) => type === "Negation");
    walk.directory = isNegated ? failure : success;
    follow(walk, then);
    if (!endsShell(then, bodies)) ends.push(walk.directory);
    walk.directory = isNegated ? success : failure;
  }
  if (node.else) follow(walk, node.else);
  if (!node.else || !endsShell(node.else, bodies)) ends.push(walk.directory);
  walk.directory = join(ends);
}

function followCase(walk: Walk, node: Case): void {
  follow(walk, node.word);
  const before = walk.directory;
  const ends: Directory[] = [];
  let isFallen = false;
  for (const { pattern, body, terminator } of node.items) {
    walk.directory = isFallen ? join([before, walk.directory]) : before;
    for (const word of pattern) follow(walk, word);
    follow(walk, body);
    isFallen = terminator === ";&" || terminator === ";;&";
    if (!endsShell(body, walk.script.bodies)) ends.push(walk.directory);
  }
  const isWhole = node.items.some(({ pattern }) => pattern.some(({ text }) => text === "*"));
  walk.directory = join(isWhole ? ends : [...ends, before]);
}

function followLoop(walk: Walk, parts: readonly SyntaxNode[]): void {
  const before = walk.directory;
  const { jumped } = walk;
  walk.jumped = [];
  const pass = (): void => {
    const reached = parts.map((part) => {
      follow(walk, part);
      return walk.directory;
    });
    // It ends behind its condition, behind its body, or where it was left.
    walk.directory = join([before, ...reached, ...walk.jumped]);
  };
  pass();
  // The second time round it begins where the first ended.
  if (walk.directory !== before) pass();
  walk.jumped = jumped;
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
  if (name === undefined) return;
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
  walk.directory = follows(callees, before);
  // It may run its arguments: `try cd /app`, `retry 5 start_server`.
  for (const { value } of operands) {
    if (/^(?:cd|pushd|popd)$/.test(value ?? "")) move(walk, undefined);
    const named = walk.script.bodies.get(value ?? "");
    if (!named) continue;
    const from = walk.directory;
    walk.directory = join([from, follows(named, join([before, from]))]);
  }
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
