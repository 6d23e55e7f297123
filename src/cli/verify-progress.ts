import { readableSize } from "../verify/size.ts";
import type { Phase, Surveillance, Verification } from "../verify/verify.ts";

const phases = {
  "build-before": "building the original",
  "run-before": "running the original",
  "build-after": "building the migrated file",
  "run-after": "running the migrated image",
  "read-files": "reading its files",
  "run-again": "running the original once more",
} as const satisfies Readonly<Record<Phase, string>>;

/** Says on standard error what is under way: a line that changes on a terminal, a line for each phase elsewhere. */
export function createVerifyProgress(
  { quiet, verbose }: { quiet: boolean; verbose: boolean },
  count: number,
) {
  const isLive = process.stderr.isTTY && !verbose;
  const say = (text: string, isPassing: boolean) => {
    if (quiet) return;
    process.stderr.write(isLive ? `\r\u001b[K${text}${isPassing ? "" : "\n"}` : `${text}\n`);
  };
  let done = 0;
  return {
    engine: (description: string) => say(`msb-migrate: ${description}`, false),
    file(path: string): Omit<Surveillance, "signal"> {
      const place = count > 1 ? `[${done + 1}/${count}] ` : "";
      return {
        onPhase: (phase) => say(`${place}${path}: ${phases[phase]}`, true),
        ...(verbose ? { onLine: (line: string) => say(`  ${line}`, true) } : {}),
      };
    },
    done({ path, verdict, before, after }: Verification) {
      done++;
      const sizes =
        before.image && after.image
          ? `, ${readableSize(before.image.size)} to ${readableSize(after.image.size)}`
          : "";
      say(`${count > 1 ? `[${done}/${count}] ` : ""}${path}: ${verdict}${sizes}`, false);
    },
  };
}
