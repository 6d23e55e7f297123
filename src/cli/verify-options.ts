import { engineNames } from "../verify/engine.ts";
import { commandLineOption, optionGroups, transformGroup, transformOptions } from "./options.ts";
import type { CommandLineOption, OptionGroup } from "./options.ts";

/** The command line of `msb-migrate verify` as data: `--help` and the parser are made from it. */

export const verifyUsage = "[options] [paths...]";

export const verifyDescription =
  "Builds and runs each Dockerfile before and after its migration, and compares the images: configuration, size, start, ports, " +
  "answers. Nothing is written into the tree.";

/** Repeatable options whose values go through to the engine. */
export const verifyOptionGroups: readonly OptionGroup[] = [
  {
    title: transformGroup,
    options: [
      ...optionGroups.find(({ title }) => title === transformGroup)!.options,
      ...Object.values(transformOptions).map(commandLineOption),
      {
        flags: "--after <file>",
        description: "compare one Dockerfile with this file instead of its migration",
      },
    ],
  },
  {
    title: "How it is built",
    options: [
      {
        flags: "--engine <name>",
        description: "the container engine (default: the first that answers)",
        choices: engineNames,
      },
      {
        flags: "--network <mode>",
        description: "the network of the build, as the engine names it",
      },
      repeatable("--build-arg <name=value>", "a build argument"),
      repeatable("--secret <spec>", "a secret of the build: id=NAME,src=FILE"),
      repeatable(
        "--engine-arg <argument>",
        "any other argument of the engine's build command, such as --engine-arg=--no-cache",
      ),
      {
        flags: "--no-syntax-image",
        description:
          "leave # syntax= lines out of the builds (default: only when their image can't be had)",
      },
      { flags: "--timeout <seconds>", description: "time for one build (default: 900)" },
    ],
  },
  {
    title: "How it is run",
    options: [
      repeatable(
        "--probe <port/path>",
        "what is asked of a server, such as 8080/healthz (default: / on every port that is open)",
      ),
      repeatable("--env <name=value>", "a variable for the started program"),
      {
        flags: "--run-network <mode>",
        description: "the network of the containers (default: none; no port is ever published)",
      },
      {
        flags: "--probe-image <image>",
        description:
          "an image with sh, cat and nc, to probe from where this process may not (default: busybox)",
      },
      {
        flags: "--start-timeout <seconds>",
        description: "time to open the ports, or to end (default: 20)",
      },
    ],
  },
  {
    title: "What is printed",
    options: [
      {
        flags: "--format <format>",
        description: "form of the result on standard output",
        choices: ["pretty", "json", "markdown"],
      },
      { flags: "-q, --quiet", description: "no progress on standard error" },
      {
        flags: "-v, --verbose",
        description: "also what the engine says while it builds, and all notes",
      },
      { flags: "--no-color", description: "no colours" },
    ],
  },
];

export const verifyExitCodes: readonly { readonly code: number; readonly meaning: string }[] = [
  { code: 0, meaning: "no migration is worse than its original" },
  { code: 1, meaning: "at least one migration is worse" },
  {
    code: 2,
    meaning:
      "wrong usage, no engine, or something could not be built or read for reasons outside of the Dockerfile",
  },
];

function repeatable(flags: string, description: string): CommandLineOption {
  return { flags, description: `${description}; repeat for several`, repeatable: true };
}
