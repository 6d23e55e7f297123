/** What the words of a command run: functions, builtins, wrappers, shells and the script's arguments. */
import type { Word as SyntaxWord } from "unbash";
import { baseName } from "./path.ts";
import {
  DEEPEST,
  TOO_DEEP,
  behind,
  emit,
  parametersOf,
  pathOf,
  spanOf,
  type Parameters,
  type ScriptRun,
  type Site,
} from "./script-commands.ts";
import { movesFirst, type ShellLocation } from "./script-location.ts";
import { valueOf, variableIn } from "./script-variables.ts";
import {
  MOST_STARTS,
  argumentsIn,
  isSplit,
  pieceOf,
  scriptTextOf,
  type Piece,
} from "./shell-words.ts";
import {
  BUILTINS,
  SHELLS,
  WRAPPERS,
  innerCommands,
  shellSource,
  type Wrapper,
} from "./shell-wrappers.ts";

/** The words from `at` on are run as a command. */
export function runWords(script: ScriptRun, words: readonly Piece[], at: number, site: Site): void {
  const first = words[at];
  if (!first) return;
  if (site.depth > DEEPEST) {
    script.opaque ??= TOO_DEEP;
    return;
  }
  const argument = first.word && argumentsIn(first.word);
  if (argument) {
    runArguments(argument.first, site);
    if (argument.fallback !== undefined) emit(script, argument.fallback, words, at, site);
    return;
  }
  if (first.word && holdsArguments(script, first.word, words, at, site)) return;
  const name = first.value ?? (first.word && valueOf(script.variables, first.word));
  if (name === undefined || name.includes("{}")) {
    emit(script, undefined, words, at, site);
    return;
  }
  if (first.word && isSplit(first.word)) {
    const split = name.split(/\s+/).filter((value) => value !== "");
    const pieces = split.map((value) => ({ ...first, value, word: undefined }));
    const inner = { ...site, depth: site.depth + 1 };
    runWords(script, [...pieces, ...words.slice(at + 1)], 0, inner);
    return;
  }
  runNamed(script, name, words, at, site);
}

function runNamed(
  script: ScriptRun,
  name: string,
  words: readonly Piece[],
  at: number,
  site: Site,
): void {
  const callee = site.names === "all" ? script.functions.get(name) : undefined;
  if (callee) {
    call(script, callee, words, at + 1, site);
    return;
  }
  const isBuiltin = site.names !== "programs" && BUILTINS.has(name);
  const file = baseName(name);
  const wrapper = WRAPPERS.get(file);
  if (!isBuiltin && (name.includes("/") || wrapper?.isProgram !== false))
    emit(script, name, words, at, site);
  if (isBuiltin && runBuiltin(script, name, words, at, site)) return;
  if (file === "which") probe(script, words, at, site);
  else if (SHELLS.has(file)) runShell(script, file, words, at, site);
  else if (wrapper) runWrapped(script, wrapper, file, words, at, site);
}

/** Whether the builtin was dealt with and wraps nothing. */
function runBuiltin(
  script: ScriptRun,
  name: string,
  words: readonly Piece[],
  at: number,
  site: Site,
): boolean {
  const operands = words.slice(at + 1);
  const operand = operands.find(({ value }) => value !== "--");
  switch (name) {
    case ".":
    case "source":
      script.sourced.push(pathOf(script, operand));
      return true;
    case "alias":
      if (operands.length > 0) script.opaque ??= "alias cannot be followed";
      return true;
    case "eval":
      runEval(script, operands, site);
      return true;
    case "trap":
      if (operand && !/^(?:-.*|\d*)$/.test(operand.value ?? "x")) {
        const location = operand.word && script.variables.locations.get(operand.word);
        const later = location ?? { ...site.location, directory: undefined };
        runText(script, operand, { ...site, location: later }, site.parameters);
      }
      return true;
    case "shift":
      site.parameters.shifts += Number(operands[0]?.value ?? 1) || 0;
      return true;
    case "set":
      setArguments(script, words, at, site);
      return true;
    case "type":
    case "hash":
      probe(script, words, at, site);
      return true;
    case "command":
      if (!/^-\w*[vV]/.test(operands[0]?.value ?? "")) return false;
      probe(script, words, at, site);
      return true;
    default:
      return !WRAPPERS.has(name);
  }
}

function runEval(script: ScriptRun, operands: readonly Piece[], site: Site): void {
  const values = operands.map(({ value }) => value);
  if (values.includes(undefined)) script.opaque ??= "eval of what is computed cannot be followed";
  const [only, ...more] = operands;
  if (!only) return;
  const text = more.length === 0 ? only : { ...only, value: values.join(" ") };
  runText(script, text, site, site.parameters);
}

/** `set -- ./server "$@"` puts a command in front of the arguments, should they be run. */
function setArguments(script: ScriptRun, words: readonly Piece[], at: number, site: Site): void {
  const marker = words.findIndex(({ value }, index) => index > at && value === "--");
  if (marker < 0) return;
  site.parameters.shifts = 0;
  const [first] = words.slice(marker + 1);
  if (!first || first.value?.startsWith("-")) return;
  const { calls, runs } = site.parameters;
  const start = (_: number, location: ShellLocation): void =>
    runWords(script, words, marker + 1, { ...behind(site), location });
  calls.push(start);
  for (const [index, location] of runs) start(index, location);
}

