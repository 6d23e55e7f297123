import type { Evidence } from "../core/outcome.ts";
import { kindOf, type Repository } from "../core/repository.ts";
import type { FrontEnd } from "./front-end-facts.ts";
import type { FrontEndCommand } from "./front-end-commands.ts";
import { resolveIn } from "./javascript-calls.ts";
import { readConfiguration, type ConfigurationOptions } from "./javascript-configuration.ts";
import { valueAt, type JavaScriptValue } from "./javascript-values.ts";
import { readLockfile } from "./lockfile.ts";
import { beside, type PackageManifest } from "./package-manifest.ts";

/** A value of an environment variable; `null` when it is surely not set, `undefined` when that is not known. */
export type VariableReader = (name: string) => string | null | undefined;

/** What a framework's reader works on. */
export interface FrontEndPlace {
  readonly repository: Repository;
  /** Of the package, relative to the repository's root. */
  readonly directory: string;
  readonly manifest: PackageManifest;
  /** The command that builds. */
  readonly command: FrontEndCommand;
  readonly variable: VariableReader;
}

/** `newest` is what an install without a lockfile brings for `latest` or `*`. */
export type PackageVersion = readonly [major: number, minor: number] | "newest";

/** The version of a package: the lockfile's, otherwise what package.json asks for; `undefined` when it is not named. */
export function versionOf(
  { repository, directory, manifest }: Pick<FrontEndPlace, "repository" | "directory" | "manifest">,
  names: readonly string[],
): PackageVersion | undefined {
  for (const name of names) {
    const asked = manifest.dependencies.get(name) ?? manifest.developmentDependencies.get(name);
    if (asked === undefined) continue;
    const locked = lockedVersion(repository, directory, name);
    const version = locked ?? asked;
    const match = /^(?:npm:(?:@[^@]+|[^@]+)@)?[\^~=v]*\s*(\d+)(?:\.(\d+|x|\*))?/.exec(version);
    if (match) return [Number(match[1]), Number(match[2]) || 0];
    if (/^(?:latest|\*|x|next|>=?\s*\d.*)$/.test(version) && !/[<|]/.test(version)) return "newest";
    return undefined;
  }
  return undefined;
}

/** Lockfiles stand in the package's directory, or in one above when it is part of a workspace. */
function lockedVersion(
  repository: Repository,
  directory: string,
  name: string,
): string | undefined {
  for (let above = directory; ; above = resolveIn(above, "..")) {
    const lockfile = readLockfile(repository, above);
    if (lockfile || above === "") {
      const version = lockfile?.packages?.get(name)?.version;
      return version !== undefined && /^\d/.test(version) ? version : undefined;
    }
  }
}

/** What holds from a version on; the newest first. */
export type ByVersion<T> = readonly (readonly [from: readonly [number, number], value: T])[];

/** The value for a version; `undefined` when the version is not known and makes a difference. */
export function atVersion<T>(
  table: ByVersion<T>,
  version: PackageVersion | undefined,
): T | undefined {
  if (version === "newest" || table.length === 1) return table[0]?.[1];
  if (version === undefined) return undefined;
  return table.find(
    ([[major, minor]]) => version[0] > major || (version[0] === major && version[1] >= minor),
  )?.[1];
}

/** Reads the first of the files that is there, from the package's directory. */
export function configurationIn(
  { repository, directory, variable }: FrontEndPlace,
  names: readonly string[],
  options: Partial<ConfigurationOptions> = {},
): JavaScriptValue | undefined {
  const path = names
    .map((name) => resolveIn(directory, name))
    .find((path) => kindOf(repository, path) === "file");
  return path === undefined
    ? undefined
    : readConfiguration(repository, path, { workingDirectory: directory, variable, ...options });
}

/** The names of a configuration file with the endings that it may have. */
export function configurationNames(stem: string, endings = "js mjs ts cjs mts cts"): string[] {
  return endings.split(" ").map((ending) => `${stem}.${ending}`);
}

