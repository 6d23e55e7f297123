import { expect, test } from "vitest";
import { baseImage } from "../../src/core/base-images.ts";
import { chooseRuntime, installLines, type Requirement } from "../../src/stages/runtime-ladder.ts";

function requirement(
  packages: Requirement["packages"],
  fields: Partial<Requirement> = {},
): Requirement {
  return { code: "needed", refusal: "refused", data: {}, packages, isOwn: false, ...fields };
}

const shell = requirement({ alpine: [], debian: [] });
const git = requirement({ alpine: ["git"], debian: ["git"] });
const gnuDate = requirement({ debian: [] });
const ownLibrary = requirement({ alpine: [], debian: [] }, { isOwn: true });

function choose(image: string, requirements: readonly Requirement[], choice = "smallest") {
  const runtime = chooseRuntime(
    choice,
    { base: baseImage(image)!, reference: image, installsPackages: false },
    requirements,
  );
  return runtime.unmet ? "unmet" : [runtime.image, ...runtime.packages].join(" ");
}

test.each([
  ["golang:1.22", [], "scratch"],
  ["golang:1.22", [shell], "alpine:3"],
  ["golang:1.22", [shell, git], "alpine:3 git"],
  ["golang:1.22", [gnuDate], "debian:bookworm-slim"],
  ["golang:1.22", [gnuDate, git], "debian:bookworm-slim git"],
  ["golang:1.22", [ownLibrary], "debian:bookworm-slim"],
  ["golang:1.22-alpine3.19", [ownLibrary], "alpine:3.19"],
  ["golang:1.22-alpine3.19", [shell], "alpine:3.19"],
  ["golang:1.22-alpine3.19", [gnuDate], "unmet"],
  ["arm32v7/golang:1.22", [shell], "arm32v7/alpine:3"],
  ["arm64v8/golang:1.22", [ownLibrary], "arm64v8/debian:bookworm-slim"],
  ["golang:rc", [shell], "alpine:3"],
  ["golang:rc", [ownLibrary], "unmet"],
  ["alpine:3.18", [ownLibrary], "alpine:3.18"],
  ["alpine:latest", [ownLibrary], "alpine:latest"],
  ["ubuntu:22.04", [ownLibrary], "ubuntu:22.04"],
  ["debian:bookworm", [ownLibrary], "debian:bookworm-slim"],
] as const)("%s with %j stands on %s", (image, requirements, expected) => {
  expect(choose(image, requirements)).toBe(expected);
});

test("a release whose packages are archived gets none installed", () => {
  expect(choose("golang:1.13", [requirement({ debian: ["git"] })])).toBe("unmet");
  expect(choose("golang:1.13", [git])).toBe("alpine:3 git");
});

test("a choice is kept, and says what it does not meet", () => {
  expect(choose("golang:1.22", [shell], "scratch")).toBe("unmet");
  expect(choose("golang:1.22", [shell], "distroless")).toBe("unmet");
  expect(choose("golang:1.22", [git], "debian")).toBe("debian:bookworm-slim git");
  expect(choose("golang:1.22", [ownLibrary], "alpine")).toBe("unmet");
  expect(choose("golang:1.22", [git], "busybox:1.36")).toBe("unmet");
  expect(choose("golang:1.22", [git], "example.com/team/base:1")).toBe("example.com/team/base:1");
});

test("packages are installed as the distribution does it", () => {
  const base = {
    base: baseImage("golang:1.22")!,
    reference: "golang:1.22",
    installsPackages: false,
  };
  expect(installLines(chooseRuntime("alpine", base, [git]))).toEqual([
    "RUN apk add --no-cache git",
  ]);
  expect(installLines(chooseRuntime("debian", base, [git]))).toEqual([
    "RUN apt-get update && apt-get install -y --no-install-recommends git && rm -rf /var/lib/apt/lists/*",
  ]);
  expect(installLines(chooseRuntime("scratch", base, []))).toEqual([]);
});
