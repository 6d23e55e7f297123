/**
 * Writes what the transforms make of fixtures into them: `node scripts/accept-fixtures.mjs [NAME…]`, after `npm run build`.
 * For authors: read the difference that git shows before you commit it.
 */
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { builtInTransforms } from "../dist/index.js";
import { outcomeOfFixture, readFixtures } from "../dist/testing.js";

const root = new URL("../fixtures/", import.meta.url).pathname;
const wanted = process.argv.slice(2);

for (const transformName of readdirSync(root)) {
  const transforms = builtInTransforms.filter(({ meta }) => meta.name === transformName);
  for (const fixture of readFixtures(join(root, transformName))) {
    if (wanted.length > 0 && !wanted.some((name) => fixture.name.includes(name))) continue;
    const outcome = outcomeOfFixture(fixture, transforms);
    const { status, safety, reasons } = outcome;
    const codes = [...new Set(reasons.map(({ code }) => code))].sort();
    writeFileSync(
      join(fixture.directory, "outcome.json"),
      `${JSON.stringify({ status, safety, codes }, undefined, 2)}\n`,
    );
    const expected = join(fixture.directory, "expected.Dockerfile");
    if (status === "changed") writeFileSync(expected, outcome.text);
    else rmSync(expected, { force: true });
    process.stdout.write(
      `${fixture.name}: ${status} ${safety ?? ""} ${status === "changed" ? "" : codes.join(", ")}\n`,
    );
  }
}
