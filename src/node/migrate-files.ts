import { realpathSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { makeReason } from "../core/messages.ts";
import { migrate } from "../core/migrate.ts";
import type { Changed, NotChanged, Outcome } from "../core/outcome.ts";
import type { Repository } from "../core/repository.ts";
import type { Transform, TransformOptions } from "../core/transform.ts";
import { discover } from "./discovery.ts";
import type { Discovery, FoundFile } from "./discovery.ts";
import { gitState } from "./git-state.ts";
import type { GitState } from "./git-state.ts";
import { readSource } from "./read-source.ts";
import { fileReasons } from "./reasons.ts";
import type { FileProblem } from "./reasons.ts";
import { displayPath, relocateOutcome } from "./relocate.ts";
import { directoryRepository } from "./repository-reader.ts";
import { commonAncestor, createRootFinder, relativePath } from "./repository-root.ts";
import { writeAtomically } from "./write-atomic.ts";

export interface MigrateFilesOptions {
  readonly transforms: readonly Transform[];
  /** Options of the transforms, such as `{ runtimeGo: "alpine" }`. */
  readonly options?: TransformOptions;
  /** The build context, when it is the same for all files: absolute, or relative to `cwd`. */
  readonly context?: string;
  /** What paths are relative to, in and out; the process's directory by default. */
  readonly cwd?: string;
}

/** A file, what its migration came to, and what is needed to write it. */
export interface MigratedFile {
  /** Absolute. */
  readonly file: string;
  /** The root of its repository, absolute. */
  readonly root: string;
  /** The text the outcome was made from; `undefined` when there is none. */
  readonly source: string | undefined;
  /** Its paths are relative to `cwd`, or absolute outside of it. */
  readonly outcome: Outcome;
}

/** A migrated file, and whether its new text was written. When it should have been and could not, the outcome says why. */
export interface WrittenFile {
  readonly outcome: Outcome;
  readonly written: boolean;
}

export interface WriteChangesOptions {
  /** Also write changes that rest on an assumption. */
  readonly unsafe?: boolean;
  /** Also write into files with uncommitted changes. */
  readonly allowDirty?: boolean;
  readonly cwd?: string;
}

/**
 * Migrates the Dockerfiles that some paths stand for, without writing: one file after the other, so that a caller may show
 * progress or stop. A file that can't be read gives an outcome like any other.
 *
 * @param paths files and directories; see `discover`
 * @example for (const { outcome } of migrateFiles(["."], { transforms: builtInTransforms })) console.log(outcome.status)
 */
export function* migrateFiles(
  paths: readonly string[],
  options: MigrateFilesOptions,
): Generator<MigratedFile, void, undefined> {
  const cwd = options.cwd ?? process.cwd();
  const { files, problems } = discover(paths, { cwd });
  const failures = discoveryFailures(problems, cwd);
  for (const migrated of migrateFound(files, { ...options, cwd })) {
    while (failures[0] && failures[0].file < migrated.file) yield failures.shift()!;
    yield migrated;
  }
  yield* failures;
}

/** What the problems of a discovery come to, in path order. */
export function discoveryFailures(problems: Discovery["problems"], cwd: string): MigratedFile[] {
  return problems.map(({ file, problem }) => {
    const outcome = problemOutcome(displayPath(file, cwd), problem);
    return { file, root: dirname(file), source: undefined, outcome };
  });
}

/** As `migrateFiles`, for files that were discovered already. */
export function* migrateFound(
  files: readonly FoundFile[],
  options: MigrateFilesOptions,
): Generator<MigratedFile, void, undefined> {
  const cwd = options.cwd ?? process.cwd();
  let repository: Repository | undefined;
  let repositoryRoot: string | undefined;
  for (const found of files) {
    const root = rootFor(found, options, cwd);
    // Files come in path order, so those of one repository come together, and only one is held in memory.
    if (root !== repositoryRoot || !repository) {
      repository = directoryRepository(root);
      repositoryRoot = root;
    }
    const reading = readSource(found.file, root);
    if (reading.kind === "problem") {
      const outcome = problemOutcome(displayPath(found.file, cwd), reading.problem);
      yield { file: found.file, root, source: undefined, outcome };
    } else {
      const { source } = reading;
      const outcome = migrateText(found.file, source, root, repository, options);
      yield { file: found.file, root, source, outcome };
    }
  }
}

/**
 * Migrates one file, without writing. With `source`, that text is taken in its place (an editor's buffer, standard input).
 *
 * @example migrateFile("services/api/Dockerfile", { transforms: builtInTransforms }).outcome.status
 */
export function migrateFile(
  path: string,
  options: MigrateFilesOptions & { readonly source?: string },
): MigratedFile {
  const cwd = options.cwd ?? process.cwd();
  const file = resolve(cwd, path);
  const found = { file, root: createRootFinder()(dirname(file)) ?? dirname(file) };
  const { source } = options;
  if (source === undefined) {
    for (const migrated of migrateFound([found], { ...options, cwd })) return migrated;
  }
  const root = rootFor(found, options, cwd);
  const outcome = migrateText(file, source ?? "", root, directoryRepository(root), options);
  return { file, root, source, outcome };
}

/** A build context outside of the file's repository widens what may be read to the directory that holds both. */
function rootFor(found: FoundFile, options: MigrateFilesOptions, cwd: string): string {
  return options.context === undefined
    ? found.root
    : commonAncestor(found.root, resolve(cwd, options.context));
}

function migrateText(
  file: string,
  source: string,
  root: string,
  repository: Repository,
  options: MigrateFilesOptions,
): Outcome {
  const cwd = options.cwd ?? process.cwd();
  const outcome = migrate(
    { path: relativePath(root, file), source },
    {
      transforms: options.transforms,
      repository,
      ...(options.context === undefined
        ? {}
        : { context: relativePath(root, resolve(cwd, options.context)) }),
      ...(options.options === undefined ? {} : { options: options.options }),
    },
  );
  return relocateOutcome(outcome, root, cwd);
}

/** What a problem with a file comes to: it failed, or was refused where that is a precaution. */
export function problemOutcome(
  path: string,
  problem: FileProblem,
  transforms: readonly string[] = [],
): NotChanged {
  const { kind } = fileReasons[problem.code];
  const note = { code: problem.code, at: undefined, data: problem.data ?? {}, evidence: [] };
  const { line } = problem;
  const reason = {
    ...makeReason(note, fileReasons, undefined),
    ...(line === undefined ? {} : { line, endLine: line }),
  };
  return { path, status: kind === "refusal" ? "refused" : "failed", transforms, reasons: [reason] };
}

/**
 * Writes the changes that may be written, one file after the other: safe ones, and the others with `unsafe`. Not over
 * uncommitted work, and not over what someone else wrote since the file was read; such a file's outcome is replaced.
 *
 * @returns one result for each file, in order
 * @example const results = [...writeChanges([...migrateFiles(["."], { transforms })])]
 */
export function* writeChanges(
  files: readonly MigratedFile[],
  options: WriteChangesOptions = {},
): Generator<WrittenFile, void, undefined> {
  const rootOf = createRootFinder();
  const candidatesOfRoot = new Map<string, string[]>();
  for (const { file, outcome } of files) {
    if (!mayBeWritten(outcome, options)) continue;
    const target = linkTarget(file);
    const root = rootOf(dirname(target));
    if (root === undefined) continue;
    const candidates = candidatesOfRoot.get(root);
    if (candidates) candidates.push(relativePath(root, target));
    else candidatesOfRoot.set(root, [relativePath(root, target)]);
  }

  const states = new Map<string, GitState>();
  for (const migrated of files) {
    const { file, outcome } = migrated;
    if (!mayBeWritten(outcome, options)) {
      yield { outcome, written: false };
      continue;
    }
    const target = linkTarget(file);
    const root = rootOf(dirname(target));
    let state = root === undefined ? undefined : states.get(root);
    if (root !== undefined && !state && !options.allowDirty) {
      states.set(root, (state = gitState(root, candidatesOfRoot.get(root) ?? [])));
    }
    const problem =
      (state && uncommittedProblem(state, relativePath(root!, target))) ??
      writeChange(migrated, outcome);
    yield problem
      ? { outcome: problemOutcome(outcome.path, problem, outcome.transforms), written: false }
      : { outcome, written: true };
  }
}

function mayBeWritten(outcome: Outcome, options: WriteChangesOptions): outcome is Changed {
  return outcome.status === "changed" && (outcome.safety === "safe" || options.unsafe === true);
}

/** The file that a link stands for: the one whose git state counts. */
function linkTarget(file: string): string {
  try {
    return realpathSync.native(file);
  } catch {
    return file;
  }
}

function uncommittedProblem(state: GitState, path: string): FileProblem | undefined {
  if (state.kind === "unknown") return { code: "git-state-unknown", data: { error: state.error } };
  return state.isDirty(path) ? { code: "uncommitted-changes" } : undefined;
}

function writeChange(migrated: MigratedFile, outcome: Changed): FileProblem | undefined {
  return writeAtomically(migrated.file, outcome.text, {
    expected: migrated.source ?? "",
    root: migrated.root,
  });
}
