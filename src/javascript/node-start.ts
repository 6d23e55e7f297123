import type { ImageContract } from "../core/image-contract.ts";
import type { Instruction } from "../core/line-reader.ts";
import type { Evidence } from "../core/outcome.ts";
import { baseName, resolvePath } from "../core/path.ts";
import type { Repository } from "../core/repository.ts";
import { readShell } from "../core/shell.ts";
import { startupOf } from "../core/start.ts";
import { parseStringArray } from "../core/string-array.ts";
import { COMMAND_EFFECTS } from "../stages/command-effects.ts";
import type { ComposeUse } from "../stages/compose-use.ts";
import {
  readRunTimeCommands,
  type CommandImage,
  type CommandPlace,
  type CommandRules,
  type RunTimeCommandReader,
} from "../stages/run-time-commands.ts";
import {
  walkCommands,
  type GivenCommand,
  type LeafCommand,
  type WalkedCommand,
} from "./command-walk.ts";
import { unwrapCommand } from "./command-wrappers.ts";
import type { NodeStage } from "./node-stage.ts";
import { packageOfBin } from "./package-bins.ts";
import { managerCommand } from "./package-managers.ts";
import { startedFile } from "./started-file.ts";

/** What containers of the image run. */
export interface NodeStart extends WalkedCommand {
  /** What commands need that are no package's: shells, scripts, programs of the system. */
  readonly reader: RunTimeCommandReader;
  /** The file says no start of its own. */
  readonly isInherited: boolean;
  /** ENTRYPOINT or CMD, whichever the start comes from. */
  readonly instruction: Instruction | undefined;
  /** It is one plain command that the engine or a shell starts: no entry script, no chain of commands. */
  readonly isPlain: boolean;
  /** What health checks run of Node. They are among the leaves as well. */
  readonly healthcheck: readonly LeafCommand[];
}

/** node's own entry script runs its arguments, by node where they are no program. Source: https://github.com/nodejs/docker-node/blob/main/docker-entrypoint.sh */
export function withoutOwnEntrypoint(contract: ImageContract): ImageContract {
  const { entrypoint, base } = contract;
  return base?.family === "node" && entrypoint && !entrypoint.instruction
    ? { ...contract, entrypoint: undefined }
    : contract;
}

/** Follows the image's start, its health check, and the starts that compose files give it. */
export function readNodeStart(
  stage: NodeStage,
  compose: ComposeUse,
  repository: Repository | undefined,
): NodeStart {
  const contract = withoutOwnEntrypoint(stage.contract);
  const given: GivenCommand[] = [];
  const rules = commandRules(stage, (command) => given.push(withValues(command, contract)));
  const reader = readRunTimeCommands(commandImage(stage), rules, repository);
  const instruction = contract.entrypoint?.instruction ?? contract.command?.instruction;
  const startup = startupOf(contract);
  const at = instruction ? { at: instruction } : {};
  if (startup.kind === "exec") reader.words(withNode(startup.words), at);
  else if (startup.kind === "shell" && startup.start.form === "shell")
    reader.shell(startup.text, startup.start.shell[0]!, at);
  const isPlain = given.length === 1 && reader.files.length === 0 && !reader.isComputed;
  const starting = given.length;
  readHealthcheck(contract, reader);
  for (const { form, words, text, evidence } of compose.healthchecks) {
    const place = { evidence, refusal: "healthcheck-needs-program" };
    if (form === "words") reader.words(words, place);
    else reader.shell(text, "/bin/sh", place);
  }
  const checks = given.slice(starting);
  for (const { words, evidence } of compose.starts) reader.words(withNode(words), { evidence });
  const walked = walkCommands(given, stage.surroundings);
  for (const leaf of walked.leaves)
    if (
      !leaf.isOfPackage &&
      !isOfManifest(leaf) &&
      !isOwnCommand(stage, leaf.words[0] ?? "") &&
      !SHELL_ONLY.has(baseName(leaf.words[0] ?? ""))
    )
      reader.words(leaf.words, leaf.evidence ? { evidence: leaf.evidence } : at);
  return {
    ...walked,
    reader,
    isInherited: instruction === undefined,
    instruction,
    isPlain,
    healthcheck: walkCommands(checks, stage.surroundings).leaves,
  };
}

/** Variables that the file sets have their values, as they have at start when nobody sets them anew. */
function withValues(command: GivenCommand, contract: ImageContract): GivenCommand {
  const { command: own } = contract;
  if (!command.hasUnknownWords || own?.form !== "shell") return command;
  const body = readShell(
    own.text,
    contract.workingDirectory,
    (name) => contract.environment.get(name)?.value,
  );
  const found =
    body.kind === "commands"
      ? body.commands.find(
          ({ words }) =>
            words[0]?.value === command.words[0] &&
            words.length === command.words.length &&
            words.every(({ value }) => value !== undefined),
        )
      : undefined;
  return found
    ? { ...command, words: found.words.map(({ value }) => value!), hasUnknownWords: false }
    : command;
}

