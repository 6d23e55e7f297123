import { join } from "node:path";
import { migrate } from "../core/migrate.ts";
import type { Outcome } from "../core/outcome.ts";
import { migrateFile, problemOutcome } from "../node/migrate-files.ts";
import type { MigrateFilesOptions } from "../node/migrate-files.ts";
import { decodeSource } from "../node/read-source.ts";
import { printsSource } from "./arguments.ts";
import type { MigrateInvocation } from "./arguments.ts";
import { renderReport } from "./result.ts";
import type { Result } from "./result.ts";

/** Migrates the Dockerfile on standard input: as a filter, or for a report when one was asked for. */
export async function migrateStandardInput(
  invocation: MigrateInvocation,
  options: MigrateFilesOptions,
): Promise<Result> {
  const { stdinFilepath, context } = invocation;
  const path = stdinFilepath ?? (context === undefined ? undefined : join(context, "Dockerfile"));
  const reading = decodeSource(await readStandardInput());
  if (reading.kind === "problem") {
    return resultOf(invocation, problemOutcome(path ?? "<stdin>", reading.problem), "");
  }
  const { source } = reading;
  const outcome =
    path === undefined
      ? migrate(
          { path: "Dockerfile", source },
          { transforms: options.transforms, options: options.options },
        )
      : migrateFile(path, { ...options, source }).outcome;
  return resultOf(invocation, outcome, source);
}

function resultOf(invocation: MigrateInvocation, outcome: Outcome, source: string): Result {
  const outcomes = [outcome];
  const written = new Set<string>();
  if (!printsSource(invocation)) {
    return { outcomes, written, text: renderReport(invocation, outcomes, undefined) };
  }
  if (outcome.status === "failed") return { outcomes, written, text: "" };
  if (outcome.status !== "changed" || (outcome.safety === "review" && !invocation.unsafe)) {
    return { outcomes, written, text: source };
  }
  return { outcomes, written: written.add(outcome.path), text: outcome.text };
}

async function readStandardInput(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
