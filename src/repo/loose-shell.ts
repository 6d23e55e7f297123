import { pathFrom } from "./go-module.ts";

/**
 * Shell commands in text that is not all shell: recipes of a Makefile, steps of a CI file, scripts with functions and loops.
 * Nothing is refused; what cannot be told is `undefined`. A shell script that must be understood is `core/shell.ts`'s.
 */

export interface LooseCommand {
  /** `undefined`: a variable or a substitution that is not known. */
  readonly words: readonly (string | undefined)[];
  /** Where it runs, repository-relative; `undefined` when a `cd` could not be followed. */
  readonly directory: string | undefined;
  readonly line: number;
}

export interface LooseShellOptions {
  /** Where the text begins, repository-relative; `undefined` when it is not known. */
  readonly directory: string | undefined;
  /** Of the file, for `$(dirname "$0")`. */
  readonly fileDirectory: string;
  /** Every line begins anew, as in a Makefile. */
  readonly isLineByLine?: boolean;
  readonly variables?: ReadonlyMap<string, string>;
}

/** A piece of shell text, and the line of the file it begins in. */
export interface LooseText {
  readonly text: string;
  readonly line: number;
}

/**
 * Stand for the repository's root, for what is not known and for the directory that a command runs in, in text that is read
 * on: characters for private use.
 */
const ROOT = "\uE000";
const UNKNOWN = "\uE001";
const HERE = "\uE002";

/**
 * What names the root of the repository. Sources: the lists of predefined variables of GitHub Actions, GitLab CI, Travis CI,
 * CircleCI, Jenkins, Azure Pipelines, Bitbucket Pipelines, Drone, Buildkite, AWS CodeBuild.
 */
const ROOT_VARIABLES = new Set([
  "GITHUB_WORKSPACE",
  "CI_PROJECT_DIR",
  "TRAVIS_BUILD_DIR",
  "CIRCLE_WORKING_DIRECTORY",
  "WORKSPACE",
  "BUILD_SOURCESDIRECTORY",
  "SYSTEM_DEFAULTWORKINGDIRECTORY",
  "BITBUCKET_CLONE_DIR",
  "DRONE_WORKSPACE",
  "CI_WORKSPACE",
  "BUILDKITE_BUILD_CHECKOUT_PATH",
  "CODEBUILD_SRC_DIR",
]);

const SELF = String.raw`"?(?:\$0|\$\{0\}|\$BASH_SOURCE|\$\{BASH_SOURCE(?:\[0\])?(?::-\$0)?\})"?`;

/** Ways to write a directory, and what stands for them from there on. Each is looked for in what the ones before it left. */
const DIRECTORY_IDIOMS: readonly (readonly [RegExp, (fileDirectory: string) => string])[] = [
  [/\$\{\{\s*github\.workspace\s*\}\}/g, () => ROOT],
  [/\$\{\{.{0,200}?\}\}/g, () => UNKNOWN],
  [/\{\{.{0,200}?\}\}/g, () => UNKNOWN],
  [/\$\((?:Build\.SourcesDirectory|System\.DefaultWorkingDirectory)\)/gi, () => ROOT],
  [/(?:\$\((?:shell )?|`)git rev-parse --show-toplevel *[)`]/g, () => ROOT],
  [/(?:\$\((?:shell )?|`)pwd(?: -P)? *[)`]|\$\(CURDIR\)|\$\{CURDIR\}|\$\{?PWD\b\}?/g, () => HERE],
  // `$(dir $(abspath $(lastword $(MAKEFILE_LIST))))`, `$(shell dirname $(realpath …))`
  [
    /\$\((?:dir|shell dirname) +\$\((?:abspath|realpath) +(?:\$\((?:first|last)word +)?\$\(MAKEFILE_LIST\)\)?\)\)/g,
    escapedRoot,
  ],
  [
    new RegExp(String.raw`(?:\$\(|\x60) *(?:readlink -f|realpath) ${SELF} *[)\x60]`, "g"),
    () => "$0",
  ],
  [
    new RegExp(
      String.raw`(?:\$\(|\x60) *dirname (?:-- )?${SELF} *[)\x60]|\$\{0%/\*\}|\$\{BASH_SOURCE%/\*\}`,
      "g",
    ),
    escapedRoot,
  ],
  // `$(cd "$(dirname "$0")/.." && pwd)`
  [
    /\$\( *(?:cd|CDPATH= cd) +(?:-P |-- )*"?(\uE000[^"\s;&)]*)"?[^;&)\n]{0,50}?(?:&> ?\/dev\/null|> ?\/dev\/null 2>&1)? *(?:&&|;) *pwd(?: -P)? *\)/g,
    () => "$1",
  ],
];

function fromRoot(directory: string): string {
  return directory === "" ? ROOT : `${ROOT}/${directory}`;
}

