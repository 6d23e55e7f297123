import type { Instruction } from "../core/line-reader.ts";
import { expand, splitArguments, splitPairs } from "../core/words.ts";
import type { RuntimeEnvironment } from "./runtime-environment.ts";
import { keywordText } from "./written-instruction.ts";

/** Something that cannot be carried over to the runtime stage. */
export interface StageRefusal {
  readonly code: string;
  readonly at: Instruction;
  readonly data: Readonly<Record<string, string>>;
}

/** Keywords in which BuildKit expands no variables: a shell does, or nobody. */
const WITHOUT_EXPANSION = new Set(["CMD", "ENTRYPOINT", "HEALTHCHECK", "SHELL"]);

/**
 * Declares again what the final stage refers to and the builder declares.
 *
 * @param building instructions of the builder
 * @param inRuntime instructions of the final stage, in their order
 */
export function redeclareArguments(
  environment: RuntimeEnvironment,
  building: readonly Instruction[],
  inRuntime: readonly Instruction[],
): { readonly lines: readonly string[]; readonly refusal: StageRefusal | undefined } {
  const { document, contract, plan } = environment;
  const { escape } = document;
  const builderArguments = new Map<string, { instruction: Instruction; text: string }>();
  for (const instruction of building) {
    if (instruction.keyword !== "ARG") continue;
    for (const pair of splitArguments(instruction.body.text, escape)) {
      builderArguments.set(pair.name, {
        instruction,
        text: instruction.body.text.slice(pair.start, pair.end),
      });
    }
  }
  const lines: string[] = [];
  const declared = new Set<string>();
  let refusal: StageRefusal | undefined;
  for (const instruction of inRuntime) {
    const { keyword, body } = instruction;
    if (WITHOUT_EXPANSION.has(keyword)) continue;
    for (const name of expand(body.text, () => undefined, escape).references) {
      if (!declared.has(name)) declare(name, instruction);
    }
    const pairs =
      keyword === "ENV"
        ? splitPairs(body.text, escape)
        : keyword === "ARG"
          ? splitArguments(body.text, escape)
          : [];
    for (const { name } of pairs ?? []) declared.add(name);
  }
  return { lines, refusal };

  /** Declares an ARG again, after those that its default refers to. */
  function declare(name: string, user: Instruction): void {
    declared.add(name);
    const argument = builderArguments.get(name);
    if (argument) {
      for (const inner of expand(argument.text.slice(name.length + 1), () => undefined, escape)
        .references)
        if (!declared.has(inner)) declare(inner, user);
      lines.push(`${keywordText(document, argument.instruction)} ${argument.text}`);
      plan.because("configuration-repeated", argument.instruction, { data: { keyword: "ARG" } });
    } else if (
      contract.environment.has(name) &&
      !environment.names.has(name) &&
      !environment.rewritten.has(user) &&
      name !== "PATH"
    ) {
      refusal ??= {
        code: "builder-variable-used",
        at: user,
        data: { keyword: user.keyword, name },
      };
    }
  }
}
