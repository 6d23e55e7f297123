import { statSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { builtInTransforms } from "../../transforms/index.ts";
import type { Outcome } from "../core/outcome.ts";
import type { Transform } from "../core/transform.ts";
import { discover } from "../node/discovery.ts";
import { discoveryFailures, migrateFound, writeChanges } from "../node/migrate-files.ts";
import type { MigratedFile, MigrateFilesOptions } from "../node/migrate-files.ts";
import { migrateInWorkers, workersFor } from "../runner/worker-pool.ts";
import { chosenTransforms } from "./chosen-transforms.ts";
import { writesFiles } from "./arguments.ts";
import type { MigrateInvocation } from "./arguments.ts";
import { holdInterrupts } from "./interrupts.ts";
import type { HeldInterrupts } from "./interrupts.ts";
import { createProgress } from "./progress.ts";
import { checkOutput, printResult, renderReport } from "./result.ts";
import type { Result } from "./result.ts";
import { migrateStandardInput } from "./standard-input.ts";
import { tell } from "./talk.ts";

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
    transforms: await chosenTransforms(invocation.transforms, custom),
    options: invocation.transformOptions,
    ...(invocation.context === undefined ? {} : { context: invocation.context }),
  };
  let result: Result;
  let interrupts: HeldInterrupts;
  if (invocation.stdin) {
    result = await migrateStandardInput(invocation, options);
    interrupts = holdInterrupts();
  } else {
    const migrated = await migrateAll(invocation, options);
    interrupts = holdInterrupts();
    result = writesFiles(invocation)
      ? await writeAll(invocation, migrated, interrupts)
      : offerOf(invocation, migrated);
  }
  const unprinted = printResult(result.text, invocation.output);
  await interrupts.release();
  tell(invocation, result, unprinted, interrupts.signal());
  return unprinted === undefined ? exitCodeOf(invocation, result.outcomes) : 2;
}

function wrongUsage(invocation: MigrateInvocation): string | undefined {
  const { context, output } = invocation;
  if (context !== undefined && !statSync(context, { throwIfNoEntry: false })?.isDirectory()) {
    return `the build context ${context} is not a directory`;
  }
  return output === undefined ? undefined : checkOutput(output);
}

async function migrateAll(
  invocation: MigrateInvocation,
  options: MigrateFilesOptions,
): Promise<MigratedFile[]> {
  const progress = createProgress(invocation.quiet);
  const cwd = process.cwd();
  const { files, problems } = discover(invocation.paths, { cwd });
  const migrated = discoveryFailures(problems, cwd);
  const { transforms, ...others } = options;
  const areBuiltIn = transforms.every((transform) => builtInTransforms.includes(transform));
  if (areBuiltIn && workersFor(files.length) > 0) {
    const names = transforms.map(({ meta }) => meta.name);
    migrated.push(...(await migrateInWorkers(files, { ...others, cwd }, names, progress.show)));
  } else {
    for (const file of migrateFound(files, { ...options, cwd })) {
      migrated.push(file);
      progress.show(migrated.length);
    }
  }
  progress.clear();
  if (problems.length === 0) return migrated;
  return migrated.sort((one, other) =>
    one.file < other.file ? -1 : one.file > other.file ? 1 : 0,
  );
}

function offerOf(invocation: MigrateInvocation, migrated: readonly MigratedFile[]): Result {
  const outcomes = migrated.map(({ outcome }) => outcome);
  return { outcomes, written: new Set(), text: renderReport(invocation, outcomes, undefined) };
}

async function writeAll(
  invocation: MigrateInvocation,
  migrated: readonly MigratedFile[],
  interrupts: HeldInterrupts,
): Promise<Result> {
  const outcomes: Outcome[] = [];
  const written = new Set<string>();
  for (const result of writeChanges(migrated, invocation)) {
    outcomes.push(result.outcome);
    if (!result.written) continue;
    written.add(result.outcome.path);
    await setImmediate();
    if (interrupts.signal()) break;
  }
  return { outcomes, written, text: renderReport(invocation, outcomes, written) };
}

function exitCodeOf(invocation: MigrateInvocation, outcomes: readonly Outcome[]): number {
  if (outcomes.some(({ status }) => status === "failed")) return 2;
  return invocation.check && outcomes.some(({ status }) => status === "changed") ? 1 : 0;
}
