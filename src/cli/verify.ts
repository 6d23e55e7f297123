import { readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { findBuildContext } from "../core/build-context.ts";
import { readDocument } from "../core/document.ts";
import type { Transform } from "../core/transform.ts";
import { chosenTransforms } from "./chosen-transforms.ts";
import { migrateFiles } from "../node/migrate-files.ts";
import type { MigratedFile } from "../node/migrate-files.ts";
import { directoryRepository } from "../node/repository-reader.ts";
import { relativePath } from "../node/repository-root.ts";
import { verificationJson, verificationMarkdown, verificationPretty } from "../verify/report.ts";
import type { VerificationReport } from "../verify/report.ts";
import { ownIgnoreFile } from "../verify/build.ts";
import type { Engine } from "../verify/engine.ts";
import { findEngine } from "../verify/find-engine.ts";
import { EngineError, problemMessage, problems } from "../verify/problems.ts";
import type { Problem } from "../verify/problems.ts";
import { verify } from "../verify/verify.ts";
import type { Verification, VerifyOptions, VerifyRequest } from "../verify/verify.ts";
import { parseVerifyArguments } from "./verify-arguments.ts";
import type { VerifyInvocation } from "./verify-arguments.ts";
import { createVerifyProgress } from "./verify-progress.ts";

/**
 * Runs `msb-migrate verify`. Returns the exit code.
 *
 * @param argv what stands behind `verify`
 * @param custom transforms that were loaded from the command line's paths, by these
 */
export async function runVerify(
  argv: readonly string[],
  custom: ReadonlyMap<string, Transform>,
): Promise<number> {
  const invocation = parseVerifyArguments(argv, [...custom.values()]);
  if (typeof invocation === "number") return invocation;
  const { context, after } = invocation;
  for (const [path, kind] of [
    [context, "directory"],
    [after, "file"],
  ] as const) {
    const stats = path === undefined ? undefined : statSync(path, { throwIfNoEntry: false });
    if (path === undefined || (kind === "file" ? stats?.isFile() : stats?.isDirectory())) continue;
    return complain(`${path} is not a ${kind}`);
  }
  const interruption = listenForInterruption();
  try {
    const report = await makeReport(
      invocation,
      await migrated(invocation, custom),
      interruption.signal,
    );
    process.stdout.write(render(report, invocation));
    return exitCodeOf(report);
  } catch (error) {
    if (interruption.signal.aborted) {
      process.stderr.write("msb-migrate: interrupted; nothing is left running\n");
      return interruption.exitCode();
    }
    if (!(error instanceof EngineError)) throw error;
    return complain(
      `${error.message} [${error.problem.code}]`,
      problems[error.problem.code].remedy,
    );
  } finally {
    interruption.stop();
  }
}

function complain(problem: string, remedy?: string): 2 {
  process.stderr.write(`msb-migrate: ${problem}\n${remedy === undefined ? "" : `  ${remedy}\n`}`);
  return 2;
}

async function migrated(
  invocation: VerifyInvocation,
  custom: ReadonlyMap<string, Transform>,
): Promise<MigratedFile[]> {
  return [
    ...migrateFiles(invocation.paths, {
      transforms: await chosenTransforms(invocation.transforms, custom),
      options: invocation.transformOptions,
      ...(invocation.context === undefined ? {} : { context: invocation.context }),
    }),
  ];
}

async function makeReport(
  invocation: VerifyInvocation,
  files: readonly MigratedFile[],
  signal: AbortSignal,
): Promise<VerificationReport> {
  const verifications: Verification[] = [];
  const failures: { path: string; problem: Problem }[] = [];
  const requests = files.flatMap((file) => requestOf(file, invocation) ?? []);
  const progress = createVerifyProgress(invocation, requests.length);
  let engine: Engine | undefined;
  for (const request of requests) {
    if ("problem" in request) {
      failures.push(request);
      continue;
    }
    if (!engine) {
      engine = await findEngine(invocation.engine, signal);
      progress.engine(engine.description);
    }
    const watch = progress.file(request.path);
    try {
      const verification = await verify(request, engine, optionsOf(invocation), {
        ...watch,
        signal,
      });
      verifications.push(verification);
      progress.done(verification);
    } catch (error) {
      if (signal.aborted || !(error instanceof EngineError)) throw error;
      failures.push({ path: request.path, problem: error.problem });
    }
  }
  return {
    engine: engine?.description,
    verifications,
    failures,
    others: files
      .map(({ outcome }) => outcome)
      .filter(({ status }) => invocation.after === undefined && status !== "changed"),
  };
}

/** What is to be compared; `undefined` for a file that the migration leaves as it is. */
function requestOf(
  { file, root, source, outcome }: MigratedFile,
  invocation: VerifyInvocation,
): VerifyRequest | { path: string; problem: Problem } | undefined {
  const { path } = outcome;
  const after =
    invocation.after === undefined
      ? outcome.status === "changed"
        ? outcome.text
        : undefined
      : readFileSync(invocation.after, "utf8");
  if (after === undefined || source === undefined) return undefined;
  const context =
    invocation.context === undefined ? contextOf(file, root, source) : resolve(invocation.context);
  if (context === undefined)
    return { path, problem: { code: "no-build-context", detail: path, lines: [] } };
  return {
    path,
    before: source,
    after,
    context,
    ignoreFile: ownIgnoreFile(file),
    isMigration: invocation.after === undefined,
  };
}

function contextOf(file: string, root: string, source: string): string | undefined {
  const document = readDocument(source);
  if ("problem" in document) return dirname(file);
  const context = findBuildContext(document, directoryRepository(root), relativePath(root, file));
  return context === undefined ? undefined : resolve(root, context);
}

function optionsOf(invocation: VerifyInvocation): VerifyOptions {
  const { network, buildArguments, secrets, engineArguments, buildTimeout, startTimeout } =
    invocation;
  return {
    build: { network, buildArguments, secrets, engineArguments },
    run: {
      network: invocation.runNetwork,
      environment: invocation.environment,
      probeImage: invocation.probeImage,
    },
    probes: invocation.probes,
    syntaxImage: invocation.syntaxImage,
    ...(buildTimeout === undefined ? {} : { buildTimeout }),
    ...(startTimeout === undefined ? {} : { startTimeout }),
  };
}

function render(report: VerificationReport, { format, color, verbose }: VerifyInvocation): string {
  switch (format) {
    case "json":
      return verificationJson(report);
    case "markdown":
      return verificationMarkdown(report);
    case "pretty":
      return verificationPretty(report, { color: color && usesColor(), verbose });
  }
}

function usesColor(): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (FORCE_COLOR) return FORCE_COLOR !== "0" && FORCE_COLOR !== "false";
  return !NO_COLOR && process.stdout.isTTY && TERM !== "dumb";
}

