/** Where a script is behind its conditions and loops, of which one branch, several or none may run. */
import type { AndOr, Case, If, SyntaxNode } from "unbash";
import type { ScriptRun } from "./script-commands.ts";
import { endsShell, isPresumed } from "./script-ends.ts";
import type { Piece } from "./shell-words.ts";

export type Directory = string | undefined;

/** Where the way through directories is. */
export interface Walk {
  readonly script: ScriptRun;
  /** `$0`. */
  zero: string | undefined;
  directory: Directory;
  /** In a subshell, a substitution or a pipeline, from which nothing behind it moves. */
  readonly isInner: boolean;
  /** Some of the arguments here, which may be a function's, are the script's. */
  hasArguments: boolean;
  /** The shell went elsewhere at least once. */
  isMoved: boolean;
  /** Where the function around returned early. */
  returned: Directory[];
  /** Where the loop around was left or begun anew early. */
  jumped: Directory[];
  /** Texts that traps run, and whether a subshell set them. */
  readonly traps: Map<Piece["word"], { readonly text: string; readonly isInner: boolean }>;
  /** Where arguments of the script are run, which may name any function. */
  readonly dispatched: Set<Directory>;
  readonly follow: (walk: Walk, node: SyntaxNode) => void;
}

/** Where a shell is that may have come from any of these. */
export function join(directories: readonly Directory[]): Directory {
  const [first, ...others] = directories;
  return others.every((other) => other === first) ? first : undefined;
}

export function followAndOr(walk: Walk, node: AndOr): void {
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
      walk.follow(walk, command);
      if (!endsShell(command, bodies)) walk.directory = join([reached, walk.directory]);
      else Object.assign(walk, { directory: reached, returned, jumped });
      skipped = [];
      return;
    }
    if (index > 0 && !isPresumed(node.commands[index - 1]!)) skipped.push(reached);
    walk.follow(walk, command);
    const isLast = index === node.commands.length - 1;
    if (isLast && skipped.length > 0 && endsShell(command, bodies)) walk.directory = join(skipped);
  });
  walk.directory = join([...skipped, walk.directory]);
}

export function followIf(walk: Walk, node: If): void {
  const { bodies } = walk.script;
  const ends: Directory[] = [];
  for (const { clause, then } of [node, ...node.elif]) {
    const before = walk.directory;
    walk.follow(walk, clause);
    const success = walk.directory;
    const failure = join([before, success]);
    const only = clause.commands.length === 1 ? clause.commands[0]!.command : undefined;
    // `if ! cd /app; then exit 1; fi`
    const isNegated =
      only?.type === "Pipeline" && only.prefixes.some(({ type }) => type === "Negation");
    walk.directory = isNegated ? failure : success;
    walk.follow(walk, then);
    if (!endsShell(then, bodies)) ends.push(walk.directory);
    walk.directory = isNegated ? success : failure;
  }
  if (node.else) walk.follow(walk, node.else);
  if (!node.else || !endsShell(node.else, bodies)) ends.push(walk.directory);
  walk.directory = join(ends);
}

export function followCase(walk: Walk, node: Case): void {
  walk.follow(walk, node.word);
  const before = walk.directory;
  const ends: Directory[] = [];
  let isFallen = false;
  for (const { pattern, body, terminator } of node.items) {
    walk.directory = isFallen ? join([before, walk.directory]) : before;
    for (const word of pattern) walk.follow(walk, word);
    walk.follow(walk, body);
    isFallen = terminator === ";&" || terminator === ";;&";
    if (!endsShell(body, walk.script.bodies)) ends.push(walk.directory);
  }
  const isWhole = node.items.some(({ pattern }) => pattern.some(({ text }) => text === "*"));
  walk.directory = join(isWhole ? ends : [...ends, before]);
}

export function followLoop(walk: Walk, parts: readonly SyntaxNode[]): void {
  const before = walk.directory;
  const { jumped } = walk;
  walk.jumped = [];
  const pass = (): void => {
    const reached = parts.map((part) => {
      walk.follow(walk, part);
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
