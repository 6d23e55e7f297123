import { describe, expect, test } from "vitest";
import { build, ownIgnoreFile, syntaxImageOf, withoutSyntaxLine } from "../../src/verify/build.ts";
import type { BuildJob } from "../../src/verify/build.ts";
import { buildArguments } from "../../src/verify/build-arguments.ts";
import type { BuildRequest, Engine } from "../../src/verify/engine.ts";
import { EngineError } from "../../src/verify/problems.ts";
import { createWorkspace } from "../node/workspace.ts";

describe("the # syntax= line", () => {
  test.each([
    ["# syntax=docker/dockerfile:1\nFROM x\n", "docker/dockerfile:1", "FROM x\n"],
    ["#Syntax = a/b:1 \r\nFROM x\r\n", "a/b:1", "FROM x\r\n"],
    ["# escape=`\n# syntax=a/b\nFROM x\n", "a/b", "# escape=`\nFROM x\n"],
    ["\ufeff# syntax=a\nFROM x", "a", "FROM x"],
    ["# a comment\n# syntax=a\nFROM x\n", undefined, undefined],
    ["\n# syntax=a\nFROM x\n", undefined, undefined],
    ["FROM x\n", undefined, undefined],
  ])("%j asks for %s", (text, image, bare) => {
    expect(syntaxImageOf(text)).toBe(image);
    expect(withoutSyntaxLine(text)).toBe(bare ?? text);
  });
});

const request: BuildRequest = {
  image: "localhost/x:1",
  dockerfile: "/tmp/d/Dockerfile",
  context: "/srv/app",
  ignoreFile: "/tmp/d/Dockerfile.dockerignore",
  options: {
    network: "host",
    buildArguments: ["A=1", "B=two words"],
    secrets: ["id=npm,src=.npmrc"],
    engineArguments: ["--no-cache"],
  },
  timeout: 1000,
  signal: new AbortController().signal,
  onLine: undefined,
};

describe("the build command", () => {
  const passedOn = [
    "--network=host",
    "--build-arg=A=1",
    "--build-arg=B=two words",
    "--secret=id=npm,src=.npmrc",
  ];
  const files = ["--file=/tmp/d/Dockerfile", "--tag=localhost/x:1"];

  test("of BuildKit loads the image into the engine and finds the ignore file by itself", () => {
    expect(buildArguments("buildx", request)).toEqual([
      "buildx",
      "build",
      "--progress",
      "plain",
      "--load",
      ...files,
      ...passedOn,
      "--no-cache",
      "/srv/app",
    ]);
  });

  test("of buildah writes docker's format, which has HEALTHCHECK, and is given the ignore file", () => {
    expect(buildArguments("buildah", request)).toEqual([
      "build",
      "--format",
      "docker",
      ...files,
      ...passedOn,
      "--ignorefile=/tmp/d/Dockerfile.dockerignore",
      "--no-cache",
      "/srv/app",
    ]);
  });

  test("has nothing more than the two names when nothing more is asked for", () => {
    const bare = { ...request, options: {}, ignoreFile: undefined };
    expect(buildArguments("podman", bare)).toEqual([
      "build",
      "--format",
      "docker",
      "--force-rm",
      "--layers=false",
      ...files,
      "/srv/app",
    ]);
    expect(buildArguments("docker-legacy", bare)).toEqual([
      "build",
      "--force-rm",
      ...files,
      "/srv/app",
    ]);
  });
});

describe("a build", () => {
  function job(text: string, onBuild: (request: BuildRequest) => void): BuildJob {
    const { directory } = createWorkspace();
    const engine = { build: async (asked: BuildRequest) => onBuild(asked) } as unknown as Engine;
    const { image, context, options, timeout, signal } = request;
    return {
      engine,
      image,
      text,
      directory,
      context,
      ignoreFile: undefined,
      options,
      usesSyntaxImage: true,
      timeout,
      signal,
      onLine: undefined,
    };
  }
  const unavailable = new EngineError({
    code: "base-image-unavailable",
    detail: "failed to resolve source metadata for docker.io/docker/dockerfile:1",
    lines: [
      "ERROR: failed to solve: failed to resolve source metadata for docker.io/docker/dockerfile:1: no such host",
    ],
  });

  test("is tried once more without a # syntax= line whose image can't be had", async () => {
    let count = 0;
    const end = await build(
      job("# syntax=docker/dockerfile:1\nFROM x\n", () => {
        if (count++ === 0) throw unavailable;
      }),
    );
    expect(end).toMatchObject({ problem: undefined, withoutSyntaxImage: true });
    expect(count).toBe(2);
  });

  test("is not tried again when another image is missing", async () => {
    let count = 0;
    const problem = { ...unavailable.problem, lines: ["ERROR: nosuchimage:1: not found"] };
    const end = await build(
      job("# syntax=docker/dockerfile:1\nFROM x\n", () => {
        count++;
        throw new EngineError(problem);
      }),
    );
    expect(end).toMatchObject({ problem, withoutSyntaxImage: false });
    expect(count).toBe(1);
  });

  test("of a file without such a line fails once", async () => {
    const end = await build(
      job("FROM x\n", () => {
        throw unavailable;
      }),
    );
    expect(end).toMatchObject({ problem: unavailable.problem, withoutSyntaxImage: false });
  });
});

test("an ignore file of the Dockerfile's own name is found beside it", () => {
  const { path } = createWorkspace({
    "a.Dockerfile": "",
    "a.Dockerfile.dockerignore": "",
    "b.Dockerfile": "",
  });
  expect(ownIgnoreFile(path("a.Dockerfile"))).toBe(path("a.Dockerfile.dockerignore"));
  expect(ownIgnoreFile(path("b.Dockerfile"))).toBeUndefined();
});
