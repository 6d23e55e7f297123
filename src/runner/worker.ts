import { parentPort } from "node:worker_threads";
import { builtInTransforms } from "../../transforms/index.ts";
import { migrateFound } from "../node/migrate-files.ts";
import type { Batch } from "./worker-pool.ts";

/** Migrates the batches that the pool sends, one message each way. Reads files; never writes any. */
parentPort?.on("message", ({ files, options, transforms }: Batch) => {
  const chosen = builtInTransforms.filter(({ meta }) => transforms.includes(meta.name));
  parentPort!.postMessage([...migrateFound(files, { ...options, transforms: chosen })]);
});
