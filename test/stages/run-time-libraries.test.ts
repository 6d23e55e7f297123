import { describe, expect, it } from "vitest";
import { CPP_RUNTIME, runTimeLibraries } from "../../src/stages/run-time-libraries.ts";
import type { PackageDistribution } from "../../src/stages/system-programs.ts";

it.each<[string, PackageDistribution, string | undefined, string[] | undefined]>([
  ["libsqlite3-dev", "debian", "bookworm", ["libsqlite3-0"]],
  ["libsqlite3-dev", "debian", undefined, ["libsqlite3-0"]],
  ["librdkafka-dev", "debian", "trixie", ["librdkafka++1", "librdkafka1"]],
  ["libssl-dev", "debian", "jessie", ["libssl1.0.0"]],
  ["libssl-dev", "debian", "buster", ["libssl1.1"]],
  ["libssl-dev", "debian", "bullseye", ["libssl1.1"]],
  ["libssl-dev", "debian", "bookworm", ["libssl3"]],
  ["libssl-dev", "debian", "trixie", ["libssl3t64"]],
  ["libssl-dev", "debian", undefined, undefined],
  ["libpcap-dev", "debian", "bookworm", ["libpcap0.8"]],
  ["libpcap-dev", "debian", "trixie", ["libpcap0.8t64"]],
  ["libvips-dev", "debian", "bookworm", ["libvips42"]],
  ["libgit2-dev", "debian", "bookworm", ["libgit2-1.5"]],
  ["libgit2-dev", "debian", "stretch", undefined],
  ["libzmq3-dev", "debian", "jessie", undefined],
  ["libgl1-mesa-dev", "debian", "bookworm", ["libgl1"]],
  ["libpcre3-dev", "debian", "trixie", undefined],
  ["libtesseract-dev", "debian", "bullseye", ["libtesseract4"]],
  ["default-libmysqlclient-dev", "debian", "bookworm", ["libmariadb3"]],
  ["libfdk-aac-dev", "debian", "bookworm", undefined],
  ["libsqlite3-dev", "debian", "noble", undefined],
  ["libc6-dev", "debian", "bookworm", []],
  ["libstdc++-12-dev", "debian", "bookworm", []],
  ["build-base", "alpine", "3.19", []],
  ["musl-dev", "alpine", undefined, []],
  ["sqlite-dev", "alpine", "3.19", ["sqlite-libs"]],
  ["sqlite-dev", "alpine", undefined, ["sqlite-libs"]],
  ["openssl-dev", "alpine", "3.8", ["libcrypto1.0", "libssl1.0"]],
  ["openssl-dev", "alpine", "3.16", ["libcrypto1.1", "libssl1.1"]],
  ["openssl-dev", "alpine", "3.17", ["libcrypto3", "libssl3"]],
  ["openssl-dev", "alpine", undefined, undefined],
  ["expat-dev", "alpine", "3.9", ["expat"]],
  ["expat-dev", "alpine", "3.20", ["libexpat"]],
  ["vips-dev", "alpine", "3.19", ["vips"]],
  ["librdkafka-dev", "alpine", "3.20", ["librdkafka"]],
  ["zeromq-dev", "alpine", "3.20", ["libzmq"]],
  ["opencv-dev", "alpine", "3.20", undefined],
  ["sqlite-dev", "alpine", "edge", undefined],
  ["libsqlite3-dev", "alpine", "3.19", undefined],
  ["constructor", "debian", "bookworm", undefined],
])("a program built with %s on %s %s needs %j", (name, distribution, release, libraries) => {
  expect(runTimeLibraries(name, distribution, release)).toEqual(libraries);
});

describe.each<[PackageDistribution, readonly string[], readonly string[]]>([
  ["debian", ["jessie", "stretch", "buster", "bullseye", "bookworm", "trixie"], ["xorg-dev"]],
  ["alpine", ["3.8", "3.12", "3.16", "3.18", "3.20", "3.24"], ["ffmpeg-dev"]],
])("the names for %s", (distribution, releases, examples) => {
  it.each(examples)("of %s are packages, sorted or not, and none is a -dev package", (name) => {
    for (const release of releases) {
      const libraries = runTimeLibraries(name, distribution, release) ?? [];
      expect(libraries.filter((one) => !/^[a-z0-9][a-z0-9+._-]+$/.test(one))).toEqual([]);
      expect(libraries.filter((one) => one.endsWith("-dev"))).toEqual([]);
      expect(new Set(libraries).size).toBe(libraries.length);
    }
  });
});

it("knows C++'s libraries, which alpine's image lacks", () => {
  expect(CPP_RUNTIME).toEqual({ alpine: ["libstdc++", "libgcc"], debian: ["libstdc++6"] });
});
