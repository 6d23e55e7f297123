import type { ContextFinder } from "./build-context.ts";
import type { Document } from "./document.ts";
import type { Instruction } from "./line-reader.ts";
import type { Note, NoteDetails, Place, Plan, PlanBuilder } from "./plan.ts";
import type { CommandPlace, Dockerfile } from "./query.ts";
import type { Repository } from "./repository.ts";

/**
 * The authoring API, in the spirit of jscodeshift: a transform is a module with `export const meta` and
 * `export default function transform(file, api, options)`.
 */

export interface SourceFile {
  /** Relative to the repository's root, separated by `/`. */
  readonly path: string;
  readonly source: string;
}

/** An option of a transform, shown by `--help` and `list`. */
export interface OptionDefinition {
  /** As on the command line: `--runtime-go`. */
  readonly flag: string;
  /** Placeholder of its value; a switch has none. */
  readonly value?: string;
  readonly description: string;
  readonly choices?: readonly string[];
  readonly default?: string;
}

/**
 * What a code stands for. `change` explains a hunk, `assumption` makes a change `review`, `refusal`,
 * `unchanged` and `failure` explain why there is no change.
 */
export interface ReasonDefinition {
  readonly kind: "change" | "assumption" | "refusal" | "unchanged" | "failure";
  /** One sentence; `{name}` is replaced by the reason's data. */
  readonly message: string;
  /** What would unblock it. */
  readonly remedy?: string;
  /** The page of `explain CODE` and of the documentation, in Markdown. */
  readonly page: string;
  /** Where the rule comes from. */
  readonly source?: string;
  /** The file is none of the transform's: not worth a word where another transform has more to say. */
  readonly isForeign?: boolean;
}

export type ReasonTable = Readonly<Record<string, ReasonDefinition>>;

export interface TransformMeta {
  /** Kebab case, the same as the file's name. */
  readonly name: string;
  readonly description: string;
  readonly options?: Readonly<Record<string, OptionDefinition>>;
  readonly reasons: ReasonTable;
  /** Differences of the image contract that are this transform's purpose, such as `env:NODE_VERSION` or `env:*`. */
  readonly mayChange?: readonly string[];
}

export type TransformOptions = Readonly<Record<string, string | boolean | undefined>>;

export interface Refusal {
  readonly kind: "refused";
  readonly note: Note;
}

export interface Unchanged {
  readonly kind: "unchanged";
  readonly note: Note;
}

/** A new text, `undefined` or `null` for no change, or what the API's builders give. */
export type TransformResult = string | null | undefined | Plan | Refusal | Unchanged;

export type TransformFunction = (
  file: SourceFile,
  api: TransformApi,
  options: TransformOptions,
) => TransformResult;

export interface Transform {
  readonly meta: TransformMeta;
  readonly transform: TransformFunction;
}

export interface TransformApi {
  /** Reads a file. One that BuildKit would reject ends the transform: the outcome is `refused: unreadable-syntax`. */
  dockerfile(file: SourceFile): Dockerfile;
  /** A builder of edits and reasons over the document. */
  plan(document: Document): PlanBuilder;
  /** It should be migrated, but something stops it. */
  refuse(code: string, at?: Place, details?: NoteDetails): Refusal;
  /** There is nothing to do. */
  unchanged(code: string, at?: Place, details?: NoteDetails): Unchanged;
  /** The repository around the file, when one was given. */
  readonly repository: Repository | undefined;
  /**
   * The build context's directory in the repository, when it was given or can be told: from the COPY sources, and with a finder
   * from the files that name it.
   */
  contextDirectory(document: Document, findNamed?: ContextFinder): string | undefined;
}

export type { CommandPlace, Dockerfile, Instruction };
