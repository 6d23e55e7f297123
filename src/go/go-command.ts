import type { ShellCommand, ShellWord } from "../core/shell.ts";

/** A `go` command taken apart by the go command's own rules for flags. Source: `go help build`, `go help install`. */
export interface GoCommand {
  /** `build`, `install`, `run`, `get`, `mod`, … */
  readonly verb: string;
  /** Flags by their name without dashes; a switch has the value `true`. */
  readonly flags: ReadonlyMap<string, string | undefined>;
  /** What stands behind the flags: packages or files. */
  readonly operands: readonly ShellWord[];
  /** A variable without a known value, or an option of `env`, may hold further flags. */
  readonly isUnclear: boolean;
  readonly command: ShellCommand;
}

/** Flags of `go build` and its kin that take a value. Source: https://pkg.go.dev/cmd/go#hdr-Compile_packages_and_dependencies */
const VALUE_FLAGS = new Set([
  "C",
  "o",
  "p",
  "asmflags",
  "buildmode",
  "buildvcs",
  "compiler",
  "gccgoflags",
  "gcflags",
  "installsuffix",
  "ldflags",
  "mod",
  "modfile",
  "overlay",
  "pgo",
  "pkgdir",
  "tags",
  "toolexec",
  "covermode",
  "coverpkg",
  "exec",
  "run",
  "timeout",
]);
/** `-buildvcs` takes a value only with `=`, like every boolean flag of Go. */
const OPTIONAL_VALUE = new Set(["buildvcs"]);

/** Programs that run another one with the same environment, so that a prefix before them reaches it. */
const WRAPPERS = new Set(["env", "nice", "exec", "command"]);
/** Dependency managers of the time before modules, which run `go` with a GOPATH of their own: `godep go build`. */
const GOPATH_WRAPPERS = new Set(["godep", "gom", "gpm", "wgo"]);
/**
 * What golang's images up to 1.9 did with go-wrapper.
 * Source: https://github.com/docker-library/golang/blob/b2d6c7ed/1.8/go-wrapper
 */
const GO_WRAPPER_VERBS: Readonly<Record<string, readonly [verb: string, flag: string]>> = {
  download: ["get", "d"],
  install: ["install", "v"],
};

/**
 * Reads a shell command as a `go` command, or `undefined` when it is none. `env A=b go build` is one.
 */
export function readGoCommand(command: ShellCommand): GoCommand | undefined {
  let at = 0;
  while (at < command.words.length) {
    const value = command.words[at]!.value;
    if (value !== undefined && WRAPPERS.has(value)) at++;
    else if (GOPATH_WRAPPERS.has(value ?? "") && command.words[at + 1]?.value === "go") at++;
    else if (at > 0 && value !== undefined && /^[A-Za-z_]\w*=/.test(value)) at++;
    else break;
  }
  // `env -i`, `env -u NAME`, `nice -n 5`: the environment or the words are not what they seem.
  const isOdd = at > 0 && command.words[at]?.text.startsWith("-") === true;
  const program = isOdd ? command.words.find(({ value }) => value === "go") : command.words[at];
  const wrapped =
    program?.value === "go-wrapper" ? command.words[command.words.indexOf(program) + 1] : undefined;
  if (wrapped?.value !== undefined && Object.hasOwn(GO_WRAPPER_VERBS, wrapped.value)) {
    const [verb, flag] = GO_WRAPPER_VERBS[wrapped.value]!;
    const operands = command.words.slice(command.words.indexOf(wrapped) + 1);
    return { verb, flags: new Map([[flag, "true"]]), operands, isUnclear: isOdd, command };
  }
  if (
    program?.value === undefined ||
    !/^(?:\/usr\/local\/go\/bin\/)?go(?:1\.\d+(?:\.\d+)?)?$/.test(program.value)
  )
    return undefined;
  const rest = command.words.slice(command.words.indexOf(program) + 1).flatMap(splitFields);
  const flags = new Map<string, string | undefined>();
  let index = 0;
  let verb: string | undefined;
  // `go -C dir build` is no valid order, `go build -C dir` is; the verb comes first.
  if (rest[0]?.value !== undefined) {
    verb = rest[0].value;
    index = 1;
  }
  if (verb === undefined) return undefined;
  for (; index < rest.length; index++) {
    const word = rest[index]!;
    const match = /^--?([A-Za-z][\w.-]*)(=?)/.exec(word.text);
    if (!match) break;
    const name = match[1]!;
    if (match[2]) flags.set(name, word.value?.slice(match[0].length));
    else if (VALUE_FLAGS.has(name) && !OPTIONAL_VALUE.has(name))
      flags.set(name, rest[++index]?.value);
    else flags.set(name, "true");
  }
  const operands = rest.slice(index);
  const isUnclear =
    isOdd ||
    [...rest.slice(1, index), ...operands].some(
      ({ text, value }) =>
        value === undefined && /^\$\{?\w+\}?$/.test(text) && !isFlagValue(rest, text),
    );
  return { verb, flags, operands, isUnclear, command };
}

/** An unquoted variable is split at blanks by the shell: `$FLAGS` may be several words, or none. */
function splitFields(word: ShellWord): ShellWord[] {
  if (word.value === undefined || !/^\$\{?\w+\}?$/.test(word.text)) return [word];
  return word.value
    .split(/\s+/)
    .filter((field) => field !== "")
    .map((field) => ({ ...word, text: field, value: field }));
}

function isFlagValue(words: readonly ShellWord[], text: string): boolean {
  const before = words[words.findIndex((word) => word.text === text) - 1]?.text.replace(/^--?/, "");
  return before !== undefined && VALUE_FLAGS.has(before);
}

/** Flags of GOFLAGS count unless the command gives them itself. Source: https://pkg.go.dev/cmd/go#hdr-Environment_variables */
export function withDefaultFlags(go: GoCommand, goFlags: string): GoCommand {
  if (goFlags === "") return go;
  const flags = new Map<string, string | undefined>();
  for (const word of goFlags.split(/\s+/)) {
    const match = /^--?([A-Za-z][\w.-]*)(?:=(.*))?$/.exec(word);
    if (match) flags.set(match[1]!, match[2]?.replace(/^(["'])(.*)\1$/, "$2") ?? "true");
  }
  for (const [name, value] of go.flags) flags.set(name, value);
  return { ...go, flags };
}

/** Value of an environment variable for this command: its own prefix, `env`'s words, or an earlier `export`. */
export function commandVariable(
  command: ShellCommand,
  name: string,
): { readonly value: string | undefined } | undefined {
  if (command.words[0]?.value === "env") {
    const word = command.words.find((candidate) => candidate.value?.startsWith(`${name}=`));
    if (word) return { value: word.value?.slice(name.length + 1) };
  }
  const assignment = command.assignments.findLast((candidate) => candidate.name === name);
  if (assignment) return { value: assignment.value };
  return command.exported.has(name) ? { value: command.exported.get(name) } : undefined;
}

/** An element such as `v2`, which Go leaves out of a program's name. Rule: `isVersionElement` in cmd/go/internal/load/pkg.go. */
function isVersionElement(element: string): boolean {
  return /^v(?:[2-9]|[1-9]\d+)$/.test(element);
}

/** The name that Go gives a program of this import path. Rule: `DefaultExecName` in cmd/go/internal/load/pkg.go. */
export function programName(importPath: string, moduleMode: boolean): string {
  const elements = importPath.split("/");
  const last = elements.at(-1)!;
  return moduleMode && elements.length > 1 && isVersionElement(last) ? elements.at(-2)! : last;
}
