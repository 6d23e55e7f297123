import { chmodSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import type { Transform } from "../../src/core/transform.ts";
import { migrateFile, migrateFiles, writeChanges } from "../../src/node/migrate-files.ts";
import type { WriteChangesOptions } from "../../src/node/migrate-files.ts";
import { createRepository, createWorkspace, goDockerfile, namingTransform } from "./workspace.ts";
import type { Workspace } from "./workspace.ts";

const namedDockerfile = goDockerfile.replace("golang:1.22", "golang:1.22 AS builder");
let transforms: readonly Transform[];

beforeAll(async () => {
  const url = `data:text/javascript,${encodeURIComponent(namingTransform)}`;
  const module: { meta: Transform["meta"]; default: Transform["transform"] } = await import(
    /* @vite-ignore */ url
  );
  transforms = [{ meta: module.meta, transform: module.default }];
});

function migrated(workspace: Workspace, ...paths: readonly string[]) {
  return [
    ...migrateFiles(paths.length > 0 ? paths : ["."], { transforms, cwd: workspace.directory }),
  ];
}

function written(
  workspace: Workspace,
  options: WriteChangesOptions = {},
  between: () => void = () => {},
) {
  const files = migrated(workspace);
  between();
  return [...writeChanges(files, options)].map(({ outcome, written: isWritten }) => ({
    path: outcome.path,
    status: outcome.status,
    written: isWritten,
    codes: outcome.reasons.map(({ code }) => code),
  }));
}

describe("migrating", () => {
  it("gives an outcome for every file, in path order, and one bad file does not stop the others", () => {
    const workspace = createWorkspace({
      "a/Dockerfile": goDockerfile,
      "b/Dockerfile": "FROM golang:1.22\0",
      "c/Dockerfile": `# throw\n${goDockerfile}`,
      "d/Dockerfile": `# stop\n${goDockerfile}`,
      "e/Dockerfile": "FROM alpine\n",
    });
    const outcomes = migrated(workspace, ".", "aa").map(({ outcome }) => [
      outcome.path,
      outcome.status,
      outcome.reasons[0]?.code,
    ]);
    expect(outcomes).toEqual([
      ["a/Dockerfile", "changed", "stage-named"],
      ["aa", "failed", "missing-path"],
      ["b/Dockerfile", "failed", "binary-file"],
      ["c/Dockerfile", "failed", "transform-threw"],
      ["d/Dockerfile", "refused", "stop-said"],
      ["e/Dockerfile", "unchanged", "no-golang"],
    ]);
  });

  it("names files and evidence from where it runs, and outside of that absolutely", () => {
    const workspace = createRepository({
      "api/Dockerfile": goDockerfile,
      "go.mod": "module example.com/api\n",
      "docs/x": "",
    });
    const [inside] = migrated(workspace, "api");
    expect(inside?.outcome).toMatchObject({
      path: "api/Dockerfile",
      reasons: [{ evidence: [{ path: "go.mod", text: "module example.com/api" }] }],
    });
    const [below] = [...migrateFiles(["."], { transforms, cwd: workspace.path("api") })];
    expect(below?.outcome).toMatchObject({
      path: "Dockerfile",
      patch: expect.stringMatching(/^--- a\/Dockerfile\n\+\+\+ b\/Dockerfile\n@@/),
      reasons: [{ evidence: [{ path: workspace.path("go.mod") }] }],
    });
    const [outside] = [...migrateFiles(["../api"], { transforms, cwd: workspace.path("docs") })];
    expect(outside?.outcome).toMatchObject({
      path: workspace.path("api/Dockerfile"),
      patch: expect.stringMatching(/^--- a\/api\/Dockerfile\n/),
    });
  });

  it("takes a text in place of the file's", () => {
    const workspace = createWorkspace({ Dockerfile: "FROM alpine\n" });
    const { outcome } = migrateFile("Dockerfile", {
      transforms,
      cwd: workspace.directory,
      source: goDockerfile,
    });
    expect(outcome).toMatchObject({ status: "changed", text: namedDockerfile });
  });

  it("reads a build context beside the Dockerfile's directory", () => {
    const workspace = createWorkspace({
      "docker/Dockerfile": goDockerfile,
      "src/go.mod": "module a\n",
    });
    const { root } = migrateFile("docker/Dockerfile", {
      transforms,
      cwd: workspace.directory,
      context: "src",
    });
    expect(root).toBe(workspace.directory);
  });
});

describe("writing", () => {
  it("writes safe changes, and those of safety review on demand", () => {
    const workspace = createWorkspace({
      "a/Dockerfile": goDockerfile,
      "b/Dockerfile": `# guess\n${goDockerfile}`,
    });
    expect(written(workspace).map((result) => result.written)).toEqual([true, false]);
    expect(workspace.read("a/Dockerfile")).toBe(namedDockerfile);
    expect(workspace.read("b/Dockerfile")).toBe(`# guess\n${goDockerfile}`);
    expect(written(workspace, { unsafe: true }).map((result) => result.written)).toEqual([
      false,
      true,
    ]);
    expect(workspace.read("b/Dockerfile")).toBe(`# guess\n${namedDockerfile}`);
  });

  it("refuses files with uncommitted changes, new ones included, unless it is told to", () => {
    const workspace = createRepository({
      "a/Dockerfile": "FROM golang:1.21\n",
      "b/Dockerfile": goDockerfile,
    });
    workspace.write("a/Dockerfile", goDockerfile);
    workspace.write("c/Dockerfile", goDockerfile);
    workspace.write("unrelated", "dirty");
    const results = written(workspace);
    expect(results.map(({ codes, written: isWritten }) => [codes[0], isWritten])).toEqual([
      ["uncommitted-changes", false],
      ["stage-named", true],
      ["uncommitted-changes", false],
    ]);
    expect(results[0]?.status).toBe("refused");
    expect(workspace.read("a/Dockerfile")).toBe(goDockerfile);
    expect(written(workspace, { allowDirty: true }).map((result) => result.written)).toEqual([
      true,
      false,
      true,
    ]);
  });

  it("refuses files of a repository that git can't read", () => {
    const workspace = createWorkspace({ "a/Dockerfile": goDockerfile });
    mkdirSync(workspace.path("a/.git"));
    expect(written(workspace)).toMatchObject([{ status: "refused", codes: ["git-state-unknown"] }]);
    expect(written(workspace, { allowDirty: true })).toMatchObject([{ written: true }]);
  });

  it("asks about the file that a link stands for", () => {
    const workspace = createRepository({ "docker/production": "FROM scratch\n" });
    symlinkSync("docker/production", workspace.path("Dockerfile"));
    workspace.git("add", "-A");
    workspace.git("commit", "-qm", "link");
    workspace.write("docker/production", goDockerfile);
    expect(written(workspace)).toMatchObject([{ codes: ["uncommitted-changes"] }]);
    workspace.git("commit", "-qam", "production");
    expect(written(workspace)).toMatchObject([{ written: true }]);
    expect(workspace.read("docker/production")).toBe(namedDockerfile);
  });

  it("leaves a file that changed or went since it was read, and writes the others", () => {
    const workspace = createWorkspace({
      "a/Dockerfile": goDockerfile,
      "b/Dockerfile": goDockerfile,
      "c/Dockerfile": goDockerfile,
    });
    const results = written(workspace, {}, () => {
      workspace.write("a/Dockerfile", `${goDockerfile}# mine\n`);
      rmSync(workspace.path("b/Dockerfile"));
    });
    expect(results.map(({ status, codes }) => [status, codes[0]])).toEqual([
      ["failed", "changed-since-read"],
      ["failed", "changed-since-read"],
      ["changed", "stage-named"],
    ]);
    expect(workspace.read("a/Dockerfile")).toBe(`${goDockerfile}# mine\n`);
  });

  it("fails on a read-only file", () => {
    const workspace = createWorkspace({ Dockerfile: goDockerfile });
    chmodSync(workspace.path("Dockerfile"), 0o444);
    expect(written(workspace)).toMatchObject([
      { status: "failed", written: false, codes: ["read-only-file"] },
    ]);
  });
});
