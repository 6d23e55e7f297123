import { describe, expect, test } from "vitest";
import { MODULE_NEEDS } from "../../src/javascript/module-knowledge.ts";
import {
  FOREIGN_CALLS,
  isNativeMarker,
  isPlatformPackage,
  SELF_CONTAINED_MODULES,
} from "../../src/javascript/native-modules.ts";

describe("native modules", () => {
  test("what compiles or loads an addon tells that a package is native", () => {
    expect(["node-gyp-build", "nan", "bindings", "prebuild-install"].every(isNativeMarker)).toBe(
      true,
    );
    expect(["express", "node-fetch", "debug"].some(isNativeMarker)).toBe(false);
  });

  test("a package for one platform is seen by its name", () => {
    const names = [
      "@esbuild/linux-x64",
      "@swc/core-linux-x64-gnu",
      "@img/sharp-linuxmusl-arm64",
      "@rollup/rollup-darwin-arm64",
      "sass-embedded-linux-x64",
      "@next/swc-win32-x64-msvc",
    ];
    expect(names.filter((name) => !isPlatformPackage(name))).toEqual([]);
    expect(["linux-release-info", "x64", "express"].filter(isPlatformPackage)).toEqual([]);
  });

  test("none that always loads libraries of the system is self-contained", () => {
    const needy = MODULE_NEEDS.filter(
      ({ libraries, isOccasional }) => libraries !== undefined && isOccasional !== true,
    ).flatMap(({ modules }) => modules.split(/\s+/));
    expect(needy.filter((name) => SELF_CONTAINED_MODULES.has(name))).toEqual([]);
    expect([...FOREIGN_CALLS].filter((name) => SELF_CONTAINED_MODULES.has(name))).toEqual([]);
  });
});
