import { copiedFiles, type CopiedFile } from "../core/copied-files.ts";
import type { Document, Stage } from "../core/document.ts";
import { walkStage, type ImageContract, type StageState } from "../core/image-contract.ts";
import type { Instruction } from "../core/line-reader.ts";
import { baseName, directoryName, isWithin, resolvePath } from "../core/path.ts";
import { runBody } from "../core/query.ts";
import type { Repository } from "../core/repository.ts";
import { kindOf } from "../core/repository.ts";
import type { ShellCommand } from "../core/shell.ts";
import { expand } from "../core/words.ts";
import { readIgnoreFile } from "../repo/docker-ignore.ts";
import { findGoModule } from "../repo/go-module.ts";
import { COMMAND_EFFECTS } from "../stages/command-effects.ts";
import { fileOperations, type FileOperation } from "../stages/file-operations.ts";
import { installedPackages } from "../stages/packages.ts";
import { commandVariable, readGoCommand, type GoCommand } from "./go-command.ts";
import { AMBIGUOUS_PACKAGES, DEVELOPMENT_PROGRAMS, PACKAGES } from "./knowledge.ts";
import { isLocal, outputOf, type Output } from "./outputs.ts";

/** One `go build` or `go install` with all that matters about it. */
export interface GoBuild {
  readonly go: GoCommand;
  readonly instruction: Instruction;
  /** Absolute directory it runs in. */
  readonly directory: string;
  /** CGO_ENABLED for this command: `off` is 0, `unset` leaves it to Go, `on` is 1. */
  readonly cgo: "off" | "unset" | "on";
  readonly output: Output;
  /** Absolute directory of the main package, when it is a local one. */
  readonly packageDirectory: string | undefined;
}

/** Something in the stage that stops a migration, or makes it rest on an assumption. */
export interface Obstacle {
  readonly code: string;
  readonly instruction: Instruction;
  readonly data: Readonly<Record<string, string>>;
}

/** What the instructions of a Go stage leave behind. Paths are absolute paths in the image. */
export interface GoBuilder {
  readonly contract: ImageContract;
  readonly builds: readonly GoBuild[];
  /** Programs by the path they have at the end of the stage. */
  readonly artifacts: ReadonlyMap<string, GoBuild>;
  readonly copies: readonly CopiedFile[];
  /** Files and directories made by RUN, in the order they were made. */
  readonly made: ReadonlyMap<string, { readonly kind: "file" | "directory"; readonly instruction: Instruction }>;
  readonly removed: readonly string[];
  readonly obstacles: readonly Obstacle[];
  readonly assumptions: readonly Obstacle[];
  /** RUN gives files to a user. */
  readonly ownerChanges: readonly Instruction[];
  /** The distribution's zone data was installed here. */
  readonly zonePackage: Instruction | undefined;
  /** RUN makes users. */
  readonly userMaker: Instruction | undefined;
  /** The user in force at the last build step. */
  readonly lastUser: string;
  /** Programs run that may read any variable of the environment. */
  readonly environmentReaders: readonly Instruction[];
  /** Absolute path in the image → path in the repository, through what was copied. */
  repositoryPath(path: string): string | undefined;
  /**
   * Path in the repository → absolute paths in the image: its own, or those of the parts of a directory that were copied
   * one by one. Empty when it was not copied.
   */
  imagePaths(path: string): readonly string[];
  /** The import path of the package in an absolute directory of the image. */
  importPath(directory: string): { readonly path: string; readonly moduleMode: boolean } | undefined;
}

/** Where the toolchain and package managers keep their own state: nothing below is of use at run time. */
const STATE_DIRECTORIES = ["/go/pkg", "/go/src", "/root/.ssh", "/root/.cache", "/root/.config", "/root/.netrc", "/root/.gitconfig", "/var/cache", "/var/lib/apt", "/etc/apk", "/etc/apt", "/tmp", "/usr/local/go", "/usr/share/man", "/lib64", "/usr/lib", "/lib", "/usr/include"];

const SYSTEM_DIRECTORIES = ["/", "/bin", "/sbin", "/usr", "/usr/bin", "/usr/sbin", "/usr/local", "/usr/local/bin", "/etc", "/opt", "/srv", "/home", "/root", "/tmp", "/var", "/go", "/go/bin", "/go/src", "/usr/local/go", "/usr/local/go/bin"];

