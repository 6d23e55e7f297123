import { describe, expect, it } from "vitest";
import {
  baseImage,
  DEFAULT_PATH,
  isAtLeast,
  parseImageReference,
} from "../../src/core/base-images.ts";

describe("a reference", () => {
  it.each([
    ["golang", "golang", "latest", undefined],
    ["golang:1.22", "golang", "1.22", undefined],
    ["localhost:5000/golang", "localhost:5000/golang", "latest", undefined],
    ["localhost:5000/a/golang:1@sha256:0", "localhost:5000/a/golang", "1", "sha256:0"],
    ["golang@sha256:0", "golang", "", "sha256:0"],
  ])("%s is taken apart", (text, repository, tag, digest) => {
    expect(parseImageReference(text)).toEqual({ repository, tag, digest });
  });

  it.each([
    ["golang:1.22", false],
    ["library/golang:1.22", false],
    ["docker.io/golang:1.22", false],
    ["docker.io/library/golang:1.22", false],
    ["index.docker.io/library/golang:1.22", false],
    ["registry-1.docker.io/library/golang:1.22", false],
    ["public.ecr.aws/docker/library/golang:1.22", true],
    ["mirror.gcr.io/library/golang:1.22", true],
    ["mirror.gcr.io/golang:1.22", true],
    ["registry.example.com/golang:1.22", true],
    ["registry.example.com:5000/team/golang:1.22", true],
    ["localhost:5000/golang:1.22", true],
    ["localhost/golang:1.22", true],
  ])("%s is docker.io's image or a copy of it", (text, isMirror) => {
    expect(baseImage(text)).toMatchObject({ family: "golang", version: "1.22", isMirror });
  });

  it.each([
    "myname/golang:1.22",
    "golang-builder",
    "registry.example.com/scratch",
    "golangci/golangci-lint",
    "python:3",
    "circleci/golang:1.12",
    "GOLANG",
  ])("%s is in no table", (text) => expect(baseImage(text)).toBeUndefined());

  it("with a digest alone does not say which variant it is", () => {
    expect(baseImage("golang@sha256:0")).toBeUndefined();
    expect(baseImage("golang:1.22-alpine@sha256:0")).toMatchObject({
      distribution: "alpine",
      version: "1.22",
    });
    expect(baseImage("alpine@sha256:0")).toMatchObject({
      distribution: "alpine",
      release: undefined,
    });
  });
});

describe("a golang image", () => {
  it.each([
    // [tag, distribution, release], as docker-library/official-images had it last
    ["1.22", "debian", "bookworm"],
    ["1.22.1", "debian", "bookworm"],
    ["1", "debian", "trixie"],
    ["latest", "debian", "trixie"],
    ["1.26.3", "debian", "trixie"],
    ["1.24", "debian", "trixie"],
    ["1.24.5", "debian", "bookworm"],
    ["1.20", "debian", "bookworm"],
    ["1.20.4", "debian", "bullseye"],
    ["1.19", "debian", "bookworm"],
    ["1.19.9", "debian", "bullseye"],
    ["1.18", "debian", "bullseye"],
    ["1.17.1", "debian", "bullseye"],
    ["1.16", "debian", "bullseye"],
    ["1.16.6", "debian", "buster"],
    ["1.15", "debian", "buster"],
    ["1.13", "debian", "buster"],
    ["1.12", "debian", "buster"],
    ["1.12.6", "debian", "stretch"],
    ["1.11", "debian", "buster"],
    ["1.11.5", "debian", "stretch"],
    ["1.10", "debian", "stretch"],
    ["1.9", "debian", "stretch"],
    ["1.8", "debian", "jessie"],
    ["1.7", "debian", "jessie"],
    ["1.22-bullseye", "debian", "bullseye"],
    ["1.10-stretch", "debian", "stretch"],
    ["1.8-wheezy", "debian", "wheezy"],
    ["bookworm", "debian", "bookworm"],
    ["1.22-alpine", "alpine", "3.21"],
    ["1.22.3-alpine", "alpine", "3.20"],
    ["1.13-alpine", "alpine", "3.12"],
    ["1.10.2-alpine", "alpine", "3.7"],
    ["1.21-alpine3.18", "alpine", "3.18"],
    ["alpine3.19", "alpine", "3.19"],
    ["1.22-windowsservercore-ltsc2022", "windows", undefined],
    ["1.22-nanoserver", "windows", undefined],
    ["nanoserver-1809", "windows", undefined],
    ["rc-foo", "debian", undefined],
  ])("%s stands on %s %s", (tag, distribution, release) => {
    expect(baseImage(`golang:${tag}`)).toMatchObject({ distribution, release });
  });

  it("works in /go, finds its programs and starts a shell", () => {
    expect(baseImage("golang:1.22")).toMatchObject({
      workingDirectory: "/go",
      user: "",
      entrypoint: undefined,
      command: ["bash"],
      hasShell: true,
      hasTriggers: false,
      environment: {
        PATH: `/go/bin:/usr/local/go/bin:${DEFAULT_PATH}`,
        GOPATH: "/go",
        GOLANG_VERSION: undefined,
        GOTOOLCHAIN: "local",
      },
    });
    expect(baseImage("golang:1.22-alpine")!.command).toEqual(["/bin/sh"]);
  });

  it("has had GOTOOLCHAIN since 1.21.1", () => {
    expect(Object.keys(baseImage("golang:1.20")!.environment)).not.toContain("GOTOOLCHAIN");
    expect(Object.keys(baseImage("golang:1.21.0")!.environment)).not.toContain("GOTOOLCHAIN");
    expect(Object.keys(baseImage("golang:1.21")!.environment)).toContain("GOTOOLCHAIN");
  });

  it("of Windows has paths that nothing is said about", () => {
    const image = baseImage("golang:1.22-nanoserver")!;
    expect(image.workingDirectory).toBeUndefined();
    expect(Object.values(image.environment).every((value) => value === undefined)).toBe(true);
    expect(image.command).toBeUndefined();
  });

  it("may carry triggers", () => {
    expect(baseImage("golang:onbuild")!.hasTriggers).toBe(true);
    expect(baseImage("golang:1.6-onbuild")!.hasTriggers).toBe(true);
  });
});

