import type { Stage } from "../core/document.ts";
import type { ImageContract } from "../core/image-contract.ts";
import type { Instruction } from "../core/line-reader.ts";
import { isPosixShell } from "../core/query.ts";
import { readShell } from "../core/shell.ts";
import { programCandidates } from "../core/start.ts";
import { parseStringArray } from "../core/string-array.ts";

/** What a HEALTHCHECK asks of the final image. */
export type HealthcheckForm =
  /** Exec form of a program that is there. */
  | { readonly kind: "fits"; readonly instruction: Instruction }
  /** Shell form of one plain command whose program is there. */
  | { readonly kind: "convertible"; readonly words: readonly string[]; readonly instruction: Instruction }
  /** It runs something else, `sh` among it when it needs a shell. */
  | { readonly kind: "needs-programs"; readonly programs: readonly string[]; readonly instruction: Instruction };

/** @param isThere whether the final image has a program at an absolute path */
export function healthcheckForm(contract: ImageContract, stage: Stage, isThere: (path: string) => boolean): HealthcheckForm | undefined {
  const instruction = stage.instructions.findLast(({ keyword }) => keyword === "HEALTHCHECK");
  if (!instruction || /^NONE\s*$/i.test(instruction.body.text)) return undefined;
  const body = instruction.body.text.replace(/^CMD\s*/i, "");
  const exists = (program: string): boolean =>
    programCandidates(program, contract.workingDirectory, contract.environment.get("PATH")?.value).some(isThere);
  const array = parseStringArray(body);
  if (array) {
    const [program = ""] = array.values;
    return exists(program) ? { kind: "fits", instruction } : { kind: "needs-programs", programs: [program], instruction };
  }
  if (!isPosixShell(contract.shell)) return { kind: "needs-programs", programs: [contract.shell[0] ?? "sh"], instruction };
  const shell = readShell(body, contract.workingDirectory, () => undefined);
  if (shell.kind === "opaque") return { kind: "needs-programs", programs: ["a shell script"], instruction };
  const commands = shell.commands.filter(({ words }) => words[0]?.value !== "exit");
  const [command] = commands;
  if (commands.length === 1 && command && command.words.every(({ literal }) => literal) && exists(command.words[0]?.value ?? "")) {
    // `|| exit 1` says what a failed check says anyway: any exit code but 0 is unhealthy.
    const plain = command.redirects.length === 0 && command.assignments.length === 0 && !command.piped;
    if (plain) return { kind: "convertible", words: command.words.map(({ value }) => value!), instruction };
  }
  const missing = commands.map(({ words }) => words[0]?.value ?? "sh").filter((program) => !exists(program));
  return { kind: "needs-programs", programs: ["sh", ...missing], instruction };
}
