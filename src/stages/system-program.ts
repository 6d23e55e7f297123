import type { BaseImage } from "../core/base-images.ts";
import type { ImageContract } from "../core/image-contract.ts";
import { baseName } from "../core/path.ts";
import { programsOf } from "./package-uses.ts";
import type { Requirement } from "./runtime-ladder.ts";
import {
  BUILDPACK_PROGRAMS,
  GOLANG_DEBIAN_PROGRAMS,
  SYSTEM_PROGRAMS,
  type PackageDistribution,
} from "./system-programs.ts";
import type { InstalledPackage } from "../stages/package-commands.ts";

/** What a stage has of the distribution's packages. */
export interface PackagedImage {
  readonly contract: ImageContract;
  readonly installed: ReadonlyMap<string, InstalledPackage>;
}

/** Packages that are the same program on Debian and on Alpine, with all of its parts. */
const SAME_ON_ALPINE = new Set([
  "git",
  "curl",
  "wget",
  "bash",
  "jq",
  "openssl",
  "openssh-client",
  "openssh-client-default",
  "openssh-keygen",
  "tini",
  "dumb-init",
  "rsync",
  "zip",
  "unzip",
]);
/** Programs that both distributions have at the same path. */
const SAME_PATHS = new Set(["/bin/sh", "/bin/bash", "/usr/bin/env"]);
/** Programs whose work rests on the users' shells and on files of their distribution. */
const TIED = new Set(["su", "sudo", "login", "runuser"]);
/** Programs that start another one by themselves: git fetches by ssh. */
const HELPERS: Readonly<Record<string, { readonly programs: RegExp; readonly package: string }>> = {
  git: { programs: /^openssh/, package: "openssh-client" },
};

/** Where a program that runs in the final image comes from; `undefined` when the image as it is does not have it. */
export function providedProgram(
  written: string,
  builder: PackagedImage,
  distribution: PackageDistribution,
): Pick<Requirement, "packages" | "hasRecommended" | "isOfFile"> | undefined {
  const name = baseName(written);
  if (builder.contract.base?.family === "node" && OF_NODE.has(name))
    return { packages: { alpine: [], debian: [] } };
  const known = Object.hasOwn(SYSTEM_PROGRAMS, name) ? SYSTEM_PROGRAMS[name] : undefined;
  const provider = [...builder.installed.values()].find((one) =>
    programsOf(one.name).includes(name),
  );
  const source = known?.[distribution];
  if (!provider && !isOfBase(name, source, builder, distribution)) return undefined;
  if (provider?.isForeign) return { packages: {} };
  const own = provider
    ? [provider.written]
    : source === undefined || source === "base"
      ? []
      : [source];
  const helpers = helperPackages(name, builder, distribution);
  const packages = { [distribution]: [...own, ...helpers.own] };
  if (
    distribution === "debian" &&
    isSameOnAlpine(written, known?.alpine, known?.isPortable === true)
  )
    packages["alpine"] = [...packageNames(known?.alpine), ...helpers.alpine];
  if (distribution === "alpine" && known?.debian !== undefined)
    packages["debian"] = [...packageNames(known.debian), ...helpers.alpine];
  return {
    packages,
    isOfFile: provider !== undefined,
    ...(provider?.hasRecommended ? { hasRecommended: true } : {}),
  };
}

/** Whether the distribution's base image, or the toolchain's own on top of it, has a program. */
function isOfBase(
  name: string,
  source: string | undefined,
  { contract }: PackagedImage,
  distribution: PackageDistribution,
): boolean {
  if (source === "base") return true;
  const { base } = contract;
  if (base === undefined || distribution !== "debian") return false;
  return (
    (base.family === "golang" || isFullNode(base)) &&
    (GOLANG_DEBIAN_PROGRAMS.has(name) || (isFullNode(base) && BUILDPACK_PROGRAMS.has(name)))
  );
}

/** node's Debian images stand on buildpack-deps, with its compilers and libraries; the slim ones do not. */
export function isFullNode({ family, distribution, tag }: BaseImage): boolean {
  return family === "node" && distribution === "debian" && !/\bslim\b/.test(tag);
}

/** Programs that every node image has. Source: https://github.com/nodejs/docker-node */
const OF_NODE = new Set([
  "node",
  "nodejs",
  "npm",
  "npx",
  "corepack",
  "yarn",
  "yarnpkg",
  "docker-entrypoint.sh",
]);

/** Distributions put some programs elsewhere: /usr/bin/sleep is /bin/sleep on Alpine. */
function isSameOnAlpine(written: string, source: string | undefined, isPortable: boolean): boolean {
  if (source === undefined || TIED.has(baseName(written))) return false;
  if (written.includes("/") && !SAME_PATHS.has(written)) return false;
  return source === "base" ? isPortable : SAME_ON_ALPINE.has(source);
}

function packageNames(source: string | undefined): string[] {
  return source === undefined || source === "base" ? [] : [source];
}

function helperPackages(
  name: string,
  { installed, contract }: PackagedImage,
  distribution: PackageDistribution,
): { own: string[]; alpine: string[] } {
  const helper = Object.hasOwn(HELPERS, name) ? HELPERS[name] : undefined;
  if (!helper) return { own: [], alpine: [] };
  const there: InstalledPackage[] = [...installed.values()].filter((one) =>
    helper.programs.test(one.name),
  );
  const { base } = contract;
  const isOfImage =
    distribution === "debian" &&
    base !== undefined &&
    (base.family === "golang" || isFullNode(base));
  if (there.length === 0 && !isOfImage) return { own: [], alpine: [] };
  return {
    own: there.length > 0 ? there.map(({ written }) => written) : [helper.package],
    alpine: [helper.package],
  };
}
