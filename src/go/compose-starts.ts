import type { Evidence } from "../core/outcome.ts";
import type { ComposeUse } from "../stages/compose-use.ts";
import type { RunTimeCommandReader } from "../stages/run-time-commands.ts";

/**
 * Gives the starts of compose files to the reader of run-time commands.
 *
 * @returns for each, the programs that it runs and that a build must have made
 */
export function readComposeStarts(
  { starts, healthchecks }: ComposeUse,
  commands: RunTimeCommandReader,
): { readonly programs: readonly string[]; readonly evidence: Evidence }[] {
  for (const { form, words, text, evidence } of healthchecks) {
    const place = { evidence, refusal: "healthcheck-needs-program" };
    if (form === "words") commands.words(words, place);
    else commands.shell(text, "/bin/sh", place);
  }
  return starts.map(({ words, evidence }) => {
    const known = commands.programs.length;
    commands.words(words, { evidence });
    return { programs: commands.programs.slice(known), evidence };
  });
}
