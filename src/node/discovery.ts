import { lstatSync, readdirSync, realpathSync, statSync } from "node:fs";
import type { Dirent } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { askGit } from "./git.ts";
import { describeSystemError, systemErrorCode } from "./reasons.ts";
import type { FileProblem } from "./reasons.ts";
import { createRootFinder, isInside, relativePath } from "./repository-root.ts";

/** A Dockerfile that was found or named. Paths are absolute. */
export interface FoundFile {
  readonly file: string;
  /** The repository it belongs to; without one, the directory that was searched or the file's own. */
  readonly root: string;
}

export interface Discovery {
  /** In path order, each file once. */
  readonly files: readonly FoundFile[];
  readonly problems: readonly { readonly file: string; readonly problem: FileProblem }[];
}

export interface DiscoverOptions {
  /** What relative paths are relative to; the process's directory by default. */
  readonly cwd?: string;
}

const exactNames = new Set(["Dockerfile", "dockerfile", "Containerfile"]);
const namePattern = /^(?:Dockerfile|Containerfile)\..+$|.\.[Dd]ockerfile$/;

/** What follows `Dockerfile.` in the names of files that are about a Dockerfile, or what an editor or a patch left behind. */
const otherFilePattern =
  /\.(?:adoc|bak|diff|dockerignore|gz|lock|markdown|md|orig|patch|png|rej|rst|sha256|sig|svg|sw[a-p]|tar|tgz|tmp|zip)$|~$/i;

const skippedDirectories = new Set([".git", "node_modules"]);

/** Whether a file of this name is taken for a Dockerfile when a directory is searched. */
export function isDockerfileName(name: string): boolean {
  return exactNames.has(name) || (namePattern.test(name) && !otherFilePattern.test(name));
}

/**
 * Finds the Dockerfiles that some paths stand for. A file is taken whatever its name; a directory is searched, without
 * `node_modules`, `.git`, what git ignores, and symbolic links to directories.
 *
 * @example discover(["services", "Dockerfile"]).files.map(({ file }) => file)
 */
export function discover(paths: readonly string[], options: DiscoverOptions = {}): Discovery {
  const cwd = options.cwd ?? process.cwd();
  const rootOf = createRootFinder();
  const found = new Map<string, FoundFile>();
  const links = new Set<string>();
  const problems: { file: string; problem: FileProblem }[] = [];

  for (const path of paths) {
    const file = resolve(cwd, path);
    const kind = kindOnDisk(file);
    if (typeof kind !== "string") {
      problems.push({ file, problem: kind });
    } else if (kind === "directory") {
      const search = searchDirectory(file, rootOf(file) ?? file);
      for (const foundFile of search.files) found.set(foundFile.file, foundFile);
      for (const link of search.links) links.add(link);
      problems.push(...search.problems);
      if (search.files.length === 0 && search.problems.length === 0) {
        problems.push({ file, problem: { code: "no-dockerfiles" } });
      }
    } else {
      const directory = dirname(file);
      if (lstatSync(file).isSymbolicLink()) links.add(file);
      found.set(file, { file, root: rootOf(directory) ?? directory });
    }
  }

  return {
    files: withoutDoubles(found, links).sort((a, b) => comparePaths(a.file, b.file)),
    problems: problems.sort((a, b) => comparePaths(a.file, b.file)),
  };
}

