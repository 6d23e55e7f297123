import type { Instruction } from "../core/line-reader.ts";
import type { Evidence } from "../core/outcome.ts";

/** One thing that the program needs at run time, and how it is met. */
export interface Need {
  readonly code: string;
  readonly at?: Instruction;
  readonly data?: Readonly<Record<string, string>>;
  readonly evidence?: readonly Evidence[];
  /** Differences of the image contract that meeting it makes. */
  readonly allows?: readonly string[];
}

/** Notes that say the same of the same place are one; the first of them stays. */
export function distinctNeeds(needs: readonly Need[]): Need[] {
  const known = new Map<string, Need>();
  for (const need of needs) {
    const key = JSON.stringify([need.code, need.data, need.at?.line]);
    if (!known.has(key)) known.set(key, need);
  }
  return [...known.values()];
}
