/**
 * Which files of the build context a Go program reads (or writes beside) at run time. A string that names
 * an existing file is taken for a path: copying too much is harmless, too little breaks the image.
 */
import type { Evidence } from "../core/outcome.ts";
import type { Repository, RepositoryEntry } from "../core/repository.ts";
import type { Origin } from "./go-expressions.ts";
import { repositoryNames, wordCalls } from "./go-knowledge.ts";
import { contextTree, type ContextTree } from "./go-context-tree.ts";
import type { GoProgram, ProgramLiteral } from "./go-facts.ts";
import { below, isWithin, pathFrom } from "./go-module.ts";

export interface RunTimeFilesOptions {
  /** The build context, relative to the repository's root. */
  readonly contextDirectory: string;
  /**
   * The directory the program starts in, as the directory of the context that was copied there;
   * `undefined` when it is not a copy of one, so that relative paths name nothing of the context.
   */
  readonly workingDirectoryInContext: string | undefined;
  /** The path in the context that an absolute path of the image was copied from. */
  readonly toContext?: (absolute: string) => string | undefined;
  /** Strings from outside the sources that the program may take for paths: start arguments, ENV values. */
  readonly values?: readonly { readonly value: string; readonly evidence: Evidence }[];
}

export interface RunTimeFile {
  /** Relative to the build context. */
  readonly path: string;
  readonly kind: RepositoryEntry["kind"];
  /** `false` when only a bare word names it, which may be a coincidence. */
  readonly certain: boolean;
  readonly evidence: readonly Evidence[];
}

export interface ComputedRead extends Evidence {
  /**
   * `working-directory`: all of it is read or served. `elsewhere`: the name stands in the sources, but the file lies
   * in another directory of the context. Otherwise where the path comes from.
   */
  readonly origin: Exclude<Origin, "literal"> | "working-directory" | "elsewhere";
}

export interface RunTimeFiles {
  /** In path order; a directory stands for what is below it. */
  readonly files: readonly RunTimeFile[];
  /** Reads whose path no string in the sources explains. */
  readonly computed: readonly ComputedRead[];
}

interface Found {
  readonly kind: RepositoryEntry["kind"];
  certain: boolean;
  readonly evidence: Evidence[];
}

