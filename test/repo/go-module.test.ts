import { describe, expect, test } from "vitest";
import { repositoryOf } from "../../src/core/repository.ts";
import { findGoModule, legacyImportPath, parseGoMod, pathFrom } from "../../src/repo/go-module.ts";

describe("go.mod", () => {
  test("is read with blocks, comments and quotes", () => {
    const module = parseGoMod(
      '// Deprecated: no\nmodule "example.com/app" // the app\n\ngo 1.22.1\ntoolchain go1.22.5\n\nrequire github.com/a/b v1.0.0\nrequire (\n\tgithub.com/c/d v0.1.0 // indirect\n\t// github.com/gone v9\n)\nexclude github.com/e/f v1.0.0\nretract (\n\tv1.0.0\n)\n',
    );
    expect(module).toEqual({
      path: "example.com/app",
      goVersion: "1.22.1",
      toolchain: "go1.22.5",
      requires: [
        { path: "github.com/a/b", version: "v1.0.0", indirect: false, line: 7 },
        { path: "github.com/c/d", version: "v0.1.0", indirect: true, line: 9 },
      ],
      replaces: [],
    });
  });

  test("tells local replacements from other modules", () => {
    const { replaces } = parseGoMod(
      "module a\nreplace (\n\tb => ../b\n\tc v1.0.0 => ./third/c\n\td => github.com/fork/d v1.2.3\n)\nreplace e => /abs/e\n",
    );
    expect(
      replaces.map(({ path, version, target, local }) => [path, version, target, local]),
    ).toEqual([
      ["b", undefined, "../b", true],
      ["c", "v1.0.0", "./third/c", true],
      ["d", undefined, "github.com/fork/d", false],
      ["e", undefined, "/abs/e", true],
    ]);
  });

  test("that is nonsense gives an empty module", () => {
    expect(parseGoMod("(((\n)\nmodule\nreplace =>\n")).toMatchObject({
      path: "",
      requires: [],
      replaces: [],
    });
  });
});

describe("the module of a directory", () => {
  const repository = repositoryOf({
    "go.mod": "module outer\n",
    "services/api/go.mod": "module inner\n",
    "services/api/vendor/modules.txt": "",
    "services/api/cmd/main.go": "package main\n",
    "services/go.work": "go 1.22\nuse (\n\t./api\n\t../shared\n)\nuse ./web\n",
  });

  test("is the nearest one", () => {
    const module = findGoModule(repository, {
      contextDirectory: "",
      directory: "services/api/cmd",
    });
    expect(module).toMatchObject({ directory: "services/api", path: "inner", vendored: true });
  });

  test("is not looked for above the build context", () => {
    expect(
      findGoModule(repository, { contextDirectory: "services", directory: "services" }),
    ).toBeUndefined();
    expect(findGoModule(repository, { contextDirectory: "", directory: "services" })).toMatchObject(
      {
        path: "outer",
        vendored: false,
      },
    );
  });

  test("knows the workspace inside the context", () => {
    const at = { directory: "services/api" };
    expect(findGoModule(repository, { contextDirectory: "services", ...at })?.workspace).toEqual({
      directory: "services",
      uses: ["services/api", "shared", "services/web"],
    });
    expect(
      findGoModule(repository, { contextDirectory: "services/api", ...at })?.workspace,
    ).toBeUndefined();
  });
});

test("the tools before modules tell the import path", () => {
  const of = (files: Record<string, string>) => legacyImportPath(repositoryOf(files), "");
  expect(of({ "Godeps/Godeps.json": '{"ImportPath": "github.com/a/b"}' })).toBe("github.com/a/b");
  expect(of({ "vendor/vendor.json": '{"rootPath": "github.com/c/d"}' })).toBe("github.com/c/d");
  expect(of({ "glide.yaml": "package: github.com/e/f # x\n" })).toBe("github.com/e/f");
  expect(of({ "main.go": "" })).toBeUndefined();
});

test("a path from a directory never leaves the root", () => {
  expect(pathFrom("a/b", "../c/./d/")).toBe("a/c/d");
  expect(pathFrom("a", "..")).toBe("");
  expect(pathFrom("a", "../../b")).toBeUndefined();
});
