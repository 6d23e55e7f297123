import { FILE_RUNTIMES, type ProgramOptions } from "./wrapper-knowledge.ts";

/** Lists of options by what their value is. */
type ValueKind = Exclude<keyof ProgramOptions, "flags" | "others" | "unknown">;

/** A program's options, read up to the first word that is none. */
export interface ReadOptions {
  /** Words behind the options, without the `--` that parts them off. */
  readonly operands: readonly string[];
  /** A `--` stands before them. */
  readonly hasMarker: boolean;
  readonly texts: readonly string[];
  readonly values: (kind: ValueKind) => readonly string[];
  /** Unknown options that are passed on to node, with their values. */
  readonly nodeWords: readonly string[];
  /** An option that is not understood. */
  readonly problem: string | undefined;
}

const VALUE_KINDS: readonly ValueKind[] = [
  "values",
  "required",
  "environmentFiles",
  "assignments",
  "texts",
  "runtimes",
  "nodeOptions",
];

/**
 * Reads the options that a command line begins with.
 *
 * @example readOptions({ values: "-i" }, ["-i", "2", "server.js"]).operands // ["server.js"]
 */
export function readOptions(options: ProgramOptions, words: readonly string[]): ReadOptions {
  const found = new Map<ValueKind, string[]>();
  const nodeWords: string[] = [];
  let problem: string | undefined;
  let hasMarker = false;
  let at = 0;
  for (; at < words.length; at++) {
    const word = words[at]!;
    if (word === "--") {
      hasMarker = true;
      at++;
      break;
    }
    if (listed(options.flags, word)) continue;
    if (!/^-./.test(word)) break;
    if (listed(options.others, nameOf(word))) {
      problem = word;
      break;
    }
    const given = valueOf(options, words, at);
    if (given) {
      found.set(given.kind, [...(found.get(given.kind) ?? []), ...given.values]);
      at = given.last;
    } else if (options.unknown === "node") {
      const node = valueOf(FILE_RUNTIMES["node"]!, words, at);
      if (!node && listed(FILE_RUNTIMES["node"]!.others, nameOf(word))) {
        problem = word;
        break;
      }
      const last = node?.last ?? at;
      nodeWords.push(...words.slice(at, last + 1));
      if (node) found.set(node.kind, [...(found.get(node.kind) ?? []), ...node.values]);
      at = last;
    } else if (!isFlag(options, word)) {
      problem = word;
      break;
    }
  }
  return {
    operands: words.slice(at),
    hasMarker,
    texts: found.get("texts") ?? [],
    values: (kind) => found.get(kind) ?? [],
    nodeWords,
    problem,
  };
}

/** `--name value`, `--name=value`, `-n value`, `-nvalue`. */
function valueOf(
  options: ProgramOptions,
  words: readonly string[],
  at: number,
): { kind: ValueKind; values: readonly string[]; last: number } | undefined {
  const word = words[at]!;
  for (const kind of VALUE_KINDS) {
    if (listed(options[kind], word)) {
      const next = words[at + 1];
      return next === undefined || next === "--"
        ? { kind, values: [], last: at }
        : { kind, values: [next], last: at + 1 };
    }
    const name = nameOf(word);
    if (name !== word && listed(options[kind], name))
      return { kind, values: [word.slice(name.length + 1)], last: at };
    if (/^-[^-]./.test(word) && !isFlag(options, word) && listed(options[kind], word.slice(0, 2)))
      return { kind, values: [word.slice(2)], last: at };
  }
  return undefined;
}

/** A flag, one with a value behind `=`, or several of one letter in one word. */
function isFlag(options: ProgramOptions, word: string): boolean {
  return (
    options.unknown === "flag" ||
    listed(options.flags, nameOf(word)) ||
    (/^-[A-Za-z]{2,}$/.test(word) &&
      word
        .slice(1)
        .split("")
        .every((letter) => listed(options.flags, `-${letter}`)))
  );
}

function nameOf(word: string): string {
  return word.split("=", 1)[0]!;
}

function listed(names: string | undefined, name: string): boolean {
  return names !== undefined && names.split(/\s+/).includes(name);
}
