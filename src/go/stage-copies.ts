/** What COPY --from brings from an earlier stage of the file into the stage that is read. */
import { stageCopies, type CopiedFile } from "../core/copied-files.ts";
import type { Document, Stage } from "../core/document.ts";
import { parentStage, walkStage, type StageState } from "../core/image-contract.ts";
import { baseName, directoryName, isWithin, resolvePath } from "../core/path.ts";
import { kindOf } from "../core/repository.ts";
import { stageChain } from "../stages/stage-chain.ts";
import { contextPath, isFileSource, type BuildPlace } from "../stages/copy-sources.ts";
import { addCopy, addDirectory, addMade, isStatePath } from "../stages/stage-files.ts";
import { leavesTree, runSteps } from "./front-end-steps.ts";
import { addObstacle, type GoStageRecord } from "./stage-record.ts";

export type { StageCopy } from "../stages/stage-files.ts";

/** Where programs and libraries of a system lie: what comes from there needs more than itself. */
const SYSTEM_PATHS =
  /^\/(?:go\/|usr\/(?:local\/)?)?(?:s?bin|lib(?:64|exec|x32)?|include|share)(?:\/|$)|^\/(?:usr|usr\/local|etc|opt|var|home|root|go)?$/;

/** The earlier stage that `--from` names, by its name or its number. */
export function sourceStage(document: Document, copy: CopiedFile): Stage | undefined {
  const own = document.stages.find(({ instructions }) => instructions.includes(copy.instruction));
  const from = copy.from?.toLowerCase();
  return document.stages.findLast(
    ({ index, name }) =>
      index < (own?.index ?? 0) &&
      (name === from || (from !== undefined && String(index) === from)),
  );
}

/** Takes what a COPY brings from an earlier stage into the account. */
export function copyFromStage(
  record: GoStageRecord,
  document: Document,
  copy: CopiedFile,
  source: Stage,
  state: StageState,
): void {
  const { files } = record;
  const { instruction } = copy;
  const from = resolvePath("/", copy.source)!;
  const isFile = isFileSource(copy, files.place);
  const isPattern = /[*?[]/.test(copy.source);
  const path = isFile && copy.intoDirectory ? copy.target : copy.directory;
  // The certificate bundle is copied on from here in any case.
  if (path === "/etc/ssl/certs/ca-certificates.crt") return;
  if (isPattern && !/^[^*?[]*\/\*$/.test(copy.source)) {
    addObstacle(record, "copy-unknown", instruction);
    return;
  }
  // A module cache, for instance: of use to the build alone.
  const isState = isStatePath(path) && !isWithin(path, "/go/src");
  if (isState && !SYSTEM_PATHS.test(path)) return;
  if (SYSTEM_PATHS.test(path)) {
    addObstacle(record, "runtime-packages", instruction, {
      packages: `${copy.source} of ${copy.from}`,
    });
    return;
  }
  const directory = isPattern ? directoryName(from) : from;
  const moved = contextCopies(document, source).flatMap((one) =>
    movedCopy(one, directory, copy, files.place),
  );
  for (const one of moved) addCopy(files, one);
  const isSource = !isFile && moved.length > 0;
  const isTree = !isFile && isWithin(state.directory ?? "/", path);
  // What lies above it is not made by this alone.
  addDirectory(files, directoryName(path));
  // Where nothing but Go's own commands ran, it is the context again.
  if (isSource && isUntouched(document, source)) return;
  addMade(files, path, isFile ? "file" : "directory", instruction, "", true);
  files.stageCopies.push({ copy, path, isTree, isSource });
  if (isTree) record.generator ??= instruction;
}

/** Whether the RUN instructions of a stage leave nothing in its tree. */
function isUntouched(document: Document, stage: Stage): boolean {
  return stageChain(document, stage).every((one) => {
    let leaves = true;
    walkStage(document, one, (instruction, state) => {
      if (instruction.keyword === "ADD" || !leaves) leaves = false;
      if (instruction.keyword !== "RUN" || !leaves) return;
      const run = runSteps(document, instruction, state);
      leaves = run.steps?.every((step) => leavesTree(step, run)) === true;
    });
    return leaves;
  });
}

/** What a stage, and those that it is built on, copy from the build context. */
function contextCopies(document: Document, stage: Stage): CopiedFile[] {
  const parent = parentStage(document, stage);
  return [
    ...(parent ? contextCopies(document, parent) : []),
    ...stageCopies(document, stage).filter(
      ({ from, source }) => from === undefined && !/:\/\/|^<</.test(source),
    ),
  ];
}

/** A copy of the context that a directory, or a file, of another stage holds, as it lies here. */
function movedCopy(
  one: CopiedFile,
  from: string,
  copy: CopiedFile,
  place: BuildPlace,
): CopiedFile[] {
  const { instruction } = copy;
  const there = (path: string): string =>
    resolvePath(copy.directory, path.slice(from === "/" ? 1 : from.length + 1))!;
  if (isWithin(one.directory, from) || (isFileSource(one, place) && isWithin(one.target, from))) {
    if (one.target === from) return [{ ...copy, from: undefined, source: one.source }];
    const directory = isWithin(one.directory, from) ? there(one.directory) : copy.directory;
    return [{ ...one, instruction, directory, target: there(one.target) }];
  }
  if (!isWithin(from, one.directory) || isFileSource(one, place)) return [];
  const below = from.slice(one.directory === "/" ? 1 : one.directory.length + 1);
  const source = [contextPath(one), below].filter((part) => part !== "").join("/");
  const { contextDirectory, repository } = place;
  const inRepository = [contextDirectory ?? "", source].filter((part) => part !== "").join("/");
  // What is not there was made by that stage.
  return !repository || kindOf(repository, inRepository) === undefined || baseName(source) === "*"
    ? []
    : [{ ...copy, from: undefined, source }];
}
