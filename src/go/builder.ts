import { copiedFiles, type CopiedFile } from "../core/copied-files.ts";
import type { Document, Stage } from "../core/document.ts";
import { baseImage, isAtLeast } from "../core/base-images.ts";
import {
  imageName,
  walkStage,
  type ImageContract,
  type StageState,
} from "../core/image-contract.ts";
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
import { commandVariable, programName, readGoCommand, type GoCommand } from "./go-command.ts";
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

/** A file or directory that RUN, or WORKDIR, makes. */
export interface Made {
  readonly kind: "file" | "directory";
  readonly instruction: Instruction;
  /** It lies where the toolchain and package managers keep their own state: of use only to a program that names it. */
  readonly isState: boolean;
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
  readonly made: ReadonlyMap<string, Made>;
  /** Whether RUN removes a path: anything that was there, or, with `copy`, what that COPY brought. */
  isRemoved(path: string, copy?: CopiedFile): boolean;
  /** RUN starts a program that may write files: a generator. */
  readonly generator: Instruction | undefined;
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
  importPath(
    directory: string,
  ): { readonly path: string; readonly moduleMode: boolean } | undefined;
}

/** Where the toolchain and package managers keep their own state. */
const STATE_DIRECTORIES = [
  "/go/pkg",
  "/go/src",
  "/root/.ssh",
  "/root/.cache",
  "/root/.config",
  "/root/.netrc",
  "/root/.gitconfig",
  "/var/cache",
  "/var/lib/apt",
  "/etc/apk",
  "/etc/apt",
  "/tmp",
  "/usr/local/go",
  "/usr/share/man",
  "/lib64",
  "/usr/lib",
  "/lib",
  "/usr/include",
];
/** Engines mount these over what the image has. Source: https://docs.docker.com/engine/network/#container-dns-in-docker-engine-networks */
const MOUNTED_FILES = new Set(["/etc/hosts", "/etc/hostname", "/etc/resolv.conf"]);

const SYSTEM_DIRECTORIES = [
  "/",
  "/bin",
  "/sbin",
  "/usr",
  "/usr/bin",
  "/usr/sbin",
  "/usr/local",
  "/usr/local/bin",
  "/etc",
  "/opt",
  "/srv",
  "/home",
  "/root",
  "/tmp",
  "/var",
  "/go",
  "/go/bin",
  "/go/src",
  "/usr/local/go",
  "/usr/local/go/bin",
];

