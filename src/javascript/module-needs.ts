import { runTimeLibraries } from "../stages/run-time-libraries.ts";
import { packageOf, type PackageDistribution } from "../stages/system-programs.ts";
import {
  FULL_IMAGE_DEVELOPMENT_PACKAGES,
  FULL_IMAGE_PACKAGES,
  SLIM_IMAGE_LIBRARIES,
} from "./full-image-packages.ts";
import {
  MODULE_NEEDS,
  PROGRAMS_WITH_CERTIFICATES,
  SYSTEM_FILES,
  type ModuleKnowledge,
} from "./module-knowledge.ts";

/** One thing that an npm package needs of the system that it runs on. */
export interface ModuleNeed {
  /** The npm package. */
  readonly module: string;
  /** A program, shared libraries, or files that are read. */
  readonly kind: "program" | "libraries" | "files";
  /** The program's name, Debian's package to build with the libraries, or `certificates`, `fonts`, `perl`. */
  readonly name: string;
  /** Debian's image `node` without a suffix has it: it works there although the file installs nothing for it. */
  readonly isInImage: boolean;
  /** Packages that bring it in the slim image; empty when it is there, `undefined` when it is not known what does. */
  readonly packages: readonly string[] | undefined;
  /** Only some of what the package does needs it: as a dependency of a dependency, most likely nothing does. */
  readonly isOccasional: boolean;
  /** Without any of these packages in the file, the image lacks more than this need, and it is of no use. */
  readonly besides: readonly string[] | undefined;
  readonly source: string;
}

/** The image that the package runs in. */
export interface ModuleSystem {
  readonly distribution: PackageDistribution;
  /** Debian's code name or Alpine's version. */
  readonly release: string | undefined;
}

type Answer = Pick<ModuleNeed, "isInImage" | "packages">;

const KNOWN_BY_MODULE = new Map<string, ModuleKnowledge[]>();
for (const known of MODULE_NEEDS) {
  for (const name of words(known.modules))
    KNOWN_BY_MODULE.set(name, [...(KNOWN_BY_MODULE.get(name) ?? []), known]);
}

/**
 * What an npm package needs of the system at run time, as far as the table tells.
 *
 * @param version the package's version or range, as package.json or the lock file has it
 * @example needsOfModule("simple-git", "3.0.0", { distribution: "debian", release: "bookworm" })[0]?.packages // ["git"]
 */
export function needsOfModule(
  module: string,
  version: string | undefined,
  system: ModuleSystem,
): readonly ModuleNeed[] {
  const needs = new Map<string, ModuleNeed>();
  for (const known of KNOWN_BY_MODULE.get(module) ?? []) {
    if (known.before !== undefined && lowestMajor(version) >= known.before) continue;
    for (const need of needsOf(module, known, system)) {
      const key = `${need.kind} ${need.name}`;
      if (!needs.has(key)) needs.set(key, need);
    }
  }
  return [...needs.values()];
}

function needsOf(module: string, known: ModuleKnowledge, system: ModuleSystem): ModuleNeed[] {
  const need = (kind: ModuleNeed["kind"], name: string, answer: Answer): ModuleNeed => ({
    module,
    kind,
    name,
    ...answer,
    isOccasional: known.isOccasional === true,
    besides: known.besides === undefined ? undefined : words(known.besides),
    source: known.source,
  });
  const programs = words(known.programs).map((name) =>
    need("program", name, programNeed(name, system)),
  );
  const files = new Set(words(known.files));
  // A program that is not there reads no certificates.
  if (programs.some(({ name, isInImage }) => isInImage && PROGRAMS_WITH_CERTIFICATES.has(name)))
    files.add("certificates");
  return [
    ...programs,
    ...words(known.libraries).map((name) => need("libraries", name, librariesNeed(name, system))),
    ...[...files].map((name) => need("files", name, filesNeed(name, system))),
  ];
}

function programNeed(name: string, { distribution, release }: ModuleSystem): Answer {
  const brings = packageOf(name, distribution, release);
  if (brings === "base") return { isInImage: true, packages: [] };
  return {
    isInImage: isInFullImage(brings, distribution),
    packages: brings === undefined ? undefined : [brings],
  };
}

function librariesNeed(name: string, { distribution, release }: ModuleSystem): Answer {
  // Alpine's own image stays, with what the file adds to it.
  if (distribution === "alpine") return { isInImage: false, packages: undefined };
  const there = words(SLIM_IMAGE_LIBRARIES[release ?? ""]);
  return {
    isInImage: FULL_IMAGE_DEVELOPMENT_PACKAGES.has(name),
    packages: runTimeLibraries(name, "debian", release)?.filter((each) => !there.includes(each)),
  };
}

function filesNeed(name: string, { distribution }: ModuleSystem): Answer {
  const packages = SYSTEM_FILES[name]?.[distribution];
  return {
    isInImage: packages?.every((each) => isInFullImage(each, distribution)) ?? false,
    packages,
  };
}

function isInFullImage(name: string | undefined, distribution: PackageDistribution): boolean {
  return distribution === "debian" && name !== undefined && FULL_IMAGE_PACKAGES.has(name);
}

/** The lowest major version that a version or range allows; 0 where that cannot be told. */
function lowestMajor(version: string | undefined): number {
  const majors = [...(version ?? "").matchAll(/(?<![\w.-])v?(\d+)(?:\.[\dx*]+)*/g)].map(
    ([, major]) => Number(major),
  );
  return majors.length === 0 || /<|^[a-z]+:/.test(version ?? "") ? 0 : Math.min(...majors);
}

function words(text: string | undefined): string[] {
  return text === undefined ? [] : text.split(/\s+/).filter((word) => word !== "");
}
