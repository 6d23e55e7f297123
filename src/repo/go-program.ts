/**
 * What a Go main program needs at run time, read from the sources that are its own. Nothing here decides:
 * each fact comes with the place it was seen at.
 */
import type { Evidence } from "../core/outcome.ts";
import type { Repository } from "../core/repository.ts";
import { callNames, meanings, readCall, readImplicitCall, type Meaning } from "./go-calls.ts";
import { expressionReader, type ExpressionReader } from "./go-expressions.ts";
import type {
  FileAccess,
  GoProgram,
  ImplicitAccess,
  KnownCgoModule,
  ProgramLiteral,
  StartedProgram,
} from "./go-facts.ts";
import {
  cgoModules,
  implicitFiles,
  isOfModule,
  namedConfigurations,
  programModules,
  pureGoPackages,
  readingMethods,
  sourceReadingModules,
  tlsClientModules,
  withoutVersion,
} from "./go-knowledge.ts";
import { readLiterals } from "./go-literals.ts";
import type { GoModule } from "./go-module.ts";
import {
  evidenceAt,
  readOwnPackages,
  type GoFile,
  type GoPackage,
  type GoProgramPlace,
} from "./go-packages.ts";
import { lastName, splitArguments } from "./go-syntax.ts";

export type * from "./go-facts.ts";
export {
  runTimeFiles,
  type ComputedRead,
  type RunTimeFile,
  type RunTimeFiles,
  type RunTimeFilesOptions,
} from "./go-files.ts";
export type { GoProgramPlace } from "./go-packages.ts";

/**
 * Reads what a main package and the packages of its own need at run time.
 *
 * @returns `undefined` when the directory holds no Go file of a linux build
 * @example readGoProgram(repository, { contextDirectory: "", packageDirectory: "cmd/server" })?.usesCgo
 */
export function readGoProgram(
  repository: Repository,
  place: GoProgramPlace,
): GoProgram | undefined {
  const own = readOwnPackages(repository, place);
  if (own === undefined) return undefined;
  const { module, packages, imports, missing, misplaced } = own;
  const files = packages.flatMap((one) => one.files);
  const expressions = expressionReader(packages);
  const program = {
    module,
    packages: packages.map(({ directory, files: all }) => ({
      directory,
      files: all.map(({ path }) => path),
    })),
    isMain: packages[0]!.files.some(({ packageName }) => packageName === "main"),
    complete: missing.length === 0,
    missing,
    misplaced,
    usesCgo: files.flatMap((file) =>
      file.imports
        .filter(({ path }) => path === "C")
        .map(({ line, start }) => evidenceAt(file, line, start)),
    ),
    ...knownCgo(module, imports),
    imports,
    literals: [] as ProgramLiteral[],
    embeds: [] as { directory: string; pattern: string; evidence: Evidence }[],
    readsFiles: [] as FileAccess[],
    writesFiles: [] as FileAccess[],
    runsPrograms: [] as StartedProgram[],
    userLookups: [] as Evidence[],
    zones: [] as Evidence[],
    embedsZones: imports.has("time/tzdata"),
    tlsClients: take(imports, (path) => tlsClientModules.some((one) => isOfModule(path, one))),
    tempFiles: [] as Evidence[],
    implicitFiles: [] as ImplicitAccess[],
    readsModuleSources: take(imports, (path) =>
      sourceReadingModules.some((one) => isOfModule(path, one.path)),
    ),
  } satisfies GoProgram;

  const importPaths = [...imports.keys()];
  const methods = new Map<string, Meaning>();
  for (const { method, modules, arguments: reads } of readingMethods)
    if (modules.some((one) => importPaths.some((path) => isOfModule(path, one))))
      methods.set(method, { reads, facts: [] });
  for (const { path, program: name } of programModules)
    for (const evidence of take(imports, (one) => isOfModule(one, path)))
      program.runsPrograms.push({ program: name, evidence });
  for (const { path, call, files: paths } of implicitFiles)
    if (call === undefined)
      for (const evidence of take(imports, (one) => isOfModule(one, path)).slice(0, 1))
        program.implicitFiles.push({ paths, evidence });

  for (const file of files) {
    readEmbeds(file, program.embeds);
    const names = callNames(file);
    readLiterals(file, names, program);
    for (const [index, call] of file.calls.entries()) {
      const { method, qualified, first } = names[index]!;
      if (qualified !== undefined) readImplicitCall(file, call, qualified, program.implicitFiles);
      const name = qualified ?? method;
      if (name !== undefined) {
        const common = qualified === undefined ? methods.get(name) : undefined;
        const meaning = common ?? meanings.get(name);
        if (meaning !== undefined) readCall(file, call, name, meaning, expressions, program);
      }
      for (const known of first === name ? [name] : [name, first])
        for (const fact of (known !== undefined && meanings.get(known)?.facts) || [])
          program[fact].push(evidenceAt(file, call.line, call.start));
    }
  }
  readNamedConfigurations(packages, imports, expressions, program);
  return program;
}

