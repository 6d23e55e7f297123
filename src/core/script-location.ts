/** Where shell code runs, and how it says so: `cd`, `pwd`, `dirname "$0"`. */
import type { ParameterExpansionPart } from "unbash";
import { directoryName, resolvePath } from "./path.ts";
import type { CommandWord } from "./shell-wrappers.ts";

/** Where a piece of shell code runs. */
export interface ShellLocation {
  /** Absolute working directory, undefined when it is not known. */
  readonly directory: string | undefined;
  /** `$0`, undefined when it is not known. */
  readonly script: string | undefined;
}

/** Commands that may stand in front of the one whose output is a substitution's: `$(cd .. && pwd)`. */
export const SILENT: ReadonlySet<string> = new Set([":", "cd", "exit", "true", "unset"]);

/** What the shell gives a variable by itself, of where it is. */
export function locationVariable(
  name: string,
  { directory, script }: ShellLocation,
): string | undefined {
  if (name === "PWD") return directory;
  return name === "0" || name === "BASH_SOURCE" ? script : undefined;
}

/** Whether an expansion's index is none, or the one that means the same: `${BASH_SOURCE[0]}`. */
export function isWhole({ prefix, index, parameter }: ParameterExpansionPart): boolean {
  return !prefix && (!index || (parameter === "BASH_SOURCE" && index.text === "0"));
}

/** `${0%/*}`: what is left of a value, or undefined for another operation. */
export function withoutLastElement(
  value: string,
  operation: NonNullable<ParameterExpansionPart["operation"]>,
): string | undefined {
  const isIt =
    operation.type === "Remove" && operation.operator === "%" && operation.operand.text === "/*";
  if (!isIt) return undefined;
  const slash = value.lastIndexOf("/");
  return slash < 0 ? value : value.slice(0, slash);
}

/** PATH_MAX of Linux. */
const LONGEST_PATH = 4096;

/** Where `cd` leads with these words behind it; `home` is `$HOME`. */
export function directoryBehindCd(
  directory: string | undefined,
  words: readonly (string | undefined)[],
  home: string | undefined,
): string | undefined {
  const operands = operandsOf(words, /^-[LPe@]+$/);
  if (!operands || operands.length > 1) return undefined;
  const path = operands.length === 0 ? home : operands[0];
  // `cd -` goes back; `cd ""` is an error in some shells and nothing in others.
  if (path === undefined || path === "" || path === "-") return undefined;
  const target = resolvePath(directory, path);
  return target === undefined || target.length > LONGEST_PATH ? undefined : target;
}

/**
 * What a command prints that prints a path, the program's name being the first word: `pwd`, `dirname "$0"`,
 * `readlink -f "$0"`. It may be one through links, but leads to the same file.
 */
export function printedPath(
  [program, ...words]: readonly (string | undefined)[],
  directory: string | undefined,
): string | undefined {
  const operands = operandsOf(words, program === "pwd" ? /^-[LP]+$/ : /^-[fems]+$/);
  if (program === "pwd") return operands?.length === 0 ? directory : undefined;
  const [path] = operands ?? [];
  if (operands?.length !== 1 || path === undefined || path === "") return undefined;
  const isPlain = words.every((word) => !word?.startsWith("-") || word === "--");
  switch (program) {
    case "dirname":
      return isPlain ? parentOf(path) : undefined;
    case "realpath":
      return resolvePath(directory, path);
    case "readlink":
      // Without an option it prints what one link holds.
      return isPlain ? undefined : resolvePath(directory, path);
    default:
      return undefined;
  }
}

/** What is left behind options, or undefined when one of them is not known. */
function operandsOf(
  words: readonly (string | undefined)[],
  options: RegExp,
): readonly (string | undefined)[] | undefined {
  let at = 0;
  while (options.test(words[at] ?? "")) at++;
  if (words[at] === "--") return words.slice(at + 1);
  return /^-./.test(words[at] ?? "") ? undefined : words.slice(at);
}

/** As `dirname` prints it: `run.sh` stands in `.`. */
function parentOf(path: string): string {
  const trimmed = path.replace(/(?<=.)\/+$/, "");
  return trimmed.includes("/") ? directoryName(trimmed) : ".";
}

/** Options by which a program runs another one in a directory of its own choice. */
const MOVING: Readonly<Record<string, RegExp>> = {
  chpst: /^-\//,
  chroot: /^/,
  env: /^(?:-C|--chdir)/,
  find: /^-(?:exec|ok)dir$/,
  parallel: /^--(?:wd|workdir)/,
  runuser: /^-(?:\w*l)?$|^--login$/,
  "start-stop-daemon": /^(?:-d|--chdir)/,
  su: /^-(?:\w*l)?$|^--login$/,
  sudo: /^(?:-\w*i\w*|-D.*|--login|--chdir.*)$/,
};

/** Whether a wrapper changes the directory in front of what it runs. */
export function movesFirst(file: string, words: readonly CommandWord[]): boolean {
  const option = Object.hasOwn(MOVING, file) ? MOVING[file] : undefined;
  return option !== undefined && words.some(({ text }) => option.test(text));
}
