import {
  parse,
  type CommandNode,
  type CompoundList,
  type ParsedScript,
  type Pipeline,
  type PipelineNode,
  type AndOr,
  type Redirection,
  type Statement,
  type Word as SyntaxWord,
  type WordPart,
} from "unbash";
import { resolvePath } from "./path.ts";
import {
  SILENT,
  isWhole,
  locationVariable,
  printedPath,
  withoutLastElement,
} from "./script-location.ts";
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
const UNFOLLOWABLE = new Set(["eval", "source", ".", "trap", "alias", "pushd", "popd", "builtin"]);
/** Builtins that set the variables their operands name. */
const DECLARING = new Set(["export", "readonly", "declare", "typeset", "local"]);

/** Substitutions in substitutions than which none is deeper: `$(cd "$(dirname "$(readlink -f "$0")")" && pwd)`. */
const MOST_SUBSTITUTIONS = 8;

/** Variables that the shell or the engine sets by itself, to what cannot be told. */
const SET_BY_THE_SHELL =
  /^(?:HOME|BASH_SOURCE|OLDPWD|HOSTNAME|USER|LOGNAME|SHELL|SHLVL|RANDOM|IFS|UID|EUID|PPID|LINENO|TERM|\d+|[@*#?$!_-])$/;

interface Scope {
  directory: string | undefined;
  /** Values as in `Lookup`: `null` for one that was unset. */
  readonly variables: Map<string, string | null | undefined>;
  readonly exported: Map<string, string | undefined>;
}

/**
 * Parses a shell body.
 *
 * @param directory working directory at its start, absolute
 * @param lookup what ARG and ENV say of a variable
 * @param file `$0`: the absolute path of the script that the body is, or its path from `directory` when it is
 *   started by that (`./build.sh`)
 * @example readShell("cd cmd && go build -o /app", "/src", () => null)
 */
export function readShell(
  text: string,
  directory: string | undefined,
  lookup: Lookup,
  file?: string,
): ShellBody {
  let script;
  try {
    script = parse(text);
  } catch (error) {
    return { kind: "opaque", why: `the shell parser failed: ${String(error)}` };
  }
  if (script.errors?.length) return { kind: "opaque", why: script.errors[0]!.message };
  let commands: ShellCommand[] = [];
  const scope: Scope = { directory, variables: new Map(), exported: new Map() };
  let opaque: string | undefined;
  let isReplaced = false;
  let substitutions = 0;

  function statements(list: readonly Statement[], conditional: boolean): void {
    for (const statement of list) {
      const { command, background } = statement;
      if (command.type === "AndOr") andOr(command, conditional || background === true);
      else pipelineNode(command, conditional || background === true);
    }
  }

  function andOr(node: AndOr, conditional: boolean): void {
    const before = scope.directory;
    node.commands.forEach((command, index) => {
      // `a && b`: b runs whenever the whole succeeds, and a failed RUN makes no image.
      // After any `||` that no longer holds.
      const uncertain = node.operators.slice(0, index).includes("||");
      const isFallback = node.operators[index - 1] === "||";
      const reached = scope.directory;
      // A `cd` in front of `||` may have failed.
      if (isFallback && reached !== before) scope.directory = undefined;
      pipelineNode(command, conditional || uncertain);
      if (isFallback && endsShell(command)) scope.directory = reached;
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
    const saved = {
      directory: scope.directory,
      variables: new Map(scope.variables),
      exported: new Map(scope.exported),
    };
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
        // `{ …; } > file`: what is redirected is no simple command, but the file is made all the same.
        commands.push({
          words: [],
          assignments: [],
          redirects: redirectsOf(node.redirects),
          start: node.pos,
          end: node.end,
          directory: scope.directory,
          exported: new Map(scope.exported),
          conditional,
          piped,
        });
        return;
      case "If":
        compound(node.clause, true);
        branches([
          node.then,
          ...node.elif.flatMap((branch) => [branch.clause, branch.then]),
          node.else,
        ]);
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
    const exported = new Set<string>();
    for (const body of bodies) {
      const variables = new Map(scope.variables);
      inner(() => {
        compound(body, true);
        moved ||= scope.directory !== before;
        for (const [name, value] of scope.variables)
          if (!variables.has(name) || variables.get(name) !== value) changed.add(name);
        for (const name of scope.exported.keys()) exported.add(name);
      });
    }
    if (moved) scope.directory = undefined;
    for (const name of changed) scope.variables.set(name, undefined);
    for (const name of exported) if (changed.has(name)) scope.exported.set(name, undefined);
  }

  function assign(name: string, value: string | null | undefined, conditional: boolean): void {
    const known = conditional ? undefined : value;
    scope.variables.set(name, known);
    if (!scope.exported.has(name)) return;
    if (known === null) scope.exported.delete(name);
    else scope.exported.set(name, known);
  }

  /** `export A=1 B`, `readonly A=1`, `declare -x A=1`. */
  function declare(program: string, operands: readonly ShellWord[], conditional: boolean): void {
    const isExport = program === "export" || operands.some((word) => /^-\w*x/.test(word.text));
    for (const word of operands) {
      if (word.text.startsWith("-")) continue;
      const equals = word.text.indexOf("=");
      const name = equals < 0 ? word.text : word.text.slice(0, equals).replace(/\+$/, "");
      const value = equals < 0 ? variable(name) : word.value?.slice(equals + 1);
      if (isExport && value !== null) scope.exported.set(name, undefined);
      assign(name, value, conditional);
    }
  }

  function simple(
    node: Extract<CommandNode, { type: "Command" }>,
    conditional: boolean,
    piped: boolean,
  ): void {
    const assignments: ShellAssignment[] = [];
    for (const prefix of node.prefix) {
      if (prefix.type !== "Assignment") continue;
      const value = prefix.value.type === "Word" ? wordOf(prefix.value).value : undefined;
      assignments.push({
        name: prefix.name,
        value: prefix.append ? undefined : value,
        start: prefix.pos,
      });
    }
    const words: ShellWord[] = node.name ? [wordOf(node.name)] : [];
    for (const argument of node.args) {
      if (argument.type === "Word") words.push(wordOf(argument));
      else {
        const value = argument.value.type === "Word" ? wordOf(argument.value) : undefined;
        words.push({
          text: argument.text,
          value:
            value?.value === undefined || argument.append
              ? undefined
              : `${argument.name}=${value.value}`,
          literal: value?.literal ?? false,
          start: argument.pos,
          end: argument.end,
        });
      }
    }
    const redirects = redirectsOf(
      [...node.prefix, ...node.suffix].filter(
        (part): part is Redirection =>
          part.type === "Redirect" || part.type === "HereDoc" || part.type === "HereString",
      ),
    );
    const program = words[0]?.value;
    if (words.length > 0 && program === undefined)
      opaque ??= `the command ${words[0]!.text} is not known`;
    if (program !== undefined) opaque ??= unfollowable(program, words);
    if (isReplaced) opaque ??= "exec ends the shell before its last command";
    if (program === "exec" && words.length > 1 && !conditional) isReplaced = true;
    commands.push({
      words,
      assignments,
      redirects,
      start: node.pos,
      end: node.end,
      directory: scope.directory,
      exported: new Map(scope.exported),
      conditional,
      piped,
    });
    if (words.length === 0)
      for (const { name, value } of assignments) assign(name, value, conditional);
    const operands = words.slice(1);
    if (program !== undefined && DECLARING.has(program)) declare(program, operands, conditional);
    else if (program === "unset") for (const word of operands) assign(word.text, null, conditional);
    else if (
      program === "read" ||
      program === "let" ||
      program === "getopts" ||
      (program === "printf" && operands[0]?.text === "-v")
    ) {
      // They set what some of their operands name, to something that is not known.
      for (const word of operands)
        assign(word.text.replace(/[-+*/%&|^]?=.*$/s, ""), undefined, conditional);
    } else if (program === "cd") {
      const [target, second] = operands.filter((word) => !/^-[LPe@]+$|^--$/.test(word.text));
      const path = target ? target.value : variable("HOME");
      const known = !second && path !== undefined && path !== null && path !== "-" && !conditional;
      scope.directory = known ? resolvePath(scope.directory, path) : undefined;
    }
  }

  function redirectsOf(nodes: readonly Redirection[]): ShellRedirect[] {
    return nodes.map((redirect) => ({
      operator: redirect.operator,
      target: redirect.type !== "HereDoc" && redirect.target ? wordOf(redirect.target) : undefined,
    }));
  }

  function variable(name: string): string | null | undefined {
    if (scope.variables.has(name)) return scope.variables.get(name);
    if (name === "PWD") return scope.directory;
    const own = locationVariable(name, { directory: scope.directory, script: file });
    if (own !== undefined) return own;
    const value = lookup(name);
    return value === null && SET_BY_THE_SHELL.test(name) ? undefined : value;
  }

  function wordOf(word: SyntaxWord): ShellWord {
    const literal = isLiteral(word.parts) && !word.text.startsWith("~");
    return {
      text: word.text,
      value: literal ? word.value : valueOf(word),
      literal,
      start: word.pos,
      end: word.end,
    };
  }

  function valueOf(word: SyntaxWord): string | undefined {
    if (word.text.startsWith("~/") && /^[\w./~-]+$/.test(word.text)) {
      const home = variable("HOME");
      return typeof home === "string" ? home + word.text.slice(1) : undefined;
    }
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
        if (!isWhole(part)) return undefined;
        const value = variable(part.parameter);
        if (!part.operation) return value ?? (value === null ? "" : undefined);
        if (value === undefined) return undefined;
        if (part.operation.type !== "Default")
          return withoutLastElement(value ?? "", part.operation);
        const { operator, operand } = part.operation;
        const isSet = value !== null && (value !== "" || operator.length === 1);
        if (operator.endsWith("+")) return isSet ? valueOf(operand) : "";
        if (isSet) return value;
        return operator.endsWith("-") ? valueOf(operand) : undefined;
      }
      case "CommandExpansion":
        return part.script && outputOf(part.script);
      default:
        return undefined;
    }
  }

  /** The path that a substitution gives: `$(pwd)`, `$(cd "$(dirname "$0")/.." && pwd)`. */
  function outputOf(substituted: ParsedScript): string | undefined {
    if (substituted.errors?.length || substitutions === MOST_SUBSTITUTIONS) return undefined;
    const saved = { commands, opaque, isReplaced };
    commands = [];
    opaque = undefined;
    substitutions++;
    inner(() => statements(substituted.commands, false));
    substitutions--;
    const [why, last] = [opaque, commands.pop()];
    const isSilent = commands.every(({ words: [name] }) => !name || SILENT.has(name.value ?? ""));
    ({ commands, opaque, isReplaced } = saved);
    if (why !== undefined || !isSilent || !last || last.conditional || last.piped) return undefined;
    if (last.redirects.length > 0) return undefined;
    const words = last.words.map(({ value }) => value);
    const path = printedPath(words, last.directory);
    // Outside quotes a blank would end the word, and a pattern be matched.
    return path !== undefined && !/[\s*?[\]]/.test(path) ? path : undefined;
  }

  statements(script.commands, false);
  return opaque === undefined ? { kind: "commands", commands } : { kind: "opaque", why: opaque };
}

function isLiteral(parts: readonly WordPart[] | undefined): boolean {
  return (parts ?? []).every(
    (part) =>
      part.type === "Literal" ||
      part.type === "SingleQuoted" ||
      part.type === "AnsiCQuoted" ||
      (part.type === "DoubleQuoted" && isLiteral(part.parts)),
  );
}

/** Why nothing can be told behind a command, or `undefined`. */
function unfollowable(program: string, words: readonly ShellWord[]): string | undefined {
  if (UNFOLLOWABLE.has(program)) return `${program} cannot be followed`;
  const next = words[1]?.value;
  if (program === "command" && next !== undefined && (UNFOLLOWABLE.has(next) || next === "cd"))
    return `${next} cannot be followed`;
  // With `set -a` every assignment is exported; `set -e` and the like keep the meaning.
  if (program === "set" && words.some(({ text }) => /^-[a-z]*a/.test(text) || text === "allexport"))
    return "set -a cannot be followed";
  return undefined;
}

/** Whether nothing runs behind a command: `exit 1`, `{ echo no; exit 1; }`. */
function endsShell(node: PipelineNode): boolean {
  if (node.type === "Command") return node.name?.text === "exit";
  if (node.type !== "BraceGroup") return false;
  const last = node.body.commands.at(-1)?.command;
  return last !== undefined && last.type !== "AndOr" && endsShell(last);
}

function restore<Value>(map: Map<string, Value>, saved: ReadonlyMap<string, Value>): void {
  map.clear();
  for (const [name, value] of saved) map.set(name, value);
}

/** A word as a shell reads it back unchanged. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
