import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import type { Transform } from "../core/transform.ts";
import type { EngineName } from "../verify/engine.ts";
import type { Probe } from "../verify/probe.ts";
import { commandLineOption, transformOptions } from "./options.ts";
import type { CommandLineOption } from "./options.ts";
import {
  verifyDescription,
  verifyExitCodes,
  verifyOptionGroups,
  verifyUsage,
} from "./verify-options.ts";

export interface VerifyInvocation {
  readonly paths: readonly string[];
  readonly transforms: readonly string[];
  readonly transformOptions: Readonly<Record<string, string | boolean>>;
  readonly context: string | undefined;
  readonly after: string | undefined;
  readonly engine: EngineName | undefined;
  readonly network: string | undefined;
  readonly buildArguments: readonly string[];
  readonly secrets: readonly string[];
  readonly engineArguments: readonly string[];
  readonly syntaxImage: boolean;
  /** In milliseconds; `undefined` for the default. */
  readonly buildTimeout: number | undefined;
  readonly startTimeout: number | undefined;
  readonly probes: readonly Probe[];
  readonly environment: readonly string[];
  readonly runNetwork: string | undefined;
  readonly probeImage: string | undefined;
  readonly format: "pretty" | "json" | "markdown";
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly color: boolean;
}

/** The values that commander collects. */
interface Values {
  readonly transform?: readonly string[];
  readonly context?: string;
  readonly after?: string;
  readonly engine?: EngineName;
  readonly network?: string;
  readonly buildArg?: readonly string[];
  readonly secret?: readonly string[];
  readonly engineArg?: readonly string[];
  readonly syntaxImage: boolean;
  readonly timeout?: number;
  readonly startTimeout?: number;
  readonly probe?: readonly Probe[];
  readonly env?: readonly string[];
  readonly runNetwork?: string;
  readonly probeImage?: string;
  readonly format?: VerifyInvocation["format"];
  readonly quiet?: true;
  readonly verbose?: true;
  readonly color: boolean;
}

/**
 * Reads the arguments behind `verify`. Prints help and usage errors itself, and returns the exit code then.
 *
 * @param custom transforms that were loaded from the command line's paths; their options are known, too
 */
export function parseVerifyArguments(
  argv: readonly string[],
  custom: readonly Transform[],
): VerifyInvocation | 0 | 2 {
  let invocation: VerifyInvocation | undefined;
  const program = createProgram(custom);
  program.action((paths: readonly string[]) => {
    invocation = invocationOf(program, paths, custom);
  });
  try {
    program.parse(argv, { from: "user" });
    return invocation ?? 0;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? 0 : 2;
  }
}

/** The text of `verify --help`, for the documentation. */
export function verifyHelpText(): string {
  return createProgram([]).configureHelp({ helpWidth: 100 }).helpInformation();
}

function createProgram(custom: readonly Transform[]): Command {
  const program = new Command("msb-migrate verify")
    .usage(verifyUsage)
    .description(verifyDescription)
    .argument("[paths...]")
    .helpOption("-h, --help", "print this help")
    .exitOverride()
    .showHelpAfterError("See msb-migrate verify --help.")
    .configureOutput({
      outputError: (text, write) => write(text.replace(/^error: /, "msb-migrate: ")),
    })
    .configureHelp({
      helpWidth: Math.min(process.stdout.columns || 100, 120),
      visibleArguments: () => [],
    });
  for (const { title, options } of verifyOptionGroups) {
    for (const definition of options)
      program.addOption(parsedOption(definition).helpGroup(`${title}:`));
  }
  for (const { meta } of custom) {
    for (const option of Object.values(meta.options ?? {})) {
      if (program.options.some((known) => known.long === option.flag)) continue;
      program.addOption(
        parsedOption(commandLineOption(option)).helpGroup(`Options of ${meta.name}:`),
      );
    }
  }
  const exitLines = verifyExitCodes.map(({ code, meaning }) => `  ${code}  ${meaning}`);
  return program.addHelpText("after", `\nExit codes:\n${exitLines.join("\n")}\n`);
}

function parsedOption({ flags, description, choices, repeatable }: CommandLineOption): Option {
  const option = new Option(flags, description);
  if (choices) option.choices(choices);
  const long = /--[\w-]+/.exec(flags)![0];
  const parse = parsers[long] ?? ((value: string): unknown => value);
  if (repeatable) {
    option.argParser((value: string, before: readonly unknown[] | undefined) => [
      ...(before ?? []),
      parse(value),
    ]);
  } else if (parsers[long]) option.argParser(parse);
  return option;
}

const parsers: Readonly<Record<string, (value: string) => unknown>> = {
  "--probe": parseProbe,
  "--timeout": parseSeconds,
  "--start-timeout": parseSeconds,
  "--env": parsePair,
};

/** `8080`, `8080/` or `8080/healthz?full=1`. */
export function parseProbe(value: string): Probe {
  const [, port = "", path = ""] = /^(\d{1,5})(\/.*)?$/.exec(value) ?? [];
  if (!(Number(port) >= 1 && Number(port) <= 65535)) {
    throw new InvalidArgumentError("A probe is a port and a path, such as 8080/healthz.");
  }
  return { port: Number(port), path: path || "/" };
}

function parseSeconds(value: string): number {
  const seconds = Number(value);
  if (!(seconds > 0 && seconds <= 86_400))
    throw new InvalidArgumentError("It is a number of seconds.");
  return seconds * 1000;
}

function parsePair(value: string): string {
  if (!/^[^=]+=/.test(value)) throw new InvalidArgumentError("It is NAME=value.");
  return value;
}

function invocationOf(
  program: Command,
  paths: readonly string[],
  custom: readonly Transform[],
): VerifyInvocation {
  const values = program.opts<Values>();
  if (values.after !== undefined && paths.length !== 1) {
    program.error("error: --after goes with exactly one Dockerfile", { exitCode: 2 });
  }
  return {
    paths: paths.length > 0 ? paths : ["."],
    transforms: values.transform ?? [],
    transformOptions: givenTransformOptions(program, custom),
    context: values.context,
    after: values.after,
    engine: values.engine,
    network: values.network,
    buildArguments: values.buildArg ?? [],
    secrets: values.secret ?? [],
    engineArguments: values.engineArg ?? [],
    syntaxImage: values.syntaxImage,
    buildTimeout: values.timeout,
    startTimeout: values.startTimeout,
    probes: values.probe ?? [],
    environment: values.env ?? [],
    runNetwork: values.runNetwork,
    probeImage: values.probeImage,
    format: values.format ?? "pretty",
    quiet: values.quiet === true,
    verbose: values.verbose === true,
    color: values.color,
  };
}

function givenTransformOptions(
  program: Command,
  custom: readonly Transform[],
): Record<string, string | boolean> {
  const given: Readonly<Record<string, unknown>> = program.opts();
  const found: Record<string, string | boolean> = {};
  const definitions = [transformOptions, ...custom.map(({ meta }) => meta.options ?? {})];
  for (const [name, { flag }] of definitions.flatMap((table) => Object.entries(table))) {
    const attribute = program.options.find((option) => option.long === flag)?.attributeName();
    const value = attribute === undefined ? undefined : given[attribute];
    if (typeof value === "string" || typeof value === "boolean") found[name] = value;
  }
  return found;
}
