import type { ShellCommand } from "../core/shell.ts";

/**
 * Names of the packages that a package manager's command installs, without versions; empty for other
 * actions, `undefined` when a name cannot be told. Sources: manuals of apk, apt-get, dnf.
 */
export function installedPackages(command: ShellCommand): readonly string[] | undefined {
  const [program, ...words] = command.words;
  const manager = program!.value!;
  const valueOptions =
    manager === "apk"
      ? ["-t", "--virtual", "--repository", "-X", "-p", "--root"]
      : ["-t", "-o", "-c", "--target-release", "--option"];
  const operands: (string | undefined)[] = [];
  for (let index = 0; index < words.length; index++) {
    const { text, value } = words[index]!;
    if (valueOptions.includes(text)) index++;
    else if (!text.startsWith("-") && !/^\d?>/.test(text)) operands.push(value);
  }
  const [action, ...names] = operands;
  if (
    action !== "add" &&
    action !== "install" &&
    action !== "localinstall" &&
    action !== "groupinstall"
  )
    return [];
  if (names.includes(undefined)) return undefined;
  return (names as string[]).map((name) =>
    name.replace(/(?:[=<>~].*|:(?:amd64|arm64|native))$/, "").replace(/@.*$/, ""),
  );
}
