import type { Document } from "../core/document.ts";
import type { Instruction } from "../core/line-reader.ts";
import { linesOf } from "../core/plan.ts";
import { sourceSpan } from "../core/source.ts";

/** A keyword in the case it is written in. */
export function keywordText(document: Document, instruction: Instruction): string {
  return document.source.slice(instruction.keywordSpan.start, instruction.keywordSpan.end);
}

/** The body as it is written, continuation lines and all. */
export function writtenBody(document: Document, instruction: Instruction): string {
  const { start } = sourceSpan(instruction.body, 0, 1);
  return document.source.slice(start, instruction.span.end);
}

/** The lines of an instruction, its body replaced when there is a new one. */
export function withBody(
  document: Document,
  instruction: Instruction,
  body: string | undefined,
): string[] {
  const lines = linesOf(document, instruction);
  if (body === undefined) return lines;
  const comments = lines.slice(0, instruction.leadingComments.length);
  const { start } = sourceSpan(instruction.body, 0, 1);
  return [
    ...comments,
    ...innerComments(document, instruction),
    document.source.slice(instruction.span.start, start) + body,
  ];
}

/** Comments between the lines of a body, which go above the instruction when the body is written anew. */
export function innerComments(document: Document, instruction: Instruction): string[] {
  const body = sourceSpan(instruction.body, 0, 1).start;
  return instruction.innerComments
    .filter(({ start }) => start > body)
    .map(({ start, end }) => document.source.slice(start, end));
}
