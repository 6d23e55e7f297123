import type { Document, Stage } from "../core/document.ts";
import { parentStage } from "../core/image-contract.ts";

/** Of these the last one counts, whichever stage sets it. */
const REPLACED = new Set(["CMD", "ENTRYPOINT", "HEALTHCHECK", "STOPSIGNAL"]);

/** A stage and those of the file that it is built on, the first of them first. */
export function stageChain(document: Document, stage: Stage): Stage[] {
  const parent = parentStage(document, stage);
  return parent ? [...stageChain(document, parent), stage] : [stage];
}

/**
 * A stage that is built on another of the file, as one: with the base of the first and the instructions of all. FROM, and its
 * place, are the stage's own.
 */
export function withInherited(document: Document, stage: Stage): Stage {
  const [root, ...others] = stageChain(document, stage);
  if (others.length === 0) return stage;
  let instructions = [...root!.instructions];
  for (const { instructions: own } of others) {
    const keywords = new Set(own.map(({ keyword }) => keyword));
    // ENTRYPOINT resets a CMD of the image below (`dispatchEntrypoint` in BuildKit).
    const isReplaced = (keyword: string): boolean =>
      REPLACED.has(keyword) &&
      (keywords.has(keyword) || (keyword === "CMD" && keywords.has("ENTRYPOINT")));
    instructions = [...instructions.filter(({ keyword }) => !isReplaced(keyword)), ...own];
  }
  const { image, platform } = root!;
  return { ...stage, image, platform, instructions };
}

/** A stage on top of another one that only configures it: the other one is the builder. */
export function configuredStage(document: Document, stage: Stage): Stage | undefined {
  const own = document.stages[stage.index]!;
  const isBuilt = own.instructions.some(({ keyword }) => ["RUN", "COPY", "ADD"].includes(keyword));
  return isBuilt ? undefined : parentStage(document, own);
}
