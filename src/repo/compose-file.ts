import type { Evidence } from "../core/outcome.ts";
import { resolvePath } from "../core/path.ts";
import { interpolate, known, splitCommand, withDefaults } from "./compose-values.ts";
import { pathFrom } from "./go-module.ts";
import {
  entriesOf,
  itemsOf,
  readYaml,
  textOf,
  type YamlEntry,
  type YamlNode,
} from "./yaml-file.ts";

/** A value of a service; `undefined` when it comes from the environment. */
export interface ComposeValue {
  readonly value: string | undefined;
  readonly evidence: Evidence;
}

export interface ComposeStart {
  /** `words`: a list. `text`: one text, which compose splits for `command` and `entrypoint`, and a shell runs for a health check. */
  readonly form: "words" | "text";
  /** Of a text: as it is split. Variables are left as they are written, in both. */
  readonly words: readonly string[];
  readonly text: string;
  readonly evidence: Evidence;
}

export interface ComposeMount {
  readonly kind: "bind" | "volume";
  /**
   * A bind: repository-relative when it is a path in the repository, otherwise as written. A volume: its name. `undefined`:
   * an anonymous volume, or a variable without a default.
   */
  readonly source: string | undefined;
  /** Absolute path in the container. */
  readonly target: string;
  readonly evidence: Evidence;
}

/** A service as one file has it, what it extends included. */
export interface WrittenService {
  readonly name: string;
  readonly path: string;
  readonly line: number;
  readonly build: WrittenBuild | undefined;
  readonly command: ComposeStart | undefined;
  readonly entrypoint: ComposeStart | undefined;
  readonly healthcheck: ComposeStart | undefined;
  readonly volumes: readonly ComposeMount[];
  readonly environment: ReadonlyMap<string, ComposeValue>;
  /** Paths of `env_file`, repository-relative; `undefined` for one outside of the repository or by a variable. */
  readonly environmentFiles: readonly ComposeValue[];
  readonly user: ComposeValue | undefined;
  readonly workingDirectory: ComposeValue | undefined;
}

export interface WrittenBuild {
  /** `context`, `dockerfile`, `target` and `dockerfile_inline`, as far as they are written; `undefined` for a variable. */
  readonly keys: ReadonlyMap<string, string | undefined>;
  readonly arguments: ReadonlyMap<string, string | undefined>;
  readonly path: string;
  readonly line: number;
}

/** Of services that extend each other. */
const LONGEST_CHAIN = 20;

/** Top-level elements that are no services, in a file of the first version, which has no `services`. */
const TOP_LEVEL = /^(?:version|name|networks|volumes|configs|secrets|include|models|x-.*)$/;

export interface ComposeFile {
  readonly path: string;
  readonly text: string;
}

/** The services that a compose file has; none for one that is no YAML. */
export function readComposeFile(file: ComposeFile): readonly WrittenService[] {
  const lines = file.text.split("\n");
  const evidence = (line: number): Evidence => ({
    path: file.path,
    line,
    text: (lines[line - 1] ?? "").trim(),
  });
  const found: WrittenService[] = [];
  for (const document of readYaml(file.text) ?? []) {
    const services = serviceEntries(document);
    const read = new Map<string, WrittenService>();
    for (const name of services.keys()) {
      const service = readService(name, services, read, new Set());
      if (service) found.push(service);
    }
  }
  return found;

  function readService(
    name: string,
    services: ReadonlyMap<string, YamlEntry>,
    read: Map<string, WrittenService>,
    above: ReadonlySet<string>,
  ): WrittenService | undefined {
    const entry = services.get(name);
    if (entry?.value.kind !== "map" || above.has(name) || above.size > LONGEST_CHAIN)
      return undefined;
    const before = read.get(name);
    if (before) return before;
    const own = readOwn(name, entry);
    const baseName = extendedName(entry.value, file.path);
    const base =
      baseName === undefined
        ? undefined
        : readService(baseName, services, read, new Set([...above, name]));
    const service = base ? extend(own, base) : own;
    read.set(name, service);
    return service;
  }

  function readOwn(name: string, { line, value }: YamlEntry): WrittenService {
    const entries = entriesOf(value);
    const healthcheck = entriesOf(entries.get("healthcheck")?.value);
    const valueAt = (key: string): ComposeValue | undefined => {
      const entry = entries.get(key);
      const text = textOf(entry?.value);
      return entry && text !== undefined
        ? { value: interpolate(text), evidence: evidence(entry.line) }
        : undefined;
    };
    return {
      name,
      path: file.path,
      line,
      build: readBuild(entries.get("build"), file.path),
      command: readStart(entries.get("command"), evidence),
      entrypoint: readStart(entries.get("entrypoint"), evidence),
      healthcheck: readTest(healthcheck.get("test"), evidence),
      volumes: itemsOf(entries.get("volumes")?.value).flatMap((item) => {
        const mount = readMount(item, directoryOf(file.path));
        return mount ? [{ ...mount, evidence: evidence(item.line) }] : [];
      }),
      environment: readEnvironment(entries.get("environment")?.value, evidence),
      environmentFiles: readEnvironmentFiles(entries.get("env_file"), file.path, evidence),
      user: valueAt("user"),
      workingDirectory: valueAt("working_dir"),
    };
  }
}

