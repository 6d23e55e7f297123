import type { Need } from "./needs.ts";
import { CPP_RUNTIME, runTimeLibraries } from "../stages/run-time-libraries.ts";
import type { Requirement } from "../stages/runtime-ladder.ts";
import { programsOf } from "../stages/package-uses.ts";
import type { PackageDistribution } from "../stages/system-programs.ts";
import type { GoBuilder } from "./builder.ts";
import { AMBIGUOUS_PACKAGES, FETCHING_PACKAGES } from "./knowledge.ts";
import type { InstalledPackage } from "../stages/package-commands.ts";

/** What is known of the programs that run in the final image. */
export interface RunningPrograms {
  /** The sources of every built program were read. */
  readonly isComplete: boolean;
  /** A name is computed, so any installed program may be one that runs. */
  readonly isComputed: boolean;
  /** Programs of the system that run. */
  readonly systemPrograms: ReadonlySet<string>;
}

export interface PackageNeeds {
  readonly requirements: readonly Requirement[];
  readonly notes: readonly Need[];
}

/** Packages that the Dockerfile installs and that a final image must have too. */
export function packageNeeds(builder: GoBuilder, running: RunningPrograms): PackageNeeds {
  const kept: InstalledPackage[] = [];
  const assumed: InstalledPackage[] = [];
  const left: InstalledPackage[] = [];
  for (const one of builder.installed.values()) {
    if (one.use === "data" || one.use === "unknown") kept.push(one);
    else if (one.use === "program") {
      const runs = programsOf(one.name).some((name) => running.systemPrograms.has(name));
      if (runs) continue;
      if (running.isComputed) kept.push(one);
      else if (FETCHING_PACKAGES.has(one.name)) continue;
      else if (!AMBIGUOUS_PACKAGES.has(one.name)) kept.push(one);
      else if (!running.isComplete) assumed.push(one);
      else left.push(one);
    }
  }
  // Plug-ins of a program that is kept, and libraries that it was installed with.
  if (kept.length > 0 || running.systemPrograms.size > 0)
    for (const one of builder.installed.values())
      if (one.use === "library" && !/-dev(?:el)?$|^(?:gcompat|libc6-compat)$/.test(one.name))
        kept.push(one);
  return {
    requirements: kept.map((one) => keptPackage(one, distributionOf(builder))),
    notes: [
      ...assumed.map((one) => note("build-tools-assumed", one)),
      ...left.map((one) => note("packages-left", one)),
    ],
  };
}

function note(code: string, { name, instruction }: InstalledPackage): Need {
  return { code, at: instruction, data: { packages: name } };
}

function keptPackage(
  { written, instruction, isForeign, hasRecommended }: InstalledPackage,
  distribution: PackageDistribution,
): Requirement {
  return {
    code: "packages-kept",
    refusal: "runtime-packages",
    at: instruction,
    data: { packages: written },
    packages: isForeign ? {} : { [distribution]: [written] },
    isOwn: true,
    hasRecommended,
  };
}

/**
 * The C library of the builder, and the run-time libraries of the packages that the program was linked with.
 *
 * @param why what of the program needs cgo
 */
export function cgoRequirement(
  builder: GoBuilder,
  cgo: { readonly why: string } & Pick<Requirement, "at" | "evidence">,
): Requirement {
  const distribution = distributionOf(builder);
  const common = {
    code: "c-library-kept",
    refusal: "go-cgo-needed",
    ...(cgo.at ? { at: cgo.at } : {}),
    ...(cgo.evidence ? { evidence: cgo.evidence } : {}),
    isOwn: true,
  };
  const unmet = (why: string): Requirement => ({ ...common, data: { why }, packages: {} });
  const names = [...builder.onceInstalled.keys()];
  if (distribution === "alpine" && !names.some((name) => COMPILERS.has(name)))
    return unmet(
      `${cgo.why}, and the image has no C compiler: cgo is off today, so the program fails where it needs it`,
    );
  if (builder.copies.some(({ source }) => /\.so(?:\.|$)/.test(source)))
    return unmet(`${cgo.why}, and shared libraries that are copied into the image`);
  const foreign = builder.builds.find(({ go }) =>
    go.command.assignments.some(
      ({ name, value }) => name === "CC" && !/^(?:gcc|cc|clang)$/.test(value ?? ""),
    ),
  );
  if (foreign || !/^(?:|gcc|cc|clang)$/.test(builder.contract.environment.get("CC")?.value ?? ""))
    return unmet(`${cgo.why}, with a compiler of its own choice`);
  const libraries = new Set<string>();
  for (const { name, use, written, isForeign } of builder.onceInstalled.values()) {
    if (use !== "library") continue;
    const known = /-dev(?:el)?$/.test(name)
      ? runTimeLibraries(name, distribution, builder.contract.base?.release)
      : [written];
    if (!known || isForeign)
      return unmet(`${cgo.why}, and which packages belong to ${name} at run time is not known`);
    for (const library of known) libraries.add(library);
  }
  if (distribution === "alpine" && names.some((name) => CPP_COMPILERS.has(name)))
    for (const library of CPP_RUNTIME.alpine) libraries.add(library);
  return { ...common, data: { why: cgo.why }, packages: { [distribution]: [...libraries] } };
}

const COMPILERS = new Set(["gcc", "build-base", "clang", "g++", "alpine-sdk", "gcompat-dev"]);
const CPP_COMPILERS = new Set(["g++", "build-base", "alpine-sdk"]);

export function distributionOf({ contract }: GoBuilder): PackageDistribution {
  return contract.base?.distribution === "alpine" ? "alpine" : "debian";
}