/** Goes through a stage and keeps account of what it builds, copies and makes. */
export function readGoBuilder(
  document: Document,
  stage: Stage,
  place: { readonly repository: Repository | undefined; readonly contextDirectory: string | undefined; readonly dockerfilePath: string },
): GoBuilder {
  const { repository, contextDirectory, dockerfilePath } = place;
  const builds: GoBuild[] = [];
  const artifacts = new Map<string, GoBuild>();
  const copies: CopiedFile[] = [];
  const made = new Map<string, { kind: "file" | "directory"; instruction: Instruction }>();
  const removed: string[] = [];
  const obstacles: Obstacle[] = [];
  const assumptions: Obstacle[] = [];
  const ownerChanges: Instruction[] = [];
  const environmentReaders: Instruction[] = [];
  const directories = new Set(SYSTEM_DIRECTORIES);
  const moduleNames = new Map<string, string>();
  const written = new Map<string, string>();
  let zonePackage: Instruction | undefined;
  let userMaker: Instruction | undefined;
  let lastUser = "";

  const obstacle = (code: string, instruction: Instruction, data: Record<string, string> = {}): void => {
    obstacles.push({ code, instruction, data });
  };
  const assumption = (code: string, instruction: Instruction, data: Record<string, string> = {}): void => {
    if (!assumptions.some((known) => known.code === code && known.instruction === instruction)) assumptions.push({ code, instruction, data });
  };

  function repositoryPath(path: string): string | undefined {
    if (contextDirectory === undefined) return undefined;
    const own = copies.findLast((copy) => copy.from === undefined && isWithin(path, copy.directory) && (copy.target === path || !isFileSource(copy)));
    // Where only single files were copied to a directory, their own directory stands for it.
    const copy = own ?? copies.findLast((candidate) => candidate.from === undefined && isWithin(path, candidate.directory));
    if (!copy) return undefined;
    const source = contextPath(copy);
    const below = path.slice(copy.directory === "/" ? 1 : copy.directory.length + 1);
    const parts = copy.target === path && isFileSource(copy) ? [source]
      : /[*?[]/.test(source) || isFileSource(copy) ? [source.slice(0, Math.max(0, source.lastIndexOf("/"))), below]
      : [source, below];
    return [contextDirectory, ...parts].filter((part) => part !== "").join("/");
  }

  const ignore = repository && contextDirectory !== undefined ? readIgnoreFile(repository, contextDirectory, dockerfilePath) : undefined;

  function imagePaths(path: string): string[] {
    if (contextDirectory === undefined) return [];
    const inContext = contextDirectory === "" ? path : path.startsWith(`${contextDirectory}/`) ? path.slice(contextDirectory.length + 1) : undefined;
    if (inContext === undefined || ignore?.(inContext)) return [];
    for (const copy of copies.toReversed()) {
      if (copy.from !== undefined) continue;
      const below = belowSource(copy.source, inContext);
      if (below === undefined) continue;
      const isFile = below === "" && repository !== undefined && kindOf(repository, path) !== "directory";
      if (isFile) return [copy.intoDirectory || directories.has(copy.directory) ? resolvePath(copy.directory, baseName(inContext))! : copy.target];
      return [resolvePath(copy.directory, below)!];
    }
    return copies
      .filter((copy) => copy.from === undefined && contextPath(copy).startsWith(`${inContext}/`) && !ignore?.(contextPath(copy)))
      .map((copy) => (isFileSource(copy) ? copy.target : copy.directory));
  }

  const isDirectory = (path: string): boolean => {
    if (directories.has(path)) return true;
    const inRepository = repository && repositoryPath(path);
    return inRepository !== undefined && kindOf(repository!, inRepository) === "directory";
  };

  function importPath(directory: string): { path: string; moduleMode: boolean } | undefined {
    for (const [root, name] of moduleNames) {
      if (isWithin(directory, root)) return { path: name + directory.slice(root === "/" ? 0 : root.length), moduleMode: true };
    }
    const inRepository = repository && repositoryPath(directory);
    const module = inRepository === undefined ? undefined : findGoModule(repository!, { contextDirectory: contextDirectory!, directory: inRepository });
    if (module) {
      const below = inRepository === module.directory ? "" : inRepository!.slice(module.directory === "" ? 0 : module.directory.length + 1);
      return { path: below ? `${module.path}/${below}` : module.path, moduleMode: true };
    }
    // GOPATH mode: the directory below GOPATH/src is the import path; with a go.mod that cannot be seen the last element is most often the same.
    const match = /^\/go\/src\/(.+)$/.exec(directory);
    return match ? { path: match[1]!, moduleMode: false } : undefined;
  }

  function copyInstruction(instruction: Instruction, state: StageState): void {
    const files = copiedFiles(document, instruction, state);
    if (!files) {
      obstacle("copy-unknown", instruction);
      return;
    }
    for (const file of files) {
      const copy = placed(file);
      if (/^(?:https?:\/\/|git@|git:\/\/)/.test(copy.source)) obstacle("source-not-in-context", instruction, { source: copy.source });
      copies.push(copy);
      if (copy.intoDirectory || copy.source === "." || copy.source === "./") directories.add(copy.directory);
      if (instruction.flags.some((flag) => flag.name === "chown")) ownerChanges.push(instruction);
    }
  }

  /** `COPY main.go /app` without a slash puts the file into /app when that is a directory by then. */
  function placed(copy: CopiedFile): CopiedFile {
    if (copy.intoDirectory || !directories.has(copy.directory) || !isFileSource(copy)) return copy;
    return { ...copy, intoDirectory: true, target: resolvePath(copy.directory, baseName(copy.source))! };
  }

  function contextPath(copy: CopiedFile): string {
    return copy.source.split("/").filter((part) => part !== "" && part !== ".").join("/");
  }

  /** Whether a COPY source is one file, as far as the repository or its name tells. */
  function isFileSource(copy: CopiedFile): boolean {
    const path = [contextDirectory ?? "", contextPath(copy)].filter((part) => part !== "").join("/");
    const kind = repository && contextDirectory !== undefined && copy.from === undefined ? kindOf(repository, path) : undefined;
    return kind === undefined ? /\.\w+$/.test(baseName(copy.source)) && !/[*?[]/.test(copy.source) : kind === "file";
  }

  function runInstruction(instruction: Instruction, state: StageState): void {
    const body = runBody(document, instruction, state);
    if (body.kind === "opaque") {
      obstacle("opaque-build", instruction, { why: body.why });
      return;
    }
    for (const command of body.commands) runCommand(command, instruction, state);
    // What lies in a mounted directory is not part of the image.
    for (const flag of instruction.flags) {
      const target = flag.name === "mount" ? /(?:^|,)(?:target|dst|destination)=([^,]*)/.exec(flag.value ?? "")?.[1] : undefined;
      const mounted = target === undefined ? undefined : resolvePath(state.directory, target);
      if (mounted === undefined) continue;
      for (const path of artifacts.keys()) if (isWithin(path, mounted)) artifacts.delete(path);
      for (const path of made.keys()) if (isWithin(path, mounted)) made.delete(path);
    }
  }

  function runCommand(command: ShellCommand, instruction: Instruction, state: StageState): void {
    for (const redirect of command.redirects) {
      if (!/^(?:>|>>|>\||&>)$/.test(redirect.operator)) continue;
      const value = redirect.target?.value;
      if (value?.startsWith("/dev/")) continue;
      const path = value === undefined ? undefined : resolvePath(command.directory, value);
      if (path === undefined) obstacle("step-may-matter", instruction, { program: redirect.target?.text ?? ">" });
      else make(path, "file", instruction);
    }
    if (command.words.length === 0) return;
    const go = readGoCommand(command);
    if (go) {
      goCommand(go, instruction, state);
      return;
    }
    const program = baseName(command.words[0]!.value!);
    switch (COMMAND_EFFECTS.get(program)) {
      case "none":
        return;
      case "packages":
        packages(command, program, instruction);
        return;
      case "users":
        userMaker = instruction;
        return;
      case "files": {
        const operations = fileOperations(command);
        if (!operations) obstacle("step-may-matter", instruction, { program });
        else for (const operation of operations) fileOperation(operation, instruction);
        return;
      }
      case "recipe":
        obstacle("opaque-build", instruction, { why: `${program} runs what a file of the repository says` });
        return;
      case "toolchain":
        obstacle("two-toolchains", instruction, { program });
        return;
      case "download":
        download(command, program, instruction);
        return;
      case undefined:
        if (DEVELOPMENT_PROGRAMS.has(program)) return;
        obstacle(command.words[0]!.value!.includes("/") ? "opaque-build" : "step-may-matter", instruction, {
          program, why: `${command.words[0]!.value} is a program that is not known`,
        });
    }
  }

  function packages(command: ShellCommand, program: string, instruction: Instruction): void {
    if (program.startsWith("apt-key") || program.startsWith("add-apt") || program === "dpkg" || program === "rpm") return;
    const names = installedPackages(command);
    if (!names) {
      obstacle("runtime-packages", instruction, { packages: "packages named by a variable" });
      return;
    }
    const unknown: string[] = [];
    const ambiguous: string[] = [];
    for (const name of names) {
      const use = Object.hasOwn(PACKAGES, name) ? PACKAGES[name] : undefined;
      if (use === "zones") zonePackage = instruction;
      if (AMBIGUOUS_PACKAGES.has(name)) ambiguous.push(name);
      else if (use === undefined) unknown.push(name);
    }
    if (unknown.length > 0) obstacle("runtime-packages", instruction, { packages: unknown.join(", ") });
    if (ambiguous.length > 0) assumption("build-tools-assumed", instruction, { packages: ambiguous.join(", ") });
  }

  function download(command: ShellCommand, program: string, instruction: Instruction): void {
    const action = command.words[1]?.value;
    if (program === "git") {
      if (action === "clone") obstacle("source-not-in-context", instruction, { source: command.words.find((word) => /:\/\/|@/.test(word.text))?.text ?? "git clone" });
      return;
    }
    const flag = program === "curl" ? ["-o", "--output"] : ["-O", "--output-document"];
    const index = command.words.findIndex((word) => flag.includes(word.text));
    const target = index < 0 ? undefined : command.words[index + 1]?.value;
    const path = target === undefined ? undefined : resolvePath(command.directory, target);
    if (path === undefined || command.piped) obstacle("step-may-matter", instruction, { program });
    else make(path, "file", instruction);
  }

  function make(path: string, kind: "file" | "directory", instruction: Instruction): void {
    if (kind === "directory") directories.add(path);
    if (STATE_DIRECTORIES.some((directory) => isWithin(path, directory))) return;
    if (!made.has(path)) made.set(path, { kind, instruction });
  }

  function fileOperation(operation: FileOperation, instruction: Instruction): void {
    switch (operation.kind) {
      case "directory":
      case "file":
        make(operation.path, operation.kind, instruction);
        return;
      case "owner":
        ownerChanges.push(instruction);
        return;
      case "remove":
        for (const path of artifacts.keys()) if (isWithin(path, operation.path)) artifacts.delete(path);
        for (const path of made.keys()) if (isWithin(path, operation.path)) made.delete(path);
        if (!STATE_DIRECTORIES.some((directory) => isWithin(operation.path, directory))) removed.push(operation.path);
        return;
      default: {
        const target = operation.intoDirectory || isDirectory(operation.target) ? resolvePath(operation.target, baseName(operation.source))! : operation.target;
        const build = artifacts.get(operation.source);
        if (build) {
          artifacts.set(target, build);
          if (operation.kind === "move") artifacts.delete(operation.source);
          return;
        }
        const inner = [...artifacts.keys()].filter((path) => isWithin(path, operation.source));
        for (const path of inner) {
          artifacts.set(target + path.slice(operation.source.length), artifacts.get(path)!);
          if (operation.kind === "move") artifacts.delete(path);
        }
        if (operation.kind === "move") removed.push(operation.source);
        make(target, isDirectory(operation.source) ? "directory" : "file", instruction);
      }
    }
  }

  function goCommand(go: GoCommand, instruction: Instruction, state: StageState): void {
    const { command, verb } = go;
    const setting = (name: string): string | null | undefined => {
      const own = commandVariable(command, name);
      if (own) return own.value;
      return written.has(name) ? written.get(name) : state.lookup(name);
    };
    if (verb === "env" && go.flags.has("w")) {
      for (const { value } of go.operands) if (value?.includes("=")) written.set(value.slice(0, value.indexOf("=")), value.slice(value.indexOf("=") + 1));
      return;
    }
    if (verb === "mod" && go.operands[0]?.value === "init") {
      const name = go.operands[1]?.value;
      if (name && command.directory) moduleNames.set(command.directory, name);
      return;
    }
    if (verb === "test" || verb === "generate" || verb === "run" || verb === "tool") {
      environmentReaders.push(instruction);
      return;
    }
    if (verb !== "build" && verb !== "install") {
      if (verb === "get" && !go.flags.has("d")) goGet(go, instruction);
      return;
    }
    const remote = go.operands.find((operand) => operand.value?.includes("@"));
    if (remote) {
      assumption("tools-assumed", instruction, { tools: remote.value! });
      return;
    }
    const goPath = setting("GOPATH");
    const goBin = setting("GOBIN");
    const { directory } = command;
    if (directory === undefined) {
      obstacle("opaque-build", instruction, { why: "the directory it runs in is not known" });
      return;
    }
    if (command.conditional || command.piped) obstacle("conditional-build", instruction);
    const target = setting("GOOS");
    if (target && target !== "linux") obstacle("go-cross-compiled", instruction, { system: target });
    const mode = go.flags.get("buildmode");
    if (mode !== undefined && !["default", "exe"].includes(mode)) obstacle("go-build-mode", instruction, { mode });
    const cgo = setting("CGO_ENABLED");
    const needsCgo = ["race", "msan", "asan"].find((name) => go.flags.has(name)) ?? (/-linkmode[= ]'?"?external/.test(go.flags.get("ldflags") ?? "") ? "linkmode external" : undefined);
    if (needsCgo && cgo !== "0") obstacle("go-cgo-needed", instruction, { why: `-${needsCgo}` });
    else if (cgo !== null && cgo !== "0" && cgo !== "") obstacle("go-cgo-needed", instruction, { why: cgo === undefined ? "CGO_ENABLED comes from outside" : `CGO_ENABLED=${cgo}` });
    argumentsInPath(command.words.find((word, index) => /^--?o=/.test(word.text) || /^--?o$/.test(command.words[index - 1]?.text ?? ""))?.text ?? "", instruction, state);
    const output = outputOf(go, {
      directory, isDirectory, importPath,
      installDirectory: goBin || (goPath ? resolvePath("/", `${goPath.split(":")[0]!}/bin`) : undefined),
    });
    const operand = go.operands[0];
    const packageDirectory =
      go.operands.length === 0 ? directory
      : operand!.text.endsWith(".go") ? (operand!.text.includes("/") ? resolvePath(directory, directoryName(operand!.text.startsWith("/") ? operand!.text : `./${operand!.text}`)) : directory)
      : operand!.value !== undefined && isLocal(operand!.value) && !operand!.value.includes("...") && go.operands.length === 1 ? resolvePath(directory, operand!.value)
      : undefined;
    const build: GoBuild = {
      go, instruction, directory, output, packageDirectory,
      cgo: cgo === "0" ? "off" : cgo ? "on" : "unset",
    };
    builds.push(build);
    if (output.kind === "file") artifacts.set(output.path, build);
    if (output.kind === "unknown") obstacle("output-unknown", instruction);
  }

  function argumentsInPath(text: string, instruction: Instruction, state: StageState): void {
    const name = expand(text, () => undefined).references.find(state.isArgument);
    if (name !== undefined) assumption("argument-default-assumed", instruction, { name });
  }

  /** Before modules `go get` built and installed what it got. Source: https://go.dev/doc/go-get-install-deprecation */
  function goGet(go: GoCommand, instruction: Instruction): void {
    for (const { value } of go.operands) {
      if (value && !isLocal(value) && value !== "...") assumption("tools-assumed", instruction, { tools: value });
    }
  }

  const contract = walkStage(document, stage, (instruction, state) => {
    if (state.directory !== undefined) directories.add(state.directory);
    if (instruction.keyword === "RUN" || instruction.keyword === "COPY" || instruction.keyword === "ADD") lastUser = state.user;
    switch (instruction.keyword) {
      case "COPY":
      case "ADD":
        copyInstruction(instruction, state);
        return;
      case "WORKDIR":
        argumentsInPath(instruction.body.text, instruction, state);
        return;
      case "RUN":
        runInstruction(instruction, state);
        return;
      case "ONBUILD":
        obstacle("onbuild-triggers", instruction);
    }
  });
  return { contract, builds, artifacts, copies, made, removed, obstacles, assumptions, ownerChanges, zonePackage, userMaker, lastUser, environmentReaders, repositoryPath, imagePaths, importPath };
}

/** What of a path in the context lies below a COPY source (`""`: the source itself); wildcards are those of Go's filepath.Match. */
function belowSource(source: string, path: string): string | undefined {
  const parts = source.split("/").filter((part) => part !== "" && part !== ".");
  const own = path.split("/");
  if (own.length < parts.length) return undefined;
  for (let index = 0; index < parts.length; index++) if (!matches(parts[index]!, own[index]!)) return undefined;
  return own.slice(parts.length).join("/");
}

function matches(pattern: string, name: string): boolean {
  if (!/[*?[]/.test(pattern)) return pattern === name;
  const expression = pattern.replace(/[.+^${}()|\\]/g, "\\$&").replace(/\*/g, "[^/]*").replace(/\?/g, "[^/]");
  try {
    return new RegExp(`^${expression}$`).test(name);
  } catch {
    return false; // an open bracket: Go refuses the pattern
  }
}
