/**
 * Writes docs/codes.md from the tables of reasons: `node scripts/docs.mjs`; with `--check` it only says whether the file is
 * up to date. Needs dist/.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { allReasons, builtInTransforms, explain } from "../dist/index.js";
import { fileReasons } from "../dist/node.js";

const file = new URL("../docs/codes.md", import.meta.url);
const titles = {
  change: "Why a line was changed",
  assumption: "Assumptions: the change is `review`",
  refusal: "Refused",
  unchanged: "Nothing to do",
  failure: "Failed",
};

const files = { meta: { name: "", reasons: fileReasons } };
const reasons = [...allReasons([...builtInTransforms, files])];
const text =
  [
    "# Codes",
    "<!-- Made from the tables of reasons by scripts/docs.mjs: npm run docs -->",
    "Every outcome carries codes. They are stable; what they say may be worded anew. `msb-migrate explain CODE` prints the same.",
    ...Object.entries(titles).flatMap(([kind, title]) => [
      `## ${title}`,
      ...reasons
        .filter(([, { definition }]) => definition.kind === kind)
        .map(([code]) =>
          explain(code, [...builtInTransforms, files])
            .replace(/^# /, "### ")
            .trimEnd(),
        ),
    ]),
  ].join("\n\n") + "\n";

if (process.argv.includes("--check")) {
  let current = "";
  try {
    current = readFileSync(file, "utf8");
  } catch {
    // not there: not up to date
  }
  if (current !== text) {
    console.error("docs/codes.md is not up to date: npm run docs");
    process.exitCode = 1;
  }
} else writeFileSync(file, text);
