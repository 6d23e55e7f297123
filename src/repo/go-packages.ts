/**
 * The packages of a program that are its own: from the main package through imports of the same module,
 * of the workspace, and of local replacements. What others wrote is not read.
 */
import type { Evidence } from "../core/outcome.ts";
import type { Repository } from "../core/repository.ts";
import { isBuiltByConstraint, isBuiltByName } from "./go-constraints.ts";
import { withoutVersion } from "./go-knowledge.ts";
import {
  below,
  findGoModule,
  isWithin,
  legacyImportPath,
  pathFrom,
  type GoModule,
} from "./go-module.ts";
import { readGoSource, type GoSource } from "./go-tokens.ts";

export interface GoFile extends GoSource {
  readonly path: string;
  readonly directory: string;
  readonly source: string;
  /** Import paths, without major versions, by the name the file uses for the package. */
  readonly packages: ReadonlyMap<string, string>;
}

export interface GoPackage {
  readonly directory: string;
  readonly files: readonly GoFile[];
}

export interface OwnPackages {
  readonly module: GoModule | undefined;
  readonly packages: readonly GoPackage[];
  /** Imports that are not of the program's own packages, with their first place. */
  readonly imports: ReadonlyMap<string, Evidence>;
  /** Own imports whose source is not in the build context. */
  readonly missing: readonly Evidence[];
  /** Own imports whose path is not the one that the sources lie at below GOPATH. */
  readonly misplaced: readonly Evidence[];
}

export interface GoProgramPlace {
  /** The build context, relative to the repository's root. */
  readonly contextDirectory: string;
  /** The main package's directory, relative to the repository's root. */
  readonly packageDirectory: string;
  /** The files of the main package when the build names them (`go build main.go`). */
  readonly files?: readonly string[];
  /** Build tags (`-tags`). */
  readonly tags?: readonly string[];
  /** The import path of the context, where no go.mod says it: its place below GOPATH/src, or of `go mod init`. */
  readonly importPath?: string;
}

/** The place of an offset in a file, with its line's text. */
export function evidenceAt(file: GoFile, line: number, offset: number): Evidence {
  const start = file.source.lastIndexOf("\n", offset - 1) + 1;
  const end = file.source.indexOf("\n", offset);
  const text = file.source.slice(start, end < 0 ? file.source.length : end).trim();
  return { path: file.path, line, text: text.length > 160 ? `${text.slice(0, 159)}…` : text };
}

/** The first elements of the standard library's import paths, https://pkg.go.dev/std. */
const standard = new Set(
  "archive bufio builtin bytes cmp compress container context crypto database debug embed encoding errors expvar flag fmt go hash html image index internal io iter log maps math mime net os path plugin reflect regexp runtime slices sort strconv strings structs sync syscall testing text time unicode unique unsafe weak C".split(
    " ",
  ),
);

/** Hosts whose repositories are two elements deep. */
const hosts = new Set(["github.com", "gitlab.com", "bitbucket.org", "gitee.com", "codeberg.org"]);

/** Reads the program's own packages; `undefined` when the directory holds no Go file of a linux build. */
export function readOwnPackages(
  repository: Repository,
  place: GoProgramPlace,
): OwnPackages | undefined {
  const module = findGoModule(repository, {
    contextDirectory: place.contextDirectory,
    directory: place.packageDirectory,
  });
  const directoryOf = module
    ? moduleResolver(repository, module, place)
    : gopathResolver(repository, place);
  const packages: GoPackage[] = [];
  const imports = new Map<string, Evidence>();
  const missing: Evidence[] = [];
  const misplaced: Evidence[] = [];
  const seen = new Set<string>([place.packageDirectory]);
  const queue = [place.packageDirectory];
  for (let directory = queue.shift(); directory !== undefined; directory = queue.shift()) {
    const isStart = packages.length === 0;
    const files = readPackage(repository, directory, place.tags, isStart ? place.files : undefined);
    if (isStart && files.length === 0) return undefined;
    packages.push({ directory, files });
    for (const file of files) {
      for (const { path, line, start } of file.imports) {
        if (imports.has(path)) continue;
        const own = directoryOf(path, directory);
        if (own === undefined) imports.set(path, evidenceAt(file, line, start));
        else if (own === "missing") missing.push(evidenceAt(file, line, start));
        else {
          if (own.isElsewhere) misplaced.push(evidenceAt(file, line, start));
          if (seen.has(own.directory)) continue;
          seen.add(own.directory);
          queue.push(own.directory);
        }
      }
    }
  }
  return { module, packages, imports, missing, misplaced };
}

