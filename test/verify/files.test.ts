import { execFileSync } from "node:child_process";
import { chmodSync, symlinkSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readFileFacts } from "../../src/verify/files.ts";
import type { FileFacts } from "../../src/verify/files.ts";
import { imageConfiguration } from "../../src/verify/image-configuration.ts";
import type { RawConfiguration } from "../../src/verify/image-configuration.ts";
import { createWorkspace } from "../node/workspace.ts";

interface Image {
  readonly files?: Readonly<Record<string, string>>;
  readonly links?: Readonly<Record<string, string>>;
  readonly configuration?: RawConfiguration;
}

/** Facts about an image with these files, as its export gives them. */
async function factsOf({ files = {}, links = {}, configuration = {} }: Image): Promise<FileFacts> {
  const { directory, path } = createWorkspace(files);
  for (const name of Object.keys(files)) chmodSync(path(name), 0o755);
  for (const [name, target] of Object.entries(links)) symlinkSync(target, path(name));
  const archive = execFileSync("tar", ["--create", "--directory", directory, "--file", "-", "."]);
  async function* chunks() {
    yield new Uint8Array(archive);
  }
  return readFileFacts(chunks(), imageConfiguration(configuration));
}

describe("what the build left behind", () => {
  const cases: readonly [string, string][] = [
    ["leftover-go-toolchain", "usr/local/go/bin/go"],
    ["leftover-go-toolchain", "usr/lib/go-1.19/bin/go"],
    ["leftover-cache", "go/pkg/mod/github.com/pkg/errors@v0.9.1/errors.go"],
    ["leftover-cache", "root/.cache/go-build/00/x-d"],
    ["leftover-cache", "app/node_modules/.cache/babel/x.json"],
    ["leftover-cache", "root/.npm/_cacache/index"],
    ["leftover-git", "app/.git/HEAD"],
    ["leftover-env-file", "app/.env"],
    ["leftover-env-file", "app/.env.production"],
    ["leftover-compiler", "usr/bin/x86_64-linux-gnu-gcc-12"],
    ["leftover-sources", "app/main.go"],
    ["leftover-sources", "app/src/App.tsx"],
  ];
  test.each(cases)("%s: %s", async (code, file) => {
    const { leftovers } = await factsOf({ files: { [file]: "text" } });
    expect(leftovers).toEqual([{ code, count: 1, size: 4, example: `/${file}` }]);
  });

  test.each([
    "app/.env.example",
    "app/dist/types/index.d.ts",
    "app/node_modules/pkg/src/index.ts",
    "app/server",
    "usr/share/doc/x.go",
    "app/.gitignore",
    "usr/bin/git",
    "app/dist/main.js",
  ])("is not %s", async (file) => {
    expect((await factsOf({ files: { [file]: "text" } })).leftovers).toEqual([]);
  });

  test("is counted and summed up by its kind", async () => {
    const { leftovers } = await factsOf({ files: { "app/a.go": "12", "app/b.go": "123" } });
    expect(leftovers).toMatchObject([{ code: "leftover-sources", count: 2, size: 5 }]);
  });
});

describe("the program that is started", () => {
  const script = "#!/bin/sh\n";

  test("is found by its path, by WORKDIR, and in PATH", async () => {
    const files = { "app/run": "x", "opt/bin/tool": "x" };
    const configurations: RawConfiguration[] = [
      { Cmd: ["/app/run"] },
      { Cmd: ["./run"], WorkingDir: "/app" },
      { Entrypoint: ["tool"], Cmd: ["-v"], Env: ["PATH=/usr/bin:/opt/bin"] },
    ];
    for (const configuration of configurations) {
      expect((await factsOf({ files, configuration })).startProblem).toBeUndefined();
    }
  });

  test("is missing otherwise", async () => {
    const files = { "app/run": "x" };
    for (const Cmd of [["run"], ["/run"], ["/app"]]) {
      expect((await factsOf({ files, configuration: { Cmd } })).startProblem).toEqual({
        code: "start-file-missing",
        file: Cmd[0],
        interpreter: undefined,
      });
    }
  });

  test("is followed through links, of files and of directories", async () => {
    const files = { "usr/bin/tool-2": "x" };
    const configuration = { Cmd: ["/bin/tool"] };
    expect(
      (await factsOf({ files, links: { bin: "usr/bin", "usr/bin/tool": "tool-2" }, configuration }))
        .startProblem,
    ).toBeUndefined();
    expect(
      (
        await factsOf({
          files,
          links: { bin: "/usr/bin", "usr/bin/tool": "/usr/bin/tool-3" },
          configuration,
        })
      ).startProblem?.code,
    ).toBe("start-file-missing");
    expect(
      (await factsOf({ files, links: { bin: "/usr/bin", "usr/bin/tool": "tool" }, configuration }))
        .startProblem?.code,
    ).toBe("start-file-missing");
  });

  test("needs its interpreter", async () => {
    const configuration = { Cmd: ["/run"] };
    expect((await factsOf({ files: { run: script }, configuration })).startProblem).toEqual({
      code: "interpreter-missing",
      file: "/run",
      interpreter: "/bin/sh",
    });
    expect(
      (await factsOf({ files: { run: script, "bin/sh": "x" }, configuration })).startProblem,
    ).toBeUndefined();
  });

  test("is none of an image without a start", async () => {
    expect((await factsOf({ files: { a: "" } })).startProblem).toBeUndefined();
  });
});
