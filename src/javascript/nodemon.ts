import type { Unwrapped, WrapperPlace } from "./command-wrappers.ts";
import { textOf } from "./process-managers.ts";
import { readOptions } from "./program-options.ts";
import { COMMAND_WRAPPERS, FILE_RUNTIMES } from "./wrapper-knowledge.ts";

/** What nodemon runs by a file's ending. Source: lib/config/defaults.js of nodemon */
const RUNTIMES_BY_ENDING: Readonly<Record<string, string>> = {
  py: "python",
  rb: "ruby",
  ts: "ts-node",
};

interface NodemonSettings {
  readonly exec?: unknown;
  readonly script?: unknown;
  readonly execMap?: unknown;
}

/**
 * What nodemon runs: `--exec` with the words that are not its own, or node with the file.
 * Sources: lib/cli/parse.js, lib/config/load.js and lib/config/exec.js of nodemon.
 */
export function nodemonCommand(words: readonly string[], place: WrapperPlace): Unwrapped {
  const { options } = COMMAND_WRAPPERS["nodemon"]!;
  // Its options are taken wherever they stand, up to a `--`.
  const given: string[] = [];
  let exec: string | undefined;
  let rest = words;
  while (rest.length > 0) {
    const read = readOptions(options, rest);
    if (read.problem !== undefined)
      return open(`the option ${read.problem} of nodemon is not understood`);
    exec = read.texts.at(-1) ?? exec;
    given.push(...read.nodeWords);
    if (read.hasMarker) {
      given.push(...read.operands);
      break;
    }
    given.push(...read.operands.slice(0, 1));
    rest = read.operands.slice(1);
  }
  const settings = nodemonSettings(place);
  if (settings === "unreadable") return open("nodemon.json cannot be read");
  const script = fileOf(given);
  if (script === undefined && typeof settings.script === "string") given.push(settings.script);
  exec ??= typeof settings.exec === "string" ? settings.exec : undefined;
  if (exec === undefined && fileOf(given) === undefined) {
    const start = packageStart(place);
    if (start === undefined) return open("nodemon starts what package.json says");
    if ("text" in start) return { kind: "texts", texts: [start.text] };
    given.push(start.file);
  }
  const file = fileOf(given) ?? "";
  exec ??= runtimeOf(file, settings.execMap);
  if (exec.includes("{{")) return open("nodemon puts the file's name into its command");
  return { kind: "texts", texts: [[exec, textOf(given)].filter((text) => text !== "").join(" ")] };
}

/** The file among node's options. */
function fileOf(words: readonly string[]): string | undefined {
  return readOptions(FILE_RUNTIMES["node"]!, words).operands[0];
}

function runtimeOf(file: string, execMap: unknown): string {
  const ending = /\.(\w+)$/.exec(file)?.[1] ?? "";
  const byEnding = { ...RUNTIMES_BY_ENDING, ...(isRecord(execMap) ? execMap : {}) };
  const runtime = Object.hasOwn(byEnding, ending) ? byEnding[ending] : undefined;
  return typeof runtime === "string" ? runtime : "node";
}

/** nodemon.json, then `nodemonConfig` of package.json. */
function nodemonSettings({ readText }: WrapperPlace): NodemonSettings | "unreadable" {
  const file = readText?.("nodemon.json");
  if (file !== undefined) return parsed(file) ?? "unreadable";
  const manifest = parsed(readText?.("package.json"));
  return isRecord(manifest?.["nodemonConfig"]) ? manifest["nodemonConfig"] : {};
}

/** Without a file: package.json's `main`, or else its script `start`, or else index.js. */
function packageStart({ readText }: WrapperPlace): { file: string } | { text: string } | undefined {
  const manifest = parsed(readText?.("package.json"));
  if (manifest === undefined) return undefined;
  if (typeof manifest["main"] === "string") return { file: manifest["main"] };
  const scripts = manifest["scripts"];
  const start = isRecord(scripts) ? scripts["start"] : undefined;
  if (typeof start !== "string") return { file: "index.js" };
  return /\bnodemon\b/.test(start) ? { file: "index.js" } : { text: start };
}

function parsed(text: string | undefined): Record<string, unknown> | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ""));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function open(why: string): Unwrapped {
  return { kind: "open", why };
}
