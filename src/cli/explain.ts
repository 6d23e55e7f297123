import { builtInTransforms } from "../../transforms/index.ts";
import { allReasons, explain } from "../core/messages.ts";
import type { Transform } from "../core/transform.ts";
import { closestName } from "../node/closest-name.ts";
import { fileReasons } from "../node/reasons.ts";
import { findingDefinitions } from "../verify/findings.ts";
import { problems } from "../verify/problems.ts";

/** The codes about files, in the place of a transform's. */
const files: Pick<Transform, "meta"> = {
  meta: { name: "reading and writing files", description: "", reasons: fileReasons },
};

const sources = [...builtInTransforms, files];

/** Prints the page of a code. Returns the exit code. */
export function explainCode(code: string): number {
  const page = explain(code, sources);
  if (page !== undefined) {
    process.stdout.write(page);
    return 0;
  }
  const verification = verificationPage(code);
  if (verification !== undefined) {
    process.stdout.write(verification);
    return 0;
  }
  const known = [
    ...allReasons(sources).keys(),
    ...Object.keys(findingDefinitions),
    ...Object.keys(problems),
  ];
  const meant = closestName(code, known);
  process.stderr.write(
    `msb-migrate: there is no code "${code}"${meant ? `; did you mean "${meant}"?` : ""}\n` +
      "See msb-migrate explain for all codes.\n",
  );
  return 2;
}

/** What a code of `msb-migrate verify` means. */
function verificationPage(code: string): string | undefined {
  const finding = Object.entries(findingDefinitions).find(([name]) => name === code)?.[1];
  const problem = Object.entries(problems).find(([name]) => name === code)?.[1];
  const message = finding?.message ?? problem?.message;
  if (message === undefined) return undefined;
  const kind = finding ? `*${finding.kind}*, found by verify` : "*problem* of verify";
  const remedy = problem?.remedy ? `\n**What to do:** ${problem.remedy}\n` : "";
  return `# ${code}\n\n${kind}: ${message}.\n${remedy}`;
}

/** Prints all codes, each with its sentence. Returns the exit code. */
export function listCodes(): number {
  const reasons = [...allReasons(sources)];
  const width = Math.max(...reasons.map(([code]) => code.length));
  const kinds = ["change", "assumption", "refusal", "unchanged", "failure"] as const;
  for (const kind of kinds) {
    const ofKind = reasons
      .filter(([, { definition }]) => definition.kind === kind)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    if (ofKind.length === 0) continue;
    const lines = ofKind.map(
      ([code, { definition }]) => `  ${code.padEnd(width)}  ${definition.message}`,
    );
    process.stdout.write(`${kind}\n${lines.join("\n")}\n\n`);
  }
  process.stdout.write("See msb-migrate explain CODE for the page of one.\n");
  return 0;
}

/** Prints the built-in transforms with their options. Returns the exit code. */
export function listTransforms(): number {
  for (const { meta } of builtInTransforms) {
    process.stdout.write(`${meta.name}\n  ${meta.description}\n`);
    for (const option of Object.values(meta.options ?? {})) {
      const flag = option.value === undefined ? option.flag : `${option.flag} <${option.value}>`;
      const choices = option.choices ? ` (${option.choices.join(", ")})` : "";
      const standard = option.default === undefined ? "" : ` (default: ${option.default})`;
      process.stdout.write(`  ${flag}  ${option.description}${choices}${standard}\n`);
    }
  }
  return 0;
}
