/** The steps of RUN instructions, by the toolchain that they belong to. */
import type { Document } from "../core/document.ts";
import type { StageState } from "../core/image-contract.ts";
import type { Instruction } from "../core/line-reader.ts";
import { baseName, resolvePath } from "../core/path.ts";
import { runBody } from "../core/query.ts";
import type { ShellCommand, ShellWord } from "../core/shell.ts";
import { shellSteps, type ShellStep } from "../core/shell-steps.ts";
import { COMMAND_EFFECTS } from "../stages/command-effects.ts";
import { readGoCommand } from "./go-command.ts";
import { fetchesNode, nodePackages } from "./node-install.ts";

/**
 * - `node`: runs Node.js, or a package manager of it.
 * - `install`: brings Node.js into the image.
 * - `packages`: a package manager of the distribution.
 * - `state`: sets what the steps behind it run with: `cd`, `export`, `set -e`.
 * - `files`: makes, copies, moves or removes files.
 * - `quiet`: reads and prints.
 * - `go`: all else, which stays where the Go program is built.
 */
export type StepKind = "node" | "install" | "packages" | "state" | "files" | "quiet" | "go";

export interface Step extends ShellStep {
  readonly kind: StepKind;
  readonly commands: readonly ShellCommand[];
}

/** A RUN with its steps; none when it cannot be taken apart. */
export interface RunSteps {
  readonly instruction: Instruction;
  readonly state: StageState;
  readonly steps: readonly Step[] | undefined;
  /** Node.js stands somewhere in its text. */
  readonly mentionsNode: boolean;
}