function serviceEntries(document: YamlNode): ReadonlyMap<string, YamlEntry> {
  const top = entriesOf(document);
  const services = top.get("services");
  if (services) return entriesOf(services.value);
  return new Map([...top].filter(([name]) => !TOP_LEVEL.test(name)));
}

/** The service of the same file that one extends. */
function extendedName(service: YamlNode, path: string): string | undefined {
  const value = entriesOf(service).get("extends")?.value;
  const text = textOf(value);
  if (text !== undefined) return text;
  const file = textOf(entriesOf(value).get("file")?.value);
  const isOwn = file === undefined || pathFrom(directoryOf(path), file) === path;
  return isOwn ? textOf(entriesOf(value).get("service")?.value) : undefined;
}

/** Source: https://docs.docker.com/reference/compose-file/services/#extends */
function extend(own: WrittenService, base: WrittenService): WrittenService {
  const targets = new Set(own.volumes.map(({ target }) => target));
  return {
    ...own,
    build: own.build && base.build ? override(own.build, base.build) : (own.build ?? base.build),
    command: own.command ?? base.command,
    entrypoint: own.entrypoint ?? base.entrypoint,
    healthcheck: own.healthcheck ?? base.healthcheck,
    volumes: [...base.volumes.filter(({ target }) => !targets.has(target)), ...own.volumes],
    environment: new Map([...base.environment, ...own.environment]),
    environmentFiles: [...base.environmentFiles, ...own.environmentFiles],
    user: own.user ?? base.user,
    workingDirectory: own.workingDirectory ?? base.workingDirectory,
  };
}

function readBuild(entry: YamlEntry | undefined, path: string): WrittenBuild | undefined {
  if (!entry) return undefined;
  const { line, value } = entry;
  if (value.kind === "list") return undefined;
  if (value.kind === "scalar") {
    if (value.text === undefined) return undefined;
    const keys = new Map([["context", known(pathValue(value.text))]]);
    return { keys, arguments: new Map(), path, line };
  }
  const keys = new Map<string, string | undefined>();
  for (const key of ["context", "dockerfile", "target", "dockerfile_inline"]) {
    const text = textOf(value.entries.get(key)?.value);
    if (text !== undefined) keys.set(key, known(pathValue(text)));
  }
  return { keys, arguments: pairsOf(value.entries.get("args")?.value), path, line };
}

/** `NAME=value` items, or a map. */
function pairsOf(node: YamlNode | undefined): Map<string, string | undefined> {
  return new Map([...placedPairs(node)].map(([name, { value }]) => [name, value]));
}

function readEnvironment(
  node: YamlNode | undefined,
  evidence: (line: number) => Evidence,
): Map<string, ComposeValue> {
  return new Map(
    [...placedPairs(node)].map(([name, { value, line }]) => [
      name,
      { value, evidence: evidence(line) },
    ]),
  );
}

function placedPairs(
  node: YamlNode | undefined,
): Map<string, { readonly value: string | undefined; readonly line: number }> {
  const pairs = new Map<string, { value: string | undefined; line: number }>();
  const put = (name: string, text: string | undefined, line: number): void => {
    pairs.set(name, { value: text === undefined ? undefined : interpolate(text), line });
  };
  for (const [name, { line, value }] of entriesOf(node)) put(name, textOf(value), line);
  for (const item of itemsOf(node)) {
    const text = textOf(item);
    if (text === undefined) continue;
    const equals = text.indexOf("=");
    // A name alone takes its value from where compose runs.
    if (equals < 0) put(text, undefined, item.line);
    else put(text.slice(0, equals), text.slice(equals + 1), item.line);
  }
  return pairs;
}

