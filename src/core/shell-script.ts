import {
  forEachChild,
  parse,
  type Assignment,
  type Command,
  type ParsedScript,
  type Redirection,
  type SyntaxNode,
  type Word as SyntaxWord,
  type WordPart,
} from "unbash";
import { baseName } from "./path.ts";
import {
  BUILTINS,
  commandDialect,
  innerCommands,
  SHELLS,
  shellSource,
  syntaxDialect,
  WRAPPERS,
  type CommandWord,
  type DialectFeature,
  type Wrapper,
} from "./shell-wrappers.ts";
import { lineAt, lineStarts, type Span } from "./source.ts";

/** A program that a script may run, wherever in the script that is. */
export interface ScriptCommand {
  /** The program's name as far as it is known without variables: `./server`, `curl`; undefined when it is computed. Quotes are taken off. */
  readonly program: string | undefined;
  /** The words behind it: plain text, or undefined for one that holds something computed. */
  readonly words: readonly (string | undefined)[];
  /** The command's source text. */
  readonly text: string;
  /** Offsets into the script; of the word around it for text whose escapes were taken off (`sh -c "a \"b\""`). */
  readonly start: number;
  readonly end: number;
  /** From 1. */
  readonly line: number;
  /** Only asked for, not run: `command -v curl`, `which curl`, `type curl`, `hash curl`. */
  readonly isProbe: boolean;
}

/** What a script that runs in the final image needs there. */
export interface ShellScript {
  readonly kind: "script";
  /** In source order, without builtins, keywords and the script's own functions. A wrapper that is a program (`env`, `gosu`) stands in front of what it runs. */
  readonly commands: readonly ScriptCommand[];
  /** It runs its own arguments as a command: `exec "$@"`, `exec su-exec app "$@"`. */
  readonly runsArguments: boolean;
  /** Files read by `.` and `source`, undefined for a computed name. */
  readonly sourced: readonly (string | undefined)[];
  /** Every word, redirect target and assigned value, or literal piece of one, that could be a path or a part of one. */
  readonly literals: readonly string[];
  /** Paths written through redirects, undefined for computed ones; devices are left out. */
  readonly written: readonly (string | undefined)[];
  /** Names of the variables it reads, positional ones left out. */
  readonly variables: ReadonlySet<string>;
  /** Features that neither dash nor busybox ash has. */
  readonly needsBash: readonly ScriptFeature[];
  /** Features that busybox ash has and dash has not. */
  readonly beyondPosix: readonly ScriptFeature[];
}

export interface ScriptFeature {
  readonly what: string;
  readonly line: number;
}

export type ScriptReading = ShellScript | { readonly kind: "opaque"; readonly why: string };

/** A text that is being walked, and where it stands in the script. */
interface Frame {
  readonly source: string;
  /** What an offset in `source` lacks to the script's; `undefined` when they do not correspond. */
  readonly offset: number | undefined;
  readonly around: Span;
  /** It runs in the script's own shell or in `sh`, not in a `bash` that is asked for by name. */
  readonly countsDialect: boolean;
}

/** Whose arguments `"$@"` means: the script's, a function's, or those behind `sh -c`. */
interface Parameters {
  readonly hasProgram: boolean;
  shifts: number;
  /** Which arguments are run as a command. */
  readonly runs: Set<number>;
  readonly calls: ((first: number) => void)[];
}

/** What a script gives a variable. */
interface Variable {
  /** Its one value, where that is assigned for certain and once. */
  value: SyntaxWord | undefined;
  /** It is given something, if not for certain or not once. */
  isOpen: boolean;
  /** Arguments of the script that it may hold: `cmd="$@"`. */
  readonly held: Arguments[];
  holdsOthers: boolean;
}

/** A word that is arguments and nothing else: `"$@"` from the first (0) on, `$1`; `$0` is -1. */
interface Arguments {
  readonly first: number;
  readonly isList: boolean;
  /** `./server` of `${1:-./server}`. */
  readonly fallback: string | undefined;
}

interface Piece extends CommandWord {
  readonly word: SyntaxWord | undefined;
  readonly pos: number;
  readonly end: number;
}

