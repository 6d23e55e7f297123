import { describe, expect, test } from "vitest";
import { frameworkStartedBy, SERVER_FRAMEWORKS } from "../../src/javascript/server-frameworks.ts";

/** The framework's name, with a star when it starts from source. */
function startedBy(line: string, ...dependencies: string[]): string | undefined {
  const found = frameworkStartedBy(line.split(" "), new Set(dependencies));
  return found && `${found.framework.name}${found.isFromSource ? "*" : ""}`;
}

describe("frameworks of servers", () => {
  test("a start command tells the framework, whatever follows it", () => {
    expect(startedBy("next start -p 3000", "next")).toBe("next");
    expect(startedBy("node .next/standalone/server.js", "next")).toBe("next-standalone");
    expect(startedBy("node ./.output/server/index.mjs", "nuxt")).toBe("nuxt");
    expect(startedBy("strapi start", "@strapi/strapi")).toBe("strapi");
  });

  test("a start from source is told apart", () => {
    expect(startedBy("next dev", "next")).toBe("next*");
    expect(startedBy("nest start", "@nestjs/core")).toBe("nest*");
    expect(startedBy("strapi develop", "@strapi/strapi")).toBe("strapi*");
  });

  test("without its package a command is nobody's", () => {
    expect(startedBy("next start", "express")).toBeUndefined();
    expect(startedBy("node server.js", "express")).toBeUndefined();
  });

  test("each has a source, and a way to start it", () => {
    for (const { name, source, starts } of SERVER_FRAMEWORKS) {
      expect(source, name).toMatch(/^https:\/\//);
      expect(starts.length, name).toBeGreaterThan(0);
    }
  });
});
