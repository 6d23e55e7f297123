import { execFileSync, spawn } from "node:child_process";
import { chmodSync, linkSync, mkdirSync, symlinkSync } from "node:fs";
import { expect, test } from "vitest";
import { readTar } from "../../src/verify/tar.ts";
import type { FileEntry } from "../../src/verify/tar.ts";
import { createWorkspace } from "../node/workspace.ts";

const longName = `${"directory/".repeat(15)}${"name".repeat(40)}.txt`;

async function collect(entries: AsyncIterable<FileEntry>): Promise<FileEntry[]> {
  const collected: FileEntry[] = [];
  for await (const entry of entries) collected.push(entry);
  return collected;
}

async function entriesOf(directory: string, format: string): Promise<Map<string, FileEntry>> {
  const tar = spawn("tar", [
    "--create",
    `--format=${format}`,
    "--directory",
    directory,
    "--file",
    "-",
    ".",
  ]);
  const entries = new Map<string, FileEntry>();
  for await (const entry of readTar(tar.stdout)) entries.set(entry.path, entry);
  return entries;
}

test.each(["gnu", "pax"])(
  "%s archives give every file with its kind, size and mode",
  async (format) => {
    const { directory, write, path } = createWorkspace({
      [longName]: "long",
      "bin/script": "#!/bin/sh\necho\n",
      "notes.txt": "x".repeat(5000),
      "ümläut.txt": "",
    });
    chmodSync(path("bin/script"), 0o755);
    symlinkSync(`../${longName}`, path("bin/link"));
    linkSync(path("bin/script"), path("bin/twin"));
    mkdirSync(path("empty"));
    write("last", "end");
    const entries = await entriesOf(directory, format);
    expect(entries.get(longName)).toMatchObject({ kind: "file", size: 4 });
    expect(entries.get("notes.txt")).toMatchObject({ kind: "file", size: 5000, head: undefined });
    expect(entries.get("ümläut.txt")).toMatchObject({ kind: "file", size: 0 });
    expect(entries.get("bin/link")).toMatchObject({ kind: "symlink", target: `../${longName}` });
    expect(entries.get("empty")).toMatchObject({ kind: "directory" });
    expect(entries.get("last")).toMatchObject({ kind: "file", size: 3 });
    for (const name of ["bin/script", "bin/twin"]) {
      const entry = entries.get(name)!;
      expect(entry.kind).toBe("file");
      expect(new TextDecoder().decode(entry.head)).toBe("#!/bin/sh\necho\n");
    }
    expect(entries.get("bin/script")!.mode & 0o777).toBe(0o755);
  },
);

test("chunks of any size give the same entries", async () => {
  const { directory } = createWorkspace({ a: "1".repeat(1500), b: "#!x\n", [longName]: "" });
  const archive = execFileSync("tar", ["--create", "--directory", directory, "--file", "-", "."]);
  async function* inChunks(size: number) {
    for (let at = 0; at < archive.length; at += size) yield archive.subarray(at, at + size);
  }
  const whole = await collect(readTar(inChunks(archive.length)));
  expect(await collect(readTar(inChunks(7)))).toEqual(whole);
  expect(await collect(readTar(inChunks(513)))).toEqual(whole);
  expect(whole.map(({ path }) => path)).toContain(longName);
});

test("a stream that breaks off ends the entries", async () => {
  async function* broken() {
    yield new Uint8Array(100);
  }
  expect(await collect(readTar(broken()))).toEqual([]);
});
