import type { Outcome } from "../core/outcome.ts";
import type { Verdict } from "./compare.ts";
import { findingMessage, kindOf } from "./findings.ts";
import type { Finding } from "./findings.ts";
import type { Problem } from "./problems.ts";
import { problemMessage, problems } from "./problems.ts";
import { readableSize } from "./size.ts";
import type { Verification } from "./verify.ts";
import { createPaint, visible } from "../report/paint.ts";
import type { Paint, Role } from "../report/paint.ts";

/** What `msb-migrate verify` found out. */
export interface VerificationReport {
  /** `undefined` when none was needed. */
  readonly engine: string | undefined;
  readonly verifications: readonly Verification[];
  /** Files that could not be compared at all. */
  readonly failures: readonly { readonly path: string; readonly problem: Problem }[];
  /** What the migration leaves as it is, refuses, or fails on. */
  readonly others: readonly Outcome[];
}

/** The version of the JSON format. */
export const verificationVersion = 1;

export function verificationJson(report: VerificationReport): string {
  const value = {
    version: verificationVersion,
    engine: report.engine ?? null,
    summary: countVerdicts(report),
    files: report.verifications.map(jsonVerification),
    failures: report.failures.map(({ path, problem }) => ({ path, ...jsonProblem(problem) })),
    notVerified: report.others.map(({ path, status, reasons }) => ({
      path,
      status,
      codes: reasons.map(({ code }) => code),
    })),
  };
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function jsonVerification({ path, verdict, findings, before, after, time }: Verification) {
  const side = ({ problem, image, observation, buildTime }: Verification["before"]) => ({
    size: image?.size ?? null,
    buildMilliseconds: buildTime,
    problem: problem ? jsonProblem(problem) : null,
    configuration: image?.configuration ?? null,
    exitCode: observation?.exitCode ?? null,
    ports:
      observation?.sockets.map(({ port, protocol, scope }) => ({ port, protocol, scope })) ?? [],
    answers:
      observation?.answers.map(({ port, path: asked, answer }) => ({
        port,
        path: asked,
        ...answer,
      })) ?? [],
    health: observation?.health ?? null,
    output: observation?.stdout ?? null,
  });
  return {
    path,
    verdict,
    ratio: ratioOf({ before, after }) ?? null,
    milliseconds: time,
    findings: findings.map((entry) => ({
      code: entry.code,
      kind: kindOf(entry),
      message: findingMessage(entry),
      data: entry.data,
      lines: entry.lines,
    })),
    before: side(before),
    after: side(after),
  };
}

function jsonProblem(problem: Problem) {
  const { code, lines } = problem;
  return { code, message: problemMessage(problem), remedy: problems[code].remedy ?? null, lines };
}

export function countVerdicts({
  verifications,
  failures,
}: VerificationReport): Readonly<Record<Verdict, number>> {
  const counts = { better: 0, same: 0, worse: 0, "original-broken": 0, unknown: failures.length };
  for (const { verdict } of verifications) counts[verdict]++;
  return counts;
}

/** The size after in parts of the size before. */
function ratioOf({ before, after }: Pick<Verification, "before" | "after">): number | undefined {
  if (!before.image || !after.image || before.image.size === 0) return undefined;
  return after.image.size / before.image.size;
}

/** Before, after, ratio, verdict of one file, as cells of a table. */
export function verificationRow(
  verification: Verification,
): [path: string, before: string, after: string, ratio: string, verdict: string] {
  const { path, verdict, before, after } = verification;
  const size = (side: Verification["before"]) => (side.image ? readableSize(side.image.size) : "–");
  const ratio = ratioOf(verification);
  return [
    path,
    size(before),
    size(after),
    ratio === undefined ? "–" : `${Number((ratio * 100).toPrecision(2))} %`,
    verdict,
  ];
}

const heads = ["file", "before", "after", "ratio", "verdict"] as const;

export function verificationMarkdown(report: VerificationReport): string {
  const cell = (text: string) => visible(text).replace(/[|\\]/g, "\\$&").replace(/\n/g, " ");
  const rows = [
    heads,
    ["---", "---:", "---:", "---:", "---"],
    ...report.verifications.map(verificationRow),
  ];
  const table = rows.map((row, index) => `| ${row.map(index === 1 ? String : cell).join(" | ")} |`);
  const findings = report.verifications.flatMap(({ path, findings: found }) =>
    remarkable(found).map(
      (entry) => `- \`${cell(path)}\`: ${cell(findingMessage(entry))} (\`${entry.code}\`)`,
    ),
  );
  const failures = report.failures.map(
    ({ path, problem }) =>
      `- \`${cell(path)}\`: ${cell(problemMessage(problem))} (\`${problem.code}\`)`,
  );
  return [
    table.join("\n"),
    [...findings, ...failures].join("\n"),
    `Measured with ${report.engine ?? "no engine"}.`,
  ]
    .filter((part) => part !== "")
    .join("\n\n")
    .concat("\n");
}

const roles = {
  better: "added",
  same: "faint",
  worse: "failure",
  "original-broken": "warning",
  unknown: "warning",
} as const satisfies Readonly<Record<Verdict, Role>>;

export function verificationPretty(
  report: VerificationReport,
  options: { readonly color: boolean; readonly verbose: boolean },
): string {
  const paint = createPaint(options.color);
  const rows = report.verifications.map(verificationRow);
  if (rows.length === 0 && report.failures.length === 0) return "There is no change to verify.\n";
  const widths = heads.map((head, column) =>
    Math.max(...[head, ...rows.map((row) => row[column]!)].map((text) => visible(text).length)),
  );
  const line = (row: readonly string[]) =>
    row.map((text, column) =>
      column === 0 || column === 4
        ? visible(text).padEnd(widths[column]!)
        : visible(text).padStart(widths[column]!),
    );
  const parts = rows.length === 0 ? [] : [paint("heading", line(heads).join("  ").trimEnd())];
  for (const [index, verification] of report.verifications.entries()) {
    const cells = line(rows[index]!);
    parts.push(
      [...cells.slice(0, 4), paint(roles[verification.verdict], cells[4]!.trimEnd())].join("  "),
    );
    const shown = options.verbose ? verification.findings : remarkable(verification.findings);
    parts.push(...shown.flatMap((entry) => findingLines(entry, paint)));
  }
  for (const { path, problem } of report.failures)
    parts.push(`${visible(path)}: ${visible(problemMessage(problem))} [${problem.code}]`);
  return `${parts.join("\n")}\n`;
}

function findingLines(entry: Finding, paint: Paint): string[] {
  const kind = kindOf(entry);
  const text = `  ${visible(findingMessage(entry))} [${entry.code}]`;
  if (kind === "note") return [paint("faint", text)];
  const said = entry.lines.map((line) => paint("faint", `    | ${visible(line)}`));
  return [paint(kind === "worse" ? "failure" : "warning", text), ...said];
}

/** Without what every good migration has: differences that its reasons name. */
function remarkable(findings: readonly Finding[]): Finding[] {
  return findings.filter(
    ({ code }) =>
      ![
        "configuration-named",
        "configuration-toolchain",
        "configuration-gained",
        "exec-form",
      ].includes(code),
  );
}
