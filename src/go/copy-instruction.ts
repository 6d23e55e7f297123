import { copiedFiles } from "../core/copied-files.ts";
import type { Document } from "../core/document.ts";
import type { StageState } from "../core/image-contract.ts";
import type { Instruction } from "../core/line-reader.ts";
import { resolvePath } from "../core/path.ts";
import { placedIn } from "./copy-sources.ts";
import { addCopy, addDirectory, addMade } from "./stage-files.ts";
import { addObstacle, type StageRecord } from "./stage-record.ts";

/** What COPY or ADD brings into the stage. */
export function copyInstruction(
  record: StageRecord,
  document: Document,
  instruction: Instruction,
  state: StageState,
): void {
  const { files, ownerChanges } = record;
  const copied = copiedFiles(document, instruction, state);
  if (!copied) {
    addObstacle(record, "copy-unknown", instruction);
    return;
  }
  for (const file of copied) {
    const copy = placedIn(files.directories, file, files.place);
    if (/^(?:https?:\/\/|git@|git:\/\/)/.test(copy.source))
      addObstacle(record, "source-not-in-context", instruction, { source: copy.source });
    if (copy.source.startsWith("<<")) {
      // A file written out in the Dockerfile itself.
      const path = copy.intoDirectory
        ? resolvePath(copy.directory, copy.source.replace(/^<<-?["']?|["']$/g, ""))!
        : copy.directory;
      addMade(files, path, "file", instruction);
      continue;
    }
    if (copy.from !== undefined)
      addObstacle(record, "runtime-packages", instruction, {
        packages: `${copy.source} of ${copy.from}`,
      });
    if (instruction.keyword === "ADD" && /\.(?:tar|tgz|tbz2?|txz|tar\.\w+)$/.test(copy.source))
      addObstacle(record, "copy-unknown", instruction);
    if (instruction.flags.some((flag) => flag.name === "parents"))
      addObstacle(record, "copy-unknown", instruction);
    if (instruction.flags.some((flag) => flag.name === "chmod" && givesWrite(flag.value ?? "")))
      ownerChanges.push(instruction);
    addCopy(files, copy);
    if (copy.intoDirectory || copy.source === "." || copy.source === "./")
      addDirectory(files, copy.directory);
    if (instruction.flags.some((flag) => flag.name === "chown")) ownerChanges.push(instruction);
  }
}

/** A mode that lets others than the owner write: `777`, `a+w`, `ugo+rwx`. */
export function givesWrite(mode: string): boolean {
  return /^0?[0-7]*[2367]$/.test(mode) && /^\d{3,4}$/.test(mode)
    ? true
    : /^[ugoa]*[oa][ugoa]*[+=][rxXst]*w|^\+[rxXst]*w/.test(mode);
}
