import { baseName } from "./path.ts";
import { TOO_DEEP, parametersOf, type ScriptCommand, type ScriptRun } from "./script-commands.ts";
import type { ShellLocation } from "./script-location.ts";
import { certainVariables, scriptVariables } from "./script-variables.ts";
import { readText } from "./script-walk.ts";
import { SHELLS } from "./shell-wrappers.ts";
import { lineStarts } from "./source.ts";

export type { ScriptCommand } from "./script-commands.ts";

/** How a script is started. */
export interface ScriptStart {
  /** The working directory, absolute. */
  readonly directory?: string | undefined;
  /** `$0`: the script's absolute path, or its path from `directory` when it is started by that (`./run.sh`). */
  readonly script?: string | undefined;
}

/** What a script that runs in the final image needs there. */
export interface ShellScript {
  readonly kind: "script";
  /** In source order, without builtins, keywords and the script's own functions. A wrapper that is a program (`env`, `gosu`) stands in front of what it runs. */
  readonly commands: readonly ScriptCommand[];
  /** It runs its own arguments as a command: `exec "$@"`, `exec su-exec app "$@"`. */
  readonly runsArguments: boolean;
  /** The absolute directory in which it runs them, undefined when that is not known. */
  readonly argumentsDirectory: string | undefined;
  /** Files read by `.` and `source`, undefined for a computed name; absolute where the directory is known. */
  readonly sourced: readonly (string | undefined)[];
  /** Every word, redirect target and assigned value, or known piece of one, that could be a path or a part of one. */
  readonly literals: readonly string[];
  /** Paths written through redirects, undefined for computed ones; absolute where the directory is known; devices are left out. */
  readonly written: readonly (string | undefined)[];
}

export type ScriptReading = ShellScript | { readonly kind: "opaque"; readonly why: string };

/**
 * Reads a script for every command that may run in it: in conditions, functions, substitutions, traps, and in
 * the texts of `sh -c`. A `cd` is taken to succeed, and a sourced file to stay where it is.
 *
 * @example readScript('cd "$(dirname "$0")" && exec ./server', { script: "/app/run.sh" })
 */
export function readScript(text: string, start: ScriptStart = {}): ScriptReading {
  if (text.startsWith("\uFEFF")) return opaqueScript("it begins with a byte order mark");
  if (/\r(?:\n|$)/.test(text)) return opaqueScript("it has Windows line ends");
  const interpreter = interpreterOf(text);
  const language = baseName(interpreter?.program ?? "sh");
  if (!SHELLS.has(language) && language !== "busybox")
    return opaqueScript(`it is written for ${language}`);
  try {
    return followScript(text, { directory: start.directory, script: start.script });
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

function followScript(text: string, location: ShellLocation): ScriptReading {
  const variables = scriptVariables();
  const script: ScriptRun = {
    lineStarts: lineStarts(text),
    functions: new Map(),
    bodies: new Map(),
    variables,
    certain: certainVariables(variables),
    steps: 0,
    commands: new Map(),
    sourced: [],
    literals: new Set(),
    written: [],
    opaque: undefined,
    readText: (inner, place) => readText(script, inner, place),
  };
  const own = parametersOf(false);
  const frame = { source: text, offset: 0, around: { start: 0, end: 0 } };
  readText(script, text, { frame, parameters: own, location, depth: 0 });
  if (script.opaque !== undefined) return opaqueScript(script.opaque);
  const directories = new Set([...own.runs.values()].map(({ directory }) => directory));
  return {
    kind: "script",
    commands: [...script.commands.values()].sort((a, b) => a.start - b.start),
    runsArguments: own.runs.size > 0,
    argumentsDirectory: directories.size === 1 ? [...directories][0] : undefined,
    sourced: script.sourced,
    literals: [...script.literals],
    written: script.written,
  };
}
