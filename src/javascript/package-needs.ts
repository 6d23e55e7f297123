import { runTimeLibraries } from "../stages/run-time-libraries.ts";
import { programsOf } from "../stages/package-uses.ts";
import type { Need } from "../stages/need.ts";
import type { InstalledPackage } from "../stages/package-commands.ts";
import type { Requirement } from "../stages/runtime-ladder.ts";
import type { PackageDistribution } from "../stages/system-programs.ts";
import type { NodeStage } from "./node-stage.ts";

/** Packages that the Dockerfile installs: what the final image needs of them. */
export interface PackageNeeds {
  readonly requirements: readonly Requirement[];
  /** Those that only the build needs. */
  readonly left: readonly InstalledPackage[];
  readonly refusal: Need | undefined;
}

/** What node-gyp builds with beside compilers, and programs may run as well. Source: https://github.com/nodejs/node-gyp#installation */
const BUILD_TOOLS =
  /^(?:python(?:2|3|2\.7|3\.\d+)?(?:-minimal|-dev|-setuptools|-distutils)?|py3?-(?:setuptools|pip)|python-is-python3)$/;
/** What npm fetches packages with. Source: https://docs.npmjs.com/cli/v10/configuring-npm/package-json#git-urls-as-dependencies */
const FETCHING_TOOLS =
  /^(?:git|openssh|openssh-client|openssh-client-default|mercurial|subversion)$/;

/** What a tag without a release of Alpine stands for. Source: https://github.com/docker-library/official-images/blob/master/library/node */
const NEWEST_ALPINE = "3.22";

/** Whether something of the program's sources, scripts or start may run a program. */
export interface ProgramUses {
  mayRun(program: string): boolean;
  /** Some package comes from a repository of git. */
  readonly fetchesByGit: boolean;
}

/** @param uses what runs beside Node itself */
export function packageNeeds(stage: NodeStage, uses: ProgramUses): PackageNeeds {
  const distribution: PackageDistribution =
    stage.contract.base?.distribution === "alpine" ? "alpine" : "debian";
  const requirements: Requirement[] = [];
  const left: InstalledPackage[] = [];
  let refusal: Need | undefined;
  const hasCompiler = [...stage.onceInstalled.values()].some(({ use }) => use === "build");
  const kept = (one: InstalledPackage, packages: readonly string[]): Requirement => ({
    code: "packages-kept",
    refusal: "runtime-packages",
    at: one.instruction,
    data: { packages: packages.join(" ") },
    packages: one.isForeign ? {} : { [distribution]: packages },
    isOwn: true,
    isOfFile: true,
    hasRecommended: one.hasRecommended,
  });
  for (const one of stage.installed.values()) {
    const runs = (): boolean => programsOf(one.name).some((name) => uses.mayRun(name));
    const isBuildTool =
      one.use === "build" ||
      one.use === "users" ||
      (BUILD_TOOLS.test(one.name) && hasCompiler && !runs()) ||
      (FETCHING_TOOLS.test(one.name) && uses.fetchesByGit && !runs());
    if (isBuildTool) {
      left.push(one);
      continue;
    }
    if (one.isForeign) {
      refusal ??= {
        code: "runtime-packages",
        at: one.instruction,
        data: { packages: one.written },
      };
      continue;
    }
    if (one.use === "library" && /-dev(?:el)?$/.test(one.name)) {
      const libraries = runTimeLibraries(
        one.name,
        distribution,
        stage.contract.base?.release ?? (distribution === "alpine" ? NEWEST_ALPINE : undefined),
      );
      if (libraries === undefined)
        refusal ??= {
          code: "runtime-packages",
          at: one.instruction,
          data: { packages: one.written },
        };
      else if (libraries.length > 0) requirements.push(kept(one, libraries));
      else left.push(one);
      continue;
    }
    requirements.push(kept(one, [one.written]));
  }
  return { requirements, left, refusal };
}
