import { Command, CommanderError, Option } from "commander";
import type { Transform } from "../core/transform.ts";
import {
  commandLineOption,
  description,
  examples,
  exitCodes,
  optionGroups,
  transformGroup,
  transformOptions,
  usage,
} from "./options.ts";
import type { CommandLineOption } from "./options.ts";

export type Format = "pretty" | "diff" | "json";

export interface MigrateInvocation {
  readonly kind: "migrate";
  readonly paths: readonly string[];
  readonly stdin: boolean;
  readonly stdinFilepath: string | undefined;
  readonly dryRun: boolean;
  readonly check: boolean;
  readonly transforms: readonly string[];
  readonly unsafe: boolean;
  readonly context: string | undefined;
  readonly allowDirty: boolean;
  /** `undefined` when it was not asked for. */
  readonly format: Format | undefined;
  readonly output: string | undefined;
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** `false` with `--no-color`; otherwise the surroundings decide. */
  readonly color: boolean;
  /** The options of transforms, by their names in `meta.options`. */
  readonly transformOptions: Readonly<Record<string, string | boolean>>;
}

export type Invocation =
  | MigrateInvocation
  | { readonly kind: "explain"; readonly code: string | undefined }
  | { readonly kind: "list" }
  /** Help or version was printed, or the usage was wrong and said so. */
  | { readonly kind: "done"; readonly exitCode: 0 | 2 };

/** Whether changes are written, or the new text printed, rather than shown. */
export function writesFiles(invocation: MigrateInvocation): boolean {
  return !invocation.dryRun && !invocation.check;
}

/** As a filter, the result is the Dockerfile itself; a report is printed when one was asked for. */
export function printsSource(invocation: MigrateInvocation): boolean {
  return invocation.stdin && writesFiles(invocation) && invocation.format === undefined;
}

/** The values that commander collects. */
interface Values {
  readonly dryRun?: true;
  readonly dry?: true;
  readonly check?: true;
  readonly transform?: readonly string[];
  readonly unsafe?: true;
  readonly context?: string;
  readonly allowDirty?: true;
  readonly stdin?: true;
  readonly stdinFilepath?: string;
  readonly format?: Format;
  readonly output?: string;
  readonly quiet?: true;
  readonly verbose?: true;
  readonly color: boolean;
}

/**
 * Reads the command line. Prints help, the version and usage errors itself.
 *
 * @param custom transforms that were loaded from the command line's paths; their options are known, too
 */
export function parseArguments(
  argv: readonly string[],
  version: string,
  custom: readonly Transform[],
): Invocation {
  let invocation: Invocation = { kind: "done", exitCode: 0 };
  const program = createProgram(version, custom);
  const optionNames = registeredTransformOptions(program, custom);
  program.action((paths: readonly string[]) => {
    invocation = migrateInvocation(program, paths, optionNames);
  });
  program
    .command("explain")
    .argument("[code]")
    .description("say what a code means; without one, list all codes")
    .action((code: string | undefined) => {
      invocation = { kind: "explain", code };
    });
  program
    .command("list")
    .description("list the built-in transforms and their options")
    .action(() => {
      invocation = { kind: "list" };
    });
  // main.ts hands its arguments to verify.ts; here it stands for --help.
  program
    .command("verify")
    .argument("[paths...]")
    .description("build and run both, and compare; see verify --help");
  try {
    program.parse(argv, { from: "user" });
    return invocation;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { kind: "done", exitCode: error.exitCode === 0 ? 0 : 2 };
  }
}

/** The text of `--help`, for the documentation. */
export function helpText(): string {
  return createProgram("", []).configureHelp({ helpWidth: 100 }).helpInformation();
}

function createProgram(version: string, custom: readonly Transform[]): Command {
  const program = new Command("msb-migrate")
    .usage(usage)
    .description(description)
    .argument("[paths...]")
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand(false)
    .exitOverride()
    .showHelpAfterError("See msb-migrate --help.")
    .configureOutput({
      outputError: (text, write) => write(text.replace(/^error: /, "msb-migrate: ")),
    })
    .configureHelp({
      helpWidth: Math.min(process.stdout.columns || 100, 120),
      visibleArguments: () => [],
    });
  for (const group of optionGroups) {
    for (const definition of group.options) addOption(program, definition, group.title);
    if (group.title !== transformGroup) continue;
    for (const option of Object.values(transformOptions))
      addOption(program, commandLineOption(option), group.title);
  }
  for (const { meta } of custom) {
    for (const option of Object.values(meta.options ?? {})) {
      if (program.options.some((known) => known.long === option.flag)) continue;
      addOption(program, commandLineOption(option), `Options of ${meta.name}`);
    }
  }
  return program.addHelpText("after", helpTail());
}

