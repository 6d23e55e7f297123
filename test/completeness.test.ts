import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { coreReasons } from "../src/core/messages.ts";
import { readFixtures } from "../src/testing/index.ts";
import { builtInTransforms } from "../transforms/index.ts";

const root = join(import.meta.dirname, "..");

test("every file in transforms/ is registered under its own name", () => {
  const files = readdirSync(join(root, "transforms")).filter((file) => file !== "index.ts");
  expect(files.map((file) => file.replace(/\.ts$/, "")).sort()).toEqual(
    builtInTransforms.map(({ meta }) => meta.name).sort(),
  );
});

describe.each(builtInTransforms.map(({ meta }) => [meta.name, meta] as const))(
  "%s",
  (name, meta) => {
    const fixtures = readFixtures(join(root, "fixtures", name));

    test.each(Object.keys(meta.reasons))(
      "the code %s has a fixture that shows it and one that does not",
      (code) => {
        const shown = fixtures.filter(({ expected }) => expected.codes.includes(code));
        expect(shown.length, "fixtures with the code").toBeGreaterThan(0);
        expect(shown.length, "fixtures without the code").toBeLessThan(fixtures.length);
      },
    );

    test.each(Object.entries(meta.reasons))(
      "the code %s has a sentence, a page, and a remedy or a reason to have none",
      (_code, reason) => {
        expect(reason.message).not.toMatch(/\.$|^[A-Z][a-z]/);
        expect(reason.page.trim()).toMatch(/[.`)]$/);
      },
    );

    test("its fixtures show no code that stands in no table", () => {
      const known = new Set([...Object.keys(meta.reasons), ...Object.keys(coreReasons)]);
      expect(
        fixtures.flatMap(({ expected }) => expected.codes).filter((code) => !known.has(code)),
      ).toEqual([]);
    });
  },
);

test("every code has its part in docs/codes.md", () => {
  const text = readFileSync(join(root, "docs/codes.md"), "utf8");
  const codes = [
    ...Object.keys(coreReasons),
    ...builtInTransforms.flatMap(({ meta }) => Object.keys(meta.reasons)),
  ];
  expect(codes.filter((code) => !text.includes(`### ${code}\n`))).toEqual([]);
});

test("every document that README.md and CONTRIBUTING.md link to is there", () => {
  for (const file of ["README.md", "CONTRIBUTING.md"]) {
    const links = [...readFileSync(join(root, file), "utf8").matchAll(/\]\(([^)#:]+)\)/g)].map(
      (match) => match[1]!,
    );
    expect(links.filter((link) => !existsSync(join(root, link)))).toEqual([]);
  }
});
