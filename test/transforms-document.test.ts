import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { migrate } from "../src/core/migrate.ts";
import type { Outcome } from "../src/core/outcome.ts";
import { loadTransform } from "../src/node/index.ts";

const document = readFileSync(join(import.meta.dirname, "..", "docs/transforms.md"), "utf8");
const directory = mkdtempSync(join(tmpdir(), "msb-migrate-document-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Runs the example that begins with the comment `// NAME`, as the document has it. */
async function runExample(name: string, source: string): Promise<Outcome> {
  const example = [...document.matchAll(/```js\n([^]*?)```/g)]
    .map((match) => match[1]!)
    .find((code) => code.startsWith(`// ${name}\n`));
  writeFileSync(join(directory, name), example!);
  const transform = await loadTransform(join(directory, name), { builtIn: [] });
  return migrate({ path: "Dockerfile", source }, { transforms: [transform] });
}

test("the example that returns a string changes the text", async () => {
  const outcome = await runExample("shout.mjs", "from alpine\nRUN true\n");
  expect(outcome).toMatchObject({ status: "changed", text: "FROM alpine\nRUN true\n" });
});

test("the example with codes adds its line once, and says so", async () => {
  const outcome = await runExample("label-team.mjs", "FROM alpine\nRUN true\n");
  expect(outcome).toMatchObject({
    status: "changed",
    text: "FROM alpine\nLABEL team=platform\nRUN true\n",
  });
  expect(outcome.reasons.map(({ code }) => code)).toEqual(["team-labelled"]);
  const again = await runExample("label-team.mjs", "FROM alpine\nLABEL team=platform\n");
  expect(again).toMatchObject({ status: "unchanged", reasons: [{ code: "team-known" }] });
});
