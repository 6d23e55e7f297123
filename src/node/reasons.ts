import type { ReasonTable } from "../core/transform.ts";

/**
 * The codes of what can go wrong around a file rather than in it: finding, reading, guarding and writing it.
 * `{name}` in a message stands for a value that comes with the problem.
 */
export const fileReasons = {
  "missing-path": {
    kind: "failure",
    message: "there is no file or directory of this name",
    remedy: "Check the spelling, and that the path is relative to the current directory.",
    page: "A path given on the command line does not exist. The other paths are still handled; the exit code is 2.",
  },
  "no-dockerfiles": {
    kind: "failure",
    message: "no Dockerfile was found in this directory",
    remedy:
      "Name the file itself: an explicitly named file is always taken, whatever it is called.",
    page: "A directory is searched for `Dockerfile`, `Dockerfile.*`, `*.Dockerfile`, `*.dockerfile`, `Containerfile` and `Containerfile.*`. `node_modules`, `.git` and what git ignores are skipped, and symbolic links to directories are not followed.",
  },
  "unreadable-directory": {
    kind: "failure",
    message: "this directory can't be read: {error}",
    remedy: "Allow reading it, or leave it out of the paths.",
    page: "The operating system refused to list a directory that was to be searched. The rest is still handled; the exit code is 2.",
  },
  "unreadable-file": {
    kind: "failure",
    message: "this file can't be read: {error}",
    remedy: "Allow reading it, or repair the link it stands for.",
    page: "The operating system refused to read the file: a missing permission, a symbolic link that leads nowhere or in a circle (`ELOOP`), a failing disk. The rest is still handled; the exit code is 2.",
  },
  "not-a-file": {
    kind: "failure",
    message: "this is neither a file nor a directory",
    remedy: "Pass a Dockerfile on standard input with --stdin.",
    page: "Devices, sockets and named pipes are not read, since reading them may never end. `msb-migrate --stdin` reads a Dockerfile from a pipe.",
  },
  "too-large": {
    kind: "failure",
    message: "this file has {size} bytes; a Dockerfile of more than {limit} bytes is not read",
    remedy: "Make sure that this is a Dockerfile.",
    page: "The largest Dockerfiles that people write have some thousand lines. A file of more than 5 MB is taken for something else, and not read.",
  },
  "binary-file": {
    kind: "failure",
    message: "this file is not text: it has a NUL byte in line {line}",
    remedy:
      "Convert it to UTF-8 (an editor on Windows may have saved UTF-16), or leave it out of the paths.",
    page: "A NUL byte never stands in a Dockerfile that a builder accepts. The file is a binary file, or text in UTF-16.",
  },
  "invalid-utf8": {
    kind: "failure",
    message: "this file is not valid UTF-8: see line {line}",
    remedy: "Convert the file to UTF-8.",
    page: "Bytes outside of a change stay as they are. That can be promised for UTF-8 only, the encoding that builders read.",
  },
  "symlink-outside-root": {
    kind: "refusal",
    message: "this symbolic link leads to {target}, outside of the repository",
    remedy: "Run msb-migrate on the file that the link leads to.",
    page: "Symbolic links are followed within the repository only (or within the given directory, when there is no repository), so that a run over one repository never reads or writes the files of another.",
  },
  "uncommitted-changes": {
    kind: "refusal",
    message: "this file has changes that are not committed to git",
    remedy: "Commit or stash them, or pass --allow-dirty.",
    page: "A migration that is written over uncommitted work can't be told from it, nor undone without it. A file that git does not know yet counts as uncommitted; a file that git ignores, or that is in no repository, is written.",
  },
  "git-state-unknown": {
    kind: "refusal",
    message: "git can't say whether this file has uncommitted changes: {error}",
    remedy: "Make `git status` work in this repository, or pass --allow-dirty.",
    page: "The file is in a git repository, but `git status` failed there or git is not installed. Nothing is written until git can vouch for the file, or `--allow-dirty` waives it.",
  },
  "changed-since-read": {
    kind: "failure",
    message: "this file changed while it was being migrated, and was left as it is",
    remedy: "Run msb-migrate again.",
    page: "Just before the new text replaces the old, the file is read again. When it is not what the migration was made from, someone else wrote it meanwhile, and it stays.",
  },
  "read-only-file": {
    kind: "failure",
    message: "this file is read-only",
    remedy: "Make the file writable.",
    page: "A file without write permission is not replaced, even where the directory would allow it.",
  },
  "write-failed": {
    kind: "failure",
    message: "the new text can't be written: {error}",
    remedy: "The file is as it was; settle the cause and run msb-migrate again.",
    page: "The new text goes to a temporary file in the same directory first, which then takes the place of the original. One of these steps failed (a full disk, a read-only file system, a missing permission on the directory). The temporary file was removed and the original is intact.",
  },
} as const satisfies ReasonTable;

export type FileReasonCode = keyof typeof fileReasons;

/** Something about a file that keeps it from being read or written. */
export interface FileProblem {
  readonly code: FileReasonCode;
  /** The line it is about, from 1. */
  readonly line?: number;
  /** The values for the message. */
  readonly data?: Readonly<Record<string, string>>;
}

/** What an operating-system error means, without Node's repetition of the path. */
export function describeSystemError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { message } = error;
  const syscall = "syscall" in error ? error.syscall : undefined;
  const end = typeof syscall === "string" ? message.indexOf(`, ${syscall}`) : -1;
  return end < 0 ? message : message.slice(0, end);
}

/** The errno name (`ENOENT`) of an operating-system error. */
export function systemErrorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string"
    ? error.code
    : undefined;
}
