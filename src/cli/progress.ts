export interface Progress {
  /** @param count how many files are done */
  show(count: number): void;
  clear(): void;
}

/** In milliseconds: work that is done sooner shows no progress. */
const patience = 1000;
const interval = 100;

/** A line on standard error with the number of files done, when that is a terminal and the work takes long. */
export function createProgress(quiet: boolean): Progress {
  if (quiet || !process.stderr.isTTY) return { show: () => {}, clear: () => {} };
  let next = performance.now() + patience;
  let shown = false;
  return {
    show(count) {
      const now = performance.now();
      if (now < next) return;
      next = now + interval;
      shown = true;
      process.stderr.write(`\r\u001b[K${count} files`);
    },
    clear() {
      if (shown) process.stderr.write("\r\u001b[K");
    },
  };
}