describe("a node image", () => {
  it.each([
    ["20", "20", "debian", "bookworm"],
    ["18", "18", "debian", "bookworm"],
    ["18.15.0", "18.15.0", "debian", "bullseye"],
    ["16", "16", "debian", "buster"],
    ["14", "14", "debian", "buster"],
    ["14.17", "14.17", "debian", "stretch"],
    ["12-slim", "12", "debian", "stretch"],
    ["10", "10", "debian", "stretch"],
    ["8.9", "8.9", "debian", "jessie"],
    ["26", "26", "debian", "trixie"],
    ["20-alpine3.19", "20", "alpine", "3.19"],
    ["lts-alpine", undefined, "alpine", undefined],
    ["lts", undefined, "debian", undefined],
    ["hydrogen-slim", "18", "debian", "bookworm"],
    ["20-bullseye-slim", "20", "debian", "bullseye"],
  ])("%s is version %s on %s %s", (tag, version, distribution, release) => {
    expect(baseImage(`node:${tag}`)).toMatchObject({
      version,
      distribution,
      release,
      workingDirectory: "/",
      command: ["node"],
    });
  });

  it.each([
    ["20", true],
    ["lts", true],
    ["12", true],
    ["12.2.0", false],
    ["10.16", true],
    ["10.15", false],
    ["9", false],
    ["8", true],
    ["6", false],
  ])("%s has an entrypoint: %s", (tag, expected) => {
    expect(baseImage(`node:${tag}`)!.entrypoint).toEqual(
      expected ? ["docker-entrypoint.sh"] : undefined,
    );
  });

  it("has brought Yarn up to version 25", () => {
    expect(Object.keys(baseImage("node:24")!.environment)).toContain("YARN_VERSION");
    expect(Object.keys(baseImage("node:26")!.environment)).not.toContain("YARN_VERSION");
  });
});

