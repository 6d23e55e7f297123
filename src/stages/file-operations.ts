import { baseName, directoryName, resolvePath, wildcardExpression } from "../core/path.ts";
import type { ShellCommand, ShellWord } from "../core/shell.ts";

/** A file operation of a RUN command with absolute paths. */
export type FileOperation =
  | { readonly kind: "directory"; readonly path: string }
  | { readonly kind: "file"; readonly path: string }
  /** `contents`: `cp -r source/. target` copies what is in the directory, not the directory. */
  | {
      readonly kind: "copy" | "move" | "link";
      readonly source: string;
      readonly target: string;
      readonly intoDirectory: boolean;
      readonly contents: boolean;
    }
  /** `pattern`: what a wildcard matches; without one, `path` itself. */
  | { readonly kind: "remove"; readonly path: string; readonly pattern: RegExp | undefined }
  | {
      readonly kind: "owner";
      readonly path: string;
      readonly pattern: RegExp | undefined;
      readonly isRecursive: boolean;
      readonly owner: string | undefined;
      readonly mode: string | undefined;
    };

/** Options of these programs that take a value. Sources: POSIX, GNU coreutils and busybox manuals. */
const VALUE_OPTIONS: Readonly<Record<string, string>> = {
  mkdir: "-m",
  install: "-m -o -g -t",
  cp: "-S -t",
  mv: "-S -t",
  touch: "-d -r -t",
  ln: "-S -t",
};

/**
 * What a command does to files, or `undefined` when its arguments cannot be told (variables, wildcards that name targets).
 *
 * @param hasBraces the shell expands `{a,b}`: bash does, dash and busybox do not
 */
export function fileOperations(
  command: ShellCommand,
  hasBraces: boolean,
): FileOperation[] | undefined {
  const program = baseName(command.words[0]!.value!);
  const expanded = hasBraces
    ? braceExpanded
    : (word: ShellWord): ShellWord[] => (braceExpanded(word).length > 1 ? [] : [word]);
  const operands = operandsOf(command.words.slice(1), (VALUE_OPTIONS[program] ?? "").split(" "));
  const switches = command.words
    .slice(1)
    .flatMap((word) => (/^-[A-Za-z]/.test(word.text) ? word.text.slice(1).split("") : []));
  const at = (word: ShellWord): string | undefined =>
    word.value === undefined ? undefined : resolvePath(command.directory, word.value);
  const all = (
    words: readonly ShellWord[],
    make: (path: string) => FileOperation,
  ): FileOperation[] | undefined => {
    const made: FileOperation[] = [];
    for (const word of words.flatMap(expanded)) {
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
    case "chgrp":
    case "chmod":
      return ownerChanges();
    case "install":
      return installed();
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
    return matched(operands)?.map((found) => ({ kind: "remove", ...found }));
  }

  /** Paths, and what wildcards stand for. */
  function matched(
    words: readonly ShellWord[],
  ): { path: string; pattern: RegExp | undefined }[] | undefined {
    const found: { path: string; pattern: RegExp | undefined }[] = [];
    for (const word of words.flatMap(expanded)) {
      const isWild =
        word.value === undefined && /^[\w./*?[\]-]+$/.test(word.text) && /[*?[]/.test(word.text);
      const path = isWild ? resolvePath(command.directory, word.text) : at(word);
      if (path === undefined) return undefined;
      found.push({
        path: isWild ? directoryName(path) : path,
        pattern: isWild ? wildcard(path) : undefined,
      });
    }
    return found;
  }

  /** `install -d -o app -m 700 DIR`, `install -m 755 FILE TARGET`: also gives owner and mode. */
  function installed(): FileOperation[] | undefined {
    const isDirectory = switches.includes("d");
    const made = isDirectory
      ? all(operands, (path) => ({ kind: "directory", path }))
      : transfers("copy");
    const option = (letter: string): string | undefined => {
      const index = command.words.findIndex(({ text }) => text === `-${letter}`);
      return index < 0 ? undefined : command.words[index + 1]?.value;
    };
    const group = option("g");
    const owner = option("o") ?? (group === undefined ? undefined : "");
    if (!made || owner === undefined) return made;
    const paths = isDirectory
      ? operands.map(at)
      : [operands.at(-1)].map((word) => word && at(word));
    return [
      ...made,
      ...paths.flatMap((path): FileOperation[] =>
        path === undefined
          ? []
          : [
              {
                kind: "owner",
                path,
                pattern: undefined,
                isRecursive: false,
                owner: group === undefined ? owner : `${owner}:${group}`,
                mode: option("m"),
              },
            ],
      ),
    ];
  }

  /** `chmod -x file`: a mode may begin like an option. */
  function ownerChanges(): FileOperation[] | undefined {
    const words = command.words
      .slice(1)
      .filter(({ text }) => !/^-(?:[RrvcfhHLP]+|-.*)$/.test(text));
    const isRecursive = command.words.some(({ text }) => /^-\w*R\w*$|^--recursive$/.test(text));
    const [what, ...targets] = words;
    if (
      what?.value === undefined ||
      command.words.some(({ text }) => text.startsWith("--reference"))
    )
      return undefined;
    const { value } = what;
    return matched(targets)?.map((found) => ({
      kind: "owner",
      ...found,
      isRecursive,
      owner: program === "chmod" ? undefined : program === "chgrp" ? `:${value}` : value,
      mode: program === "chmod" ? value : undefined,
    }));
  }

  function transfers(kind: "copy" | "move" | "link"): FileOperation[] | undefined {
    const option = command.words.findIndex(({ text }) =>
      /^(?:-t|--target-directory)(?:=|$)/.test(text),
    );
    const word =
      option < 0
        ? operands.at(-1)
        : command.words[option]!.text.includes("=")
          ? command.words[option]
          : command.words[option + 1];
    const written = word?.value?.replace(/^--target-directory=/, "");
    const sources = option < 0 ? operands.slice(0, -1) : operands;
    const target = written === undefined ? undefined : resolvePath(command.directory, written);
    if (target === undefined || sources.length === 0) return undefined;
    const intoDirectory = option >= 0 || sources.length > 1 || /(?:^|\/)\.{0,2}$/.test(written!);
    const made: FileOperation[] = [];
    for (const source of sources.flatMap(expanded)) {
      const path = at(source);
      if (path === undefined) return undefined;
      made.push({
        kind,
        source: path,
        target,
        intoDirectory,
        contents: kind === "copy" && source.value!.endsWith("/."),
      });
    }
    return made;
  }
}

/** A pathname pattern as an expression: `*` and `?` do not match a slash. */
function wildcard(path: string): RegExp {
  try {
    return wildcardExpression(path);
  } catch {
    return /^/; // an open bracket: it may match anything
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
