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
