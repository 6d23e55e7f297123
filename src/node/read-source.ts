import { isUtf8 } from "node:buffer";
import { lstatSync, realpathSync } from "node:fs";
import { readBytes } from "./read-bytes.ts";
import { describeSystemError, systemErrorCode } from "./reasons.ts";
import type { FileProblem } from "./reasons.ts";
import { isInside } from "./repository-root.ts";

export type SourceOrProblem =
  | { readonly kind: "source"; readonly source: string }
  | { readonly kind: "problem"; readonly problem: FileProblem };

/** In bytes. */
const largestDockerfile = 5_000_000;

/**
 * Reads a Dockerfile as it is: a byte order mark stays, and so do line ends.
 *
 * @param file absolute
 * @param root the directory that a symbolic link must not lead out of
 */
export function readSource(file: string, root: string): SourceOrProblem {
  try {
    let reading = readBytes(file, largestDockerfile);
    if (reading.kind === "symlink") {
      const target = realpathSync.native(file);
      if (!isInside(target, realpathSync.native(root)))
        return problem("symlink-outside-root", { target });
      reading = readBytes(target, largestDockerfile);
    }
    if (reading.kind === "bytes") return decodeSource(reading.bytes);
    return reading.kind === "too-large" ? tooLarge(reading.size) : problem("not-a-file");
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT" && !lstatSync(file, { throwIfNoEntry: false })) {
      return problem("missing-path");
    }
    return problem("unreadable-file", { error: describeSystemError(error) });
  }
}

/** The text of a Dockerfile's bytes, byte order mark included, or why they are not the text of one. */
export function decodeSource(bytes: Buffer): SourceOrProblem {
  if (bytes.length > largestDockerfile) return tooLarge(bytes.length);
  const nul = bytes.indexOf(0);
  if (nul >= 0) return problemInLine("binary-file", lineOfByte(bytes, nul));
  if (!isUtf8(bytes)) return problemInLine("invalid-utf8", firstInvalidLine(bytes));
  return { kind: "source", source: bytes.toString("utf8") };
}

function tooLarge(size: number): SourceOrProblem {
  return problem("too-large", { size: String(size), limit: String(largestDockerfile) });
}

function problem(
  code: FileProblem["code"],
  data: Readonly<Record<string, string>> = {},
): SourceOrProblem {
  return { kind: "problem", problem: { code, data } };
}

function problemInLine(code: FileProblem["code"], line: number): SourceOrProblem {
  return { kind: "problem", problem: { code, line, data: { line: String(line) } } };
}

function lineOfByte(bytes: Buffer, offset: number): number {
  let line = 1;
  for (let at = bytes.indexOf(0x0a); at >= 0 && at < offset; at = bytes.indexOf(0x0a, at + 1))
    line++;
  return line;
}

/** No UTF-8 sequence holds a line feed byte, so each line can be judged alone. */
function firstInvalidLine(bytes: Buffer): number {
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const end = bytes.indexOf(0x0a, start);
    if (!isUtf8(bytes.subarray(start, end < 0 ? bytes.length : end))) return line;
    if (end < 0) break;
    start = end + 1;
  }
  return line;
}
