import type { Document } from "../core/document.ts";
import type { StageState } from "../core/image-contract.ts";
import type { Instruction } from "../core/line-reader.ts";
import { baseName, isWithin, resolvePath } from "../core/path.ts";
import { runBody } from "../core/query.ts";
import type { ShellCommand } from "../core/shell.ts";
import { COMMAND_EFFECTS } from "../stages/command-effects.ts";
import { download } from "../stages/downloads.ts";
import { fileOperations } from "../stages/file-operations.ts";
import { packageCommand } from "../stages/package-commands.ts";
import {
  fileOperation,
  hasBash,
  isHarmless,
  mountedDirectories,
  noteHome,
  redirects,
  testedPath,
} from "../stages/run-effects.ts";
import { leaveOut } from "../stages/stage-files.ts";
import { addObstacle } from "../stages/stage-record.ts";
import { walkCommands } from "./command-walk.ts";
import { unwrapCommand } from "./command-wrappers.ts";
import type { NodeStageRecord } from "./node-stage.ts";
import { packageOfBin } from "./package-bins.ts";
import { startedFile } from "./started-file.ts";
import { managerCommand, type ManagerCommand } from "./package-managers.ts";

/** Installs Node itself. Sources: https://github.com/nodesource/distributions, https://github.com/nvm-sh/nvm, https://github.com/tj/n */
const NODE_SETUP =
  /deb\.nodesource\.com\/|rpm\.nodesource\.com\/|nvm-sh\/nvm|creationix\/nvm|nodejs\.org\/dist/;

/** What the commands of a RUN do, in their order. */
export function runInstruction(
  record: NodeStageRecord,
  document: Document,
  instruction: Instruction,
  state: StageState,
): void {
  const body = runBody(document, instruction, state);
  if (body.kind === "opaque") {
    addObstacle(record, "opaque-build", instruction, { why: body.why });
    return;
  }
  const setup = NODE_SETUP.test(instruction.body.text);
  if (setup) record.nodeFrom ??= instruction;
  for (const command of body.commands) runCommand(record, command, instruction, state, setup);
  for (const mounted of mountedDirectories(instruction, state)) leaveOut(record.files, mounted);
}

function runCommand(
  record: NodeStageRecord,
  command: ShellCommand,
  instruction: Instruction,
  state: StageState,
  isNodeSetup: boolean,
): void {
  const tested = record.testedPath;
  record.testedPath = undefined;
  const within = command.redirects.filter(
    ({ target }) => target?.value !== undefined && isInside(target.value, command, state),
  );
  redirects(
    record,
    { ...command, redirects: command.redirects.filter((one) => !within.includes(one)) },
    instruction,
    tested,
    state,
  );
  if (command.words.length === 0) return;
  const [first, ...rest] = command.words;
  const written = first!.value;
  if (written === undefined) {
    addObstacle(record, "opaque-build", instruction, {
      why: `${first!.text} is a computed program`,
    });
    return;
  }
  const words = command.words.map(({ value, text }) => value ?? text);
  const managed = managerCommand(words);
  if (managed) {
    management(record, managed, command, words, instruction, state);
    return;
  }
  const program = baseName(written);
  if (program === "[" || program === "test") record.testedPath = testedPath(command);
  switch (COMMAND_EFFECTS.get(program)) {
    case "none":
      if (CHANGES_SYSTEM.has(program))
        addObstacle(record, "step-may-matter", instruction, { program });
      if (program === "sed" || program === "dos2unix")
        for (const { text } of rest)
          if (program !== "sed" || rest.some((word) => /^-\w*i|^--in-place/.test(word.text)))
            record.edits.push({ path: resolvePath(command.directory, text) ?? text, instruction });
      return;
    case "packages":
      packageCommand(record, command, program, instruction);
      if (words.some((word) => /^(?:dist-|full-)?upgrade$/.test(word)))
        record.upgrade ??= instruction;
      if (record.base?.family !== "node" && record.installed.has("nodejs"))
        record.nodeFrom ??= record.installed.get("nodejs")!.instruction;
      return;
    case "users":
      record.changesUsers ??= instruction;
      // Files of the base image keep the old number.
      if (
        program.endsWith("mod") &&
        rest.some(({ text }) => /^(?:-u|--uid|-g|--gid|-d|--home|-l|--login)$/.test(text))
      )
        addObstacle(record, "step-may-matter", instruction, { program });
      noteHome(record, command);
      return;
    case "files": {
      const operations = fileOperations(command, hasBash(state));
      if (!operations) {
        // Which files a pattern means is not known, but where they go may be.
        const target = rest.at(-1)?.value;
        const filled = target === undefined ? undefined : resolvePath(command.directory, target);
        if (filled !== undefined && (program === "cp" || program === "mv"))
          record.filled.push(filled);
        // What stays within the application's directory is copied with it.
        if (
          rest.every(
            ({ value, text }) => text.startsWith("-") || isInside(value ?? text, command, state),
          )
        )
          return;
        addObstacle(record, "step-may-matter", instruction, { program });
        return;
      }
      for (const operation of operations) {
        const isOwn = rest.every(
          ({ value, text }) => text.startsWith("-") || isInside(value ?? text, command, state),
        );
        if (command.conditional && !isOwn && !isHarmless(record, operation, tested))
          addObstacle(record, "step-may-matter", instruction, { program });
        else {
          if (operation.kind === "link") record.links.push({ ...operation, instruction });
          fileOperation(record, operation, instruction, state.user);
        }
      }
      return;
    }
    case "download":
      if (
        /^(?:tar|unzip|gunzip)$/.test(program) &&
        rest.every(
          ({ value, text }) => text.startsWith("-") || isInside(value ?? text, command, state),
        )
      )
        return;
      download(record, command, instruction, state);
      return;
    case "recipe":
      // nodesource's and nvm's scripts come through a pipe.
      if (isNodeSetup && /^(?:ba|da|a)?sh$/.test(program)) return;
      if (isMakeOrScript(record, command, instruction, state, words)) return;
      addObstacle(record, "opaque-build", instruction, { why: `it runs ${program}` });
      return;
    case "generator":
      follow(record, command, words, instruction, state);
      return;
    case "toolchain":
      if (JAVASCRIPT_PROGRAMS.has(program)) follow(record, command, words, instruction, state);
      else
        addObstacle(record, "two-toolchains", instruction, {
          program,
          why: "the stage builds with Node as well",
        });
      return;
    case undefined:
      if (program === "go" || program === "gcc" || program === "dotnet" || program === "java") {
        addObstacle(record, "two-toolchains", instruction, {
          program,
          why: "the stage builds with Node as well",
        });
        return;
      }
      if (!isKnownProgram(record, written, state))
        addObstacle(record, "step-may-matter", instruction, { program });
      follow(record, command, words, instruction, state);
  }
}

