import { findBuildContext } from "./build-context.ts";
import { unifiedDiff } from "./diff.ts";
import { readDocument } from "./document.ts";
import type { ReadProblem } from "./line-reader.ts";
import { applyEdits } from "./edits.ts";
import { coreReasons, definitionOf, makeReason } from "./messages.ts";
import type { NotChanged, Outcome, Reason } from "./outcome.ts";
import { createPlan, type Note, type NoteDetails, type Place } from "./plan.ts";
import { queryable, type Dockerfile } from "./query.ts";
import type { Repository } from "./repository.ts";
import { disagreement } from "./second-reading.ts";
import type {
  SourceFile,
  Transform,
  TransformApi,
  TransformOptions,
  TransformResult,
} from "./transform.ts";
import { violations } from "./verify.ts";

export interface MigrateOptions {
  /** Run in this order, each on what the one before it left. */
  readonly transforms: readonly Transform[];
  /** Reads the repository; the file's path is relative to its root. Without it every change is `review`. */
  readonly repository?: Repository | undefined;
  /** Build context directory, relative to the repository's root; told from the COPY sources when it is not given. */
  readonly context?: string | undefined;
  /** Options of the transforms, by their names in `meta.options`. */
  readonly options?: TransformOptions | undefined;
}

/** Ends a transform whose file cannot be read. */
class UnreadableFile extends Error {
  readonly line: number;
  constructor(problem: string, line: number) {
    super(problem);
    this.name = "UnreadableFile";
    this.line = line;
  }
}

type Step =
  | {
      readonly kind: "changed";
      readonly source: string;
      readonly notes: readonly Note[];
      readonly allows: ReadonlySet<string>;
    }
  | { readonly kind: "refused" | "unchanged"; readonly note: Note };

/**
 * Runs transforms over one file and verifies what they made. Pure and synchronous; never throws: a transform
 * that does makes the outcome `failed`.
 *
 * @example
 * const outcome = migrate({ path: "Dockerfile", source }, { transforms: builtInTransforms });
 * if (outcome.status === "changed") console.log(outcome.patch);
 */
export function migrate(file: SourceFile, options: MigrateOptions): Outcome {
  const read = reader();
  let source = file.source;
  const reasons: Reason[] = [];
  const assumptions: Reason[] = [];
  const allows = new Set<string>();
  const changedBy: string[] = [];
  const refusals: { transform: string; reason: Reason }[] = [];
  const nothings: { transform: string; reason: Reason }[] = [];

  for (const transform of options.transforms) {
    const { name } = transform.meta;
    try {
      const step = runTransform(transform, { path: file.path, source }, read, options);
      const document = read.last(source);
      if (step.kind === "changed") {
        for (const note of step.notes) {
          const { kind } = definitionOf(note.code, transform.meta.reasons);
          (kind === "assumption" ? assumptions : reasons).push(
            makeReason(note, transform.meta.reasons, document),
          );
        }
        for (const difference of [...step.allows, ...(transform.meta.mayChange ?? [])])
          allows.add(difference);
        source = step.source;
        changedBy.push(name);
      } else {
        const reason = makeReason(step.note, transform.meta.reasons, document);
        (step.kind === "refused" ? refusals : nothings).push({ transform: name, reason });
      }
    } catch (error) {
      if (error instanceof UnreadableFile)
        return unreadable(file.path, name, error.message, error.line);
      const note = coreNote("transform-threw", {
        transform: name,
        problem: error instanceof Error ? error.message : String(error),
      });
      return {
        path: file.path,
        status: "failed",
        transforms: [name],
        reasons: [makeReason(note, coreReasons, undefined)],
      };
    }
  }

  if (changedBy.length === 0) {
    const said = refusals.length > 0 ? refusals : telling(nothings, options.transforms);
    const status = refusals.length > 0 ? "refused" : "unchanged";
    return {
      path: file.path,
      status,
      transforms: status === "refused" ? said.map((entry) => entry.transform) : [],
      reasons: said.map((entry) => entry.reason),
    };
  }

  const before = read.attempt(file.source);
  if ("problem" in before) return unreadable(file.path, changedBy[0]!, before.problem, before.line);
  const readings = disagreement(before);
  if (readings) return unreadable(file.path, changedBy[0]!, readings.problem, readings.line);
  const [problem] = [
    ...violations(before, source, allows, read.attempt),
    ...(isStable(source, file.path, read, options)
      ? []
      : ["a second run would change the file again"]),
  ];
  if (problem !== undefined) {
    const note = coreNote("verification-failed", { problem });
    return {
      path: file.path,
      status: "refused",
      transforms: changedBy,
      reasons: [makeReason(note, coreReasons, before)],
    };
  }
  return {
    path: file.path,
    status: "changed",
    safety: assumptions.length > 0 ? "review" : "safe",
    transforms: changedBy,
    // What a reviewer must look at comes first, then the file from its top.
    reasons: [
      ...assumptions,
      ...reasons.sort((one, other) => (one.line ?? Infinity) - (other.line ?? Infinity) || 0),
    ],
    text: source,
    patch: unifiedDiff(file.path, file.source, source),
  };
}

