import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "./build.ts";
import { compare, verdictOf } from "./compare.ts";
import type { Comparison, Measurement, Verdict } from "./compare.ts";
import type { BuildOptions, Engine, RunOptions } from "./engine.ts";
import { readFileFacts } from "./files.ts";
import type { FileFacts } from "./files.ts";
import type { Finding, FindingCode } from "./findings.ts";
import { namedDifferences, stageCount } from "./named-differences.ts";
import { observe } from "./probe.ts";
import type { Observation, Probe } from "./probe.ts";
import { isOfTheSurroundings } from "./problems.ts";

export interface VerifyOptions {
  readonly build?: BuildOptions;
  readonly run?: RunOptions;
  /** What is asked of a server; without any, the root of every port that listens. */
  readonly probes?: readonly Probe[];
  /** `false`: no `# syntax=` line counts. */
  readonly syntaxImage?: boolean;
  /** Of one build, in milliseconds. */
  readonly buildTimeout?: number;
  /** Until a started image serves or ends, in milliseconds. */
  readonly startTimeout?: number;
}

/** Two texts of one Dockerfile. */
export interface VerifyRequest {
  /** How it is named in the result. */
  readonly path: string;
  readonly before: string;
  readonly after: string;
  /** Absolute. It is read by the engine and never written. */
  readonly context: string;
  readonly ignoreFile?: string | undefined;
  /** The text after comes from `migrate`, whose reasons name each difference of the image contract that is meant. */
  readonly isMigration: boolean;
}

export type Phase =
  | "build-before"
  | "build-after"
  | "run-before"
  | "run-after"
  | "read-files"
  | "run-again";

export interface Verification {
  readonly path: string;
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
  readonly before: Measurement;
  readonly after: Measurement;
  /** In all, in milliseconds. */
  readonly time: number;
}

export interface Surveillance {
  /** Ends it; what was started is removed before the promise rejects with the signal's reason. */
  readonly signal: AbortSignal;
  readonly onPhase?: (phase: Phase) => void;
  /** Called with each line the engine prints while it builds. */
  readonly onLine?: (line: string) => void;
}

export const defaultBuildTimeout = 900_000;
export const defaultStartTimeout = 20_000;

/** Findings that may come of what differs from run to run: the time of day, a name by chance. */
const variable: ReadonlySet<FindingCode> = new Set<FindingCode>([
  "output-differs",
  "body-differs",
  "redirect-differs",
]);

/**
 * Builds a Dockerfile before and after its migration, starts both images, and compares them. Leaves no image and no container
 * behind, and writes into a temporary directory only.
 */
export async function verify(
  request: VerifyRequest,
  engine: Engine,
  options: VerifyOptions,
  watch: Surveillance,
): Promise<Verification> {
  const start = performance.now();
  const id = randomUUID().slice(0, 13);
  const directory = await mkdtemp(join(tmpdir(), "msb-migrate-verify-"));
  const images = {
    before: `localhost/msb-migrate-verify:${id}-before`,
    after: `localhost/msb-migrate-verify:${id}-after`,
  };
  const { probes = [], startTimeout = defaultStartTimeout } = options;

  async function buildSide(side: "before" | "after"): Promise<Measurement> {
    watch.onPhase?.(`build-${side}`);
    const { problem, time, withoutSyntaxImage } = await build({
      engine,
      image: images[side],
      text: request[side],
      directory: join(directory, side),
      context: request.context,
      ignoreFile: request.ignoreFile,
      options: options.build ?? {},
      usesSyntaxImage: options.syntaxImage !== false,
      timeout: options.buildTimeout ?? defaultBuildTimeout,
      signal: watch.signal,
      onLine: watch.onLine,
    });
    const image = problem ? undefined : await engine.inspect(images[side], watch.signal);
    return {
      problem,
      image,
      observation: undefined,
      files: undefined,
      buildTime: time,
      withoutSyntaxImage,
    };
  }

  function run(
    side: "before" | "after",
    { image }: Measurement,
    phase: Phase,
    awaited: readonly number[],
    asked: readonly Probe[] | undefined,
  ) {
    watch.onPhase?.(phase);
    return observe({
      engine,
      image: images[side],
      name: `msb-migrate-${id}-${phase}`,
      configuration: image!.configuration,
      run: options.run ?? {},
      probes: asked,
      awaited,
      timeout: startTimeout,
      signal: watch.signal,
    });
  }

  try {
    const built = await buildSide("before");
    const asked = probes.length > 0 ? probes : undefined;
    const ports = built.image ? expectedPorts(built, probes) : [];
    const before = built.image
      ? { ...built, observation: await run("before", built, "run-before", ports, asked) }
      : built;
    const isHopeless = built.problem !== undefined && isOfTheSurroundings(built.problem);
    let after = isHopeless ? nothing : await buildSide("after");
    if (after.image) {
      const served = before.observation
        ? servedPorts(before.observation)
        : expectedPorts(after, probes);
      const observation = await run(
        "after",
        after,
        "run-after",
        served,
        asked ?? before.observation?.answers,
      );
      watch.onPhase?.("read-files");
      after = {
        ...after,
        observation,
        files: await fileFacts(engine, images.after, after, watch.signal),
      };
    }
    const comparison: Comparison = {
      before,
      after,
      again: undefined,
      named: request.isMigration ? namedDifferences(request.before, request.after) : new Set(),
      expectsSmaller: stageCount(request.after) > stageCount(request.before),
      probes,
    };
    let findings = compare(comparison);
    if (findings.some(({ code }) => variable.has(code)) && before.observation) {
      const again = await run(
        "before",
        before,
        "run-again",
        servedPorts(before.observation),
        asked ?? before.observation.answers,
      );
      findings = compare({ ...comparison, again });
    }
    return {
      path: request.path,
      verdict: verdictOf(findings, before, after),
      findings,
      before,
      after,
      time: Math.round(performance.now() - start),
    };
  } finally {
    await engine.removeImages(Object.values(images));
    await rm(directory, { recursive: true, force: true });
  }
}

const nothing: Measurement = {
  problem: undefined,
  image: undefined,
  observation: undefined,
  files: undefined,
  buildTime: 0,
  withoutSyntaxImage: false,
};

/** TCP ports that should listen: those that are asked, or else those that are exposed. */
function expectedPorts({ image }: Measurement, probes: readonly Probe[]): number[] {
  if (probes.length > 0) return probes.map(({ port }) => port);
  const exposed = image?.configuration.exposedPorts ?? [];
  return exposed.flatMap((port) => (port.endsWith("/tcp") ? [Number.parseInt(port, 10)] : []));
}

function servedPorts({ sockets }: Observation): number[] {
  return sockets.filter(({ protocol }) => protocol === "tcp").map(({ port }) => port);
}

function fileFacts(
  engine: Engine,
  image: string,
  { image: facts }: Measurement,
  signal: AbortSignal,
): Promise<FileFacts> {
  return engine.readFiles(image, (tar) => readFileFacts(tar, facts!.configuration), signal);
}
