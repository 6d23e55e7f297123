import type { ImageContract, Start } from "../core/image-contract.ts";
import { isPosixShell } from "../core/query.ts";
import { readShell } from "../core/shell.ts";
import { startupOf } from "../core/start.ts";

/**
 * What a container of the image runs, as plain words where that is possible without a shell.
 */
export type StartForm =
  | { readonly kind: "none" }
  /** The base image's own start: the file says none. */
  | { readonly kind: "inherited" }
  /** Plain words. `converted`: the shell-form instruction that says so now, and must say it in exec form. */
  | {
      readonly kind: "words";
      readonly words: readonly string[];
      readonly converted: Start | undefined;
    }
  | ShellStartForm;

/** A shell is needed. */
export interface ShellStartForm {
  readonly kind: "shell";
  /** What for, in a few words. */
  readonly why: string;
  /** The first program that is no part of the shell, when it can be told. */
  readonly program: string | undefined;
  /** Every program that it runs; empty when that cannot be told. */
  readonly programs: readonly string[];
  /** Words behind programs, as far as they are known. */
  readonly words: readonly string[];
  /** The shell it runs in: `["/bin/sh", "-c"]`. */
  readonly shell: readonly string[];
  readonly start: Start;
}

/** Commands that are part of the shell itself. */
const SHELL_COMMANDS = new Set([
  "cd",
  "export",
  "set",
  "exec",
  ":",
  "true",
  "exit",
  "unset",
  "umask",
  "trap",
  "wait",
  "test",
  "[",
  "echo",
  "printf",
  "sleep",
]);

/**
 * Reads the start of an image. A shell form that is one plain command (`./server -v`, `exec ./server`) is as good
 * as words; variables that `fixed` gives a value to may stand in it.
 *
 * @param fixed values of variables that nobody sets at run time, such as GOPATH of the base image
 */
export function startForm(
  contract: ImageContract,
  fixed: (name: string) => string | undefined,
): StartForm {
  const startup = startupOf(contract);
  if (startup.kind === "none") return { kind: "none" };
  const own = [contract.entrypoint, contract.command].find(
    (start) => start?.instruction !== undefined,
  );
  if (!own) return { kind: "inherited" };
  if (startup.kind === "shell") {
    if (contract.entrypoint?.form === "shell" && contract.command?.instruction) {
      return unfollowed(
        "CMD is ignored beside a shell-form ENTRYPOINT, and would not be beside exec form",
        startup.start,
      );
    }
    return fromShell(startup.text, contract.shell, startup.start, fixed);
  }
  const { words } = startup;
  if (contract.command?.form === "shell") {
    return unfollowed("a shell-form CMD is passed to ENTRYPOINT as arguments", contract.command);
  }
  const [program, flag, script] = words;
  // `["sh", "-c", "./server"]` is a shell form written out.
  if (script !== undefined && words.length === 3 && isPosixShell([program!, flag!])) {
    const start =
      contract.entrypoint?.form === "exec" && contract.entrypoint.words.length === 3
        ? contract.entrypoint
        : contract.command;
    if (start?.form === "exec" && start.words.length === 3)
      return fromShell(script, [program!, flag!], start, fixed);
  }
  return { kind: "words", words, converted: undefined };
}

function fromShell(
  text: string,
  shell: readonly string[],
  start: Start,
  fixed: (name: string) => string | undefined,
): StartForm {
  if (!isPosixShell(shell)) return unfollowed(`it runs in ${shell.join(" ")}`, start);
  const body = readShell(text, undefined, (name) => fixed(name));
  if (body.kind === "opaque") return unfollowed(body.why, start);
  const [command, second] = body.commands;
  if (!command) return unfollowed("it is empty", start);
  const all = body.commands.map(({ words: [first, ...rest] }) =>
    first?.value === "exec" ? rest : first ? [first, ...rest] : [],
  );
  const programs = all.flatMap(([first]) =>
    first?.value === undefined || SHELL_COMMANDS.has(first.value) ? [] : [first.value],
  );
  const need = (why: string): StartForm => ({
    kind: "shell",
    why,
    start,
    shell,
    program: programs[0],
    // What a substitution runs is not among the commands.
    programs: /\$\(|`/.test(text) ? [] : programs,
    words: all.flatMap((words) =>
      words.slice(1).flatMap(({ value }) => (value === undefined ? [] : [value])),
    ),
  });
  const words = command.words[0]?.value === "exec" ? command.words.slice(1) : command.words;
  const program = words[0]?.value;
  if (text.slice(command.end).includes("#")) return need("it holds a comment");
  if (second || command.conditional || command.piped) return need("it is more than one command");
  if (command.assignments.length > 0) return need("it sets variables");
  if (command.redirects.length > 0) return need("it redirects");
  const values = words.map((word) => word.value);
  const open = words.find(
    (word) =>
      word.value === undefined ||
      (!word.literal && !/^[^*?[\]`(){}~]*$/.test(word.text.replace(/\$\{\w+\}/g, ""))),
  );
  if (open) return need(`${open.text} is put in by the shell`);
  if (program === undefined) return need("it starts nothing");
  return { kind: "words", words: values as string[], converted: start };
}

function unfollowed(why: string, start: Start): ShellStartForm {
  return { kind: "shell", why, program: undefined, programs: [], words: [], shell: [], start };
}

/** Words in the JSON form that people write: `["./server", "-v"]`. */
export function execForm(words: readonly string[]): string {
  return `[${words.map((word) => JSON.stringify(word)).join(", ")}]`;
}