function readPackage(
  repository: Repository,
  directory: string,
  tags: readonly string[] | undefined,
  only: readonly string[] | undefined,
): GoFile[] {
  const files: GoFile[] = [];
  for (const { name, kind } of repository.list(directory) ?? []) {
    if (kind === "directory" || !name.endsWith(".go")) continue;
    if (only ? !only.includes(name) : !isBuiltByName(name)) continue;
    const path = below(directory, name);
    const source = repository.read(path);
    if (source === undefined) continue;
    const go = readGoSource(source);
    if (!only && !isBuiltByConstraint(source, go, tags)) continue;
    const packages = new Map<string, string>();
    for (const { path: imported, alias } of go.imports) {
      const plain = withoutVersion(imported);
      packages.set(alias ?? packageNameOf(plain), plain);
    }
    files.push({ ...go, path, directory, source, packages });
  }
  return files;
}

/** The name a package most likely has: its path's last element, without what only repositories carry. */
function packageNameOf(importPath: string): string {
  const last = importPath.slice(importPath.lastIndexOf("/") + 1);
  return last
    .replace(/^go[-.]/, "")
    .replace(/[-.]go$/, "")
    .replace(/-/g, "_");
}

/** Where an import's package lies; `missing` when it is the program's own but not there. */
type Resolver = (
  importPath: string,
  from: string,
) => { readonly directory: string; readonly isElsewhere?: boolean } | "missing" | undefined;

function moduleResolver(repository: Repository, module: GoModule, place: GoProgramPlace): Resolver {
  const roots = new Map<string, string | undefined>([[module.path, module.directory]]);
  for (const { path, target, local } of module.replaces) {
    if (local) roots.set(path, pathFrom(module.directory, target));
  }
  for (const directory of module.workspace?.uses ?? []) {
    const used = findGoModule(repository, { contextDirectory: directory, directory });
    if (used !== undefined && used.path !== "") roots.set(used.path, directory);
  }
  const byLength = [...roots].sort(([a], [b]) => b.length - a.length);
  return (importPath) => {
    const root = byLength.find(([path]) => path !== "" && isWithin(importPath, path));
    if (root === undefined) return undefined;
    const [path, base] = root;
    if (base === undefined) return "missing";
    const directory = below(base, importPath.slice(path.length + 1));
    return isWithin(directory, place.contextDirectory) && holdsGo(repository, directory)
      ? { directory }
      : "missing";
  };
}

/** Before modules a program's import path came from where it was put; the imports themselves tell it again. */
function gopathResolver(repository: Repository, place: GoProgramPlace): Resolver {
  const context = place.contextDirectory;
  const known = place.importPath ?? legacyImportPath(repository, context);
  const prefixes = new Set(known === undefined ? [] : [known]);
  const vendored = (path: string) =>
    ["vendor", "Godeps/_workspace/src"].some((store) =>
      repository.list(below(context, `${store}/${path}`)),
    );
  return (importPath, from) => {
    if (/^\.{1,2}\//.test(importPath)) {
      const directory = pathFrom(from, importPath);
      return directory !== undefined && holdsGo(repository, directory) ? { directory } : "missing";
    }
    const parts = importPath.split("/");
    if (standard.has(parts[0]!)) return undefined;
    for (const prefix of prefixes) {
      if (!isWithin(importPath, prefix)) continue;
      const directory = below(context, importPath.slice(prefix.length + 1));
      if (holdsGo(repository, directory)) return { directory };
    }
    if (vendored(importPath)) return undefined;
    const inSource = below(context, `src/${importPath}`);
    if (holdsGo(repository, inSource)) return { directory: inSource };
    const host = parts[0]!.includes(".");
    if (host && !hosts.has(parts[0]!)) return undefined;
    for (let skipped = host ? 3 : 1; skipped < parts.length; skipped++) {
      const directory = below(context, parts.slice(skipped).join("/"));
      if (!holdsGo(repository, directory)) continue;
      // A directory of that name in another repository is not this one's, but a fork keeps its name.
      const [, owner, name] = place.importPath?.split("/") ?? [];
      if (host && name !== undefined && parts[2] !== name) return undefined;
      prefixes.add(parts.slice(0, skipped).join("/"));
      return { directory, isElsewhere: host && owner !== undefined && parts[1] === owner };
    }
    return host ? undefined : "missing";
  };
}

function holdsGo(repository: Repository, directory: string): boolean {
  return (
    repository
      .list(directory)
      ?.some(({ name, kind }) => kind !== "directory" && name.endsWith(".go")) ?? false
  );
}