/** Goes through a stage and keeps account of what it builds, copies and makes. */
export function readGoBuilder(
  document: Document,
  stage: Stage,
  place: {
    readonly repository: Repository | undefined;
    readonly contextDirectory: string | undefined;
    readonly dockerfilePath: string;
  },
): GoBuilder {
  const { repository, contextDirectory, dockerfilePath } = place;
  const builds: GoBuild[] = [];
  const artifacts = new Map<string, GoBuild>();
  const copies: CopiedFile[] = [];
  const made = new Map<string, Made>();
  const removals: {
    readonly path: string;
    readonly pattern: RegExp | undefined;
    readonly order: number;
  }[] = [];
  const copyOrder = new Map<CopiedFile, number>();
  const virtualPackages = new Map<string, readonly string[]>();
  let order = 0;
  let generator: Instruction | undefined;
  let zonesRemoved = false;
  const zoneLinks: string[] = [];
  let lastTest: string | undefined;
  const obstacles: Obstacle[] = [];
  const assumptions: Obstacle[] = [];
  const ownerChanges: Instruction[] = [];
  const environmentReaders: Instruction[] = [];
  const directories = new Set(SYSTEM_DIRECTORIES);
  const addDirectory = (path: string): void => {
    for (let at = path; !directories.has(at); at = directoryName(at)) directories.add(at);
  };
  const moduleNames = new Map<string, string>();
  const written = new Map<string, string>();
  let zonePackage: Instruction | undefined;
  let userMaker: Instruction | undefined;
  let lastUser = "";

  const obstacle = (
    code: string,
    instruction: Instruction,
    data: Record<string, string> = {},
  ): void => {
    obstacles.push({ code, instruction, data });
  };
  const assumption = (
    code: string,
    instruction: Instruction,
    data: Record<string, string> = {},
  ): void => {
    if (!assumptions.some((known) => known.code === code && known.instruction === instruction))
      assumptions.push({ code, instruction, data });
  };

  function repositoryPath(path: string): string | undefined {
    if (contextDirectory === undefined) return undefined;
    const own = copies.findLast(
      (copy) =>
        copy.from === undefined &&
        isWithin(path, copy.directory) &&
        (copy.target === path || !isFileSource(copy)),
    );
    // Where only single files were copied to a directory, their own directory stands for it.
    const copy =
      own ??
      copies.findLast(
        (candidate) => candidate.from === undefined && isWithin(path, candidate.directory),
      );
    if (!copy) return undefined;
    const source = contextPath(copy);
    const below = path.slice(copy.directory === "/" ? 1 : copy.directory.length + 1);
    const parts =
      copy.target === path && isFileSource(copy)
        ? [source]
        : /[*?[]/.test(source) || isFileSource(copy)
          ? [source.slice(0, Math.max(0, source.lastIndexOf("/"))), below]
          : [source, below];
    return [contextDirectory, ...parts].filter((part) => part !== "").join("/");
  }

  const ignore =
    repository && contextDirectory !== undefined
      ? readIgnoreFile(repository, contextDirectory, dockerfilePath)
      : undefined;

  function imagePaths(path: string): string[] {
    if (contextDirectory === undefined) return [];
    const inContext =
      contextDirectory === ""
        ? path
        : path.startsWith(`${contextDirectory}/`)
          ? path.slice(contextDirectory.length + 1)
          : undefined;
    if (inContext === undefined || ignore?.(inContext)) return [];
    const found = new Set<string>();
    for (const copy of copies) {
      if (copy.from !== undefined) continue;
      const below = belowSource(copy.source, inContext);
      if (below === undefined) {
        // The directory's parts were copied one by one.
        if (contextPath(copy).startsWith(`${inContext}/`) && !ignore?.(contextPath(copy)))
          add(isFileSource(copy) ? copy.target : copy.directory, copy);
        continue;
      }
      const isFile =
        below === "" && repository !== undefined && kindOf(repository, path) !== "directory";
      if (!isFile) add(resolvePath(copy.directory, below)!, copy);
      else
        add(
          copy.intoDirectory || directories.has(copy.directory)
            ? resolvePath(copy.directory, baseName(inContext))!
            : copy.target,
          copy,
        );
    }
    return [...found];

    function add(target: string, copy: CopiedFile): void {
      if (!isRemoved(target, copy)) found.add(target);
    }
  }

  function isRemoved(path: string, copy?: CopiedFile): boolean {
    const since = copy ? (copyOrder.get(copy) ?? 0) : -1;
    return removals.some((removal) => removal.order > since && covers(removal, path));
  }

  const isDirectory = (path: string): boolean => {
    if (directories.has(path)) return true;
    const inRepository = repository && repositoryPath(path);
    return inRepository !== undefined && kindOf(repository!, inRepository) === "directory";
  };

  function importPath(directory: string): { path: string; moduleMode: boolean } | undefined {
    for (const [root, name] of moduleNames) {
      if (isWithin(directory, root))
        return { path: name + directory.slice(root === "/" ? 0 : root.length), moduleMode: true };
    }
    const inRepository = repository && repositoryPath(directory);
    const module =
      inRepository === undefined
        ? undefined
        : findGoModule(repository!, {
            contextDirectory: contextDirectory!,
            directory: inRepository,
          });
    if (module) {
      const below =
        inRepository === module.directory
          ? ""
          : inRepository!.slice(module.directory === "" ? 0 : module.directory.length + 1);
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
      if (/^(?:https?:\/\/|git@|git:\/\/)/.test(copy.source))
        obstacle("source-not-in-context", instruction, { source: copy.source });
      if (copy.source.startsWith("<<")) {
        // A file written out in the Dockerfile itself.
        make(
          copy.intoDirectory
            ? resolvePath(copy.directory, copy.source.replace(/^<<-?["']?|["']$/g, ""))!
            : copy.directory,
          "file",
          instruction,
        );
        continue;
      }
      if (copy.from !== undefined)
        obstacle("runtime-packages", instruction, { packages: `${copy.source} of ${copy.from}` });
      if (instruction.keyword === "ADD" && /\.(?:tar|tgz|tbz2?|txz|tar\.\w+)$/.test(copy.source))
        obstacle("copy-unknown", instruction);
      if (instruction.flags.some((flag) => flag.name === "parents"))
        obstacle("copy-unknown", instruction);
      if (instruction.flags.some((flag) => flag.name === "chmod" && givesWrite(flag.value ?? "")))
        ownerChanges.push(instruction);
      copyOrder.set(copy, order++);
      copies.push(copy);
      if (copy.intoDirectory || copy.source === "." || copy.source === "./")
        addDirectory(copy.directory);
      if (instruction.flags.some((flag) => flag.name === "chown")) ownerChanges.push(instruction);
    }
  }

  /** `COPY main.go /app` without a slash puts the file into /app when that is a directory by then. */
  function placed(copy: CopiedFile): CopiedFile {
    if (copy.intoDirectory || !directories.has(copy.directory) || !isFileSource(copy)) return copy;
    return {
      ...copy,
      intoDirectory: true,
      target: resolvePath(copy.directory, baseName(copy.source))!,
    };
  }

  function contextPath(copy: CopiedFile): string {
    return copy.source
      .split("/")
      .filter((part) => part !== "" && part !== ".")
      .join("/");
  }

  /** Whether a COPY source is one file, as far as the repository or its name tells. */
  function isFileSource(copy: CopiedFile): boolean {
    const path = [contextDirectory ?? "", contextPath(copy)]
      .filter((part) => part !== "")
      .join("/");
    const kind =
      repository && contextDirectory !== undefined && copy.from === undefined
        ? kindOf(repository, path)
        : undefined;
    return kind === undefined
      ? /\.\w+$/.test(baseName(copy.source)) && !/[*?[]/.test(copy.source)
      : kind === "file";
  }

  function runInstruction(instruction: Instruction, state: StageState): void {
    const body = runBody(document, instruction, state);
    if (body.kind === "opaque") {
      obstacle("opaque-build", instruction, { why: body.why });
      return;
    }
    if (
      /(?:^|[;&|(]\s*)(?:unset\s+CGO_ENABLED\b|CGO_ENABLED=[^\s;&|]*\s*(?:[;&|]|$))/.test(
        instruction.body.text,
      )
    ) {
      obstacle("opaque-build", instruction, { why: "it changes CGO_ENABLED along the way" });
    }
    for (const command of body.commands) runCommand(command, instruction, state);
    // What lies in a mounted directory is not part of the image.
    for (const flag of instruction.flags) {
      const target =
        flag.name === "mount"
          ? /(?:^|,)(?:target|dst|destination)=([^,]*)/.exec(flag.value ?? "")?.[1]
          : undefined;
      const written = target === undefined ? undefined : expand(target, state.lookup).value;
      const mounted = written === undefined ? undefined : resolvePath(state.directory, written);
      if (mounted === undefined) continue;
      for (const path of artifacts.keys()) if (isWithin(path, mounted)) artifacts.delete(path);
      for (const path of made.keys()) if (isWithin(path, mounted)) made.delete(path);
    }
  }

  function runCommand(command: ShellCommand, instruction: Instruction, state: StageState): void {
    const tested = lastTest;
    lastTest = undefined;
    for (const redirect of command.redirects) {
      if (!/^(?:>|>>|>\||&>)$/.test(redirect.operator)) continue;
      const value = redirect.target?.value;
      if (value?.startsWith("/dev/")) continue;
      const path = value === undefined ? undefined : resolvePath(command.directory, value);
      if (path === undefined || (command.conditional && path !== tested))
        obstacle("step-may-matter", instruction, { program: redirect.target?.text ?? ">" });
      else make(path, "file", instruction);
    }
    if (
      /\bgo (?:build|install)\b/.test(
        command.assignments.length > 0 && command.words.length === 0
          ? instruction.body.text.slice(command.start, command.end)
          : "",
      )
    ) {
      obstacle("opaque-build", instruction, { why: "it builds within a substitution" });
    }
    if (command.words.length === 0) return;
    const go = readGoCommand(command);
    if (go) {
      if (isTimed(instruction, command) && !state.shell[0]!.endsWith("bash"))
        obstacle("opaque-build", instruction, { why: "it is run by time" });
      if (go.isUnclear && ["build", "install"].includes(go.verb))
        obstacle("opaque-build", instruction, { why: "its flags are not known" });
      goCommand(go, instruction, state);
      return;
    }
    const [first, ...rest] = command.words;
    if (["env", "nice", "exec", "command"].includes(first!.value!) && rest.length > 0) {
      const words = rest.slice(
        rest.findIndex(({ value }) => value === undefined || !/^-|^\w+=/.test(value)),
      );
      runCommand({ ...command, words, redirects: [] }, instruction, state);
      return;
    }
    const program = baseName(first!.value!);
    if (program === "[" || program === "test") lastTest = testedPath(command);
    switch (COMMAND_EFFECTS.get(program)) {
      case "none":
        if (program === "chmod" && rest.some(({ text }) => givesWrite(text)))
          ownerChanges.push(instruction);
        if (program === "sort" && rest.some(({ text }) => text.startsWith("-o")))
          obstacle("step-may-matter", instruction, { program });
        return;
      case "generator":
        generator ??= instruction;
        return;
      case "packages":
        packages(command, program, instruction);
        return;
      case "users":
        userMaker = instruction;
        return;
      case "files": {
        const operations = fileOperations(command, state.shell[0]!.endsWith("bash"));
        if (!operations) {
          obstacle("step-may-matter", instruction, { program });
          return;
        }
        for (const operation of operations) {
          if (command.conditional && !isHarmless(operation, tested))
            obstacle("step-may-matter", instruction, { program });
          else fileOperation(operation, instruction);
        }
        return;
      }
      case "recipe":
        obstacle("opaque-build", instruction, {
          why: `${program} runs what a file of the repository says`,
        });
        return;
      case "toolchain":
        obstacle("two-toolchains", instruction, { program });
        return;
      case "download":
        download(command, program, instruction);
        return;
      case undefined:
        if (DEVELOPMENT_PROGRAMS.has(program)) return;
        obstacle(first!.value!.includes("/") ? "opaque-build" : "step-may-matter", instruction, {
          program,
          why: `${first!.value} is a program that is not known`,
        });
    }
  }

  /** An operation on a condition that makes no difference: `[ -d X ] || mkdir X`, or a removal of what nobody needs. */
  function isHarmless(operation: FileOperation, tested: string | undefined): boolean {
    switch (operation.kind) {
      case "directory":
      case "file":
        return (
          operation.path === tested ||
          STATE_DIRECTORIES.some((directory) => isWithin(operation.path, directory))
        );
      case "remove":
        return ![
          ...artifacts.keys(),
          ...made.keys(),
          ...copies.map((copy) => copy.target),
          ...copies.map((copy) => copy.directory),
        ].some((path) => covers(operation, path) || isWithin(operation.path, path));
      default:
        return false;
    }
  }

  function packages(command: ShellCommand, program: string, instruction: Instruction): void {
    if (
      program.startsWith("apt-key") ||
      program.startsWith("add-apt") ||
      program === "dpkg" ||
      program === "rpm"
    )
      return;
    const names = installedPackages(command);
    if (!names) {
      obstacle("runtime-packages", instruction, { packages: "packages named by a variable" });
      return;
    }
    const group = command.words.find((_, index) =>
      ["-t", "--virtual"].includes(command.words[index - 1]?.text ?? ""),
    )?.value;
    if (group !== undefined) virtualPackages.set(group, names);
    if (command.words.some(({ value }) => /^(?:del|purge|remove|autoremove)$/.test(value ?? ""))) {
      const gone = command.words.flatMap(({ value }) => [
        value ?? "",
        ...(virtualPackages.get(value ?? "") ?? []),
      ]);
      if (gone.includes("tzdata")) {
        zonePackage = undefined;
        zonesRemoved = true;
      }
    }
    const unknown: string[] = [];
    const ambiguous: string[] = [];
    for (const name of names) {
      const use = Object.hasOwn(PACKAGES, name) ? PACKAGES[name] : undefined;
      if (use === "zones") zonePackage = instruction;
      if (AMBIGUOUS_PACKAGES.has(name)) ambiguous.push(name);
      else if (use === undefined) unknown.push(name);
    }
    if (unknown.length > 0)
      obstacle("runtime-packages", instruction, { packages: unknown.join(", ") });
    if (ambiguous.length > 0)
      assumption("build-tools-assumed", instruction, { packages: ambiguous.join(", ") });
  }

  function download(command: ShellCommand, program: string, instruction: Instruction): void {
    const action = command.words[1]?.value;
    if (program === "git") {
      if (action === "clone")
        obstacle("source-not-in-context", instruction, {
          source: command.words.find((word) => /:\/\/|@/.test(word.text))?.text ?? "git clone",
        });
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
    if (kind === "directory") addDirectory(path);
    if (MOUNTED_FILES.has(path)) return;
    const isState = STATE_DIRECTORIES.some((directory) => isWithin(path, directory));
    if (!made.has(path)) made.set(path, { kind, instruction, isState });
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
        for (const path of artifacts.keys()) if (covers(operation, path)) artifacts.delete(path);
        for (const path of made.keys()) if (covers(operation, path)) made.delete(path);
        removals.push({ ...operation, order: order++ });
        return;
      default:
        transfer(operation, instruction);
    }
  }

  function transfer(
    operation: Extract<FileOperation, { kind: "copy" | "move" | "link" }>,
    instruction: Instruction,
  ): void {
    const { kind, source, contents } = operation;
    const intoDirectory = !contents && (operation.intoDirectory || isDirectory(operation.target));
    const target = intoDirectory
      ? resolvePath(operation.target, baseName(source))!
      : operation.target;
    for (const [path, build] of Array.from(artifacts)) {
      if (!isWithin(path, source)) continue;
      artifacts.set(target + path.slice(source.length), build);
      if (kind === "move") artifacts.delete(path);
      if (path === source) return;
    }
    if (kind === "move") {
      for (const path of made.keys()) if (isWithin(path, source)) made.delete(path);
      removals.push({ path: source, pattern: undefined, order: order++ });
    }
    if (kind === "link" && isWithin(source, "/usr/share/zoneinfo")) zoneLinks.push(target);
    make(target, isDirectory(source) ? "directory" : "file", instruction);
  }

  function goCommand(given: GoCommand, instruction: Instruction, state: StageState): void {
    const { command, verb } = given;
    const setting = (name: string): string | null | undefined => {
      const own = commandVariable(command, name);
      if (own) return own.value;
      // What `go env -w` wrote counts where the environment says nothing.
      const value = state.lookup(name);
      return value === null && written.has(name) ? written.get(name) : value;
    };
    const go = withDefaultFlags(given, setting("GOFLAGS") ?? "");
    if (verb === "env" && go.flags.has("w")) {
      for (const { value } of go.operands)
        if (value?.includes("="))
          written.set(value.slice(0, value.indexOf("=")), value.slice(value.indexOf("=") + 1));
      return;
    }
    if (verb === "mod" && go.operands[0]?.value === "init") {
      const name = go.operands[1]?.value;
      if (name && command.directory) moduleNames.set(command.directory, name);
      return;
    }
    if (verb === "test" || verb === "generate" || verb === "run" || verb === "tool") {
      environmentReaders.push(instruction);
      if (verb !== "test") generator ??= instruction;
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
    if (target && target !== "linux")
      obstacle("go-cross-compiled", instruction, { system: target });
    const mode = go.flags.get("buildmode");
    if (mode !== undefined && !["default", "exe"].includes(mode))
      obstacle("go-build-mode", instruction, { mode });
    for (const name of ["CGO_ENABLED", "GOBIN", "GOPATH"])
      if (state.isArgument(name) && !commandVariable(command, name))
        assumption("argument-default-assumed", instruction, { name });
    const cgo = setting("CGO_ENABLED");
    if (!isAtLeast(contractBase?.version, 1, 5) && !go.flags.has("a"))
      obstacle("go-cgo-needed", instruction, {
        why: "before Go 1.5 CGO_ENABLED=0 does not rebuild the package net (golang/go#9344)",
      });
    const needsCgo =
      ["race", "msan", "asan"].find((name) => go.flags.has(name)) ??
      (/-linkmode[= ]'?"?external/.test(go.flags.get("ldflags") ?? "")
        ? "linkmode external"
        : undefined);
    if (needsCgo && cgo !== "0") obstacle("go-cgo-needed", instruction, { why: `-${needsCgo}` });
    else if (
      (cgo !== null && cgo !== "0" && cgo !== "") ||
      (cgo === "" && commandVariable(command, "CGO_ENABLED"))
    )
      obstacle("go-cgo-needed", instruction, {
        why: cgo === undefined ? "CGO_ENABLED comes from outside" : `CGO_ENABLED=${cgo}`,
      });
    argumentsInPath(
      command.words.find(
        (word, index) =>
          /^--?o=/.test(word.text) || /^--?o$/.test(command.words[index - 1]?.text ?? ""),
      )?.text ?? "",
      instruction,
      state,
    );
    const output = outputOf(go, {
      directory,
      isDirectory,
      importPath,
      installDirectory:
        goBin || (goPath ? resolvePath("/", `${goPath.split(":")[0]!}/bin`) : undefined),
    });
    const base = go.flags.has("C") ? resolvePath(directory, go.flags.get("C") ?? "") : directory;
    const operand = go.operands[0];
    const packageDirectory =
      base === undefined || go.operands.length === 0
        ? base
        : operand!.text.endsWith(".go")
          ? operand!.text.includes("/")
            ? resolvePath(
                base,
                directoryName(operand!.text.startsWith("/") ? operand!.text : `./${operand!.text}`),
              )
            : base
          : operand!.value !== undefined &&
              isLocal(operand!.value) &&
              !operand!.value.includes("...") &&
              go.operands.length === 1
            ? resolvePath(base, operand!.value)
            : undefined;
    const build: GoBuild = {
      go,
      instruction,
      directory,
      output,
      packageDirectory,
      cgo: cgo === "0" ? "off" : cgo ? "on" : "unset",
    };
    const programs =
      output.kind === "many" || output.kind === "unknown" ? mainPackages(go, base) : undefined;
    const [only] = programs ?? [];
    if (output.kind === "many" && programs) {
      // The sources say which programs `./...` and the like build.
      for (const program of programs) {
        const path = resolvePath(output.directory, program.name)!;
        const one: GoBuild = {
          ...build,
          output: { kind: "file", path },
          packageDirectory: program.directory,
        };
        builds.push(one);
        artifacts.set(path, one);
      }
      if (programs.length > 0) return;
    }
    const target_ = go.flags.get("o");
    if (
      output.kind === "unknown" &&
      only &&
      programs?.length === 1 &&
      packageCount(go, base) === 1 &&
      target_ !== undefined
    ) {
      const path = resolvePath(directory, target_)!;
      const one: GoBuild = {
        ...build,
        output: { kind: "file", path },
        packageDirectory: only.directory,
      };
      builds.push(one);
      artifacts.set(path, one);
      return;
    }
    builds.push(build);
    if (output.kind === "file" && output.path !== "/dev/null") artifacts.set(output.path, build);
    if (output.kind === "unknown") obstacle("output-unknown", instruction);
  }

  /** Directories of the image that a build's local patterns name, as far as the repository shows them. */
  function packagesOf(go: GoCommand, base: string | undefined): string[] | undefined {
    if (!repository || base === undefined) return undefined;
    const found: string[] = [];
    for (const operand of go.operands.length === 0
      ? ["."]
      : go.operands.map(({ value }) => value)) {
      if (operand === undefined || !isLocal(operand)) return undefined;
      const root = resolvePath(base, operand.replace(/\/?\.\.\.$/, "") || ".")!;
      if (repositoryPath(root) === undefined) return undefined;
      if (operand.endsWith("...")) found.push(...goDirectories(root));
      else found.push(root);
    }
    return found;
  }

  function goDirectories(directory: string): string[] {
    const path = repositoryPath(directory);
    const entries = path === undefined ? undefined : repository!.list(path);
    if (!entries) return [];
    const own = entries.some(
      ({ name, kind }) =>
        kind !== "directory" && name.endsWith(".go") && !name.endsWith("_test.go"),
    )
      ? [directory]
      : [];
    // Directories that Go's `...` leaves out. Source: go help packages
    const inner = entries.filter(
      ({ name, kind }) =>
        kind === "directory" && !/^[._]|^(?:testdata|vendor|node_modules)$/.test(name),
    );
    return [...own, ...inner.flatMap(({ name }) => goDirectories(resolvePath(directory, name)!))];
  }

  function packageCount(go: GoCommand, base: string | undefined): number {
    return packagesOf(go, base)?.length ?? 0;
  }

  function mainPackages(
    go: GoCommand,
    base: string | undefined,
  ): { readonly name: string; readonly directory: string }[] | undefined {
    return packagesOf(go, base)?.flatMap((directory) => {
      const path = repositoryPath(directory)!;
      const isMain = (repository!.list(path) ?? []).some(
        ({ name }) =>
          name.endsWith(".go") &&
          !name.endsWith("_test.go") &&
          /^package main\b/m.test(
            repository!.read(`${path === "" ? "" : `${path}/`}${name}`) ?? "",
          ),
      );
      const known = importPath(directory);
      return isMain
        ? [
            {
              name: known ? programName(known.path, known.moduleMode) : baseName(directory),
              directory,
            },
          ]
        : [];
    });
  }

  function argumentsInPath(text: string, instruction: Instruction, state: StageState): void {
    const name = expand(text, () => undefined).references.find(state.isArgument);
    if (name !== undefined) assumption("argument-default-assumed", instruction, { name });
  }

  /** Before modules `go get` built and installed what it got. Source: https://go.dev/doc/go-get-install-deprecation */
  function goGet(go: GoCommand, instruction: Instruction): void {
    for (const { value } of go.operands) {
      if (value && !isLocal(value) && value !== "...")
        assumption("tools-assumed", instruction, { tools: value });
    }
  }

  const contractBase = baseImage(imageName(document, stage) ?? "");
  const contract = walkStage(document, stage, (instruction, state) => {
    if (state.directory !== undefined) addDirectory(state.directory);
    if (
      instruction.keyword === "RUN" ||
      instruction.keyword === "COPY" ||
      instruction.keyword === "ADD"
    )
      lastUser = state.user;
    switch (instruction.keyword) {
      case "COPY":
      case "ADD":
        copyInstruction(instruction, state);
        return;
      case "WORKDIR": {
        argumentsInPath(instruction.body.text, instruction, state);
        const target = expand(instruction.body.text, state.lookup, document.escape).value;
        const path = target === undefined ? undefined : resolvePath(state.directory, target);
        if (path !== undefined && path !== "/") make(path, "directory", instruction);
        return;
      }
      case "USER":
        argumentsInPath(instruction.body.text, instruction, state);
        return;
      case "RUN":
        runInstruction(instruction, state);
        return;
      case "ONBUILD":
        obstacle("onbuild-triggers", instruction);
    }
  });
  // A link into zone data that is not there leads nowhere, and COPY follows links.
  const hasZones =
    zonePackage !== undefined || (contractBase?.distribution === "debian" && !zonesRemoved);
  if (!hasZones) for (const link of zoneLinks) made.delete(link);
  return {
    contract,
    builds,
    artifacts,
    copies,
    made,
    isRemoved,
    generator,
    obstacles,
    assumptions,
    ownerChanges,
    zonePackage,
    userMaker,
    lastUser,
    environmentReaders,
    repositoryPath,
    imagePaths,
    importPath,
  };
}

/** Flags of GOFLAGS count unless the command gives them itself. Source: https://pkg.go.dev/cmd/go#hdr-Environment_variables */
function withDefaultFlags(go: GoCommand, goFlags: string): GoCommand {
  if (goFlags === "") return go;
  const flags = new Map<string, string | undefined>();
  for (const word of goFlags.split(/\s+/)) {
    const match = /^--?([A-Za-z][\w.-]*)(?:=(.*))?$/.exec(word);
    if (match) flags.set(match[1]!, match[2]?.replace(/^(["'])(.*)\1$/, "$2") ?? "true");
  }
  for (const [name, value] of go.flags) flags.set(name, value);
  return { ...go, flags };
}

function covers(
  removal: { readonly path: string; readonly pattern: RegExp | undefined },
  path: string,
): boolean {
  if (!removal.pattern) return isWithin(path, removal.path);
  for (let at = path; at !== "/"; at = directoryName(at)) if (removal.pattern.test(at)) return true;
  return false;
}

/** A mode that lets others than the owner write: `777`, `a+w`, `ugo+rwx`. */
function givesWrite(mode: string): boolean {
  return /^0?[0-7]*[2367]$/.test(mode) && /^\d{3,4}$/.test(mode)
    ? true
    : /^[ugoa]*[oa][ugoa]*[+=][rxXst]*w|^\+[rxXst]*w/.test(mode);
}

function testedPath(command: ShellCommand): string | undefined {
  const index = command.words.findIndex(({ text }) => /^-[defLs]$/.test(text));
  const value = index < 0 ? undefined : command.words[index + 1]?.value;
  return value === undefined ? undefined : resolvePath(command.directory, value);
}

function isTimed(instruction: Instruction, command: ShellCommand): boolean {
  return /(?:^|[\s;&|(])time\s+(?:-p\s+)?$/.test(instruction.body.text.slice(0, command.start));
}

/** What of a path in the context lies below a COPY source (`""`: the source itself); wildcards are those of Go's filepath.Match. */
function belowSource(source: string, path: string): string | undefined {
  const parts = source.split("/").filter((part) => part !== "" && part !== ".");
  const own = path.split("/");
  if (own.length < parts.length) return undefined;
  for (let index = 0; index < parts.length; index++)
    if (!matches(parts[index]!, own[index]!)) return undefined;
  return own.slice(parts.length).join("/");
}

function matches(pattern: string, name: string): boolean {
  if (!/[*?[]/.test(pattern)) return pattern === name;
  const expression = pattern
    .replace(/[.+^${}()|\\]/g, "\\$&")
    .replace(/\*/g, "[^/]*")
    .replace(/\?/g, "[^/]");
  try {
    return new RegExp(`^${expression}$`).test(name);
  } catch {
    return false; // an open bracket: Go refuses the pattern
  }
}
