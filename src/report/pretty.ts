import type { Evidence, Outcome, Reason } from "../core/outcome.ts";
import { createPaint, visible } from "./paint.ts";
import type { Paint, Role } from "./paint.ts";
import { summarize, summaryLine } from "./summary.ts";
import type { Summary } from "./summary.ts";

export interface PrettyOptions {
  readonly color: boolean;
  /** Also list the files that stay as they are, with their reason. */
  readonly verbose?: boolean;
  /** The paths of the files whose new text was written; left out when nothing was to be written. */
  readonly written?: ReadonlySet<string>;
  /** Whether the numbers follow; they do by default. */
  readonly summary?: boolean;
}

/** The report for people: each file with its diff and reasons, then the numbers. */
export function prettyReport(outcomes: readonly Outcome[], options: PrettyOptions): string {
  const paint = createPaint(options.color);
  const { written } = options;
  const blocks: string[] = [];
  for (const outcome of outcomes) {
    if (outcome.status === "unchanged" && !options.verbose) continue;
    blocks.push(fileBlock(outcome, written, paint));
  }
  if (options.summary ?? true) blocks.push(summaryBlock(summarize(outcomes, written), paint));
  return blocks.join("\n");
}

function fileBlock(
  outcome: Outcome,
  written: ReadonlySet<string> | undefined,
  paint: Paint,
): string {
  const lines = [headline(outcome, written, paint)];
  if (outcome.status === "changed") lines.push(...patchLines(outcome.patch, paint));
  if (outcome.status === "changed" && outcome.reasons.length > 0) lines.push("");
  for (const reason of outcome.reasons) lines.push(...reasonLines(reason, paint));
  return `${lines.join("\n")}\n`;
}

function headline(
  outcome: Outcome,
  written: ReadonlySet<string> | undefined,
  paint: Paint,
): string {
  const path = paint("heading", visible(outcome.path));
  const transforms =
    outcome.transforms.length > 0 ? paint("faint", ` (${outcome.transforms.join(", ")})`) : "";
  return `${path}  ${verdict(outcome, written, paint)}${transforms}`;
}

function verdict(outcome: Outcome, written: ReadonlySet<string> | undefined, paint: Paint): string {
  switch (outcome.status) {
    case "changed": {
      const role: Role = outcome.safety === "safe" ? "added" : "warning";
      if (!written) return paint(role, `changed, ${outcome.safety}`);
      return paint(
        role,
        `${written.has(outcome.path) ? "written" : "not written"}, ${outcome.safety}`,
      );
    }
    case "refused":
      return paint("warning", "refused");
    case "failed":
      return paint("failure", "failed");
    case "unchanged":
      return paint("faint", "unchanged");
  }
}

/** The hunks of a patch; the file's name stands above them already. */
function patchLines(patch: string, paint: Paint): string[] {
  const lines = patch.split("\n");
  if (lines.at(-1) === "") lines.pop();
  const firstHunk = lines.findIndex((line) => line.startsWith("@@"));
  return lines.slice(Math.max(firstHunk, 0)).map((line) => `  ${paintPatchLine(line, paint)}`);
}

function paintPatchLine(line: string, paint: Paint): string {
  const text = visible(line);
  switch (line[0]) {
    case "+":
      return paint("added", text);
    case "-":
      return paint("removed", text);
    case "@":
      return paint("hunk", text);
    case "\\":
      return paint("faint", text);
    default:
      return text;
  }
}

function reasonLines(reason: Reason, paint: Paint): string[] {
  const place = placeOf(reason);
  const lines = [`  ${place}${visible(reason.message)} ${paint("faint", `[${reason.code}]`)}`];
  for (const evidence of reason.evidence)
    lines.push(paint("faint", `    seen: ${evidenceText(evidence)}`));
  if (reason.remedy !== undefined) lines.push(`    to settle it: ${visible(reason.remedy)}`);
  return lines;
}

function placeOf({ line, endLine }: Reason): string {
  if (line === undefined) return "";
  return endLine === undefined || endLine === line
    ? `line ${line}: `
    : `lines ${line}-${endLine}: `;
}

function evidenceText({ path, line, text }: Evidence): string {
  const place = line === undefined ? path : `${path}:${line}`;
  return visible(text === undefined ? place : `${place}  ${text}`);
}

function summaryBlock(summary: Summary, paint: Paint): string {
  const lines = [paint("heading", summaryLine(summary)) + writtenText(summary)];
  const shown = summary.codes.filter(
    ({ status }) => status === "refused" || status === "failed" || status === "unchanged",
  );
  const width = Math.max(0, ...shown.map(({ code }) => code.length));
  for (const { status, code, files } of shown) {
    lines.push(
      `  ${status.padEnd("unchanged".length)}  ${code.padEnd(width)}  ${paint("faint", String(files))}`,
    );
  }
  return `${lines.join("\n")}\n`;
}

function writtenText({ written }: Summary): string {
  return written > 0 ? `; ${written} written` : "";
}
