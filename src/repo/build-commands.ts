import { baseName } from "../core/path.ts";
import {
  looseCommands,
  pathIn,
  type LooseCommand,
  type LooseShellOptions,
  type LooseText,
} from "./loose-shell.ts";

/** What a command or a file says of a build. Paths are repository-relative. */
export interface NamedBuild {
  readonly context: string;
  /** The file that is built; where the tool tries several places, all of them. */
  readonly dockerfiles: readonly string[];
  readonly line: number;
}

/** Commands that build. Sources: the manuals of docker, podman, buildah, nerdctl, img. */
const BUILD_COMMANDS: Readonly<Record<string, RegExp>> = {
  docker: /^(?:(?:image|buildx|builder) )?(?:build|b)$/,
  podman: /^(?:(?:image|buildx) )?build$/,
  buildah: /^(?:bud|build|build-using-dockerfile)$/,
  nerdctl: /^(?:(?:image|builder) )?build$/,
  img: /^build$/,
};

/** Options in front of the subcommand that take a value. */
const GLOBAL_VALUES =
  /^(?:--(?:context|config|host|log-level|builder|namespace|root|url|connection)|-[cHln])$/;

/** Options of `build` that take no value as a word of its own. Sources: the same, all versions. */
const SWITCHES =
  /^--(?:no-cache|pull|pull-always|pull-never|push|load|rm|force-rm|quiet|squash|squash-all|compress|check|debug|disable-content-trust|stream|layers|tls-verify|skip-unused-stages|no-hosts|no-hostname|no-console|no-history|rewrite-timestamp|stdin|inherit-labels|inherit-annotations|identity-label|disable-compression|help|single-snapshot|cleanup|no-push|reproducible|skip-tls-verify|insecure|use-new-run|cache)$/;

/**
 * The build that a command is, or `undefined` when it is none, or one of which the context or the file is not known.
 *
 * @example buildOf({ words: ["docker", "build", "-f", "api/Dockerfile", "."], directory: "", line: 1 })
 */
export function buildOf(command: LooseCommand): NamedBuild | undefined {
  const program = command.words[0];
  if (program === undefined) return undefined;
  if (program.endsWith("kaniko/executor")) return kanikoBuild(command);
  const tool = baseName(program);
  const expected = Object.hasOwn(BUILD_COMMANDS, tool) ? BUILD_COMMANDS[tool]! : undefined;
  const options = expected && behindSubcommand(command.words.slice(1), expected);
  if (!options) return undefined;
  const { file, hasFile, operands } = readOptions(options);
  const named = operands.filter((word) => word !== undefined);
  // Words that are not known are taken for options, unless they may be the ones that name the file.
  if (named.length !== operands.length && !hasFile) return undefined;
  const isPodman = tool === "podman" || tool === "buildah";
  const [written = isPodman ? "." : undefined] = named;
  if (named.length > 1 || written === undefined || written === "-" || operands.at(-1) !== named[0])
    return undefined;
  const context = pathIn(command.directory, written);
  if (context === undefined || (hasFile && file === undefined)) return undefined;
  const names = isPodman ? ["Containerfile", "Dockerfile"] : ["Dockerfile"];
  const dockerfiles =
    file === undefined
      ? names.map((name) => pathIn(context, name))
      : [pathIn(command.directory, file)];
  return {
    context,
    dockerfiles: dockerfiles.filter((path) => path !== undefined),
    line: command.line,
  };
}

/** The builds that some shell text does. */
export function shellBuilds(texts: readonly LooseText[], options: LooseShellOptions): NamedBuild[] {
  return looseCommands(texts, options).flatMap((command) => buildOf(command) ?? []);
}

/** The words behind `build`, `image build` and so on. */
function behindSubcommand(
  words: readonly (string | undefined)[],
  expected: RegExp,
): readonly (string | undefined)[] | undefined {
  let said = "";
  for (let index = 0; index < words.length; index++) {
    const word = words[index];
    if (word === undefined) return undefined;
    if (word.startsWith("-")) {
      if (GLOBAL_VALUES.test(word)) index++;
      continue;
    }
    said += said === "" ? word : ` ${word}`;
    if (expected.test(said)) return words.slice(index + 1);
    if (said.includes(" ")) return undefined;
  }
  return undefined;
}

interface BuildOptions {
  /** The value of `-f`; kaniko calls it `--dockerfile`. */
  readonly file: string | undefined;
  readonly hasFile: boolean;
  readonly context: string | undefined;
  readonly operands: readonly (string | undefined)[];
}

function readOptions(words: readonly (string | undefined)[]): BuildOptions {
  const operands: (string | undefined)[] = [];
  let file: string | undefined;
  let hasFile = false;
  let context: string | undefined;
  for (let index = 0; index < words.length; index++) {
    const word = words[index];
    if (word === undefined || !/^-./.test(word)) {
      operands.push(word);
      continue;
    }
    const [, name = word, attached] =
      /^(--[\w-]+)=([^]*)$/.exec(word) ?? /^(-[a-zA-Z])=?([^]+)$/.exec(word) ?? [];
    if (SWITCHES.test(name) || /^-[qDh]$/.test(name) || name === "--") continue;
    const value = attached ?? words[++index];
    if (name === "-f" || name === "--file" || name === "--dockerfile") {
      hasFile = true;
      file = value;
    } else if (name === "-c" || name === "--context") context = value;
  }
  return { file, hasFile, context, operands };
}

/** Source: https://github.com/GoogleContainerTools/kaniko#additional-flags */
function kanikoBuild({ words, directory, line }: LooseCommand): NamedBuild | undefined {
  const { file, hasFile, context: written } = readOptions(words.slice(1));
  if (written === undefined || (hasFile && file === undefined)) return undefined;
  const context = pathIn(directory, written.replace(/^dir:\/\//, ""));
  if (context === undefined) return undefined;
  // Looked for from where kaniko runs, then in the context.
  const dockerfiles = [directory, context].map((base) => pathIn(base, file ?? "Dockerfile"));
  return { context, dockerfiles: dockerfiles.filter((path) => path !== undefined), line };
}
