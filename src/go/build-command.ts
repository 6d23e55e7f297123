import { isAtLeast } from "../core/base-images.ts";
import type { StageState } from "../core/image-contract.ts";
import type { Instruction } from "../core/line-reader.ts";
import { directoryName, isWithin, resolvePath } from "../core/path.ts";
import type { ShellCommand } from "../core/shell.ts";
import { commandVariable, programName, withDefaultFlags, type GoCommand } from "./go-command.ts";
import { importPath } from "./import-path.ts";
import { mainPackages, packagesOf } from "./main-packages.ts";
import { isLocal, outputOf, type GoBuild } from "./outputs.ts";
import { isDirectory, nextOrder } from "../stages/stage-files.ts";
import {
  addAssumption,
  addObstacle,
  assumeArgumentDefault,
  type GoStageRecord,
} from "./stage-record.ts";

/** The value of an environment variable for one command; `null` when nothing sets it, `undefined` when it is not known. */
type Setting = (name: string) => string | null | undefined;

/** What a `go` command builds, or leaves for those after it. */
export function goCommand(
  record: GoStageRecord,
  given: GoCommand,
  instruction: Instruction,
  state: StageState,
): void {
  const setting = settingOf(record, given.command, state);
  const go = withDefaultFlags(given, setting("GOFLAGS") ?? "");
  switch (go.verb) {
    case "build":
    case "install":
      buildCommand(record, go, instruction, state, setting);
      return;
    case "env":
      if (go.flags.has("w")) writeEnvironment(record, go);
      return;
    case "mod":
      if (go.operands[0]?.value === "init") {
        const name = go.operands[1]?.value;
        if (name && go.command.directory) record.moduleNames.set(go.command.directory, name);
      }
      return;
    case "get":
      record.fetchesSources = true;
      if (!go.flags.has("d")) goGet(record, go, instruction, installDirectory(setting));
      return;
    case "test":
      record.environmentReaders.push(instruction);
      record.testsRaces ||= go.flags.has("race");
      if (go.flags.has("race") && record.recipes.length > 0)
        addObstacle(record, "opaque-build", instruction, {
          why: "its tests need cgo (-race), which would be off for the whole recipe",
        });
      return;
    case "generate":
    case "run":
    case "tool":
      record.environmentReaders.push(instruction);
      record.generator ??= instruction;
  }
}

function settingOf(record: GoStageRecord, command: ShellCommand, state: StageState): Setting {
  const { goEnvironment } = record;
  return (name) => {
    const own = commandVariable(command, name);
    if (own) return own.value;
    // What `go env -w` wrote counts where the environment says nothing.
    const value = state.lookup(name);
    return value === null && goEnvironment.has(name) ? goEnvironment.get(name) : value;
  };
}

function writeEnvironment({ goEnvironment }: GoStageRecord, go: GoCommand): void {
  for (const { value } of go.operands)
    if (value?.includes("="))
      goEnvironment.set(value.slice(0, value.indexOf("=")), value.slice(value.indexOf("=") + 1));
}

/** Before modules `go get` built and installed what it got. Source: https://go.dev/doc/go-get-install-deprecation */
function goGet(
  record: GoStageRecord,
  go: GoCommand,
  instruction: Instruction,
  directory: string | undefined,
): void {
  // Since Go 1.18 it installs nothing. Source: https://go.dev/doc/go1.18#go-get
  const installs = !isAtLeast(goVersion(record), 1, 18) || goVersion(record) === undefined;
  for (const { value } of go.operands)
    if (value && !isLocal(value) && value !== "...")
      addTool(record, value, instruction, installs ? directory : undefined);
}

/** One `go build` or `go install`. */
function buildCommand(
  record: GoStageRecord,
  go: GoCommand,
  instruction: Instruction,
  state: StageState,
  setting: Setting,
): void {
  const { command } = go;
  const remote = go.operands.find((operand) => operand.value?.includes("@"));
  if (remote) {
    addTool(record, remote.value!, instruction, installDirectory(setting));
    return;
  }
  const { directory } = command;
  if (directory === undefined) {
    addObstacle(record, "opaque-build", instruction, {
      why: "the directory it runs in is not known",
    });
    return;
  }
  if (command.conditional || command.piped) addObstacle(record, "conditional-build", instruction);
  const system = setting("GOOS");
  if (system && system !== "linux")
    addObstacle(record, "go-cross-compiled", instruction, { system });
  const mode = go.flags.get("buildmode");
  if (mode !== undefined && !["default", "exe", "pie"].includes(mode))
    addObstacle(record, "go-build-mode", instruction, { mode });
  for (const name of ["CGO_ENABLED", "GOBIN", "GOPATH"])
    if (state.isArgument(name) && !commandVariable(command, name))
      addAssumption(record, "argument-default-assumed", instruction, { name });
  const cgo = setting("CGO_ENABLED");
  if (!isAtLeast(goVersion(record), 1, 5) && !go.flags.has("a"))
    addObstacle(record, "go-cgo-needed", instruction, {
      why: "before Go 1.5 CGO_ENABLED=0 does not rebuild the package net (golang/go#9344)",
    });
  assumeArgumentDefault(record, outputText(command), instruction, state);
  const base = go.flags.has("C") ? resolvePath(directory, go.flags.get("C") ?? "") : directory;
  addBuild(record, base, state.user, {
    go,
    instruction,
    directory,
    output: outputOf(go, {
      directory,
      isDirectory: (path) => isDirectory(record.files, path),
      importPath: (path) => importPath(record, path),
      installDirectory: installDirectory(setting, packageDirectory(go, base) ?? base),
    }),
    packageDirectory: packageDirectory(go, base),
    cgo: cgo === "0" ? "off" : cgo ? "on" : "unset",
    modules: setting("GO111MODULE"),
    cgoDemand:
      cgoDemand(go, cgo) ??
      (cgo === null && record.recipes.some(({ isForced }) => isForced)
        ? "the Makefile sets CGO_ENABLED itself"
        : undefined),
    recipe: record.recipes[0]?.command,
  });
}

