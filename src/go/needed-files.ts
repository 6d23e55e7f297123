import type { CopiedFile } from "../core/copied-files.ts";
import type { Evidence } from "../core/outcome.ts";
import { baseName, directoryName, isWithin, resolvePath } from "../core/path.ts";
import { kindOf } from "../core/repository.ts";
import { runTimeFiles } from "../repo/go-files.ts";
import { ignoredByGit } from "../repo/git-ignore.ts";
import {
  GIT_FILES,
  PROVIDED_FILES,
  SHARED_DIRECTORIES,
  UNCOPIED_DIRECTORIES,
  isAssetName,
  isSettingsFile,
  namedPath,
} from "./file-names.ts";
import type { Need, NeedsOptions } from "./needs.ts";
import { stageNeeds } from "./stage-needs.ts";

/** The files and directories that go to the runtime stage beside the programs. */
export interface NeededFiles {
  readonly refusal: Need | undefined;
  readonly lines: readonly string[];
  readonly notes: readonly Need[];
  /** Files that are copied when they are there. */
  readonly optional: readonly string[];
  /** Whether a path is copied, itself or with a directory that holds it. */
  isCopied(path: string): boolean;
}

/**
 * @param copy the COPY line that brings a path from the builder
 * @param makeAnew makes a directory for the final image by other means than COPY where its mode is to be kept
 */