const globCharacter = /[*?[{]/;
/** Openers whose `.` is no directory that is read. */
const opensDatabase = /database|sqlx|gorm|xorm/;
const mostEvidence = 3;
const configurationFile = /\.(?:json|ya?ml|toml|ini|conf|cfg|properties|env)$|(?:^|\/)\.env[^/]*$/;
const mostConfigurations = 20;
const largestConfiguration = 64 * 1024;

/**
 * @example
 * runTimeFiles(repository, program, { contextDirectory: "", workingDirectoryInContext: "" }).files
 * // [{ path: "templates", kind: "directory", certain: true, evidence: […] }]
 */
export function runTimeFiles(
  repository: Repository,
  program: GoProgram,
  options: RunTimeFilesOptions,
): RunTimeFiles {
  const tree = contextTree(repository, options.contextDirectory);
  const found = new Map<string, Found>();
  const computed = new Map<string, ComputedRead>();
  const accessed = new Set<string>();
  for (const { literal } of [...program.readsFiles, ...program.writesFiles])
    if (literal !== undefined) accessed.add(literal);

  function compute(evidence: Evidence, origin: ComputedRead["origin"]): void {
    const key = `${evidence.path}:${evidence.line}`;
    if (!computed.has(key)) computed.set(key, { ...evidence, origin });
  }

  function take(path: string, certain: boolean, evidence: Evidence): void {
    const kind = tree.kindOf(path);
    if (kind === undefined) return;
    const known = found.get(path);
    if (!known) found.set(path, { kind, certain, evidence: [evidence] });
    else {
      known.certain ||= certain;
      const isNew = !known.evidence.some(
        (one) => one.path === evidence.path && one.line === evidence.line,
      );
      if (isNew && known.evidence.length < mostEvidence) known.evidence.push(evidence);
    }
  }

  /** The place in the context of a path as the program writes it. */
  function placeOf(path: string, base: string | undefined): string | undefined {
    if (path.startsWith("/")) return options.toContext?.(path);
    return base === undefined ? undefined : pathFrom(base, path);
  }

  for (const { call, literal, origin, evidence } of program.readsFiles) {
    if (literal === undefined) compute(evidence, origin === "literal" ? "unknown" : origin);
    else if (namesWorkingDirectory(literal) && !opensDatabase.test(call))
      compute(evidence, "working-directory");
  }
  const servesUnknown = computed.size > 0;

  /** Whether a path is the working directory or one above it, with or without a pattern for everything in it. */
  function namesWorkingDirectory(path: string): boolean {
    if (path === "/") return false;
    const base = options.workingDirectoryInContext;
    const directory = path.replace(/\/?\*$/, "");
    if (/^[./]*$/.test(directory) && !directory.startsWith("/")) return true;
    const place = directory.startsWith("/") ? placeOf(directory, base) : undefined;
    return place !== undefined && isWithin(base ?? "", place);
  }

  const outside = (options.values ?? []).map(({ value, evidence }): ProgramLiteral => ({
    // --config=conf/app.yaml
    value: value.replace(/^--?[\w-]+=/, ""),
    evidence,
  }));
  for (const literal of [...program.literals, ...outside].flatMap(withParts)) {
    const isAccess = accessed.has(literal.value);
    const bases = [options.workingDirectoryInContext];
    if (literal.besideSource) bases.push(tree.inContext(directoryOf(literal.evidence.path)));
    for (const base of bases)
      for (const path of candidates(literal, program, isAccess || servesUnknown))
        for (const place of existing(path, base, isAccess)) {
          const isDirectory = tree.kindOf(place) === "directory";
          const isBareWord = isDirectory && !/[./]/.test(literal.value);
          if (isDirectory && !isAccess && isWord(literal)) continue;
          if (!isAccess && coveredByEmbed(program, tree, place)) continue;
          take(place, isAccess || !isBareWord, literal.evidence);
        }
  }
  for (const access of [...program.readsFiles, ...program.writesFiles]) {
    if (access.literal === undefined) continue;
    for (const path of candidates(
      { value: access.literal, evidence: access.evidence },
      program,
      true,
    ))
      for (const place of existing(path, options.workingDirectoryInContext, true))
        take(place, true, access.evidence);
  }
  for (const { paths, evidence } of program.implicitFiles) {
    for (const path of paths) {
      const place = placeOf(path, options.workingDirectoryInContext);
      if (place !== undefined && place !== "") take(place, true, evidence);
    }
  }
  for (const { literal, evidence } of program.readsFiles) {
    if (literal === undefined) continue;
    const name = literal.replace(/^(?:[*.]*\/)+/, "");
    if (!/\.[A-Za-z0-9]+$/.test(name) || globCharacter.test(name)) continue;
    const places = tree.filesNamed(name);
    if (
      places.length > 0 &&
      !places.some((place) => [...found.keys()].some((path) => isWithin(place, path)))
    )
      compute(evidence, "elsewhere");
  }

  /** The paths of the context that a path names, patterns and beginnings of names included. */
  function existing(path: string, base: string | undefined, isAccess: boolean): string[] {
    const glob = path.search(globCharacter);
    if (glob >= 0) {
      const slash = path.lastIndexOf("/", glob);
      if (slash > 0) return existing(path.slice(0, slash), base, isAccess);
      const [segment = ""] = path.slice(slash + 1).split("/");
      const directory = placeOf(slash === 0 ? "/" : ".", base);
      if (directory === undefined || /^[*?.]*$/.test(segment)) return [];
      // Of `%d-%s` no name can be told.
      if (!/[A-Za-z]{3}|\.[A-Za-z]/.test(segment)) return [];
      const pattern = globPattern(segment);
      return tree
        .names(directory)
        .filter((name) => pattern?.test(name))
        .map((name) => below(directory, name))
        .filter(isForProgram);
    }
    const place = placeOf(path, base);
    // The working directory itself, or one above it, is no answer: nearly everything is.
    if (place === undefined || place === "" || isWithin(base ?? "", place)) return [];
    const kind = tree.kindOf(place);
    if (kind !== undefined) {
      if (isAccess) return tree.holdsOnlyGo(place) ? [] : [place];
      return isForProgram(place) ? [place] : [];
    }
    const slash = place.lastIndexOf("/");
    const parent = slash < 0 ? "" : place.slice(0, slash);
    if (/[-_.]$/.test(place) && place.length - slash > 2)
      return tree
        .names(parent)
        .filter((name) => name.startsWith(place.slice(slash + 1)))
        .map((name) => below(parent, name))
        .filter(isForProgram);
    // A file that is made at run time needs its directory.
    if (
      isAccess &&
      parent !== "" &&
      !isWithin(base ?? "", parent) &&
      tree.kindOf(parent) === "directory"
    )
      return tree.holdsOnlyGo(parent) ? [] : [parent];
    return [];
  }

  function isForProgram(place: string): boolean {
    const name = place.slice(place.lastIndexOf("/") + 1);
    return !repositoryNames.test(name) && tree.holdsData(place);
  }

  readConfigurations();

  /** Further paths may stand in the configuration the program reads. */
  function readConfigurations(): void {
    const files = [...found].flatMap(([path, { kind }]) =>
      kind === "directory" ? tree.names(path).map((name) => below(path, name)) : [path],
    );
    for (const path of files
      .filter((one) => configurationFile.test(one))
      .slice(0, mostConfigurations)) {
      const fullPath = below(options.contextDirectory, path);
      const text = repository.read(fullPath) ?? "";
      if (text.length > largestConfiguration) continue;
      for (const [index, line] of text.split("\n").entries())
        for (const [word] of line.matchAll(/[\w./-]*[./][\w./-]*/g))
          for (const place of existing(word, options.workingDirectoryInContext, false))
            take(place, true, { path: fullPath, line: index + 1, text: line.trim().slice(0, 160) });
    }
  }

  return { files: withoutChildren(found), computed: [...computed.values()] };
}

/** A list of settings in one string: `a=testing/|b=site/`. */
function withParts(literal: ProgramLiteral): ProgramLiteral[] {
  const { value } = literal;
  if (!/[=|,;]/.test(value) || !value.includes("/") || /\s/.test(value)) return [literal];
  const parts = value
    .split(/[=|,;:]/)
    .filter((part) => /[\w]\/|\/[\w]/.test(part) && part !== value);
  return [literal, ...parts.map((part) => ({ ...literal, value: part }))];
}

/** The paths a string may stand for. */
function candidates(
  { value, appended }: Pick<ProgramLiteral, "value" | "appended" | "evidence">,
  program: GoProgram,
  mayBeRelative: boolean,
): string[] {
  let path = value.replace(/^file:(?:\/\/)?/, "");
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(path) || path.startsWith("~") || path.includes("\0"))
    return [];
  // Built from GOPATH: $GOPATH/src/github.com/me/app/templates
  const inGopath = belowImportPath(path, program.module?.path);
  if (inGopath !== undefined) return [inGopath];
  // A query of a database's file name, not a pattern: file:app.db?cache=shared
  path = path.replace(/\?[\w%.-]+=.*$/, "");
  // What a format verb leaves out before a slash is a directory, behind it a name.
  path = path
    .replace(/%[-+#0-9.]*[a-zA-Z]/g, "*")
    .replace(/^(?:\*\/?)+(?=\/|[^*]*\/)/, "")
    .replace(/\/+$/, "");
  if (path === "" || path === "." || path === "..") return [];
  if (!path.startsWith("/")) return [path];
  const isFile = /\.[A-Za-z0-9]{1,8}$/.test(path);
  return appended || isFile || mayBeRelative ? [path, path.replace(/^\/+/, "")] : [path];
}

/** What follows the program's import path in a path that spells it out. */
function belowImportPath(path: string, modulePath: string | undefined): string | undefined {
  // A module called `app` or `main` is spelt by every path through a directory of that name.
  if (modulePath?.includes(".") && path.includes(`${modulePath}/`))
    return path.slice(path.indexOf(`${modulePath}/`) + modulePath.length + 1);
  return /(?:^|\/)src\/(?:github\.com|gitlab\.com|bitbucket\.org)\/[^/]+\/[^/]+\/(.+)$/.exec(
    path,
  )?.[1];
}

/** Whether a call takes its string for a word: a message, a key, a route, a flag's name. */
function isWord({ call, argument }: ProgramLiteral): boolean {
  if (call === undefined) return false;
  const name = call.slice(call.lastIndexOf(".") + 1);
  if (/^flag\.|pflag\./.test(call) || /^(?:String|Bool|Int|Duration)(?:Var)?P?$/.test(name))
    return argument === (/VarP?$/.test(name) ? 1 : 0);
  return wordCalls.has(name);
}

function coveredByEmbed(program: GoProgram, tree: ContextTree, place: string): boolean {
  return program.embeds.some(({ directory, pattern }) => {
    const start = tree.inContext(directory);
    if (start === undefined) return false;
    const glob = pattern.search(globCharacter);
    const fixed =
      glob < 0 ? pattern : pattern.slice(0, Math.max(0, pattern.lastIndexOf("/", glob)));
    const embedded = below(start, fixed);
    return isWithin(place, embedded) || (embedded !== "" && isWithin(embedded, place));
  });
}

function withoutChildren(found: ReadonlyMap<string, Found>): RunTimeFile[] {
  const files: RunTimeFile[] = [];
  for (const [path, one] of [...found].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const parent = files.find((file) => file.path !== path && isWithin(path, file.path));
    if (!parent) files.push({ path, ...one });
    else if (one.certain && !parent.certain) {
      const index = files.indexOf(parent);
      files[index] = {
        ...parent,
        certain: true,
        evidence: [...one.evidence, ...parent.evidence].slice(0, mostEvidence),
      };
    }
  }
  return files;
}

function directoryOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "" : path.slice(0, slash);
}

/** One path element's pattern, https://pkg.go.dev/path#Match; `{a,b}` is for the libraries that know it. */
function globPattern(segment: string): RegExp | undefined {
  const text = segment
    .replace(/[.+^$()|\\]/g, "\\$&")
    .replace(/\*+/g, ".*")
    .replace(/\?/g, ".")
    .replace(/\{([^}]*)\}/g, (_, choices: string) => `(?:${choices.replaceAll(",", "|")})`);
  try {
    return new RegExp(`^${text}$`);
  } catch {
    return undefined;
  }
}
