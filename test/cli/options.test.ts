import { expect, it } from "vitest";
import { helpText } from "../../src/cli/arguments.ts";
import { manual } from "../../src/cli/manual.ts";
import { transformOptions } from "../../src/cli/options.ts";
import { builtInTransforms } from "../../transforms/index.ts";

it("the command line has the options of the built-in transforms", () => {
  const options = Object.fromEntries(
    builtInTransforms.flatMap(({ meta }) => Object.entries(meta.options ?? {})),
  );
  expect(transformOptions).toEqual(options);
});

it("docs/cli.md is made from the same data as --help (-u writes it)", async () => {
  await expect(manual()).toMatchFileSnapshot("../../docs/cli.md");
});

it("help fits in 100 columns", () => {
  expect(
    helpText()
      .split("\n")
      .filter((line) => line.length > 100),
  ).toEqual([]);
});
