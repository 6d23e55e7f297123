import type { Document } from "../core/document.ts";
import type { StageState } from "../core/image-contract.ts";
import type { Instruction } from "../core/line-reader.ts";
import { baseName, resolvePath } from "../core/path.ts";
import { runBody } from "../core/query.ts";
import type { ShellCommand } from "../core/shell.ts";
import { COMMAND_EFFECTS } from "../stages/command-effects.ts";
import { fileOperations } from "../stages/file-operations.ts";
import { goCommand } from "./build-command.ts";
import { download } from "../stages/downloads.ts";
import { readGoCommand } from "./go-command.ts";
import { DEVELOPMENT_PROGRAMS } from "./knowledge.ts";
import { packageCommand } from "../stages/package-commands.ts";
import { isScript, recipeCommand } from "./recipes.ts";
import { leaveOut } from "../stages/stage-files.ts";
import { addObstacle, type GoStageRecord } from "./stage-record.ts";
import {
  fileOperation,
  hasBash,
  isHarmless,
  mountedDirectories,
  noteHome,
  redirects,
  testedPath,
} from "../stages/run-effects.ts";

/** What the commands of a RUN do, in their order. */
export function runInstruction(
  record: GoStageRecord,
  document: Document,
  instruction: Instruction,
  state: StageState,
): void {
  const body = runBody(document, instruction, state);
  if (body.kind === "opaque") {
    addObstacle(record, "opaque-build", instruction, { why: body.why });
    return;
  }
  if (
    /(?:^|[;&|(]\s*)(?:unset\s+CGO_ENABLED\b|CGO_ENABLED=[^\s;&|]*\s*(?:[;&|]|$))/.test(
      instruction.body.text,
    )
  ) {
    addObstacle(record, "opaque-build", instruction, {
      why: "it changes CGO_ENABLED along the way",
    });
  }
  runCommands(record, body.commands, instruction, state);
  // What lies in a mounted directory is not part of the image.
  for (const mounted of mountedDirectories(instruction, state)) leaveOut(record.files, mounted);
}

/** What commands do, those of a recipe or a script among them. */
export function runCommands(
  record: GoStageRecord,
  commands: readonly ShellCommand[],
  instruction: Instruction,
  state: StageState,
): void {
  for (const command of commands) runCommand(record, command, instruction, state);
}

function runCommand(
  record: GoStageRecord,
  command: ShellCommand,
  instruction: Instruction,
  state: StageState,
): void {
  const tested = record.testedPath;
  record.testedPath = undefined;
  redirects(record, command, instruction, tested, state);
  if (
    record.recipes.length === 0 &&
    /\bgo (?:build|install)\b/.test(
      command.assignments.length > 0 && command.words.length === 0
        ? instruction.body.text.slice(command.start, command.end)
        : "",
    )
  ) {
    addObstacle(record, "opaque-build", instruction, { why: "it builds within a substitution" });
  }
  if (command.words.length === 0) return;
  const go = readGoCommand(command);
  if (go) {
    if (record.recipes.length === 0 && isTimed(instruction, command) && !hasBash(state))
      addObstacle(record, "opaque-build", instruction, { why: "it is run by time" });
    if (go.isUnclear && ["build", "install"].includes(go.verb))
      addObstacle(record, "opaque-build", instruction, { why: "its flags are not known" });
    goCommand(record, go, instruction, state);
    return;
  }
  const [first, ...rest] = command.words;
  const written = first!.value!;
  if (["env", "nice", "exec", "command"].includes(written) && rest.length > 0) {
    const words = rest.slice(
      rest.findIndex(({ value }) => value === undefined || !/^-|^\w+=/.test(value)),
    );
    runCommand(record, { ...command, words, redirects: [] }, instruction, state);
    return;
  }
  const program = baseName(written);
  if (program === "[" || program === "test") record.testedPath = testedPath(command);
  switch (COMMAND_EFFECTS.get(program)) {
    case "none":
      if (FETCHES_SOURCES.has(program)) record.fetchesSources = true;
      if (program === "sed" || program === "dos2unix")
        for (const { text } of rest)
          if (program !== "sed" || rest.some((word) => /^-\w*i|^--in-place/.test(word.text)))
            record.edits.push({ path: resolvePath(command.directory, text) ?? text, instruction });
      if (program === "sort" && rest.some(({ text }) => text.startsWith("-o")))
        addObstacle(record, "step-may-matter", instruction, { program });
      return;
    case "generator":
      record.generator ??= instruction;
      return;
    case "packages":
      packageCommand(record, command, program, instruction);
      return;
    case "users":
      noteHome(record, command);
      return;
    case "files": {
      const operations = fileOperations(command, hasBash(state));
      if (!operations) {
        addObstacle(record, "step-may-matter", instruction, { program });
        return;
      }
      for (const operation of operations) {
        if (command.conditional && !isHarmless(record, operation, tested))
          addObstacle(record, "step-may-matter", instruction, { program });
        else fileOperation(record, operation, instruction, state.user);
      }
      return;
    }
    case "recipe":
      recipeCommand(record, command, instruction, state);
      return;
    case "toolchain":
      addObstacle(record, "two-toolchains", instruction, {
        program,
        why: "only a front end that RUN builds with Node.js gets a stage of its own",
      });
      return;
    case "download":
      download(record, command, instruction, state, {
        address: TOOLCHAIN_ARCHIVE,
        onUnpacked: () => (record.hasToolchainArchive = true),
      });
      return;
    case undefined:
      if (DEVELOPMENT_PROGRAMS.has(program)) return;
      // The program that was built runs in the build: what it writes stands nowhere.
      if (record.files.artifacts.has(resolvePath(command.directory, written) ?? "")) {
        record.environmentReaders.push(instruction);
        if (
          !rest.every(({ text }) => /^-{0,2}(?:version|help|v|h)$/.test(text)) ||
          rest.length === 0
        )
          record.generator ??= instruction;
        return;
      }
      if (written.includes("/") && isScript(record, command)) {
        recipeCommand(record, command, instruction, state);
        return;
      }
      addObstacle(record, written.includes("/") ? "opaque-build" : "step-may-matter", instruction, {
        program,
        why: `${written} is a program that is not known`,
      });
  }
}

/** Archives of the toolchain itself. Source: https://go.dev/dl/ */
const TOOLCHAIN_ARCHIVE = /\bgo[\d$][\w.${}]*linux/;

/** Dependency managers of the time before modules. */
const FETCHES_SOURCES = new Set([
  "dep",
  "glide",
  "godep",
  "govendor",
  "gvt",
  "gopm",
  "govend",
  "trash",
]);

function isTimed(instruction: Instruction, command: ShellCommand): boolean {
  return /(?:^|[\s;&|(])time\s+(?:-p\s+)?$/.test(instruction.body.text.slice(0, command.start));
}
