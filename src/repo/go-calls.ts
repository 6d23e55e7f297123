/** What calls tell about a program's needs, by the tables of `go-knowledge.ts`. */
import type { Evidence } from "../core/outcome.ts";
import type { ExpressionReader } from "./go-expressions.ts";
import { literalsIn, splitArguments, type Span } from "./go-syntax.ts";
import type { FileAccess, ImplicitAccess, StartedProgram } from "./go-facts.ts";
import {
  builtInZones,
  databaseOpeners,
  fileDrivers,
  implicitFiles,
  programCalls,
  readingCalls,
  temporaryFileCalls,
  tlsClientNames,
  userCalls,
  writingCalls,
  zoneCalls,
  type ImplicitFiles,
  type PathArguments,
} from "./go-knowledge.ts";
import { evidenceAt, type GoFile } from "./go-packages.ts";
import type { GoCall } from "./go-tokens.ts";

/** What a call means, merged from the tables of `go-knowledge.ts`. */
export interface Meaning {
  reads?: PathArguments;
  writes?: PathArguments;
  program?: number;
  opensDatabase?: boolean;
  zone?: boolean;
  facts: ("userLookups" | "tlsClients" | "tempFiles")[];
}

export const meanings = new Map<string, Meaning>();
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

/** The names a call may have in the tables of `go-knowledge.ts`. */
export interface CallName {
  /** `net/http.Get`, when the selector is a package's name and a name. */
  readonly qualified: string | undefined;
  /** `.LoadHTMLGlob` of a longer selector, or of one that does not begin with a package. */
  readonly method: string | undefined;
  /** `net/http.DefaultClient` of `http.DefaultClient.Do`. */
  readonly first: string | undefined;
  readonly plain: string;
}

/** The names of a file's calls, in their order. */
export function callNames(file: GoFile): CallName[] {
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

function argumentIndexes(paths: PathArguments, count: number): number[] {
  if (!("from" in paths)) return paths.filter((index) => index < count);
  return Array.from({ length: Math.max(0, count - paths.from) }, (_, index) => index + paths.from);
}

/** Adds what one call tells to the program's facts. */
export function readCall(
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
  spans: readonly Span[],
  start: Span,
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
  const after = spans.filter((span) => span.start > start.start);
  const words = after.every((span) => literalsIn(file, span).length === 1) ? rest : undefined;
  return names.map((program) => ({
    program,
    ...(script !== undefined && { script }),
    ...(words && { words: words.map(({ value }) => value) }),
    evidence,
  }));
}

/** Adds the files a call makes its module read by a name of its own. */
export function readImplicitCall(
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
