import { readDocument } from "../core/document.ts";
import { walkStage } from "../core/image-contract.ts";
import { contractDifferences } from "../core/verify.ts";

/**
 * The differences between the image contracts of two texts. For a migration each of them was named by a reason, or `migrate`
 * would have refused it; so what differs in the images beyond these was lost without one.
 */
export function namedDifferences(before: string, after: string): ReadonlySet<string> {
  const one = readDocument(before);
  const other = readDocument(after);
  if ("problem" in one || "problem" in other) return new Set();
  const contracts = [one, other].map((document) => walkStage(document, document.stages.at(-1)!));
  return new Set(contractDifferences(contracts[0]!, contracts[1]!));
}

/** 0 for a text that can't be read. */
export function stageCount(text: string): number {
  const document = readDocument(text);
  return "problem" in document ? 0 : document.stages.length;
}
