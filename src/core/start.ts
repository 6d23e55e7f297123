import type { ImageContract, Start } from "./image-contract.ts";
import { resolvePath } from "./path.ts";

/**
 * The words that a container of the image runs, or the shell text, as engines put ENTRYPOINT and CMD together.
 * Source: https://docs.docker.com/reference/dockerfile/#understand-how-cmd-and-entrypoint-interact
 */
export type Startup =
  | { readonly kind: "exec"; readonly words: readonly string[] }
  | { readonly kind: "shell"; readonly text: string; readonly start: Start }
  | { readonly kind: "none" };

export function startupOf(contract: ImageContract): Startup {
  const { entrypoint, command } = contract;
  // A shell-form ENTRYPOINT ignores CMD.
  if (entrypoint?.form === "shell")
    return { kind: "shell", text: entrypoint.text, start: entrypoint };
  const before = entrypoint?.words ?? [];
  if (command?.form === "shell") {
    return before.length === 0
      ? { kind: "shell", text: command.text, start: command }
      : { kind: "exec", words: [...before, ...command.shell, command.text] };
  }
  const words = [...before, ...(command?.words ?? [])];
  return words.length === 0 ? { kind: "none" } : { kind: "exec", words };
}

/** Where a program is looked for: its own path, or its name in each directory of PATH, in order. */
export function programCandidates(
  program: string,
  workingDirectory: string | undefined,
  path: string | undefined,
): string[] {
  if (program.includes("/")) {
    const resolved = resolvePath(workingDirectory, program);
    return resolved === undefined ? [] : [resolved];
  }
  return (path ?? "")
    .split(":")
    .map((directory) => resolvePath(workingDirectory, `${directory || "."}/${program}`))
    .filter((candidate) => candidate !== undefined);
}
