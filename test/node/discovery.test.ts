import { mkdirSync, symlinkSync } from "node:fs";
import { relative } from "node:path";
import { describe, expect, it } from "vitest";
import { discover, isDockerfileName } from "../../src/node/discovery.ts";
import { createRepository, createWorkspace } from "./workspace.ts";
import type { Workspace } from "./workspace.ts";

function found(workspace: Workspace, ...paths: readonly string[]): string[] {
  const { files } = discover(paths.length > 0 ? paths : ["."], { cwd: workspace.directory });
  return files.map(({ file }) => relative(workspace.directory, file));
}

function problems(workspace: Workspace, ...paths: readonly string[]): string[] {
  return discover(paths, { cwd: workspace.directory }).problems.map(({ problem }) => problem.code);
}

describe("names", () => {
  it.each([
    "Dockerfile",
    "dockerfile",
    "Dockerfile.dev",
    "api.Dockerfile",
    "api.dockerfile",
    "Containerfile",
    "Containerfile.dev",
    "Dockerfile.go",
  ])("%s is a Dockerfile", (name) => expect(isDockerfileName(name)).toBe(true));

  it.each([
    "Dockerfile.md",
    "Dockerfile.swp",
    "Dockerfile.orig",
    "Dockerfile.dockerignore",
    "Dockerfile.dev~",
    ".dockerfile",
    "Dockerfile.",
    "MyDockerfile",
    "docker-compose.yml",
    "Dockerfiles",
  ])("%s is none", (name) => expect(isDockerfileName(name)).toBe(false));
});

describe("a directory", () => {
  it("is searched, in path order whatever the order of the arguments", () => {
    const workspace = createWorkspace({
      "b/Dockerfile": "",
      "a/Dockerfile.dev": "",
      "a/x.dockerfile": "",
      "a/readme.md": "",
    });
    const expected = ["a/Dockerfile.dev", "a/x.dockerfile", "b/Dockerfile"];
    expect(found(workspace)).toEqual(expected);
    expect(found(workspace, "b", "a", "b/Dockerfile", ".")).toEqual(expected);
  });

  it("is searched without node_modules and .git, but with vendor and hidden directories", () => {
    const workspace = createWorkspace({
      "node_modules/x/Dockerfile": "",
      ".git/Dockerfile": "",
      "vendor/Dockerfile": "",
      ".devcontainer/Dockerfile": "",
    });
    expect(found(workspace)).toEqual([".devcontainer/Dockerfile", "vendor/Dockerfile"]);
  });

  it("is searched without what git ignores, but with what git tracks all the same", () => {
    const workspace = createRepository({
      "out/Dockerfile": "",
      "kept/Dockerfile": "",
      Dockerfile: "",
    });
    workspace.write(".gitignore", "out/\n/tmp/\nlocal.dockerfile\n");
    workspace.write("tmp/Dockerfile", "");
    workspace.write("kept/local.dockerfile", "");
    workspace.write("new/Dockerfile", "");
    expect(found(workspace)).toEqual([
      "Dockerfile",
      "kept/Dockerfile",
      "new/Dockerfile",
      "out/Dockerfile",
    ]);
  });

  it("is searched although it is ignored when it was named", () => {
    const workspace = createRepository({ ".gitignore": "out/\n" });
    workspace.write("out/a/Dockerfile", "");
    expect(found(workspace, "out")).toEqual(["out/a/Dockerfile"]);
    expect(found(workspace, "out/a/Dockerfile")).toEqual(["out/a/Dockerfile"]);
  });

  it("is left out with the repository in it when the outer repository ignores that", () => {
    const workspace = createRepository({ ".gitignore": "clones/\n", "sub/readme": "" });
    for (const name of ["clones/one", "sub/two"]) {
      workspace.write(`${name}/Dockerfile`, "");
      workspace.git("init", "-q", name);
    }
    expect(found(workspace)).toEqual(["sub/two/Dockerfile"]);
    expect(discover(["."], { cwd: workspace.directory }).files[0]?.root).toBe(
      workspace.path("sub/two"),
    );
  });

  it("has no Dockerfile: that is a problem", () => {
    const workspace = createWorkspace({ "a/readme.md": "" });
    expect(problems(workspace, "a")).toEqual(["no-dockerfiles"]);
  });

  it("may be a circle of symbolic links", () => {
    const workspace = createWorkspace({ "a/Dockerfile": "" });
    symlinkSync("..", workspace.path("a/up"));
    symlinkSync("self", workspace.path("a/self"));
    expect(found(workspace)).toEqual(["a/Dockerfile"]);
  });

  it("may hold links to Dockerfiles, each file once", () => {
    const workspace = createWorkspace({ "docker/production": "", Dockerfile: "" });
    symlinkSync("docker/production", workspace.path("Dockerfile.prod"));
    symlinkSync("Dockerfile", workspace.path("Dockerfile.again"));
    symlinkSync("docker", workspace.path("link.Dockerfile"));
    expect(found(workspace)).toEqual(["Dockerfile", "Dockerfile.prod"]);
  });

  it("may be named like a Dockerfile", () => {
    const workspace = createWorkspace({});
    mkdirSync(workspace.path("Dockerfile"));
    workspace.write("Dockerfile/Dockerfile", "");
    expect(found(workspace)).toEqual(["Dockerfile/Dockerfile"]);
  });
});

describe("a file", () => {
  it("is taken whatever its name", () => {
    const workspace = createWorkspace({ "build.txt": "", "node_modules/x/Dockerfile": "" });
    expect(found(workspace, "build.txt", "node_modules/x/Dockerfile")).toEqual([
      "build.txt",
      "node_modules/x/Dockerfile",
    ]);
  });

  it("belongs to the nearest repository, or else to its directory", () => {
    const workspace = createWorkspace({ "a/b/Dockerfile": "", "c/Dockerfile": "" });
    mkdirSync(workspace.path("a/.git"));
    const { files } = discover(["a/b/Dockerfile", "c/Dockerfile"], { cwd: workspace.directory });
    expect(files.map(({ root }) => root)).toEqual([workspace.path("a"), workspace.path("c")]);
  });

  it("is missing, in a circle or a device: each a problem of its own", () => {
    const workspace = createWorkspace({});
    symlinkSync("loop", workspace.path("loop"));
    symlinkSync("nowhere", workspace.path("dangling"));
    expect(problems(workspace, "missing")).toEqual(["missing-path"]);
    expect(problems(workspace, "loop")).toEqual(["unreadable-file"]);
    expect(problems(workspace, "dangling")).toEqual(["unreadable-file"]);
    expect(problems(workspace, "/dev/null")).toEqual(["not-a-file"]);
  });
});