function probe(script: ScriptRun, words: readonly Piece[], at: number, site: Site): void {
  const isOwn = (name: string): boolean => script.functions.has(name) || BUILTINS.has(name);
  for (const { value } of words.slice(at + 1)) {
    if (value?.startsWith("-") || (value !== undefined && isOwn(value))) continue;
    emit(script, value, words, at, { ...site, start: words[at]!.pos }, true);
  }
}

function runShell(
  script: ScriptRun,
  file: string,
  words: readonly Piece[],
  at: number,
  site: Site,
): void {
  const from = shellSource(words, at);
  if (from.kind === "file") return;
  const inner = parametersOf(true);
  if (from.kind === "text") {
    const text = words[from.at];
    if (!text) return;
    call(script, inner, words, from.at + 2, site);
    runText(script, text, site, inner);
    return;
  }
  const input = site.redirects.findLast(({ operator }) => operator.startsWith("<"));
  if (input?.type === "HereDoc") {
    const { text, parts, pos, end } = input.body;
    runText(script, pieceOf({ type: "Word", text, value: text, parts, pos, end }), site, inner);
  } else if (input?.type === "HereString" && input.target) {
    runText(script, pieceOf(input.target), site, inner);
  } else if (input) script.sourced.push(pathOf(script, input.target && pieceOf(input.target)));
  else if (site.isPiped) script.opaque ??= `what is piped into ${file} cannot be followed`;
}

function runWrapped(
  script: ScriptRun,
  wrapper: Wrapper,
  file: string,
  words: readonly Piece[],
  at: number,
  site: Site,
): void {
  const isExternal = wrapper.isProgram || file === "exec";
  const names = isExternal ? "programs" : "no functions";
  for (const found of innerCommands(wrapper, words, at)) {
    const options = words.slice(at + 1, found.kind === "words" ? found.from : undefined);
    const directory = movesFirst(file, options) ? undefined : site.location.directory;
    const location = { ...site.location, directory };
    const inner: Site = { ...behind(site), names, location };
    if (found.kind === "text") runText(script, words[found.at]!, inner, parametersOf(true));
    else if (found.to === words.length) runWords(script, words, found.from, inner);
    else {
      const end = words[found.to - 1]!.end;
      runWords(script, words.slice(found.from, found.to), 0, { ...inner, end });
    }
  }
}

/** Reads the text in a word as a script. */
function runText(script: ScriptRun, piece: Piece, site: Site, whose: Parameters): void {
  const { source, offset } = site.frame;
  const text = scriptTextOf(piece);
  const at = [piece.pos, piece.pos + 1].find((pos) => source.startsWith(text, pos));
  const frame = {
    source: text,
    offset: offset === undefined || at === undefined ? undefined : offset + at,
    around: spanOf(piece, site.frame),
  };
  // What a double-quoted text says of arguments is put in by the outer shell.
  const parameters = piece.value === undefined ? site.parameters : whose;
  const isOwn = parameters === site.parameters;
  const location = isOwn ? site.location : { ...site.location, script: undefined };
  script.readText(text, { frame, parameters, location, depth: site.depth + 1 });
}

/** A call whose arguments begin at `base`: those that the callee runs are commands. */
function call(
  script: ScriptRun,
  callee: Parameters,
  words: readonly Piece[],
  base: number,
  site: Site,
): void {
  const start = (first: number, location: ShellLocation): void => {
    const at = base + first;
    const inner = { ...behind(site), location };
    runWords(script, words, at, inner);
    // `main "$@"`: the arguments are handed on, and some are taken off inside.
    for (let index = base; index < Math.min(at, words.length); index++) {
      const word = words[index]?.word;
      const handed = word && argumentsIn(word);
      if (handed?.isList) runArguments(handed.first + at - index, inner);
    }
  };
  callee.calls.push(start);
  for (const [first, location] of callee.runs) start(first, location);
}

function runArguments(first: number, site: Site): void {
  const { runs, calls, hasProgram } = site.parameters;
  // `$0` is the script itself.
  if (first < 0 && !hasProgram) return;
  const start = first < 0 ? first : first + site.shifts;
  const before = runs.get(start);
  if (before ? isCovered(before, site.location) : runs.size >= MOST_STARTS) return;
  const location = before ? { ...before, directory: undefined } : site.location;
  runs.set(start, location);
  for (const runFrom of calls.slice()) runFrom(start, location);
}

function isCovered(before: ShellLocation, { directory }: ShellLocation): boolean {
  return before.directory === undefined || before.directory === directory;
}

/** `cmd="$@"` in front of `exec $cmd`. */
function holdsArguments(
  script: ScriptRun,
  word: SyntaxWord,
  words: readonly Piece[],
  at: number,
  site: Site,
): boolean {
  const variable = variableIn(script.variables, word);
  if (!variable) return false;
  for (const { first, fallback } of variable.held) {
    runArguments(first, { ...site, shifts: 0 });
    if (fallback !== undefined) emit(script, fallback, words, at, site);
  }
  return !variable.holdsOthers;
}
