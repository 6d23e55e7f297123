import { describe, expect, it, vi } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { createWorkspace, goDockerfile, namingTransform } from "../node/workspace.ts";
import { msbMigrate } from "./command.ts";

/** A process is started for each run, on machines that may be busy. */
vi.setConfig({ testTimeout: 60_000 });

describe("the command's information", () => {
  it("has the version, help with examples and exit codes, and nothing on standard error", () => {
    const { directory } = createWorkspace({});
    expect(msbMigrate(["--version"], { cwd: directory })).toEqual({
      exitCode: 0,
      stdout: `${manifest.version}\n`,
      stderr: "",
    });
    const help = msbMigrate(["--help"], { cwd: directory });
    expect(help).toMatchObject({ exitCode: 0, stderr: "" });
    for (const part of ["--dry-run", "--runtime-go", "explain", "list", "git apply", "  2  "])
      expect(help.stdout).toContain(part);
    expect(help.stdout).not.toMatch(/--dry\b(?!-run)/);
  });

  it.each(["does-not-start", "base-image-unavailable"])("explains %s, a code of verify", (code) => {
    const { directory } = createWorkspace({});
    const page = msbMigrate(["explain", code], { cwd: directory });
    expect(page.exitCode).toBe(0);
    expect(page.stdout.startsWith(`# ${code}\n`)).toBe(true);
  });

  it("explains each code that it lists", () => {
    const { directory } = createWorkspace({});
    const list = msbMigrate(["explain"], { cwd: directory });
    expect(list).toMatchObject({ exitCode: 0, stderr: "" });
    const codes = [...list.stdout.matchAll(/^  ([a-z0-9-]+)/gm)].map((match) => match[1]!);
    expect(codes).toContain("unreadable-syntax");
    expect(codes).toContain("uncommitted-changes");
    const page = msbMigrate(["explain", "write-failed"], { cwd: directory });
    expect(page).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^# write-failed\n/),
      stderr: "",
    });
  });

  it("brings up the code that was meant", () => {
    const { directory } = createWorkspace({});
    const result = msbMigrate(["explain", "write-faild"], { cwd: directory });
    expect(result).toMatchObject({
      exitCode: 2,
      stdout: "",
      stderr: expect.stringContaining('"write-failed"'),
    });
  });

  it("lists the transforms", () => {
    const { directory } = createWorkspace({});
    expect(msbMigrate(["list"], { cwd: directory })).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("go-multi-stage\n"),
      stderr: "",
    });
  });
});

describe("wrong usage ends with 2, nothing on standard output and nothing done:", () => {
  it.each([
    ["an unknown option, with the one that was meant", ["--dryrun"], "--dry-run"],
    ["a format there is not", ["--format", "yaml"], "pretty"],
    ["an option without its value", ["--output"], "--output"],
    [
      "a transform there is not, with the one that was meant",
      ["-t", "go-multistage"],
      '"go-multi-stage"',
    ],
    ["a transform file there is not", ["-t", "./none.mjs"], "./none.mjs"],
    ["a transform file that does not load", ["-t", "./broken.mjs"], "SyntaxError"],
    ["a build context that is no directory", ["--context", "none"], "none"],
    ["an output in a directory that is not there", ["-o", "none/report"], "none/report"],
    ["an output that is a directory", ["-o", "."], "."],
    ["quiet and verbose", ["-q", "-v"], "--quiet"],
    ["standard input and paths", ["-", "Dockerfile"], "standard input"],
    ["an empty runtime image", ["--runtime-go="], "runtimeGo"],
  ])("%s", (_case, args, said) => {
    const workspace = createWorkspace({
      Dockerfile: goDockerfile,
      "broken.mjs": "export default (",
    });
    const result = msbMigrate(args, { cwd: workspace.directory });
    expect(result).toMatchObject({
      exitCode: 2,
      stdout: "",
      stderr: expect.stringContaining(said),
    });
    expect(workspace.read("Dockerfile")).toBe(goDockerfile);
  });
});

describe("a transform of one's own", () => {
  it("brings its options along", () => {
    const workspace = createWorkspace({ Dockerfile: goDockerfile, "own.mjs": namingTransform });
    const run = msbMigrate(["-t", "./own.mjs", "--stage-name", "compile"], {
      cwd: workspace.directory,
    });
    expect(run.exitCode).toBe(0);
    expect(workspace.read("Dockerfile")).toContain("FROM golang:1.22 AS compile\n");
    expect(
      msbMigrate(["--transform=./own.mjs", "--help"], { cwd: workspace.directory }).stdout,
    ).toContain("--stage-name <name>");
    expect(msbMigrate(["--stage-name", "x", "-d"], { cwd: workspace.directory }).exitCode).toBe(2);
  });

  it("returns a string, as jscodeshift's do", () => {
    const transform =
      'export default (file) => file.source.replace(/golang:1.22$/m, "golang:1.22 AS builder");';
    const workspace = createWorkspace({
      Dockerfile: goDockerfile,
      "own.js": transform,
      "package.json": '{"type":"module"}',
    });
    expect(msbMigrate(["-town.js"], { cwd: workspace.directory }).exitCode).toBe(0);
    expect(workspace.read("Dockerfile")).toContain("AS builder");
  });

  it.skipIf("typescript" in process.features && process.features.typescript)(
    "in TypeScript names the remedy where it can't be loaded",
    () => {
      const workspace = createWorkspace({ "own.ts": "export default () => null;" });
      expect(msbMigrate(["-t", "own.ts"], { cwd: workspace.directory })).toMatchObject({
        exitCode: 2,
        stdout: "",
        stderr: expect.stringContaining("22.18"),
      });
    },
  );
});
