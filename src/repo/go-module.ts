/**
 * Where Go code belongs: its module (https://go.dev/ref/mod), its workspace, or a GOPATH of old.
 * All paths are relative to the repository's root.
 */
import { kindOf, type Repository } from "../core/repository.ts";

export interface GoRequirement {
  readonly path: string;
  readonly version: string;
  /** Marked `// indirect`: no package of the module imports it. */
  readonly indirect: boolean;
  readonly line: number;
}

export interface GoReplacement {
  readonly path: string;
  readonly version: string | undefined;
  /** A module path, or a directory as it is written when `local`. */
  readonly target: string;
  readonly local: boolean;
  readonly line: number;
}

export interface GoModule {
  /** The directory that holds go.mod. */
  readonly directory: string;
  readonly path: string;
  readonly goVersion: string | undefined;
  readonly toolchain: string | undefined;
  readonly requires: readonly GoRequirement[];
  readonly replaces: readonly GoReplacement[];
  /** Whether a vendor directory stands beside go.mod. */
  readonly vendored: boolean;
  readonly workspace: GoWorkspace | undefined;
}

export interface GoWorkspace {
  readonly directory: string;
  /** The directories of its `use` lines that lie in the repository. */
  readonly uses: readonly string[];
}

export type GoModuleFile = Omit<GoModule, "directory" | "vendored" | "workspace">;

/**
 * The path a relative path names, seen from a directory, or `undefined` when it leads out of the root.
 *
 * @example pathFrom("cmd/server", "../../web") // "web"
 */
export function pathFrom(directory: string, relative: string): string | undefined {
  const parts = directory === "" ? [] : directory.split("/");
  for (const part of relative.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join("/");
}

/** Whether a path is a directory or lies below it. */
export function isWithin(path: string, directory: string): boolean {
  return directory === "" || path === directory || path.startsWith(`${directory}/`);
}

interface Statement {
  readonly words: readonly string[];
  readonly comment: string;
  readonly line: number;
}

/** The lines of go.mod and go.work share one grammar (https://go.dev/ref/mod#go-mod-file-lexical). */
function statements(text: string): Statement[] {
  const found: Statement[] = [];
  let block: string | undefined;
  for (const [index, raw] of text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .entries()) {
    const comment = /(?:^|\s)\/\/(.*)$/.exec(raw);
    const content = (comment ? raw.slice(0, comment.index) : raw).trim();
    if (content === "") continue;
    const words = (content.match(/"[^"]*"|`[^`]*`|=>|[()]|[^\s()"`]+/g) ?? []).map((word) =>
      word.replace(/^(["`])(.*)\1$/, "$2"),
    );
    const statement = { comment: comment?.[1]?.trim() ?? "", line: index + 1 };
    if (block !== undefined) {
      if (words[0] === ")") block = undefined;
      else found.push({ words: [block, ...words], ...statement });
    } else if (words[1] === "(" && words.length <= 3) {
      if (words.length === 2) block = words[0];
    } else found.push({ words, ...statement });
  }
  return found;
}

/**
 * Reads the text of a go.mod, leniently: lines it does not know are passed over.
 *
 * @example parseGoMod("module example.com/app\n\ngo 1.22\n").path // "example.com/app"
 */
export function parseGoMod(text: string): GoModuleFile {
  let path = "";
  let goVersion: string | undefined;
  let toolchain: string | undefined;
  const requires: GoRequirement[] = [];
  const replaces: GoReplacement[] = [];
  for (const { words, comment, line } of statements(text)) {
    const [verb, first = "", second = ""] = words;
    if (verb === "module") path = first;
    else if (verb === "go") goVersion = first;
    else if (verb === "toolchain") toolchain = first;
    else if (verb === "require" && first !== "")
      requires.push({ path: first, version: second, indirect: /^indirect\b/.test(comment), line });
    else if (verb === "replace") {
      const arrow = words.indexOf("=>");
      const target = words[arrow + 1];
      if (arrow < 2 || target === undefined) continue;
      // A target without a version is a directory: https://go.dev/ref/mod#go-mod-file-replace
      const local = words.length === arrow + 2 && /^(?:\.{1,2}(?:\/|$)|\/|[A-Za-z]:)/.test(target);
      replaces.push({
        path: first,
        version: arrow === 3 ? second : undefined,
        target,
        local,
        line,
      });
    }
  }
  return { path, goVersion, toolchain, requires, replaces };
}

/** The go.work that governs a directory of the context, if there is one. */
export function findGoWorkspace(
  repository: Repository,
  {
    contextDirectory,
    directory,
  }: { readonly contextDirectory: string; readonly directory: string },
): GoWorkspace | undefined {
  const found = findUpwards(repository, "go.work", directory, contextDirectory);
  if (found === undefined) return undefined;
  const uses = statements(found.text)
    .filter(({ words }) => words[0] === "use" && words[1] !== undefined)
    .map(({ words }) => pathFrom(found.directory, words[1]!))
    .filter((use) => use !== undefined);
  return { directory: found.directory, uses };
}

/**
 * The module a directory belongs to: the nearest go.mod at it or above it, not above the build context,
 * since what is outside the context is not in the build.
 *
 * @example findGoModule(repository, { contextDirectory: "", directory: "cmd/server" })?.path
 */
export function findGoModule(
  repository: Repository,
  {
    contextDirectory,
    directory,
  }: { readonly contextDirectory: string; readonly directory: string },
): GoModule | undefined {
  const found = findUpwards(repository, "go.mod", directory, contextDirectory);
  if (found === undefined) return undefined;
  return {
    directory: found.directory,
    ...parseGoMod(found.text),
    vendored: kindOf(repository, below(found.directory, "vendor")) === "directory",
    workspace: findGoWorkspace(repository, { contextDirectory, directory: found.directory }),
  };
}

/** A directory's entry by name. */
export function below(directory: string, name: string): string {
  if (directory === "") return name;
  return name === "" ? directory : `${directory}/${name}`;
}

function findUpwards(
  repository: Repository,
  name: string,
  from: string,
  top: string,
): { directory: string; text: string } | undefined {
  if (!isWithin(from, top)) return undefined;
  for (let directory = from; ;) {
    const text = repository.read(below(directory, name));
    if (text !== undefined) return { directory, text };
    if (directory === top) return undefined;
    const slash = directory.lastIndexOf("/");
    directory = slash < 0 ? "" : directory.slice(0, slash);
  }
}

/**
 * The import path of a directory that has no go.mod, as the tools before modules wrote it down:
 * Godeps, glide, govendor, an import comment's like. `undefined` when nothing says it.
 */
export function legacyImportPath(repository: Repository, directory: string): string | undefined {
  const godeps = repository.read(below(directory, "Godeps/Godeps.json"));
  const vendor = repository.read(below(directory, "vendor/vendor.json"));
  const glide = repository.read(below(directory, "glide.yaml"));
  return (
    (godeps && /"ImportPath"\s*:\s*"([^"]+)"/.exec(godeps)?.[1]) ||
    (vendor && /"rootPath"\s*:\s*"([^"]+)"/.exec(vendor)?.[1]) ||
    (glide && /^package:\s*["']?([^\s"'#]+)/m.exec(glide)?.[1]) ||
    undefined
  );
}
