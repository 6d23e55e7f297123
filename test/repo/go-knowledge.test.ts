import { describe, expect, test } from "vitest";
import {
  cgoModules,
  implicitFiles,
  isOfModule,
  programModules,
  readingCalls,
  tlsClientModules,
  tlsClientNames,
  withoutVersion,
  writingCalls,
  zoneInText,
  zoneName,
} from "../../src/repo/go-knowledge.ts";

describe("the tables", () => {
  test("name no module twice", () => {
    for (const paths of [
      cgoModules.map(({ path }) => path),
      programModules.map(({ path }) => path),
      tlsClientModules,
    ])
      expect(paths.filter((path, index) => paths.indexOf(path) !== index)).toEqual([]);
  });

  test("are written without versions, as names are looked up", () => {
    const names = [...Object.keys(readingCalls), ...Object.keys(writingCalls), ...tlsClientNames];
    expect(names.filter((name) => !name.startsWith(".") && withoutVersion(name) !== name)).toEqual(
      [],
    );
    expect(implicitFiles.filter(({ path }) => withoutVersion(path) !== path)).toEqual([]);
  });

  test("hold import paths and relative files only", () => {
    expect(cgoModules.filter(({ path }) => !/^[\w.-]+(?:\/[\w.-]+)*$/.test(path))).toEqual([]);
    expect(
      implicitFiles.flatMap(({ files }) => files).filter((file) => /^[./]*\/|\/$/.test(file)),
    ).toEqual([]);
  });
});

test("a module's versions and packages are of it, its neighbours are not", () => {
  expect(isOfModule("github.com/a/b/v2/c", "github.com/a/b")).toBe(true);
  expect(isOfModule("gopkg.in/a/b.v1", "gopkg.in/a/b")).toBe(true);
  expect(isOfModule("github.com/a/bc", "github.com/a/b")).toBe(false);
  expect(isOfModule("github.com/a/b.go", "github.com/a/b")).toBe(false);
  expect(withoutVersion("github.com/a/b/v2/c")).toBe("github.com/a/b/c");
  expect(withoutVersion("gopkg.in/ini.v1")).toBe("gopkg.in/ini");
  expect(withoutVersion("github.com/a/v8go")).toBe("github.com/a/v8go");
});

test("zones are told from other words with slashes", () => {
  for (const zone of ["Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+3"])
    expect(zone).toMatch(zoneName);
  for (const word of ["europe/berlin", "Asia", "Assets/Logo", "Europe/"])
    expect(word).not.toMatch(zoneName);
  expect("TZ=America/New_York 0 0 * * *").toMatch(zoneInText);
  expect("parseTime=true&loc=UTC").not.toMatch(zoneInText);
});
