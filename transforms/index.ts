import type { Transform } from "../src/core/transform.ts";
import goMultiStage, { meta as goMultiStageMeta } from "./go-multi-stage.ts";

/** The built-in transforms, in the order they run. */
export const builtInTransforms: readonly Transform[] = [
  { meta: goMultiStageMeta, transform: goMultiStage },
];
