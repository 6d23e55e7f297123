/** What a front end's own package says of its build: whether it needs Go, and where it may write. */
import type { Evidence } from "../core/outcome.ts";
import { kindOf, type Repository } from "../core/repository.ts";
import { lineAt, lineStarts } from "../core/source.ts";
import { below } from "../repo/go-module.ts";

export interface FrontEndPackage {
  /** A script that runs Go, or what may run it. */
  readonly usesGo: Evidence | undefined;
  /** Something that names a directory beside or above the package, so that the build may write there. */
  readonly leavesDirectory: Evidence | undefined;
  /** The text of its scripts. */
  readonly scripts: string;
}

/** Files that say how a front end is built, by their name. Sources: documentation of vite, webpack, vue-cli, angular, craco. */
const BUILD_FILES = /\.(?:[cm]?js|[cm]?ts|json)$|^\.env/;
const OTHER_FILES = /^(?:package-lock|npm-shrinkwrap|composer)\.json$|\.d\.ts$|\.(?:test|spec)\./;
/** Directories in which build scripts lie. */
const BUILD_DIRECTORIES = ["scripts", "build", "config", "tools", "tasks", "webpack"];
const RUNS_GO =
  /(?:^|[\s;&|"'`(])(?:go (?:build|run|install|generate|get|mod|tool)\b|gofmt\b|tinygo\b|make(?:[\s"'`;&|]|$)|docker\b)|(?:spawn|exec|execFile|execa|\$)(?:Sync)?\(?\s*["'`]go["'`\s]/;
const ABOVE = /(?:^|[\s"'`=(/])\.\.(?:[/\\"'`\s]|$)/;

/** Reads the package in a directory; `undefined` when there is none. */
export function frontEndPackage(
  repository: Repository,
  directory: string,
): FrontEndPackage | undefined {
  const path = below(directory, "package.json");
  const text = repository.read(path);
  if (text === undefined) return undefined;
  let scripts: Record<string, unknown>;
  try {
    const read = JSON.parse(text) as { scripts?: Record<string, unknown> };
    scripts = read.scripts ?? {};
  } catch {
    return undefined;
  }
  const all = Object.values(scripts).filter((script) => typeof script === "string");
  const files = buildFiles(repository, directory);
  const found = (pattern: RegExp): Evidence | undefined => {
    const script = all.find((one) => pattern.test(one));
    if (script !== undefined) return evidenceOf(path, text, text.indexOf(JSON.stringify(script)));
    for (const file of files) {
      const content = repository.read(file) ?? "";
      const match = pattern.exec(content);
      if (match) return evidenceOf(file, content, match.index + 1);
    }
    return undefined;
  };
  return { usesGo: found(RUNS_GO), leavesDirectory: found(ABOVE), scripts: all.join("\n") };
}

function buildFiles(repository: Repository, directory: string): string[] {
  const inner = BUILD_DIRECTORIES.map((name) => below(directory, name)).filter(
    (path) => kindOf(repository, path) === "directory",
  );
  return [directory, ...inner].flatMap((one) =>
    (repository.list(one) ?? []).flatMap(({ name, kind }) =>
      kind === "file" &&
      name !== "package.json" &&
      BUILD_FILES.test(name) &&
      !OTHER_FILES.test(name)
        ? [below(one, name)]
        : [],
    ),
  );
}

/** A line of the context's Go files that runs Node.js for `go generate`. */
export function nodeGenerator(place: {
  readonly repository: Repository | undefined;
  readonly contextDirectory: string | undefined;
}): Evidence | undefined {
  const { repository, contextDirectory } = place;
  if (!repository || contextDirectory === undefined) return undefined;
  const waiting = [contextDirectory];
  for (let directory = waiting.pop(); directory !== undefined; directory = waiting.pop()) {
    for (const { name, kind } of repository.list(directory) ?? []) {
      const path = below(directory, name);
      if (kind === "directory" && !/^(?:vendor|node_modules|testdata|\..*)$/.test(name))
        waiting.push(path);
      if (kind !== "file" || !name.endsWith(".go")) continue;
      const text = repository.read(path) ?? "";
      const match = /^\/\/go:generate\b.*\b(?:npm|npx|node|yarn|pnpm|bun|sh|bash|make)\b.*$/m.exec(
        text,
      );
      if (match) return evidenceOf(path, text, match.index);
    }
  }
  return undefined;
}

function evidenceOf(path: string, text: string, offset: number): Evidence {
  const line = lineAt(lineStarts(text), Math.max(0, offset));
  return { path, line, text: (text.split("\n")[line - 1] ?? "").trim().slice(0, 160) };
}
