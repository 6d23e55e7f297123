import type { OptionDefinition } from "../core/transform.ts";

/**
 * The command line as data: `--help`, the parser and docs/cli.md are made from it.
 */

export interface CommandLineOption {
  /** In commander's notation: `-o, --output <file>`. */
  readonly flags: string;
  readonly description: string;
  readonly choices?: readonly string[];
  /** May be given several times. */
  readonly repeatable?: true;
  /** Attribute names of options that exclude it. */
  readonly conflicts?: readonly string[];
  /** Other spellings, not shown. */
  readonly aliases?: readonly string[];
}

export interface OptionGroup {
  readonly title: string;
  readonly options: readonly CommandLineOption[];
}

export const usage = "[options] [paths...]";

export const description =
  "Turns single-stage Dockerfiles into multi-stage ones. Paths are Dockerfiles, or directories that are searched for them " +
  "(default: the current directory); - is standard input.";

/** The group in which the options of the built-in transforms stand. */
export const transformGroup = "How it is migrated";

export const optionGroups: readonly OptionGroup[] = [
  {
    title: "What is done",
    options: [
      {
        flags: "-d, --dry-run",
        description: "show what would change, write nothing",
        aliases: ["--dry"],
      },
      {
        flags: "-c, --check",
        description: "write nothing, and exit with 1 when a change is on offer, safe or not",
      },
      {
        flags: "--unsafe",
        description: "also write changes that rest on an assumption (safety: review)",
      },
      { flags: "--allow-dirty", description: "also write into files with uncommitted git changes" },
    ],
  },
  {
    title: transformGroup,
    options: [
      {
        flags: "-t, --transform <name|path>",
        description:
          "run this transform only: a built-in one or a module of your own; repeat for several",
        repeatable: true,
      },
      {
        flags: "--context <dir>",
        description: "the build context of all files (default: found for each from its COPY lines)",
      },
    ],
  },
  {
    title: "What is read",
    options: [
      { flags: "--stdin", description: "read one Dockerfile from standard input, as - does" },
      {
        flags: "--stdin-filepath <path>",
        description: "where the Dockerfile on standard input belongs, to find its repository",
      },
    ],
  },
  {
    title: "What is printed",
    options: [
      {
        flags: "--format <format>",
        description: "form of the result on standard output",
        choices: ["pretty", "diff", "json"],
      },
      { flags: "-o, --output <file>", description: "write the result to a file instead" },
      {
        flags: "-q, --quiet",
        description: "no notes and no summary; when writing, nothing but errors",
        conflicts: ["verbose"],
      },
      {
        flags: "-v, --verbose",
        description: "also list the files that stay as they are, with the reason",
      },
      {
        flags: "--no-color",
        description: "no colours; NO_COLOR and FORCE_COLOR are heeded as well",
      },
    ],
  },
];

/**
 * The options of the built-in transforms, as they stand in their `meta.options`. They are repeated here so that `--help` need
 * not load the transforms; a test compares.
 */
export const transformOptions: Readonly<Record<string, OptionDefinition>> = {
  runtimeGo: {
    flag: "--runtime-go",
    value: "IMAGE",
    description:
      "base of the runtime stage: smallest (scratch, alpine or a slim image, as needed), scratch, distroless, alpine, debian, or an image of your own",
    default: "smallest",
  },
  artifact: {
    flag: "--artifact",
    value: "PATH",
    description:
      "what an unreadable build makes: the program's path in the image, relative to the last WORKDIR",
  },
  runtimeStatic: {
    flag: "--runtime-static",
    value: "IMAGE",
    description:
      "base of the stage that serves a front end: nginx:alpine, nginxinc/nginx-unprivileged:alpine, or another image of nginx",
    default: "nginx:alpine",
  },
};

/** An option of a transform as the command line takes it. */
export function commandLineOption(option: OptionDefinition): CommandLineOption {
  const standard = option.default === undefined ? "" : ` (default: ${option.default})`;
  return {
    flags:
      option.value === undefined ? option.flag : `${option.flag} <${option.value.toLowerCase()}>`,
    description: option.description + standard,
    ...(option.choices ? { choices: option.choices } : {}),
  };
}

export interface Example {
  readonly command: string;
  readonly meaning: string;
}

export const examples: readonly Example[] = [
  {
    command: "msb-migrate --dry-run",
    meaning: "show what would change below the current directory",
  },
  { command: "msb-migrate services/api/Dockerfile", meaning: "migrate one file in place" },
  {
    command: "msb-migrate --dry-run --format diff | git apply",
    meaning: "review by your own means, apply with git",
  },
  {
    command: "msb-migrate --check --quiet",
    meaning: "in CI: exit with 1 when something can be migrated",
  },
  {
    command: "msb-migrate -d --format json -o report.json repos/",
    meaning: "a report over many repositories",
  },
  { command: "msb-migrate - < Dockerfile > Dockerfile.new", meaning: "as a filter" },
  { command: "msb-migrate -t ./pin-alpine.mjs -d", meaning: "try a transform of your own" },
  {
    command: "msb-migrate explain needs-shell",
    meaning: "what a code means and what to do about it",
  },
];

export const exitCodes: readonly { readonly code: number; readonly meaning: string }[] = [
  { code: 0, meaning: "done: files were changed, left as they are, or refused with a reason" },
  { code: 1, meaning: "--check found at least one change on offer, safe or review" },
  { code: 2, meaning: "wrong usage, or at least one file failed; the other files were handled" },
];