/** Where a command stands. */
interface Site {
  readonly frame: Frame;
  readonly parameters: Parameters;
  readonly shifts: number;
  /** Where its text begins, when that is not at the program's name. */
  readonly start: number | undefined;
  readonly end: number;
  /** What a name means here: behind `command` no function, behind `exec` and programs no builtin. */
  readonly names: "all" | "no functions" | "programs";
  readonly redirects: readonly Redirection[];
  readonly isPiped: boolean;
  readonly depth: number;
}

/** Deeper texts in texts and wrappers around wrappers than this are no one's entry script. */
const DEEPEST = 64;
/** `"$1"`, `"$@"` behind shifts: so many different starts of a command among the arguments are followed. */
const MOST_STARTS = 8;
/** Longer values are not put together. */
const LONGEST_VALUE = 4096;
/** Stands in for what cannot be told: a parameter that names no program and no argument. */
const COMPUTED = "$?";
const TOO_DEEP = "it is nested too deep";
const SETTING = new Set(["read", "getopts", "mapfile", "readarray", "unset"]);

/**
 * Reads a script for every command that may run in it: in conditions, functions, substitutions, traps, and in
 * the texts of `sh -c`.
 *
 * @example readScript('exec ./server -p "$PORT"')
 */
export function readScript(text: string): ScriptReading {
  if (text.startsWith("\uFEFF")) return opaqueScript("it begins with a byte order mark");
  if (/\r(?:\n|$)/.test(text)) return opaqueScript("it has Windows line ends");
  const interpreter = interpreterOf(text);
  const language = baseName(interpreter?.program ?? "sh");
  if (!SHELLS.has(language) && language !== "busybox")
    return opaqueScript(`it is written for ${language}`);
  try {
    return followScript(text);
  } catch (error) {
    if (error instanceof RangeError) return opaqueScript(TOO_DEEP);
    throw error;
  }
}

/**
 * The interpreter that a script's first line names: "/bin/sh", "bash" for `#!/usr/bin/env bash`; undefined
 * without one.
 */
export function interpreterOf(
  text: string,
): { readonly program: string; readonly words: readonly string[] } | undefined {
  if (!text.startsWith("#!")) return undefined;
  const end = text.indexOf("\n");
  const words = text
    .slice(2, end < 0 ? undefined : end)
    .split(/\s+/)
    .filter((word) => word !== "");
  if (baseName(words[0] ?? "") === "env")
    words.splice(0, 1 + words.slice(1).findIndex((word) => !/^-|=/.test(word)));
  const [program, ...rest] = words;
  return program === undefined ? undefined : { program, words: rest };
}

function opaqueScript(why: string): ScriptReading {
  return { kind: "opaque", why };
}

