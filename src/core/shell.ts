import { parse, type CommandNode, type CompoundList, type Pipeline, type PipelineNode, type AndOr, type Redirection, type Statement, type Word as SyntaxWord, type WordPart } from "unbash";
import { resolvePath } from "./path.ts";
import type { Lookup } from "./words.ts";

/**
 * A shell body as the list of commands it runs, in order, each with its place, its environment prefix and
 * the working directory it runs in. Where the meaning cannot be followed the body is opaque.
 */
export type ShellBody = ShellCommands | OpaqueShell;

export interface ShellCommands {
  readonly kind: "commands";
  readonly commands: readonly ShellCommand[];
}

export interface OpaqueShell {
  readonly kind: "opaque";
  /** A few words on what could not be followed. */
  readonly why: string;
}

export interface ShellCommand {
  /** All words, the program's name first, as they are known; empty for a bare assignment. */
  readonly words: readonly ShellWord[];
  readonly assignments: readonly ShellAssignment[];
  readonly redirects: readonly ShellRedirect[];
  /** Offsets into the parsed text: the whole simple command, prefixes included. */
  readonly start: number;
  readonly end: number;
  /** Absolute working directory, or `undefined` when a `cd` could not be followed. */
  readonly directory: string | undefined;
  /** Variables exported earlier in the same body (`export NAME=value`). */
  readonly exported: ReadonlyMap<string, string | undefined>;
  /** It may not run, or run many times: behind `||`, in `if`, a loop, a `case`, or in the background. */
  readonly conditional: boolean;
  /** It reads from or writes to another command through a pipe. */
  readonly piped: boolean;
}

export interface ShellWord {
  readonly text: string;
  /** The word without quotes and with known variables put in; `undefined` when it cannot be told. */
  readonly value: string | undefined;
  /** Plain characters only: no variables, substitutions or globs, so that it means the same without a shell. */
  readonly literal: boolean;
  readonly start: number;
  readonly end: number;
}

export interface ShellAssignment {
  readonly name: string;
  readonly value: string | undefined;
  readonly start: number;
}

export interface ShellRedirect {
  readonly operator: string;
  readonly target: ShellWord | undefined;
}

/** Commands after which nothing can be told for certain. */
const UNFOLLOWABLE = new Set(["eval", "source", ".", "trap", "alias", "pushd", "popd"]);

interface Scope {
  directory: string | undefined;
  readonly variables: Map<string, string | undefined>;
  readonly exported: Map<string, string | undefined>;
}

/**
 * Parses a shell body.
 *
 * @param directory working directory at its start, absolute
 * @param lookup what ARG and ENV say of a variable
 * @example readShell("cd cmd && go build -o /app", "/src", () => null)
 */
