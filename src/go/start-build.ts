/** A start that compiles: `go run`, and what a build in the builder makes of it. */
import { isRootUser, type ImageContract } from "../core/image-contract.ts";
import type { Instruction } from "../core/line-reader.ts";
import { baseName, directoryName, resolvePath } from "../core/path.ts";
import { quoted, readShell } from "../core/shell.ts";
import { makeRecipe } from "../repo/makefile.ts";
import { repositoryPath, type BuildPlace } from "../stages/copy-sources.ts";
import { readGoCommand } from "./go-command.ts";
import type { CopiedFile } from "../core/copied-files.ts";

/** The build that takes the place of `go run`. */
export interface StartBuild {
  /** Shell text of the build, without CGO_ENABLED: `go build -o /usr/local/bin/server ./cmd/server`. */
  readonly text: string;
  /** Absolute path of the program. */
  readonly program: string;
  /** The program's own arguments. */
  readonly words: readonly string[];
  /** What the container starts with today. */
  readonly command: string;
  /** ENTRYPOINT or CMD, which must say the new start. */
  readonly instruction: Instruction;
  readonly field: "entrypoint" | "command";
}

/**
 * @param words what the container runs, ENTRYPOINT and CMD together
 * @returns `undefined` for a start that is no `go run`, or one that cannot be built beforehand
 */
export function startBuild(
  words: readonly string[],
  contract: ImageContract,
): StartBuild | undefined {
  const { entrypoint, command, workingDirectory, user } = contract;
  if (workingDirectory === undefined || !isRootUser(user)) return undefined;
  const own = entrypoint?.instruction ? entrypoint : command;
  if (!own?.instruction) return undefined;
  const shell = readShell(words.map(quoted).join(" "), workingDirectory, () => undefined);
  const [only] = shell.kind === "commands" ? shell.commands : [];
  const go = only && readGoCommand(only);
  if (!go || go.verb !== "run" || go.isUnclear || go.flags.has("exec")) return undefined;
  const operands = go.operands.map(({ value }) => value!);
  // "go run" takes one package, or the .go files in front. Source: go help run
  const files = operands.findIndex((operand) => !operand.endsWith(".go"));
  const count = operands[0]?.endsWith(".go") ? (files < 0 ? operands.length : files) : 1;
  const packages = operands.slice(0, count);
  const rest = operands.slice(count);
  if (packages.length === 0 || packages.some((one) => /[*?@]/.test(one))) return undefined;
  // CMD gives further arguments; the package must stand in the instruction that is written anew.
  const ownWords = own.form === "exec" ? own.words.length : words.length;
  const isAll = own === command || !command?.instruction;
  const ownRest = isAll
    ? rest
    : rest.slice(0, Math.max(0, rest.length - (words.length - ownWords)));
  if (!isAll && words.length - rest.length > ownWords) return undefined;
  const name = programNameOf(packages[0]!, workingDirectory);
  const program = `/usr/local/bin/${name}`;
  const at = words.indexOf("run");
  const flags = words.slice(at + 1, words.length - operands.length);
  const text = ["go", "build", "-o", program, ...flags, ...packages].map(quoted).join(" ");
  return {
    text,
    program,
    words: ownRest,
    command: words.slice(0, at + 1).join(" "),
    instruction: own.instruction,
    field: own === entrypoint ? "entrypoint" : "command",
  };
}

/** The directory of the package names the program; without one, the working directory. */
function programNameOf(operand: string, directory: string): string {
  const isFile = operand.endsWith(".go");
  const path = isFile
    ? resolvePath(directory, directoryName(`./${operand}`).replace(/^\.?\/?/, "./"))
    : resolvePath(directory, operand);
  const name = baseName(path ?? "").toLowerCase();
  return /^[a-z][\w.-]*$/.test(name) && !/^(?:src|cmd|main|go|code)$/.test(name) ? name : "app";
}

/** `make run` whose recipe is one plain command: that command's words; otherwise the words as they are. */
export function throughMake(
  words: readonly string[],
  contract: ImageContract,
  copies: () => readonly CopiedFile[],
  place: BuildPlace,
): readonly string[] {
  const [program, ...goals] = words;
  if (program !== "make" || goals.some((goal) => /^-|=/.test(goal))) return words;
  const directory = contract.workingDirectory;
  const path =
    directory === undefined
      ? undefined
      : repositoryPath(copies(), place, resolvePath(directory, "Makefile")!);
  const text = path === undefined ? undefined : place.repository?.read(path);
  if (text === undefined) return words;
  const recipe = makeRecipe(
    text,
    goals,
    new Map(),
    (name) => contract.environment.get(name)?.value ?? null,
  );
  if (recipe.kind === "opaque" || recipe.lines.length !== 1 || recipe.exported.size > 0)
    return words;
  const shell = readShell(recipe.lines[0]!.text, directory, () => undefined);
  const [only, second] = shell.kind === "commands" ? shell.commands : [];
  if (!only || second || only.assignments.length > 0 || only.redirects.length > 0 || only.piped)
    return words;
  const values = only.words.map(({ value, literal }) => (literal ? value : undefined));
  return values.includes(undefined) ? words : (values as string[]);
}
