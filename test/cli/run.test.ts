import { execFileSync, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, readdirSync, symlinkSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import {
  createRepository,
  createWorkspace,
  goDockerfile,
  namingTransform,
} from "../node/workspace.ts";
import type { Workspace } from "../node/workspace.ts";
import { bin, msbMigrate, startMsbMigrate } from "./command.ts";

/** A process is started for each run, on machines that may be busy. */
vi.setConfig({ testTimeout: 60_000 });

const named = (source: string) => source.replace("golang:1.22", "golang:1.22 AS builder");

/** Beside the workspaces, so that it is no file of theirs. */
function transformFile(): string {
  return createWorkspace({ "own.mjs": namingTransform }).path("own.mjs");
}

function run(
  workspace: Workspace,
  args: readonly string[],
  more: { input?: string | Uint8Array; env?: Record<string, string> } = {},
) {
  return msbMigrate(["-t", transformFile(), ...args], { cwd: workspace.directory, ...more });
}

function json(text: string): {
  summary: Record<string, unknown>;
  files: { path: string; status: string; written: boolean; reasons: { code: string }[] }[];
} {
  return JSON.parse(text);
}

describe("writing", () => {
  it("changes the files below the current directory, and prints what it did", () => {
    const workspace = createWorkspace({
      "a/Dockerfile": goDockerfile,
      "b/Dockerfile": "FROM alpine\n",
    });
    const { exitCode, stdout, stderr } = run(workspace, []);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toContain("a/Dockerfile");
    expect(stdout).not.toContain("b/Dockerfile");
    expect(workspace.read("a/Dockerfile")).toBe(named(goDockerfile));
    expect(run(workspace, ["--format", "json"])).toMatchObject({ exitCode: 0 });
    expect(workspace.read("a/Dockerfile")).toBe(named(goDockerfile));
  });

  it("withholds what rests on an assumption, and says so", () => {
    const source = `# guess\n${goDockerfile}`;
    const workspace = createWorkspace({ Dockerfile: source });
    expect(run(workspace, [])).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining("--unsafe"),
    });
    expect(workspace.read("Dockerfile")).toBe(source);
    expect(run(workspace, ["--unsafe"])).toMatchObject({ exitCode: 0, stderr: "" });
    expect(workspace.read("Dockerfile")).toBe(named(source));
  });

  it("refuses uncommitted work, and ends with 0 as for any refusal", () => {
    const workspace = createRepository({ "go.mod": "module a\n" });
    workspace.write("Dockerfile", goDockerfile);
    const result = run(workspace, ["--format", "json"]);
    expect(result.exitCode).toBe(0);
    expect(json(result.stdout).files).toMatchObject([
      { status: "refused", written: false, reasons: [{ code: "uncommitted-changes" }] },
    ]);
    expect(workspace.read("Dockerfile")).toBe(goDockerfile);
    expect(run(workspace, ["--allow-dirty"]).exitCode).toBe(0);
    expect(workspace.read("Dockerfile")).toBe(named(goDockerfile));
  });

  it("prints the patches of what was written, which can be taken back", () => {
    const workspace = createWorkspace({
      "a/Dockerfile": goDockerfile,
      "b/Dockerfile": `# guess\n${goDockerfile}`,
    });
    const { stdout } = run(workspace, ["--format", "diff"]);
    workspace.git("init", "-q");
    execFileSync("git", ["apply", "--reverse"], { cwd: workspace.directory, input: stdout });
    expect(workspace.read("a/Dockerfile")).toBe(goDockerfile);
  });

  it("says nothing when it is quiet and all went well", () => {
    const workspace = createWorkspace({
      Dockerfile: `# guess\n${goDockerfile}`,
      "b/Dockerfile": goDockerfile,
    });
    expect(run(workspace, ["--quiet"])).toEqual({ exitCode: 0, stdout: "", stderr: "" });
  });
});

