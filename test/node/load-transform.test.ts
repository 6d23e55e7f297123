import { describe, expect, it } from "vitest";
import type { Transform } from "../../src/core/transform.ts";
import {
  isTransformPath,
  loadTransform,
  TransformLoadError,
} from "../../src/node/load-transform.ts";
import { createWorkspace, namingTransform } from "./workspace.ts";

const builtIn: readonly Transform[] = [
  { meta: { name: "go-multi-stage", description: "", reasons: {} }, transform: () => null },
];

async function failure(
  name: string,
  files: Readonly<Record<string, string>> = {},
): Promise<string> {
  const workspace = createWorkspace(files);
  const error: unknown = await loadTransform(name, { builtIn, cwd: workspace.directory }).catch(
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(TransformLoadError);
  return error instanceof Error ? error.message : "";
}

it("tells a path from a name", () => {
  for (const path of ["./a", "a/b", "a.mjs", "a.ts", "a.js", "..\\a"])
    expect(isTransformPath(path)).toBe(true);
  for (const name of ["go-multi-stage", "node.static"]) expect(isTransformPath(name)).toBe(false);
});

describe("a name", () => {
  it("is that of a built-in transform", async () => {
    expect(await loadTransform("go-multi-stage", { builtIn })).toBe(builtIn[0]);
  });

  it("that is misspelled brings up the one that was meant", async () => {
    expect(await failure("go-multistage")).toContain('"go-multi-stage"');
  });
});

describe("a path", () => {
  it("is that of a module with meta", async () => {
    const workspace = createWorkspace({ "own.mjs": namingTransform });
    const { meta } = await loadTransform("own.mjs", { builtIn, cwd: workspace.directory });
    expect(meta).toMatchObject({
      name: "name-stage",
      reasons: { "stage-named": { kind: "change" } },
    });
  });

  it("is that of a module as jscodeshift has them, named by its file", async () => {
    const workspace = createWorkspace({
      "pin-alpine.mjs": "export default (file) => file.source;",
      "old-style.cjs": "module.exports = (file) => file.source;",
    });
    for (const [file, name] of [
      ["./pin-alpine.mjs", "pin-alpine"],
      ["./old-style.cjs", "old-style"],
    ] as const) {
      const transform = await loadTransform(file, { builtIn, cwd: workspace.directory });
      expect(transform).toMatchObject({
        meta: { name, reasons: {} },
        transform: expect.any(Function),
      });
    }
  });

  it("leads nowhere, to a module that does not load, or to one that is no transform", async () => {
    expect(await failure("./none.mjs")).toContain("./none.mjs");
    expect(await failure("./a.mjs", { "a.mjs": "export default (" })).toContain("./a.mjs");
    expect(await failure("./a.mjs", { "a.mjs": "throw new RangeError('x')" })).toContain(
      "RangeError: x",
    );
    expect(await failure("./a.mjs", { "a.mjs": "export const transform = () => null" })).toContain(
      "default export",
    );
    expect(await failure("./a.mjs", { "a.mjs": "export default 1" })).toContain("default export");
    expect(
      await failure("./a.mjs", {
        "a.mjs": "export default () => null; export const meta = { name: 1 }",
      }),
    ).toContain("name");
    const badReason =
      'export default () => null; export const meta = { reasons: { "some-code": {} } }';
    expect(await failure("./a.mjs", { "a.mjs": badReason })).toContain("some-code");
    const badOption =
      "export default () => null; export const meta = { options: { some: { flag: 'x' } } }";
    expect(await failure("./a.mjs", { "a.mjs": badOption })).toContain("options.some");
  });

  it.skipIf("typescript" in process.features && process.features.typescript)(
    "is TypeScript, which this runtime can't load",
    async () => {
      expect(await failure("./a.ts", { "a.ts": "export default () => null;" })).toContain(".mjs");
    },
  );
});
