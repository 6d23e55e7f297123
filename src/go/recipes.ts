/** Builds that run through a file of the repository: make, and shell scripts. */
import type { StageState } from "../core/image-contract.ts";
import type { Instruction } from "../core/line-reader.ts";
import { baseName, resolvePath } from "../core/path.ts";
import { isShellProgram } from "../core/query.ts";
import { kindOf } from "../core/repository.ts";
import { readShell, type ShellCommand } from "../core/shell.ts";
import { lineAt, lineStarts } from "../core/source.ts";
import type { Lookup } from "../core/words.ts";
import { makeRecipe, UNKNOWN_VALUE } from "../repo/makefile.ts";
import { repositoryPath } from "../stages/copy-sources.ts";
import { commandVariable } from "./go-command.ts";
import { runCommands } from "./run-commands.ts";
import { addObstacle, type GoStageRecord } from "./stage-record.ts";

/** Where GNU make looks, in this order. Source: https://www.gnu.org/software/make/manual/html_node/Makefile-Names.html */
const MAKEFILES = ["GNUmakefile", "makefile", "Makefile"];
const MAKE_VALUE_OPTIONS = new Set(["-C", "-f", "-j", "-I", "-o", "-l", "-W"]);
/** Recipes call make and scripts again; a chain this deep is a circle. */
const DEEPEST = 6;

/** Scripts that install tools of the build when they are piped into a shell. Sources: the projects' installation pages. */
const TOOL_INSTALLERS =
  /glide\.sh\/get|golang\/dep\/|golangci-lint|cosmtrek\/air|air-verse\/air|taskfile\.dev|securego\/gosec/;

/** Follows `make …`, `sh script` or `./script`, or says why that cannot be done. */
export function recipeCommand(
  record: GoStageRecord,
  command: ShellCommand,
  instruction: Instruction,
  state: StageState,
): void {
  const program = baseName(command.words[0]!.value!);
  const opaque = (why: string): void => addObstacle(record, "opaque-build", instruction, { why });
  if (command.directory === undefined) {
    opaque("the directory it runs in is not known");
    return;
  }
  if (record.recipes.length >= DEEPEST) {
    opaque(`${program} calls itself`);
    return;
  }
  // A recipe and a script may read any variable of the environment.
  record.environmentReaders.push(instruction);
  if (program === "make" || program === "gmake") runMake(record, command, instruction, state);
  else if (isShellProgram(program) || command.words[0]!.value!.includes("/"))
    runScript(record, command, instruction, state);
  else opaque(`${program} runs what a file of the repository says`);
}

/** Whether a command's program is a file that COPY brought. */
export function isScript({ files }: GoStageRecord, command: ShellCommand): boolean {
  const { place, copies } = files;
  const path = resolvePath(command.directory, command.words[0]!.value!);
  const source = path === undefined ? undefined : repositoryPath(copies, place, path);
  return (
    source !== undefined &&
    place.repository !== undefined &&
    kindOf(place.repository, source) === "file"
  );
}

function runMake(
  record: GoStageRecord,
  command: ShellCommand,
  instruction: Instruction,
  state: StageState,
): void {
  const { place, copies } = record.files;
  let directory = command.directory!;
  let file: string | undefined;
  const goals: string[] = [];
  const given = new Map<string, string | undefined>();
  const opaque = (why: string): void => addObstacle(record, "opaque-build", instruction, { why });
  const words = command.words.slice(1);
  for (let index = 0; index < words.length; index++) {
    const { text, value } = words[index]!;
    const option = /^(-C|-f|--directory|--file|--makefile)(?:=?(.+))?$/.exec(text);
    const assignment = /^([A-Za-z_]\w*)(?:::?|\?)?=/.exec(text);
    if (option) {
      const argument = option[2] ?? words[++index]?.value;
      if (argument === undefined) return opaque("make's options are not known");
      if (/^(?:-C|--directory)/.test(text)) directory = resolvePath(directory, argument)!;
      else file = argument;
    } else if (assignment) given.set(assignment[1]!, value?.slice(text.indexOf("=") + 1));
    else if (MAKE_VALUE_OPTIONS.has(text)) {
      if (/^\d+$/.test(words[index + 1]?.text ?? "") || text !== "-j") index++;
    } else if (!text.startsWith("-")) {
      if (value === undefined) return opaque("make's target is not known");
      goals.push(value);
    }
  }
  const path = (file === undefined ? MAKEFILES : [file])
    .map((name) => repositoryPath(copies, place, resolvePath(directory, name)!))
    .find(
      (candidate) => candidate !== undefined && place.repository?.read(candidate) !== undefined,
    );
  if (path === undefined) return opaque("make's Makefile is not there to be read");
  const outer = lookupOf(command, state.lookup);
  const makefile = place.repository!.read(path)!;
  const recipe = makeRecipe(makefile, goals, given, (name) =>
    name === "PWD" ? directory : outer(name),
  );
  if (recipe.kind === "opaque") return opaque(`${path}: ${recipe.why}`);
  const isForced = forcesCgo(makefile, goals, given, outer);
  const lookup: Lookup = (name) =>
    name === UNKNOWN_VALUE
      ? undefined
      : recipe.exported.has(name)
        ? recipe.exported.get(name)
        : outer(name);
  for (const { text, line, mayFail } of recipe.lines) {
    record.recipes.push({ command, isForced, evidence: { path, line, text: text.slice(0, 160) } });
    const body = readShell(text, directory, lookup);
    if (body.kind === "opaque") opaque(body.why);
    else {
      const commands = body.commands.filter((one) => !isUnknownWord(one));
      if (commands.length < body.commands.length) opaque("a command of the recipe is not known");
      runCommands(
        record,
        mayFail ? commands.map((one) => ({ ...one, conditional: true })) : commands,
        instruction,
        { ...state, directory, lookup },
      );
    }
    record.recipes.pop();
  }
}

