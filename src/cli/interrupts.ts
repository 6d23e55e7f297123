import { setImmediate } from "node:timers/promises";

export interface HeldInterrupts {
  /** The signal that came meanwhile. It is seen only after the event loop had a turn. */
  signal(): NodeJS.Signals | undefined;
  /** Ends the holding. A signal that came meanwhile ends the process, as it would have, as soon as the rest is printed. */
  release(): Promise<void>;
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Keeps Ctrl-C from ending the process between two turns of the event loop: writing is synchronous, so no temporary file is
 * ever left behind. Everything before that, such as reading standard input, can be interrupted at once.
 */
export function holdInterrupts(): HeldInterrupts {
  let held: NodeJS.Signals | undefined;
  const hold = (signal: NodeJS.Signals) => {
    held = signal;
  };
  for (const signal of signals) process.on(signal, hold);
  return {
    signal: () => held,
    async release() {
      await setImmediate();
      for (const signal of signals) process.off(signal, hold);
      if (held) process.once("beforeExit", () => process.kill(process.pid, held));
    },
  };
}