/** Of the reasons to change nothing, those of transforms that the file is for, each once. */
function telling(
  nothings: readonly { readonly transform: string; readonly reason: Reason }[],
  transforms: readonly Transform[],
): readonly { readonly transform: string; readonly reason: Reason }[] {
  const isForeign = ({ transform, reason }: (typeof nothings)[number]): boolean =>
    transforms.find(({ meta }) => meta.name === transform)?.meta.reasons?.[reason.code]
      ?.isForeign === true;
  const own = nothings.filter((entry) => !isForeign(entry));
  const kept = own.length > 0 ? own : nothings;
  return kept.filter(
    ({ reason }, index) => kept.findIndex((other) => other.reason.code === reason.code) === index,
  );
}

function coreNote(code: keyof typeof coreReasons, data: Record<string, string>): Note {
  return { code, at: undefined, data, evidence: [] };
}

function unreadable(path: string, transform: string, problem: string, line: number): NotChanged {
  const reason = makeReason(coreNote("unreadable-syntax", { problem }), coreReasons, undefined);
  return {
    path,
    status: "refused",
    transforms: [transform],
    reasons: [{ ...reason, line, endLine: line }],
  };
}

/** Reads each text once, however many transforms and checks ask for it. */
function reader() {
  const readings = new Map<string, Dockerfile | ReadProblem>();
  function attempt(source: string): Dockerfile | ReadProblem {
    let reading = readings.get(source);
    if (!reading) {
      const document = readDocument(source);
      readings.set(source, (reading = "problem" in document ? document : queryable(document)));
    }
    return reading;
  }
  return {
    attempt,
    document(source: string): Dockerfile {
      const reading = attempt(source);
      if ("problem" in reading) throw new UnreadableFile(reading.problem, reading.line);
      return reading;
    },
    /** The document of a text that was read already. */
    last(source: string): Dockerfile | undefined {
      const reading = readings.get(source);
      return reading && !("problem" in reading) ? reading : undefined;
    },
  };
}

function runTransform(
  transform: Transform,
  file: SourceFile,
  read: ReturnType<typeof reader>,
  options: MigrateOptions,
): Step {
  const { repository, context } = options;
  const note = (code: string, at: Place | undefined, details: NoteDetails | undefined): Note => ({
    code,
    at,
    data: details?.data ?? {},
    evidence: details?.evidence ?? [],
  });
  const api: TransformApi = {
    dockerfile: (asked) => read.document(asked.source),
    plan: createPlan,
    refuse: (code, at, details) => ({ kind: "refused", note: note(code, at, details) }),
    unchanged: (code, at, details) => ({ kind: "unchanged", note: note(code, at, details) }),
    repository,
    contextDirectory: (document, findNamed) =>
      context ?? (repository && findBuildContext(document, repository, file.path, findNamed)),
  };
  const result: TransformResult = transform.transform(file, api, options.options ?? {});
  const declined: Step = {
    kind: "unchanged",
    note: coreNote("transform-declined", { transform: transform.meta.name }),
  };
  if (result === undefined || result === null) return declined;
  if (typeof result === "string") {
    return result === file.source
      ? declined
      : { kind: "changed", source: result, notes: [], allows: new Set() };
  }
  if (typeof result !== "object" || !["plan", "refused", "unchanged"].includes(result.kind)) {
    throw new TypeError(
      `it returned ${describe(result)}; a transform returns a string, a plan, api.refuse(…), api.unchanged(…) or nothing`,
    );
  }
  if (result.kind !== "plan") return result;
  const source = applyEdits(file.source, result.edits);
  return source === file.source
    ? declined
    : { kind: "changed", source, notes: result.notes, allows: result.allows };
}

function describe(value: unknown): string {
  return value instanceof Promise ? "a promise" : `a value of type ${typeof value}`;
}

function isStable(
  source: string,
  path: string,
  read: ReturnType<typeof reader>,
  options: MigrateOptions,
): boolean {
  return options.transforms.every((transform) => {
    try {
      return runTransform(transform, { path, source }, read, options).kind !== "changed";
    } catch (error) {
      if (error instanceof UnreadableFile) return true; // the checks say so with the line
      throw error;
    }
  });
}
