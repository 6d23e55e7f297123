import type { Document, Stage } from "../core/document.ts";
import type { PlanBuilder } from "../core/plan.ts";
import { configuredStage } from "./stage-chain.ts";

/** Names of the two stages that one is made into. */
export interface StageNames {
  readonly builder: string;
  readonly final: string;
}

/** The name that a stage has goes to the final one; the builder gets one that is free. */
export function nameStages(document: Document, stage: Stage): StageNames {
  const taken = document.stages.flatMap((other) =>
    other.index !== stage.index && other.name !== undefined ? [other.name] : [],
  );
  // BuildKit gives these names a meaning of its own.
  const isReserved = stage.name === "scratch" || stage.name === "context";
  const own = isReserved ? undefined : stage.name;
  const final = own ?? freeName(["runtime", "final", "runtime-stage"], taken);
  const written =
    own !== undefined && stage.nameSpan
      ? document.source.slice(stage.nameSpan.start, stage.nameSpan.end)
      : final;
  const builder =
    configuredStage(document, stage)?.name ??
    freeName(["builder", "build", "go-builder"], [...taken, final]);
  return { builder, final: written };
}

/** The first of some names that no stage has, or the last of them with a number. */
export function freeName(names: readonly string[], taken: readonly string[]): string {
  const free = names.find((name) => !taken.includes(name));
  if (free !== undefined) return free;
  let count = 2;
  while (taken.includes(`${names.at(-1)}-${count}`)) count++;
  return `${names.at(-1)}-${count}`;
}

/** The name that the build stage will have. */
export function builderName(document: Document, stage: Stage): string {
  return nameStages(document, stage).builder;
}

/** Gives the build stage its name; `as` is AS in the case of the file. */
export function nameBuilder(stage: Stage, names: StageNames, as: string, plan: PlanBuilder): void {
  if (stage.nameSpan) {
    plan.replace(stage.nameSpan, names.builder);
    plan.because("stage-name-kept", stage.from, { data: { name: names.final } });
  } else {
    plan.replace(
      { start: stage.imageSpan.end, end: stage.imageSpan.end },
      ` ${as} ${names.builder}`,
    );
    plan.because("builder-named", stage.from, { data: { name: names.builder } });
  }
}
