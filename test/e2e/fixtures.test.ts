import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { findBuildContext } from "../../src/core/build-context.ts";
import { readDocument } from "../../src/core/document.ts";
import { builtInTransforms, migrate } from "../../src/index.ts";
import { directoryRepository } from "../../src/node/repository-reader.ts";
import { verificationRow } from "../../src/verify/report.ts";
import { ownIgnoreFile } from "../../src/verify/build.ts";
import type { Probe } from "../../src/verify/probe.ts";
import type { Verification } from "../../src/verify/verify.ts";
import { engine, faultsOf, usesStandIns, verifyTexts } from "./surroundings.ts";

/**
 * Every fixture with a probe.json is migrated, built and run before and after, and must be better, with the same answers.
 * The table of it is printed and written to .e2e/measured.md.
 */

const root = new URL("../../", import.meta.url).pathname;

/** probe.json; every field may be missing. */
interface ProbeFile {
  /** `status` of an answer is 200 unless it says otherwise. */
  readonly http?: readonly (Probe & { readonly status?: number })[];
  /** Of a one-shot program, in both images; 0 by default. */
  readonly exitCode?: number;
  readonly environment?: Readonly<Record<string, string>>;
  readonly arguments?: readonly string[];
  readonly network?: string;
  /** `false`: the image before never started; the one after must. */
  readonly originalStarts?: boolean;
  readonly timeoutSeconds?: number;
}

/** options.json; every field may be missing. */
interface OptionsFile {
  readonly dockerfile?: string;
  readonly context?: string;
  readonly repository?: boolean;
  readonly options?: Readonly<Record<string, string | boolean>>;
}

interface Fixture {
  /** `go-multi-stage/templates-read-at-run-time` */
  readonly name: string;
  readonly directory: string;
}

const measured = new Map<string, { row: readonly string[]; sameAnswers: string }>();

describe("every runnable fixture is smaller after its migration, and does the same", () => {
  it.concurrent.each(runnableFixtures().map((fixture) => [fixture.name, fixture] as const))(
    "%s",
    async (_name, fixture) => {
      const probe = readJson<ProbeFile>(fixture.directory, "probe.json");
      const verification = await verifyFixture(fixture, probe);
      record(fixture, probe, verification);
      // A server runs and answers; another program ends.
      const seen = verification.after.observation;
      expect({
        verdict: verification.verdict,
        faults: faultsOf(verification),
        problem: seen?.problem,
        exitCode: seen?.exitCode,
        answers: seen?.answers.map(({ answer }) => answer.kind === "http" && answer.status),
      }).toEqual({
        verdict: probe.originalStarts === false ? "original-broken" : "better",
        faults: [],
        problem: undefined,
        exitCode: probe.http ? undefined : (probe.exitCode ?? 0),
        answers: (probe.http ?? []).map(({ status }) => status ?? 200),
      });
    },
  );
});

afterAll(async () => {
  const table = measuredTable((await engine()).description);
  mkdirSync(join(root, ".e2e"), { recursive: true });
  writeFileSync(join(root, ".e2e/measured.md"), table);
  process.stdout.write(`\n${table}\n`);
});

function runnableFixtures(): Fixture[] {
  const fixtures = join(root, "fixtures");
  return readdirSync(fixtures).flatMap((transform) =>
    readdirSync(join(fixtures, transform))
      .map((situation) => ({
        name: `${transform}/${situation}`,
        directory: join(fixtures, transform, situation),
      }))
      .filter(({ directory }) => existsSync(join(directory, "probe.json"))),
  );
}

async function verifyFixture({ directory }: Fixture, probe: ProbeFile): Promise<Verification> {
  const options = readJson<OptionsFile>(directory, "options.json");
  const repositoryRoot = join(directory, "repo");
  const path = options.dockerfile ?? "Dockerfile";
  const file = join(repositoryRoot, path);
  const before = readFileSync(file, "utf8");
  const repository = directoryRepository(repositoryRoot);
  const outcome = migrate(
    { path, source: before },
    {
      transforms: builtInTransforms,
      repository: options.repository === false ? undefined : repository,
      context: options.context,
      options: options.options,
    },
  );
  if (outcome.status !== "changed")
    throw new Error(`${outcome.status}: ${outcome.reasons.map(({ code }) => code).join(", ")}`);
  const document = readDocument(before);
  const context =
    options.context ??
    ("problem" in document ? undefined : findBuildContext(document, repository, path));
  return verifyTexts(
    {
      path,
      before,
      after: outcome.text,
      context: context === undefined ? dirname(file) : join(repositoryRoot, context),
      ignoreFile: ownIgnoreFile(file),
      isMigration: true,
    },
    {
      probes: probe.http ?? [],
      run: {
        network: probe.network,
        environment: Object.entries(probe.environment ?? {}).map(
          ([name, value]) => `${name}=${value}`,
        ),
        ...(probe.arguments ? { arguments: probe.arguments } : {}),
      },
      startTimeout: (probe.timeoutSeconds ?? 10) * 1000,
    },
  );
}

function readJson<T>(directory: string, name: string): T {
  const file = join(directory, name);
  return JSON.parse(existsSync(file) ? readFileSync(file, "utf8") : "{}") as T;
}

function record({ name }: Fixture, probe: ProbeFile, verification: Verification): void {
  const isBroken = verification.verdict === "original-broken";
  const compared = probe.http ? `${probe.http.length} HTTP` : "exit code and output";
  const sameAnswers = isBroken
    ? "the original never started"
    : verification.verdict === "better"
      ? `yes (${compared})`
      : "no";
  measured.set(name, { row: verificationRow(verification), sameAnswers });
}

/** What others have measured, to stand beside ours. */
const documented = [
  ["documented: Go to scratch", "1.05 GB", "11.8 MB", "1.1 %", "–"],
  ["documented: Go to alpine", "1.05 GB", "508 MB", "48 %", "–"],
  ["documented: a front end to nginx", "337 MB", "47.9 MB", "14 %", "–"],
];

function measuredTable(engineName: string): string {
  const own = [...measured]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { row, sameAnswers }]) => [name, ...row.slice(1, 4), sameAnswers]);
  const lines = [
    ["case", "before", "after", "ratio", "same answers"],
    ["---", "---:", "---:", "---:", "---"],
    ...own,
    ...documented,
  ];
  const note = usesStandIns
    ? "The base images of this run are stand-ins made from Debian packages (test/e2e/engine): their sizes are not Docker Hub's, so compare before and after, not with the documented results."
    : "The base images of this run are the official ones.";
  return `${lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n")}\n\n${note} Measured with ${engineName}.\n`;
}
