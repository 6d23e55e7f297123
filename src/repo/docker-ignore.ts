import type { Repository } from "../core/repository.ts";

/**
 * Reads the ignore file that goes with a Dockerfile: `Dockerfile.dockerignore` beside it, else `.dockerignore`
 * at the context's root. Source: https://docs.docker.com/build/concepts/context/#dockerignore-files
 *
 * @returns whether a path of the context is left out of it, or `undefined` when there is no such file.
 */
export function readIgnoreFile(
  repository: Repository,
  contextDirectory: string,
  dockerfilePath: string,
): ((path: string) => boolean) | undefined {
  const own = repository.read(`${dockerfilePath}.dockerignore`);
  const text =
    own ??
    repository.read(
      contextDirectory === "" ? ".dockerignore" : `${contextDirectory}/.dockerignore`,
    );
  return text === undefined ? undefined : ignoreMatcher(text);
}

interface Pattern {
  readonly expression: RegExp;
  readonly exclusion: boolean;
}

/**
 * Matches paths by the rules of a .dockerignore: Go's filepath.Match plus `**`, a path is left out when it or
 * a directory above it matches, `!` takes back, the last pattern that matches wins.
 * Source: github.com/moby/patternmatcher.
 */
export function ignoreMatcher(text: string): (path: string) => boolean {
  const patterns: Pattern[] = [];
  for (const raw of text.replace(/^\uFEFF/, "").split(/\r?\n/)) {
    if (raw.startsWith("#")) continue;
    let pattern = raw.trim();
    if (pattern === "") continue;
    const exclusion = pattern.startsWith("!");
    if (exclusion) pattern = pattern.slice(1).trim();
    const clean = pattern
      .split("/")
      .filter((part) => part !== "" && part !== ".")
      .join("/");
    // A lone `.` stands for the whole context, and Docker passes over it.
    if (clean === "") continue;
    const expression = toExpression(clean);
    if (expression) patterns.push({ expression, exclusion });
  }
  return (path) => {
    let ignored = false;
    const parts = path.split("/");
    for (const { expression, exclusion } of patterns) {
      for (let count = 1; count <= parts.length; count++) {
        if (!expression.test(parts.slice(0, count).join("/"))) continue;
        ignored = !exclusion;
        break;
      }
    }
    return ignored;
  };
}

function toExpression(pattern: string): RegExp | undefined {
  let source = "";
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at]!;
    if (char === "*" && pattern[at + 1] === "*") {
      at++;
      if (pattern[at + 1] === "/") {
        at++;
        source += "(?:.*/)?";
      } else source += ".*";
    } else if (char === "*") source += "[^/]*";
    else if (char === "?") source += "[^/]";
    else if (char === "\\" && at + 1 < pattern.length) source += escaped(pattern[++at]!);
    else if (char === "[") {
      const close = pattern.indexOf("]", at + 1);
      if (close < 0) return undefined;
      source += pattern.slice(at, close + 1);
      at = close;
    } else source += escaped(char);
  }
  try {
    return new RegExp(`^${source}$`);
  } catch {
    return undefined;
  }
}

function escaped(char: string): string {
  return /[\\^$.*+?()[\]{}|/]/.test(char) ? `\\${char}` : char;
}
