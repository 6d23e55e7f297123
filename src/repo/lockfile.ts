import { kindOf, type Repository } from "../core/repository.ts";
import { beside, isObject, jsonObject } from "./package-manifest.ts";

export type LockfileKind = "npm" | "yarn" | "pnpm" | "bun";

/** Which packages an install brings, those that others need among them. */
export interface Lockfile {
  readonly kind: LockfileKind;
  readonly path: string;
  /** Names of all packages; `undefined` when the file is binary or cannot be read. */
  readonly packages: ReadonlyMap<string, LockedPackage> | undefined;
}

export interface LockedPackage {
  readonly version: string | undefined;
  /** What it depends on, as far as the lockfile says. */
  readonly dependencies: readonly string[];
  /** Only development needs it; `undefined` when the lockfile does not say. */
  readonly isDevelopment: boolean | undefined;
}

/**
 * Lockfiles by their names; the first that is there counts.
 * Sources: documentation of npm, pnpm, yarn and bun.
 */
const LOCKFILES: readonly (readonly [string, LockfileKind])[] = [
  ["package-lock.json", "npm"],
  ["npm-shrinkwrap.json", "npm"],
  ["yarn.lock", "yarn"],
  ["pnpm-lock.yaml", "pnpm"],
  ["bun.lock", "bun"],
  ["bun.lockb", "bun"],
];

const lockfiles = new WeakMap<Repository, Map<string, Lockfile | undefined>>();

/**
 * The lockfile of a package's directory.
 *
 * @param preferred the kind that the package manager of an install reads, where several lie side by side
 */
export function readLockfile(
  repository: Repository,
  directory: string,
  preferred?: LockfileKind,
): Lockfile | undefined {
  let remembered = lockfiles.get(repository);
  if (!remembered) lockfiles.set(repository, (remembered = new Map()));
  const key = `${preferred ?? ""}\n${directory}`;
  if (!remembered.has(key)) remembered.set(key, findLockfile(repository, directory, preferred));
  return remembered.get(key);
}

function findLockfile(
  repository: Repository,
  directory: string,
  preferred: LockfileKind | undefined,
): Lockfile | undefined {
  const there = LOCKFILES.filter(
    ([name]) => kindOf(repository, beside(directory, name)) === "file",
  );
  const [name, kind] = there.find(([, one]) => one === preferred) ?? there[0] ?? [];
  if (name === undefined || kind === undefined) return undefined;
  const path = beside(directory, name);
  const text = repository.read(path);
  return { kind, path, packages: text === undefined ? undefined : readPackages(name, kind, text) };
}

function readPackages(
  name: string,
  kind: LockfileKind,
  text: string,
): ReadonlyMap<string, LockedPackage> | undefined {
  switch (kind) {
    case "npm":
      return npmPackages(text);
    case "yarn":
      return yarnPackages(text);
    case "pnpm":
      return pnpmPackages(text);
    case "bun":
      return name === "bun.lock" ? bunPackages(text) : undefined;
  }
}

/** Source: https://docs.npmjs.com/cli/v10/configuring-npm/package-lock-json */
function npmPackages(text: string): ReadonlyMap<string, LockedPackage> | undefined {
  const fields = jsonObject(text);
  if (!fields) return undefined;
  const found = new Map<string, LockedPackage>();
  const add = (name: string, entry: Readonly<Record<string, unknown>>, needs: unknown): void => {
    const isDevelopment = entry["dev"] === true;
    const known = found.get(name);
    found.set(name, {
      version:
        known?.version ?? (typeof entry["version"] === "string" ? entry["version"] : undefined),
      dependencies: [
        ...(known?.dependencies ?? []),
        ...(isObject(needs) ? Object.keys(needs) : []),
      ],
      isDevelopment: isDevelopment && known?.isDevelopment !== false,
    });
  };
  const { packages, dependencies } = fields;
  if (isObject(packages)) {
    for (const [path, entry] of Object.entries(packages)) {
      const at = path.lastIndexOf("node_modules/");
      if (at >= 0 && isObject(entry))
        add(path.slice(at + "node_modules/".length), entry, entry["dependencies"]);
    }
    return found;
  }
  const walk = (entries: unknown): void => {
    if (!isObject(entries)) return;
    for (const [name, entry] of Object.entries(entries)) {
      if (!isObject(entry)) continue;
      add(name, entry, entry["requires"]);
      walk(entry["dependencies"]);
    }
  };
  walk(dependencies);
  return found;
}

