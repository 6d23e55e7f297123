import { stageCopies } from "./copied-files.ts";
import { readDocument, type Document, type Stage } from "./document.ts";
import type { ReadProblem } from "./line-reader.ts";
import {
  parentStage,
  walkStage,
  type ImageContract,
  type Setting,
  type Start,
} from "./image-contract.ts";
import { isWithin } from "./path.ts";
import { disagreement } from "./second-reading.ts";
import { programCandidates, startupOf } from "./start.ts";
import { parseStringArray } from "./string-array.ts";
import { expand } from "./words.ts";

/** Stage names that mean something else to BuildKit. Source: https://docs.docker.com/reference/build-checks/reserved-stage-name/ */
const RESERVED_NAMES = new Set(["scratch", "context"]);

/**
 * Checks a rewritten file against the one it came from.
 *
 * @param read gives the document of a text; passed in by a caller that has read it already
 * @param allows differences of the image contract that a reason names: `env:GOPATH`, `env:*`, `command`, …
 * @returns what is wrong, one sentence each; empty when everything holds.
 */
export function violations(
  before: Document,
  afterSource: string,
  allows: ReadonlySet<string>,
  read: (source: string) => Document | ReadProblem = readDocument,
): string[] {
  const after = read(afterSource);
  if ("problem" in after)
    return [`the result cannot be read: ${after.problem} (line ${after.line})`];
  const readings = disagreement(after);
  if (readings) return [`${readings.problem} in the result (line ${readings.line})`];
  const found: string[] = [];
  found.push(...stageViolations(before, after));
  found.push(...commentViolations(before, after));
  const beforeStage = before.stages.at(-1)!;
  const afterStage = after.stages.at(-1)!;
  const expected = contractWithUndeclared(before, beforeStage);
  const actual = contractWithUndeclared(after, afterStage);
  for (const name of actual.undeclared) {
    if (!expected.undeclared.has(name)) found.push(`${name} is not declared in the final stage`);
  }
  for (const difference of contractDifferences(expected.contract, actual.contract)) {
    if (!isAllowed(difference, allows))
      found.push(`the image's ${difference} differs and no reason says why`);
  }
  if (before.stages.length !== after.stages.length)
    found.push(...startViolations(after, afterStage, actual.contract));
  return found;
}

function isAllowed(difference: string, allows: ReadonlySet<string>): boolean {
  return allows.has(difference) || allows.has("*") || allows.has(`${difference.split(":")[0]}:*`);
}

function stageViolations(before: Document, after: Document): string[] {
  const found: string[] = [];
  const known = new Set(externalSources(before));
  const names = new Set<string>();
  for (const stage of after.stages) {
    if (stage.name === undefined) continue;
    if (RESERVED_NAMES.has(stage.name)) found.push(`${stage.name} is a reserved stage name`);
    if (names.has(stage.name)) found.push(`two stages are named ${stage.name}`);
    names.add(stage.name);
  }
  for (const source of externalSources(after)) {
    if (!known.has(source)) found.push(`--from=${source} is no stage`);
  }
  return found;
}

/** Values of `--from` (COPY and RUN --mount) that name no earlier stage. */
function externalSources(document: Document): string[] {
  const sources: string[] = [];
  for (const stage of document.stages) {
    const earlier = (value: string): boolean =>
      document.stages.some(
        (candidate) =>
          candidate.index < stage.index &&
          (candidate.name === value.toLowerCase() || String(candidate.index) === value),
      );
    for (const instruction of stage.instructions) {
      for (const flag of instruction.flags) {
        const value =
          flag.name === "from"
            ? flag.value
            : flag.name === "mount"
              ? /(?:^|,)from=([^,]*)/.exec(flag.value ?? "")?.[1]
              : undefined;
        if (value !== undefined && !earlier(value)) sources.push(value);
      }
    }
  }
  return sources;
}

/** Every comment of the file before must stand in the file after, as often. */
function commentViolations(before: Document, after: Document): string[] {
  const counts = new Map<string, number>();
  for (const text of commentTexts(after)) counts.set(text, (counts.get(text) ?? 0) + 1);
  const found: string[] = [];
  for (const text of commentTexts(before)) {
    const count = counts.get(text) ?? 0;
    if (count === 0) found.push(`the comment "${text}" is lost`);
    counts.set(text, count - 1);
  }
  return found;
}

function commentTexts(document: Document): string[] {
  const spans = [
    ...document.comments.map((comment) => comment.span),
    ...document.directives.map((directive) => directive.span),
    ...document.instructions.flatMap((instruction) => instruction.innerComments),
  ];
  return spans.map((span) => document.source.slice(span.start, span.end).trim());
}

/** The contract, and the variables that the stage's configuration refers to without their being set anywhere. */
function contractWithUndeclared(
  document: Document,
  stage: Stage,
): { contract: ImageContract; undeclared: ReadonlySet<string> } {
  const undeclared = new Set<string>();
  const contract = walkStage(document, stage, (instruction, state) => {
    if (
      ["RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK", "SHELL", "ONBUILD"].includes(instruction.keyword)
    )
      return;
    if (!instruction.body.text.includes("$")) return;
    for (const name of expand(instruction.body.text, state.lookup, document.escape).references) {
      if (state.lookup(name) === null) undeclared.add(name);
    }
  });
  return { contract, undeclared };
}

