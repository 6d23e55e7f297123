import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from "node:fs";
import { systemErrorCode } from "./reasons.ts";

export type FileBytes =
  | { readonly kind: "bytes"; readonly bytes: Buffer }
  | { readonly kind: "symlink" }
  | { readonly kind: "not-a-file" }
  | { readonly kind: "too-large"; readonly size: number };

// Windows has neither flag.
const noFollow: number | undefined = constants.O_NOFOLLOW;
/** O_NONBLOCK: opening a named pipe must not wait for a writer. */
const openFlags = constants.O_RDONLY | (noFollow ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * The bytes of a regular file of at most `limit` bytes, in as few system calls as that takes: a batch reads many
 * thousand files. Follows no symbolic link in the last place.
 *
 * @throws the operating system's error
 */
export function readBytes(file: string, limit: number): FileBytes {
  if (noFollow === undefined && lstatSync(file).isSymbolicLink()) return { kind: "symlink" };
  let descriptor: number;
  try {
    descriptor = openSync(file, openFlags);
  } catch (error) {
    // FreeBSD says EMLINK where POSIX has ELOOP.
    const code = systemErrorCode(error);
    if ((code === "ELOOP" || code === "EMLINK") && lstatSync(file).isSymbolicLink())
      return { kind: "symlink" };
    throw error;
  }
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) return { kind: "not-a-file" };
    if (stats.size > limit) return { kind: "too-large", size: stats.size };
    const bytes = Buffer.allocUnsafe(stats.size);
    let length = 0;
    while (length < bytes.length) {
      const read = readSync(descriptor, bytes, length, bytes.length - length, null);
      if (read === 0) break;
      length += read;
    }
    return { kind: "bytes", bytes: bytes.subarray(0, length) };
  } finally {
    closeSync(descriptor);
  }
}
