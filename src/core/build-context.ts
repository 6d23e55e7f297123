import { stageCopies } from "./copied-files.ts";
import type { Document } from "./document.ts";
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

/**
 * The build context's directory in the repository: the nearest one, from the Dockerfile's own upwards, in which
 * everything that is copied exists. For `COPY . .` alone, the nearest one that looks like a project's root.
 *
 * @param path the Dockerfile's path in the repository
 * @returns `undefined` when no directory holds what is copied
 */
export function findBuildContext(
  document: Document,
  repository: Repository,
  path: string,
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
  let nearest: string | undefined;
  for (let directory = parentOf(path); directory !== undefined; directory = parentOf(directory)) {
    const inside = directory;
    const entries = repository.list(inside);
    if (!entries || !named.every((source) => exists(repository, inside, source))) continue;
    if (!copiesEverything || entries.some((entry) => PROJECT_FILES.includes(entry.name)))
      return inside;
    nearest ??= inside;
  }
  return nearest;
}

function parentOf(path: string): string | undefined {
  if (path === "") return undefined;
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "" : path.slice(0, slash);
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
