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
  | {
      readonly kind: "convertible";
      readonly words: readonly string[];
      readonly instruction: Instruction;
    }
  /** It runs something else, `sh` among it when it needs a shell. */
  | {
      readonly kind: "needs-programs";
      readonly programs: readonly string[];
      readonly instruction: Instruction;
    };

/**
 * @param path PATH of the final image
 * @param isThere whether the final image has a program at an absolute path
 */
export function healthcheckForm(
  contract: ImageContract,
  stage: Stage,
  path: string | undefined,
  isThere: (path: string) => boolean,
): HealthcheckForm | undefined {
  const instruction = stage.instructions.findLast(({ keyword }) => keyword === "HEALTHCHECK");
  if (!instruction || /^NONE\s*$/i.test(instruction.body.text)) return undefined;
  const body = instruction.body.text.replace(/^CMD\s*/i, "");
  const exists = (program: string): boolean =>
    programCandidates(program, contract.workingDirectory, path).some(isThere);
  const array = parseStringArray(body);
  if (array) {
    const [program = ""] = array.values;
    return exists(program)
      ? { kind: "fits", instruction }
      : { kind: "needs-programs", programs: [program], instruction };
  }
  if (!isPosixShell(contract.shell))
    return { kind: "needs-programs", programs: [contract.shell[0] ?? "sh"], instruction };
  // `|| exit 1` says what a failed check says anyway: any exit code but 0 is unhealthy.
  const shell = readShell(
    body.replace(/\s*\|\|\s*exit\s+1\s*;?\s*$/, ""),
    contract.workingDirectory,
    () => undefined,
  );
  if (shell.kind === "opaque")
    return { kind: "needs-programs", programs: ["a shell script"], instruction };
  const { commands } = shell;
  const [command] = commands;
  const isPlain =
    commands.length === 1 &&
    command !== undefined &&
    !command.conditional &&
    !command.piped &&
    !body.includes("#") &&
    !/&\s*$/.test(body) &&
    command.redirects.length === 0 &&
    command.assignments.length === 0 &&
    command.words.every(({ literal }) => literal);
  if (isPlain && exists(command.words[0]?.value ?? ""))
    return { kind: "convertible", words: command.words.map(({ value }) => value!), instruction };
  const missing = commands
    .map(({ words }) => words[0]?.value ?? "sh")
    .filter((program) => !exists(program));
  return { kind: "needs-programs", programs: ["sh", ...missing], instruction };
}
