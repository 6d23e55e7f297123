import { baseName } from "../core/path.ts";
import { quoted } from "../core/shell.ts";
import { readOptions, type ReadOptions } from "./program-options.ts";
import { nodemonCommand } from "./nodemon.ts";
import { processCommand } from "./process-managers.ts";
import { COMMAND_WRAPPERS, type CommandWrapper } from "./wrapper-knowledge.ts";

/** What a command runs in turn. */
export type Unwrapped =
  | {
      readonly kind: "command";
      readonly words: readonly string[];
      readonly assignments: ReadonlyMap<string, string>;
      /** Files of environment variables that it reads, if they are there. */
      readonly environmentFiles: readonly string[];
    }
  /** Command lines, as a shell reads them. */
  | { readonly kind: "texts"; readonly texts: readonly string[] }
  /** Scripts of package.json. */
  | { readonly kind: "scripts"; readonly scripts: readonly string[] }
  /** It runs something, but what that is cannot be told. */
  | { readonly kind: "open"; readonly why: string };

/** What is known of the package that a command runs in. */
export interface WrapperPlace {
  /** Names of the scripts of package.json. */
  readonly scripts?: Iterable<string>;
  /** The text of a file, relative to the directory that the command runs in; `undefined` when there is none. */
  readonly readText?: (path: string) => string | undefined;
}

/**
 * What a program runs that only runs others: cross-env, concurrently, nodemon, pm2 and the like; `undefined` for any other one.
 * Package managers are not among them: see `managerCommand`.
 *
 * @param words without quotes
 * @example unwrapCommand(["cross-env", "A=b", "node", "x.js"]) // { kind: "command", words: ["node", "x.js"], … }
 */
export function unwrapCommand(
  words: readonly string[],
  place: WrapperPlace = {},
): Unwrapped | undefined {
  const program = baseName(words[0] ?? "");
  if (!Object.hasOwn(COMMAND_WRAPPERS, program)) return undefined;
  if (program === "nodemon") return nodemonCommand(words.slice(1), place);
  let wrapper = COMMAND_WRAPPERS[program]!;
  let options = readOptions(wrapper.options, words.slice(1));
  const verb = options.operands[0] ?? "";
  if (wrapper.subcommands && Object.hasOwn(wrapper.subcommands, verb)) {
    const before = words.slice(1, words.length - options.operands.length);
    wrapper = wrapper.subcommands[verb]!;
    // A subcommand's options may stand before it as well.
    options = readOptions(wrapper.options, [...before, ...options.operands.slice(1)]);
  }
  return options.problem === undefined
    ? unwrapped(program, wrapper, options, place)
    : open(`the option ${options.problem} of ${program} is not understood`);
}

function unwrapped(
  program: string,
  wrapper: CommandWrapper,
  options: ReadOptions,
  place: WrapperPlace,
): Unwrapped {
  const { operands, texts } = options;
  switch (wrapper.operands) {
    case "command":
      return texts.length > 0 ? { kind: "texts", texts } : innerCommand(program, wrapper, options);
    case "texts":
      return commandLines([...operandsAnywhere(wrapper, options), ...texts], place);
    case "scripts":
      return scripts(operandsAnywhere(wrapper, options), place);
    case "file":
    case "process":
      return processCommand(program, wrapper, options);
    case "none":
      return open(`${program} ${operands[0] ?? ""} is not understood`.replace("  ", " "));
  }
}

