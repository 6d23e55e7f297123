/** Whether a script goes on behind a command. */
import type { Command, SyntaxNode } from "unbash";
import type { FunctionBody } from "./script-commands.ts";
import { literalOf } from "./shell-words.ts";

/** Commands that no script expects to fail. */
const PRESUMED = new Set(
  ": cd chmod chown echo export local mkdir printf readonly set shopt true umask unset".split(" "),
);

/** Functions that call functions: `cd /app || die "no /app"`. */
const DEEPEST_CALL = 4;

export function isPresumed(node: SyntaxNode): boolean {
  if (node.type !== "Command") return false;
  return !node.name || PRESUMED.has(literalOf(node.name) ?? "");
}

/**
 * Whether nothing of the script, or of the function around it, runs behind a command: `exit 1`,
 * `{ echo no; return 1; }`, `exec ./server`.
 */
export function endsShell(
  node: SyntaxNode,
  bodies: ReadonlyMap<string, readonly FunctionBody[]>,
  calls = 0,
): boolean {
  const ends = (inner: SyntaxNode | undefined): boolean =>
    inner !== undefined && endsShell(inner, bodies, calls);
  switch (node.type) {
    case "Command":
      return commandEnds(node, bodies, calls);
    case "Statement":
      return !node.background && ends(node.command);
    case "BraceGroup":
      return ends(node.body);
    case "Redirected":
      return ends(node.command);
    case "CompoundList":
      return ends(node.commands.at(-1));
    case "AndOr":
      return (
        !node.operators.includes("||") &&
        node.commands.slice(0, -1).every(isPresumed) &&
        ends(node.commands.at(-1))
      );
    default:
      return false;
  }
}

function commandEnds(
  { name, args }: Command,
  bodies: ReadonlyMap<string, readonly FunctionBody[]>,
  calls: number,
): boolean {
  const program = name && literalOf(name);
  if (program === "exit") return true;
  // A function that returns ends nothing but itself.
  if (program === "return") return calls === 0;
  // `exec 2>&1` runs nothing.
  if (program === "exec") return args.length > 0;
  const callees = bodies.get(program ?? "");
  return (
    callees !== undefined &&
    calls < DEEPEST_CALL &&
    callees.every((callee) => endsShell(callee.node, bodies, calls + 1))
  );
}
