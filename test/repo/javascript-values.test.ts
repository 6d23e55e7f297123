import { describe, expect, test } from "vitest";
import { repositoryOf } from "../../src/core/repository.ts";
import {
  exportedCalls,
  readConfiguration,
  readJson,
  type ConfigurationOptions,
} from "../../src/repo/javascript-configuration.ts";
import { valueAt, type JavaScriptValue } from "../../src/repo/javascript-values.ts";

/** A value as plain data: `?` is one that cannot be told, a path begins with `/`. */
function shown(value: JavaScriptValue | undefined): unknown {
  switch (value?.kind) {
    case undefined:
      return undefined;
    case "object":
      return Object.fromEntries([
        ...[...value.entries].map(([key, held]) => [key, shown(held)]),
        ...(value.isComplete ? [] : [["…", "?"]]),
      ]);
    case "list":
      return [...value.items.map(shown), ...(value.isComplete ? [] : ["…"])];
    case "text":
      return value.text;
    case "number":
      return value.number;
    case "boolean":
      return value.boolean;
    case "path":
      return `/${value.path}`;
    case "nothing":
      return null;
    case "function":
      return "function";
    case "reference":
      return `${value.module}:${value.name}`;
    case "call":
      return `${value.callee?.module}:${value.callee?.name}()`;
    case "unknown":
      return value.otherwise ? `? ${String(shown(value.otherwise))}` : "?";
  }
}

function configuration(
  text: string,
  options: Partial<ConfigurationOptions> = {},
  others: Readonly<Record<string, string>> = {},
): JavaScriptValue | undefined {
  const repository = repositoryOf({ "web/vite.config.ts": text, ...others });
  return readConfiguration(repository, "web/vite.config.ts", {
    workingDirectory: "web",
    ...options,
  });
}

function read(...given: Parameters<typeof configuration>): unknown {
  return shown(configuration(...given));
}

describe("the exported configuration is found", () => {
  test.each([
    ["a default export", "export default { a: 1 }"],
    [
      "behind defineConfig",
      "import { defineConfig } from 'vite'; export default defineConfig({ a: 1 })",
    ],
    ["returned by an arrow function", "export default defineConfig(({ mode }) => ({ a: 1 }))"],
    [
      "returned by an async function",
      "export default async function () { const a = 1; return { a } }",
    ],
    ["as module.exports", "module.exports = { a: 1 }"],
    ["property by property", "exports.a = 1"],
    ["as exports = module.exports", "exports = module.exports = { a: 1 }"],
    ["by a name", "const config = { a: 1 }; export default config"],
    ["re-exported by a name", "const config = { a: 1 }; export { config as default }"],
    [
      "with TypeScript around it",
      "const config: Config = { a: 1 } satisfies Config; export default config as Config",
    ],
    ["as TypeScript's export", "export = { a: 1 }"],
    [
      "behind a plugin that is known",
      "const withPWA = require('next-pwa')({}); module.exports = withPWA({ a: 1 })",
    ],
    ["merged", "const { merge } = require('webpack-merge'); module.exports = merge({}, { a: 1 })"],
  ])("%s", (_name, text) => {
    expect(read(text)).toEqual({ a: 1 });
  });

  test("there is nothing to read in a file that is not there, and nothing to tell in one that is broken", () => {
    const options = { workingDirectory: "" };
    expect(readConfiguration(repositoryOf({}), "vite.config.ts", options)).toBeUndefined();
    expect(read("export default {")).toBe("?");
  });

  test("a wrapper that is not known may add properties", () => {
    const found = configuration(
      "import { withThing } from 'thing'; export default withThing({ a: 1 })",
    );
    expect(shown(valueAt(found, ["a"]))).toBe(1);
    expect(valueAt(found, ["b"])?.kind).toBe("unknown");
    expect(read("import { thing } from 'thing'; export default thing({ a: 1 })")).toBe("?");
  });
});