function followScript(whole: string): ScriptReading {
  const starts = lineStarts(whole);
  const commands = new Map<string, ScriptCommand>();
  const sourced: (string | undefined)[] = [];
  const literals = new Set<string>();
  const written: (string | undefined)[] = [];
  const variables = new Set<string>();
  const features = {
    bash: new Map<string, ScriptFeature>(),
    ash: new Map<string, ScriptFeature>(),
  };
  const functions = new Map<string, Parameters>();
  const assigned = new Map<string, Variable>();
  const known = new Map<string, string | undefined>();
  let opaque: string | undefined;

  const own = parametersOf(false);
  let frame: Frame = {
    source: whole,
    offset: 0,
    around: { start: 0, end: 0 },
    countsDialect: true,
  };
  let parameters = own;
  let depth = 0;
  let isPiped = false;
  readText(whole, frame, own, 0);
  if (opaque !== undefined) return opaqueScript(opaque);
  return {
    kind: "script",
    commands: [...commands.values()].sort((a, b) => a.start - b.start),
    runsArguments: own.runs.size > 0,
    sourced,
    literals: [...literals],
    written,
    variables,
    needsBash: [...features.bash.values()].sort((a, b) => a.line - b.line),
    beyondPosix: [...features.ash.values()].sort((a, b) => a.line - b.line),
  };

  function readText(text: string, inside: Frame, whose: Parameters, level: number): void {
    if (level > DEEPEST) {
      opaque ??= TOO_DEEP;
      return;
    }
    const saved = { frame, parameters, depth, isPiped };
    const script = parse(text);
    frame = inside;
    parameters = whose;
    depth = level;
    isPiped = false;
    collect(script, true);
    known.clear();
    visit(script);
    ({ frame, parameters, depth, isPiped } = saved);
  }

  /** Notes functions and assignments, which may stand behind what they bear on. */
  function collect(node: SyntaxNode, isCertain: boolean): void {
    let isSure = isCertain;
    switch (node.type) {
      case "Function":
        if (!functions.has(node.name.value)) functions.set(node.name.value, parametersOf(false));
        break;
      case "AndOr":
        node.commands.forEach((command, index) => collect(command, isCertain && index === 0));
        return;
      case "For":
      case "Select":
        assign(node.name.value, undefined, false);
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
          assign(node.parameter, node.operation.operand, isCertain);
        break;
      case "Command":
        collectAssignments(node, isCertain);
        break;
    }
    forEachChild(node, (child) => collect(child, isSure));
  }

  function collectAssignments(node: Command, isCertain: boolean): void {
    const assignments = node.name ? node.suffix : node.prefix;
    for (const assignment of assignments) {
      if (assignment.type !== "Assignment") continue;
      const { name, value, append, index } = assignment;
      // An array of the arguments stands for them: `CMD=("$@")`, `"${CMD[@]}"`.
      const held = value.type === "ArrayValue" ? value.elements[0] : undefined;
      const word = value.type === "Word" ? value : held && argumentsIn(held) && held;
      assign(name, append || index ? undefined : word, isCertain);
    }
    if (!node.name || !SETTING.has(node.name.value)) return;
    for (const { value } of piecesOf(node)) {
      if (value !== undefined && /^[A-Za-z_]\w*$/.test(value)) assign(value, undefined, false);
    }
  }

  function assign(name: string, value: SyntaxWord | undefined, isCertain: boolean): void {
    const held = value && argumentsIn(value);
    const before = assigned.get(name);
    assigned.set(name, {
      value: isCertain && !before ? value : undefined,
      isOpen: !isCertain || before !== undefined,
      held: [...(before?.held ?? []), ...(held ? [held] : [])].slice(0, MOST_STARTS),
      holdsOthers: before?.holdsOthers === true || !held,
    });
  }

  function visit(node: SyntaxNode): void {
    if (frame.countsDialect) {
      const feature = syntaxDialect(node, frame.source);
      if (feature) note(feature, node.pos);
    }
    switch (node.type) {
      case "Script":
        visitScript(node);
        return;
      case "Command":
        visitCommand(node);
        return;
      case "Function":
        visitFunction(node);
        return;
      case "Pipeline":
        node.prefixes.forEach(visit);
        node.commands.forEach((command, index) => {
          isPiped = index > 0;
          visit(command);
        });
        isPiped = false;
        return;
      case "For":
      case "Select":
        node.wordlist?.forEach(visit);
        visit(node.body);
        return;
      case "CaseItem":
        node.pattern.forEach(visitParts);
        visit(node.body);
        return;
      case "CommandExpansion":
      case "ProcessSubstitution":
      case "ArithmeticCommandExpansion":
        if (node.script) visitSubstitution(node.script, node);
        return;
      case "Word":
        noteLiterals(node);
        visitParts(node);
        return;
      case "SimpleExpansion":
        noteVariable(node.text.slice(1));
        return;
      case "ParameterExpansion":
        if (node.operation?.type !== "Names") noteVariable(node.parameter);
        if (node.index) visitParts(node.index);
        if (node.operation?.type === "Default") visit(node.operation.operand);
        // Patterns and offsets are no paths.
        else if (node.operation) forEachChild(node.operation, visitParts);
        return;
      case "ArithmeticWord":
        noteVariable(/^(?:\$\{?)?([A-Za-z_]\w*)\}?$/.exec(node.value)?.[1] ?? "");
        visitParts(node);
        return;
      case "Redirect":
        visitRedirect(node);
        return;
      default:
        forEachChild(node, visit);
    }
  }

  function visitParts(node: SyntaxNode): void {
    forEachChild(node, visit);
  }

  function visitScript(script: ParsedScript): void {
    const [error] = script.errors ?? [];
    if (error) opaque ??= error.message;
    forEachChild(script, visit);
  }

  function visitSubstitution(script: ParsedScript, around: SyntaxNode): void {
    const saved = { frame, isPiped };
    isPiped = false;
    // Escapes in backquotes are taken off, and what is inside counts its own offsets.
    if (script.source !== undefined)
      frame = { ...frame, source: script.source, offset: undefined, around: spanOf(around, frame) };
    visit(script);
    ({ frame, isPiped } = saved);
  }

  function visitFunction(node: Extract<SyntaxNode, { type: "Function" }>): void {
    const saved = parameters;
    parameters = functions.get(node.name.value) ?? parametersOf(false);
    visit(node.body);
    parameters = saved;
  }

  function visitRedirect(node: Extract<Redirection, { type: "Redirect" }>): void {
    if (!node.target) return;
    // `2>&1` and `>&$fd` copy a descriptor.
    if (node.operator.endsWith("&") && /^[\d$-]/.test(node.target.text)) {
      visitParts(node.target);
      return;
    }
    visit(node.target);
    const target = literalOf(node.target);
    const isDevice = /^\/dev\/(?!shm\/)/.test(target ?? "");
    if (node.operator.includes(">") && !isDevice) written.push(target);
  }

  function visitCommand(node: Command): void {
    const site: Site = {
      frame,
      parameters,
      shifts: parameters.shifts,
      start: node.pos,
      end: node.end,
      names: "all",
      redirects: node.redirects,
      isPiped,
      depth,
    };
    node.prefix.forEach(visit);
    if (node.name) {
      if (literalOf(node.name) === undefined) noteLiterals(node.name);
      visitParts(node.name);
    }
    run(piecesOf(node), 0, site);
    node.suffix.forEach(visit);
  }

  /** The words from `at` on are run as a command. */
  function run(words: readonly Piece[], at: number, site: Site): void {
    const first = words[at];
    if (!first) return;
    if (site.depth > DEEPEST) {
      opaque ??= TOO_DEEP;
      return;
    }
    const argument = first.word && argumentsIn(first.word);
    if (argument) {
      runArguments(argument.first, site);
      if (argument.fallback !== undefined) emit(argument.fallback, words, at, site);
      return;
    }
    if (first.word && holdsArguments(first.word, words, at, site)) return;
    const name = first.value ?? (first.word && valueOf(first.word));
    if (name === undefined || name.includes("{}")) {
      emit(undefined, words, at, site);
      return;
    }
    if (first.word && isSplit(first.word)) {
      const split = name.split(/\s+/).filter((value) => value !== "");
      const pieces = split.map((value) => ({ ...first, value, word: undefined }));
      run([...pieces, ...words.slice(at + 1)], 0, { ...site, depth: site.depth + 1 });
      return;
    }
    runNamed(name, words, at, site);
  }

  function runNamed(name: string, words: readonly Piece[], at: number, site: Site): void {
    const callee = site.names === "all" ? functions.get(name) : undefined;
    if (callee) {
      call(callee, words, at + 1, site);
      return;
    }
    const isBuiltin = site.names !== "programs" && BUILTINS.has(name);
    if (isBuiltin && site.frame.countsDialect) {
      const values = words.slice(at + 1).map(({ value }) => value);
      for (const feature of commandDialect(name, values)) note(feature, words[at]!.pos, site.frame);
    }
    const file = baseName(name);
    const wrapper = WRAPPERS.get(file);
    if (!isBuiltin && (name.includes("/") || wrapper?.isProgram !== false))
      emit(name, words, at, site);
    if (isBuiltin && runBuiltin(name, words, at, site)) return;
    if (file === "which") probe(words, at, site);
    else if (SHELLS.has(file)) runShell(file, words, at, site);
    else if (wrapper) runWrapped(wrapper, file, words, at, site);
  }

  /** Whether the builtin was dealt with and wraps nothing. */
  function runBuiltin(name: string, words: readonly Piece[], at: number, site: Site): boolean {
    const operands = words.slice(at + 1);
    switch (name) {
      case ".":
      case "source":
        sourced.push(operands.find(({ value }) => value !== "--")?.value);
        return true;
      case "alias":
        if (operands.length > 0) opaque ??= "alias cannot be followed";
        return true;
      case "eval": {
        const values = operands.map(({ value }) => value);
        if (values.includes(undefined)) opaque ??= "eval of what is computed cannot be followed";
        const [only] = operands;
        if (operands.length === 1) runText(only!, site, site.parameters);
        else if (operands.length > 1)
          runText({ ...only!, value: values.join(" ") }, site, site.parameters);
        return true;
      }
      case "trap": {
        const action = operands.find(({ value }) => value !== "--");
        if (action && !/^(?:-.*|\d*)$/.test(action.value ?? "x"))
          runText(action, site, site.parameters);
        return true;
      }
      case "shift":
        site.parameters.shifts += Number(operands[0]?.value ?? 1) || 0;
        return true;
      case "set":
        setArguments(words, at, site);
        return true;
      case "type":
      case "hash":
        probe(words, at, site);
        return true;
      case "command":
        if (!/^-\w*[vV]/.test(operands[0]?.value ?? "")) return false;
        probe(words, at, site);
        return true;
      default:
        return !WRAPPERS.has(name);
    }
  }

  /** `set -- ./server "$@"` puts a command in front of the arguments, should they be run. */
  function setArguments(words: readonly Piece[], at: number, site: Site): void {
    const marker = words.findIndex(({ value }, index) => index > at && value === "--");
    if (marker < 0) return;
    site.parameters.shifts = 0;
    const [first] = words.slice(marker + 1);
    if (!first || first.value?.startsWith("-")) return;
    const inner = behind(site);
    const start = (): void => run(words, marker + 1, inner);
    site.parameters.calls.push(start);
    if (site.parameters.runs.size > 0) start();
  }

  function probe(words: readonly Piece[], at: number, site: Site): void {
    for (const { value } of words.slice(at + 1)) {
      if (value?.startsWith("-") || (value !== undefined && isOwn(value))) continue;
      emit(value, words, at, { ...site, start: words[at]!.pos }, true);
    }
  }

  function isOwn(name: string): boolean {
    return functions.has(name) || BUILTINS.has(name);
  }

  function runShell(file: string, words: readonly Piece[], at: number, site: Site): void {
    const from = shellSource(words, at);
    if (from.kind === "file") return;
    const inner = parametersOf(true);
    const countsDialect = site.frame.countsDialect && file !== "bash";
    const place: Site = { ...site, frame: { ...site.frame, countsDialect } };
    if (from.kind === "text") {
      const text = words[from.at];
      if (!text) return;
      call(inner, words, from.at + 2, site);
      runText(text, place, inner);
      return;
    }
    const input = site.redirects.findLast(({ operator }) => operator.startsWith("<"));
    if (input?.type === "HereDoc") {
      const { text, parts, pos, end } = input.body;
      runText(pieceOf({ type: "Word", text, value: text, parts, pos, end }), place, inner);
    } else if (input?.type === "HereString" && input.target) {
      runText(pieceOf(input.target), place, inner);
    } else if (input) sourced.push(input.target && literalOf(input.target));
    else if (site.isPiped) opaque ??= `what is piped into ${file} cannot be followed`;
  }

  function runWrapped(
    wrapper: Wrapper,
    file: string,
    words: readonly Piece[],
    at: number,
    site: Site,
  ): void {
    const isExternal = wrapper.isProgram || file === "exec";
    const inner: Site = { ...behind(site), names: isExternal ? "programs" : "no functions" };
    for (const found of innerCommands(wrapper, words, at)) {
      if (found.kind === "text") runText(words[found.at]!, inner, parametersOf(true));
      else if (found.to === words.length) run(words, found.from, inner);
      else {
        const end = words[found.to - 1]!.end;
        run(words.slice(found.from, found.to), 0, { ...inner, end });
      }
    }
  }

  /** Reads the text in a word as a script. What the outer shell puts in is kept as far as it has a name. */
  function runText(piece: Piece, site: Site, whose: Parameters): void {
    const { source, offset, countsDialect } = site.frame;
    const around = spanOf(piece, site.frame);
    const text = piece.value ?? (piece.word?.parts ? computedText(piece.word.parts) : "");
    const at = [piece.pos, piece.pos + 1].find((pos) => source.startsWith(text, pos));
    readText(
      text,
      {
        source: text,
        offset: offset === undefined || at === undefined ? undefined : offset + at,
        around,
        countsDialect,
      },
      // What a double-quoted text says of arguments is put in by the outer shell.
      piece.value === undefined ? site.parameters : whose,
      site.depth + 1,
    );
  }

  /** A call whose arguments begin at `base`: those that the callee runs are commands. */
  function call(callee: Parameters, words: readonly Piece[], base: number, site: Site): void {
    const inner = behind(site);
    const start = (first: number): void => {
      const at = base + first;
      run(words, at, inner);
      // `main "$@"`: the arguments are handed on, and some are taken off inside.
      for (let index = base; index < Math.min(at, words.length); index++) {
        const word = words[index]?.word;
        const handed = word && argumentsIn(word);
        if (handed?.isList) runArguments(handed.first + at - index, inner);
      }
    };
    callee.calls.push(start);
    for (const first of callee.runs) start(first);
  }

  function runArguments(first: number, site: Site): void {
    const { runs, calls, hasProgram } = site.parameters;
    // `$0` is the script itself.
    if (first < 0 && !hasProgram) return;
    const start = first < 0 ? first : first + site.shifts;
    if (runs.has(start) || runs.size >= MOST_STARTS) return;
    runs.add(start);
    for (const runFrom of calls.slice()) runFrom(start);
  }

  /** `cmd="$@"` in front of `exec $cmd`. */
  function holdsArguments(
    word: SyntaxWord,
    words: readonly Piece[],
    at: number,
    site: Site,
  ): boolean {
    const expansion = onlyPart(word);
    if (expansion?.type !== "SimpleExpansion" && expansion?.type !== "ParameterExpansion")
      return false;
    const name =
      expansion.type === "SimpleExpansion" ? expansion.text.slice(1) : expansion.parameter;
    const values = assigned.get(name);
    if (!values) return false;
    for (const { first, fallback } of values.held) {
      runArguments(first, { ...site, shifts: 0 });
      if (fallback !== undefined) emit(fallback, words, at, site);
    }
    return !values.holdsOthers;
  }

  function emit(
    program: string | undefined,
    words: readonly Piece[],
    at: number,
    site: Site,
    isProbe = false,
  ): void {
    if (program === "") return;
    const range = { pos: site.start ?? words[at]!.pos, end: site.end };
    const { start, end } = spanOf(range, site.frame);
    const key = `${start} ${end} ${isProbe} ${program ?? ""}`;
    if (commands.has(key)) return;
    commands.set(key, {
      program,
      words: isProbe ? [] : words.slice(at + 1).map(({ value }) => value),
      text: site.frame.source.slice(range.pos, range.end),
      start,
      end,
      line: lineAt(starts, start),
      isProbe,
    });
  }

  function note({ what, needs }: DialectFeature, pos: number, where = frame): void {
    const line = lineAt(starts, spanOf({ pos, end: pos }, where).start);
    features[needs].set(`${line} ${what}`, { what, line });
  }

  function noteVariable(name: string): void {
    if (/^[A-Za-z_]\w*$/.test(name)) variables.add(name);
  }

  function noteLiterals(word: SyntaxWord): void {
    for (const literal of literalRuns(word)) {
      const equals = /^-|^[A-Za-z_]\w*=/.test(literal) ? literal.indexOf("=") : -1;
      if (equals < 0 && literal.startsWith("-")) continue;
      const path = literal.slice(equals + 1);
      if (path !== "" && !/\s/.test(path)) literals.add(path);
    }
  }

  /** A word with the variables put in that the script itself gives one value. */
  function valueOf(word: SyntaxWord): string | undefined {
    if (word.text.startsWith("~")) return undefined;
    return word.parts ? partsValue(word.parts) : word.value;
  }

  function partsValue(parts: readonly WordPart[]): string | undefined {
    let value = "";
    for (const part of parts) {
      const piece = partValue(part);
      if (piece === undefined || value.length > LONGEST_VALUE) return undefined;
      value += piece;
    }
    return value;
  }

  function partValue(part: WordPart): string | undefined {
    switch (part.type) {
      case "DoubleQuoted":
        return partsValue(part.parts);
      case "SimpleExpansion":
        return variable(part.text.slice(1));
      case "ParameterExpansion": {
        if (part.prefix || part.index) return undefined;
        const value = variable(part.parameter);
        if (!part.operation) return value;
        if (part.operation.type !== "Default") return undefined;
        const { operator, operand } = part.operation;
        if (operator.endsWith("+")) return undefined;
        if (value !== undefined && (value !== "" || operator.length === 1)) return value;
        if (operator.endsWith("?") || assigned.get(part.parameter)?.isOpen) return undefined;
        return valueOf(operand);
      }
      default:
        return literalPart(part);
    }
  }

  function variable(name: string): string | undefined {
    if (known.has(name)) return known.get(name);
    // A default may name the variable itself: `BIN=${BIN:-./server}`.
    known.set(name, undefined);
    const only = assigned.get(name)?.value;
    const value = only && valueOf(only);
    known.set(name, value);
    return value;
  }
}