/** Programs that come with Node.js or run on it. Sources: https://docs.npmjs.com, https://yarnpkg.com, https://pnpm.io */
const NODE_PROGRAMS = new Set(
  `node nodejs npm npx yarn yarnpkg pnpm pnpx corepack bower gulp grunt webpack vite ng vue ember tsc esbuild rollup
  parcel gatsby next nuxt astro quasar elm elm-make tailwindcss`.split(/\s+/),
);
const STATE_PROGRAMS = new Set(["cd", "export", "set", "unset", "umask", "true", ":"]);
const MENTIONS_NODE =
  /(?:^|[\s;&|(/"'])(?:npm|npx|node|nodejs|yarn|pnpm|bower|gulp|webpack)(?=[\s"';&|)@]|$)/;

export function isNodeProgram(word: string): boolean {
  return (
    NODE_PROGRAMS.has(word) ||
    /(?:^|\/)node_modules\/\.bin\//.test(word) ||
    (word.includes("/bin/") && NODE_PROGRAMS.has(baseName(word)))
  );
}

export function runSteps(
  document: Document,
  instruction: Instruction,
  state: StageState,
): RunSteps {
  const { text } = instruction.body;
  const mentionsNode = MENTIONS_NODE.test(
    instruction.heredocs.reduce(
      (all, { content }) => all + document.source.slice(content.start, content.end),
      text,
    ),
  );
  const body = runBody(document, instruction, state);
  const isExec = text.startsWith("[");
  const steps =
    body.kind === "opaque" || isExec || instruction.heredocs.length > 0
      ? undefined
      : shellSteps(text);
  if (!steps || body.kind === "opaque")
    return { instruction, state, steps: undefined, mentionsNode };
  const known = steps.map((step): Step => {
    const commands = body.commands.filter(({ start }) => start >= step.start && start < step.end);
    return { ...step, commands, kind: kindOf(commands, text.slice(step.start, step.end)) };
  });
  return { instruction, state, steps: known, mentionsNode };
}

/**
 * What of `npm install -g …` is yarn, which node's images have (npm would not put another in its place), or a chooser of versions.
 * Source: https://github.com/nodejs/docker-node/issues/1242
 */
export function globalYarn({ words }: ShellCommand): "all" | readonly ShellWord[] {
  const [program, ...rest] = words;
  const isGlobal =
    program?.value === "npm" &&
    rest.some(({ text }) => /^(?:-g|--global|--location=global)$/.test(text));
  const operands = rest.filter(({ text }) => !text.startsWith("-"));
  if (!isGlobal || !/^(?:i|install|add)$/.test(operands[0]?.text ?? "")) return [];
  const packages = operands.slice(1);
  const yarn = packages.filter(({ text }) => /^(?:yarn|n)(?:@[\w.^~-]+)?$/.test(text));
  return yarn.length > 0 && yarn.length === packages.length ? "all" : yarn;
}

function kindOf(commands: readonly ShellCommand[], text: string): StepKind {
  const programs = commands.flatMap(({ words: [first] }) => (first?.value ? [first.value] : []));
  const names = programs.map((program) => baseName(program));
  const isNode = programs.some(isNodeProgram) || names.includes("n");
  if (isNode)
    return commands.every((command) => globalYarn(command) === "all")
      ? "install"
      : programs.every(
            (program, index) =>
              isNodeProgram(program) ||
              program === "n" ||
              ["none", "files"].includes(COMMAND_EFFECTS.get(names[index]!) ?? ""),
          )
        ? names.includes("n") && names.length === 1
          ? "install"
          : "node"
        : "go";
  if (
    commands.some(({ words: [first] }) =>
      /^(?:apk|apt-get|apt|aptitude)$/.test(baseName(first?.value ?? "")),
    )
  )
    return "packages";
  if (commands.some((command) => nodePackages(command).length > 0) || fetchesNode(text))
    return "install";
  if (commands.some((command) => readGoCommand(command))) return "go";
  if (names.every((name) => STATE_PROGRAMS.has(name))) return "state";
  const effects = names.map((name) => COMMAND_EFFECTS.get(name));
  if (effects.every((effect) => effect === "none"))
    return redirects(commands) || commands.some(editsFiles) ? "files" : "quiet";
  return effects.every((effect) => effect === "none" || effect === "files") ? "files" : "go";
}

/** `sed -i`, `dos2unix`, `tee`: programs that print as a rule and write here. */
export function editsFiles({ words: [first, ...rest] }: ShellCommand): boolean {
  const program = baseName(first?.value ?? "");
  if (program === "sed") return rest.some(({ text }) => /^-\w*i|^--in-place/.test(text));
  return program === "dos2unix" || program === "tee";
}

function redirects(commands: readonly ShellCommand[]): boolean {
  return commands.some((command) =>
    command.redirects.some(
      ({ operator, target }) => operator.includes(">") && !target?.value?.startsWith("/dev/"),
    ),
  );
}

/** What a command of Node.js does to the project in a directory. */
export interface ProjectCommand {
  /** Absolute; `undefined` when it cannot be told. */
  readonly directory: string | undefined;
  /** It fetches dependencies and builds nothing else. */
  readonly isInstall: boolean;
  /** The script of package.json that it runs, where it is one. */
  readonly script: string | undefined;
}

/** What a command does to a project; `undefined` for one that sets up the toolchain itself, or only prints. */
export function projectCommand({ words, directory }: ShellCommand): ProjectCommand | undefined {
  const [program = "", ...rest] = words.map(({ value }) => value ?? "?");
  if (!isNodeProgram(program)) return undefined;
  const isGlobal = rest.some((word) => /^(?:-\w*g|--global|--location=global|global)$/.test(word));
  const verb = rest.find((word) => !word.startsWith("-"));
  const manager = /(?:^|\/)(npm|yarn|yarnpkg|pnpm|corepack)$/.exec(program)?.[1];
  if (isGlobal || manager === "corepack") return undefined;
  if (rest.length > 0 && rest.every((word) => /^(?:-v|-V|--version)$/.test(word))) return undefined;
  if (manager && ["config", "set", "cache", "login", "version", "get"].includes(verb ?? ""))
    return undefined;
  const at = rest.findIndex((word) => /^(?:--prefix|-C|--cwd|--dir)$/.test(word));
  const option =
    rest[at + 1] !== undefined && at >= 0
      ? rest[at + 1]
      : /^--(?:prefix|cwd|dir)=(.*)$/.exec(
          rest
            .join("\n")
            .split("\n")
            .find((word) => /^--(?:prefix|cwd|dir)=/.test(word)) ?? "",
        )?.[1];
  const verbs = at >= 0 ? rest.filter((_, index) => index !== at + 1) : rest;
  const task = verbs.find((word) => !word.startsWith("-"));
  const isInstall =
    manager !== undefined &&
    (["ci", "i", "install", "add", "clean-install"].includes(task ?? "") ||
      (manager === "yarn" && task === undefined));
  const isRun = /^run(?:-script)?$/.test(task ?? "");
  const named = isRun ? verbs.filter((word) => !word.startsWith("-"))[1] : task;
  return {
    directory:
      option === undefined
        ? directory
        : option.includes("?")
          ? undefined
          : resolvePath(directory, option),
    isInstall,
    script: manager !== undefined && !isInstall ? named : undefined,
  };
}

function isDownload({ words: [first] }: ShellCommand): boolean {
  const effect = COMMAND_EFFECTS.get(baseName(first?.value ?? "true"));
  return effect === "download" || effect === "none";
}

/** Go's own archive. Source: https://go.dev/doc/install */
const FETCHES_GO = /go\.dev\/dl|golang\.org\/dl|googleapis\.com\/golang|\bgo\$?\{?[\w.}]*\.linux-/;

/** The version in the name of Go's archive, `1.21.5` of `go1.21.5.linux-amd64.tar.gz`; `undefined` when there is none. */
export function fetchedGo(text: string): string | undefined {
  return FETCHES_GO.test(text) ? /\bgo(\d+\.\d+(?:\.\d+)?)\.linux-/.exec(text)?.[1] : undefined;
}

/** A RUN that does nothing but fetch and unpack Go. */
export function onlyFetchesGo({ instruction, steps }: RunSteps): boolean {
  return (
    FETCHES_GO.test(instruction.body.text) &&
    steps !== undefined &&
    steps.every(({ kind, commands }) =>
      kind === "go" ? commands.every(isDownload) : kind !== "node" && kind !== "install",
    )
  );
}

/** A step of the Go side after which nothing lies in the tree that was not there: `go mod download`, tools. */
export function leavesTree({ commands, kind }: Step, run: RunSteps): boolean {
  if (["install", "packages", "state", "quiet"].includes(kind)) return true;
  if (FETCHES_GO.test(run.instruction.body.text) && commands.every(isDownload)) return true;
  return commands.every((command) => {
    const go = readGoCommand(command);
    if (go) {
      const isTool =
        go.verb === "install" && go.operands.every(({ value }) => value?.includes("@"));
      return (
        isTool || ["mod", "get", "env", "version", "vet", "fmt", "list", "test"].includes(go.verb)
      );
    }
    const effect = COMMAND_EFFECTS.get(baseName(command.words[0]?.value ?? "cd"));
    return effect === "none" || effect === "users" || effect === "packages";
  });
}
