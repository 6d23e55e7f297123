/** Whether a program needs cgo, and the edits that turn it off where it does not. */
import type { Instruction } from "../core/line-reader.ts";
import type { Evidence } from "../core/outcome.ts";
import type { PlanBuilder } from "../core/plan.ts";
import type { Repository } from "../core/repository.ts";
import { sourceOffset } from "../core/source.ts";
import { parseStringArray } from "../core/string-array.ts";
import { below } from "../repo/go-module.ts";
import { isPureGo } from "../repo/go-pure-modules.ts";
import { vendoredCgo } from "../repo/go-vendor.ts";
import type { GoProgram } from "../repo/go-program.ts";
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
  for (const { program, packageDirectory } of sources) {
    const [own] = program.usesCgo;
    const places = program.usesCgo.find(({ path }) =>
      /#cgo[^\n]*LDFLAGS:[^\n]*(?:-L|rpath)/.test(repository?.read(path) ?? ""),
    );
    if (places) return need("a library at a place of its own", [places], true);
    if (own) return need('import "C"', [own]);
    // Plugins are opened by the dynamic loader, and built with the same toolchain. Source: https://pkg.go.dev/plugin
    const plugin = program.imports.get("plugin");
    if (plugin) return need("the package plugin", [plugin], true);
    const known = program.cgoModules.find(({ fallback }) => !fallback);
    if (known) return need(known.module, [known.evidence]);
    for (const directory of vendorDirectories(program, packageDirectory)) {
      const vendored = repository && vendoredCgo(repository, directory, program.imports.keys());
      if (vendored) return need("a vendored package", [vendored]);
    }
  }
  if (sources.length === 0 && installsCompiler(builder) && !isOff)
    return need("the build installs a C compiler or libraries, and the sources were not read", []);
  const unread = installsCompiler(builder) ? unreadModule(sources, repository) : undefined;
  if (unread && !isOff)
    return need(
      `the build installs a C compiler or libraries, and ${unread.module}, which it may be for, was not read`,
      [unread.evidence],
    );
  const demanding = builds.find(({ cgoDemand }) => cgoDemand !== undefined);
  return demanding
    ? {
        data: { why: demanding.cgoDemand! },
        at: demanding.instruction,
        evidence: [],
        refusal: false,
      }
    : undefined;
}

/** A compiler or a library's headers that the file installs: somebody needed cgo once. */
function installsCompiler({ onceInstalled }: GoBuilder): boolean {
  return [...onceInstalled.values()].some(
    ({ name, use }) => C_COMPILERS.has(name) || (use === "library" && name.endsWith("-dev")),
  );
}

const C_COMPILERS = new Set(["gcc", "g++", "build-base", "build-essential", "clang", "alpine-sdk"]);

/** A module of others whose sources are not in the repository and that is not known to be pure Go. */
function unreadModule(
  sources: readonly SourceFacts[],
  repository: Repository | undefined,
): { readonly module: string; readonly evidence: Evidence } | undefined {
  for (const { program, packageDirectory } of sources) {
    const vendors = vendorDirectories(program, packageDirectory);
    const isVendored = (module: string): boolean =>
      vendors.some((directory) => repository?.list(`${directory}/${module}`) !== undefined);
    for (const [module, evidence] of program.imports)
      if (module.split("/")[0]!.includes(".") && !isPureGo(module) && !isVendored(module))
        return { module, evidence };
  }
  return undefined;
}

/** Where copies of other modules lie: `vendor`, and before modules godep's workspace, in any directory above the package. */
function vendorDirectories(program: GoProgram, packageDirectory: string): string[] {
  if (program.module)
    return program.module.vendored ? [below(program.module.directory, "vendor")] : [];
  const directories: string[] = [];
  const parts = packageDirectory === "" ? [] : packageDirectory.split("/");
  for (let depth = parts.length; depth >= 0; depth--) {
    const above = parts.slice(0, depth).join("/");
    directories.push(below(above, "vendor"), below(above, "Godeps/_workspace/src"));
  }
  return directories;
}

/** Puts CGO_ENABLED=0 in front of each build of RUN that leaves it open. */
export function disableCgo(builder: GoBuilder, plan: PlanBuilder): void {
  const open = builder.builds.filter(
    ({ cgo, instruction }) => cgo === "unset" && instruction.keyword === "RUN",
  );
  // Exec form takes no environment prefix, and what a recipe runs gets it from the environment.
  const isExec = open.some(({ instruction }) => parseStringArray(instruction.body.text));
  const isRecipe = open.some(({ recipe }) => recipe !== undefined);
  if (isExec || (isRecipe && !builder.testsRaces)) {
    const first = open[0]!.instruction;
    plan.insertBefore(first, ["ENV CGO_ENABLED=0"]);
    plan.because("static-binary", first);
    return;
  }
  const commands = new Set<unknown>();
  for (const { go, instruction, recipe } of open) {
    const command = recipe ?? go.command;
    // One command that builds several programs is one place.
    if (commands.has(command)) continue;
    commands.add(command);
    const [heredoc] = instruction.heredocs;
    const start = heredoc
      ? heredoc.content.start + command.start
      : sourceOffset(instruction.body, command.start);
    plan.replace({ start, end: start }, "CGO_ENABLED=0 ");
    plan.because("static-binary", instruction);
  }
}
