import { askGit } from "./git.ts";

export type GitState =
  | { readonly kind: "known"; isDirty(path: string): boolean }
  | { readonly kind: "unknown"; readonly error: string };

/** Beyond this many paths, git is asked about the whole repository: a command line has a limit. */
const mostPathspecs = 200;

/**
 * Which of some files of a repository have uncommitted changes; a file that git does not track counts as one. Files
 * that git ignores do not.
 *
 * @param root the repository's root, absolute
 * @param paths the files, relative to the root, with `/`
 */
export function gitState(root: string, paths: readonly string[]): GitState {
  const pathspecs =
    paths.length <= mostPathspecs ? ["--", ...paths.map((path) => `:(top,literal)${path}`)] : [];
  // Without -uall an untracked directory stands for its files; without --no-renames a record has two paths.
  const answer = askGit(root, [
    "status",
    "--porcelain",
    "-z",
    "-uall",
    "--no-renames",
    ...pathspecs,
  ]);
  if (answer.kind === "no-answer") return { kind: "unknown", error: answer.error };
  const dirty = new Set<string>();
  for (const record of answer.output.split("\0")) {
    if (record.length > 3) dirty.add(record.slice(3));
  }
  return { kind: "known", isDirty: (path) => dirty.has(path) };
}
