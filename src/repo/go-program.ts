/**
 * What a Go main program needs at run time, read from the sources that are its own. Nothing here decides:
 * each fact comes with the place it was seen at.
 */
import type { Evidence } from "../core/outcome.ts";
import type { Repository } from "../core/repository.ts";
import {
  expressionReader,
  lastName,
  literalsIn,
  splitArguments,
  type ExpressionReader,
  type Origin,
} from "./go-expressions.ts";
import {
  builtInZones,
  cgoModules,
  databaseOpeners,
  fileDrivers,
  implicitFiles,
  isOfModule,
  namedConfigurations,
  programCalls,
  programModules,
  pureGoPackages,
  readingCalls,
  readingMethods,
  sourceReadingModules,
  temporaryFileCalls,
  tlsClientModules,
  tlsClientNames,
  userCalls,
  writingCalls,
  zoneCalls,
  zoneInText,
  zoneName,
  withoutVersion,
  type ImplicitFiles,
  type PathArguments,
} from "./go-knowledge.ts";
import type { GoModule } from "./go-module.ts";
import {
  evidenceAt,
  readOwnPackages,
  type GoFile,
  type GoPackage,
  type GoProgramPlace,
} from "./go-packages.ts";
import type { GoCall } from "./go-tokens.ts";

export {
  runTimeFiles,
  type ComputedRead,
  type RunTimeFile,
  type RunTimeFiles,
  type RunTimeFilesOptions,
} from "./go-files.ts";
export type { GoProgramPlace } from "./go-packages.ts";

export interface GoProgram {
  /** `undefined` when no go.mod stands at or above the package in the build context. */
  readonly module: GoModule | undefined;
  /** The program's own packages, the main package first. Paths are relative to the repository's root. */
  readonly packages: readonly { readonly directory: string; readonly files: readonly string[] }[];
  readonly isMain: boolean;
  /** `false` when own imports could not be read (see `missing`): generated code, a replacement outside the context. */
  readonly complete: boolean;
  readonly missing: readonly Evidence[];
  /** `import "C"` in own packages. */
  readonly usesCgo: readonly Evidence[];
  /** Known cgo modules that own packages import. */
  readonly cgoModules: readonly KnownCgoModule[];
  /** Known cgo modules that go.mod requires while no own package imports them: another module may. */
  readonly cgoRequirements: readonly KnownCgoModule[];
  /** Import paths that are not the program's own, standard library included, with their first place. */
  readonly imports: ReadonlyMap<string, Evidence>;
  /** The strings that could be a path or a part of one; those of generated files only where a known call takes them. */
  readonly literals: readonly ProgramLiteral[];
  readonly embeds: readonly {
    readonly directory: string;
    readonly pattern: string;
    readonly evidence: Evidence;
  }[];
  readonly readsFiles: readonly FileAccess[];
  readonly writesFiles: readonly FileAccess[];
  readonly runsPrograms: readonly StartedProgram[];
  readonly userLookups: readonly Evidence[];
  readonly zones: readonly Evidence[];
  /** `import _ "time/tzdata"`: the zone database is in the binary. */
  readonly embedsZones: boolean;
  readonly tlsClients: readonly Evidence[];
  readonly tempFiles: readonly Evidence[];
  /** Files that modules read by a name of their own, relative to the working directory; most need not exist. */
  readonly implicitFiles: readonly ImplicitAccess[];
  /** Modules that read files in the module cache beside their own source. */
  readonly readsModuleSources: readonly Evidence[];
}

export interface KnownCgoModule {
  readonly module: string;
  /** Whether the same work is done with CGO_ENABLED=0. */
  readonly fallback: boolean;
  readonly evidence: Evidence;
}

export interface ProgramLiteral {
  readonly value: string;
  readonly evidence: Evidence;
  /** `os.Open` (by import path), `.LoadHTMLGlob` (a method), `readConfig` (a function of the package). */
  readonly call?: string;
  readonly argument?: number;
  /** A `+` stands before it: the value's beginning is elsewhere. */
  readonly appended?: boolean;
  /** The file finds out where its own source is (`runtime.Caller`): the path may be relative to its directory. */
  readonly besideSource?: boolean;
}

export interface FileAccess {
  readonly call: string;
  /** A string of the path; absent when no string in the sources is part of it. */
  readonly literal?: string;
  /** Where the path comes from: `literal` is also a constant, a variable or what callers pass. */
  readonly origin: Origin;
  readonly evidence: Evidence;
}

export interface ImplicitAccess {
  readonly paths: readonly string[];
  readonly evidence: Evidence;
}

export interface StartedProgram {
  /** Absent when the name is computed. */
  readonly program?: string;
  /** The script of `sh -c`. */
  readonly script?: string;
  readonly evidence: Evidence;
}

/** What a call means, merged from the tables of `go-knowledge.ts`. */
interface Meaning {
  reads?: PathArguments;
  writes?: PathArguments;
  program?: number;
  opensDatabase?: boolean;
  zone?: boolean;
  facts: ("userLookups" | "tlsClients" | "tempFiles")[];
}

