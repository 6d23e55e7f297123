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
  /(?:^|[\s;&|"'`(])(?:go (?:build|run|install|generate|get|mod|tool)\b|gofmt\b|tinygo\b|make(?:[\s"'`;&|]|$)|docker\b)/;
const STARTS_GO =
  /\bgo (?:build|run|generate)\b|(?:spawn|exec|execFile|execa|\$)(?:Sync)?\(?\s*["'`](?:go|make|docker|tinygo)["'`\s]/;
/** Scripts that an installation runs. Source: https://docs.npmjs.com/cli/using-npm/scripts#npm-install */
const INSTALL_SCRIPTS = ["preinstall", "install", "postinstall", "prepublish", "prepare"];
/** Programs that run scripts by patterns of their names. */
const RUNS_MANY = /\b(?:npm-run-all|run-s|run-p|concurrently|turbo|nx|lerna|wireit)\b/;
const ABOVE = /(?:^|[\s"'`=(/])\.\.(?:[/\\"'`\s]|$)/;

/**
 * Reads the package in a directory; `undefined` when there is none.
 *
 * @param script the one that is run; none for an installation, or for a program of another package
 */
export function frontEndPackage(
  repository: Repository,
  directory: string,
  script: string | undefined,
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
  const all = reachable(scripts, script);
  const files = buildFiles(repository, directory);
  const found = (inScripts: RegExp, inFiles: RegExp): Evidence | undefined => {
    const line = all.find((one) => inScripts.test(one));
    if (line !== undefined) return evidenceOf(path, text, text.indexOf(JSON.stringify(line)));
    for (const file of files) {
      const content = repository.read(file) ?? "";
      const match = inFiles.exec(content);
      if (match) return evidenceOf(file, content, match.index + 1);
    }
    return undefined;
  };
  return {
    usesGo: found(RUNS_GO, STARTS_GO),
    leavesDirectory: found(ABOVE, ABOVE),
    scripts: all.join("\n"),
  };
}

/** The text of a script, of its hooks, and of all that they run; of every script when that cannot be told. */
function reachable(
  scripts: Readonly<Record<string, unknown>>,
  first: string | undefined,
): string[] {
  const waiting = [...INSTALL_SCRIPTS, ...(first === undefined ? [] : [first])];
  const seen = new Set<string>();
  const found: string[] = [];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    for (const hook of [`pre${name}`, name, `post${name}`]) {
      const text = scripts[hook];
      if (typeof text !== "string") continue;
      if (RUNS_MANY.test(text))
        return Object.values(scripts).filter((one) => typeof one === "string");
      found.push(text);
      for (const match of text.matchAll(
        /\b(?:npm|yarn|pnpm|bun)(?:\s+-\S+)*(?:\s+run(?:-script)?)?\s+([\w:.-]+)/g,
      ))
        waiting.push(match[1]!);
    }
  }
  return found;
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