/** As the text of a replacement. */
function escapedRoot(directory: string): string {
  return fromRoot(directory).replaceAll("$", "$$$$");
}

/** A variable's value, in which `$(pwd)` stays what it is when it is set. */
export function valueSetIn(directory: string | undefined, value: string): string {
  return value.replaceAll(HERE, () => (directory === undefined ? UNKNOWN : fromRoot(directory)));
}

/** Of substitutions in each other; and the length of one, in UTF-16 units. */
const DEEPEST = 5;
const LONGEST_EXPANSION = 1000;
/** Linux' PATH_MAX: no path, and no value that is looked at, is longer. */
const LONGEST_VALUE = 4096;

const QUOTED_BUILD = /\b(?:docker|podman|buildah|nerdctl)\s.{0,500}\b(?:build|bud)\s/;

/** Text with the ways to write a directory that are known put in, and templates taken out. */
export function withKnownDirectories(text: string, fileDirectory: string): string {
  let written = text;
  for (const [idiom, meaning] of DIRECTORY_IDIOMS)
    written = written.replace(idiom, meaning(fileDirectory));
  return written;
}

/** A path in a file's own value, of which all must be known. */
export function knownPath(text: string, fileDirectory: string): string | undefined {
  const path = withKnownDirectories(text.trim(), fileDirectory);
  return path.includes(UNKNOWN) || path.includes("$") ? undefined : path;
}

