import type { Evidence, Outcome, Safety, Status } from "../core/outcome.ts";
import { summarize } from "./summary.ts";
import type { Summary } from "./summary.ts";

/** The version of the JSON format. It grows when a field is removed or changes its meaning; new fields may come without. */
export const jsonVersion = 1;

/** What `--format json` prints; docs/json.md says what each field means. */
export interface JsonReport {
  readonly version: typeof jsonVersion;
  readonly summary: Summary;
  readonly files: readonly JsonFile[];
}

export interface JsonFile {
  readonly path: string;
  readonly status: Status;
  readonly safety: Safety | null;
  readonly written: boolean;
  readonly transforms: readonly string[];
  readonly reasons: readonly JsonReason[];
  readonly patch: string | null;
}

export interface JsonReason {
  readonly code: string;
  readonly message: string;
  readonly remedy: string | null;
  readonly line: number | null;
  readonly endLine: number | null;
  readonly evidence: readonly JsonEvidence[];
}

export interface JsonEvidence {
  readonly path: string;
  readonly line: number | null;
  readonly text: string | null;
}

/** @param written the paths of the files whose new text was written */
export function jsonReport(
  outcomes: readonly Outcome[],
  written: ReadonlySet<string> = new Set(),
): string {
  const report: JsonReport = {
    version: jsonVersion,
    summary: summarize(outcomes, written),
    files: outcomes.map((outcome) => jsonFile(outcome, written.has(outcome.path))),
  };
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

/** Every field is always there, so that a reader need not tell a missing one from an empty one. */
function jsonFile(outcome: Outcome, written: boolean): JsonFile {
  const changed = outcome.status === "changed" ? outcome : undefined;
  return {
    path: outcome.path,
    status: outcome.status,
    safety: changed?.safety ?? null,
    written,
    transforms: outcome.transforms,
    reasons: outcome.reasons.map((reason) => ({
      code: reason.code,
      message: reason.message,
      remedy: reason.remedy ?? null,
      line: reason.line ?? null,
      endLine: reason.endLine ?? null,
      evidence: reason.evidence.map(jsonEvidence),
    })),
    patch: changed?.patch ?? null,
  };
}

function jsonEvidence({ path, line, text }: Evidence): JsonEvidence {
  return { path, line: line ?? null, text: text ?? null };
}
