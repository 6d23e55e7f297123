import { baseName } from "../core/path.ts";
import { readOptions } from "./program-options.ts";
import { FILE_RUNTIMES } from "./wrapper-knowledge.ts";

/** A source file that is started. */
export interface StartedFile {
  /** The command that runs it: `node`, `ts-node`, `tsx`, … */
  readonly runtime: string;
  /** As written: `.`, `dist/main`, `server.js`. */
  readonly file: string;
  readonly arguments: readonly string[];
  /** Modules that are loaded before it: the values of `-r`, `--import` and `--loader`. */
  readonly required: readonly string[];
  /** Files of environment variables that node reads. */
  readonly environmentFiles: readonly string[];
}

/**
 * The file that node, ts-node, tsx, babel-node or the like run; `undefined` for other programs, and where no file is named or
 * an option is not understood.
 *
 * @example startedFile(["node", "-r", "dotenv/config", "dist/main"])?.required // ["dotenv/config"]
 */
export function startedFile(words: readonly string[]): StartedFile | undefined {
  const runtime = baseName(words[0] ?? "");
  if (!Object.hasOwn(FILE_RUNTIMES, runtime)) return undefined;
  const { operands, values, problem } = readOptions(FILE_RUNTIMES[runtime]!, words.slice(1));
  const [file, ...rest] = operands;
  if (problem !== undefined || file === undefined || file === "-") return undefined;
  // `node inspect server.js` is a debugger's session.
  if (runtime.startsWith("node") && (file === "inspect" || file === "debug")) return undefined;
  const more = values("nodeOptions").flatMap((text) =>
    readOptions(FILE_RUNTIMES["node"]!, text.trim().split(/\s+/)).values("required"),
  );
  return {
    runtime,
    file,
    arguments: rest,
    required: [...values("required"), ...more],
    environmentFiles: values("environmentFiles"),
  };
}
