import { baseName } from "./path.ts";
import {
  TOO_DEEP,
  parametersOf,
  type Frame,
  type ScriptCommand,
  type ScriptRun,
} from "./script-commands.ts";
import { scriptVariables } from "./script-variables.ts";
import { readText } from "./script-walk.ts";
import { SHELLS } from "./shell-wrappers.ts";
import { lineStarts } from "./source.ts";

export type { ScriptCommand } from "./script-commands.ts";

/** What a script that runs in the final image needs there. */
export interface ShellScript {
  readonly kind: "script";
  /** In source order, without builtins, keywords and the script's own functions. A wrapper that is a program (`env`, `gosu`) stands in front of what it runs. */
  readonly commands: readonly ScriptCommand[];
  /** It runs its own arguments as a command: `exec "$@"`, `exec su-exec app "$@"`. */
  readonly runsArguments: boolean;
  /** Files read by `.` and `source`, undefined for a computed name. */
  readonly sourced: readonly (string | undefined)[];
  /** Every word, redirect target and assigned value, or literal piece of one, that could be a path or a part of one. */
  readonly literals: readonly string[];
  /** Paths written through redirects, undefined for computed ones; devices are left out. */
  readonly written: readonly (string | undefined)[];
}

export type ScriptReading = ShellScript | { readonly kind: "opaque"; readonly why: string };

/**
 * Reads a script for every command that may run in it: in conditions, functions, substitutions, traps, and in
 * the texts of `sh -c`.
 *
 * @example readScript('exec ./server -p "$PORT"')
 */
export function readScript(text: string): ScriptReading {
  if (text.startsWith("\uFEFF")) return opaqueScript("it begins with a byte order mark");
  if (/\r(?:\n|$)/.test(text)) return opaqueScript("it has Windows line ends");
  const interpreter = interpreterOf(text);
  const language = baseName(interpreter?.program ?? "sh");
  if (!SHELLS.has(language) && language !== "busybox")
    return opaqueScript(`it is written for ${language}`);
  try {
    return followScript(text);
  } catch (error) {
    if (error instanceof RangeError) return opaqueScript(TOO_DEEP);
    throw error;
  }
}

/**
 * The interpreter that a script's first line names: "/bin/sh", "bash" for `#!/usr/bin/env bash`; undefined
 * without one.
 */
export function interpreterOf(
  text: string,
): { readonly program: string; readonly words: readonly string[] } | undefined {
  if (!text.startsWith("#!")) return undefined;
  const end = text.indexOf("\n");
  const words = text
    .slice(2, end < 0 ? undefined : end)
    .split(/\s+/)
    .filter((word) => word !== "");
  if (baseName(words[0] ?? "") === "env")
    words.splice(0, 1 + words.slice(1).findIndex((word) => !/^-|=/.test(word)));
  const [program, ...rest] = words;
  return program === undefined ? undefined : { program, words: rest };
}

function opaqueScript(why: string): ScriptReading {
  return { kind: "opaque", why };
}

function followScript(text: string): ScriptReading {
  const script: ScriptRun = {
    lineStarts: lineStarts(text),
    functions: new Map(),
    variables: scriptVariables(),
    commands: new Map(),
    sourced: [],
    literals: new Set(),
    written: [],
    opaque: undefined,
    readText: (inner, frame, parameters, depth) =>
      readText(script, inner, frame, parameters, depth),
  };
  const own = parametersOf(false);
  const frame: Frame = { source: text, offset: 0, around: { start: 0, end: 0 } };
  readText(script, text, frame, own, 0);
  if (script.opaque !== undefined) return opaqueScript(script.opaque);
  return {
    kind: "script",
    commands: [...script.commands.values()].sort((a, b) => a.start - b.start),
    runsArguments: own.runs.size > 0,
    sourced: script.sourced,
    literals: [...script.literals],
    written: script.written,
  };
}
