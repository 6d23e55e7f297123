import { expect, it } from "vitest";
import { packageUse, programsOf } from "../../src/stages/package-uses.ts";
import { SYSTEM_PROGRAMS } from "../../src/stages/system-programs.ts";

it.each([
  ["gcc", "build"],
  ["build-base", "build"],
  ["build-essential", "build"],
  ["musl-dev", "build"],
  ["protobuf-compiler", "build"],
  ["linux-headers", "build"],
  ["gcc-12", "build"],
  ["zlib-static", "build"],
  ["ca-certificates", "certificates"],
  ["tzdata", "zones"],
  ["shadow", "users"],
  ["adduser", "users"],
  ["git", "program"],
  ["bash", "program"],
  ["curl", "program"],
  ["openssl", "program"],
  ["busybox-extras", "program"],
  ["busybox-static", "program"],
  ["postgresql-client-15", "program"],
  ["postgresql16-client", "program"],
  ["python3.11", "program"],
  ["libimage-exiftool-perl", "program"],
  ["libreoffice-writer", "program"],
  ["libcap2-bin", "program"],
  ["librdkafka-dev", "library"],
  ["sqlite-libs", "library"],
  ["libvips42", "library"],
  ["gcompat", "library"],
  ["libc6-compat", "library"],
  ["util-linux-dev", "library"],
  ["fonts-dejavu", "data"],
  ["ttf-dejavu", "data"],
  ["font-noto-cjk", "data"],
  ["mailcap", "data"],
  ["media-types", "data"],
  ["locales", "data"],
  ["icu-data-full", "data"],
  ["tesseract-ocr-eng", "data"],
  ["tesseract-ocr-data-deu", "data"],
  ["tesseract-ocr-dev", "library"],
  ["tesseract-ocr", "program"],
  ["python3-requests", "unknown"],
  ["no-such-package", "unknown"],
  ["constructor", "unknown"],
])("%s is for %s", (name, use) => {
  expect(packageUse(name)).toBe(use);
});

it.each([
  ["openssh-client-default", "ssh"],
  ["openssh", "scp"],
  ["mysql-client", "mysqldump"],
  ["default-mysql-client", "mysql"],
  ["postgresql-client-15", "psql"],
  ["postgresql16-client", "pg_dump"],
  ["procps-ng", "ps"],
  ["netcat-traditional", "nc"],
  ["dnsutils", "dig"],
  ["python3.11", "python3"],
  ["docker.io", "docker"],
  ["docker-cli", "docker"],
  ["coreutils", "stat"],
])("%s brings %s", (name, program) => {
  expect(programsOf(name)).toContain(program);
});

it("tells no programs of the base image, nor of what is not known", () => {
  expect(programsOf("base")).toEqual([]);
  expect(programsOf("no-such-package")).toEqual([]);
  expect(programsOf("toString")).toEqual([]);
});

it("tells only programs that are in the table, each once", () => {
  for (const name of new Set(
    Object.values(SYSTEM_PROGRAMS).flatMap(({ alpine, debian }) => [alpine, debian]),
  )) {
    if (name === undefined || name === "base") continue;
    const programs = programsOf(name);
    expect(programs.length, name).toBeGreaterThan(0);
    expect(new Set(programs).size, name).toBe(programs.length);
    expect(programs.filter((program) => !Object.hasOwn(SYSTEM_PROGRAMS, program))).toEqual([]);
  }
});

it("takes a package for what its programs say wherever it brings some, apart from the ones named otherwise", () => {
  const otherwise = Object.values(SYSTEM_PROGRAMS)
    .flatMap(({ alpine, debian }) => [alpine, debian])
    .filter((name) => name !== undefined && name !== "base")
    .filter((name) => packageUse(name!) !== "program");
  expect([...new Set(otherwise)].sort()).toEqual([
    "adduser",
    "binutils",
    "ca-certificates",
    "cmake",
    "cpp",
    "fontconfig",
    "g++",
    "gcc",
    "locales",
    "make",
    "pkg-config",
    "pkgconf",
    "protobuf-compiler",
    "protoc",
    "shadow",
  ]);
});