/** Programs that change the system in a way that a copied directory does not show. */
const CHANGES_SYSTEM = new Set([
  "update-ca-certificates",
  "setcap",
  "locale-gen",
  "localedef",
  "ldconfig",
]);

/** Node, what a package brings, what only runs others, and files of the application itself. */
function isKnownProgram(record: NodeStageRecord, written: string, state: StageState): boolean {
  const name = baseName(written);
  if (written.includes("/"))
    return (
      /(?:^|\/)node_modules\//.test(written) ||
      isWithin(resolvePath(state.directory, written) ?? "/", state.directory ?? "/")
    );
  const manifest = state.directory === undefined ? undefined : record.manifestOf(state.directory);
  const names = new Set([
    ...[...record.globals, ...record.installs].flatMap(({ command }) =>
      command.packages.map((one) => one.replace(/(?<=.)@[^/]*$/, "")),
    ),
    ...(manifest?.dependencies.keys() ?? []),
    ...(manifest?.developmentDependencies.keys() ?? []),
  ]);
  return (
    startedFile([name, "x"]) !== undefined ||
    unwrapCommand([name, "x"]) !== undefined ||
    packageOfBin(name, names) !== undefined
  );
}

/** Whether a path lies below the working directory, which goes to the final stage as a whole. */
function isInside(
  path: string,
  { directory }: ShellCommand,
  { directory: working }: StageState,
): boolean {
  const resolved = path.includes("$") ? undefined : resolvePath(directory, path);
  return (
    resolved !== undefined &&
    working !== undefined &&
    working !== "/" &&
    isWithin(resolved, working)
  );
}

/** Of the programs of other toolchains, those that are Node's. */
const JAVASCRIPT_PROGRAMS = new Set(["node", "bower", "gulp", "grunt", "webpack", "vite"]);

/** Recipes and scripts of the repository may do anything; what they do within the working directory stays there. */
function isMakeOrScript(
  record: NodeStageRecord,
  command: ShellCommand,
  instruction: Instruction,
  state: StageState,
  words: readonly string[],
): boolean {
  void [record, command, instruction, state, words];
  return false;
}

/** Commands that build or generate, behind scripts and wrappers. */
function follow(
  record: NodeStageRecord,
  command: ShellCommand,
  words: readonly string[],
  instruction: Instruction,
  state: StageState,
): void {
  record.environmentReaders.push(instruction);
  const walked = walkCommands(
    [
      {
        words,
        hasUnknownWords: command.words.some(({ value }) => value === undefined),
        directory: command.directory,
        isConditional: command.conditional,
        assignments: new Map([
          ...command.exported,
          ...command.assignments.map(({ name, value }) => [name, value] as const),
        ]),
      },
    ],
    {
      lookup: state.lookup,
      manifestOf: record.manifestOf,
      readText: record.readText,
    },
  );
  for (const leaf of walked.leaves)
    record.commands.push({
      ...leaf,
      instruction,
      user: state.user,
      variable: (name) =>
        leaf.assignments.has(name)
          ? leaf.assignments.get(name)
          : state.isArgument(name)
            ? undefined
            : state.lookup(name),
    });
  record.open.push(...walked.open);
}

function management(
  record: NodeStageRecord,
  managed: ManagerCommand,
  command: ShellCommand,
  words: readonly string[],
  instruction: Instruction,
  state: StageState,
): void {
  record.environmentReaders.push(instruction);
  switch (managed.kind) {
    case "nothing":
      return;
    case "setting":
      record.settings.push({ words, instruction });
      return;
    case "script":
    case "program":
      follow(record, command, words, instruction, state);
      return;
    case "install": {
      const own = command.assignments.find(({ name }) => name === "NODE_ENV");
      (managed.isGlobal ? record.globals : record.installs).push({
        command: managed,
        directory:
          managed.directory === undefined
            ? command.directory
            : resolvePath(command.directory, managed.directory),
        instruction,
        user: state.user,
        nodeEnvironment: own
          ? own.value
          : command.exported.has("NODE_ENV")
            ? command.exported.get("NODE_ENV")
            : state.lookup("NODE_ENV"),
        isConditional: command.conditional,
      });
      return;
    }
    case "prune":
      record.prunes.push({ directory: command.directory, instruction });
      return;
    case "other":
      record.otherManagement.push(instruction);
  }
}