function exitCodeOf({ verifications, failures, others }: VerificationReport): number {
  for (const { path, problem } of failures)
    complain(
      `${path}: ${problemMessage(problem)} [${problem.code}]`,
      problems[problem.code].remedy,
    );
  for (const { status, path, reasons } of others) {
    if (status === "failed")
      complain(`${path}: ${reasons[0]?.message ?? "it failed"} [${reasons[0]?.code ?? ""}]`);
  }
  if (verifications.some(({ verdict }) => verdict === "worse")) return 1;
  const isUnknown = verifications.some(({ verdict }) => verdict === "unknown");
  return isUnknown || failures.length > 0 || others.some(({ status }) => status === "failed")
    ? 2
    : 0;
}

const signalNumbers = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

/** The first signal ends what is under way in good order; further ones change nothing, for the removal is what takes the time. */
function listenForInterruption() {
  const controller = new AbortController();
  let seen: keyof typeof signalNumbers = "SIGINT";
  const names = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  const abort = (name: keyof typeof signalNumbers) => {
    if (controller.signal.aborted) return;
    seen = name;
    process.stderr.write("msb-migrate: ends what is running …\n");
    controller.abort(new Error("interrupted"));
  };
  for (const name of names) process.on(name, abort);
  return {
    signal: controller.signal,
    exitCode: () => 128 + signalNumbers[seen],
    stop: () => {
      for (const name of names) process.off(name, abort);
    },
  };
}