function innerCommand(
  program: string,
  wrapper: CommandWrapper,
  { operands, values, hasMarker }: ReadOptions,
): Unwrapped {
  const assignments = new Map<string, string>();
  let words = operands;
  for (const text of values("assignments")) assign(text);
  while (wrapper.takesAssignments && /^\w+=/.test(words[0] ?? "")) {
    assign(words[0]!);
    words = words.slice(1);
  }
  const environmentFiles = [...values("environmentFiles")];
  if (program === "env-cmd" && environmentFiles.length === 0 && isEnvironmentFile(words[0] ?? "")) {
    environmentFiles.push(words[0]!);
    words = words.slice(1);
  }
  // dotenv-cli takes options out of the command, wherever they stand, unless `--` stands before it.
  if (program === "dotenv" && !hasMarker && words.some((word) => word.startsWith("-")))
    return open("dotenv takes options away from the command");
  if (words.length === 0) return open(`${program} runs nothing`);
  if (environmentFiles.length === 0 && wrapper.environmentFile !== undefined)
    environmentFiles.push(wrapper.environmentFile);
  if (wrapper.joinsWords) {
    const set = [...assignments].map(([name, value]) => `${name}=${quoted(value)} `).join("");
    // The assignments hold for the whole line, which may be a list.
    return words.join(" ").search(/[;&|]/) < 0 || set === ""
      ? { kind: "texts", texts: [`${set}${words.join(" ")}`] }
      : { kind: "texts", texts: [`export ${set}; ${words.join(" ")}`] };
  }
  return { kind: "command", words, assignments, environmentFiles };

  function assign(text: string): void {
    const at = text.indexOf("=");
    if (at > 0)
      assignments.set(text.slice(0, at), text.slice(at + 1).replace(/^(['"])(.*)\1$/, "$2"));
  }
}

/** Up to version 8 of env-cmd the first word was the file. Source: README of env-cmd 8. */
function isEnvironmentFile(word: string): boolean {
  return /(?:^|\/)\.env[^/]*$|\.env$|(?:^|\/)[^/]*env[^/]*\.(?:json|js)$/.test(word);
}

/** Options of concurrently and npm-run-all may stand between the operands. */
function operandsAnywhere(wrapper: CommandWrapper, options: ReadOptions): readonly string[] {
  const found: string[] = [];
  let rest = options.operands;
  let { hasMarker } = options;
  while (rest.length > 0) {
    if (hasMarker || !rest[0]!.startsWith("-")) {
      found.push(rest[0]!);
      rest = rest.slice(1);
      continue;
    }
    const more = readOptions(wrapper.options, rest);
    if (more.problem !== undefined) return [...found, more.problem];
    hasMarker = more.hasMarker;
    rest = more.operands;
  }
  return found;
}

/**
 * `npm:build` stands for `npm run build`, and `*` in either for the scripts that match.
 * Source: command-parser/expand-shortcut.js and expand-wildcard.js of concurrently
 */
function commandLines(lines: readonly string[], place: WrapperPlace): Unwrapped {
  const texts: string[] = [];
  for (const line of lines) {
    const [, short, long, name = "", rest = ""] =
      /^(?:(npm|yarn|pnpm|bun|node):|(npm|yarn|pnpm|bun) run )(\S+)(.*)$/s.exec(line) ?? [];
    const manager = short === "node" ? "npm" : (short ?? long);
    if (manager === undefined) {
      texts.push(line);
      continue;
    }
    const names = scriptsLike(name, (text) => text.replaceAll("*", ".*"), place);
    if (names === undefined) return open(`which scripts ${name} names cannot be told`);
    texts.push(...names.map((each) => `${manager} run ${each}${rest}`));
  }
  return texts.length > 0 ? { kind: "texts", texts } : open("no command is named");
}

/** Names and patterns, `:` parting what `*` matches. Source: https://github.com/bcomnes/npm-run-all2/blob/master/docs/run-s.md */
function scripts(operands: readonly string[], place: WrapperPlace): Unwrapped {
  const found: string[] = [];
  for (const written of operands) {
    // `{@}` stands for what comes behind `--`: nothing, as a rule. Source: https://github.com/mysticatea/npm-run-all/blob/master/docs/npm-run-all.md#argument-placeholders
    const operand = written.replace(/\s+(?:--\s+)?\{[@*]\}/g, "");
    const [name = "", ...rest] = operand.trim().split(/\s+/);
    if (rest.length > 0 || /[{}]/.test(operand))
      return operands.some((each) => /[*{}]/.test(each))
        ? open(`what ${operand} runs cannot be told`)
        : { kind: "texts", texts: operands.map((each) => `npm run ${each}`) };
    const names = scriptsLike(
      name,
      (text) => text.replace(/\*+/g, (stars) => (stars === "*" ? "[^:]*" : ".*")),
      place,
    );
    if (names === undefined) return open(`which scripts ${name} names cannot be told`);
    found.push(...names);
  }
  return found.length > 0 ? { kind: "scripts", scripts: found } : open("no script is named");
}

/** The scripts that a name or a pattern stands for; `undefined` when it is a pattern and the scripts are not known. */
function scriptsLike(
  name: string,
  pattern: (escaped: string) => string,
  { scripts }: WrapperPlace,
): readonly string[] | undefined {
  if (!/[*?[\]()!]/.test(name)) return [name];
  if (scripts === undefined || /[?[\]()!]/.test(name)) return undefined;
  const expression = new RegExp(`^${pattern(name.replace(/[\\^$.+|]/g, "\\$&"))}$`);
  const names = [...scripts].filter((script) => expression.test(script));
  return names.length > 0 ? names : undefined;
}

function open(why: string): Unwrapped {
  return { kind: "open", why };
}