/** Whether a package that package.json names brings the program, installed or not. */
function isOfManifest({ words, manifest }: LeafCommand): boolean {
  const names = [
    ...(manifest?.dependencies.keys() ?? []),
    ...(manifest?.developmentDependencies.keys() ?? []),
  ];
  return packageOfBin(baseName(words[0] ?? ""), new Set(names)) !== undefined;
}

/** Parts of every shell, and programs of every base image. */
const SHELL_ONLY = new Set(
  [...COMMAND_EFFECTS]
    .flatMap(([name, effect]) => (effect === "files" ? [name] : []))
    .concat(
      "echo sleep cd export true false test [ printf exit : set cat ls pwd env date wait".split(
        " ",
      ),
    ),
);

function withNode(words: readonly string[]): readonly string[] {
  const [first = ""] = words;
  return /^-|\.[cm]?js$/.test(first) ? ["node", ...words] : words;
}

function readHealthcheck(contract: ImageContract, reader: RunTimeCommandReader): void {
  const text = (contract.healthcheck ?? "").replace(/^(?:--\S+\s+)*/, "");
  if (text === "" || /^NONE\b/i.test(text)) return;
  const body = text.replace(/^CMD\s*/i, "");
  const place = { refusal: "healthcheck-needs-program" };
  const array = parseStringArray(body);
  if (array) reader.words(array.values, place);
  else reader.shell(body, contract.shell[0]!, place);
}

/** Whether a program is Node's, a package manager, or brought by a package. */
export function isOwnCommand(stage: NodeStage, written: string): boolean {
  const name = baseName(written);
  return (
    managerCommand([name]) !== undefined ||
    startedFile([name, "x"]) !== undefined ||
    /^node(?:js)?$/.test(name) ||
    /(?:^|\/)node_modules\/(?:\.bin\/)?/.test(written) ||
    (!written.includes("/") && packageOfBin(name, installedNames(stage)) !== undefined) ||
    (!written.includes("/") && unwrapCommand([name, "x"]) !== undefined)
  );
}

/** Names of the packages that an image's installs bring, those of package.json and those that are named. */
export function installedNames(stage: NodeStage): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { command } of [...stage.globals, ...stage.installs])
    for (const written of command.packages) names.add(packageName(written));
  for (const { directory } of stage.installs) {
    const manifest = directory === undefined ? undefined : stage.manifestOf(directory);
    for (const name of [
      ...(manifest?.dependencies.keys() ?? []),
      ...(manifest?.developmentDependencies.keys() ?? []),
      ...(manifest?.optionalDependencies.keys() ?? []),
    ])
      names.add(name);
  }
  return names;
}

/** `pm2@5` → `pm2`, `@nestjs/cli@10` → `@nestjs/cli`. */
export function packageName(written: string): string {
  return written.replace(/(?<=.)@[^/]*$/, "");
}

function commandRules(stage: NodeStage, add: (command: GivenCommand) => void): CommandRules {
  return {
    variables: new Set(),
    desktopPrograms: new Set(["open", "xdg-open"]),
    take(name, words, place: CommandPlace) {
      if (!isOwnCommand(stage, name)) return false;
      const evidence: Evidence | undefined = place.evidence;
      add({
        words: [name, ...words.map((word) => word ?? "$VARIABLE")],
        hasUnknownWords: words.includes(undefined),
        directory: place.directory ?? stage.contract.workingDirectory,
        ...(evidence ? { evidence } : {}),
      });
      return true;
    },
    refusalOf(name, words, refusal) {
      const command = [name, words[0]].filter((word) => word !== undefined).join(" ");
      if (/^(?:make|gmake|gcc|g\+\+|cmake)$/.test(name))
        return {
          code: refusal ?? "build-at-start",
          data: { command, program: name, image: "the final image" },
        };
      return undefined;
    },
  };
}

function commandImage(stage: NodeStage): CommandImage {
  return {
    contract: stage.contract,
    installed: stage.installed,
    made: stage.made,
    copies: stage.copies,
    tools: new Map(),
    sourceDirectories: stage.installs.flatMap(({ directory }) => directory ?? []),
    isBuilt: () => "no",
    textEdited: (path) =>
      stage.edits.some((edited) => edited.path === path || /[*?]/.test(edited.path)),
    repositoryPath: stage.repositoryPath,
    imagePaths: stage.imagePaths,
  };
}

/** Absolute paths of the files that a start names. */
export function startedPaths({ leaves }: NodeStart): string[] {
  return leaves.flatMap(({ words, directory }) => {
    const file = startedFile(words)?.file;
    const path =
      file === undefined || file.includes("$") ? undefined : resolvePath(directory, file);
    return path === undefined ? [] : [path];
  });
}
