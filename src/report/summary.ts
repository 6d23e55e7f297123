import type { Outcome, Status } from "../core/outcome.ts";

/** How a run went, in numbers of files. */
export interface Summary {
  readonly files: number;
  /** Changes on offer; of them, `safe` ones were proved and `review` ones rest on assumptions. */
  readonly changed: number;
  readonly safe: number;
  readonly review: number;
  readonly unchanged: number;
  readonly refused: number;
  readonly failed: number;
  /** Changed files whose new text was written. */
  readonly written: number;
  /** In how many files of each status a code was given, most frequent first. */
  readonly codes: readonly CodeCount[];
}

export interface CodeCount {
  readonly status: Status;
  readonly code: string;
  readonly files: number;
}

const statusOrder: readonly Status[] = ["changed", "refused", "failed", "unchanged"];

/** @param written the paths of the files whose new text was written */
export function summarize(
  outcomes: readonly Outcome[],
  written: ReadonlySet<string> = new Set(),
): Summary {
  const ofStatus = { changed: 0, unchanged: 0, refused: 0, failed: 0 };
  let safe = 0;
  const codes = new Map<string, { status: Status; code: string; files: number }>();
  for (const outcome of outcomes) {
    ofStatus[outcome.status]++;
    if (outcome.status === "changed" && outcome.safety === "safe") safe++;
    for (const code of new Set(outcome.reasons.map((reason) => reason.code))) {
      const key = `${outcome.status} ${code}`;
      const count = codes.get(key);
      if (count) count.files++;
      else codes.set(key, { status: outcome.status, code, files: 1 });
    }
  }
  return {
    files: outcomes.length,
    ...ofStatus,
    safe,
    review: ofStatus.changed - safe,
    written: written.size,
    codes: [...codes.values()].sort(byStatusAndFrequency),
  };
}

function byStatusAndFrequency(a: CodeCount, b: CodeCount): number {
  return (
    statusOrder.indexOf(a.status) - statusOrder.indexOf(b.status) ||
    b.files - a.files ||
    (a.code < b.code ? -1 : 1)
  );
}

/** The summary as one line: `12 files: 3 changed (2 safe, 1 review), 8 unchanged, 1 refused`. */
export function summaryLine(summary: Summary): string {
  const parts: string[] = [];
  if (summary.changed > 0) parts.push(`${summary.changed} changed (${safetyCounts(summary)})`);
  if (summary.unchanged > 0) parts.push(`${summary.unchanged} unchanged`);
  if (summary.refused > 0) parts.push(`${summary.refused} refused`);
  if (summary.failed > 0) parts.push(`${summary.failed} failed`);
  const files = summary.files === 1 ? "1 file" : `${summary.files} files`;
  return parts.length === 0 ? files : `${files}: ${parts.join(", ")}`;
}

function safetyCounts({ safe, review }: Summary): string {
  const counts: string[] = [];
  if (safe > 0) counts.push(`${safe} safe`);
  if (review > 0) counts.push(`${review} review`);
  return counts.join(", ");
}