const meanings = new Map<string, Meaning>();
function meaningOf(name: string): Meaning {
  let meaning = meanings.get(name);
  if (!meaning) meanings.set(name, (meaning = { facts: [] }));
  return meaning;
}
for (const [name, paths] of Object.entries(readingCalls)) meaningOf(name).reads = paths;
for (const [name, paths] of Object.entries(writingCalls)) meaningOf(name).writes = paths;
for (const [name, argument] of Object.entries(programCalls)) meaningOf(name).program = argument;
for (const name of databaseOpeners) meaningOf(name).opensDatabase = true;
for (const name of zoneCalls) meaningOf(name).zone = true;
for (const name of userCalls) meaningOf(name).facts.push("userLookups");
for (const name of tlsClientNames) meaningOf(name).facts.push("tlsClients");
for (const name of temporaryFileCalls) meaningOf(name).facts.push("tempFiles");

const implicitCalls = new Map<string, ImplicitFiles[]>();
for (const one of implicitFiles) {
  if (one.call === undefined) continue;
  const name = `${one.path}.${one.call}`;
  implicitCalls.set(name, [...(implicitCalls.get(name) ?? []), one]);
}

const joins = new Set(["path/filepath.Join", "path.Join"]);
/** Longer strings are texts, not paths (PATH_MAX of linux is 4096; names in sources are short). */
const longestPath = 255;

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
  const { module, packages, imports, missing } = own;
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
    if (pureGoPackages.some((one) => isOfModule(path, one))) continue;
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

interface CallName {
  /** `net/http.Get`, when the selector is a package's name and a name. */
  readonly qualified: string | undefined;
  /** `.LoadHTMLGlob` of a longer selector, or of one that does not begin with a package. */
  readonly method: string | undefined;
  /** `net/http.DefaultClient` of `http.DefaultClient.Do`. */
  readonly first: string | undefined;
  readonly plain: string;
}

function callNames(file: GoFile): CallName[] {
  const known = new Map<string, CallName>();
  return file.calls.map(({ selector }) => {
    let name = known.get(selector);
    if (!name) known.set(selector, (name = callName(file, selector)));
    return name;
  });
}

