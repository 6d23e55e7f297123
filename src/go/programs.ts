import type { ImageContract } from "../core/image-contract.ts";
import { baseName, resolvePath } from "../core/path.ts";
import { kindOf, type Repository } from "../core/repository.ts";
import { readGoProgram, type GoProgram } from "../repo/go-program.ts";
import type { GoBuilder } from "./builder.ts";
import { programName } from "./go-command.ts";
import { isLocal, type GoBuild } from "./outputs.ts";

/** What is known of the sources of one build. */
export interface SourceFacts {
  readonly program: GoProgram;
  /** The main package's directory in the repository. */
  readonly packageDirectory: string;
}

/**
 * Reads the sources of a build's main package.
 *
 * @param name the started program's name, to pick the package of a build of several
 * @returns `undefined` when they cannot be found in the repository
 */
export function readSources(
  build: GoBuild,
  name: string,
  builder: GoBuilder,
  place: {
    readonly repository: Repository | undefined;
    readonly contextDirectory: string | undefined;
  },
): SourceFacts | undefined {
  const { repository, contextDirectory } = place;
  if (!repository || contextDirectory === undefined) return undefined;
  const inImage = build.packageDirectory ?? packageOf(build, name, builder, repository);
  const packageDirectory = inImage === undefined ? undefined : builder.repositoryPath(inImage);
  if (packageDirectory === undefined || !repository.list(packageDirectory)) return undefined;
  const tags = build.go.flags
    .get("tags")
    ?.split(/[ ,]+/)
    .filter((tag) => tag !== "");
  const files = build.go.operands.filter((operand) => operand.text.endsWith(".go"));
  const named =
    files.length > 0 &&
    files.every((file) => file.value !== undefined && !file.value.includes("*"));
  const importPath = builder.importPath(contextRoot(inImage!, packageDirectory, contextDirectory));
  const program = readGoProgram(repository, {
    contextDirectory,
    packageDirectory,
    ...(named ? { files: files.map((file) => baseName(file.value!)) } : {}),
    ...(tags ? { tags } : {}),
    ...(importPath ? { importPath: importPath.path } : {}),
  });
  return program?.isMain ? { program, packageDirectory } : undefined;
}

/** The image directory that the context's root was copied to, seen from one package. */
function contextRoot(inImage: string, inRepository: string, contextDirectory: string): string {
  const below =
    contextDirectory === "" ? inRepository : inRepository.slice(contextDirectory.length + 1);
  return below !== "" && inImage.endsWith(`/${below}`)
    ? inImage.slice(0, -below.length - 1) || "/"
    : inImage;
}

/** The package directory, in the image, of a build that names import paths or several packages. */
function packageOf(
  build: GoBuild,
  name: string,
  builder: GoBuilder,
  repository: Repository,
): string | undefined {
  const operands = build.go.operands.map((operand) => operand.value ?? "");
  const own = builder.importPath(build.directory);
  const candidates: string[] = [];
  for (const operand of operands) {
    if (operand.includes("...")) {
      const root = resolvePath(
        build.directory,
        isLocal(operand) ? operand.replace(/\/?\.\.\..*$/, "") || "." : ".",
      )!;
      candidates.push(`${root}/cmd/${name}`, `${root}/${name}`, root);
    } else if (isLocal(operand)) candidates.push(resolvePath(build.directory, operand)!);
    else {
      const path = operand.replace(/\/+$/, "");
      if (own && (path === own.path || path.startsWith(`${own.path}/`)))
        candidates.push(build.directory + path.slice(own.path.length));
      candidates.push(`/go/src/${path}`);
    }
  }
  return candidates.find((directory) => {
    const inRepository = builder.repositoryPath(directory);
    if (inRepository === undefined || kindOf(repository, inRepository) !== "directory")
      return false;
    // With one package, `-o` gives the program another name than its own.
    if (baseName(directory) === name || (operands.length === 1 && !operands[0]!.includes("...")))
      return true;
    const known = builder.importPath(directory);
    return known !== undefined && programName(known.path, known.moduleMode) === name;
  });
}

/** The sources of all programs that the final image gets. */
export interface AllSources {
  readonly sources: readonly SourceFacts[];
  /** The sources of every program were found. */
  readonly complete: boolean;
  /** They were found, and so was all that they import of their own. */
  readonly isProved: boolean;
  /** All strings of the sources, to see which variables they may read. */
  readonly names: ReadonlySet<string>;
}

/** @param programs each by its path in the builder */
export function readAllSources(
  programs: readonly (readonly [path: string, build: GoBuild])[],
  builder: GoBuilder,
  place: Parameters<typeof readSources>[3],
): AllSources {
  const sources: SourceFacts[] = [];
  let complete = true;
  for (const [path, build] of programs) {
    const found = readSources(build, baseName(path), builder, place);
    if (found) sources.push(found);
    else complete = false;
  }
  return {
    sources,
    complete,
    isProved: complete && sources.every(({ program }) => program.complete),
    names: new Set(sources.flatMap(({ program }) => program.literals.map(({ value }) => value))),
  };
}

/** Variables of the base image that the program reads itself. */
export function keptVariables(
  { environment }: ImageContract,
  { names }: AllSources,
): ReadonlyMap<string, string> {
  const kept = new Map<string, string>();
  for (const [name, { value, instruction }] of environment)
    if (!instruction && value !== undefined && name !== "PATH" && names.has(name))
      kept.set(name, value);
  return kept;
}
