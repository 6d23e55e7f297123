import type { CopiedFile } from "../core/copied-files.ts";
import {
  baseName,
  directoryName,
  isWithin,
  resolvePath,
  wildcardExpression,
} from "../core/path.ts";
import { kindOf, type Repository } from "../core/repository.ts";

/** Where a build takes its files from. */
export interface BuildPlace {
  readonly repository: Repository | undefined;
  readonly contextDirectory: string | undefined;
  readonly dockerfilePath: string;
}

/** Absolute path in the image → path in the repository, through what was copied. */
export function repositoryPath(
  copies: readonly CopiedFile[],
  place: BuildPlace,
  path: string,
): string | undefined {
  const { contextDirectory } = place;
  if (contextDirectory === undefined) return undefined;
  const own = copies.findLast(
    (copy) =>
      copy.from === undefined &&
      isWithin(path, copy.directory) &&
      (copy.target === path || !isFileSource(copy, place)),
  );
  // Where only single files were copied to a directory, their own directory stands for it.
  const copy =
    own ??
    copies.findLast(
      (candidate) => candidate.from === undefined && isWithin(path, candidate.directory),
    ) ??
    copies.findLast(
      (candidate) =>
        candidate.from === undefined &&
        directoryName(candidate.target) === path &&
        isFileSource(candidate, place),
    );
  if (!copy) return undefined;
  const source = contextPath(copy);
  const below = isWithin(path, copy.directory)
    ? path.slice(copy.directory === "/" ? 1 : copy.directory.length + 1)
    : "";
  const parts =
    copy.target === path && isFileSource(copy, place)
      ? [source]
      : /[*?[]/.test(source) || isFileSource(copy, place)
        ? [source.slice(0, Math.max(0, source.lastIndexOf("/"))), below]
        : [source, below];
  return [contextDirectory, ...parts].filter((part) => part !== "").join("/");
}

/** `COPY main.go /app` without a slash puts the file into /app when that is a directory by then. */
export function placedIn(
  directories: ReadonlySet<string>,
  copy: CopiedFile,
  place: BuildPlace,
): CopiedFile {
  if (copy.intoDirectory || !directories.has(copy.directory) || !isFileSource(copy, place))
    return copy;
  return {
    ...copy,
    intoDirectory: true,
    target: resolvePath(copy.directory, baseName(copy.source))!,
  };
}

/** A COPY source as a path in the context. */
export function contextPath(copy: CopiedFile): string {
  return elements(copy.source).join("/");
}

/** Whether a COPY source is one file, as far as the repository or its name tells. */
export function isFileSource(copy: CopiedFile, place: BuildPlace): boolean {
  const { repository, contextDirectory } = place;
  const path = [contextDirectory ?? "", contextPath(copy)].filter((part) => part !== "").join("/");
  const kind =
    repository && contextDirectory !== undefined && copy.from === undefined
      ? kindOf(repository, path)
      : undefined;
  return kind === undefined
    ? /\.\w+$/.test(baseName(copy.source)) && !/[*?[]/.test(copy.source)
    : kind === "file";
}

/** What of a path in the context lies below a COPY source (`""`: the source itself); wildcards are those of Go's filepath.Match. */
export function belowSource(source: string, path: string): string | undefined {
  const parts = elements(source);
  const own = path.split("/");
  if (own.length < parts.length) return undefined;
  for (let index = 0; index < parts.length; index++)
    if (!matches(parts[index]!, own[index]!)) return undefined;
  return own.slice(parts.length).join("/");
}

function elements(source: string): string[] {
  return source.split("/").filter((part) => part !== "" && part !== ".");
}

function matches(pattern: string, name: string): boolean {
  if (!/[*?[]/.test(pattern)) return pattern === name;
  try {
    return wildcardExpression(pattern).test(name);
  } catch {
    return false; // an open bracket: Go refuses the pattern
  }
}
