import type { Document, Stage } from "./document.ts";
import { isRootUser, walkStage, type StageState } from "./image-contract.ts";
import type { Instruction } from "./line-reader.ts";
import { readShell, type ShellBody, type ShellCommand } from "./shell.ts";
import { parseStringArray } from "./string-array.ts";
import type { Lookup } from "./words.ts";

/** A document with the questions that transforms ask of it. */
export interface Dockerfile extends Document {
  /** All instructions with this keyword, in order. */
  find(keyword: string): readonly Instruction[];
  /** All commands `program subcommand …` in RUN instructions whose body can be followed. */
  commands(program: string, subcommand?: string): readonly CommandPlace[];
}

export interface CommandPlace {
  readonly stage: Stage;
  readonly instruction: Instruction;
  readonly command: ShellCommand;
}

export function queryable(document: Document): Dockerfile {
  return {
    ...document,
    find: (keyword) =>
      document.instructions.filter((instruction) => instruction.keyword === keyword.toUpperCase()),
    commands(program, subcommand) {
      const places: CommandPlace[] = [];
      for (const stage of document.stages) {
        walkStage(document, stage, (instruction, state) => {
          if (instruction.keyword !== "RUN") return;
          const body = runBody(document, instruction, state);
          if (body.kind === "opaque") return;
          for (const command of body.commands) {
            if (command.words[0]?.value !== program) continue;
            if (subcommand !== undefined && command.words[1]?.value !== subcommand) continue;
            places.push({ stage, instruction, command });
          }
        });
      }
      return places;
    },
  };
}

/** Whether a program, by its name or path, is a shell whose code is read here. */
export function isShellProgram(program: string): boolean {
  return /(?:^|\/)(?:ba|da|a)?sh$/.test(program);
}

/**
 * The commands of a RUN instruction. Offsets are into the instruction's body, or into its here-document's
 * content when that is the script (`RUN <<EOF`).
 */
export function runBody(
  document: Document,
  instruction: Instruction,
  state: StageState,
): ShellBody {
  const array = parseStringArray(instruction.body.text);
  if (array) return execBody(array.values, state);
  if (!isPosixShell(state.shell))
    return { kind: "opaque", why: `it runs in ${state.shell.join(" ")}` };
  const [heredoc, second] = instruction.heredocs;
  if (!heredoc) return readShell(instruction.body.text, state.directory, runLookup(state));
  const content = document.source.slice(heredoc.content.start, heredoc.content.end);
  if (second || !/^<<-?\S+$/.test(instruction.body.text.trim()) || content.startsWith("#!")) {
    return { kind: "opaque", why: "it is fed by a here-document" };
  }
  return readShell(content, state.directory, runLookup(state));
}

/** Engines set HOME for RUN from /etc/passwd: root's is the same in every image. */
function runLookup({ lookup, user }: StageState): Lookup {
  const isRoot = isRootUser(user);
  return (name) => lookup(name) ?? (name === "HOME" && isRoot ? "/root" : lookup(name));
}

function execBody(words: readonly string[], state: StageState): ShellBody {
  const [program] = words;
  if (program !== undefined && isShellProgram(program))
    return { kind: "opaque", why: "it starts a shell by itself" };
  return {
    kind: "commands",
    commands: [
      {
        words: words.map((value) => ({ text: value, value, literal: true, start: 0, end: 0 })),
        assignments: [],
        redirects: [],
        start: 0,
        end: 0,
        directory: state.directory,
        exported: new Map(),
        conditional: false,
        piped: false,
      },
    ],
  };
}

/** `["/bin/sh", "-c"]`, bash, dash and ash with options such as `-o pipefail`, or `-ecuxo pipefail`. */
export function isPosixShell([program = "", ...options]: readonly string[]): boolean {
  return isShellProgram(program) && options.some((option) => /^-\w*c\w*$/.test(option));
}
