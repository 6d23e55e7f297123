import type { Document, Stage } from "./document.ts";
import { walkStage, type StageState } from "./image-contract.ts";
import type { Instruction } from "./line-reader.ts";
import { baseName, resolvePath } from "./path.ts";
import { parseStringArray } from "./string-array.ts";
import { expand, splitBlanks } from "./words.ts";

/** One source of a COPY or ADD with the place it goes to. */
export interface CopiedFile {
  readonly instruction: Instruction;
  /** The `--from` flag's value: a stage, an image, or `undefined` for the build context. */
  readonly from: string | undefined;
  /** As written, variables expanded; may hold wildcards, be a URL, or name a here-document. */
  readonly source: string;
  /**
   * Absolute path the source itself gets when it is a file: `destination/name` for a destination that is a
   * directory. When the source is a directory its contents go into `directory`.
   */
  readonly target: string;
  readonly directory: string;
  /** The destination is written as a directory (a trailing slash, several sources, `.`), so a file keeps its name. */
  readonly intoDirectory: boolean;
}

/** What one COPY or ADD copies; `undefined` when its words cannot be told. */
export function copiedFiles(
  document: Document,
  instruction: Instruction,
  state: StageState,
): CopiedFile[] | undefined {
  const words =
    parseStringArray(instruction.body.text)?.values ??
    splitBlanks(instruction.body.text).map((word) => word.text);
  const values = words.map((word) => expand(word, state.lookup, document.escape).value);
  if (values.some((value) => value === undefined)) return undefined;
  const sources = (values as string[]).slice(0, -1);
  const destination = values.at(-1)!;
  const directory = resolvePath(state.directory, destination);
  if (directory === undefined || sources.length === 0) return undefined;
  const intoDirectory =
    destination.endsWith("/") ||
    sources.length > 1 ||
    /(?:^|\/)\.{1,2}$/.test(destination) ||
    directory === state.directory;
  const from = instruction.flags.find((flag) => flag.name === "from")?.value;
  return sources.map((source) => ({
    instruction,
    from:
      from === undefined ? undefined : (expand(from, state.lookup, document.escape).value ?? from),
    source,
    target: intoDirectory
      ? resolvePath(directory, baseName(source.replace(/\/+$/, "")))!
      : directory,
    directory,
    intoDirectory,
  }));
}

/** Everything a stage's COPY and ADD instructions copy; those that cannot be told are left out. */
export function stageCopies(document: Document, stage: Stage): CopiedFile[] {
  const copies: CopiedFile[] = [];
  walkStage(document, stage, (instruction, state) => {
    if (instruction.keyword === "COPY" || instruction.keyword === "ADD")
      copies.push(...(copiedFiles(document, instruction, state) ?? []));
  });
  return copies;
}
