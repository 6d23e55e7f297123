import { expect, test } from "vitest";
import { packageOfModule, sourceWords } from "../../src/repo/javascript-words.ts";

const modules = (text: string): string[] => sourceWords(text).modules.map(({ value }) => value);
const literals = (text: string): string[] => sourceWords(text).literals.map(({ value }) => value);

test("modules are seen in every way of loading them", () => {
  expect(
    modules(`import a from "a"; import "b"
import { c,
  d } from 'c';
export * from "e";
const f = require("f"), g = require('g');
const h = await import("h");
require.resolve("i")`),
  ).toEqual(["a", "b", "c", "e", "f", "g", "h", "i"]);
});

test("types that are gone at run time are no modules", () => {
  expect(
    modules(`import type { A } from "a";
import { type B, type C } from "b";
import { type D, e } from "c"
import type G from 'g'
import h from 'h'

export type { F } from "d";
import type from "e";`),
  ).toEqual(["c", "h", "e"]);
});

test("comments, regular expressions and divisions hide nothing", () => {
  const text = `// require("no")
/* "no" */
const a = b / c; const d = "yes";
const e = /["']/.test(x) ? "also" : 'third';
if (/\\/[/"]/.test(y)) z("fourth")`;
  expect(literals(text)).toEqual(["yes", "also", "third", "fourth"]);
});

test("templates give their fixed parts and the strings within", () => {
  expect(literals('const a = `x ${f("y", {b: `z`})} w`; g("end")')).toEqual([
    "x ",
    "y",
    "z",
    " w",
    "end",
  ]);
});

test("an apostrophe between JSX tags does not swallow the next lines", () => {
  expect(modules("const a = <p>Don't</p>\nimport b from 'b'")).toEqual(["b"]);
});

test("lines count from one", () => {
  expect(sourceWords('\n/* \n */ "a"\n`\n`; "b"').literals).toEqual([
    { value: "a", line: 3 },
    { value: "\n", line: 4 },
    { value: "b", line: 5 },
  ]);
});

test("a computed module is said", () => {
  expect(sourceWords("require(name); import(`./${x}`); require('a')").loadsComputed).toHaveLength(
    1,
  );
});

test("a module's package is its first element, or its scope's first two", () => {
  expect(packageOfModule("lodash/fp")).toBe("lodash");
  expect(packageOfModule("@nestjs/core/router")).toBe("@nestjs/core");
  expect(packageOfModule("./a")).toBeUndefined();
  expect(packageOfModule("node:fs")).toBeUndefined();
});