describe("values are told as far as the text says them", () => {
  test.each([
    ["a constant", "const x = 'out'; export default { a: x }", "out"],
    ["a template", "const x = 'out'; export default { a: `../${x}/web` }", "../out/web"],
    ["joined text", "export default { a: 'x' + 'y' }", "xy"],
    ["a path beside the file", "export default { a: path.resolve(__dirname, '../static') }", "?"],
    [
      "a resolved path",
      "import path from 'node:path'; export default { a: path.resolve(__dirname, '../static') }",
      "/static",
    ],
    [
      "a joined path",
      "const { join } = require('path'); module.exports = { a: join(__dirname, 'dist', 'web') }",
      "/web/dist/web",
    ],
    [
      "a path from where the command runs",
      "import { resolve } from 'path'; export default { a: resolve('dist') }",
      "/web/dist",
    ],
    ["text in front of a path", "export default { a: `${__dirname}/dist` }", "/web/dist"],
    [
      "a path outside of the repository",
      "import path from 'path'; export default { a: path.join(__dirname, '../../x') }",
      "/../x",
    ],
    [
      "a URL beside the module",
      "import { fileURLToPath, URL } from 'node:url'; export default { a: fileURLToPath(new URL('./dist', import.meta.url)) }",
      "/web/dist",
    ],
    [
      "a path of a function of the file",
      "import path from 'path'; const at = (x) => path.join(__dirname, x); export default { a: at('dist') }",
      "/web/dist",
    ],
    ["a number that is given as text", "export default { a: Number('80') }", 80],
    ["a variable that gets another value", "let x = 1; if (y) x = 2; export default { a: x }", "?"],
    ["a condition that is not known", "export default { a: x ? 1 : 2 }", "?"],
    ["the same either way", "export default { a: x ? 1 : 1 }", 1],
    ["a default", "export default { a: y.z || 'default' }", "? default"],
    ["something that leads to itself", "const x = y, y = x; export default { a: x }", "?"],
    ["what a loop makes", "export default { a: (() => { for (;;) return 1 })() }", "?"],
    ["a property that is set later", "const c = { a: 1 }; c.a = 2; export default c", 2],
    [
      "a property that is set under a condition",
      "const c = { a: 1 }; if (x) c.a = 2; export default c",
      "?",
    ],
    ["a property that may be overwritten", "export default { a: 1, ...x }", "?"],
    ["a property behind what is spread", "export default { ...x, a: 1 }", 1],
    [
      "a property that a condition may overwrite",
      "export default { a: 1, ...(x && { a: 2 }) }",
      "?",
    ],
  ])("%s", (_name, text, expected) => {
    const found = configuration(text);
    const value = valueAt(found, ["a"]);
    // Names that are declared nowhere are references; no reader takes them for a value.
    const isOpen = value?.kind === "call" || value?.kind === "reference";
    expect(isOpen ? "?" : shown(value)).toBe(expected);
  });

  test("a property that is not there is not one that cannot be told", () => {
    expect(valueAt(configuration("export default { a: {} }"), ["a", "b"])).toBeUndefined();
    expect(valueAt(configuration("export default { a: x.y }"), ["a", "b"])?.kind).not.toBe(
      "object",
    );
    expect(valueAt(configuration("export default { ...x.y }"), ["b"])?.kind).toBe("unknown");
    expect(valueAt(configuration("export default { a: undefined }"), ["a"])).toBeUndefined();
  });

  test("a value knows its line and its file", () => {
    const found = configuration(
      "const common = require('./common')\nmodule.exports = {\n  ...common,\n  b: 2 }",
      {},
      {
        "web/common.js": "module.exports = {\n\n  a: 1 }",
      },
    );
    expect(valueAt(found, ["a"])).toMatchObject({ file: "web/common.js", line: 3, source: "1" });
    expect(valueAt(found, ["b"])).toMatchObject({ file: "web/vite.config.ts", line: 4 });
  });

  test("lists keep what is known of them", () => {
    expect(
      read(
        "import vue from '@vitejs/plugin-vue'; const p = [vue()]; p.push(x); export default { p, q: [false, vue()].filter(Boolean) }",
      ),
    ).toEqual({ p: ["@vitejs/plugin-vue:()", "…"], q: ["@vitejs/plugin-vue:()"] });
  });
});

