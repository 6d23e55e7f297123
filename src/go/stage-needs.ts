/** What of the files that earlier stages made the program needs when it runs. */
import type { Evidence } from "../core/outcome.ts";
import { isWithin, resolvePath } from "../core/path.ts";
import { kindOf } from "../core/repository.ts";
import { namedPath } from "./file-names.ts";
import type { Need, NeedsOptions } from "./needs.ts";
import type { StageCopy } from "./stage-copies.ts";

/** A path of the builder that is to be copied on, and why. */
export interface StageNeed {
  readonly path: string;
  readonly need: Need;
}

/** A path that the program, its start, or a compose file names. */
interface NamedPath {
  readonly path: string;
  readonly evidence: Evidence | undefined;
  /** A call takes it for a file's name. */
  readonly isCertain: boolean;
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
  { copy, path, isTree }: StageCopy,
  named: readonly NamedPath[],
  options: NeedsOptions,
): StageNeed[] {
  const { builder } = options;
  const at = copy.instruction;
  const isEmbedded = (inner: string): boolean =>
    embeddedPaths(options).some(
      (embedded) => isWithin(inner, embedded) || isWithin(embedded, inner),
    );
  const found = named.filter(
    (one) =>
      isWithin(one.path, path) &&
      (one.isCertain || (!isEmbedded(one.path) && (!isTree || one.path !== path))) &&
      (!isTree || isMadeThere(one.path, options)),
  );
  if (found.some((one) => one.path === path && !isTree)) return [whole()];
  if (found.length > 0)
    return found.map(({ path: inner, evidence }) => ({
      path: inner,
      need: {
        code: "stage-files-copied",
        at,
        data: { path: inner },
        ...(evidence ? { evidence: [evidence] } : {}),
      },
    }));
  if (options.sources.length > 0 && isEmbedded(path)) return [];
  if (isTree || builder.builds.some(({ directory }) => isWithin(directory, path))) return [];
  return [whole()];

  function whole(): StageNeed {
    return { path, need: { code: "stage-files-copied", at, data: { path } } };
  }
}

/** A path of the sources' tree that the repository does not have, so that the other stage made it. */
function isMadeThere(path: string, { builder, repository }: NeedsOptions): boolean {
  const source = builder.repositoryPath(path);
  return source === undefined || !repository || kindOf(repository, source) === undefined;
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
    if (path !== undefined && path !== "/") found.push({ path, evidence, isCertain });
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
    if (path !== undefined && path !== "/") found.push({ path, evidence, isCertain: true });
  }
  return found;
}
