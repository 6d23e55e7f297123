import { baseName, isWithin, resolvePath } from "../core/path.ts";
import { repositoryPath } from "../stages/copy-sources.ts";
import { programName, type GoCommand } from "./go-command.ts";
import { importPath } from "./import-path.ts";
import { isLocal } from "./outputs.ts";
import type { GoStageRecord } from "./stage-record.ts";

/** A main package of the sources: the program's name, and its directory in the image. */
export interface MainPackage {
  readonly name: string;
  readonly directory: string;
}

/** Directories of the image that a build's local patterns name, as far as the repository shows them. */
export function packagesOf(
  record: GoStageRecord,
  go: GoCommand,
  base: string | undefined,
): string[] | undefined {
  const { copies, place } = record.files;
  if (!place.repository || base === undefined) return undefined;
  const found: string[] = [];
  for (const operand of go.operands.length === 0 ? ["."] : go.operands.map(({ value }) => value)) {
    if (operand === undefined) return undefined;
    const pattern = operand.replace(/\/?\.\.\.$/, "");
    const root = isLocal(operand)
      ? resolvePath(base, pattern || ".")!
      : directoryOfImport(record, base, pattern);
    if (root === undefined) return undefined;
    if (repositoryPath(copies, place, root) === undefined) {
      // `./...` above the directories that were copied stands for all of them.
      const inside = copies.filter(
        (copy) => copy.from === undefined && isWithin(copy.directory, root),
      );
      if (!operand.endsWith("...") || inside.length === 0) return undefined;
      for (const directory of new Set(inside.map((copy) => copy.directory)))
        found.push(...goDirectories(record, directory));
      continue;
    }
    if (operand.endsWith("...")) found.push(...goDirectories(record, root));
    else found.push(root);
  }
  return found;
}

/** The directory of an import path: of the module that the command runs in, or below GOPATH. */
function directoryOfImport(record: GoStageRecord, base: string, path: string): string | undefined {
  const own = importPath(record, base);
  if (own?.moduleMode && (path === own.path || path.startsWith(`${own.path}/`)))
    return base + path.slice(own.path.length);
  const inGoPath = `/go/src/${path}`;
  return repositoryPath(record.files.copies, record.files.place, inGoPath) === undefined
    ? undefined
    : inGoPath;
}

/** Those of some package directories whose package is `main`. */
export function mainPackages(record: GoStageRecord, directories: readonly string[]): MainPackage[] {
  return directories.flatMap((directory) => {
    if (!isMain(record, directory)) return [];
    const known = importPath(record, directory);
    const name = known ? programName(known.path, known.moduleMode) : baseName(directory);
    return [{ name, directory }];
  });
}

function isMain(record: GoStageRecord, directory: string): boolean {
  const { copies, place } = record.files;
  const path = repositoryPath(copies, place, directory)!;
  const repository = place.repository!;
  return (repository.list(path) ?? []).some(
    ({ name }) =>
      isGoSource(name) &&
      /^package main\b/m.test(repository.read(`${path === "" ? "" : `${path}/`}${name}`) ?? ""),
  );
}

/** The directories with Go files that `...` stands for. */
function goDirectories(record: GoStageRecord, directory: string): string[] {
  const { copies, place } = record.files;
  const path = repositoryPath(copies, place, directory);
  const entries = path === undefined ? undefined : place.repository!.list(path);
  if (!entries) return [];
  const own = entries.some(({ name, kind }) => kind !== "directory" && isGoSource(name))
    ? [directory]
    : [];
  // Directories that Go's `...` leaves out. Source: go help packages
  const inner = entries.filter(
    ({ name, kind }) =>
      kind === "directory" && !/^[._]|^(?:testdata|vendor|node_modules)$/.test(name),
  );
  return [
    ...own,
    ...inner.flatMap(({ name }) => goDirectories(record, resolvePath(directory, name)!)),
  ];
}

function isGoSource(name: string): boolean {
  return name.endsWith(".go") && !name.endsWith("_test.go");
}