function parametersOf(hasProgram: boolean): Parameters {
  return { hasProgram, shifts: 0, runs: new Set(), calls: [] };
}

/** Where a command stands that another one runs. */
function behind(site: Site): Site {
  return { ...site, start: undefined, depth: site.depth + 1 };
}

function spanOf({ pos, end }: { pos: number; end: number }, { offset, around }: Frame): Span {
  return offset === undefined ? around : { start: pos + offset, end: end + offset };
}

function piecesOf(node: Command): Piece[] {
  return [...(node.name ? [node.name] : []), ...node.args].map(pieceOf);
}

function pieceOf(node: SyntaxWord | Assignment): Piece {
  const { text, pos, end } = node;
  if (node.type === "Word") return { value: literalOf(node), word: node, text, pos, end };
  const value = node.value.type === "Word" && !node.append ? literalOf(node.value) : undefined;
  const whole = value === undefined ? undefined : `${node.name}=${value}`;
  return { value: whole, word: undefined, text, pos, end };
}

/** A word that means the same without a shell, quotes taken off. */
function literalOf(word: SyntaxWord): string | undefined {
  if (word.text.startsWith("~")) return undefined;
  const isLiteral = (parts: readonly WordPart[] | undefined): boolean =>
    (parts ?? []).every((part) =>
      part.type === "DoubleQuoted" ? isLiteral(part.parts) : literalPart(part) !== undefined,
    );
  return isLiteral(word.parts) ? word.value : undefined;
}