/** Names of the fields in which two contracts differ: `user`, `env:NAME`, `port:80/tcp`, … */
export function contractDifferences(before: ImageContract, after: ImageContract): string[] {
  const found: string[] = [];
  const names = new Set([...before.environment.keys(), ...after.environment.keys()]);
  for (const name of names) {
    const own = before.environment.get(name);
    const other = after.environment.get(name);
    if (!own || !other || !isSameSetting(own, other)) found.push(`env:${name}`);
  }
  const compare = (field: string, own: unknown, other: unknown): void => {
    if (own !== other) found.push(field);
  };
  compare("workdir", before.workingDirectory, after.workingDirectory);
  compare("user", userName(before.user), userName(after.user));
  compare("entrypoint", startText(before.entrypoint), startText(after.entrypoint));
  compare("command", startText(before.command), startText(after.command));
  compare("healthcheck", before.healthcheck, after.healthcheck);
  compare("stopsignal", before.stopSignal, after.stopSignal);
  compare("shell", JSON.stringify(before.shell), JSON.stringify(after.shell));
  compare("maintainer", before.maintainer, after.maintainer);
  compare("onbuild", before.triggers.length, after.triggers.length);
  found.push(...setDifferences("port", before.exposedPorts, after.exposedPorts));
  found.push(...setDifferences("volume", before.volumes, after.volumes));
  for (const name of new Set([...before.labels.keys(), ...after.labels.keys()])) {
    if (before.labels.get(name) !== after.labels.get(name)) found.push(`label:${name}`);
  }
  return found;
}

/** Two values that cannot be told are taken for the same when they are written the same. */
function isSameSetting(own: Setting, other: Setting): boolean {
  return own.value === other.value && (own.value !== undefined || own.text === other.text);
}

/** The ways to write root are one user. */
function userName(user: string): string {
  return /^(?:(?:0|root)(?::(?:0|root))?)?$/.test(user) ? "root" : user;
}

function startText(start: Start | undefined): string | undefined {
  if (!start || (start.form === "exec" && start.words.length === 0)) return undefined;
  return JSON.stringify(start.form === "exec" ? start.words : [...start.shell, start.text.trim()]);
}

function setDifferences(
  kind: string,
  before: readonly string[],
  after: readonly string[],
): string[] {
  return [
    ...before.filter((value) => !after.includes(value)),
    ...after.filter((value) => !before.includes(value)),
  ].map((value) => `${kind}:${value}`);
}

/** Where a base image keeps programs of its own. */
const SYSTEM_DIRECTORIES = ["/bin", "/sbin", "/usr", "/lib"];

/**
 * In a new final stage the started program must be among the copied files, or one that the base image or a RUN may
 * have brought; what needs a shell must have one.
 */
function startViolations(document: Document, stage: Stage, contract: ImageContract): string[] {
  const startup = startupOf(contract);
  if (startup.kind === "none" || !contract.base) return [];
  const needsShell = startup.kind === "shell" || healthcheckNeedsShell(contract);
  const found: string[] = [];
  if (needsShell && !contract.base.hasShell)
    found.push("the final image has no shell, and its start or health check needs one");
  if (startup.kind !== "exec") return found;
  const copies = stageCopies(document, stage);
  const path = contract.environment.get("PATH")?.value;
  const candidates = programCandidates(startup.words[0]!, contract.workingDirectory, path);
  const isCopied = candidates.some((candidate) =>
    copies.some((copy) => copy.target === candidate || isWithin(candidate, copy.directory)),
  );
  if (!isCopied && !mayBring(document, stage, contract, candidates)) {
    found.push(`the started program ${startup.words[0]} is not copied into the final stage`);
  }
  return found;
}

/** Whether a program may come from elsewhere than a COPY: from the base image, an earlier stage, or a RUN. */
function mayBring(
  document: Document,
  stage: Stage,
  contract: ImageContract,
  candidates: readonly string[],
): boolean {
  if (parentStage(document, stage)) return true;
  if (!contract.base?.hasShell) return false;
  if (stage.instructions.some((instruction) => instruction.keyword === "RUN")) return true;
  const isOfBase = (contract.entrypoint ?? contract.command)?.instruction === undefined;
  return (
    isOfBase ||
    candidates.some((candidate) =>
      SYSTEM_DIRECTORIES.some((directory) => isWithin(candidate, directory)),
    )
  );
}

/** Whether the health check is in shell form. */
export function healthcheckNeedsShell({ healthcheck }: ImageContract): boolean {
  const body = healthcheck?.replace(/^(?:--\S+\s+)*/, "");
  return body !== undefined && /^CMD\b/i.test(body) && !parseStringArray(body.slice(3));
}
