import type { ImageContract } from "../core/image-contract.ts";
import { baseName, directoryName, isWithin, resolvePath } from "../core/path.ts";
import { programCandidates } from "../core/start.ts";
import type { GoBuilder } from "./builder.ts";
import type { Need } from "./needs.ts";
import type { GoBuild } from "./outputs.ts";

/** The program that a container starts, found among what the builder makes. */
export interface StartedProgram {
  readonly build: GoBuild;
  /** Absolute path in the builder. */
  readonly source: string;
  /** Absolute path in the final image. */
  readonly target: string;
  /** The image as it is would not start: the program is built at another place than the one started. */
  readonly repaired: boolean;
  /** It was only found through a PATH that the final image does not have. */
  readonly throughPath: boolean;
  /** The build's output has no name that the Dockerfile and the sources tell: the started name is taken for it. */
  readonly nameAssumed: boolean;
}

/**
 * Finds the program named by the first word of the start.
 *
 * @param proven whether the sources show a main package of that name for a build of several packages
 * @param runtimePath PATH of the final image
 * @returns `ambiguous` when several outputs have the name, `undefined` when none has
 */
export function findStartedProgram(
  program: string,
  builder: GoBuilder,
  proven: (build: GoBuild, name: string) => boolean,
  runtimePath: string,
): StartedProgram | "ambiguous" | undefined {
  const { contract, artifacts, builds } = builder;
  const candidates = programCandidates(
    program,
    contract.workingDirectory,
    contract.environment.get("PATH")?.value,
  );
  const bare = !program.includes("/");
  const name = baseName(program);
  const targetOf = (path: string): { target: string; throughPath: boolean } => {
    if (!bare || runtimePath.split(":").includes(directoryName(path)))
      return { target: path, throughPath: false };
    return { target: `/usr/local/bin/${name}`, throughPath: true };
  };

  for (const path of candidates) {
    const build = artifacts.get(path);
    if (build)
      return { build, source: path, ...targetOf(path), repaired: false, nameAssumed: false };
  }
  for (const path of candidates) {
    const build = builds.findLast(
      ({ output }) =>
        (output.kind === "unnamed" || output.kind === "many") &&
        output.directory === directoryName(path),
    );
    if (build)
      return {
        build,
        source: path,
        ...targetOf(path),
        repaired: false,
        nameAssumed: !proven(build, name),
      };
  }
  // A whole command in one word: `["./server && ./client"]`.
  if (/[\s&|;<>]/.test(program)) return undefined;
  const sameName = [...artifacts].filter(([path]) => baseName(path) === name);
  if (sameName.length > 1) return "ambiguous";
  const [found] = sameName;
  if (!found) return undefined;
  const target = bare ? `/usr/local/bin/${name}` : resolvePath(contract.workingDirectory, program);
  if (target === undefined) return undefined;
  return {
    build: found[1],
    source: found[0],
    target,
    repaired: true,
    throughPath: false,
    nameAssumed: false,
  };
}

/** Among the programs that the start and its scripts run, the first that a build made. */
export type StartedAmong =
  | { readonly kind: "found"; readonly started: StartedProgram; readonly program: string }
  | { readonly kind: "ambiguous"; readonly program: string }
  | { readonly kind: "none"; readonly program: string };

/** As `findStartedProgram`, for several names: one that is built where it is started goes before one to be repaired. */
export function findStarted(
  programs: readonly string[],
  ...rest: [GoBuilder, (build: GoBuild, name: string) => boolean, string]
): StartedAmong {
  let repaired: StartedAmong | undefined;
  for (const program of programs) {
    const started = findStartedProgram(program, ...rest);
    if (started === "ambiguous") repaired ??= { kind: "ambiguous", program };
    else if (started?.repaired) repaired ??= { kind: "found", started, program };
    else if (started) return { kind: "found", started, program };
  }
  return repaired ?? { kind: "none", program: programs[0] ?? "an unknown program" };
}

/** Why nothing that is built is what the image starts. */
export function unbuiltStart(program: string, builder: GoBuilder): Need {
  const path = resolvePath(builder.contract.workingDirectory, program);
  const inside = [...builder.artifacts.keys()].find(
    (artifact) =>
      path !== undefined &&
      artifact !== path &&
      isWithin(artifact, path) &&
      artifact.slice(path.length + 1).indexOf("/") < 0,
  );
  if (inside !== undefined)
    return { code: "output-is-directory", data: { path: path!, written: inside } };
  const copied = builder.copies.find((copy) => copy.target === path);
  return copied
    ? { code: "start-is-script", data: { program, why: "it is not there to be read" } }
    : { code: "start-not-built", data: { program } };
}

/**
 * Programs that other builds make: they are kept where each of them ended up last. What may be a library, or is fetched
 * from elsewhere, is none.
 */
export function otherPrograms(
  started: StartedProgram,
  builder: GoBuilder,
  proven: (build: GoBuild, name: string) => boolean,
): (readonly [string, GoBuild])[] {
  const paths = new Map<GoBuild, string>();
  const names: [string, GoBuild][] = [];
  for (const [path, build] of builder.artifacts) {
    if (path === started.source) continue;
    if (build === started.build) {
      // Another name, given to it outside of where it was built: somebody may start it there.
      const isOutput = build.output.kind !== "file" || build.output.path === path;
      if (!isOutput && !isWithin(path, build.directory)) names.push([path, build]);
      continue;
    }
    const isNamed =
      build.go.verb === "build" && build.go.flags.has("o") && build.packageDirectory !== undefined;
    if (proven(build, baseName(path)) || isNamed) paths.set(build, path);
  }
  return [...names, ...[...paths].map(([build, path]) => [path, build] as const)];
}

/** Where `go install` puts programs, and where Go itself lies, by the variables of the image. */
export function installDirectories({ environment }: ImageContract): string[] {
  const paths = (environment.get("GOPATH")?.value ?? "")
    .split(":")
    .filter((path) => path !== "")
    .map((path) => `${path.replace(/\/+$/, "")}/bin`);
  const root = environment.get("GOROOT")?.value;
  const bin = environment.get("GOBIN")?.value;
  return [...paths, ...(root ? [`${root}/bin`] : []), ...(bin ? [bin] : [])];
}