/** The version of Go; unknown where the distribution's own is installed. */
function goVersion({ base }: GoStageRecord): string | undefined {
  return base?.family === "golang" ? base.version : undefined;
}

/** What keeps a build from being made with CGO_ENABLED=0. */
function cgoDemand(go: GoCommand, cgo: string | null | undefined): string | undefined {
  if (cgo === "0") return undefined;
  const flag = ["race", "msan", "asan"].find((name) => go.flags.has(name));
  if (flag) return `-${flag}`;
  if (/-linkmode[= ]'?"?external/.test(go.flags.get("ldflags") ?? "")) return "-linkmode external";
  // A position-independent program is started by the C library's loader.
  if (go.flags.get("buildmode") === "pie") return "-buildmode=pie";
  if (cgo === undefined) return "CGO_ENABLED comes from outside";
  if (cgo === null || (cgo === "" && !commandVariable(go.command, "CGO_ENABLED"))) return undefined;
  return `CGO_ENABLED=${cgo}`;
}

/** A program of another module is built and put beside those of this one. */
function addTool(
  record: GoStageRecord,
  source: string,
  instruction: Instruction,
  directory: string | undefined,
): void {
  addAssumption(record, "tools-assumed", instruction, { tools: source });
  if (directory === undefined) return;
  const path = source.replace(/@.*$/, "").replace(/\/(?:\.\.\.)?$/, "");
  record.tools.set(`${directory}/${programName(path, true)}`, { source, instruction });
}

/** The value of `-o` as it is written. */
function outputText({ words }: ShellCommand): string {
  return (
    words.find(
      (word, index) => /^--?o=/.test(word.text) || /^--?o$/.test(words[index - 1]?.text ?? ""),
    )?.text ?? ""
  );
}

/** GOBIN, or GOPATH/bin. */
function installDirectory(setting: Setting, packageDirectory?: string): string | undefined {
  const home = setting("HOME") ?? "/root";
  // Source: https://pkg.go.dev/cmd/go#hdr-GOPATH_environment_variable
  const goPath = setting("GOPATH") ?? (setting("GOPATH") === null ? `${home}/go` : undefined);
  const bin = setting("GOBIN");
  if (bin !== null && bin !== "") return bin;
  if (!goPath) return undefined;
  // With several entries, a package is installed into the one that holds it.
  const entries = goPath.split(":").filter((entry) => entry !== "");
  const holding = entries.find(
    (entry) => packageDirectory !== undefined && isWithin(packageDirectory, `${entry}/src`),
  );
  return resolvePath("/", `${holding ?? entries[0]!}/bin`);
}

/** The directory of the one local package that is built. */
function packageDirectory(go: GoCommand, base: string | undefined): string | undefined {
  const [operand] = go.operands;
  if (base === undefined || operand === undefined) return base;
  const { text, value } = operand;
  if (text.endsWith(".go")) {
    if (!text.includes("/")) return base;
    return resolvePath(base, directoryName(text.startsWith("/") ? text : `./${text}`));
  }
  const isOne = go.operands.length === 1 && value !== undefined && !value.includes("...");
  return isOne && isLocal(value) ? resolvePath(base, value) : undefined;
}

/** Takes a build into the account: one for each program, where the sources tell them. */
function addBuild(
  record: GoStageRecord,
  base: string | undefined,
  owner: string,
  build: GoBuild,
): void {
  const { artifacts, builders } = record.files;
  const { output, instruction } = build;
  const programs = programBuilds(record, base, build);
  for (const { path, ...program } of programs) {
    const one: GoBuild = { ...build, ...program, output: { kind: "file", path } };
    record.builds.push(one);
    builders.set(one, { owner, order: nextOrder(record.files) });
    artifacts.set(path, one);
  }
  if (programs.length > 0) return;
  record.builds.push(build);
  builders.set(build, { owner, order: nextOrder(record.files) });
  if (output.kind === "file" && output.path !== "/dev/null") artifacts.set(output.path, build);
  if (output.kind === "unknown") addObstacle(record, "output-unknown", instruction);
}

/** The programs that a build of `./...` and the like makes, as the sources say. */
function programBuilds(
  record: GoStageRecord,
  base: string | undefined,
  { go, directory, output }: GoBuild,
): { readonly path: string; readonly packageDirectory: string }[] {
  if (output.kind !== "many" && output.kind !== "unknown") return [];
  const packages = packagesOf(record, go, base) ?? [];
  const programs = mainPackages(record, packages);
  if (output.kind === "many")
    return programs.map((program) => ({
      path: resolvePath(output.directory, program.name)!,
      packageDirectory: program.directory,
    }));
  // With a single package, `-o` names its program.
  const [only] = programs;
  const written = go.flags.get("o");
  return only && packages.length === 1 && written !== undefined
    ? [{ path: resolvePath(directory, written)!, packageDirectory: only.directory }]
    : [];
}
