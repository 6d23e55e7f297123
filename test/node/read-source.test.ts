import { symlinkSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { decodeSource, readSource } from "../../src/node/read-source.ts";
import { createWorkspace } from "./workspace.ts";

describe("decoding", () => {
  it("keeps a byte order mark and line ends", () => {
    const source = "\ufeffFROM a\r\nRUN b\rc\n";
    expect(decodeSource(Buffer.from(source))).toEqual({ kind: "source", source });
  });

  it("says in which line the text is none", () => {
    expect(decodeSource(Buffer.from("a\nb\0c\n"))).toMatchObject({
      problem: { code: "binary-file", line: 2 },
    });
    const latin = Buffer.from("FROM a\n# caf\xe9\n", "latin1");
    expect(decodeSource(latin)).toMatchObject({ problem: { code: "invalid-utf8", line: 2 } });
    expect(decodeSource(Buffer.from([0x61, 0x0a, 0xe2, 0x82]))).toMatchObject({
      problem: { code: "invalid-utf8", line: 2 },
    });
  });

  it("takes UTF-16 for what it is not", () => {
    expect(decodeSource(Buffer.from("\ufeffFROM a\n", "utf16le"))).toMatchObject({
      problem: { code: "binary-file" },
    });
  });
});

describe("reading", () => {
  it("does not read a large file", () => {
    const workspace = createWorkspace({ Dockerfile: "x".repeat(10_000_000) });
    expect(readSource(workspace.path("Dockerfile"), workspace.directory)).toMatchObject({
      problem: { code: "too-large" },
    });
  });

  it("follows a link inside the root only", () => {
    const workspace = createWorkspace({ "in/real": "FROM a\n", outside: "secret" });
    symlinkSync("real", workspace.path("in/Dockerfile"));
    symlinkSync("../outside", workspace.path("in/Dockerfile.out"));
    const root = workspace.path("in");
    expect(readSource(workspace.path("in/Dockerfile"), root)).toEqual({
      kind: "source",
      source: "FROM a\n",
    });
    expect(readSource(workspace.path("in/Dockerfile.out"), root)).toMatchObject({
      problem: { code: "symlink-outside-root" },
    });
  });

  it("tells a missing file from an unreadable one", () => {
    const workspace = createWorkspace({});
    symlinkSync("loop", workspace.path("loop"));
    expect(readSource(workspace.path("none"), workspace.directory)).toMatchObject({
      problem: { code: "missing-path" },
    });
    expect(readSource(workspace.path("loop"), workspace.directory)).toMatchObject({
      problem: { code: "unreadable-file" },
    });
    expect(readSource(workspace.directory, workspace.directory)).toMatchObject({
      problem: { code: "not-a-file" },
    });
  });
});
