import { expect, test } from "vitest";
import { baseImage } from "../../src/core/base-images.ts";
import { nodeImage, packagedNode } from "../../src/stages/node-releases.ts";

test("a release's package nodejs has one major version", () => {
  expect(packagedNode(baseImage("golang:1.21-alpine3.18")!, "nodejs")).toBe("18");
  expect(packagedNode(baseImage("golang:1.22-bookworm")!, "nodejs")).toBe("18");
  expect(packagedNode(baseImage("ubuntu:22.04")!, "nodejs")).toBe("12");
  expect(packagedNode(baseImage("alpine:3.19.1")!, "npm")).toBe("20");
  expect(packagedNode(baseImage("alpine:3.18")!, "nodejs-current")).toBe("20");
});

test("a tag that moves from release to release tells no version", () => {
  expect(packagedNode(baseImage("alpine")!, "nodejs")).toBeUndefined();
  expect(packagedNode(baseImage("ubuntu")!, "nodejs")).toBeUndefined();
});

test("the image of Node.js is of the same distribution", () => {
  expect(nodeImage("20", baseImage("golang:1.22-alpine")!)).toBe("node:20-alpine");
  expect(nodeImage("lts", baseImage("golang:1.22")!)).toBe("node:lts");
  expect(nodeImage("0.12", baseImage("golang:1.6-alpine")!)).toBeUndefined();
});