describe("an nginx image", () => {
  it.each([
    ["latest", ["/docker-entrypoint.sh"], ["80/tcp"], "SIGQUIT"],
    ["alpine", ["/docker-entrypoint.sh"], ["80/tcp"], "SIGQUIT"],
    ["1.25-alpine", ["/docker-entrypoint.sh"], ["80/tcp"], "SIGQUIT"],
    ["1.19.3", ["/docker-entrypoint.sh"], ["80/tcp"], "SIGTERM"],
    ["1.19", ["/docker-entrypoint.sh"], ["80/tcp"], "SIGQUIT"],
    ["1.18", ["/docker-entrypoint.sh"], ["80/tcp"], "SIGQUIT"],
    ["1.17.9", undefined, ["80/tcp"], "SIGTERM"],
    ["1.13", undefined, ["80/tcp"], "SIGTERM"],
    ["1.10", undefined, ["80/tcp", "443/tcp"], undefined],
  ])(
    "%s starts with %j, exposes %j and stops with %s",
    (tag, entrypoint, exposedPorts, stopSignal) => {
      expect(baseImage(`nginx:${tag}`)).toMatchObject({
        entrypoint,
        exposedPorts,
        stopSignal,
        command: ["nginx", "-g", "daemon off;"],
      });
    },
  );

  it("without privileges runs as 101 on port 8080", () => {
    expect(baseImage("nginxinc/nginx-unprivileged:1.25")).toMatchObject({
      family: "nginx-unprivileged",
      user: "101",
      exposedPorts: ["8080/tcp"],
      isMirror: false,
    });
    expect(baseImage("ghcr.io/nginxinc/nginx-unprivileged")).toMatchObject({
      user: "101",
      isMirror: false,
    });
  });
});

describe("a system image", () => {
  it.each([
    ["alpine:3.19", "alpine", "3.19", ["/bin/sh"]],
    ["alpine:3.19.1", "alpine", "3.19", ["/bin/sh"]],
    ["alpine", "alpine", undefined, ["/bin/sh"]],
    ["alpine:3", "alpine", undefined, ["/bin/sh"]],
    ["debian:bookworm-slim", "debian", "bookworm", ["bash"]],
    ["debian:12", "debian", "bookworm", ["bash"]],
    ["debian:12.5-slim", "debian", "bookworm", ["bash"]],
    ["debian:stable-slim", "debian", "trixie", ["bash"]],
    ["debian:unstable", "debian", undefined, ["bash"]],
    ["debian:jessie", "debian", "jessie", ["bash"]],
    ["ubuntu:22.04", "ubuntu", undefined, ["/bin/bash"]],
    ["busybox:1.36", "busybox", undefined, ["sh"]],
    ["scratch", "none", undefined, undefined],
  ])("%s is %s %s", (reference, distribution, release, command) => {
    expect(baseImage(reference)).toMatchObject({
      distribution,
      release,
      command,
      workingDirectory: "/",
      environment: { PATH: DEFAULT_PATH },
    });
  });
});

describe("a distroless image", () => {
  it.each([
    ["gcr.io/distroless/static", "0", "/", undefined, undefined],
    ["gcr.io/distroless/static:nonroot", "65532", "/home/nonroot", undefined, undefined],
    [
      "gcr.io/distroless/static-debian12:nonroot-amd64",
      "65532",
      "/home/nonroot",
      undefined,
      "bookworm",
    ],
    [
      "gcr.io/distroless/base-debian11:debug-nonroot",
      "65532",
      "/home/nonroot",
      ["/busybox/sh"],
      "bullseye",
    ],
    ["gcr.io/distroless/cc-debian13:debug", "0", "/", ["/busybox/sh"], "trixie"],
    ["gcr.io/distroless/nodejs20-debian12", "0", "/", ["/nodejs/bin/node"], "bookworm"],
  ])("%s runs as %s in %s", (reference, user, workingDirectory, entrypoint, release) => {
    expect(baseImage(reference)).toMatchObject({
      user,
      workingDirectory,
      entrypoint,
      release,
      hasShell: false,
      isMirror: false,
    });
  });

  it("for debugging has its shell in the PATH, but none that a shell form finds", () => {
    const image = baseImage("gcr.io/distroless/static:debug")!;
    expect(image.environment["PATH"]).toBe(`${DEFAULT_PATH}:/busybox`);
    expect(image.hasShell).toBe(false);
    expect(image.environment["SSL_CERT_FILE"]).toBe("/etc/ssl/certs/ca-certificates.crt");
  });
});

describe("a version", () => {
  it.each([
    ["1.22.3", [1, 22, 3], true],
    ["1.22.3", [1, 22, 4], false],
    ["1.22", [1, 22, 9], true],
    ["1.9", [1, 22], false],
    ["1", [1, 22], true],
    ["2", [1, 22], true],
    ["0.12", [4], false],
    [undefined, [99], true],
  ] as const)("%s is at least %j: %s", (version, [major, minor, patch], expected) => {
    expect(isAtLeast(version, major, minor, patch)).toBe(expected);
  });
});
