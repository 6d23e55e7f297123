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
  | { readonly kind: "words"; readonly words: readonly string[]; readonly converted: Start | undefined }
  /** A shell is needed; `why` in a few words. `program`: the first command, when it can be told. */
  | { readonly kind: "shell"; readonly why: string; readonly program: string | undefined; readonly start: Start };

/**
 * Reads the start of an image. A shell form that is one plain command (`./server -v`, `exec ./server`) is as good
 * as words; variables that `fixed` gives a value to may stand in it.
 *
 * @param fixed values of variables that nobody sets at run time, such as GOPATH of the base image
 */
export function startForm(contract: ImageContract, fixed: (name: string) => string | undefined): StartForm {
  const startup = startupOf(contract);
  if (startup.kind === "none") return { kind: "none" };
  const own = [contract.entrypoint, contract.command].find((start) => start?.instruction !== undefined);
  if (!own) return { kind: "inherited" };
  if (startup.kind === "shell") {
    if (contract.entrypoint?.form === "shell" && contract.command?.instruction) {
      return { kind: "shell", why: "CMD is ignored beside a shell-form ENTRYPOINT, and would not be beside exec form", program: undefined, start: startup.start };
    }
    return fromShell(startup.text, contract.shell, startup.start, fixed);
  }
  const { words } = startup;
  if (contract.command?.form === "shell") {
    return { kind: "shell", why: "a shell-form CMD is passed to ENTRYPOINT as arguments", program: words[0], start: contract.command };
  }
  const [program, flag, script] = words;
  // `["sh", "-c", "./server"]` is a shell form written out.
  if (script !== undefined && words.length === 3 && isPosixShell([program!, flag!])) {
    const start = contract.entrypoint?.form === "exec" && contract.entrypoint.words.length === 3 ? contract.entrypoint : contract.command;
    if (start?.form === "exec" && start.words.length === 3) return fromShell(script, [program!, flag!], start, fixed);
  }
  return { kind: "words", words, converted: undefined };
}

function fromShell(text: string, shell: readonly string[], start: Start, fixed: (name: string) => string | undefined): StartForm {
  const need = (why: string, program?: string): StartForm => ({ kind: "shell", why, program, start });
  if (!isPosixShell(shell)) return need(`it runs in ${shell.join(" ")}`);
  const body = readShell(text, undefined, (name) => fixed(name));
  if (body.kind === "opaque") return need(body.why);
  const [command, second] = body.commands;
  if (!command) return need("it is empty");
  const words = command.words[0]?.value === "exec" ? command.words.slice(1) : command.words;
  const program = words[0]?.value;
  if (second) return need("it is more than one command", program);
  if (command.conditional || command.piped) return need("it is more than one command", program);
  if (command.assignments.length > 0) return need("it sets variables", program);
  if (command.redirects.length > 0) return need("it redirects", program);
  const values = words.map((word) => word.value);
  const open = words.find((word) => word.value === undefined || (!word.literal && !/^[^*?[\]`(){}~]*$/.test(word.text.replace(/\$\{\w+\}/g, ""))));
  if (open) return need(`${open.text} is put in by the shell`, program);
  if (program === undefined) return need("it starts nothing");
  return { kind: "words", words: values as string[], converted: start };
}

/** Words in the JSON form that people write: `["./server", "-v"]`. */
export function execForm(words: readonly string[]): string {
  return `[${words.map((word) => JSON.stringify(word)).join(", ")}]`;
}
