import type { Outcome } from "../core/outcome.ts";
import { summarize, summaryLine } from "../report/summary.ts";
import { printsSource, writesFiles } from "./arguments.ts";
import type { MigrateInvocation } from "./arguments.ts";
import type { Result } from "./result.ts";

/**
 * Says on standard error what the result on standard output leaves unsaid.
 *
 * @param unprinted what went wrong with the output
 * @param signal the signal that ended the writing early
 */
export function tell(
  invocation: MigrateInvocation,
  result: Result,
  unprinted: string | undefined,
  signal: NodeJS.Signals | undefined,
): void {
  const { outcomes, written } = result;
  for (const outcome of outcomes) {
    if (isUnsaid(invocation, result, outcome)) sayReasons(outcome);
  }
  if (unprinted !== undefined) say(unprinted);
  if (signal) say(`interrupted (${signal}); ${written.size} files were written`);
  if (invocation.quiet) return;

  const summary = summarize(outcomes, written);
  if (summary.review > 0 && !invocation.unsafe) {
    const changes = summary.review === 1 ? "1 change rests" : `${summary.review} changes rest`;
    const effect = writesFiles(invocation) ? "withheld" : "shown only";
    say(`${changes} on an assumption (safety: review): ${effect}, and written with --unsafe`);
  }
  if (invocation.output !== undefined && unprinted === undefined) {
    say(`${summaryLine(summary)}; see ${invocation.output}`);
  } else if (invocation.format === "diff") {
    say(summaryLine(summary));
  }
}

/** Failures are always told, refusals when no report has them; on a terminal, the pretty report has shown both already. */
function isUnsaid(invocation: MigrateInvocation, result: Result, { status }: Outcome): boolean {
  if (status !== "failed" && status !== "refused") return false;
  const isReported =
    result.text !== "" &&
    invocation.output === undefined &&
    invocation.format !== "diff" &&
    !printsSource(invocation);
  if (status === "refused") return !isReported && !invocation.quiet;
  return !(isReported && invocation.format !== "json" && process.stdout.isTTY);
}

function sayReasons(outcome: Outcome): void {
  for (const { message, line, remedy, code } of outcome.reasons) {
    const place = line === undefined ? outcome.path : `${outcome.path}:${line}`;
    say(`${place}: ${message} [${code}]${remedy === undefined ? "" : `\n  ${remedy}`}`);
  }
}

function say(text: string): void {
  process.stderr.write(`msb-migrate: ${text}\n`);
}
