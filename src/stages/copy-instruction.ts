import { copiedFiles, type CopiedFile } from "../core/copied-files.ts";
import type { Document } from "../core/document.ts";
import type { StageState } from "../core/image-contract.ts";
import type { Instruction } from "../core/line-reader.ts";
import { resolvePath } from "../core/path.ts";
import { expand } from "../core/words.ts";
import { isFileSource, placedIn } from "./copy-sources.ts";
import { addCopy, addDirectory, addMade, nextOrder } from "./stage-files.ts";
import { addObstacle, type StageRecord } from "./stage-record.ts";

/**
 * What COPY or ADD brings into the stage.
 *
 * @param takeFromStage takes what another stage of the file made into the account; `false`: it comes from elsewhere
 */
export function copyInstruction(
  record: StageRecord,
  document: Document,
  instruction: Instruction,
  state: StageState,
  takeFromStage: (copy: CopiedFile) => boolean = () => false,
): void {
  const { files } = record;
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
    const isTaken = copy.from !== undefined && takeFromStage(copy);
    if (copy.from !== undefined && !isTaken)
      addObstacle(record, "runtime-packages", instruction, {
        packages: `${copy.source} of ${copy.from}`,
      });
    if (instruction.keyword === "ADD" && /\.(?:tar|tgz|tbz2?|txz|tar\.\w+)$/.test(copy.source))
      addObstacle(record, "copy-unknown", instruction);
    if (instruction.flags.some((flag) => flag.name === "parents"))
      addObstacle(record, "copy-unknown", instruction);
    if (!isTaken) addCopy(files, copy);
    const ownedPath = isFileSource(copy, files.place) ? copy.target : copy.directory;
    const mode = flagValue(document, instruction, "chmod", state);
    if (mode !== undefined)
      files.ownerChanges.push({
        path: ownedPath,
        pattern: undefined,
        isRecursive: true,
        owner: undefined,
        mode,
        order: nextOrder(files),
        instruction,
      });
    if (copy.intoDirectory || copy.source === "." || copy.source === "./")
      addDirectory(files, copy.directory);
    const owner = flagValue(document, instruction, "chown", state);
    if (owner !== undefined)
      files.ownerChanges.push({
        path: ownedPath,
        pattern: undefined,
        isRecursive: true,
        owner,
        mode: undefined,
        order: nextOrder(files),
        instruction,
      });
  }
}

/** The value of a flag with variables put in; one that cannot be told is taken as it is written. */
function flagValue(
  document: Document,
  instruction: Instruction,
  name: string,
  state: StageState,
): string | undefined {
  const flag = instruction.flags.find((one) => one.name === name);
  if (flag?.value === undefined) return undefined;
  return expand(flag.value, state.lookup, document.escape).value ?? flag.value;
}
