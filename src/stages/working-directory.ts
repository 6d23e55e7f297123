import type { Document, Stage } from "../core/document.ts";
import { walkStage, type ImageContract } from "../core/image-contract.ts";
import type { Instruction } from "../core/line-reader.ts";
import { resolvePath } from "../core/path.ts";
import { expand } from "../core/words.ts";

/**
 * The directory that the final stage begins in, `undefined` when it is not known or when the instructions
 * behind the build set one of their own.
 */
export function runtimeDirectory(
  document: Document,
  stage: Stage,
  contract: ImageContract,
  trailing: readonly Instruction[],
): string | undefined {
  const first = trailing.find((instruction) => instruction.keyword === "WORKDIR");
  if (!first) return contract.workingDirectory;
  const isAbsolute = first.body.text.replace(/^["']/, "").startsWith("/");
  return isAbsolute ? undefined : directoryBefore(document, stage, first);
}

/** The user in force when WORKDIR first named a directory, and so made it. */
export function userAtDirectory(
  document: Document,
  stage: Stage,
  directory: string | undefined,
): string | undefined {
  let user: string | undefined;
  walkStage(document, stage, (instruction, state) => {
    if (instruction.keyword !== "WORKDIR") return;
    const target = expand(instruction.body.text, state.lookup, document.escape).value;
    if (target !== undefined && resolvePath(state.directory, target) === directory)
      user ??= state.user;
  });
  return user;
}

function directoryBefore(
  document: Document,
  stage: Stage,
  target: Instruction,
): string | undefined {
  let directory: string | undefined;
  walkStage(document, stage, (instruction, state) => {
    if (instruction === target) directory = state.directory;
  });
  return directory;
}
