import type { ShellCommand } from "../core/shell.ts";

/** A package that a command names. */
export interface NamedPackage {
  /** Without version, architecture and repository. */
  readonly name: string;
  /** As it stands in the command: `curl=7.88.1-10`. */
  readonly written: string;
}

/** What a package manager's command does. */
export interface PackageAction {
  readonly action: "install" | "remove" | "other";
  readonly packages: readonly NamedPackage[];
  /** The name that `apk add --virtual` gives the packages together. */
  readonly group: string | undefined;
  /** They come from a repository that the command names, not from the distribution's own. */
  readonly isForeign: boolean;
  /** Packages that others recommend come along, as apt does unless it is told otherwise. */
  readonly hasRecommended: boolean;
}

const APK_VALUES = ["-t", "--virtual", "--repository", "-X", "-p", "--root"];
const APT_VALUES = ["-t", "-o", "-c", "--target-release", "--option"];

/**
 * Reads a package manager's command; `undefined` when a package's name cannot be told.
 * Sources: manuals of apk, apt-get, dnf.
 */
export function packageAction(command: ShellCommand): PackageAction | undefined {
  const [program, ...words] = command.words;
  const valueOptions = program!.value === "apk" ? APK_VALUES : APT_VALUES;
  const operands: (string | undefined)[] = [];
  let group: string | undefined;
  for (let index = 0; index < words.length; index++) {
    const { text, value } = words[index]!;
    if (valueOptions.includes(text)) {
      index++;
      if (text === "-t" || text === "--virtual") group = words[index]?.value;
    } else if (text.startsWith("--virtual=")) group = value?.slice("--virtual=".length);
    else if (!text.startsWith("-") && !/^\d?>/.test(text)) operands.push(value);
  }
  const [verb, ...names] = operands;
  const action = ACTIONS[verb ?? ""] ?? "other";
  const options = words.map(({ text }) => text);
  const common = {
    group: program!.value === "apk" ? group : undefined,
    isForeign:
      options.some((text) => /^(?:-X|--repository)\b/.test(text)) ||
      names.some((name) => /@|^\.?\/|\.(?:deb|apk|rpm)$/.test(name ?? "")),
    hasRecommended: !options.some((text) =>
      /^--no-install-recommends$|APT::Install-Recommends=/.test(text),
    ),
  };
  if (action === "other") return { action, packages: [], ...common };
  if (names.includes(undefined)) return undefined;
  const packages = (names as string[]).map((written) => ({
    name: written.replace(/(?:[=<>~].*|:(?:amd64|arm64|native))$/, "").replace(/@.*$/, ""),
    written,
  }));
  return { action, packages, ...common };
}

const ACTIONS: Readonly<Record<string, "install" | "remove">> = {
  add: "install",
  install: "install",
  localinstall: "install",
  groupinstall: "install",
  del: "remove",
  remove: "remove",
  purge: "remove",
  autoremove: "remove",
};
