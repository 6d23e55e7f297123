import type { Transform } from "../src/core/transform.ts";
import goMultiStage, { meta as goMultiStageMeta } from "./go-multi-stage.ts";
import nodeStatic, { meta as nodeStaticMeta } from "./node-static.ts";
import nodeServer, { meta as nodeServerMeta } from "./node-server.ts";

/** The built-in transforms, in the order they run. */
export const builtInTransforms: readonly Transform[] = [
  { meta: goMultiStageMeta, transform: goMultiStage },
  { meta: nodeStaticMeta, transform: nodeStatic },
  { meta: nodeServerMeta, transform: nodeServer },
];
