/** What of the files that earlier stages made the program needs when it runs. */
import type { Evidence } from "../core/outcome.ts";
import { baseName, isWithin, resolvePath } from "../core/path.ts";
import { kindOf } from "../core/repository.ts";
import { namedPath } from "./file-names.ts";
import type { Need, NeedsOptions } from "./needs.ts";
import type { StageCopy } from "./stage-copies.ts";

/** A path of the builder that is to be copied on, and why. */
export interface StageNeed {
  readonly path: string;
  /** It is there when the image is built. */
  readonly isSure: boolean;
  readonly need: Need;
}

/** A path that the program, its start, or a compose file names. */
interface NamedPath {
  readonly path: string;
  readonly evidence: Evidence | undefined;
  /** A call takes it for a file's name. */
  readonly isCertain: boolean;
  /** It is written as a path: `./dist`, `/app/dist`. */
  readonly isExplicit: boolean;
}

/**
 * Nothing is known of what another stage made but where it lies: what the program names of it is copied, or else all of it,
 * unless the build puts it into the binary.
 */
export function stageNeeds(options: NeedsOptions): readonly StageNeed[] {
  const { builder } = options;
  if (builder.stageCopies.length === 0) return [];
  const named = namedPaths(options);
  return builder.stageCopies.flatMap((stageCopy) => neededOf(stageCopy, named, options));
}

function neededOf(
  { copy, path, isTree, isSource }: StageCopy,
  named: readonly NamedPath[],
  options: NeedsOptions,
): StageNeed[] {
  const { builder } = options;
  const at = copy.instruction;
  const embedded = embeddedPaths(options);
  const isEmbedded = (inner: string): boolean =>
    embedded.some((one) => isWithin(inner, one) || isWithin(one, inner));
  const certain = named.filter((one) => one.isCertain && isWithin(one.path, path));
  // What was put there by itself is there for the program, or for the build.
  if (!isTree && !isSource)
    return options.sources.length > 0 && isEmbedded(path) && certain.length === 0 ? [] : [whole()];
  if (certain.some((one) => one.path === path)) return [whole()];
  const found = named.filter(
    (one) =>
      isWithin(one.path, path) &&
      one.path !== path &&
      (one.isCertain || (!isEmbedded(one.path) && (!isTree || one.isExplicit))) &&
      isMadeThere(one.path, options),
  );
  const needs = found.map(({ path: inner, evidence }): StageNeed => {
    const isSure = isOutput(inner, path, options);
    return {
      path: inner,
      isSure,
      need: {
        code: isSure ? "stage-files-copied" : "file-copied-if-there",
        at,
        data: { path: inner },
        ...(evidence ? { evidence: [evidence] } : {}),
      },
    };
  });
  if (needs.some(({ isSure }) => isSure)) return needs;
  // A directory of that kind which the repository has, too: it is copied as all that the program reads, with what was added.
  const isFilled = certain.some(
    (one) => one.isExplicit && !isMadeThere(one.path, options) && isOutput(one.path, path, options),
  );
  if (isFilled) return needs;
  const isInBinary = embedded.some(
    (one) => isWithin(one, path) && (isMadeThere(one, options) || OUTPUT_NAMES.has(baseName(one))),
  );
  if (isInBinary) return needs;
  return [whole()];

  function whole(): StageNeed {
    const directory = builder.contract.workingDirectory ?? "/";
    const all = isTree && isWithin(directory, path) && directory !== "/" ? directory : path;
    const [seen] = certain.flatMap(({ evidence }) => evidence ?? []);
    return {
      path: all,
      isSure: true,
      need: {
        code: "stage-files-copied",
        at,
        data: { path: all },
        ...(seen ? { evidence: [seen] } : {}),
      },
    };
  }
}

/**
 * Directories that front ends are built into. Sources: the defaults of vite, react-scripts, vue-cli, angular, parcel, webpack,
 * eleventy, next export.
 */
const OUTPUT_NAMES = new Set([
  "dist",
  "build",
  "out",
  "public",
  "www",
  "_site",
  "site",
  "static",
  "assets",
  "bundle",
]);

/** A directory with such a name, in one that the repository has: the build makes it, or the program never had it. */
function isOutput(path: string, root: string, { builder, repository }: NeedsOptions): boolean {
  const parts = path.slice(root.length + 1).split("/");
  const at = parts.findIndex((part) => OUTPUT_NAMES.has(part));
  if (at < 0 || at < parts.length - 1) return false;
  const above = builder.repositoryPath([root, ...parts.slice(0, at)].join("/"));
  return (
    above !== undefined && repository !== undefined && kindOf(repository, above) === "directory"
  );
}

/** A path that the build context does not have, so that the other stage made it, or nobody did. */
function isMadeThere(path: string, { builder, repository }: NeedsOptions): boolean {
  const source = builder.repositoryPath(path);
  return (
    source === undefined ||
    !repository ||
    kindOf(repository, source) === undefined ||
    !builder.imagePaths(source).includes(path)
  );
}

/** The paths in the image that the build puts into the binaries. */
function embeddedPaths({ builder, sources }: NeedsOptions): string[] {
  return sources.flatMap(({ program }) =>
    program.embeds.flatMap(({ directory, pattern }) =>
      builder.imagePaths(directory).flatMap((image) => {
        const inner = pattern.replace(/^all:/, "").replace(/\/?[^/]*[*?[].*$/, "");
        return resolvePath(image, inner === "" ? "." : inner) ?? [];
      }),
    ),
  );
}

function namedPaths(options: NeedsOptions): NamedPath[] {
  const { builder, sources } = options;
  const directory = builder.contract.workingDirectory;
  const found: NamedPath[] = [];
  const add = (value: string, evidence: Evidence | undefined, isCertain: boolean): void => {
    if (value === "" || /:\/\/|^[*?[{]/.test(value)) return;
    const path = resolvePath(directory, value.replace(/\/?[^/]*[*?[{].*$/, ""));
    if (path !== undefined && path !== "/") {
      found.push({ path, evidence, isCertain, isExplicit: /^\.{0,2}\//.test(value) });
    }
  };
  for (const { program } of sources) {
    for (const { literal, evidence } of program.readsFiles)
      if (literal !== undefined) add(literal, evidence, true);
    for (const { paths, evidence } of program.implicitFiles)
      for (const path of paths) add(path, evidence, true);
    for (const { value, evidence } of program.literals)
      if (/^(?:\.{0,2}\/)?[\w@.-]+(?:\/[\w@.-]+)*\/?$/.test(value)) add(value, evidence, false);
  }
  const settings = [...builder.contract.environment.values()].flatMap(({ instruction, value }) =>
    instruction && value ? [{ value, evidence: undefined }] : [],
  );
  const words = options.startArguments.map((value) => ({ value, evidence: undefined }));
  for (const { value, evidence } of [
    ...settings,
    ...words,
    ...options.scriptWords,
    ...options.composeValues,
  ]) {
    const path = namedPath(value, directory);
    if (path !== undefined && path !== "/") {
      found.push({ path, evidence, isCertain: true, isExplicit: true });
    }
  }
  return found;
}
