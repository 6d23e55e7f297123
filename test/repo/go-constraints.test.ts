import { describe, expect, test } from "vitest";
import { isBuiltByConstraint, isBuiltByName } from "../../src/repo/go-constraints.ts";
import { readGoSource } from "../../src/repo/go-tokens.ts";

describe("a file's name", () => {
  test.each([
    "main.go",
    "linux.go",
    "x_linux.go",
    "x_amd64.go",
    "x_linux_arm64.go",
    "x_linux_thing.go",
    "x_unix.go",
  ])("%s is built", (name) => expect(isBuiltByName(name)).toBe(true));
  test.each([
    "x_test.go",
    "x_windows.go",
    "x_darwin_arm64.go",
    "x_linux_386.go",
    "x_s390x.go",
    "_x.go",
    ".x.go",
    "x.txt",
  ])("%s is not built", (name) => expect(isBuiltByName(name)).toBe(false));
});

describe("a constraint", () => {
  const isBuilt = (head: string, tags?: string[]) => {
    const source = `${head}\npackage main\n`;
    return isBuiltByConstraint(source, readGoSource(source), tags);
  };
  test.each([
    "",
    "//go:build linux",
    "//go:build unix && !windows",
    "//go:build darwin || (linux && arm64)",
    "//go:build cgo",
    "//go:build !cgo",
    "//go:build go1.18",
    "// +build linux,amd64 windows\n",
    "// +build !windows\n// +build linux\n",
    "// +build ignore", // no blank line behind it: a comment
  ])("%j allows the file", (head) => expect(isBuilt(head)).toBe(true));
  test.each([
    "//go:build ignore",
    "//go:build windows",
    "//go:build linux && windows",
    "//go:build !(linux || darwin)",
    "//go:build integration",
    "// +build ignore\n",
    "// +build linux\n// +build windows\n",
    "//go:build windows\n// +build linux\n",
  ])("%j excludes the file", (head) => expect(isBuilt(head)).toBe(false));

  test("is met by a tag of the build", () =>
    expect(isBuilt("//go:build prod", ["prod"])).toBe(true));
  test("counts before the package clause only", () => {
    const source = "package main\n\n//go:build ignore\n";
    expect(isBuiltByConstraint(source, readGoSource(source))).toBe(true);
  });
});
