import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { testFixtures } from "../src/testing/index.ts";
import { builtInTransforms } from "../transforms/index.ts";

const root = join(import.meta.dirname, "..", "fixtures");

describe.each(builtInTransforms.map((transform) => [transform.meta.name, transform] as const))(
  "%s",
  (name, transform) => {
    testFixtures(join(root, name), [transform], test);
  },
);

test("every folder of fixtures belongs to a transform", () => {
  expect(readdirSync(root).sort()).toEqual(builtInTransforms.map(({ meta }) => meta.name).sort());
});
