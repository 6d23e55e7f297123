import { describe, expect, test } from "vitest";
import { MODULE_NEEDS, SYSTEM_FILES } from "../../src/javascript/module-knowledge.ts";
import { needsOfModule, type ModuleNeed } from "../../src/javascript/module-needs.ts";

const DEBIAN_RELEASES = ["bullseye", "bookworm", "trixie"];
const bookworm = { distribution: "debian", release: "bookworm" } as const;

function packagesOf(needs: readonly ModuleNeed[]): string[] {
  return needs.filter(({ isInImage }) => isInImage).flatMap(({ packages }) => packages ?? ["?"]);
}

const modules = MODULE_NEEDS.flatMap((entry) => entry.modules.split(/\s+/));

describe("what npm packages need of the system", () => {
  test("simple-git needs git with certificates, and ssh", () => {
    expect(packagesOf(needsOfModule("simple-git", "^3.0.0", bookworm))).toEqual([
      "git",
      "openssh-client",
      "ca-certificates",
    ]);
  });

  test("Prisma's client needs OpenSSL up to version 6", () => {
    expect(packagesOf(needsOfModule("@prisma/client", "5.22.0", bookworm))).toEqual([
      "openssl",
      "libssl3",
      "ca-certificates",
    ]);
    expect(needsOfModule("@prisma/client", "^7.1.0", bookworm)).toEqual([]);
    expect(needsOfModule("@prisma/client", ">=6", bookworm)).not.toEqual([]);
    expect(needsOfModule("@prisma/client", "<8", bookworm)).not.toEqual([]);
    expect(needsOfModule("@prisma/client", "latest", bookworm)).not.toEqual([]);
    expect(needsOfModule("@prisma/client", undefined, bookworm)).not.toEqual([]);
  });

  test("the engine that migrates needs OpenSSL in every version", () => {
    expect(needsOfModule("prisma", "7.1.0", bookworm)).not.toEqual([]);
  });

  test("a library that the slim image of a release has need not be installed", () => {
    const libraries = (release: string): readonly string[] | undefined =>
      needsOfModule("@prisma/client", "5.0.0", { distribution: "debian", release }).find(
        ({ kind }) => kind === "libraries",
      )?.packages;
    expect(libraries("bullseye")).toEqual([]);
    expect(libraries("bookworm")).toEqual(["libssl3"]);
    expect(libraries("trixie")).toEqual([]);
  });

  test("a program that the full image lacks is not lost", () => {
    const needs = needsOfModule("fluent-ffmpeg", "2.1.2", bookworm);
    expect(needs.map(({ name, isInImage }) => [name, isInImage])).toEqual([
      ["ffmpeg", false],
      ["ffprobe", false],
    ]);
  });

  test("a program of the slim image needs no package", () => {
    const [program] = needsOfModule("drivelist", "11.0.0", bookworm);
    expect(program).toMatchObject({ isInImage: true, packages: [] });
  });

  test("perl's own modules are a need although the slim image has perl", () => {
    expect(packagesOf(needsOfModule("exiftool-vendored", "28.0.0", bookworm))).toEqual(["perl"]);
  });

  test("a browser's libraries matter where the file installs some of them", () => {
    const needs = needsOfModule("puppeteer", "22.0.0", bookworm);
    expect(needs.every(({ besides }) => besides?.includes("libnss3") === true)).toBe(true);
    expect(packagesOf(needs)).toContain("libglib2.0-0");
  });

  test("pictures need fonts where they have text", () => {
    expect(needsOfModule("sharp", "0.33.0", bookworm)[0]).toMatchObject({
      name: "fonts",
      isOccasional: true,
    });
  });

  test("alpine's image has nothing that is not in it without the file's own packages", () => {
    const needs = needsOfModule("simple-git", "3.0.0", { distribution: "alpine", release: "3.19" });
    expect(needs.filter(({ isInImage }) => isInImage)).toEqual([]);
    expect(needs.find(({ name }) => name === "git")?.packages).toEqual(["git"]);
  });

  test("an unknown package needs nothing that is known", () => {
    expect(needsOfModule("express", "4.18.2", bookworm)).toEqual([]);
    expect(needsOfModule("constructor", "1.0.0", bookworm)).toEqual([]);
  });

  test.each(DEBIAN_RELEASES)("what the full image has of %s, a package brings", (release) => {
    const unknown = modules
      .flatMap((module) => needsOfModule(module, undefined, { distribution: "debian", release }))
      .filter(({ isInImage, packages }) => isInImage && packages === undefined);
    expect(unknown.map(({ module, name }) => `${module} ${name}`)).toEqual([]);
  });

  test("each entry has a source, names files that are known, and something that is needed", () => {
    for (const entry of MODULE_NEEDS) {
      expect(entry.source).not.toBe("");
      for (const name of entry.files?.split(/\s+/) ?? []) expect(SYSTEM_FILES).toHaveProperty(name);
      expect(entry.programs ?? entry.libraries ?? entry.files, entry.modules).toBeDefined();
    }
  });
});