describe("what holds at the time of a build is counted in", () => {
  const text =
    "export default ({ command, mode }) => { if (command === 'serve') return { a: 1 }; return { a: mode } }";

  test("the parameters of the configuration's function", () => {
    expect(read(text, { parameters: [{ command: "build", mode: "production" }] })).toEqual({
      a: "production",
    });
    expect(read(text, { parameters: [{ command: "serve" }] })).toEqual({ a: 1 });
    expect(read(text, { parameters: [{ mode: "production" }] })).toEqual({ a: "?" });
  });

  test("the environment: what is set, what is not, and what is not known", () => {
    const text = "export default { a: process.env.X || 'default' }";
    expect(read(text, { variable: () => "set" })).toEqual({ a: "set" });
    expect(read(text, { variable: () => null })).toEqual({ a: "default" });
    expect(read(text)).toEqual({ a: "? default" });
  });

  test("a variable that is not set may come from a file that dotenv reads", () => {
    const text = "require('dotenv').config(); module.exports = { a: process.env.X || 'default' }";
    expect(read(text, { variable: () => null })).toEqual({ a: "? default" });
  });

  test("NODE_ENV decides a branch, or leaves only what both have", () => {
    const text =
      "module.exports = { a: 1, b: 2 }\nif (process.env.NODE_ENV === 'production') { module.exports.a = 2 }";
    expect(read(text, { variable: () => "production" })).toEqual({ a: "?", b: 2 });
  });
});

describe("files that belong together", () => {
  test("are followed by their relative names, JSON among them", () => {
    expect(
      read(
        "import p from '../package.json'; import { x } from './x'; export default { a: p.homepage, b: x }",
        {},
        {
          "package.json": '{ "homepage": "/app" }',
          "web/x.ts": "export const x = 'y'",
        },
      ),
    ).toEqual({ a: "/app", b: "y" });
  });

  test("may lead back to themselves", () => {
    expect(
      read(
        "import { y } from './y'; export const x = 1; export default { a: y }",
        {},
        {
          "web/y.ts": "import { x } from './vite.config'; export const y = x",
        },
      ),
    ).toEqual({ a: "?" });
  });
});

test("JSON may have comments and commas too many", () => {
  const repository = repositoryOf({ "angular.json": '// c\n{ "a": [1, /* c */ 2,], "b": -1, }' });
  expect(shown(readJson(repository, "angular.json"))).toEqual({ a: [1, 2], b: -1 });
});

test("calls of an exported function's parameter are listed, and what is something else as well", () => {
  const text = "module.exports = (app) => { const x = 1; app.use('/a', x).use(2); log(app) }";
  const calls = exportedCalls(repositoryOf({ "p.js": text }), "p.js", { workingDirectory: "" });
  expect(calls?.map(({ method, values }) => [method, values.map(shown)])).toEqual([
    ["use", ["/a", 1]],
    ["use", [2]],
    [undefined, []],
  ]);
});

test.each([
  ["brackets", `export default ${"[".repeat(5000)}`],
  ["operators", `export default { a: ${"!".repeat(5000)}1 }`],
  ["functions", `export default ${"a=>".repeat(5000)}1`],
  ["conditions", `export default { a: ${"a?1:".repeat(5000)}1 }`],
  ["sums", `export default { a: ${"1+".repeat(5000)}1 }`],
  ["members", `export default { a: a${".b".repeat(5000)} }`],
  ["calls", `export default { a: a${"()".repeat(5000)} }`],
  ["statements", `${"if(a)".repeat(5000)}b`],
  ["blocks", `${"else ".repeat(10)}${"{".repeat(3000)}`],
  [
    "names",
    `${Array.from({ length: 3000 }, (_, i) => `const a${i} = a${i + 1};`).join("")}export default { a: a0 }`,
  ],
  ["types", `let a: ${"A<".repeat(3000)}`],
  ["awaits", `export default { a: ${"await ".repeat(5000)}1 }`],
  ["voids", `export default { a: ${"typeof ".repeat(5000)}1 }`],
  ["labels", `${"a:".repeat(5000)}b`],
])("a file of nothing but %s ends the reading, not the process", (_name, text) => {
  expect(() => configuration(text)).not.toThrow();
});

describe("what would take forever does not", () => {
  test("conditions one behind the other are each read once", () => {
    const conditions = "if (x) { y() }\n".repeat(200);
    expect(read(`export default () => { ${conditions} return { a: 1 } }`)).toEqual({ a: 1 });
  });

  test("functions that call each other are given up at some time", () => {
    const functions = Array.from(
      { length: 50 },
      (_, i) => `const f${i} = () => [f${i + 1}(), f${i + 1}()];`,
    );
    const text = `${functions.join("\n")} const f50 = () => 1; export default { a: f0() }`;
    expect(configuration(text)?.kind).toBe("object");
  });
});
