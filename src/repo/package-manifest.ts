import { kindOf, type Repository } from "../core/repository.ts";

/** What a package.json says. Source: https://docs.npmjs.com/cli/v10/configuring-npm/package-json */
export interface PackageManifest {
  /** Of package.json, relative to the repository's root. */
  readonly path: string;
  /** The package's directory, relative to the repository's root; `""` is the root. */
  readonly directory: string;
  readonly name: string | undefined;
  readonly scripts: ReadonlyMap<string, Script>;
  readonly dependencies: ReadonlyMap<string, string>;
  readonly developmentDependencies: ReadonlyMap<string, string>;
  readonly optionalDependencies: ReadonlyMap<string, string>;
  /** `pnpm@9.1.0`, as corepack reads it. */
  readonly packageManager: string | undefined;
  /** It is the root of a workspace. */
  readonly hasWorkspaces: boolean;
  /** Every other field, as it stands. */
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface Script {
  readonly text: string;
  readonly line: number;
}

const manifests = new WeakMap<Repository, Map<string, PackageManifest | undefined>>();

/**
 * The package of a directory; `undefined` when there is no package.json, or it is no JSON object.
 *
 * @param directory relative to the repository's root; `""` is the root
 */
export function readManifest(
  repository: Repository,
  directory: string,
): PackageManifest | undefined {
  let remembered = manifests.get(repository);
  if (!remembered) manifests.set(repository, (remembered = new Map()));
  if (!remembered.has(directory)) remembered.set(directory, parseManifest(repository, directory));
  return remembered.get(directory);
}

function parseManifest(repository: Repository, directory: string): PackageManifest | undefined {
  const path = directory === "" ? "package.json" : `${directory}/package.json`;
  const text = repository.read(path);
  const fields = text === undefined ? undefined : jsonObject(text);
  if (text === undefined || !fields) return undefined;
  const scripts = [...stringsOf(fields["scripts"])].map(
    ([name, script]) => [name, { text: script, line: lineOfKey(text, name) }] as const,
  );
  return {
    path,
    directory,
    name: typeof fields["name"] === "string" ? fields["name"] : undefined,
    scripts: new Map(scripts),
    dependencies: stringsOf(fields["dependencies"]),
    developmentDependencies: stringsOf(fields["devDependencies"]),
    optionalDependencies: stringsOf(fields["optionalDependencies"]),
    packageManager:
      typeof fields["packageManager"] === "string" ? fields["packageManager"] : undefined,
    hasWorkspaces:
      fields["workspaces"] !== undefined ||
      kindOf(repository, beside(directory, "pnpm-workspace.yaml")) === "file",
    fields,
  };
}

/** A JSON object's fields, or `undefined` for anything else. */
export function jsonObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ""));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function stringsOf(value: unknown): ReadonlyMap<string, string> {
  if (!isObject(value)) return new Map();
  return new Map(
    Object.entries(value).flatMap(([name, text]) =>
      typeof text === "string" ? [[name, text] as const] : [],
    ),
  );
}

function lineOfKey(text: string, name: string): number {
  const at = text.indexOf(`${JSON.stringify(name)}:`);
  const loose = at < 0 ? text.indexOf(JSON.stringify(name)) : at;
  return loose < 0 ? 1 : text.slice(0, loose).split("\n").length;
}

/** A file's path in a directory, `""` being the repository's root. */
export function beside(directory: string, name: string): string {
  return directory === "" ? name : `${directory}/${name}`;
}