function callName(file: GoFile, selector: string): CallName {
  const dot = selector.indexOf(".");
  if (dot < 0)
    return { qualified: undefined, method: undefined, first: undefined, plain: selector };
  const imported = file.packages.get(selector.slice(0, dot));
  const method = selector.slice(selector.lastIndexOf("."));
  if (imported === undefined)
    return { qualified: undefined, method, first: undefined, plain: method };
  const next = selector.indexOf(".", dot + 1);
  if (next < 0) {
    const qualified = `${imported}${selector.slice(dot)}`;
    return { qualified, method: undefined, first: qualified, plain: qualified };
  }
  return {
    qualified: undefined,
    method,
    first: `${imported}${selector.slice(dot, next)}`,
    plain: method,
  };
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

function readLiterals(
  file: GoFile,
  names: readonly CallName[],
  program: { literals: ProgramLiteral[]; zones: Evidence[]; tempFiles: Evidence[] },
): void {
  // What a generator wrote down is where it read, not where the program does.
  const generated = /^\/\/ Code generated .* DO NOT EDIT\.$/m.test(file.source.slice(0, 4000));
  const besideSource = file.calls.some(({ selector }) => selector === "runtime.Caller");
  const joined = new Set<number>();
  for (const { value, line, start, call, argument, appended } of file.literals) {
    if (value === "" || value.length > longestPath || value.includes("\n")) {
      if (zoneInText.test(value)) program.zones.push(evidenceAt(file, line, start));
      continue;
    }
    if (generated) continue;
    const name = call === undefined ? undefined : names[call]!;
    if (zoneName.test(value) || (value.includes("=") && zoneInText.test(value)))
      program.zones.push(evidenceAt(file, line, start));
    if (value === "/tmp" || value.startsWith("/tmp/"))
      program.tempFiles.push(evidenceAt(file, line, start));
    if (name?.qualified !== undefined && joins.has(name.qualified)) {
      // The strings of one Join are one path: `filepath.Join("web", "templates")` does not name all of web.
      if (!joined.has(call!)) {
        joined.add(call!);
        for (const run of joinedRuns(file, file.calls[call!]!))
          program.literals.push(
            literalOf(file, run, line, start, name, argument, appended, besideSource),
          );
      }
      continue;
    }
    program.literals.push(
      literalOf(file, value, line, start, name, argument, appended, besideSource),
    );
  }
}

function literalOf(
  file: GoFile,
  value: string,
  line: number,
  start: number,
  name: CallName | undefined,
  argument: number,
  appended: boolean,
  besideSource: boolean,
): ProgramLiteral {
  return {
    value,
    evidence: evidenceAt(file, line, start),
    ...(name && { call: name.plain, argument }),
    ...(appended && { appended }),
    ...(besideSource && { besideSource }),
  };
}

/** The paths that neighbouring strings of a Join make, cut where an argument is computed. */
function joinedRuns(file: GoFile, call: GoCall): string[] {
  const runs: string[][] = [[]];
  for (const span of splitArguments(file, call)) {
    const inside = literalsIn(file, span);
    const text = file.source.slice(span.start, span.end).trim();
    if (inside.length === 1 && inside[0]!.end - inside[0]!.start === text.length)
      runs.at(-1)!.push(inside[0]!.value);
    else {
      const direct = inside.filter(
        (one) => one.call !== undefined && file.calls[one.call] === call,
      );
      runs.push(...direct.map((one) => [one.value]), []);
    }
  }
  return runs
    .filter((run) => run.some((part) => part !== ""))
    .map((run) => run.join("/").replace(/\/{2,}/g, "/"));
}

function argumentIndexes(paths: PathArguments, count: number): number[] {
  if (!("from" in paths)) return paths.filter((index) => index < count);
  return Array.from({ length: Math.max(0, count - paths.from) }, (_, index) => index + paths.from);
}

function readCall(
  file: GoFile,
  call: GoCall,
  name: string,
  meaning: Meaning,
  expressions: ExpressionReader,
  program: {
    readsFiles: FileAccess[];
    writesFiles: FileAccess[];
    runsPrograms: StartedProgram[];
    zones: Evidence[];
  },
): void {
  const { reads, writes, opensDatabase } = meaning;
  if (!reads && !writes && meaning.program === undefined && !meaning.zone && !opensDatabase) return;
  const spans = splitArguments(file, call);
  const evidence = evidenceAt(file, call.line, call.start);
  function accesses(positions: PathArguments): FileAccess[] {
    return argumentIndexes(positions, spans.length).flatMap((index): FileAccess[] => {
      const { literals, origin } = expressions.valueOf(file, spans[index]!);
      const paths = literals.filter(
        (one) => one !== "" && (literals.length === 1 || !/^[./]+$/.test(one)),
      );
      if (paths.length === 0)
        return [{ call: name, origin: origin === "literal" ? "unknown" : origin, evidence }];
      return paths.map((literal) => ({ call: name, literal, origin, evidence }));
    });
  }
  // https://pkg.go.dev/os#pkg-constants: os.OpenFile reads unless it is told to write only.
  const flags =
    name === "os.OpenFile" && spans[1] ? file.source.slice(spans[1].start, spans[1].end) : "";
  if (reads && !/O_(?:WRONLY|APPEND|TRUNC)/.test(flags))
    program.readsFiles.push(...accesses(reads));
  if (writes && !(name === "os.OpenFile" && /^\s*os\.O_RDONLY\s*$/.test(flags)))
    program.writesFiles.push(...accesses(writes));
  if (opensDatabase) {
    const driver = spans[0] ? expressions.valueOf(file, spans[0]).literals : [];
    if (driver.some((one) => fileDrivers.includes(one))) {
      const found = accesses([1]);
      program.readsFiles.push(...found);
      program.writesFiles.push(...found);
    }
  }
  if (meaning.zone) {
    const names = spans[0] ? expressions.valueOf(file, spans[0]).literals : [];
    if (names.length === 0 || names.some((one) => !builtInZones.has(one)))
      program.zones.push(evidence);
  }
  const start = meaning.program === undefined ? undefined : spans[meaning.program];
  if (start !== undefined)
    program.runsPrograms.push(...startedPrograms(file, spans, start, expressions, evidence));
}

function startedPrograms(
  file: GoFile,
  spans: readonly { start: number; end: number }[],
  start: { start: number; end: number },
  expressions: ExpressionReader,
  evidence: Evidence,
): StartedProgram[] {
  // A program that starts itself again needs no other.
  if (/\bos\.(?:Args\[0\]|Executable\(\))/.test(file.source.slice(start.start, start.end)))
    return [];
  const names = expressions.valueOf(file, start).literals.filter((one) => one !== "");
  if (names.length === 0) return [{ evidence }];
  const rest = spans
    .filter((span) => span.start > start.start)
    .flatMap((span) => literalsIn(file, span));
  const script = rest[0]?.value === "-c" ? rest[1]?.value : undefined;
  return names.map((program) => ({ program, ...(script !== undefined && { script }), evidence }));
}

function readImplicitCall(
  file: GoFile,
  call: GoCall,
  qualified: string,
  found: ImplicitAccess[],
): void {
  for (const one of implicitCalls.get(qualified) ?? []) {
    if (one.withoutArguments && file.source.slice(call.start, call.end).trim() !== "") continue;
    found.push({ paths: one.files, evidence: evidenceAt(file, call.line, call.start) });
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
        const what = lastName(call);
        if (what !== known.name && what !== known.directory) continue;
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
