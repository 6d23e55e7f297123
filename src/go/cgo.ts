/** Whether a program needs cgo, and the edits that turn it off where it does not. */
import type { Instruction } from "../core/line-reader.ts";
import type { Evidence } from "../core/outcome.ts";
import type { PlanBuilder } from "../core/plan.ts";
import type { Repository } from "../core/repository.ts";
import { sourceOffset } from "../core/source.ts";
import { parseStringArray } from "../core/string-array.ts";
import { below } from "../repo/go-module.ts";
import { vendoredCgo } from "../repo/go-vendor.ts";
import type { GoBuilder } from "./builder.ts";
import type { SourceFacts } from "./programs.ts";

export interface CgoNeed {
  readonly data: { readonly why: string };
  readonly at: Instruction;
  readonly evidence: readonly Evidence[];
  /** No image can meet it. */
  readonly refusal: boolean;
}

/** What of a program needs cgo; `undefined` when nothing does, as far as its sources were read. */
export function cgoNeed(
  sources: readonly SourceFacts[],
  builder: GoBuilder,
  repository: Repository | undefined,
): CgoNeed | undefined {
  const { builds } = builder;
  const at = builds[0]!.instruction;
  // Built without cgo by the file's own words: the image as it is lacks what the program needs.
  const isOff = builds.every(({ cgo }) => cgo === "off");
  const need = (why: string, evidence: readonly Evidence[], refusal = isOff): CgoNeed => ({
    data: { why: isOff ? `${why}, and CGO_ENABLED=0 builds it without` : why },
    at,
    evidence,
    refusal,
  });
  for (const { program } of sources) {
    const [own] = program.usesCgo;
    if (own) return need('import "C"', [own]);
    // Plugins are opened by the dynamic loader, and built with the same toolchain. Source: https://pkg.go.dev/plugin
    const plugin = program.imports.get("plugin");
    if (plugin) return need("the package plugin", [plugin], true);
    const known = program.cgoModules.find(({ fallback }) => !fallback);
    if (known) return need(known.module, [known.evidence]);
    if (repository && program.module?.vendored) {
      const vendored = vendoredCgo(
        repository,
        below(program.module.directory, "vendor"),
        program.imports.keys(),
      );
      if (vendored) return need("a vendored package", [vendored]);
    }
  }
  const demanding = builds.find(({ cgoDemand }) => cgoDemand !== undefined);
  return demanding
    ? { data: { why: demanding.cgoDemand! }, at: demanding.instruction, evidence: [], refusal: false }
    : undefined;
}

/** Puts CGO_ENABLED=0 in front of each build of RUN that leaves it open. */
export function disableCgo(builder: GoBuilder, plan: PlanBuilder): void {
  const open = builder.builds.filter(
    ({ cgo, instruction }) => cgo === "unset" && instruction.keyword === "RUN",
  );
  // Exec form takes no environment prefix, and what a recipe runs gets it from the environment.
  const unprefixed = open.find(
    ({ instruction, recipe }) => recipe !== undefined || parseStringArray(instruction.body.text),
  );
  if (unprefixed) {
    const first = open[0]!.instruction;
    plan.insertBefore(first, ["ENV CGO_ENABLED=0"]);
    plan.because("static-binary", first);
    return;
  }
  const commands = new Set<unknown>();
  for (const { go, instruction } of open) {
    // One command that builds several programs is one place.
    if (commands.has(go.command)) continue;
    commands.add(go.command);
    const [heredoc] = instruction.heredocs;
    const start = heredoc
      ? heredoc.content.start + go.command.start
      : sourceOffset(instruction.body, go.command.start);
    plan.replace({ start, end: start }, "CGO_ENABLED=0 ");
    plan.because("static-binary", instruction);
  }
}