describe("without writing", () => {
  it.each([["-d"], ["--dry-run"], ["--dry"], ["-c"], ["--check"]])(
    "%s leaves the files as they are",
    (flag) => {
      const workspace = createWorkspace({ Dockerfile: goDockerfile });
      const { exitCode, stdout } = run(workspace, [flag]);
      expect(exitCode).toBe(flag.startsWith("-c") || flag === "--check" ? 1 : 0);
      expect(stdout).toContain("+FROM golang:1.22 AS builder");
      expect(workspace.read("Dockerfile")).toBe(goDockerfile);
    },
  );

  it("--check ends with 1 for any change on offer, with 0 for none, and with 2 when a file failed", () => {
    const workspace = createWorkspace({
      "review/Dockerfile": `# guess\n${goDockerfile}`,
      "none/Dockerfile": "FROM alpine\n",
      "bad/Dockerfile": "\0",
    });
    expect(run(workspace, ["--check", "review"]).exitCode).toBe(1);
    expect(run(workspace, ["--check", "none"]).exitCode).toBe(0);
    expect(run(workspace, ["--check", "."]).exitCode).toBe(2);
    expect(run(workspace, ["--check", "-q", "review"])).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: "",
    });
  });

  it("shows changes of either safety", () => {
    const workspace = createWorkspace({
      "a/Dockerfile": goDockerfile,
      "b/Dockerfile": `# guess\n${goDockerfile}`,
    });
    const { stdout } = run(workspace, ["-d", "--format", "json"]);
    expect(json(stdout).summary).toMatchObject({ changed: 2, safe: 1, review: 1, written: 0 });
  });

  it("lists unchanged files when it is verbose", () => {
    const workspace = createWorkspace({ "a/Dockerfile": "FROM alpine\n" });
    expect(run(workspace, ["-d"]).stdout).not.toContain("a/Dockerfile");
    expect(run(workspace, ["-d", "-v"]).stdout).toContain("a/Dockerfile");
  });
});