/** The first places of the import paths that pass. */
function take(
  imports: ReadonlyMap<string, Evidence>,
  passes: (path: string) => boolean,
): Evidence[] {
  const found: Evidence[] = [];
  for (const [path, evidence] of imports) if (passes(path)) found.push(evidence);
  return found;
}

function knownCgo(
  module: GoModule | undefined,
  imports: ReadonlyMap<string, Evidence>,
): Pick<GoProgram, "cgoModules" | "cgoRequirements"> {
  const imported: KnownCgoModule[] = [];
  const required: KnownCgoModule[] = [];
  for (const [path, evidence] of imports) {
    if (pureGoPackages.some((one) => isOfModule(withoutVersion(path), one))) continue;
    const known = cgoModules.find((one) =>
      isOfModule(withoutVersion(path), withoutVersion(one.path)),
    );
    if (known) imported.push({ module: path, fallback: known.fallback, evidence });
  }
  for (const { path, line } of module?.requires ?? []) {
    const known = cgoModules.find((one) => withoutVersion(one.path) === withoutVersion(path));
    if (!known || imported.some((one) => isOfModule(one.module, path))) continue;
    const goMod = module!.directory === "" ? "go.mod" : `${module!.directory}/go.mod`;
    required.push({
      module: path,
      fallback: known.fallback,
      evidence: { path: goMod, line, text: path },
    });
  }
  return { cgoModules: imported, cgoRequirements: required };
}

function readEmbeds(
  file: GoFile,
  embeds: { directory: string; pattern: string; evidence: Evidence }[],
): void {
  for (const { kind, text, line, end } of file.directives) {
    if (kind !== "embed") continue;
    for (const word of text.match(/"(?:[^"\\]|\\.)*"|`[^`]*`|\S+/g) ?? []) {
      const pattern = word.replace(/^(["`])(.*)\1$/, "$2").replace(/^all:/, "");
      embeds.push({ directory: file.directory, pattern, evidence: evidenceAt(file, line, end) });
    }
  }
}

/** viper and its like: a name, directories and extensions, joined by the module at run time. */
function readNamedConfigurations(
  packages: readonly GoPackage[],
  imports: ReadonlyMap<string, Evidence>,
  expressions: ExpressionReader,
  program: { implicitFiles: ImplicitAccess[]; readsFiles: FileAccess[] },
): void {
  for (const known of namedConfigurations) {
    if (![...imports.keys()].some((path) => isOfModule(path, known.path))) continue;
    const names: string[] = [];
    const directories: { literal: string; evidence: Evidence }[] = [];
    let computed = false;
    for (const file of packages.flatMap(({ files }) => files)) {
      for (const call of file.calls) {
        if (!call.selector.endsWith(known.name) && !call.selector.endsWith(known.directory))
          continue;
        const what = lastName(call);
        const span = splitArguments(file, call)[0];
        if (span === undefined) continue;
        const { literals, origin } = expressions.valueOf(file, span);
        const evidence = evidenceAt(file, call.line, call.start);
        if (what === known.directory) {
          directories.push(...literals.map((literal) => ({ literal, evidence })));
          if (literals.length === 0)
            program.readsFiles.push({ call: `.${what}`, origin, evidence });
        } else if (literals.length === 0) computed = true;
        else names.push(...literals);
      }
    }
    if (names.length === 0) names.push("config");
    for (const { literal, evidence } of directories) {
      const base = literal.replace(/\/+$/, "");
      const paths = names.flatMap((name) => [
        // With SetConfigType the name may be all of it, as `.env` is.
        ...(name.includes(".") ? [`${base}/${name}`] : []),
        ...known.extensions.map((extension) => `${base}/${name}.${extension}`),
      ]);
      program.implicitFiles.push({ paths, evidence });
      if (computed)
        program.readsFiles.push({
          call: `.${known.directory}`,
          literal,
          origin: "literal",
          evidence,
        });
    }
  }
}
