import { resolve } from "node:path";
import type { Outcome, Reason } from "../core/outcome.ts";
import { isInside, relativePath, withSlashes } from "./repository-root.ts";

/**
 * An outcome whose paths are relative to a repository's root, as it is seen from another directory: its paths become
 * relative to that directory, or absolute where they lie outside of it. The patch of a file outside stays relative to the
 * repository's root, since `git apply` takes neither `..` nor absolute paths.
 *
 * @param root absolute
 * @param directory absolute
 */
export function relocateOutcome(outcome: Outcome, root: string, directory: string): Outcome {
  const path = displayPath(resolve(root, outcome.path), directory);
  const reasons = outcome.reasons.map((reason) => relocateReason(reason, root, directory));
  if (outcome.status !== "changed") return { ...outcome, path, reasons };
  const patch = isInside(resolve(root, outcome.path), directory)
    ? withPatchPath(outcome.patch, path)
    : outcome.patch;
  return { ...outcome, path, reasons, patch };
}

/** How a file is named to someone in `directory`: relative when it lies in there, else absolute; with `/`. */
export function displayPath(file: string, directory: string): string {
  return isInside(file, directory) ? relativePath(directory, file) || "." : withSlashes(file);
}

function relocateReason(reason: Reason, root: string, directory: string): Reason {
  if (reason.evidence.length === 0) return reason;
  const evidence = reason.evidence.map((seen) => ({
    ...seen,
    path: displayPath(resolve(root, seen.path), directory),
  }));
  return { ...reason, evidence };
}

/** The same patch for another path. The headers are what stands before the first hunk. */
export function withPatchPath(patch: string, path: string): string {
  const firstHunk = patch.indexOf("@@ ");
  const hunks = firstHunk < 0 ? "" : patch.slice(firstHunk);
  return `--- ${patchName(`a/${path}`)}\n+++ ${patchName(`b/${path}`)}\n${hunks}`;
}

const escapes: Readonly<Record<string, string>> = {
  "\t": "\\t",
  "\n": "\\n",
  "\r": "\\r",
  '"': '\\"',
  "\\": "\\\\",
};

/** Quoted the way git does; a name with a blank ends with a tab, without which `patch` takes what follows for a date. */
function patchName(name: string): string {
  let quoted = "";
  for (const char of name)
    quoted += char < " " || char === "\u007f" ? octal(char) : (escapes[char] ?? char);
  if (quoted !== name) return `"${quoted}"`;
  return name.includes(" ") ? `${name}\t` : name;
}

function octal(char: string): string {
  return escapes[char] ?? `\\${char.charCodeAt(0).toString(8).padStart(3, "0")}`;
}
