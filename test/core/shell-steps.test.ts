import { expect, test } from "vitest";
import { shellSteps } from "../../src/core/shell-steps.ts";

function texts(text: string): string[] | undefined {
  return shellSteps(text)?.map(({ start, end }) => text.slice(start, end));
}

test("a list is taken apart at && and ;", () => {
  expect(texts("set -e; cd web && npm ci && npm run build")).toEqual([
    "set -e",
    "cd web",
    "npm ci",
    "npm run build",
  ]);
});

test("a pipeline, a subshell and a list with || are one step each", () => {
  expect(texts("curl x | bash - && (cd web && npm ci)")).toEqual([
    "curl x | bash -",
    "(cd web && npm ci)",
  ]);
  expect(texts("cd web && npm ci || true; ls")).toEqual(["cd web && npm ci || true", "ls"]);
});

test("what cannot be parsed has no steps", () => {
  expect(texts("if true; then")).toBeUndefined();
});
