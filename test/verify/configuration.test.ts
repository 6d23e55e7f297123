import { describe, expect, test } from "vitest";
import { configurationFindings } from "../../src/verify/compare-configuration.ts";
import {
  configurationDifferences,
  imageConfiguration,
} from "../../src/verify/image-configuration.ts";
import type { RawConfiguration } from "../../src/verify/image-configuration.ts";
import { namedDifferences, stageCount } from "../../src/verify/named-differences.ts";

function differences(before: RawConfiguration, after: RawConfiguration): string[] {
  return configurationDifferences(imageConfiguration(before), imageConfiguration(after)).map(
    ({ name, kind }) => `${kind} ${name}`,
  );
}

function codes(
  before: RawConfiguration,
  after: RawConfiguration,
  named: readonly string[] = [],
): string[] {
  return configurationFindings(
    imageConfiguration(before),
    imageConfiguration(after),
    new Set(named),
  ).map(({ code }) => code);
}

describe("two configurations differ in", () => {
  const full: RawConfiguration = {
    Entrypoint: ["/run"],
    Cmd: ["serve"],
    Env: ["A=1", "EMPTY="],
    ExposedPorts: { "80/tcp": {} },
    Volumes: { "/data": {} },
    Labels: { team: "a", "io.buildah.version": "1.28.2" },
    User: "app",
    WorkingDir: "/srv",
    Healthcheck: { Test: ["CMD", "/run", "-check"], Interval: 30_000_000_000 },
    StopSignal: "SIGQUIT",
    Shell: ["/bin/bash", "-c"],
    OnBuild: ["RUN x"],
  };

  test("nothing, when they are the same", () => {
    expect(differences(full, structuredClone(full))).toEqual([]);
  });

  test("all that is lost, each by its name", () => {
    expect(differences(full, {}).sort()).toEqual(
      [
        "changed stopsignal",
        "changed user",
        "changed workdir",
        ...[
          "command",
          "entrypoint",
          "env:A",
          "env:EMPTY",
          "healthcheck",
          "label:team",
          "onbuild",
          "port:80/tcp",
          "shell",
          "volume:/data",
        ].map((name) => `lost ${name}`),
      ].sort(),
    );
  });

  test("all that is gained", () => {
    expect(differences({}, full).filter((name) => name.startsWith("gained"))).toHaveLength(10);
  });

  test("no two spellings of the same", () => {
    expect(
      differences(
        { User: "root", StopSignal: "SIGTERM" },
        { User: "0", Entrypoint: [], Volumes: null },
      ),
    ).toEqual([]);
    expect(differences({ WorkingDir: "" }, { WorkingDir: "/" })).toEqual([]);
  });

  test("the times of a health check", () => {
    const check = (interval: number) => ({
      Healthcheck: { Test: ["CMD", "x"], Interval: interval },
    });
    expect(differences(check(1), check(2))).toEqual(["changed healthcheck"]);
    expect(differences(check(0), { Healthcheck: { Test: ["CMD", "x"] } })).toEqual([]);
  });
});

describe("a difference", () => {
  test("is a loss when no reason names it", () => {
    expect(codes({ Env: ["MODE=prod"] }, {})).toEqual(["configuration-lost"]);
    expect(codes({ User: "app" }, {})).toEqual(["configuration-changed"]);
  });

  test("is none when a reason names it", () => {
    expect(codes({ Env: ["MODE=prod"] }, {}, ["env:MODE"])).toEqual(["configuration-named"]);
    expect(codes({ Env: ["MODE=prod"] }, {}, ["env:*"])).toEqual(["configuration-named"]);
    expect(codes({ Env: ["MODE=prod"] }, {}, ["env:OTHER"])).toEqual(["configuration-lost"]);
  });

  test("is the toolchain's when only that reads it", () => {
    expect(codes({ Env: ["GOPATH=/go", "CGO_ENABLED=0"] }, {})).toEqual([
      "configuration-toolchain",
      "configuration-toolchain",
    ]);
    expect(
      codes({ Env: ["PATH=/go/bin:/usr/local/go/bin:/usr/bin"] }, { Env: ["PATH=/usr/bin"] }),
    ).toEqual(["configuration-toolchain"]);
    expect(codes({ Env: ["PATH=/opt/tool:/usr/bin"] }, { Env: ["PATH=/usr/bin"] })).toEqual([
      "configuration-changed",
    ]);
    expect(codes({ Env: ["GOPATH=/go"] }, { Env: ["GOPATH=/x"] })).toEqual([
      "configuration-changed",
    ]);
  });

  test("is a gift of the base image where it takes nothing away", () => {
    expect(codes({}, { Env: ["NGINX_VERSION=1"], ExposedPorts: { "80/tcp": {} } })).toEqual([
      "configuration-gained",
      "configuration-gained",
    ]);
    expect(codes({}, { StopSignal: "SIGQUIT" })).toEqual(["configuration-changed"]);
    expect(codes({}, { Volumes: { "/data": {} } })).toEqual(["configuration-changed"]);
  });

  test("is the exec form of a plain command", () => {
    const shell = (text: string) => ({ Cmd: ["/bin/sh", "-c", text] });
    expect(codes(shell("./server -p 80"), { Cmd: ["./server", "-p", "80"] })).toEqual([
      "exec-form",
    ]);
    expect(codes(shell("exec ./server"), { Cmd: ["./server"] })).toEqual(["exec-form"]);
    expect(codes(shell("./server $FLAGS"), { Cmd: ["./server", "$FLAGS"] })).toEqual([
      "configuration-changed",
    ]);
    expect(codes(shell("./server"), { Cmd: ["./other"] })).toEqual(["configuration-changed"]);
  });
});

describe("the differences that a migration names", () => {
  const before = "FROM golang:1.22\nENV MODE=prod\nCMD ./server\n";
  const after = 'FROM golang:1.22 AS builder\n\nFROM scratch\nENV MODE=prod\nCMD ["./server"]\n';

  test("are those of the two texts", () => {
    const names = namedDifferences(before, after);
    expect(names).toContain("command");
    expect(names).toContain("env:GOPATH");
    expect(names).not.toContain("env:MODE");
  });

  test("are none where a text can't be read", () => {
    expect(namedDifferences(before, "FROMM x\n")).toEqual(new Set());
    expect(stageCount("FROMM x\n")).toBe(0);
    expect([before, after].map(stageCount)).toEqual([1, 2]);
  });
});
