import { kindOf, type Repository } from "../core/repository.ts";
import { baseName } from "../core/path.ts";
import { resolveIn } from "./javascript-calls.ts";
import { relativePath } from "./front-end-place.ts";

/** Where a build's output lies after the commands that follow it; `undefined` when that cannot be told. */
export function outputAfter(
  repository: Repository,
  directory: string,
  output: string | undefined,
  commands: readonly (readonly string[])[],
): string | undefined {
  let current = output;
  for (const words of commands) {
    if (current === undefined) return undefined;
    const program = baseName(words[0] ?? "");
    if (!/^(?:mv|rm|rimraf|del|del-cli|move-file|move-cli|renamer|rename-cli)$/.test(program))
      continue;
    const operands = words.slice(1).filter((word) => !word.startsWith("-"));
    const paths = operands.map((word) => resolveIn(directory, word));
    const whole = current.startsWith("/") ? current.slice(1) : resolveIn(directory, current);
    const isTouched = paths.some(
      (path) => path === whole || whole.startsWith(`${path}/`) || /[*?[{$]/.test(path),
    );
    const isEmptied = paths.some(
      (path) => path.startsWith(`${whole}/`) && program !== "mv" && path.endsWith("/*"),
    );
    if (!isTouched && !isEmptied) continue;
    const [from, to] = paths;
    const isRenamed =
      program === "mv" &&
      paths.length === 2 &&
      from === whole &&
      to !== undefined &&
      !/[*?[{$]/.test(`${from}${to}`);
    if (!isRenamed || operands[1]!.endsWith("/") || kindOf(repository, to) !== undefined) {
      // Only what names the output itself matters: `rm -rf *.map` is about other files.
      if (paths.some((path) => path === whole || whole.startsWith(`${path}/`)) || isEmptied)
        current = undefined;
      continue;
    }
    current = relativePath(directory, to);
  }
  return current;
}
