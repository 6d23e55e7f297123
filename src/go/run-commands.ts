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
import { download } from "./downloads.ts";
import { readGoCommand } from "./go-command.ts";
import { DEVELOPMENT_PROGRAMS } from "./knowledge.ts";
import { packageCommand } from "./package-commands.ts";
import { isScript, recipeCommand } from "./recipes.ts";
import {
  addMade,
  covers,
  isStatePath,
  leaveOut,
  nextOrder,
  remove,
  transfer,
  type StageFiles,
} from "./stage-files.ts";
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
  runCommands(record, body.commands, instruction, state);
  // What lies in a mounted directory is not part of the image.
  for (const mounted of mountedDirectories(instruction, state)) leaveOut(record.files, mounted);
}

/** What commands do, those of a recipe or a script among them. */
export function runCommands(
  record: StageRecord,
  commands: readonly ShellCommand[],
  instruction: Instruction,
  state: StageState,
): void {
  for (const command of commands) runCommand(record, command, instruction, state);
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
      download(record, command, instruction, state);
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

/**
 * The home directory that `adduser` and `useradd` make. Debian's useradd makes none unless told to, and system users have none
 * of their own. Sources: man adduser, man useradd, busybox adduser.
 */
function noteHome(record: StageRecord, { words }: ShellCommand): void {
  const program = baseName(words[0]!.value!);
  const texts = words.slice(1).map(({ value, text }) => value ?? text);
  const name = texts.findLast((text) => /^[a-z_][\w-]*$/.test(text));
  const isMade =
    program === "adduser"
      ? !texts.some((text) => /^-[a-zA-Z]*H|^--no-create-home$|^--system$/.test(text))
      : program === "useradd" && texts.some((text) => /^-[a-zA-Z]*m|^--create-home$/.test(text));
  if (!isMade || name === undefined) return;
  const option = texts.findIndex((text) => /^(?:-h|-d|--home|--home-dir)$/.test(text));
  const home = option < 0 ? `/home/${name}` : texts[option + 1];
  if (home?.startsWith("/"))
    record.files.homes.set(home, { owner: name, order: nextOrder(record.files) });
}

/** Files that the output of a command goes to. */
function redirects(
  record: StageRecord,
  command: ShellCommand,
  instruction: Instruction,
  tested: string | undefined,
  { user }: StageState,
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
    else {
      if (/^\/etc\/apt\/(?:sources|keyrings|trusted)|^\/etc\/apk\/repositories$/.test(path))
        record.hasForeignPackages = true;
      addMade(record.files, path, "file", instruction, user);
    }
  }
}

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

/** A program or library that the distribution or the toolchain brings. */
function isSystemFile({ artifacts, made, copies }: StageFiles, path: string): boolean {
  return (
    /^\/(?:usr\/)?(?:s?bin|lib)\/|^\/usr\/local\/go\//.test(path) &&
    !artifacts.has(path) &&
    ![...made.keys()].some((own) => isWithin(path, own)) &&
    !copies.some((copy) => copy.target === path)
  );
}

function fileOperation(
  record: StageRecord,
  operation: FileOperation,
  instruction: Instruction,
  user: string,
): void {
  const { files } = record;
  switch (operation.kind) {
    case "directory":
    case "file":
      addMade(files, operation.path, operation.kind, instruction, user);
      return;
    case "owner":
      files.ownerChanges.push({ ...operation, order: nextOrder(files), instruction });
      return;
    case "remove":
      remove(files, operation);
      return;
    default:
      if (isSystemFile(files, operation.source)) {
        // The toolchain stays in the builder; anything else of the system may be what a program needs at its new place.
        if (!isWithin(operation.source, "/usr/local/go"))
          addObstacle(record, "step-may-matter", instruction, { program: operation.kind });
        return;
      }
      transfer(files, operation, instruction, user);
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
    case "owner":
      return true;
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
