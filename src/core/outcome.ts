/**
 * What a migration comes to, for one file. Plain data: it is what the reports print, what JSON
 * output carries and what workers send back.
 */

/** `changed`: a new text is offered. `unchanged`: nothing to do. `refused`: something stops it. `failed`: a fault. */
export type Status = "changed" | "unchanged" | "refused" | "failed";

/** `safe`: every need was proved. `review`: the change rests on at least one listed assumption. */
export type Safety = "safe" | "review";

/** A place in a file of the repository that a decision rests on. Lines count from 1. */
export interface Evidence {
  readonly path: string;
  readonly line?: number;
  /** The text seen there, shortened to one line. */
  readonly text?: string;
}

/**
 * Why something was changed, assumed, left alone or refused. `code` is stable (tests and scripts
 * rely on it), `message` is prose made from the code by `messages.ts`.
 */
export interface Reason {
  readonly code: string;
  readonly message: string;
  /** What would unblock a refusal, or settle an assumption. */
  readonly remedy?: string;
  /** First and last line of the Dockerfile it is about, from 1. */
  readonly line?: number;
  readonly endLine?: number;
  readonly evidence: readonly Evidence[];
}

interface OutcomeBase {
  /** The file's path as it was given. */
  readonly path: string;
  /** Names of the transforms that had a say: those that changed the text, or the one that refused. */
  readonly transforms: readonly string[];
  readonly reasons: readonly Reason[];
}

export interface Changed extends OutcomeBase {
  readonly status: "changed";
  readonly safety: Safety;
  /** The new text of the whole file. */
  readonly text: string;
  /** A unified diff that `git apply` takes from the directory the path is relative to. */
  readonly patch: string;
}

export interface NotChanged extends OutcomeBase {
  readonly status: "unchanged" | "refused" | "failed";
}

export type Outcome = Changed | NotChanged;
