/** What is found while a script is followed, and where in the script that is. */
import type { Redirection, SyntaxNode } from "unbash";
import { resolvePath } from "./path.ts";
import type { ShellLocation } from "./script-location.ts";
import { valueOf, type ScriptVariables } from "./script-variables.ts";
import { isSplit, type Piece } from "./shell-words.ts";
import { lineAt, type Span } from "./source.ts";

/** A program that a script may run, wherever in the script that is. */
export interface ScriptCommand {
  /** The program's name as far as it is known without variables: `./server`, `curl`; undefined when it is computed. Quotes are taken off. */
  readonly program: string | undefined;
  /** The words behind it: plain text or what the script itself makes of it, or undefined for one that holds something computed. */
  readonly words: readonly (string | undefined)[];
  /** The command's source text. */
  readonly text: string;
  /** Offsets into the script; of the word around it for text whose escapes were taken off (`sh -c "a \"b\""`). */
  readonly start: number;
  readonly end: number;
  /** From 1. */
  readonly line: number;
  /** The absolute directory that it runs in, undefined when that is not known. */
  readonly directory: string | undefined;
  /** Only asked for, not run: `command -v curl`, `which curl`, `type curl`, `hash curl`. */
  readonly isProbe: boolean;
}

/** A text that is being walked, and where it stands in the script. */
export interface Frame {
  readonly source: string;
  /** What an offset in `source` lacks to the script's; `undefined` when they do not correspond. */
  readonly offset: number | undefined;
  readonly around: Span;
}

/** Whose arguments `"$@"` means: the script's, a function's, or those behind `sh -c`. */
export interface Parameters {
  readonly hasProgram: boolean;
  shifts: number;
  /** Which arguments are run as a command, and where. */
  readonly runs: Map<number, ShellLocation>;
  readonly calls: ((first: number, location: ShellLocation) => void)[];
}

/** A function's body. */
export interface FunctionBody {
  readonly node: SyntaxNode;
  /** `$0` in it. */
  readonly script: string | undefined;
  /** A call of it was followed. */
  isFollowed: boolean;
  /** A call of it is being followed: in which directories it calls itself, and whether that leads no one knows where. */
  call: { readonly again: (string | undefined)[]; readonly isLost: boolean } | undefined;
}

/** Where the walk through a script is. */
export interface Place {
  readonly frame: Frame;
  readonly parameters: Parameters;
  readonly location: ShellLocation;
  /** Texts in texts and wrappers around wrappers. */
  readonly depth: number;
  /** It reads what another command writes. */
  readonly isPiped: boolean;
}

/** Where a command stands. */
export interface Site extends Place {
  readonly shifts: number;
  /** Where its text begins, when that is not at the program's name. */
  readonly start: number | undefined;
  readonly end: number;
  /** What a name means here: behind `command` no function, behind `exec` and programs no builtin. */
  readonly names: "all" | "no functions" | "programs";
  readonly redirects: readonly Redirection[];
}

/** A script that is being followed. */
export interface ScriptRun {
  readonly lineStarts: readonly number[];
  readonly functions: Map<string, Parameters>;
  /** By the function's name, which may be defined several times. */
  readonly bodies: Map<string, FunctionBody[]>;
  readonly variables: ScriptVariables;
  /** The variables whose values hold whatever the environment has. */
  readonly certain: ScriptVariables;
  /** How many commands were passed on the way through directories. */
  steps: number;
  /** By place and name, as a function may be walked several times. */
  readonly commands: Map<string, ScriptCommand>;
  readonly sourced: (string | undefined)[];
  readonly literals: Set<string>;
  readonly written: (string | undefined)[];
  /** Why it cannot be followed. */
  opaque: string | undefined;
  /** Walks a text that the script runs. */
  readonly readText: (text: string, place: Omit<Place, "isPiped">) => void;
}

/** Deeper texts in texts and wrappers around wrappers than this are no one's entry script. */
export const DEEPEST = 64;
export const TOO_DEEP = "it is nested too deep";

export function parametersOf(hasProgram: boolean): Parameters {
  return { hasProgram, shifts: 0, runs: new Map(), calls: [] };
}

/** Where a command stands that another one runs. */
export function behind(site: Site): Site {
  return { ...site, start: undefined, depth: site.depth + 1 };
}

export function spanOf(
  { pos, end }: { pos: number; end: number },
  { offset, around }: Frame,
): Span {
  return offset === undefined ? around : { start: pos + offset, end: end + offset };
}

/** Notes the command whose first word is the one at `at`. */
export function emit(
  script: ScriptRun,
  program: string | undefined,
  words: readonly Piece[],
  at: number,
  site: Site,
  isProbe = false,
): void {
  if (program === "") return;
  const range = { pos: site.start ?? words[at]!.pos, end: site.end };
  const { start, end } = spanOf(range, site.frame);
  const key = `${start} ${end} ${isProbe} ${program ?? ""}`;
  const { directory } = site.location;
  const before = script.commands.get(key);
  if (before) {
    if (before.directory !== directory)
      script.commands.set(key, { ...before, directory: undefined });
    return;
  }
  script.commands.set(key, {
    program,
    words: isProbe ? [] : words.slice(at + 1).map((word) => wordValue(script, word)),
    text: site.frame.source.slice(range.pos, range.end),
    start,
    end,
    line: lineAt(script.lineStarts, start),
    directory,
    isProbe,
  });
}

/** What a word is for certain, and is one word. */
export function wordValue(script: ScriptRun, { value, word }: Piece): string | undefined {
  if (value !== undefined || !word) return value;
  const whole = valueOf(script.certain, word);
  return whole !== undefined && isSplit(word) && /^$|\s/.test(whole) ? undefined : whole;
}

/** The path that a word names, seen from where the word stands. */
export function pathOf(script: ScriptRun, piece: Piece | undefined): string | undefined {
  const path = piece && wordValue(script, piece);
  const directory = piece?.word && script.variables.locations.get(piece.word)?.directory;
  return path === undefined ? undefined : (resolvePath(directory, path) ?? path);
}