function addOption(program: Command, definition: CommandLineOption, group: string): void {
  const option = new Option(definition.flags, definition.description).helpGroup(`${group}:`);
  if (definition.choices) option.choices(definition.choices);
  if (definition.conflicts) option.conflicts([...definition.conflicts]);
  if (definition.repeatable) {
    option.argParser((value: string, before: readonly string[] | undefined) => [
      ...(before ?? []),
      value,
    ]);
  }
  program.addOption(option);
  for (const alias of definition.aliases ?? []) program.addOption(new Option(alias).hideHelp());
}

/** The attribute under which commander keeps each transform option's value, by its name in `meta.options`. */
function registeredTransformOptions(
  program: Command,
  custom: readonly Transform[],
): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const attributeOf = (flag: string) =>
    program.options.find((option) => option.long === flag)?.attributeName();
  for (const [name, { flag }] of Object.entries(transformOptions))
    names.set(name, attributeOf(flag)!);
  for (const { meta } of custom) {
    for (const [name, { flag }] of Object.entries(meta.options ?? {}))
      names.set(name, attributeOf(flag)!);
  }
  return names;
}

function migrateInvocation(
  program: Command,
  paths: readonly string[],
  optionNames: ReadonlyMap<string, string>,
): MigrateInvocation {
  const values = program.opts<Values>();
  const stdin = values.stdin === true || values.stdinFilepath !== undefined || paths.includes("-");
  const files = paths.filter((path) => path !== "-");
  if (stdin && files.length > 0) {
    program.error("error: standard input and paths can't be migrated in one run", { exitCode: 2 });
  }
  const given: Readonly<Record<string, unknown>> = program.opts();
  const options: Record<string, string | boolean> = {};
  for (const [name, attribute] of optionNames) {
    const value = given[attribute];
    if (typeof value === "string" || typeof value === "boolean") options[name] = value;
  }
  for (const [name, value] of [
    ...Object.entries(options),
    ["output", values.output],
    ["context", values.context],
  ]) {
    if (value === "")
      program.error(`error: the value of ${String(name)} is empty`, { exitCode: 2 });
  }
  return {
    kind: "migrate",
    paths: files.length > 0 || stdin ? files : ["."],
    stdin,
    stdinFilepath: values.stdinFilepath,
    dryRun: values.dryRun === true || values.dry === true,
    check: values.check === true,
    transforms: values.transform ?? [],
    unsafe: values.unsafe === true,
    context: values.context,
    allowDirty: values.allowDirty === true,
    format: values.format,
    output: values.output,
    quiet: values.quiet === true,
    verbose: values.verbose === true,
    color: values.color,
    transformOptions: options,
  };
}

function helpTail(): string {
  const width = Math.max(...examples.map(({ command }) => command.length));
  const exampleLines = examples.map(
    ({ command, meaning }) => `  ${command.padEnd(width)}  ${meaning}`,
  );
  const exitLines = exitCodes.map(({ code, meaning }) => `  ${code}  ${meaning}`);
  return `\nExamples:\n${exampleLines.join("\n")}\n\nExit codes:\n${exitLines.join("\n")}\n`;
}

/** The arguments of `--transform`, found before the command line is parsed: the modules among them bring options of their own. */
export function transformArguments(argv: readonly string[]): string[] {
  const found: string[] = [];
  for (let index = 0; index < argv.length && argv[index] !== "--"; index++) {
    const argument = argv[index]!;
    const attached = /^(?:--transform=|-t(?=.))(.+)$/s.exec(argument)?.[1];
    const following = argument === "-t" || argument === "--transform" ? argv[++index] : undefined;
    const value = attached ?? following;
    if (value !== undefined) found.push(value);
  }
  return found;
}
