import { stageCopies } from "./copied-files.ts";
import type { Document } from "./document.ts";
import type { Evidence } from "./outcome.ts";
import { kindOf, type Repository } from "./repository.ts";

/** Files that mark the root of a project, so that `COPY . .` is more likely meant to copy their directory. */
const PROJECT_FILES = [
  "go.mod",
  "package.json",
  "Gopkg.toml",
  "glide.yaml",
  "vendor",
  "Makefile",
  "main.go",
];

/** A directory that a file of the repository builds a Dockerfile in. */
export interface NamedContext {
  /** Repository-relative. */
  readonly directory: string;
  readonly evidence: Evidence;
  /** The context and the Dockerfile stand there outright; a script may run in another directory than is thought. */
  readonly isStated: boolean;
}

/** Looks up where files of the repository build a Dockerfile. Only asked when its place alone leaves it open. */
export type ContextFinder = (
  repository: Repository,
  dockerfilePath: string,
) => readonly NamedContext[];

/**
 * The build context's directory in the repository. Of the directories in which everything that is copied exists, it is one that
 * a file of the repository names, or else the nearest from the Dockerfile's own upwards; for `COPY . .` alone, the nearest one
 * that looks like a project's root.
 *
 * @param path the Dockerfile's path in the repository
 * @param findNamed without it, files that may name the context are not looked at
 * @returns `undefined` when no directory holds any of what is copied
 */
export function findBuildContext(
  document: Document,
  repository: Repository,
  path: string,
  findNamed?: ContextFinder,
): string | undefined {
  const sources = document.stages
    .flatMap((stage) => stageCopies(document, stage))
    .filter((copy) => copy.from === undefined && !/^(?:https?:\/\/|git@|<<)/.test(copy.source))
    .map((copy) =>
      copy.source
        .replace(/^\/+/, "")
        .replace(/^\.\/+/, "")
        .replace(/\/+$/, ""),
    );
  const named = sources.filter((source) => source !== "" && source !== ".");
  const copiesEverything = named.length < sources.length || named.length === 0;
  const holdsAll = (directory: string): boolean =>
    repository.list(directory) !== undefined &&
    named.every((source) => exists(repository, directory, source));

  const fullest = (directories: readonly string[]): string | undefined => {
    const counts = directories.map(
      (directory) => named.filter((source) => exists(repository, directory, source)).length,
    );
    const most = Math.max(...counts);
    return most === 0 ? undefined : directories[counts.indexOf(most)];
  };
  const above = directoriesAbove(path);
  const possible = above.filter(holdsAll);
  // When the Dockerfile's own directory is the only one, there is nothing to ask.
  const isOpen = possible.length !== 1 || possible[0] !== above[0];
  if (findNamed && isOpen) {
    const found = findNamed(repository, path);
    const stated = found.filter(({ isStated }) => isStated).map(({ directory }) => directory);
    const said = found.map(({ directory }) => directory);
    const nearest =
      possible.find((directory) => stated.includes(directory)) ??
      possible.find((directory) => said.includes(directory)) ??
      said.find(holdsAll);
    if (nearest !== undefined) return nearest;
  }
  // A file that is made or put there before the build: the directory that holds most of the others.
  const looksLikeRoot = (directory: string): boolean =>
    repository.list(directory)?.some((entry) => PROJECT_FILES.includes(entry.name)) === true;
  if (possible.length === 0)
    return fullest(above) ?? (copiesEverything ? above.find(looksLikeRoot) : undefined);
  if (!copiesEverything) return possible[0];
  return possible.find(looksLikeRoot) ?? possible[0];
}

/** The directory of a path and those above it, the root last. */
function directoriesAbove(path: string): string[] {
  const parts = path.split("/").slice(0, -1);
  return [...parts.map((_, index) => parts.slice(0, parts.length - index).join("/")), ""];
}

/** Whether a COPY source, wildcards included, names something below a directory. */
function exists(repository: Repository, directory: string, source: string): boolean {
  const parts = source.split("/");
  let at = directory;
  for (let index = 0; index < parts.length; index++) {
    const part = parts[index]!;
    if (part === "" || part === ".") continue;
    if (part === "..") return false;
    if (/[*?[]/.test(part)) {
      // `COPY go.sum* ./` is the way to say "if it is there"; BuildKit wants one match over all sources.
      return true;
    }
    const path = at === "" ? part : `${at}/${part}`;
    const kind = kindOf(repository, path);
    if (!kind || (kind === "file" && index < parts.length - 1)) return false;
    at = path;
  }
  return true;
}