describe("bad input", () => {
  it("never stops the batch: the others are done, and the exit code is 2", () => {
    const workspace = createWorkspace({
      "a/Dockerfile": goDockerfile,
      "binary/Dockerfile": Buffer.from([0x46, 0, 1, 2]),
      "encoding/Dockerfile": Buffer.from("FROM a\n# \xe9\n", "latin1"),
      "empty/readme.md": "",
      "large/Dockerfile": "#\n".repeat(5_000_000),
      "throws/Dockerfile": `# throw\n${goDockerfile}`,
      "z/Dockerfile": goDockerfile,
    });
    symlinkSync("Dockerfile", workspace.path("empty/Dockerfile"));
    symlinkSync("..", workspace.path("a/up"));
    const result = run(workspace, [".", "missing", "z/nothing.d", "--format", "json"]);
    expect(result.exitCode).toBe(2);
    const codes = json(result.stdout).files.map(({ path, reasons }) => [path, reasons[0]?.code]);
    expect(codes).toEqual([
      ["a/Dockerfile", "stage-named"],
      ["binary/Dockerfile", "binary-file"],
      ["empty/Dockerfile", "unreadable-file"],
      ["encoding/Dockerfile", "invalid-utf8"],
      ["large/Dockerfile", "too-large"],
      ["missing", "missing-path"],
      ["throws/Dockerfile", "transform-threw"],
      ["z/Dockerfile", "stage-named"],
      ["z/nothing.d", "missing-path"],
    ]);
    for (const name of ["a", "z"])
      expect(workspace.read(`${name}/Dockerfile`)).toBe(named(goDockerfile));
    for (const code of ["missing-path", "binary-file", "transform-threw"])
      expect(result.stderr).toContain(`[${code}]`);
  });

  it("may be a directory without Dockerfiles", () => {
    const workspace = createWorkspace({ "readme.md": "" });
    expect(run(workspace, ["."])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("[no-dockerfiles]"),
    });
  });

  it("may change while it is migrated", () => {
    const workspace = createWorkspace({ Dockerfile: goDockerfile, "z/Dockerfile": goDockerfile });
    const meddling = workspace.write(
      "meddle.mjs",
      `import { appendFileSync } from "node:fs";
       export default (file) => {
         if (file.path === "Dockerfile") appendFileSync(file.path, "# mine\\n");
         return file.source.replace("golang:1.22\\n", "golang:1.22 AS builder\\n");
       };`,
    );
    const result = msbMigrate(["-t", meddling, "--format", "json"], { cwd: workspace.directory });
    expect(result.exitCode).toBe(2);
    expect(json(result.stdout).files).toMatchObject([
      { path: "Dockerfile", status: "failed", reasons: [{ code: "changed-since-read" }] },
      { path: "z/Dockerfile", status: "changed", written: true },
    ]);
    expect(workspace.read("Dockerfile")).toMatch(/^FROM golang:1\.22\n[^]*# mine\n/);
  });

  it("may be read-only", () => {
    const workspace = createWorkspace({ Dockerfile: goDockerfile });
    chmodSync(workspace.path("Dockerfile"), 0o444);
    expect(run(workspace, [])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("[read-only-file]"),
    });
    expect(workspace.read("Dockerfile")).toBe(goDockerfile);
  });

  it.runIf(process.getuid?.() === 0)("may be what a user has no permission for", (context) => {
    const nobody = { uid: 65_534, gid: 65_534 };
    // The checkout itself may be out of that user's reach.
    if (spawnSync(process.execPath, [bin, "--version"], nobody).status !== 0) return context.skip();
    const workspace = createWorkspace({
      "closed/Dockerfile": goDockerfile,
      "fixed/Dockerfile": goDockerfile,
      "secret/Dockerfile": goDockerfile,
      "open/Dockerfile": goDockerfile,
    });
    for (const name of ["", "open", "secret", "closed"])
      chownSync(workspace.path(name), nobody.uid, nobody.gid);
    for (const name of ["open", "fixed"])
      chownSync(workspace.path(`${name}/Dockerfile`), nobody.uid, nobody.gid);
    chmodSync(workspace.path("closed"), 0);
    chmodSync(workspace.path("secret/Dockerfile"), 0);
    const transform = workspace.write("own.mjs", namingTransform);
    const command = [bin, "-t", transform, "--format", "json"];
    const result = spawnSync(process.execPath, command, {
      ...nobody,
      cwd: workspace.directory,
      encoding: "utf8",
    });
    expect(result.status).toBe(2);
    expect(json(result.stdout).files.map(({ path, reasons }) => [path, reasons[0]?.code])).toEqual([
      ["closed", "unreadable-directory"],
      ["fixed/Dockerfile", "write-failed"],
      ["open/Dockerfile", "stage-named"],
      ["secret/Dockerfile", "unreadable-file"],
    ]);
    expect(workspace.read("fixed/Dockerfile")).toBe(goDockerfile);
    expect(workspace.read("open/Dockerfile")).toBe(named(goDockerfile));
  });

  it.skipIf(process.platform === "win32")(
    "may be on a disk that takes no more: the file stays, and nothing is left behind",
    () => {
      const source = `${goDockerfile}${"# more\n".repeat(1000)}`;
      const workspace = createWorkspace({ Dockerfile: source });
      // A process that may write files of up to one block only; Node.js gets EFBIG instead of ENOSPC.
      const limited = 'ulimit -f 1; exec "$@"';
      const command = [
        "-c",
        limited,
        "bash",
        process.execPath,
        bin,
        "-t",
        transformFile(),
        "--format",
        "diff",
      ];
      const result = spawnSync("bash", ["--norc", ...command], {
        cwd: workspace.directory,
        encoding: "utf8",
      });
      expect(result.status).toBe(2);
      expect(result.stderr).toContain("[write-failed]");
      expect(result.stdout).toBe("");
      expect(workspace.read("Dockerfile")).toBe(source);
      expect(readdirSync(workspace.directory)).toEqual(["Dockerfile"]);
    },
  );
});

