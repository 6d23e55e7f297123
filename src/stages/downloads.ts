import type { StageState } from "../core/image-contract.ts";
import type { Instruction } from "../core/line-reader.ts";
import { baseName, resolvePath } from "../core/path.ts";
import type { ShellCommand } from "../core/shell.ts";
import { addMade, isStatePath } from "./stage-files.ts";
import { addObstacle, type StageRecord } from "./stage-record.ts";

/** An archive of the toolchain itself, which stays in the builder. */
export interface ToolchainArchive {
  /** Matches its address. */
  readonly address: RegExp;
  /** It was unpacked into /usr/local. */
  readonly onUnpacked: () => void;
}

/** What git, curl, wget, tar and unzip bring into the stage. */
export function download(
  record: StageRecord,
  command: ShellCommand,
  instruction: Instruction,
  state: StageState,
  toolchain?: ToolchainArchive,
): void {
  const program = baseName(command.words[0]!.value!);
  switch (program) {
    case "git": {
      const isConfiguration = command.words[1]?.value === "config";
      if (isConfiguration && command.words.some(({ text }) => text === "--global"))
        addMade(record.files, "/root/.gitconfig", "file", instruction, state.user);
      if (isConfiguration && command.words.some(({ text }) => text === "--system"))
        addMade(record.files, "/etc/gitconfig", "file", instruction, state.user);
      if (command.words[1]?.value === "clone")
        addObstacle(record, "source-not-in-context", instruction, {
          source: command.words.find((word) => /:\/\/|@/.test(word.text))?.text ?? "git clone",
        });
      return;
    }
    case "tar":
    case "unzip":
    case "gunzip":
      unpack(record, command, program, instruction, state, toolchain);
      return;
    case "curl":
    case "wget":
      fetch(record, command, program, instruction, state, toolchain);
      return;
    default:
      addObstacle(record, "step-may-matter", instruction, { program });
  }
}

function fetch(
  record: StageRecord,
  command: ShellCommand,
  program: string,
  instruction: Instruction,
  state: StageState,
  toolchain: ToolchainArchive | undefined,
): void {
  // What comes out of the pipe's other end is that command's doing.
  if (command.piped) return;
  const named = optionValue(command, program === "curl" ? "o" : "O", [
    "--output",
    "--output-document",
  ]);
  const url = command.words.find(({ text }) => /^["']?(?:https?|ftp):\/\//.test(text));
  const directory =
    program === "wget" ? optionValue(command, "P", ["--directory-prefix"]) : undefined;
  const keepsName =
    named === undefined &&
    (program === "wget" ||
      command.words.some(({ text }) => /^-\w*O\w*$|^--remote-name$/.test(text)));
  const target = named ?? (keepsName && url?.value ? baseName(url.value) : undefined);
  if (target === "-" || (program === "curl" && named === undefined && !keepsName)) return;
  const place =
    directory === undefined ? command.directory : resolvePath(command.directory, directory);
  const path = target === undefined ? undefined : resolvePath(place, target);
  if (toolchain?.address.test(url?.text ?? "")) return;
  if (path === undefined) addObstacle(record, "step-may-matter", instruction, { program });
  else addMade(record.files, path, "file", instruction, state.user, true);
}

/** An archive's contents are not known, but where they go may be. */
function unpack(
  record: StageRecord,
  command: ShellCommand,
  program: string,
  instruction: Instruction,
  state: StageState,
  toolchain: ToolchainArchive | undefined,
): void {
  const { words } = command;
  const text = instruction.body.text;
  if (program === "tar" && !words.some(({ text: word }, index) => isExtraction(word, index)))
    return;
  if (program === "gunzip") return;
  const written = optionValue(command, program === "tar" ? "C" : "d", ["--directory"]);
  const directory = resolvePath(command.directory, written ?? ".");
  if (directory === "/usr/local" && toolchain?.address.test(text)) {
    toolchain.onUnpacked();
    return;
  }
  if (directory !== undefined && /^\/go\/src\/./.test(directory)) {
    addObstacle(record, "source-not-in-context", instruction, {
      source: /https?:\/\/[^\s"'|]+/.exec(text)?.[0] ?? program,
    });
    return;
  }
  if (directory !== undefined && isStatePath(directory)) return;
  if (directory === undefined || written === undefined || SHARED.has(directory))
    addObstacle(record, "step-may-matter", instruction, { program });
  else addMade(record.files, directory, "directory", instruction, state.user, true);
}

/** Directories that hold more than one archive's contents. */
const SHARED = new Set(["/", "/usr", "/usr/local", "/etc", "/var", "/opt", "/usr/lib", "/home"]);

function isExtraction(word: string, index: number): boolean {
  return word === "--extract" || /^-\w*x/.test(word) || (index === 1 && /^[a-zA-Z]*x/.test(word));
}

/** `-o FILE`, `-oFILE`, `-sSLo FILE`, `--output FILE`, `--output=FILE`. */
function optionValue(
  { words }: ShellCommand,
  letter: string,
  long: readonly string[],
): string | undefined {
  for (const [index, { text, value }] of words.entries()) {
    const equals = long.find((option) => text.startsWith(`${option}=`));
    if (equals) return value?.slice(equals.length + 1);
    if (long.includes(text) || new RegExp(`^-[A-Za-z]*${letter}$`).test(text))
      return words[index + 1]?.value;
    const attached = new RegExp(`^-[A-Za-z]*?${letter}(?=[/.\\w])`).exec(text);
    if (attached) return value?.slice(attached[0].length);
  }
  return undefined;
}
