import { parse } from "unbash";

/** One step of a shell text: what stands between `&&` or `;` at its top. Offsets into the text. */
export interface ShellStep {
  readonly start: number;
  readonly end: number;
}

/**
 * Takes a shell text apart at the `&&` and `;` of its top. A list with `||` is one step: what runs of it depends on what fails.
 *
 * @returns `undefined` when the text cannot be parsed
 * @example shellSteps("cd web && npm ci; ls").length // 3
 */
export function shellSteps(text: string): ShellStep[] | undefined {
  let script;
  try {
    script = parse(text);
  } catch {
    return undefined;
  }
  if (script.errors?.length) return undefined;
  return script.commands.flatMap((statement): ShellStep[] => {
    const { command } = statement;
    const isPlain = command.type === "AndOr" && !command.operators.includes("||");
    const parts = isPlain && !statement.background ? command.commands : [command];
    return parts.map(({ pos, end }) => ({ start: pos, end }));
  });
}

/** The span of a text that goes with a step: the step with the separator that joins it to its neighbour. */
export function removedStep(steps: readonly ShellStep[], index: number): ShellStep {
  const next = steps[index + 1];
  const { start, end } = steps[index]!;
  if (next) return { start, end: next.start };
  return { start: steps[index - 1]?.end ?? start, end };
}
