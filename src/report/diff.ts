import type { Outcome } from "../core/outcome.ts";

/** The patches of all changes, one after the other, and nothing else: `git apply` takes it as it is. */
export function diffReport(outcomes: readonly Outcome[]): string {
  let report = "";
  for (const outcome of outcomes) {
    if (outcome.status === "changed") report += outcome.patch;
  }
  return report;
}
