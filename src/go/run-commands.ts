import type { Document } from "../core/document.ts";
import type { StageState } from "../core/image-contract.ts";
import type { Instruction } from "../core/line-reader.ts";
import { baseName, isWithin, resolvePath } from "../core/path.ts";
import { runBody } from "../core/query.ts";
import type { ShellCommand } from "../core/shell.ts";
import { expand } from "../core/words.ts";
import { COMMAND_EFFECTS } from "../stages/command-effects.ts";
import { fileOperations, type FileOperation } from "../stages/file-operations.ts";
import { goCommand } from "./build-command.ts";
import { givesWrite } from "./copy-instruction.ts";
import { readGoCommand } from "./go-command.ts";
import { DEVELOPMENT_PROGRAMS } from "./knowledge.ts";
import { packageCommand } from "./package-commands.ts";
import { addMade, covers, isStatePath, leaveOut, remove, transfer } from "./stage-files.ts";
import { addObstacle, type StageRecord } from "./stage-record.ts";

/** What the commands of a RUN do, in their order. */
export function runInstruction(
  record: StageRecord,
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
  for (const command of body.commands) runCommand(record, command, instruction, state);
  // What lies in a mounted directory is not part of the image.
  for (const mounted of mountedDirectories(instruction, state)) leaveOut(record.files, mounted);
}

function mountedDirectories(instruction: Instruction, state: StageState): string[] {
  return instruction.flags.flatMap((flag) => {
    if (flag.name !== "mount") return [];
    const target = /(?:^|,)(?:target|dst|destination)=([^,]*)/.exec(flag.value ?? "")?.[1];
    const written = target === undefined ? undefined : expand(target, state.lookup).value;
    const mounted = written === undefined ? undefined : resolvePath(state.directory, written);
    return mounted === undefined ? [] : [mounted];
  });
}

function runCommand(
  record: StageRecord,
  command: ShellCommand,
  instruction: Instruction,
  state: StageState,
): void {
  const tested = record.testedPath;
  record.testedPath = undefined;
  redirects(record, command, instruction, tested);
  if (
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
    if (isTimed(instruction, command) && !hasBash(state))
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
      if (program === "chmod" && rest.some(({ text }) => givesWrite(text)))
        record.ownerChanges.push(instruction);
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
      record.userMaker = instruction;
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
        else fileOperation(record, operation, instruction);
      }
      return;
    }
    case "recipe":
      addObstacle(record, "opaque-build", instruction, {
        why: `${program} runs what a file of the repository says`,
      });
      return;
    case "toolchain":
      addObstacle(record, "two-toolchains", instruction, { program });
      return;
    case "download":
      download(record, command, program, instruction);
      return;
    case undefined:
      if (DEVELOPMENT_PROGRAMS.has(program)) return;
      addObstacle(record, written.includes("/") ? "opaque-build" : "step-may-matter", instruction, {
        program,
        why: `${written} is a program that is not known`,
      });
  }
}

/** Files that the output of a command goes to. */
function redirects(
  record: StageRecord,
  command: ShellCommand,
  instruction: Instruction,
  tested: string | undefined,
): void {
  for (const redirect of command.redirects) {
    if (!/^(?:>|>>|>\||&>)$/.test(redirect.operator)) continue;
    const value = redirect.target?.value;
    if (value?.startsWith("/dev/")) continue;
    const path = value === undefined ? undefined : resolvePath(command.directory, value);
    if (path === undefined || (command.conditional && path !== tested))
      addObstacle(record, "step-may-matter", instruction, {
        program: redirect.target?.text ?? ">",
      });
    else addMade(record.files, path, "file", instruction);
  }
}

function fileOperation(
  { files, ownerChanges }: StageRecord,
  operation: FileOperation,
  instruction: Instruction,
): void {
  switch (operation.kind) {
    case "directory":
    case "file":
      addMade(files, operation.path, operation.kind, instruction);
      return;
    case "owner":
      ownerChanges.push(instruction);
      return;
    case "remove":
      remove(files, operation);
      return;
    default:
      transfer(files, operation, instruction);
  }
}

/** An operation on a condition that makes no difference: `[ -d X ] || mkdir X`, or a removal of what nobody needs. */
function isHarmless(
  { files }: StageRecord,
  operation: FileOperation,
  tested: string | undefined,
): boolean {
  switch (operation.kind) {
    case "directory":
    case "file":
      return operation.path === tested || isStatePath(operation.path);
    case "remove":
      return ![
        ...files.artifacts.keys(),
        ...files.made.keys(),
        ...files.copies.map((copy) => copy.target),
        ...files.copies.map((copy) => copy.directory),
      ].some((path) => covers(operation, path) || isWithin(operation.path, path));
    default:
      return false;
  }
}

/** What git, curl and wget bring. */
function download(
  record: StageRecord,
  command: ShellCommand,
  program: string,
  instruction: Instruction,
): void {
  if (program === "git") {
    if (command.words[1]?.value === "clone")
      addObstacle(record, "source-not-in-context", instruction, {
        source: command.words.find((word) => /:\/\/|@/.test(word.text))?.text ?? "git clone",
      });
    return;
  }
  const flag = program === "curl" ? ["-o", "--output"] : ["-O", "--output-document"];
  const index = command.words.findIndex((word) => flag.includes(word.text));
  const target = index < 0 ? undefined : command.words[index + 1]?.value;
  const path = target === undefined ? undefined : resolvePath(command.directory, target);
  if (path === undefined || command.piped)
    addObstacle(record, "step-may-matter", instruction, { program });
  else addMade(record.files, path, "file", instruction);
}

/** bash expands `{a,b}` and has `time` as a keyword; dash and busybox have neither. */
function hasBash({ shell }: StageState): boolean {
  return shell[0]!.endsWith("bash");
}

function isTimed(instruction: Instruction, command: ShellCommand): boolean {
  return /(?:^|[\s;&|(])time\s+(?:-p\s+)?$/.test(instruction.body.text.slice(0, command.start));
}

function testedPath(command: ShellCommand): string | undefined {
  const index = command.words.findIndex(({ text }) => /^-[defLs]$/.test(text));
  const value = index < 0 ? undefined : command.words[index + 1]?.value;
  return value === undefined ? undefined : resolvePath(command.directory, value);
}
