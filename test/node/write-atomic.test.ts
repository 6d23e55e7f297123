import { execFileSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  statSync,
  symlinkSync,
  lstatSync,
} from "node:fs";
import { describe, expect, it, onTestFinished } from "vitest";
import { writeAtomically } from "../../src/node/write-atomic.ts";
import { createWorkspace } from "./workspace.ts";

const isRoot = process.getuid?.() === 0;

/** A file system of 16 KB; `undefined` where this process may not mount one. */
function smallDisk(directory: string): string | undefined {
  if (!isRoot || process.platform !== "linux") return undefined;
  try {
    mkdirSync(directory);
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=16k", "tmpfs", directory], {
      stdio: "ignore",
    });
  } catch {
    return undefined;
  }
  onTestFinished(() => {
    execFileSync("umount", [directory]);
  });
  return directory;
}

describe("a write", () => {
  it("replaces the text and keeps the mode", () => {
    const workspace = createWorkspace({ Dockerfile: "old" });
    chmodSync(workspace.path("Dockerfile"), 0o751);
    expect(
      writeAtomically(workspace.path("Dockerfile"), "\ufeffnew\r\n", { expected: "old" }),
    ).toBeUndefined();
    expect(workspace.read("Dockerfile")).toBe("\ufeffnew\r\n");
    expect(statSync(workspace.path("Dockerfile")).mode & 0o7777).toBe(0o751);
    expect(readdirSync(workspace.directory)).toEqual(["Dockerfile"]);
  });

  it.runIf(isRoot)("keeps the owner where it may", () => {
    const workspace = createWorkspace({ Dockerfile: "old" });
    chownSync(workspace.path("Dockerfile"), 1234, 4321);
    writeAtomically(workspace.path("Dockerfile"), "new");
    expect(statSync(workspace.path("Dockerfile"))).toMatchObject({ uid: 1234, gid: 4321 });
  });

  it("makes a file that was not there", () => {
    const workspace = createWorkspace({});
    expect(writeAtomically(workspace.path("report.json"), "{}")).toBeUndefined();
    expect(workspace.read("report.json")).toBe("{}");
  });

  it("goes through a link inside the root, and leaves the link", () => {
    const workspace = createWorkspace({ "in/real": "old", outside: "old" });
    symlinkSync("real", workspace.path("in/link"));
    symlinkSync("../outside", workspace.path("in/out"));
    const root = workspace.path("in");
    expect(writeAtomically(workspace.path("in/link"), "new", { root })).toBeUndefined();
    expect(workspace.read("in/real")).toBe("new");
    expect(lstatSync(workspace.path("in/link")).isSymbolicLink()).toBe(true);
    expect(writeAtomically(workspace.path("in/out"), "new", { root })?.code).toBe(
      "symlink-outside-root",
    );
    expect(workspace.read("outside")).toBe("old");
  });
});

describe("nothing is written, and nothing left behind,", () => {
  it("when the file is not what it was", () => {
    const workspace = createWorkspace({ Dockerfile: "someone else's" });
    expect(writeAtomically(workspace.path("Dockerfile"), "new", { expected: "old" })?.code).toBe(
      "changed-since-read",
    );
    expect(writeAtomically(workspace.path("gone"), "new", { expected: "old" })?.code).toBe(
      "changed-since-read",
    );
    expect(workspace.read("Dockerfile")).toBe("someone else's");
    expect(readdirSync(workspace.directory)).toEqual(["Dockerfile"]);
  });

  it("when it differs in bytes that decode alike", () => {
    const workspace = createWorkspace({ Dockerfile: Buffer.from([0x61, 0xff]) });
    expect(
      writeAtomically(workspace.path("Dockerfile"), "new", { expected: "a\ufffd" })?.code,
    ).toBe("changed-since-read");
  });

  it("when the file is read-only, even for a superuser", () => {
    const workspace = createWorkspace({ Dockerfile: "old" });
    chmodSync(workspace.path("Dockerfile"), 0o444);
    expect(writeAtomically(workspace.path("Dockerfile"), "new")?.code).toBe("read-only-file");
    expect(workspace.read("Dockerfile")).toBe("old");
    expect(readdirSync(workspace.directory)).toEqual(["Dockerfile"]);
  });

  it("when the directory is gone", () => {
    const workspace = createWorkspace({});
    expect(writeAtomically(workspace.path("none/Dockerfile"), "new")?.code).toBe("write-failed");
  });

  it("when the disk is full", (context) => {
    const workspace = createWorkspace({});
    const disk = smallDisk(workspace.path("disk"));
    if (disk === undefined) return context.skip();
    workspace.write("disk/Dockerfile", "old");
    const problem = writeAtomically(workspace.path("disk/Dockerfile"), "x".repeat(100_000), {
      expected: "old",
    });
    expect(problem).toMatchObject({
      code: "write-failed",
      data: { error: expect.stringContaining("ENOSPC") },
    });
    expect(workspace.read("disk/Dockerfile")).toBe("old");
    expect(readdirSync(disk)).toEqual(["Dockerfile"]);
  });
});
