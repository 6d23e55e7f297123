import { quoted } from "../core/shell.ts";
import type { Unwrapped } from "./command-wrappers.ts";
import { readOptions, type ReadOptions } from "./program-options.ts";
import type { CommandWrapper } from "./wrapper-knowledge.ts";

/** Programs that a process manager runs a file with, by its ending. Source: lib/API/interpreter.json of pm2, versions 2 to 7. */
const RUNTIMES_BY_ENDING: Readonly<Record<string, string | undefined>> = {
  sh: "bash",
  py: "python",
  rb: "ruby",
  php: "php",
  pl: "perl",
  coffee: "coffee",
  ls: "lsc",
  // ts-node up to pm2 5, bun from pm2 6 on.
  ts: undefined,
  tsx: undefined,
};

/** Files that pm2 reads as its configuration. Source: `Common.isConfigFile` of pm2's lib/Common.js. */
const PROCESS_FILE = /\.(?:json|ya?ml)$|\.config\.[cm]?js$/;

/** Whether pm2 reads a file as its configuration, and does not run it. */
export function isProcessFile(operand: string): boolean {
  return PROCESS_FILE.test(operand);
}

/** What pm2, forever or supervisor run. */
export function processCommand(
  program: string,
  wrapper: CommandWrapper,
  { operands, values, nodeWords }: ReadOptions,
): Unwrapped {
  const [file, ...behind] = operands;
  if (file === undefined) return open(`${program} starts what its configuration says`);
  const isManager = wrapper.operands === "process";
  // pm2 takes its options behind the file too, up to a `--`; the others leave all that to the file.
  const rest = program.startsWith("pm2") ? readOptions(wrapper.options, behind) : undefined;
  if (rest && (rest.problem !== undefined || (!rest.hasMarker && rest.operands.length > 0)))
    return open(`${program} ${file} ${rest.problem ?? rest.operands[0]} is not understood`);
  const given = rest ? rest.operands : behind;
  const settings = (kind: "runtimes" | "nodeOptions"): readonly string[] => [
    ...values(kind),
    ...(rest?.values(kind) ?? []),
  ];
  if (program.startsWith("pm2")) {
    if (isProcessFile(file)) return open(`${file} says what ${program} starts`);
    if (/\s/.test(file)) return { kind: "texts", texts: [file] };
  }
  const isProgram = isManager && program.startsWith("pm2") && /^[\w@-]+$/.test(file);
  const ending = /\.(\w+)$/.exec(file)?.[1] ?? "";
  const runtime =
    settings("runtimes").at(-1) ??
    (Object.hasOwn(RUNTIMES_BY_ENDING, ending) && program !== "forever"
      ? RUNTIMES_BY_ENDING[ending]
      : "node");
  if (isProgram || runtime === "none") return command([file, ...given]);
  if (runtime === undefined)
    return open(`what ${program} runs ${file} with depends on its version`);
  const flags = settings("nodeOptions").flatMap((text) => text.trim().split(/\s+/));
  return command([...runtime.trim().split(/\s+/), ...flags, ...nodeWords, file, ...given]);
}

/** A command line that runs words. */
export function textOf(words: readonly string[]): string {
  return words.map(quoted).join(" ");
}

function command(words: readonly string[]): Unwrapped {
  return { kind: "command", words, assignments: new Map(), environmentFiles: [] };
}

function open(why: string): Unwrapped {
  return { kind: "open", why };
}