describe("standard input", () => {
  it("is migrated as by a filter, byte by byte", () => {
    const workspace = createWorkspace({});
    const source = `\ufeff${goDockerfile.replaceAll("\n", "\r\n").trimEnd()}`;
    for (const flag of ["-", "--stdin"]) {
      expect(run(workspace, [flag], { input: source })).toEqual({
        exitCode: 0,
        stdout: named(source),
        stderr: "",
      });
    }
    expect(run(workspace, ["-"], { input: "FROM alpine" })).toEqual({
      exitCode: 0,
      stdout: "FROM alpine",
      stderr: "",
    });
  });

  it("passes through what is refused or withheld, with the reason on standard error", () => {
    const workspace = createWorkspace({});
    for (const [comment, said] of [
      ["# stop\n", "[stop-said]"],
      ["# guess\n", "--unsafe"],
    ] as const) {
      const result = run(workspace, ["-"], { input: comment + goDockerfile });
      expect(result).toMatchObject({
        exitCode: 0,
        stdout: comment + goDockerfile,
        stderr: expect.stringContaining(said),
      });
    }
    expect(run(workspace, ["-", "--unsafe"], { input: `# guess\n${goDockerfile}` }).stdout).toBe(
      `# guess\n${named(goDockerfile)}`,
    );
  });

  it("gives nothing when it is no Dockerfile's text", () => {
    const workspace = createWorkspace({});
    expect(run(workspace, ["-"], { input: Buffer.from([0x46, 0]) })).toMatchObject({
      exitCode: 2,
      stdout: "",
      stderr: expect.stringContaining("[binary-file]"),
    });
  });

  it("is reported on a dry run, under the path it belongs to, with the repository around that", () => {
    const workspace = createRepository({
      "api/go.mod": "module example.com/api\n",
      "go.mod": "module example.com/root\n",
    });
    const result = run(
      workspace,
      ["-d", "--stdin-filepath", "api/Dockerfile", "--format", "json"],
      { input: goDockerfile },
    );
    expect(json(result.stdout).files).toMatchObject([
      {
        path: "api/Dockerfile",
        status: "changed",
        written: false,
        reasons: [{ evidence: [{ path: "go.mod", text: "module example.com/root" }] }],
      },
    ]);
    const diff = run(workspace, ["-d", "-", "--format", "diff"], { input: goDockerfile });
    expect(diff.stdout).toMatch(/^--- a\/Dockerfile\n\+\+\+ b\/Dockerfile\n/);
    expect(run(workspace, ["-c", "-"], { input: goDockerfile }).exitCode).toBe(1);
  });

  it("goes into the file of --output", () => {
    const workspace = createWorkspace({});
    expect(run(workspace, ["-", "-o", "new", "-q"], { input: goDockerfile })).toEqual({
      exitCode: 0,
      stdout: "",
      stderr: "",
    });
    expect(workspace.read("new")).toBe(named(goDockerfile));
  });
});

describe("the output", () => {
  it("is nothing but one JSON object, whatever goes wrong", () => {
    const workspace = createWorkspace({ Dockerfile: goDockerfile, "b/Dockerfile": "\0" });
    const { stdout } = run(workspace, ["-d", "missing", ".", "--format", "json"]);
    expect(JSON.parse(stdout)).toMatchObject({ version: 1 });
  });

  it("is nothing but patches, and no colour, for --format diff", () => {
    const workspace = createWorkspace({
      Dockerfile: goDockerfile,
      "b/Dockerfile": "\0",
      "c/Dockerfile": `# stop\n${goDockerfile}`,
    });
    const { stdout, stderr } = run(workspace, ["-d", "--format", "diff"], {
      env: { FORCE_COLOR: "1" },
    });
    expect(stdout).toMatch(/^--- a\/Dockerfile\n\+\+\+ b\/Dockerfile\n@@[^]*\n$/);
    expect(stdout).not.toContain("\u001b");
    for (const code of ["binary-file", "stop-said"]) expect(stderr).toContain(`[${code}]`);
  });

  it("has colours when they are asked for, and the command line has the last word", () => {
    const workspace = createWorkspace({ Dockerfile: goDockerfile });
    const colored = (args: readonly string[], env: Record<string, string>) =>
      run(workspace, ["-d", ...args], { env }).stdout.includes("\u001b[");
    expect(colored([], {})).toBe(false);
    expect(colored([], { FORCE_COLOR: "1" })).toBe(true);
    expect(colored([], { FORCE_COLOR: "0" })).toBe(false);
    expect(colored([], { NO_COLOR: "1" })).toBe(false);
    expect(colored(["--no-color"], { FORCE_COLOR: "1" })).toBe(false);
  });

  it("goes into a file, which a device is not replaced by", () => {
    const workspace = createWorkspace({ Dockerfile: goDockerfile });
    const result = run(workspace, ["-d", "--format", "json", "-o", "report.json"]);
    expect(result).toMatchObject({ exitCode: 0, stdout: "" });
    expect(json(workspace.read("report.json")).files).toHaveLength(1);
    expect(run(workspace, ["-d", "-o", "/dev/null"])).toMatchObject({ exitCode: 0, stdout: "" });
    expect(run(workspace, ["-d", "-o", "/dev/null", "--format", "diff"]).exitCode).toBe(0);
  });

  it.skipIf(process.platform !== "linux")("fails on a full device", () => {
    const workspace = createWorkspace({ Dockerfile: goDockerfile });
    expect(run(workspace, ["-d", "-o", "/dev/full"])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("ENOSPC"),
    });
    const command = ["-c", `"$@" > /dev/full`, "bash", process.execPath, bin, "-d"];
    const printed = spawnSync("bash", ["--norc", ...command], {
      cwd: workspace.directory,
      encoding: "utf8",
    });
    expect(printed).toMatchObject({ status: 2, stderr: expect.stringContaining("ENOSPC") });
  });

  it("may be read in part only", async () => {
    const files = Object.fromEntries(
      Array.from({ length: 1000 }, (_, index) => [`${index}/Dockerfile`, goDockerfile]),
    );
    const workspace = createWorkspace(files);
    const child = startMsbMigrate(["-d", "-t", transformFile()], { cwd: workspace.directory });
    let stderr = "";
    child.stderr?.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    child.stdout?.once("data", () => child.stdout?.destroy());
    const [exitCode] = await once(child, "exit");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  });
});

