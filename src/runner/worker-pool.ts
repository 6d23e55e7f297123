import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { FoundFile } from "../node/discovery.ts";
import type { MigratedFile, MigrateFilesOptions } from "../node/migrate-files.ts";

/** Fewer files are done before a second thread has loaded its code. */
const LEAST_FILES = 1500;
/** Large enough to outweigh a message, small enough that no thread waits long for the last one. */
const BATCH_SIZE = 128;

/** What one message asks of a worker. */
export interface Batch {
  readonly files: readonly FoundFile[];
  readonly options: Omit<MigrateFilesOptions, "transforms">;
  /** Names of built-in transforms: functions cannot be sent. */
  readonly transforms: readonly string[];
}

/** How many workers a number of files is worth; 0: do it in this thread. */
export function workersFor(fileCount: number): number {
  const processors = availableParallelism();
  return fileCount < LEAST_FILES || processors < 2
    ? 0
    : Math.min(processors, Math.ceil(fileCount / LEAST_FILES) + 1);
}

/**
 * Migrates files in worker threads. The result is in the order of the files, the same as from one thread.
 *
 * @param onProgress called with the number of files done
 * @throws when a worker cannot be started or ends by an error
 */
export async function migrateInWorkers(
  files: readonly FoundFile[],
  options: Batch["options"],
  transforms: readonly string[],
  onProgress: (done: number) => void,
): Promise<MigratedFile[]> {
  const batches: FoundFile[][] = [];
  for (let at = 0; at < files.length; at += BATCH_SIZE)
    batches.push(files.slice(at, at + BATCH_SIZE));
  const results: MigratedFile[][] = [];
  let next = 0;
  let done = 0;
  const workers = Array.from({ length: workersFor(files.length) }, () => new Worker(workerFile()));
  try {
    await Promise.all(
      workers.map(async (worker) => {
        while (next < batches.length) {
          const index = next++;
          const batch: Batch = { files: batches[index]!, options, transforms };
          results[index] = await answer(worker, batch);
          done += batch.files.length;
          onProgress(done);
        }
      }),
    );
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return results.flat();
}

function answer(worker: Worker, batch: Batch): Promise<MigratedFile[]> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      worker.removeAllListeners("message").removeAllListeners("error").removeAllListeners("exit");
    };
    worker.once("message", (migrated: MigratedFile[]) => {
      settle();
      resolve(migrated);
    });
    worker.once("error", (error) => {
      settle();
      reject(error);
    });
    worker.once("exit", (code) => {
      settle();
      reject(new Error(`a worker ended with ${code}`));
    });
    worker.postMessage(batch);
  });
}

/** dist/worker.js, seen from dist/ or from its chunks. */
function workerFile(): URL {
  return new URL(
    import.meta.url.includes("/chunks/") ? "../worker.js" : "./worker.js",
    import.meta.url,
  );
}
