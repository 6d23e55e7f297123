import { openSync, closeSync, statSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Outcome } from "../core/outcome.ts";
import { describeSystemError, fileReasons } from "../node/reasons.ts";
import { writeAtomically } from "../node/write-atomic.ts";
import { diffReport } from "../report/diff.ts";
import { jsonReport } from "../report/json.ts";
import { prettyReport } from "../report/pretty.ts";
import type { MigrateInvocation } from "./arguments.ts";

/** What a run came to. */
export interface Result {
  readonly outcomes: readonly Outcome[];
  /** The paths whose new text was written. */
  readonly written: ReadonlySet<string>;
  /** What goes to standard output, or into the file of `--output`. */
  readonly text: string;
}

/** @param written the paths of the written files; `undefined` when nothing was to be written */
export function renderReport(
  invocation: MigrateInvocation,
  outcomes: readonly Outcome[],
  written: ReadonlySet<string> | undefined,
): string {
  switch (invocation.format ?? "pretty") {
    case "json":
      return jsonReport(outcomes, written);
    case "diff":
      // What was written, so that `git apply --reverse` takes it back; or all that is on offer.
      return diffReport(written ? outcomes.filter(({ path }) => written.has(path)) : outcomes);
    case "pretty":
      if (invocation.quiet && !invocation.dryRun) return "";
      return prettyReport(outcomes, {
        color: usesColor(invocation),
        verbose: invocation.verbose,
        summary: !invocation.quiet,
        ...(written ? { written } : {}),
      });
  }
}

/** By https://no-color.org and https://force-color.org; an option on the command line comes first. */
function usesColor(invocation: MigrateInvocation): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (!invocation.color) return false;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== "")
    return FORCE_COLOR !== "0" && FORCE_COLOR !== "false";
  if (NO_COLOR !== undefined && NO_COLOR !== "") return false;
  return invocation.output === undefined && process.stdout.isTTY && TERM !== "dumb";
}

/** Whether the file of `--output` can be one, before any work is done. */
export function checkOutput(output: string): string | undefined {
  if (statSync(output, { throwIfNoEntry: false })?.isDirectory())
    return `the output ${output} is a directory`;
  if (!statSync(dirname(resolve(output)), { throwIfNoEntry: false })?.isDirectory()) {
    return `the directory of the output ${output} does not exist`;
  }
  return undefined;
}

/** Prints the result. Returns what went wrong with the file of `--output`. */
export function printResult(text: string, output: string | undefined): string | undefined {
  if (output === undefined) {
    process.stdout.write(text);
    return undefined;
  }
  const stats = statSync(output, { throwIfNoEntry: false });
  if (stats && !stats.isFile()) return writeToDevice(text, output);
  const problem = writeAtomically(resolve(output), text, { durable: false });
  if (!problem) return undefined;
  const error = problem.data?.["error"];
  return `the output ${output} can't be written: ${error ?? fileReasons[problem.code].message}`;
}

/** A device or a pipe (`/dev/null`, `/dev/fd/3`) is written to, not replaced. */
function writeToDevice(text: string, output: string): string | undefined {
  try {
    const descriptor = openSync(output, "w");
    try {
      writeFileSync(descriptor, text);
    } finally {
      closeSync(descriptor);
    }
    return undefined;
  } catch (error) {
    return `the output ${output} can't be written: ${describeSystemError(error)}`;
  }
}
