import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { readDocument } from "../core/document.ts";
import { migrate } from "../core/migrate.ts";
import type { Outcome } from "../core/outcome.ts";
import type { Transform, TransformOptions } from "../core/transform.ts";
import { directoryRepository } from "../node/repository-reader.ts";

/** A folder with a tiny repository and what a migration of its Dockerfile comes to. */
export interface Fixture {
  /** The folder's name: the situation. */
  readonly name: string;
  readonly directory: string;
  /** The Dockerfile's path in `repo/`. */
  readonly path: string;
  readonly source: string;
  readonly settings: FixtureSettings;
  readonly expected: FixtureOutcome;
  /** `expected.Dockerfile`; `undefined` when no change is expected. */
  readonly expectedText: string | undefined;
  /** `probe.json`: the fixture can be built and run. */
  readonly probe: Probe | undefined;
}

/** `options.json`. */
export interface FixtureSettings {
  /** The Dockerfile's path in `repo/`; `Dockerfile` by default. */
  readonly dockerfile?: string;
  /** Build context directory in `repo/`. */
  readonly context?: string;
  /** `false`: the transform sees the Dockerfile alone. */
  readonly repository?: boolean;
  readonly options?: TransformOptions;
}

/** `outcome.json`. */
export interface FixtureOutcome {
  readonly status: Outcome["status"];
  readonly safety?: "safe" | "review";
  /** Every code of the outcome, sorted, each once. */
  readonly codes: readonly string[];
}

/** `probe.json`: how the built image is tried. */
export interface Probe {
  /** Requests whose answers must be the same before and after; without them the image is a one-shot program. */
  readonly http?: readonly {
    readonly port: number;
    readonly path: string;
    /** 200 by default. */
    readonly status?: number;
  }[];
  /** Exit code of a one-shot program; 0 by default. */
  readonly exitCode?: number;
  readonly environment?: Readonly<Record<string, string>>;
  /** Arguments behind the image's name. */
  readonly arguments?: readonly string[];
  /** `false`: the image never started before the migration. */
  readonly originalStarts?: boolean;
  readonly timeoutSeconds?: number;
}

/** The fixtures below a directory, in name order. */
export function readFixtures(directory: string): Fixture[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => readFixture(join(directory, entry.name), entry.name))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

function readFixture(directory: string, name: string): Fixture {
  const settings = readJson<FixtureSettings>(join(directory, "options.json")) ?? {};
  const expected = readJson<FixtureOutcome>(join(directory, "outcome.json")) ?? {
    status: "failed",
    codes: [],
  };
  const path = settings.dockerfile ?? "Dockerfile";
  const expectedPath = join(directory, "expected.Dockerfile");
  return {
    name,
    directory,
    path,
    settings,
    expected,
    source: readFileSync(join(directory, "repo", path), "utf8"),
    expectedText: existsSync(expectedPath) ? readFileSync(expectedPath, "utf8") : undefined,
    probe: readJson<Probe>(join(directory, "probe.json")),
  };
}

function readJson<Value>(file: string): Value | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Value) : undefined;
}

/** What the transforms make of a fixture. */
export function outcomeOfFixture(fixture: Fixture, transforms: readonly Transform[]): Outcome {
  const { settings, directory, path, source } = fixture;
  return migrate(
    { path, source },
    {
      transforms,
      repository:
        settings.repository === false ? undefined : directoryRepository(join(directory, "repo")),
      context: settings.context,
      options: settings.options,
    },
  );
}

/**
 * Runs a fixture. Text, status, safety and codes must be as written; a second run must change nothing, `git apply` must
 * take the diff, and every comment must still be there.
 *
 * @returns what is wrong, one sentence each
 */
export function checkFixture(fixture: Fixture, transforms: readonly Transform[]): string[] {
  const outcome = outcomeOfFixture(fixture, transforms);
  const problems: string[] = [];
  const codes = [...new Set(outcome.reasons.map(({ code }) => code))].sort();
  const said = {
    status: outcome.status,
    ...(outcome.status === "changed" ? { safety: outcome.safety } : {}),
    codes,
  };
  if (JSON.stringify(said) !== JSON.stringify(fixture.expected)) {
    problems.push(`outcome ${JSON.stringify(said)}, expected ${JSON.stringify(fixture.expected)}`);
  }
  const text = outcome.status === "changed" ? outcome.text : undefined;
  if (text !== fixture.expectedText) {
    problems.push(
      text === undefined
        ? "no change, and expected.Dockerfile is there"
        : `the text differs from expected.Dockerfile:\n${text}`,
    );
  }
  if (outcome.status !== "changed") return problems;

  const again = outcomeOfFixture({ ...fixture, source: outcome.text }, transforms);
  if (again.status === "changed")
    problems.push(`a second run changes the file again:\n${again.patch}`);
  const applied = gitApply(fixture.path, fixture.source, outcome.patch);
  if (applied !== outcome.text) problems.push(`git apply does not give the new text: ${applied}`);
  for (const comment of commentsOf(fixture.source)) {
    if (!outcome.text.includes(comment)) problems.push(`the comment "${comment}" is lost`);
  }
  return problems;
}

function gitApply(path: string, source: string, patch: string): string {
  const directory = mkdtempSync(join(tmpdir(), "msb-migrate-fixture-"));
  try {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), source);
    const { status, stderr } = spawnSync("git", ["apply", "--whitespace=nowarn", "-"], {
      cwd: directory,
      input: patch,
      encoding: "utf8",
    });
    return status === 0 ? readFileSync(join(directory, path), "utf8") : stderr;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function commentsOf(source: string): string[] {
  const document = readDocument(source);
  if ("problem" in document) return [];
  const spans = [
    ...document.comments.map(({ span }) => span),
    ...document.instructions.flatMap(({ innerComments }) => innerComments),
  ];
  return spans.map(({ start, end }) => source.slice(start, end));
}
