import { statSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { builtInTransforms } from "../../transforms/index.ts";
import type { Outcome } from "../core/outcome.ts";
import type { Transform } from "../core/transform.ts";
import { migrate } from "../core/migrate.ts";
import { decodeSource } from "../node/read-source.ts";
import { loadTransform } from "../node/load-transform.ts";
import { migrateFile, migrateFiles, problemOutcome, writeChanges } from "../node/migrate-files.ts";
import type { MigratedFile, MigrateFilesOptions } from "../node/migrate-files.ts";
import { summarize, summaryLine } from "../report/summary.ts";
import type { MigrateInvocation } from "./arguments.ts";
import { createProgress } from "./progress.ts";
import { checkOutput, printResult, renderReport } from "./result.ts";
import type { Result } from "./result.ts";

/** Runs `msb-migrate [paths…]`. Returns the exit code. */
export async function runMigration(
  invocation: MigrateInvocation,
  custom: ReadonlyMap<string, Transform>,
): Promise<number> {
  const problem = wrongUsage(invocation);
  if (problem !== undefined) {
    process.stderr.write(`msb-migrate: ${problem}\n`);
    return 2;
  }
  const options: MigrateFilesOptions = {
    transforms: await chosenTransforms(invocation, custom),
    options: invocation.transformOptions,
    ...(invocation.context === undefined ? {} : { context: invocation.context }),
  };
  const restore = holdInterrupts(invocation);
  const result = invocation.stdin
    ? await migrateStdin(invocation, options)
    : await migratePaths(invocation, options);
  const printed = printResult(result.text, invocation.output);
  restore();
  tell(invocation, result, printed);
  return printed === undefined ? exitCodeOf(invocation, result.outcomes) : 2;
}

function wrongUsage(invocation: MigrateInvocation): string | undefined {
  const { context, output } = invocation;
  if (context !== undefined && !statSync(context, { throwIfNoEntry: false })?.isDirectory()) {
    return `the build context ${context} is not a directory`;
  }
  return output === undefined ? undefined : checkOutput(output);
}

async function chosenTransforms(
  invocation: MigrateInvocation,
  custom: ReadonlyMap<string, Transform>,
): Promise<readonly Transform[]> {
  if (invocation.transforms.length === 0) return builtInTransforms;
  const chosen: Transform[] = [];
  for (const name of invocation.transforms) {
    chosen.push(custom.get(name) ?? (await loadTransform(name, { builtIn: builtInTransforms })));
  }
  return chosen;
}

function writes(invocation: MigrateInvocation): boolean {
  return !invocation.dryRun && !invocation.check;
}

async function migratePaths(
  invocation: MigrateInvocation,
  options: MigrateFilesOptions,
): Promise<Result> {
  const progress = createProgress(invocation.quiet);
  const migrated: MigratedFile[] = [];
  for (const file of migrateFiles(invocation.paths, options)) {
    migrated.push(file);
    progress.show(migrated.length);
  }
  let outcomes: readonly Outcome[] = migrated.map(({ outcome }) => outcome);
  const written = new Set<string>();
  if (writes(invocation)) {
    const results: Outcome[] = [];
    for (const result of writeChanges(migrated, invocation)) {
      results.push(result.outcome);
      if (result.written) written.add(result.outcome.path);
      // Signals are delivered between two files only, never while a temporary file exists.
      await setImmediate();
      if (interruption) break;
    }
    outcomes = results;
  }
  progress.clear();
  return {
    outcomes,
    written,
    text: renderReport(invocation, outcomes, writes(invocation) ? written : undefined),
  };
}

async function migrateStdin(
  invocation: MigrateInvocation,
  options: MigrateFilesOptions,
): Promise<Result> {
  const { stdinFilepath, context } = invocation;
  const path = stdinFilepath ?? (context === undefined ? undefined : join(context, "Dockerfile"));
  const reading = decodeSource(await readStandardInput());
  if (reading.kind === "problem") {
    const outcomes = [problemOutcome(path ?? "<stdin>", reading.problem)];
    return {
      outcomes,
      written: new Set(),
      text: printsSource(invocation) ? "" : renderReport(invocation, outcomes, undefined),
    };
  }
  const { source } = reading;
  const outcome =
    path === undefined
      ? migrate(
          { path: "Dockerfile", source },
          { transforms: options.transforms, options: options.options },
        )
      : migrateFile(path, { ...options, source }).outcome;
  if (!printsSource(invocation)) {
    return {
      outcomes: [outcome],
      written: new Set(),
      text: renderReport(invocation, [outcome], undefined),
    };
  }
  if (outcome.status === "failed") return { outcomes: [outcome], written: new Set(), text: "" };
  const taken = outcome.status === "changed" && (outcome.safety === "safe" || invocation.unsafe);
  return {
    outcomes: [outcome],
    written: taken ? new Set([outcome.path]) : new Set(),
    text: taken ? outcome.text : source,
  };
}

/** As a filter, the result is the Dockerfile itself; a report is printed when one was asked for. */
function printsSource(invocation: MigrateInvocation): boolean {
  return invocation.stdin && writes(invocation) && invocation.format === undefined;
}

async function readStandardInput(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** Says on standard error what the result on standard output leaves unsaid. */
function tell(invocation: MigrateInvocation, result: Result, unprinted: string | undefined): void {
  const { outcomes, written } = result;
  const talk = (text: string) => process.stderr.write(`msb-migrate: ${text}\n`);
  const reported =
    !printsSource(invocation) &&
    invocation.output === undefined &&
    invocation.format !== "diff" &&
    result.text !== "";
  for (const outcome of outcomes) {
    // On a terminal, the failures of the pretty report are on the screen already.
    const seen = reported && invocation.format !== "json" && process.stdout.isTTY;
    if (
      (outcome.status === "failed" && !seen) ||
      (outcome.status === "refused" && !reported && !invocation.quiet)
    ) {
      for (const { message, line, remedy, code } of outcome.reasons) {
        const place = line === undefined ? outcome.path : `${outcome.path}:${line}`;
        talk(`${place}: ${message} [${code}]${remedy === undefined ? "" : `\n  ${remedy}`}`);
      }
    }
  }
  if (unprinted !== undefined) talk(unprinted);
  if (interruption) talk(`interrupted; ${written.size} of the changes were written`);
  if (invocation.quiet) return;

  const summary = summarize(outcomes, written);
  const withheld = invocation.unsafe ? 0 : summary.review;
  if (withheld > 0) {
    const rest = withheld === 1 ? "1 change rests" : `${withheld} changes rest`;
    talk(
      `${rest} on an assumption (safety: review) and ${writes(invocation) ? "was not written" : "would not be written"} without --unsafe`,
    );
  }
  if (invocation.output !== undefined && unprinted === undefined)
    talk(`${summaryLine(summary)}; see ${invocation.output}`);
  else if (invocation.format === "diff") talk(summaryLine(summary));
}

function exitCodeOf(invocation: MigrateInvocation, outcomes: readonly Outcome[]): number {
  if (outcomes.some(({ status }) => status === "failed")) return 2;
  return invocation.check && outcomes.some(({ status }) => status === "changed") ? 1 : 0;
}

let interruption: NodeJS.Signals | undefined;

/**
 * While files are written, Ctrl-C takes effect after the file in hand, so that no temporary file stays behind. The
 * function that is returned ends that, and passes on a signal that came meanwhile.
 */
function holdInterrupts(invocation: MigrateInvocation): () => void {
  if (!writes(invocation) && invocation.output === undefined) return () => {};
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  const note = (signal: NodeJS.Signals) => {
    interruption = signal;
  };
  for (const signal of signals) process.on(signal, note);
  return () => {
    for (const signal of signals) process.off(signal, note);
    if (interruption) process.once("beforeExit", () => process.kill(process.pid, interruption));
  };
}
