import type { FileFacts } from "./files.ts";
import { finding, kindOf, problemFinding } from "./findings.ts";
import type { Finding } from "./findings.ts";
import { configurationFindings } from "./compare-configuration.ts";
import { behaviourFindings, originalFindings } from "./compare-behaviour.ts";
import type { ImageFacts } from "./engine.ts";
import type { Observation, Probe } from "./probe.ts";
import { isOfTheSurroundings, problemMessage } from "./problems.ts";
import type { Problem } from "./problems.ts";
import { readableSize } from "./size.ts";

/** What one Dockerfile came to. */
export interface Measurement {
  /** Why there is no image. */
  readonly problem: Problem | undefined;
  readonly image: ImageFacts | undefined;
  readonly observation: Observation | undefined;
  /** Of the image after only. */
  readonly files: FileFacts | undefined;
  /** Of the build, in milliseconds. */
  readonly buildTime: number;
  /** The `# syntax=` line was taken out, since its image could not be had. */
  readonly withoutSyntaxImage: boolean;
}

export interface Comparison {
  readonly before: Measurement;
  readonly after: Measurement;
  /** The original a second time, when the first comparison found other answers: what varies by itself is no one's fault. */
  readonly again: Observation | undefined;
  /** Differences of the image contract that the migration's reasons name: `env:GOPATH`, `command`, … */
  readonly named: ReadonlySet<string>;
  /** A stage was added, so that the image should be smaller. */
  readonly expectsSmaller: boolean;
  /** Those that were asked for; a port that is only exposed need not answer. */
  readonly probes: readonly Probe[];
}

/**
 * `better`: as before, and smaller. `same`: as before, and no larger. `worse`: a defect of the migration.
 * `original-broken`: the original does not build or run, so there is nothing to compare with. `unknown`: an engine, a
 * registry or a network kept it from being seen.
 */
export type Verdict = "better" | "same" | "worse" | "original-broken" | "unknown";

/** Of the size: what rebuilding the same thing may differ by. */
const tolerance = 0.01;

/** Compares two images. Pure. */
export function compare(comparison: Comparison): Finding[] {
  const { before, after } = comparison;
  if (before.problem && isOfTheSurroundings(before.problem))
    return [surroundings("the original", before.problem)];
  const found: Finding[] = [];
  if (before.problem) found.push(problemFinding("original-does-not-build", before.problem));
  if (after.problem) {
    if (isOfTheSurroundings(after.problem))
      found.push(surroundings("the migrated file", after.problem));
    // Whether it is the migration's fault can't be told when the original does not build either.
    else if (!before.problem) found.push(problemFinding("does-not-build", after.problem));
    return found;
  }
  if (before.withoutSyntaxImage || after.withoutSyntaxImage)
    found.push(finding("syntax-image-left-out"));
  found.push(...originalFindings(comparison));
  const isBroken = found.some((entry) => kindOf(entry) === "original");
  found.push(...behaviourFindings(comparison, isBroken));
  if (before.image && after.image) {
    found.push(
      ...configurationFindings(
        before.image.configuration,
        after.image.configuration,
        comparison.named,
      ),
    );
    found.push(...sizeFindings(before.image.size, after.image.size, comparison.expectsSmaller));
  }
  if (after.files) found.push(...fileFindings(after.files, isBroken));
  return found;
}

function surroundings(which: string, problem: Problem): Finding {
  return finding(
    "surroundings",
    { which, problem: problemMessage(problem), cause: problem.code },
    problem.lines,
  );
}

function sizeFindings(before: number, after: number, expectsSmaller: boolean): Finding[] {
  const sizes = { before: readableSize(before), after: readableSize(after) };
  if (expectsSmaller) return after < before ? [] : [finding("not-smaller", sizes)];
  return after > before * (1 + tolerance) ? [finding("larger", sizes)] : [];
}

function fileFindings({ leftovers, startProblem }: FileFacts, isBroken: boolean): Finding[] {
  const found = leftovers.map(({ code, count, size, example }) =>
    finding(code, { count: String(count), size: readableSize(size), example }),
  );
  if (!startProblem || isBroken) return found;
  const { code, file, interpreter } = startProblem;
  return [...found, finding(code, { file, ...(interpreter === undefined ? {} : { interpreter }) })];
}

/** What the findings come to. */
export function verdictOf(
  findings: readonly Finding[],
  before: Measurement,
  after: Measurement,
): Verdict {
  const kinds = new Set(findings.map(kindOf));
  if (kinds.has("worse")) return "worse";
  if (kinds.has("unknown")) return "unknown";
  if (kinds.has("original")) return "original-broken";
  const sizes = [before.image?.size ?? 0, after.image?.size ?? 0] as const;
  return sizes[1] < sizes[0] * (1 - tolerance) ? "better" : "same";
}
