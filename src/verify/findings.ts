import type { Problem } from "./problems.ts";

/**
 * What a comparison of two images can find: data. `worse` is the migration's fault, `original` was so before, `unknown` leaves
 * open what is better, a `note` changes no verdict.
 */
export interface FindingDefinition {
  readonly kind: "worse" | "original" | "unknown" | "note";
  /** One sentence; `{name}` is replaced by the finding's data. */
  readonly message: string;
}

export const findingDefinitions = {
  "original-does-not-build": {
    kind: "original",
    message: "the original does not build: {problem}",
  },
  "original-does-not-start": {
    kind: "original",
    message: "the original does not start: {problem}",
  },
  "original-ends": {
    kind: "original",
    message: "the original ends with {code} before it serves what it should: {said}",
  },
  "original-does-not-answer": {
    kind: "original",
    message: "the original does not answer on {probe}: {problem}",
  },
  "original-unhealthy": {
    kind: "note",
    message: "the health check of the original fails, too, without a network",
  },
  "after-starts": { kind: "note", message: "the migrated image starts" },

  "after-ends-otherwise": {
    kind: "note",
    message: "the migrated image ends in another way, with {code}: {said}",
  },

  surroundings: { kind: "unknown", message: "{which} can't be judged: {problem}" },

  "does-not-build": { kind: "worse", message: "the migrated file does not build: {problem}" },
  "does-not-start": { kind: "worse", message: "the migrated image does not start: {problem}" },
  "ends-early": {
    kind: "worse",
    message: "the migrated image ends with {code}, the original keeps running: {said}",
  },
  "keeps-running": {
    kind: "worse",
    message: "the migrated image keeps running, the original ends with {code}",
  },
  "exit-code-differs": {
    kind: "worse",
    message: "the migrated image ends with {after}, the original with {before}: {said}",
  },
  "output-differs": {
    kind: "worse",
    message: "standard output differs: {before} characters before, {after} after",
  },
  "port-not-served": { kind: "worse", message: "nothing listens on {port} any more" },
  "port-on-loopback-only": { kind: "worse", message: "{port} is open within the container only" },
  "no-answer": { kind: "worse", message: "{probe} does not answer any more: {problem}" },
  "status-differs": { kind: "worse", message: "{probe} answers {after}, before {before}" },
  "content-type-differs": {
    kind: "worse",
    message: "the content type of {probe} is {after}, before {before}",
  },
  "redirect-differs": { kind: "worse", message: "{probe} leads to {after}, before to {before}" },
  "body-differs": {
    kind: "worse",
    message: "the body of {probe} differs: {before} bytes before, {after} after",
  },
  "health-check-fails": {
    kind: "worse",
    message: "the health check is {after}, before it was healthy",
  },
  "start-file-missing": {
    kind: "worse",
    message: "the started program {file} is not in the image",
  },
  "interpreter-missing": {
    kind: "worse",
    message: "{file} needs {interpreter}, which is not in the image",
  },
  "configuration-lost": {
    kind: "worse",
    message: "{name} is lost and no reason says why: {before}",
  },
  "configuration-changed": {
    kind: "worse",
    message: "{name} differs and no reason says why: {before} became {after}",
  },
  "not-smaller": {
    kind: "worse",
    message: "the image has {after}, which is not less than {before}",
  },
  larger: { kind: "worse", message: "the image grew from {before} to {after}" },

  "configuration-named": {
    kind: "note",
    message: "{name} differs, as a reason of the migration says",
  },
  "configuration-toolchain": { kind: "note", message: "{name} stays with the toolchain" },
  "configuration-gained": {
    kind: "note",
    message: "{name} comes from the new base image: {after}",
  },
  "exec-form": { kind: "note", message: "{name} is the same command without a shell" },
  "answer-varies": {
    kind: "note",
    message: "{probe} answers differently each time, so its content can't be compared",
  },
  "output-varies": {
    kind: "note",
    message: "standard output differs from run to run, so it can't be compared",
  },
  "exposed-port-not-served": {
    kind: "note",
    message: "{port} is exposed, but nothing listens there in either image",
  },
  "both-end": {
    kind: "note",
    message:
      "both images end with {code}: what they need at run time is not there, so little was seen",
  },
  "nothing-observed": {
    kind: "note",
    message: "both images keep running and open no port, so little was seen",
  },
  "syntax-image-left-out": {
    kind: "note",
    message: "the # syntax= line was left out of both builds: its image can't be had here",
  },
  "leftover-git": { kind: "note", message: "the image still has a git repository: {example}" },
  "leftover-env-file": {
    kind: "note",
    message: "the image still has environment files: {example}",
  },
  "leftover-go-toolchain": {
    kind: "note",
    message: "the image still has a Go toolchain ({size}): {example}",
  },
  "leftover-cache": { kind: "note", message: "the image still has caches ({size}): {example}" },
  "leftover-compiler": { kind: "note", message: "the image still has a compiler: {example}" },
  "leftover-sources": {
    kind: "note",
    message: "the image still has {count} source files: {example}",
  },
} as const satisfies Readonly<Record<string, FindingDefinition>>;

export type FindingCode = keyof typeof findingDefinitions;

export interface Finding {
  readonly code: FindingCode;
  /** The values for the message. */
  readonly data: Readonly<Record<string, string>>;
  /** What the engine or the program said last. */
  readonly lines: readonly string[];
}

export function finding(
  code: FindingCode,
  data: Record<string, string> = {},
  lines: readonly string[] = [],
): Finding {
  return { code, data, lines };
}

/** A finding that an engine's problem is the cause of; its code is in the data. */
export function problemFinding(
  code: FindingCode,
  problem: Problem,
  lines: readonly string[] = problem.lines,
): Finding {
  return finding(code, { problem: problem.detail, cause: problem.code }, lines);
}

export function kindOf({ code }: Finding): FindingDefinition["kind"] {
  return findingDefinitions[code].kind;
}

/** The finding as one sentence. */
export function findingMessage({ code, data }: Finding): string {
  return findingDefinitions[code].message.replace(
    /\{(\w+)\}/g,
    (whole, name: string) => data[name] ?? whole,
  );
}
