/** The public, browser-safe API: no file system, no process, no console. */
export { builtInTransforms } from "../transforms/index.ts";
export { applyEdits, type Edit } from "./core/edits.ts";
export { unifiedDiff } from "./core/diff.ts";
export { readDocument, type Document, type Stage } from "./core/document.ts";
export { walkStage, type ImageContract } from "./core/image-contract.ts";
export type {
  Comment,
  Directive,
  Flag,
  Heredoc,
  Instruction,
  ReadProblem,
} from "./core/line-reader.ts";
export { allReasons, explain } from "./core/messages.ts";
export { migrate, type MigrateOptions } from "./core/migrate.ts";
export type {
  Changed,
  Evidence,
  NotChanged,
  Outcome,
  Reason,
  Safety,
  Status,
} from "./core/outcome.ts";
export type { NoteDetails, Place, Plan, PlanBuilder } from "./core/plan.ts";
export type { CommandPlace, Dockerfile } from "./core/query.ts";
export { kindOf, repositoryOf, type Repository, type RepositoryEntry } from "./core/repository.ts";
export type { ShellBody, ShellCommand, ShellWord } from "./core/shell.ts";
export type { Span } from "./core/source.ts";
export type {
  OptionDefinition,
  ReasonDefinition,
  ReasonTable,
  Refusal,
  SourceFile,
  Transform,
  TransformApi,
  TransformFunction,
  TransformMeta,
  TransformOptions,
  TransformResult,
  Unchanged,
} from "./core/transform.ts";