function literalPart(part: WordPart): string | undefined {
  const { type } = part;
  return type === "Literal" || type === "SingleQuoted" || type === "AnsiCQuoted"
    ? part.value
    : undefined;
}

/** The stretches of a word between what is computed. */
function literalRuns(word: SyntaxWord): string[] {
  if (!word.parts) return [word.value];
  const runs = [""];
  const add = (parts: readonly WordPart[]): void => {
    for (const part of parts) {
      const literal = literalPart(part);
      if (part.type === "DoubleQuoted") add(part.parts);
      else if (literal === undefined) runs.push("");
      else runs[runs.length - 1] += literal;
    }
  };
  add(word.parts);
  return runs;
}

/** A word's text with variables by name, to be read as a script. */
function computedText(parts: readonly WordPart[]): string {
  return parts
    .map((part) => {
      switch (part.type) {
        case "DoubleQuoted":
          return computedText(part.parts);
        case "SimpleExpansion":
        case "Glob":
          return part.text;
        case "ParameterExpansion":
          return /\$\(|`/.test(part.text) ? `\${${part.parameter}}` : part.text;
        default:
          return literalPart(part) ?? COMPUTED;
      }
    })
    .join("");
}

/** Whether blanks in a variable's value end a word: it stands outside quotes. */
function isSplit(word: SyntaxWord): boolean {
  return (word.parts ?? []).some(
    ({ type }) => type === "SimpleExpansion" || type === "ParameterExpansion",
  );
}

function onlyPart(word: SyntaxWord): WordPart | undefined {
  const [part, ...others] = word.parts ?? [];
  if (others.length > 0) return undefined;
  if (part?.type !== "DoubleQuoted") return part;
  return part.parts.length === 1 ? part.parts[0] : undefined;
}

function argumentsIn(word: SyntaxWord): Arguments | undefined {
  const part = onlyPart(word);
  if (part?.type === "SimpleExpansion") return argumentsNamed(part.text.slice(1), 0, undefined);
  if (part?.type !== "ParameterExpansion" || part.prefix || part.index) return undefined;
  const { parameter, operation } = part;
  if (operation?.type === "Slice" && /^\d+$/.test(operation.offset.text))
    return argumentsNamed(parameter, Number(operation.offset.text) - 1, undefined);
  const isDefault = operation?.type === "Default" && /[-=]$/.test(operation.operator);
  return argumentsNamed(parameter, 0, isDefault ? literalOf(operation.operand) : undefined);
}

function argumentsNamed(name: string, skipped: number, fallback: string | undefined) {
  if (name === "@" || name === "*") return { first: skipped, isList: true, fallback };
  return /^\d+$/.test(name) ? { first: Number(name) - 1, isList: false, fallback } : undefined;
}