/** The value of an option: `--outDir out`, `--outDir=out`. A switch without a value gives `true`. */
export function optionOf(
  { command, manifest }: Pick<FrontEndPlace, "command" | "manifest">,
  names: readonly string[],
): JavaScriptValue | undefined {
  for (let index = command.words.length - 1; index >= 0; index--) {
    const word = command.words[index]!;
    for (const name of names) {
      const next = command.words[index + 1];
      if (word !== name && !word.startsWith(`${name}=`)) continue;
      const value = word === name ? next : word.slice(name.length + 1);
      const source = word === name && next !== undefined ? `${word} ${next}` : word;
      const place = { file: manifest.path, line: scriptLine(manifest, word), source };
      if (value === undefined || (word === name && value.startsWith("-")))
        return { ...place, kind: "boolean", boolean: true };
      return /[$`]/.test(value)
        ? { ...place, kind: "unknown" }
        : { ...place, kind: "text", text: value };
    }
  }
  return undefined;
}

function scriptLine(manifest: PackageManifest, word: string): number {
  return [...manifest.scripts.values()].find(({ text }) => text.includes(word))?.line ?? 1;
}

/** Words of the command that are no options, nor values of these options. */
export function operandsOf(
  { command }: Pick<FrontEndPlace, "command">,
  valued: readonly string[],
): string[] {
  const operands: string[] = [];
  for (let index = 0; index < command.words.length; index++) {
    const word = command.words[index]!;
    if (!word.startsWith("-")) operands.push(word);
    else if (valued.includes(word)) index++;
  }
  return operands;
}

/** The directory that a tool works in when its first operand names it: `vite build web`. */
export function operandDirectory(place: FrontEndPlace, valued: readonly string[]): string {
  const [operand] = operandsOf(place, valued);
  return operand === undefined ? place.directory : resolveIn(place.directory, operand);
}

/** The first setting that is there, be it one that cannot be told. */
export function firstOf(
  ...values: readonly (JavaScriptValue | undefined)[]
): JavaScriptValue | undefined {
  return values.find((value) => value !== undefined);
}

/** The first of several properties that is there. */
export function settingAt(
  configuration: JavaScriptValue | undefined,
  ...paths: readonly (readonly string[])[]
): JavaScriptValue | undefined {
  return firstOf(...paths.map((path) => valueAt(configuration, path)));
}

/**
 * A directory that a setting names, relative to the package's directory (or absolute, when it is so in the image);
 * `undefined` when that cannot be told.
 *
 * @param base what the setting is relative to, itself relative to the repository's root
 */
export function directoryOf(
  place: Pick<FrontEndPlace, "directory">,
  value: JavaScriptValue | undefined,
  base: string,
  fallback: string | undefined,
): string | undefined {
  if (value === undefined)
    return fallback === undefined
      ? undefined
      : relativePath(place.directory, resolveIn(base, fallback));
  if (value.kind === "path") return relativePath(place.directory, value.path);
  if (value.kind !== "text" || value.text === "") return undefined;
  if (value.text.startsWith("/")) return value.text.replace(/(?<=.)\/+$/, "");
  return relativePath(place.directory, resolveIn(base, value.text));
}

/** A path seen from a directory, both relative to the repository's root: `../static`. */
export function relativePath(directory: string, path: string): string {
  const from = directory.split("/").filter(Boolean);
  const to = path.split("/").filter(Boolean);
  let shared = 0;
  while (shared < from.length && from[shared] === to[shared]) shared++;
  return [...from.slice(shared).map(() => ".."), ...to.slice(shared)].join("/") || ".";
}

/** A path that a site is served under: `/app/`; one that is relative, `./`, fits any place. */
export function basePathOf(
  value: JavaScriptValue | undefined,
  fallback: string | undefined,
): string | undefined {
  if (value === undefined) return fallback;
  if (value.kind !== "text") return undefined;
  const text = /^(?:https?:)?\/\/[^/]+(\/.*)?$/.exec(value.text);
  const path = text ? (text[1] ?? "/") : value.text;
  if (path === "" || path === "." || path === "./") return "/";
  return `/${path.replace(/^\/+|\/+$/g, "")}/`.replace(/^\/\/$/, "/");
}

/** Where a value is written, for the reader of a reason. */
export function evidenceOf(value: JavaScriptValue): Evidence {
  const [text = ""] = value.source.split("\n");
  return { path: value.file, line: value.line, text: text.trim().slice(0, 120) };
}

/** The places of those values that are there, each once. */
export function evidenceOfAll(...values: readonly (JavaScriptValue | undefined)[]): Evidence[] {
  const all = values.flatMap((value) => (value ? [evidenceOf(value)] : []));
  return all.filter(
    (one, index) =>
      all.findIndex(({ path, line }) => path === one.path && line === one.line) === index,
  );
}

export function fileIn({ repository, directory }: FrontEndPlace, name: string): boolean {
  return kindOf(repository, beside(directory, name)) === "file";
}

/** A front end with more evidence. */
export function withEvidence(
  frontEnd: FrontEnd,
  ...values: readonly (JavaScriptValue | undefined)[]
): FrontEnd {
  return {
    ...frontEnd,
    evidence: [
      ...frontEnd.evidence,
      ...values.flatMap((value) => (value ? [evidenceOf(value)] : [])),
    ],
  };
}
