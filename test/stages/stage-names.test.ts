import { expect, test } from "vitest";
import { readDocument, type Document } from "../../src/core/document.ts";
import { withInherited } from "../../src/stages/stage-chain.ts";
import { nameStages } from "../../src/stages/stage-names.ts";

function names(source: string): { builder: string; final: string } {
  const document = readDocument(source) as Document;
  return nameStages(document, withInherited(document, document.stages.at(-1)!));
}

test("the builder gets a name that no stage has", () => {
  expect(names("FROM golang\n")).toEqual({ builder: "builder", final: "runtime" });
  expect(names("FROM golang AS builder\n")).toEqual({ builder: "build", final: "builder" });
  expect(names("FROM node AS builder\nFROM golang AS build\n")).toEqual({
    builder: "go-builder",
    final: "build",
  });
});

test("the final stage gets a name that no other has", () => {
  expect(names("FROM node AS runtime\nFROM golang\n").final).toBe("final");
});

test("a stage that only configures another has that one for its builder", () => {
  expect(names("FROM golang AS base\nRUN go build\nFROM base\nCMD x\n")).toEqual({
    builder: "base",
    final: "runtime",
  });
  expect(names("FROM golang AS base\nFROM base AS app\nRUN go build\n")).toEqual({
    builder: "builder",
    final: "app",
  });
});

test("a stage on another one has its instructions, and the last start", () => {
  const document = readDocument(
    'FROM golang AS base\nENV A=1\nCMD ["a"]\nFROM base\nENTRYPOINT ["b"]\n',
  ) as Document;
  const { image, instructions } = withInherited(document, document.stages[1]!);
  expect(image).toBe("golang");
  expect(instructions.map(({ keyword }) => keyword)).toEqual(["ENV", "ENTRYPOINT"]);
});
