import {
  closeSync,
  constants,
  accessSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  lstatSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import type { Stats } from "node:fs";
import { basename, dirname, join } from "node:path";
import { describeSystemError, systemErrorCode } from "./reasons.ts";
import type { FileProblem } from "./reasons.ts";
import { isInside } from "./repository-root.ts";

export interface WriteOptions {
  /** The text the file must still have; when it has another one, or is gone, nothing is written. */
  readonly expected?: string;
  /** The directory that a symbolic link must not lead out of. Without it links are followed anywhere. */
  readonly root?: string;
  /** Whether to wait until the text is on the disk; it is by default. What can be made again need not wait. */
  readonly durable?: boolean;
}

/**
 * Replaces a file's text in one step: at any moment, and after any failure, the file has either the old or the new text.
 * Keeps its mode and, where the system allows it, its owner. Synchronous, so that no signal handler runs while the temporary
 * file exists.
 *
 * @param file absolute; made when it does not exist and no `expected` is given
 * @returns why it was not written; `undefined` when it was
 * @example writeAtomically("/srv/app/Dockerfile", newText, { expected: oldText })
 */
export function writeAtomically(
  file: string,
  text: string,
  options: WriteOptions = {},
): FileProblem | undefined {
  try {
    let target = file;
    if (lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink()) {
      target = realpathSync.native(file);
      if (options.root !== undefined && !isInside(target, realpathSync.native(options.root))) {
        return { code: "symlink-outside-root", data: { target } };
      }
    }
    const stats = statSync(target, { throwIfNoEntry: false });
    if (stats && isReadOnly(target, stats)) return { code: "read-only-file" };
    return replace(target, text, stats, options);
  } catch (error) {
    return { code: "write-failed", data: { error: describeSystemError(error) } };
  }
}

function replace(
  target: string,
  text: string,
  like: Stats | undefined,
  { expected, durable = true }: WriteOptions,
): FileProblem | undefined {
  const temporary = temporaryName(target);
  const descriptor = openSync(temporary, "wx", like ? like.mode & 0o777 : 0o666);
  try {
    writeAndClose(descriptor, text, like, durable);
    // As late as can be, so that little time is left for someone else to write.
    if (expected !== undefined && !hasText(target, expected)) return { code: "changed-since-read" };
    renameSync(temporary, target);
    return undefined;
  } finally {
    // After the renaming there is none.
    rmSync(temporary, { force: true });
  }
}

/** A superuser may write anything; a file that nobody has write permission on is read-only for that user, too. */
function isReadOnly(file: string, stats: Stats): boolean {
  if ((stats.mode & 0o222) === 0) return true;
  try {
    accessSync(file, constants.W_OK);
    return false;
  } catch {
    return true;
  }
}

/** Names only have to differ between processes and calls; that the file is new is seen to when it is opened. */
function temporaryName(target: string): string {
  const unique = `${process.pid}-${Math.random().toString(36).slice(2, 10)}`;
  return join(dirname(target), `.${basename(target)}.${unique}.tmp`);
}

function writeAndClose(
  descriptor: number,
  text: string,
  like: Stats | undefined,
  durable: boolean,
): void {
  try {
    const bytes = Buffer.from(text, "utf8");
    for (let written = 0; written < bytes.length;) {
      written += writeSync(descriptor, bytes, written);
    }
    if (like) keepOwnerAndMode(descriptor, like);
    if (durable) fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function keepOwnerAndMode(descriptor: number, like: Stats): void {
  try {
    fchownSync(descriptor, like.uid, like.gid);
  } catch (error) {
    // Only a superuser may give files away; git and editors leave the owner to whoever writes, too.
    if (systemErrorCode(error) !== "EPERM") throw error;
  }
  // After the owner: a change of owner clears the set-user-ID bits. The process's umask does not count here.
  fchmodSync(descriptor, like.mode & 0o7777);
}

function hasText(file: string, text: string): boolean {
  try {
    return readFileSync(file).equals(Buffer.from(text, "utf8"));
  } catch {
    return false;
  }
}
