import { symlinkSync } from "node:fs";
import { expect, it } from "vitest";
import { directoryRepository } from "../../src/node/repository-reader.ts";
import { createWorkspace } from "./workspace.ts";

it("reads files and lists directories in name order", () => {
  const workspace = createWorkspace({
    "go.mod": "module a\n",
    "cmd/b/main.go": "",
    "cmd/a.go": "",
  });
  const repository = directoryRepository(workspace.directory);
  expect(repository.read("go.mod")).toBe("module a\n");
  expect(repository.list("cmd")).toEqual([
    { name: "a.go", kind: "file" },
    { name: "b", kind: "directory" },
  ]);
  expect(repository.list("")?.map(({ name }) => name)).toEqual(["cmd", "go.mod"]);
});

it("has nothing where there is nothing to read", () => {
  const workspace = createWorkspace({ "a/b": "", large: "x".repeat(2_000_001), binary: "a\0b" });
  const repository = directoryRepository(workspace.directory);
  for (const path of ["missing", "a", "large", "binary", "a/b/c"])
    expect(repository.read(path)).toBeUndefined();
  for (const path of ["missing", "a/b"]) expect(repository.list(path)).toBeUndefined();
});

it("does not leave its root, by name or by link", () => {
  const workspace = createWorkspace({ "root/in": "in", "outside/secret": "secret" });
  symlinkSync("../outside", workspace.path("root/out"));
  symlinkSync("in", workspace.path("root/link"));
  symlinkSync("self", workspace.path("root/self"));
  const repository = directoryRepository(workspace.path("root"));
  expect(repository.read("link")).toBe("in");
  for (const path of ["../outside/secret", "out/secret", "self", "/etc/passwd"])
    expect(repository.read(path)).toBeUndefined();
  expect(repository.list("out")).toBeUndefined();
  expect(repository.list("")).toContainEqual({ name: "out", kind: "symlink" });
});

it("answers the same for the whole of a run", () => {
  const workspace = createWorkspace({ a: "one" });
  const repository = directoryRepository(workspace.directory);
  repository.read("a");
  workspace.write("a", "two");
  expect(repository.read("a")).toBe("one");
});