function comparePaths(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function kindOnDisk(file: string): "file" | "directory" | FileProblem {
  try {
    const stats = statSync(file);
    if (stats.isDirectory()) return "directory";
    return stats.isFile() ? "file" : { code: "not-a-file" };
  } catch (error) {
    // A dangling link is there, but leads nowhere: that is not a misspelled path.
    if (systemErrorCode(error) === "ENOENT" && !lstatSync(file, { throwIfNoEntry: false })) {
      return { code: "missing-path" };
    }
    return { code: "unreadable-file", data: { error: describeSystemError(error) } };
  }
}

interface Search {
  readonly files: readonly FoundFile[];
  /** Those of the files that are symbolic links. */
  readonly links: readonly string[];
  readonly problems: readonly { readonly file: string; readonly problem: FileProblem }[];
}

function searchDirectory(start: string, startRoot: string): Search {
  const files: FoundFile[] = [];
  const links: string[] = [];
  const problems: { file: string; problem: FileProblem }[] = [];
  const nestedRoots: { root: string; within: string }[] = [];
  const pending = [{ directory: start, root: startRoot }];

  for (let next = pending.pop(); next; next = pending.pop()) {
    const { directory } = next;
    let { root } = next;
    let entries: Dirent[];
    try {
      entries = readdirSync(directory, { withFileTypes: true });
    } catch (error) {
      const problem = {
        code: "unreadable-directory",
        data: { error: describeSystemError(error) },
      } as const;
      problems.push({ file: directory, problem });
      continue;
    }
    if (directory !== root && entries.some((entry) => entry.name === ".git")) {
      nestedRoots.push({ root: directory, within: root });
      root = directory;
    }
    for (const entry of entries) {
      const file = join(directory, entry.name);
      if (entry.isDirectory()) {
        if (!skippedDirectories.has(entry.name)) pending.push({ directory: file, root });
      } else if (isDockerfileName(entry.name) && isFileOrBrokenLink(entry, file)) {
        files.push({ file, root });
        if (entry.isSymbolicLink()) links.push(file);
      }
    }
  }
  return { files: withoutIgnored(start, files, nestedRoots), links, problems };
}

/** A broken link is kept, so that reading it says what is wrong; a link to a directory is not followed. */
function isFileOrBrokenLink(entry: Dirent, file: string): boolean {
  if (entry.isFile()) return true;
  if (!entry.isSymbolicLink()) return false;
  try {
    return statSync(file).isFile();
  } catch {
    return true;
  }
}

/** One file may be reached by its own name and through links; it is migrated once, by its own name where that was found. */
function withoutDoubles(
  found: ReadonlyMap<string, FoundFile>,
  links: ReadonlySet<string>,
): FoundFile[] {
  if (links.size === 0) return [...found.values()];
  const files = [...found.values()].filter(({ file }) => !links.has(file));
  const taken = new Set(files.map(({ file }) => realPath(file)));
  for (const link of [...links].sort(comparePaths)) {
    const target = realPath(link);
    const foundLink = found.get(link);
    if (foundLink && !taken.has(target)) files.push(foundLink);
    taken.add(target);
  }
  return files;
}

function realPath(file: string): string {
  try {
    return realpathSync.native(file);
  } catch {
    return file;
  }
}

/**
 * Drops what git ignores, asking each repository once. A repository inside another one is dropped with all its files
 * when the outer one ignores it. When the searched directory is itself ignored, it was meant, and all of it is kept.
 */
function withoutIgnored(
  start: string,
  files: readonly FoundFile[],
  nestedRoots: readonly { readonly root: string; readonly within: string }[],
): readonly FoundFile[] {
  const questions = new Map<string, string[]>();
  const ask = (root: string, path: string) => {
    const paths = questions.get(root);
    if (paths) paths.push(path);
    else questions.set(root, [path]);
  };
  for (const { file, root } of files) ask(root, file);
  for (const { root, within } of nestedRoots) {
    if (files.some((found) => isInside(found.file, root))) ask(within, root);
  }

  const ignored = new Set<string>();
  for (const [root, paths] of questions) {
    const startPath = isInside(start, root) && start !== root ? [start] : [];
    const answers = ignoredBy(root, [...startPath, ...paths]);
    if (answers.has(start)) continue;
    for (const path of answers) ignored.add(path);
  }
  if (ignored.size === 0) return files;
  const ignoredRoots = nestedRoots.filter(({ root }) => ignored.has(root));
  return files.filter(
    ({ file }) => !ignored.has(file) && !ignoredRoots.some(({ root }) => isInside(file, root)),
  );
}

/** The paths that git ignores; none when git can't be asked, as when it is not installed or this is no repository. */
function ignoredBy(root: string, paths: readonly string[]): Set<string> {
  if (createRootFinder()(root) !== root) return new Set();
  // With "./" in front, a name that begins with ":" is not taken for pathspec magic. Git answers with the name as it was given.
  const byName = new Map(paths.map((path) => [`./${relativePath(root, path)}`, path]));
  const answer = askGit(root, ["check-ignore", "--stdin", "-z"], [...byName.keys(), ""].join("\0"));
  if (answer.kind === "no-answer") return new Set();
  const ignored = new Set<string>();
  for (const name of answer.output.split("\0")) {
    const path = byName.get(name);
    if (path !== undefined) ignored.add(path);
  }
  return ignored;
}
