import { resolvePath } from "../core/path.ts";
import type { ShellCommand, ShellWord } from "../core/shell.ts";

/** A file operation of a RUN command with absolute paths. */
export type FileOperation =
  | { readonly kind: "directory"; readonly path: string }
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "copy" | "move" | "link"; readonly source: string; readonly target: string; readonly intoDirectory: boolean }
  /** `partly`: some of what is in the directory `path`, by a wildcard. */
  | { readonly kind: "remove"; readonly path: string; readonly partly: boolean }
  | { readonly kind: "owner"; readonly path: string; readonly owner: string };

/** Options of these programs that take a value. Sources: POSIX, GNU coreutils and busybox manuals. */
const VALUE_OPTIONS: Readonly<Record<string, string>> = { mkdir: "-m", install: "-m -o -g", cp: "-S", mv: "-S", touch: "-d -r -t", ln: "-S" };

/** What a command does to files, or `undefined` when its arguments cannot be told (variables, wildcards that name targets). */
export function fileOperations(command: ShellCommand): FileOperation[] | undefined {
  const program = command.words[0]!.value!;
  const operands = operandsOf(command.words.slice(1), (VALUE_OPTIONS[program] ?? "").split(" "));
  const switches = command.words.slice(1).flatMap((word) => (/^-[A-Za-z]/.test(word.text) ? word.text.slice(1).split("") : []));
  const at = (word: ShellWord): string | undefined => (word.value === undefined ? undefined : resolvePath(command.directory, word.value));
  const all = (words: readonly ShellWord[], make: (path: string) => FileOperation): FileOperation[] | undefined => {
    const made: FileOperation[] = [];
    for (const word of words.flatMap(braceExpanded)) {
      const path = at(word);
      if (path === undefined) return undefined;
      made.push(make(path));
    }
    return made;
  };
  switch (program) {
    case "mkdir":
      return all(operands, (path) => ({ kind: "directory", path }));
    case "touch":
      return all(operands, (path) => ({ kind: "file", path }));
    case "rm":
    case "rmdir":
    case "unlink":
      return removals();
    case "chown":
    case "chgrp": {
      const owner = operands[0]?.value ?? "";
      return all(operands.slice(1), (path) => ({ kind: "owner", path, owner }));
    }
    case "install":
      if (switches.includes("d")) return all(operands, (path) => ({ kind: "directory", path }));
      return transfers("copy");
    case "cp":
      return transfers("copy");
    case "mv":
      return transfers("move");
    case "ln":
      return transfers("link");
    default:
      return undefined;
  }

  function removals(): FileOperation[] | undefined {
    const made: FileOperation[] = [];
    for (const word of operands.flatMap(braceExpanded)) {
      const wild = word.value === undefined && /^[\w./*?[\]-]+$/.test(word.text) ? word.text.search(/[*?[]/) : -1;
      const written = wild < 0 ? word.value : word.text.slice(0, word.text.lastIndexOf("/", wild) + 1) || ".";
      const path = written === undefined ? undefined : resolvePath(command.directory, written);
      if (path === undefined) return undefined;
      made.push({ kind: "remove", path, partly: wild >= 0 });
    }
    return made;
  }

  function transfers(kind: "copy" | "move" | "link"): FileOperation[] | undefined {
    if (operands.length < 2) return undefined;
    const destination = operands.at(-1)!;
    const target = at(destination);
    if (target === undefined) return undefined;
    return all(operands.slice(0, -1), (source) => ({
      kind, source, target,
      intoDirectory: operands.length > 2 || destination.value!.endsWith("/") || /(?:^|\/)\.{1,2}$/.test(destination.value!),
    }));
  }
}

function operandsOf(words: readonly ShellWord[], valueOptions: readonly string[]): ShellWord[] {
  const operands: ShellWord[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!;
    if (word.text === "--") return [...operands, ...words.slice(index + 1)];
    if (word.text.startsWith("-") && word.text.length > 1) {
      if (valueOptions.includes(word.text)) index++;
    } else operands.push(word);
  }
  return operands;
}

/** `/a/{b,c}` in bash; one list without nesting. */
function braceExpanded(word: ShellWord): ShellWord[] {
  const match = /^([^{}]*)\{([^{}]*,[^{}]*)\}([^{}]*)$/.exec(word.text);
  if (!match || /["'$\\]/.test(word.text)) return [word];
  return match[2]!.split(",").map((part) => ({ ...word, value: `${match[1]}${part}${match[3]}` }));
}