/** Yarn 1 and berry write entries with the same indentation. Source: https://classic.yarnpkg.com/docs/yarn-lock/ */
function yarnPackages(text: string): ReadonlyMap<string, LockedPackage> {
  const found = new Map<string, LockedPackage>();
  let names: string[] = [];
  let version: string | undefined;
  let dependencies: string[] = [];
  let inDependencies = false;
  const close = (): void => {
    for (const name of names) {
      const known = found.get(name);
      found.set(name, {
        version: known?.version ?? version,
        dependencies: [...(known?.dependencies ?? []), ...dependencies],
        isDevelopment: undefined,
      });
    }
  };
  for (const line of text.split(/\r?\n/)) {
    if (/^[^\s#].*:$/.test(line)) {
      close();
      names = [
        ...new Set(
          line
            .slice(0, -1)
            .split(/,\s*/)
            .map((entry) => /^"?((?:@[^/"]+\/)?[^@/"]+)@/.exec(entry.trim())?.[1] ?? ""),
        ),
      ].filter((name) => name !== "" && name !== "__metadata");
      version = undefined;
      dependencies = [];
      inDependencies = false;
    } else if (/^ {2}\S/.test(line)) {
      inDependencies = /^ {2}(?:optionalD|d)ependencies:$/.test(line);
      version = /^ {2}version:? "?([^"\s]+)"?$/.exec(line)?.[1] ?? version;
    } else if (inDependencies) {
      const name = /^ {4}"?((?:@[^/"\s]+\/)?[^"\s:]+)"?:?\s/.exec(line)?.[1];
      if (name !== undefined) dependencies.push(name);
    }
  }
  close();
  return found;
}

/** Keys of `packages` and `snapshots`: `/name/1.0.0`, `/name@1.0.0`, `name@1.0.0(peer@2)`. Source: https://github.com/pnpm/spec */
function pnpmPackages(text: string): ReadonlyMap<string, LockedPackage> {
  const found = new Map<string, LockedPackage>();
  const key = /^ {2}'?\/?((?:@[^/@'\s]+\/)?[^/@'\s:]+)[@/](\d[^\s(':_]*)[^\s]*?'?:\s*(?:\{\})?$/;
  let section = "";
  let current: string | undefined;
  let inDependencies = false;
  for (const line of text.split(/\r?\n/)) {
    if (/^\S/.test(line)) section = line;
    else if (/^ {2}\S/.test(line)) {
      const match = /^(?:packages|snapshots):/.test(section) ? key.exec(line) : null;
      current = match?.[1];
      inDependencies = false;
      if (match && current !== undefined && !found.has(current))
        found.set(current, { version: match[2], dependencies: [], isDevelopment: undefined });
    } else if (current !== undefined && /^ {4}\S/.test(line)) {
      inDependencies = /^ {4}(?:optionalD|d)ependencies:$/.test(line);
      const known = found.get(current)!;
      if (/^ {4}dev: /.test(line))
        found.set(current, {
          ...known,
          isDevelopment: line.includes("true") && known.isDevelopment !== false,
        });
    } else if (current !== undefined && inDependencies) {
      const name = /^ {6}'?((?:@[^/'\s]+\/)?[^'\s:]+)'?:/.exec(line)?.[1];
      const known = found.get(current)!;
      if (name !== undefined)
        found.set(current, { ...known, dependencies: [...known.dependencies, name] });
    }
  }
  return found;
}

/** Source: https://bun.sh/docs/install/lockfile */
function bunPackages(text: string): ReadonlyMap<string, LockedPackage> {
  const found = new Map<string, LockedPackage>();
  const inPackages = text.slice(Math.max(0, text.indexOf('"packages"')));
  for (const match of inPackages.matchAll(/\["((?:@[^/"]+\/)?[^@"]+)@([^"]+)"/g))
    found.set(match[1]!, { version: match[2], dependencies: [], isDevelopment: undefined });
  return found;
}