/** With CGO_ENABLED=0 in the environment, make exports what the Makefile says in its place. */
function forcesCgo(
  text: string,
  goals: readonly string[],
  given: ReadonlyMap<string, string | undefined>,
  outer: Lookup,
): boolean {
  if (!text.includes("CGO_ENABLED") && !given.has("CGO_ENABLED")) return false;
  const recipe = makeRecipe(text, goals, given, (name) =>
    name === "CGO_ENABLED" ? "0" : outer(name),
  );
  return (
    recipe.kind === "recipe" &&
    recipe.exported.has("CGO_ENABLED") &&
    recipe.exported.get("CGO_ENABLED") !== "0"
  );
}

function isUnknownWord({ words }: ShellCommand): boolean {
  return words.length > 0 && words[0]!.value === undefined;
}

function runScript(
  record: GoStageRecord,
  command: ShellCommand,
  instruction: Instruction,
  state: StageState,
): void {
  const { place, copies } = record.files;
  const opaque = (why: string): void => addObstacle(record, "opaque-build", instruction, { why });
  const [first, ...rest] = command.words;
  const isShell = isShellProgram(baseName(first!.value!));
  const words = isShell ? rest.filter(({ text }) => !/^-[a-z]+$/.test(text)) : command.words;
  const [script, ...operands] = words;
  if (isShell && rest.some(({ text }) => /^-\w*c$/.test(text))) {
    const text = script?.value;
    if (text === undefined) return opaque("what the shell runs is not known");
    follow(text, undefined);
    return;
  }
  if (command.piped || script === undefined) {
    if (TOOL_INSTALLERS.test(instruction.body.text)) return;
    return opaque("a shell runs what it reads");
  }
  const path =
    script.value === undefined ? undefined : resolvePath(command.directory, script.value);
  const source = path === undefined ? undefined : repositoryPath(copies, place, path);
  const text = source === undefined ? undefined : place.repository?.read(source);
  if (text === undefined) return opaque(`${script.text} is not there to be read`);
  const interpreter = /^#!\s*(\S+)(?:\s+(\S+))?/.exec(text);
  const named = baseName(
    interpreter?.[1] === "/usr/bin/env" ? (interpreter[2] ?? "") : (interpreter?.[1] ?? "sh"),
  );
  if (!isShell && !isShellProgram(named)) return opaque(`${script.text} is no shell script`);
  follow(text.replaceAll("\r\n", "\n"), source, path);

  function follow(body: string, file: string | undefined, target?: string): void {
    const outer = lookupOf(command, state.lookup);
    const lookup: Lookup = (name) =>
      /^\d+$/.test(name) ? operands[Number(name) - 1]?.value : outer(name);
    const read = readShell(body, command.directory, lookup, target);
    if (read.kind === "opaque")
      return opaque(file === undefined ? read.why : `${file}: ${read.why}`);
    const starts = lineStarts(body);
    for (const inner of read.commands) {
      const evidence =
        file === undefined
          ? undefined
          : {
              path: file,
              line: lineAt(starts, inner.start),
              text: body.slice(inner.start, inner.end).slice(0, 160),
            };
      record.recipes.push({ command, ...(evidence ? { evidence } : {}) });
      runCommands(
        record,
        [command.conditional ? { ...inner, conditional: true } : inner],
        instruction,
        { ...state, lookup },
      );
      record.recipes.pop();
    }
  }
}

/** What a command's own prefix and earlier exports say, before the stage's variables. */
function lookupOf(command: ShellCommand, outer: Lookup): Lookup {
  return (name) => {
    const own = commandVariable(command, name);
    return own ? own.value : outer(name);
  };
}
