import type { Instruction } from "../core/line-reader.ts";
import type { ShellCommand } from "../core/shell.ts";
import { baseName, resolvePath } from "../core/path.ts";
import { programName, type GoCommand } from "./go-command.ts";

/** Where a `go build` or `go install` puts what it makes. */
export type Output =
  /** One program at a path that is known. */
  | { readonly kind: "file"; readonly path: string }
  /** One program in a directory, under a name that only the sources tell. */
  | { readonly kind: "unnamed"; readonly directory: string }
  /** Any number of programs in a directory. */
  | { readonly kind: "many"; readonly directory: string }
  /** Checked, but nothing is written (several packages without `-o`). */
  | { readonly kind: "none" }
  /** The path holds something that is not known. */
  | { readonly kind: "unknown" };

/** One `go build` or `go install` with all that matters about it. */
export interface GoBuild {
  readonly go: GoCommand;
  readonly instruction: Instruction;
  /** Absolute directory it runs in. */
  readonly directory: string;
  /** CGO_ENABLED for this command: `off` is 0, `unset` leaves it to Go, `on` is 1. */
  readonly cgo: "off" | "unset" | "on";
  /** GO111MODULE for this command; `null` when nothing sets it. */
  readonly modules: string | null | undefined;
  /** Why this build must not be made with CGO_ENABLED=0, as far as the command itself tells. */
  readonly cgoDemand: string | undefined;
  /** The command of RUN that runs a recipe or script in which the build stands. */
  readonly recipe: ShellCommand | undefined;
  readonly output: Output;
  /** Absolute directory of the main package, when it is a local one. */
  readonly packageDirectory: string | undefined;
}

export interface OutputContext {
  /** Absolute directory the command runs in. */
  readonly directory: string;
  /** GOBIN, or GOPATH/bin; `undefined` when it cannot be told. */
  readonly installDirectory: string | undefined;
  /** Whether a path is a directory at that point. */
  readonly isDirectory: (path: string) => boolean;
  /** The import path of the package in an absolute directory, and whether a module gives it. */
  readonly importPath: (
    directory: string,
  ) => { readonly path: string; readonly moduleMode: boolean } | undefined;
}

/**
 * The output of a build by Go's own rules. Source: `go help build`:
 * "-o … forces build to write the resulting executable … to the named output file or directory. If the named output is
 * an existing directory or ends with a slash …, then any resulting executables will be written to that directory."
 */
export function outputOf(go: GoCommand, context: OutputContext): Output {
  const directory = go.flags.has("C")
    ? changed(context.directory, go.flags.get("C"))
    : context.directory;
  if (directory === undefined) return { kind: "unknown" };
  const program = programOf(go, directory, context);
  if (go.verb === "install") {
    if (context.installDirectory === undefined) return { kind: "unknown" };
    return inside(context.installDirectory, program);
  }
  if (!go.flags.has("o")) return program === "many" ? { kind: "none" } : inside(directory, program);
  const written = go.flags.get("o");
  const path = written === undefined ? undefined : resolvePath(directory, written);
  if (path === undefined) return { kind: "unknown" };
  if (written!.endsWith("/") || context.isDirectory(path)) return inside(path, program);
  return program === "many" ? { kind: "unknown" } : { kind: "file", path };
}

function changed(directory: string, target: string | undefined): string | undefined {
  return target === undefined ? undefined : resolvePath(directory, target);
}

function inside(directory: string, program: Program): Output {
  if (program === "many") return { kind: "many", directory };
  if (program === undefined) return { kind: "unnamed", directory };
  return { kind: "file", path: resolvePath(directory, program)! };
}

/** A name, `undefined` for one program whose name is not known, or `many`. */
type Program = string | undefined | "many";

function programOf(go: GoCommand, directory: string, context: OutputContext): Program {
  const operands = go.operands.map((operand) => operand.value ?? operand.text);
  const [first] = operands;
  if (operands.some((operand) => operand.endsWith(".go"))) {
    // Files given one by one: the program is named for the first of them.
    return first!.includes("*") || go.operands[0]!.value === undefined
      ? undefined
      : baseName(first!).slice(0, -".go".length);
  }
  if (operands.length > 1 || first?.includes("...")) return "many";
  if (first !== undefined && go.operands[0]!.value === undefined) return undefined;
  const packageDirectory =
    first === undefined ? directory : isLocal(first) ? resolvePath(directory, first) : undefined;
  if (packageDirectory !== undefined) {
    const known = context.importPath(packageDirectory);
    if (known) return programName(known.path, known.moduleMode);
    // Below a module's root the directory's name is the last element, wherever the root is.
    if (first !== undefined && /[^./]/.test(first) && !/^v\d+$/.test(baseName(packageDirectory)))
      return baseName(packageDirectory);
    return undefined;
  }
  const bare = first!.replace(/@.*$/, "").replace(/\/+$/, "");
  return programName(bare, true);
}

/** `.`, `./cmd`, `../x` or an absolute path; anything else is an import path. Source: `go help packages` */
export function isLocal(operand: string): boolean {
  return /^\.{1,2}(?:\/|$)/.test(operand) || operand.startsWith("/");
}