/** Source: https://docs.docker.com/reference/compose-file/services/#env_file */
function readEnvironmentFiles(
  entry: YamlEntry | undefined,
  path: string,
  evidence: (line: number) => Evidence,
): ComposeValue[] {
  if (!entry) return [];
  const items = entry.value.kind === "list" ? itemsOf(entry.value) : [entry.value];
  return items.flatMap((item) => {
    const text = textOf(item) ?? textOf(entriesOf(item).get("path")?.value);
    if (text === undefined) return [];
    const value = inRepository(directoryOf(path), known(pathValue(text)));
    return [{ value, evidence: evidence(item.line) }];
  });
}

function readStart(
  entry: YamlEntry | undefined,
  evidence: (line: number) => Evidence,
): ComposeStart | undefined {
  if (!entry) return undefined;
  const { line, value } = entry;
  if (value.kind === "list") {
    const words = value.items.map((item) => textOf(item) ?? "");
    return { form: "words", words, text: words.join(" "), evidence: evidence(line) };
  }
  const text = textOf(value)?.trim();
  if (text === undefined) return undefined;
  return { form: "text", words: splitCommand(text), text, evidence: evidence(line) };
}

/** The first word of a list says what it is. `NONE` turns the image's check off. */
function readTest(
  entry: YamlEntry | undefined,
  evidence: (line: number) => Evidence,
): ComposeStart | undefined {
  const start = readStart(entry, evidence);
  if (start?.form !== "words") return start;
  const [kind, ...words] = start.words;
  if (kind === "CMD") return { ...start, words, text: words.join(" ") };
  if (kind !== "CMD-SHELL") return undefined;
  const text = words.join(" ");
  return { ...start, form: "text", words: splitCommand(text), text };
}

/** Source: https://docs.docker.com/reference/compose-file/services/#volumes */
function readMount(item: YamlNode, directory: string): Omit<ComposeMount, "evidence"> | undefined {
  const text = textOf(item);
  const entries = entriesOf(item);
  const typeText = textOf(entries.get("type")?.value);
  if (text === undefined && typeText !== "bind" && typeText !== "volume") return undefined;
  const [source, target] =
    text === undefined
      ? [longValue("source", "src"), longValue("target", "dst", "destination")]
      : shortMount(pathValue(text));
  const inContainer = known(target);
  if (!inContainer?.startsWith("/")) return undefined;
  const isBind =
    text === undefined ? typeText === "bind" : /^(?:[./~\\\0]|[A-Za-z]:[\\/])/.test(source ?? "");
  const path = known(source);
  return {
    kind: isBind ? "bind" : "volume",
    source: isBind ? (inRepository(directory, path) ?? path) : path,
    target: resolvePath("/", inContainer)!,
  };

  function longValue(...keys: readonly string[]): string | undefined {
    const value = keys
      .map((key) => textOf(entries.get(key)?.value))
      .find((one) => one !== undefined);
    return value === undefined ? undefined : pathValue(value);
  }
}

/** `source:target:mode`, `target` alone, `C:\source:target`. */
function shortMount(text: string): [source: string | undefined, target: string] {
  const [, drive = "", rest = ""] = /^([A-Za-z]:(?=[\\/]))?([^]*)$/.exec(text) ?? [];
  const [first = "", second] = rest.split(":");
  return second === undefined ? [undefined, drive + first] : [drive + first, second];
}

function directoryOf(path: string): string {
  return path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
}

/** A path of a compose file, seen from a directory; `undefined` when it leads out of the repository. */
export function inRepository(directory: string, path: string | undefined): string | undefined {
  if (path === undefined || /^(?:[/~\\]|[A-Za-z]:\\|[\w+.-]+:\/\/|git@|github\.com\/)/.test(path))
    return undefined;
  return pathFrom(directory, path.replace(/\\/g, "/"));
}

/** `$PWD` is the directory that compose is started in, which by its rules is the file's. */
function pathValue(text: string): string {
  return withDefaults(text.replace(/^\$(?:PWD\b|\{PWD\})/, "."));
}

export function override(own: WrittenBuild, base: WrittenBuild): WrittenBuild {
  return {
    ...own,
    keys: new Map([...base.keys, ...own.keys]),
    arguments: new Map([...base.arguments, ...own.arguments]),
  };
}
