import type { Document } from "./document.ts";
import { lineOf } from "./document.ts";
import type { Reason } from "./outcome.ts";
import type { Note } from "./plan.ts";
import type { ReasonDefinition, ReasonTable, Transform } from "./transform.ts";

/** The codes that the core itself gives; each transform brings its own table. The one place where codes become prose. */
export const coreReasons = {
  "unreadable-syntax": {
    kind: "refusal",
    message: "the file cannot be read for certain: {problem}",
    remedy: "Correct the line; `docker build --check` shows what BuildKit says of it.",
    page: `The file is one that BuildKit would reject, or one in which two independent readers (ours, by BuildKit's
rules, and dockerfile-ast) see an instruction begin or end at different places. A rewrite could then cut it in the wrong
place, so the file is left alone.`,
    source: "https://docs.docker.com/reference/dockerfile/",
  },
  "verification-failed": {
    kind: "refusal",
    message: "the rewritten file did not pass the checks: {problem}",
    remedy: "This is a fault of the transform that made it: please report the file.",
    page: `Every rewritten file is read again before it is offered: both readers must take it, every \`--from\` must
resolve, stage names must be valid and free, variables declared, the image's configuration the same but for named reasons,
the started file copied, no comment lost, and a second run must change nothing. One of these did not hold.`,
  },
  "transform-declined": {
    kind: "unchanged",
    message: "{transform} had nothing to change",
    page: "A transform returned nothing, or the text it was given, as jscodeshift's transforms do to say that there is nothing to do.",
  },
  "transform-threw": {
    kind: "failure",
    message: "{transform} failed: {problem}",
    remedy:
      "The file was left as it is. If the transform is a built-in one, please report the file.",
    page: "A transform threw an error while it looked at the file. Other files are not affected.",
  },
} as const satisfies ReasonTable;

/** A reason out of a note: prose from the table, lines from the document. */
export function makeReason(note: Note, table: ReasonTable, document: Document | undefined): Reason {
  const definition = definitionOf(note.code, table);
  const span = note.at && ("span" in note.at ? note.at.span : note.at);
  const lines =
    document && span
      ? {
          line: lineOf(document, span.start),
          endLine: lineOf(document, Math.max(span.start, span.end - 1)),
        }
      : {};
  return {
    code: note.code,
    message: fill(definition.message, note.data),
    ...(definition.remedy === undefined ? {} : { remedy: fill(definition.remedy, note.data) }),
    ...lines,
    evidence: note.evidence.filter(
      ({ path, line }, index, all) =>
        all.findIndex((other) => other.path === path && other.line === line) === index,
    ),
  };
}

/** @throws for a code that no table holds: a transform must list its codes in `meta.reasons`. */
export function definitionOf(code: string, table: ReasonTable): ReasonDefinition {
  const definition = Object.hasOwn(table, code) ? table[code] : (coreReasons as ReasonTable)[code];
  if (!definition) throw new Error(`the code ${code} stands in no table of reasons`);
  return definition;
}

function fill(template: string, data: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => data[name] ?? whole);
}

/** All codes of the core and of these transforms, with the name of the transform they belong to. */
export function allReasons(
  transforms: readonly Pick<Transform, "meta">[],
): ReadonlyMap<
  string,
  { readonly definition: ReasonDefinition; readonly transform: string | undefined }
> {
  const all = new Map<string, { definition: ReasonDefinition; transform: string | undefined }>();
  for (const [code, definition] of Object.entries(coreReasons))
    all.set(code, { definition, transform: undefined });
  for (const { meta } of transforms) {
    for (const [code, definition] of Object.entries(meta.reasons))
      all.set(code, { definition, transform: meta.name });
  }
  return all;
}

/** The page of one code in Markdown, or `undefined` when there is no such code. */
export function explain(
  code: string,
  transforms: readonly Pick<Transform, "meta">[],
): string | undefined {
  const entry = allReasons(transforms).get(code);
  if (!entry) return undefined;
  const { kind, message, page, remedy, source } = entry.definition;
  return (
    [
      `# ${code}`,
      `*${kind}${entry.transform ? ` of ${entry.transform}` : ""}*: ${message}.`,
      page.replace(/\n(?!\n)/g, " ").replace(/\n +/g, "\n\n"),
      ...(remedy ? [`**What to do:** ${remedy}`] : []),
      ...(source ? [`Source: ${source}`] : []),
    ].join("\n\n") + "\n"
  );
}
