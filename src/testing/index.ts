/**
 * The fixture runner that the project's own transforms are tested with. It works under vitest, node:test, or
 * anything else that has a `test(name, run)`.
 */
export { checkFixture, outcomeOfFixture, readFixtures } from "./fixtures.ts";
export type { Fixture, FixtureOutcome, FixtureSettings, Probe } from "./fixtures.ts";

import type { Transform } from "../core/transform.ts";
import { checkFixture, readFixtures } from "./fixtures.ts";

/**
 * Registers a test for each fixture below a directory.
 *
 * @example
 * import { test } from "vitest";
 * import { testFixtures } from "msb-migrate/testing";
 * import transform, { meta } from "./my-transform.js";
 * testFixtures("fixtures/my-transform", [{ meta, transform }], test);
 */
export function testFixtures(
  directory: string,
  transforms: readonly Transform[],
  test: (name: string, run: () => void) => void,
): void {
  for (const fixture of readFixtures(directory)) {
    test(fixture.name, () => {
      const problems = checkFixture(fixture, transforms);
      if (problems.length > 0) throw new Error(`${fixture.directory}:\n${problems.join("\n")}`);
    });
  }
}