describe("a diff", () => {
  const sources: Readonly<Record<string, string>> = {
    Dockerfile: goDockerfile,
    "crlf/Dockerfile": goDockerfile.replaceAll("\n", "\r\n"),
    "bom/Dockerfile": `\ufeff${goDockerfile}`,
    "no-last-newline/Dockerfile": goDockerfile.trimEnd(),
    "one-line/Dockerfile": "FROM golang:1.22",
    "a/deep/down/Dockerfile.dev": goDockerfile,
    "with blank/Dockerfile": goDockerfile,
    'with"quote\\/Dockerfile': goDockerfile,
    "größe/Dockerfile": goDockerfile,
  };

  it("is taken by git apply as it is, byte by byte, in the directory it was made in", () => {
    const workspace = createRepository(sources);
    const { stdout } = run(workspace, ["-d", "--format", "diff"]);
    execFileSync("git", ["apply"], { cwd: workspace.directory, input: stdout });
    for (const [name, source] of Object.entries(sources))
      expect(workspace.read(name), name).toBe(named(source));
  });

  it("is taken in a directory of the repository, and at its root when it was made elsewhere", () => {
    const workspace = createRepository(sources);
    const below = msbMigrate(["-t", transformFile(), "-d", "--format", "diff"], {
      cwd: workspace.path("a"),
    });
    execFileSync("git", ["apply"], { cwd: workspace.path("a"), input: below.stdout });
    expect(workspace.read("a/deep/down/Dockerfile.dev")).toBe(named(goDockerfile));
    const elsewhere = createWorkspace({});
    const { stdout } = run(elsewhere, ["-d", "--format", "diff", workspace.path("crlf")]);
    execFileSync("git", ["apply"], { cwd: workspace.directory, input: stdout });
    expect(workspace.read("crlf/Dockerfile")).toBe(named(sources["crlf/Dockerfile"]!));
  });
});

describe("Ctrl-C", () => {
  it("stops after the file in hand: each file is old or new, and nothing is left behind", async () => {
    const count = 3000;
    const files = Object.fromEntries(
      Array.from({ length: count }, (_, index) => [`${index}.Dockerfile`, goDockerfile]),
    );
    const workspace = createWorkspace(files);
    const child = startMsbMigrate(["-t", transformFile()], { cwd: workspace.directory });
    const exit = once(child, "exit");
    while (child.exitCode === null && workspace.read("0.Dockerfile") === goDockerfile)
      await setTimeout(1);
    child.kill("SIGINT");
    const [exitCode, signal] = await exit;
    expect({ exitCode, signal }).toEqual({ exitCode: null, signal: "SIGINT" });
    const names = readdirSync(workspace.directory);
    expect(names).toHaveLength(count);
    const written = names.filter((name) => workspace.read(name) === named(goDockerfile)).length;
    expect(written).toBeGreaterThan(0);
    expect(written).toBeLessThan(count);
    expect(names.filter((name) => workspace.read(name) === goDockerfile)).toHaveLength(
      count - written,
    );
  });
});