/** Words in front of a command that are none of it. */
const PREFIXES =
  /^(?:sudo|time|exec|env|command|nohup|if|then|else|elif|do|while|until|!|\{|[@+-]+|-[A-Z]|call|retry)$/;

/**
 * The simple commands of some text, those of `$(…)` included, with the directory each runs in.
 *
 * @param texts pieces that one shell runs in order
 * @example looseCommands([{ text: "cd api && docker build .", line: 1 }], { directory: "", fileDirectory: "" })
 */
export function looseCommands(
  texts: readonly LooseText[],
  options: LooseShellOptions,
): LooseCommand[] {
  const found: LooseCommand[] = [];
  const variables = new Map<string, string | undefined>(options.variables);
  let directory: string | undefined = options.directory;
  const pushed: (string | undefined)[] = [];
  for (const { text, line } of texts) {
    if (options.isLineByLine) directory = options.directory;
    scan(withKnownDirectories(text, options.fileDirectory), line, 0);
  }
  return found;

  function scan(text: string, firstLine: number, depth: number): void {
    const opened: (string | undefined)[] = [];
    let words: (string | undefined)[] = [];
    let start = 0;
    let line = firstLine;
    let at = 0;
    while (at < text.length) {
      const char = text[at]!;
      if (char === "\\" && /^\\\r?\n/.test(text.slice(at, at + 3))) {
        at = text.indexOf("\n", at) + 1;
        line++;
      } else if (char === " " || char === "\t" || char === "\r") at++;
      else if (char === "#") {
        const end = text.indexOf("\n", at);
        at = end < 0 ? text.length : end;
      } else if (/[\n;&|()]/.test(char)) {
        end();
        if (char === "(") opened.push(directory);
        else if (char === ")" && opened.length > 0) directory = opened.pop();
        else if (char === "\n") {
          line++;
          if (options.isLineByLine) directory = options.directory;
        }
        at++;
      } else {
        const redirect = /^\d*(?:<<?-?|>>?)[&|]?[ \t]*/.exec(text.slice(at, at + 20))?.[0];
        if (words.length === 0) start = line;
        const isSaid = words[0] === "echo" || words[0] === "printf";
        const word = readWord(text, at + (redirect?.length ?? 0), line, isSaid, depth);
        if (redirect === undefined) words.push(word.value);
        const next = Math.max(word.end, at + 1);
        line += text.slice(at, next).split("\n").length - 1;
        at = next;
      }
    }
    end();

    function end(): void {
      if (words.length > 0) finish(words, start);
      words = [];
    }
  }

  function finish(written: readonly (string | undefined)[], line: number): void {
    const words = [...written];
    const assigned: string[] = [];
    while (words.length > 0) {
      const first = words[0];
      if (first !== undefined && /^[A-Za-z_]\w*=/.test(first)) assigned.push(first);
      else if (first === undefined || !PREFIXES.test(first)) break;
      words.shift();
    }
    // Recipes of make: `@docker build .`
    if (words[0] !== undefined) words[0] = words[0].replace(/^[@+-]+/, "");
    const [program, operand] = words;
    if (program === undefined && words.length === 0) assigned.forEach(assign);
    else if (program === "export" || program === "readonly" || program === "local")
      words.slice(1).forEach((word) => word !== undefined && assign(word));
    else if (program === "cd" || program === "pushd") {
      if (program === "pushd") pushed.push(directory);
      const target = operand === "--" || operand === "-P" ? words[2] : operand;
      directory = target === undefined ? undefined : pathIn(directory, target);
    } else if (program === "popd") directory = pushed.pop();
    else if (words.length > 0) found.push({ words, directory, line });
  }

  function assign(word: string): void {
    const equals = word.indexOf("=");
    if (equals < 0) return;
    const name = word.slice(0, equals);
    const value = valueSetIn(directory, word.slice(equals + 1));
    // Of two values, which one holds is not known: they may stand in branches.
    const isOther = variables.has(name) && variables.get(name) !== value;
    variables.set(name, isOther || !isKnown(value) ? undefined : value);
  }

  /** A word from a place on. Quotes end in their line, or are plain characters. */
  function readWord(
    text: string,
    from: number,
    line: number,
    isSaid: boolean,
    depth: number,
  ): { readonly value: string | undefined; readonly end: number } {
    let value = "";
    let quote = "";
    let at = from;
    for (; at < text.length; at++) {
      const char = text[at]!;
      if (quote === "" && /[\s;&|()<>]/.test(char)) break;
      if (char === quote) quote = "";
      else if (quote === "" && (char === '"' || char === "'")) {
        const lineEnd = text.indexOf("\n", at);
        const close = text.indexOf(char, at + 1);
        // The end of a text in quotes, of which the command was a part.
        if (close < 0 || (lineEnd >= 0 && close > lineEnd)) return done(at + 1);
        quote = char;
        // `bash -c "docker build ."`, and Jenkins' `sh "docker build ."`
        const content = text.slice(at + 1, close);
        if (!isSaid && QUOTED_BUILD.test(content)) inner(content);
      } else if (char === "\\" && quote !== "'" && /^[^\r\n]$/.test(text[at + 1] ?? "\n"))
        value += text[++at]!;
      else if (char === "`" && quote !== "'") {
        const close = text.indexOf("`", at + 1);
        if (close > 0) inner(text.slice(at + 1, close));
        value += UNKNOWN;
        at = close < 0 ? at : close;
      } else if (char === "$" && quote !== "'") {
        const expansion = expand(text, at);
        value += expansion.value;
        at = expansion.end - 1;
      } else value += char;
    }
    return done(at);

    function done(end: number): { value: string | undefined; end: number } {
      return { value: isKnown(value) ? value : undefined, end };
    }

    function inner(content: string): void {
      if (depth >= DEEPEST) return;
      const outside = directory;
      scan(content, line, depth + 1);
      directory = outside;
    }

    function expand(source: string, dollar: number): { value: string; end: number } {
      const next = source[dollar + 1];
      if (next === "(" || next === "{") {
        const end = closing(source, dollar + 1);
        const content = source.slice(dollar + 2, end - 1);
        const [, name, fallback] = /^([\w.]+)(?::?-([^]*))?$/.exec(content) ?? [];
        if (name !== undefined && (next === "{" || variables.has(name)))
          return { value: valueOf(name, fallback), end };
        if (next === "(") inner(content);
        return { value: UNKNOWN, end };
      }
      const name = /^\w+/.exec(source.slice(dollar + 1, dollar + 101))?.[0];
      if (name !== undefined)
        return { value: valueOf(name, undefined), end: dollar + 1 + name.length };
      return { value: next === "$" ? UNKNOWN : "$", end: dollar + (next === "$" ? 2 : 1) };
    }
  }

  function valueOf(name: string, fallback: string | undefined): string {
    if (ROOT_VARIABLES.has(name)) return ROOT;
    return variables.get(name) ?? (fallback?.includes("$") ? UNKNOWN : (fallback ?? UNKNOWN));
  }
}

function isKnown(value: string): boolean {
  return value.length <= LONGEST_VALUE && !value.includes(UNKNOWN);
}

/** Behind the bracket that closes one; behind that one itself when there is none. */
function closing(text: string, open: number): number {
  const [opens, closes] = text[open] === "(" ? ["(", ")"] : ["{", "}"];
  let depth = 0;
  const last = Math.min(text.length, open + LONGEST_EXPANSION);
  for (let at = open; at < last; at++) {
    if (text[at] === opens) depth++;
    else if (text[at] === closes && --depth === 0) return at + 1;
  }
  return open + 1;
}

/** A path of a command, seen from the directory it runs in; `undefined` when it leads out of the repository. */
export function pathIn(directory: string | undefined, path: string): string | undefined {
  if (path.startsWith(HERE)) return pathIn(directory, `.${path.slice(1)}`);
  if (path.startsWith(ROOT)) return pathFrom("", path.slice(1));
  if (/^(?:[/~]|-$|[\w+.-]+:\/\/|git@)/.test(path) || /[\uE000-\uE002]/.test(path))
    return undefined;
  if (directory === undefined || directory.length + path.length > LONGEST_VALUE) return undefined;
  return pathFrom(directory, path);
}