export function readShell(text: string, directory: string | undefined, lookup: Lookup): ShellBody {
  let script;
  try {
    script = parse(text);
  } catch (error) {
    return { kind: "opaque", why: `the shell parser failed: ${String(error)}` };
  }
  if (script.errors?.length) return { kind: "opaque", why: script.errors[0]!.message };
  const commands: ShellCommand[] = [];
  const scope: Scope = { directory, variables: new Map(), exported: new Map() };
  let opaque: string | undefined;

  function statements(list: readonly Statement[], conditional: boolean): void {
    for (const statement of list) {
      const { command, background } = statement;
      if (command.type === "AndOr") andOr(command, conditional || background === true);
      else pipelineNode(command, conditional || background === true);
    }
  }

  function andOr(node: AndOr, conditional: boolean): void {
    node.commands.forEach((command, index) => {
      // `a && b`: b runs whenever the whole succeeds, and a failed RUN makes no image.
      // After any `||` that no longer holds.
      const uncertain = node.operators.slice(0, index).includes("||");
      pipelineNode(command, conditional || uncertain);
    });
  }

  function pipelineNode(node: PipelineNode, conditional: boolean): void {
    if (node.type === "Pipeline") pipeline(node, conditional);
    else commandNode(node, conditional, false);
  }

  function pipeline(node: Pipeline, conditional: boolean): void {
    const piped = node.commands.length > 1;
    const negated = node.prefixes.some((prefix) => prefix.type === "Negation");
    for (const command of node.commands) {
      if (piped) inner(() => commandNode(command, conditional || negated, true));
      else commandNode(command, conditional || negated, false);
    }
  }

  /** Runs a walk whose directory and variables do not reach what follows. */
  function inner(walk: () => void): void {
    const saved = { directory: scope.directory, variables: new Map(scope.variables), exported: new Map(scope.exported) };
    walk();
    scope.directory = saved.directory;
    restore(scope.variables, saved.variables);
    restore(scope.exported, saved.exported);
  }

  function compound(list: CompoundList | undefined, conditional: boolean): void {
    if (list) statements(list.commands, conditional);
  }

  function commandNode(node: CommandNode, conditional: boolean, piped: boolean): void {
    switch (node.type) {
      case "Command":
        simple(node, conditional, piped);
        return;
      case "Subshell":
        inner(() => compound(node.body, conditional));
        return;
      case "BraceGroup":
        compound(node.body, conditional);
        return;
      case "Redirected":
        commandNode(node.command, conditional, piped);
        return;
      case "If":
        compound(node.clause, true);
        branches([node.then, ...node.elif.flatMap((branch) => [branch.clause, branch.then]), node.else]);
        return;
      case "While":
        branches([node.clause, node.body]);
        return;
      case "For":
        scope.variables.set(node.name.text, undefined);
        branches([node.body]);
        return;
      case "Case":
        branches(node.items.map((item) => item.body));
        return;
      case "TestCommand":
      case "ArithmeticCommand":
        return;
      default:
        opaque ??= `${node.type} cannot be followed`;
    }
  }

  /** Bodies of which one, several or none may run: what they change is no longer known behind them. */
  function branches(bodies: readonly (CompoundList | undefined)[]): void {
    const before = scope.directory;
    let moved = false;
    const changed = new Set<string>();
    for (const body of bodies) {
      const variables = new Map(scope.variables);
      inner(() => {
        compound(body, true);
        moved ||= scope.directory !== before;
        for (const [name, value] of scope.variables) if (variables.get(name) !== value) changed.add(name);
      });
    }
    if (moved) scope.directory = undefined;
    for (const name of changed) scope.variables.set(name, undefined);
  }

  function simple(node: Extract<CommandNode, { type: "Command" }>, conditional: boolean, piped: boolean): void {
    const assignments: ShellAssignment[] = [];
    for (const prefix of node.prefix) {
      if (prefix.type !== "Assignment") continue;
      const value = prefix.value.type === "Word" ? wordOf(prefix.value).value : undefined;
      assignments.push({ name: prefix.name, value: prefix.append ? undefined : value, start: prefix.pos });
    }
    const words: ShellWord[] = node.name ? [wordOf(node.name)] : [];
    for (const argument of node.args) {
      if (argument.type === "Word") words.push(wordOf(argument));
      else {
        const value = argument.value.type === "Word" ? wordOf(argument.value) : undefined;
        words.push({
          text: argument.text,
          value: value?.value === undefined || argument.append ? undefined : `${argument.name}=${value.value}`,
          literal: value?.literal ?? false,
          start: argument.pos,
          end: argument.end,
        });
      }
    }
    const redirects = [...node.prefix, ...node.suffix]
      .filter((part): part is Redirection => part.type === "Redirect" || part.type === "HereDoc" || part.type === "HereString")
      .map((redirect) => ({
        operator: redirect.operator,
        target: redirect.type !== "HereDoc" && redirect.target ? wordOf(redirect.target) : undefined,
      }));
    const program = words[0]?.value;
    if (words.length > 0 && program === undefined) opaque ??= `the command ${words[0]!.text} is not known`;
    if (program !== undefined && UNFOLLOWABLE.has(program)) opaque ??= `${program} cannot be followed`;
    // `set -a` and the like keep the meaning; `set -e` is the usual one.
    commands.push({
      words, assignments, redirects, start: node.pos, end: node.end,
      directory: scope.directory, exported: new Map(scope.exported), conditional, piped,
    });
    if (words.length === 0) for (const { name, value } of assignments) scope.variables.set(name, conditional ? undefined : value);
    if (program === "export") {
      for (const word of words.slice(1)) {
        const equals = word.text.indexOf("=");
        const name = equals < 0 ? word.text : word.text.slice(0, equals);
        const value = equals < 0 ? variable(name) : word.value?.slice(equals + 1);
        scope.variables.set(name, conditional ? undefined : (value ?? undefined));
        scope.exported.set(name, conditional ? undefined : (value ?? undefined));
      }
    } else if (program === "unset") {
      for (const word of words.slice(1)) scope.variables.set(word.text, undefined);
    } else if (program === "read") {
      for (const word of words.slice(1)) scope.variables.set(word.text, undefined);
    } else if (program === "cd") {
      const operands = words.slice(1).filter((word) => !/^-[LPe@]+$|^--$/.test(word.text));
      const target = operands.length === 0 ? variable("HOME") : operands[0]!.value;
      const known = operands.length < 2 && target !== undefined && target !== null && target !== "-" && !conditional;
      scope.directory = known ? resolvePath(scope.directory, target) : undefined;
    }
  }

  function variable(name: string): string | null | undefined {
    return scope.variables.has(name) ? scope.variables.get(name) : lookup(name);
  }

  function wordOf(word: SyntaxWord): ShellWord {
    const literal = isLiteral(word.parts) && !word.text.startsWith("~");
    return { text: word.text, value: literal ? word.value : valueOf(word), literal, start: word.pos, end: word.end };
  }

  function valueOf(word: SyntaxWord): string | undefined {
    if (word.text.startsWith("~")) return undefined;
    return word.parts ? partsValue(word.parts) : word.value;
  }

  function partsValue(parts: readonly WordPart[]): string | undefined {
    let value = "";
    for (const part of parts) {
      const piece = partValue(part);
      if (piece === undefined) return undefined;
      value += piece;
    }
    return value;
  }

  function partValue(part: WordPart): string | undefined {
    switch (part.type) {
      case "Literal":
      case "SingleQuoted":
      case "AnsiCQuoted":
        return part.value;
      case "DoubleQuoted":
        return partsValue(part.parts);
      case "SimpleExpansion": {
        const name = part.text.slice(1);
        const value = /^\w+$/.test(name) ? variable(name) : undefined;
        return value ?? (value === null ? "" : undefined);
      }
      case "ParameterExpansion": {
        if (part.prefix || part.index) return undefined;
        const value = variable(part.parameter);
        if (!part.operation) return value ?? (value === null ? "" : undefined);
        if (part.operation.type !== "Default" || value === undefined) return undefined;
        const { operator, operand } = part.operation;
        const isSet = value !== null && (value !== "" || operator.length === 1);
        if (operator.endsWith("+")) return isSet ? valueOf(operand) : "";
        if (isSet) return value;
        return operator.endsWith("-") ? valueOf(operand) : undefined;
      }
      default:
        return undefined;
    }
  }

  statements(script.commands, false);
  return opaque === undefined ? { kind: "commands", commands } : { kind: "opaque", why: opaque };
}

function isLiteral(parts: readonly WordPart[] | undefined): boolean {
  return (parts ?? []).every(
    (part) =>
      part.type === "Literal" || part.type === "SingleQuoted" || part.type === "AnsiCQuoted" ||
      (part.type === "DoubleQuoted" && isLiteral(part.parts)),
  );
}

function restore(map: Map<string, string | undefined>, saved: ReadonlyMap<string, string | undefined>): void {
  map.clear();
  for (const [name, value] of saved) map.set(name, value);
}