export function neededFiles(
  options: NeedsOptions,
  copy: (source: string, target?: string) => string,
  makeAnew: (path: string) => void,
): NeededFiles {
  const { builder, sources, repository, contextDirectory } = options;
  const { contract } = builder;
  const notes: Need[] = [];
  const targets = new Map<string, Need>();
  /** Files that may be there when the image is built, by their path. */
  const optional = new Map<string, Need>();
  /** Files that lie elsewhere in the final image. */
  const renamed = new Map<string, string>();
  let refusal: Need | undefined;
  const refuse = (need: Need): void => {
    refusal ??= need;
  };
  const literals = sources.flatMap(({ program }) => program.literals.map(({ value }) => value));

  for (const { source, target, need } of options.carriedFiles) {
    want(source, need);
    if (target !== source) renamed.set(source, target);
  }
  if (readsGoPath()) sourceTree();
  const ofStages = stageNeeds(options);
  for (const { path, need, isSure } of ofStages)
    if (isSure) want(path, need);
    else optional.set(path, need);
  madeFiles();
  outsideCopies();
  if (repository && contextDirectory !== undefined) assets();
  startArguments();
  namedAssets();
  const lines: string[] = [];
  for (const [path, need] of [...targets].sort(([one], [other]) => (one < other ? -1 : 1))) {
    if ([...targets.keys()].some((parent) => parent !== path && isWithin(path, parent))) continue;
    if (isDirectory(path)) makeAnew(path);
    lines.push(copy(path, renamed.get(path)));
    notes.push(need);
  }
  for (const [path, need] of optional) {
    if (isCarried(path) || builder.artifacts.has(path)) optional.delete(path);
    else notes.push(need);
  }
  return { refusal, lines, notes, isCopied: isCarried, optional: [...optional.keys()] };

  function isDirectory(path: string): boolean {
    const made = builder.made.get(path);
    if (made) return made.kind === "directory";
    const source = builder.repositoryPath(path);
    return (
      source !== undefined && repository !== undefined && kindOf(repository, source) === "directory"
    );
  }

  function want(path: string, need: Need): void {
    if (!targets.has(path) && !builder.artifacts.has(path)) targets.set(path, need);
  }

  function isCarried(path: string): boolean {
    return [...targets.keys()].some((parent) => isWithin(path, parent));
  }

  function madeFiles(): void {
    const runsGit = ["git", "ssh", "scp"].some((name) => options.systemPrograms.has(name));
    const artifactDirectories = [...builder.artifacts.keys()].map(directoryName);
    for (const [path, { kind, instruction, isState }] of builder.made) {
      if (builder.stageCopies.some((copied) => copied.path === path)) continue;
      const holds = (inner: string | undefined): boolean =>
        inner !== undefined && isWithin(inner, path);
      if (/\.go$|(?:^|\/)(?:go\.(?:mod|sum)|vendor)$/.test(path)) continue;
      const inTree =
        isWithin(path, contract.workingDirectory ?? "/") ||
        builder.builds.some(({ directory }) => isWithin(path, directory));
      const isNamed = literals.some(
        (value) => /^\/./.test(value) && (isWithin(value, path) || isWithin(path, value)),
      );
      if (kind === "directory" && /(?:^|\/)s?bin$/.test(path) && path.startsWith("/go/")) continue;
      const isOfGit = GIT_FILES.test(path) && runsGit;
      if (isState && !isOfGit && !(inTree && contract.workingDirectory !== "/") && !isNamed)
        continue;
      if (
        kind === "directory" &&
        (holds(contract.workingDirectory) ||
          artifactDirectories.some(holds) ||
          builder.builds.some(({ directory }) => holds(directory)) ||
          builder.copies.some(({ directory }) => holds(directory)))
      )
        continue;
      if (
        builder.builds.some(
          ({ output }) => "directory" in output && isWithin(output.directory, path),
        )
      )
        continue;
      want(path, { code: "made-file-copied", at: instruction, data: { path } });
    }
  }

  /** Files that were copied to places outside the source tree are there for the program. */
  function outsideCopies(): void {
    const roots = builder.builds.flatMap(({ directory, packageDirectory }) => [
      directory,
      packageDirectory ?? directory,
    ]);
    const sourceRoots = builder.copies
      .filter((entry) => !isFile(entry))
      .map((entry) => entry.directory)
      .filter((directory) =>
        roots.some((root) => isWithin(root, directory) && (directory !== "/" || root === "/")),
      );
    const isSource = (entry: CopiedFile): boolean =>
      [...sourceRoots, ...roots, "/go/src", "/usr/local/share/ca-certificates", "/root/.ssh"].some(
        (root) => isWithin(entry.target, root) || isWithin(entry.directory, root),
      );
    for (const entry of builder.copies) {
      if (isSource(entry) || builder.isRemoved(entry.target, entry)) continue;
      if (/\.go$|(?:^|\/)go\.(?:mod|sum|work)$/.test(entry.source)) continue;
      if (entry.target === "/etc/ssl/certs/ca-certificates.crt") continue;
      const target = imageTarget(entry);
      if (target === undefined) refuse({ code: "copy-unknown", at: entry.instruction });
      else want(target, { code: "files-copied", at: entry.instruction, data: { path: target } });
    }
  }

  /** The file or directory in the image that a COPY makes; `undefined` when it cannot be told which. */
  function imageTarget(entry: CopiedFile): string | undefined {
    const isShared = SHARED_DIRECTORIES.has(entry.directory);
    // `COPY file /etc` without a slash: the directory is there, so the file goes into it.
    if (!entry.intoDirectory && !isShared) return entry.directory;
    if (isFile(entry)) return resolvePath(entry.directory, baseName(entry.source));
    return isShared ? undefined : entry.directory;
  }

  function isFile(entry: CopiedFile): boolean {
    const source = entry.source.replace(/^\.?\/+/, "").replace(/\/+$/, "");
    if (/[*?[]/.test(source)) return false;
    const path = [contextDirectory ?? "", source].filter((part) => part !== "").join("/");
    const kind =
      repository && contextDirectory !== undefined ? kindOf(repository, path) : undefined;
    return kind === undefined ? /\.\w+$/.test(baseName(source)) : kind === "file";
  }

  /** Path in the context → path in the repository. */
  function inRepository(path: string): string {
    return [contextDirectory ?? "", path].filter((part) => part !== "").join("/");
  }

  /** Absolute path in the image → path in the context. */
  function inContext(path: string): string | undefined {
    const found = builder.repositoryPath(path);
    if (found === undefined || contextDirectory === "" || contextDirectory === undefined)
      return found;
    return found === contextDirectory
      ? ""
      : found.startsWith(`${contextDirectory}/`)
        ? found.slice(contextDirectory.length + 1)
        : undefined;
  }

  /** A program that asks for GOPATH finds files of its own sources by it. */
  function readsGoPath(): boolean {
    return literals.includes("GOPATH") && contract.environment.has("GOPATH");
  }

  function sourceTree(): void {
    for (const target of builder.imagePaths(contextDirectory ?? ""))
      if (isWithin(target, "/go/src") && !UNCOPIED_DIRECTORIES.has(target))
        want(target, { code: "working-directory-copied", data: { path: target } });
  }

  /** What is read cannot be told apart from what is not: all of the working directory is kept. */
  function wholeDirectory(why: Pick<Need, "at" | "evidence">): void {
    const path = contract.workingDirectory;
    if (path === undefined || UNCOPIED_DIRECTORIES.has(path))
      refuse({ code: "reads-working-directory", ...why });
    else want(path, { code: "working-directory-copied", ...why, data: { path } });
  }

  /** Whether a path of the image is one that COPY brought from a file that is there. */
  function isCopied(path: string): boolean {
    const source = builder.repositoryPath(path);
    return (
      source !== undefined &&
      kindOf(repository!, source) !== undefined &&
      builder.imagePaths(source).includes(path)
    );
  }

  /** Files of the context that the sources, the environment, a volume or the start name. */
  function assets(): void {
    const settings = [...contract.environment.values()].flatMap(({ instruction, value }) =>
      instruction && value ? [value] : [],
    );
    const defaults = literals.flatMap((value) =>
      [...value.matchAll(/\b\w*[dD]efault:"([^"]+)"/g)].map((match) => match[1]!),
    );
    const evidence = { path: options.dockerfilePath };
    const composed = options.composeValues;
    const ofScripts = options.scriptWords.map((word) => ({
      value: word.value,
      evidence: word.evidence ?? evidence,
    }));
    const values = [...settings, ...options.startArguments, ...defaults]
      .map((value): { value: string; evidence: Evidence } => ({ value, evidence }))
      .concat(ofScripts, composed);
    for (const { program } of sources) {
      const files = runTimeFiles(repository!, program, {
        contextDirectory: contextDirectory!,
        workingDirectoryInContext:
          contract.workingDirectory === undefined
            ? undefined
            : inContext(contract.workingDirectory),
        toContext: inContext,
        values,
      });
      namedFiles(program);
      for (const { path, evidence: seen } of files.files) {
        const all = builder.imagePaths(inRepository(path));
        // Seen from the working directory, or under the absolute name that the sources give.
        const near = all.filter((target) => isWithin(target, contract.workingDirectory ?? "/"));
        if (!all.some((target) => isCarried(target) || isExplained(target, seen)))
          for (const target of near.length > 0 ? near : all) take(target, inRepository(path), seen);
      }
      for (const { path } of files.computed) besideSources(path);
      const all = files.computed.find(({ origin }) => origin === "working-directory");
      if (all) wholeDirectory({ evidence: [placeOf(all)] });
      const computed = files.computed.filter(({ origin }) => origin !== "working-directory");
      if (computed.length > 0)
        notes.push({ code: "computed-file-paths", evidence: computed.slice(0, 3).map(placeOf) });
      if (program.readsModuleSources.length > 0)
        refuse({ code: "reads-module-sources", evidence: program.readsModuleSources.slice(0, 2) });
      if (!program.complete)
        notes.push({ code: "sources-not-read", evidence: program.missing.slice(0, 2) });
    }
    // A script writes into a directory that must be there.
    for (const path of options.scriptOutputs) {
      const target = resolvePath(contract.workingDirectory, path);
      const directory = target === undefined ? "/" : directoryName(target);
      if (directory !== contract.workingDirectory && directory !== "/" && isCopied(directory))
        take(directory, builder.repositoryPath(directory)!, []);
    }
    // What the image already holds in a volume's directory is what the volume starts with.
    const named = [
      ...[...settings, ...contract.volumes].map((value) => ({ value, evidence: undefined })),
      ...ofScripts,
      ...composed,
    ];
    for (const { value, evidence: seen } of named) {
      const path = namedPath(value, contract.workingDirectory);
      if (path !== undefined && path !== contract.workingDirectory && isCopied(path))
        take(path, builder.repositoryPath(path)!, seen ? [seen] : []);
      else if (path !== undefined && isSettingsFile(path) && isInCopiedDirectory(path))
        optional.set(path, {
          code: "file-copied-if-there",
          data: { path },
          ...(seen ? { evidence: [seen] } : {}),
        });
    }
  }

  /** What was named lies deeper, where another stage made it. */
  function isExplained(target: string, evidence: readonly Evidence[]): boolean {
    return evidence.every(({ path, line }) =>
      ofStages.some(
        ({ path: inner, need }) =>
          isWithin(inner, target) &&
          need.evidence?.some((seen) => seen.path === path && seen.line === line),
      ),
    );
  }

  /** A file that works out where its own source lies may read anything beside it. */
  function besideSources(path: string): void {
    const text = repository!.read(path) ?? "";
    if (!/\bruntime\.Caller\(/.test(text) || !/\b(?:file)?path\.(?:Dir|Join)\(/.test(text)) return;
    const directory = path.slice(0, Math.max(0, path.lastIndexOf("/")));
    for (const target of builder.imagePaths(directory))
      if (!UNCOPIED_DIRECTORIES.has(target))
        want(target, { code: "files-copied", data: { path: target }, evidence: [{ path }] });
  }

  function take(target: string, source: string, evidence: readonly Evidence[]): void {
    // What git ignores lies in one checkout and not in the next.
    if (ignoredByGit(repository!, source) && kindOf(repository!, source) === "file")
      optional.set(target, { code: "file-copied-if-there", data: { path: target }, evidence });
    else want(target, { code: "files-copied", data: { path: target }, evidence });
  }

  /** Paths that the sources name, seen from the image: COPY may have renamed what lies there, or nothing lies there at all. */
  function namedFiles(program: NeedsOptions["sources"][number]["program"]): void {
    const embedded = new Set(
      program.embeds.map(({ pattern }) => pattern.replace(/^all:/, "").split("/")[0]),
    );
    const written = new Set(program.writesFiles.map(({ literal }) => literal));
    const outputs = options.scriptOutputs.map((path) =>
      resolvePath(contract.workingDirectory, path),
    );
    const named = [
      ...program.readsFiles.flatMap(({ call, literal, evidence }) =>
        // A bare word that is opened is most often a part of a path that is put together.
        literal === undefined || (!/[./]/.test(literal) && /Open|Read/.test(call))
          ? []
          : [{ names: [literal], evidence }],
      ),
      ...program.implicitFiles.map(({ paths, evidence }) => ({ names: paths, evidence })),
    ];
    for (const { names, evidence } of named) {
      const paths = names
        .filter((name) => !/:\/\//.test(name) && name !== "")
        .map((name) =>
          resolvePath(contract.workingDirectory, name.replace(/\/?[^/]*[*?[{].*$/, "")),
        );
      const known = paths.filter(
        (path) => path !== undefined && path !== "/" && path !== contract.workingDirectory,
      );
      if (
        known.length === 0 ||
        names.some(
          (name) => embedded.has(name.replace(/^\.\//, "").split("/")[0]) || written.has(name),
        )
      )
        continue;
      const there = known.filter((path) => isCopied(path!));
      for (const path of there) take(path!, builder.repositoryPath(path!)!, [evidence]);
      if (
        there.length > 0 ||
        known.some((path) => optional.has(path!)) ||
        known.some((path) => isCarried(path!) || builder.made.has(path!) || outputs.includes(path))
      )
        continue;
      const [first] = known as [string];
      // In the repository but not in the image, by .dockerignore or rm: the image as it is does without.
      const source = builder.repositoryPath(first);
      if (
        builder.isRemoved(first) ||
        (source !== undefined && kindOf(repository!, source) !== undefined)
      )
        continue;
      if (/^\/(?:etc|usr|lib|bin|sbin)\//.test(first) && names[0]!.startsWith("/")) {
        if (!PROVIDED_FILES.test(first))
          notes.push({ code: "system-file-read", data: { path: first }, evidence: [evidence] });
      } else if (
        builder.copies.some((entry) => !isFile(entry) && isWithin(first, entry.directory))
      ) {
        if (builder.generator && isWithin(first, contract.workingDirectory ?? "/"))
          wholeDirectory({ at: builder.generator, evidence: [evidence] });
        else if (builder.generator)
          refuse({
            code: "reads-generated-files",
            at: builder.generator,
            data: { path: names[0]! },
            evidence: [evidence],
          });
        else if (/\.\w+$/.test(first) && isInCopiedDirectory(first))
          optional.set(first, {
            code: "file-copied-if-there",
            data: { path: first },
            evidence: [evidence],
          });
        else if (/^[\w@%+=:,./~-]+$/.test(names[0]!)) absent(names[0]!, { evidence: [evidence] });
      }
    }
  }

  /** COPY of a directory would have brought a file, had it been there, and nothing keeps it out. */
  function isInCopiedDirectory(path: string): boolean {
    return (
      !builder.isIgnored(path) &&
      !builder.isRemoved(path) &&
      directoryName(path) !== "/" &&
      builder.copies.some((entry) => !isFile(entry) && isWithin(path, entry.directory))
    );
  }

  function absent(name: string, why: Pick<Need, "evidence">): void {
    if (!notes.some(({ code, data }) => code === "named-file-absent" && data?.["path"] === name))
      notes.push({ code: "named-file-absent", data: { path: name }, ...why });
  }

  function startArguments(): void {
    const words = repository ? [] : options.scriptWords.map(({ value }) => value);
    for (const argument of [...options.startArguments, ...words]) {
      const path =
        namedPath(argument, contract.workingDirectory) ??
        (/^(?:--?[\w.-]+=)?\.\/?$/.test(argument) ? contract.workingDirectory : undefined);
      if (path === undefined) continue;
      if (path === contract.workingDirectory) wholeDirectory({});
      else if (repository && contextDirectory !== undefined) {
        if (isCopied(path)) take(path, builder.repositoryPath(path)!, []);
        else if (
          !isCarried(path) &&
          builder.copies.some(
            (entry) => !isFile(entry) && isWithin(path, entry.directory) && entry.directory !== "/",
          )
        ) {
          if (/\.\w+$/.test(path) && isInCopiedDirectory(path))
            optional.set(path, { code: "file-copied-if-there", data: { path } });
          else absent(argument, {});
        }
      } else if (
        builder.copies.some((entry) => isWithin(path, entry.directory)) &&
        !isCarried(path)
      ) {
        const exact = builder.copies.find((entry) => entry.target === path);
        if (exact) want(path, { code: "files-copied", at: exact.instruction, data: { path } });
        else refuse({ code: "start-names-file", data: { argument } });
      }
    }
  }

  /**
   * COPY instructions that bring nothing but assets into the source tree. Where the sources do not show what is
   * read, they were written for the running program.
   */
  function namedAssets(): void {
    const isProved =
      sources.length > 0 &&
      !notes.some(({ code }) => code === "computed-file-paths" || code === "sources-not-read");
    if (isProved) return;
    const embedded = sources.flatMap(({ program }) =>
      program.embeds.map(({ pattern }) => pattern.replace(/^all:/, "").split("/")[0]),
    );
    for (const entry of builder.copies) {
      const name = baseName(entry.source.replace(/\/+$/, ""));
      const renamed = baseName(entry.target);
      if (!(isAssetName(name) || isAssetName(renamed)) || embedded.includes(name)) continue;
      const target = isFile(entry)
        ? entry.intoDirectory
          ? entry.target
          : entry.directory
        : entry.directory;
      if (builder.isRemoved(target, entry) || isCarried(target)) continue;
      // `COPY *.html ./`: the directory holds the sources as well.
      if (!isFile(entry) && builder.builds.some(({ directory }) => isWithin(directory, target)))
        notes.push({ code: "sources-not-read", at: entry.instruction });
      else want(target, { code: "files-copied", at: entry.instruction, data: { path: target } });
    }
  }
}

function placeOf({ path, line, text }: Evidence): Evidence {
  return { path, ...(line === undefined ? {} : { line }), ...(text === undefined ? {} : { text }) };
}
