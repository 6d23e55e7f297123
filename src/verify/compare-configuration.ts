import { finding } from "./findings.ts";
import type { Finding } from "./findings.ts";
import { configurationDifferences } from "./image-configuration.ts";
import type { ConfigurationDifference, ImageConfiguration } from "./image-configuration.ts";

/** Variables that only a toolchain reads. Sources: `go help environment`; the Dockerfiles of docker-library/golang and nodejs/docker-node. */
const toolchainVariables =
  /^(?:GO(?:PATH|ROOT|LANG_VERSION|TOOLCHAIN|111MODULE|FLAGS|PROXY|SUMDB|NOSUMDB|NOSUMCHECK|PRIVATE|NOPROXY|OS|ARCH|ARM|AMD64|BIN|CACHE|MODCACHE|WORK|EXPERIMENT)|CGO_\w+|NODE_VERSION|YARN_VERSION|npm_config_\w+|NPM_CONFIG_\w+)$/;

/** Directories of PATH that hold a toolchain. */
const toolchainDirectories =
  /^(?:\/go\/bin|\/usr\/local\/go\/bin|\/root\/go\/bin|.*\/node_modules\/\.bin)$/;

/** Gained from a base image, these change nothing of what the program was given before. */
const harmlessGains = /^(?:env|label|port):/;

export function configurationFindings(
  before: ImageConfiguration,
  after: ImageConfiguration,
  named: ReadonlySet<string>,
): Finding[] {
  return configurationDifferences(before, after).map((difference) => {
    const { name, kind } = difference;
    const data = { name, before: difference.before ?? "", after: difference.after ?? "" };
    if (named.has(name) || named.has(`${name.split(":")[0]}:*`))
      return finding("configuration-named", data);
    if (isOfTheToolchain(difference)) return finding("configuration-toolchain", data);
    if (isExecForm(difference)) return finding("exec-form", data);
    if (kind === "gained" && harmlessGains.test(name)) return finding("configuration-gained", data);
    return finding(kind === "lost" ? "configuration-lost" : "configuration-changed", data);
  });
}

function isOfTheToolchain({ name, kind, before, after }: ConfigurationDifference): boolean {
  if (!name.startsWith("env:")) return false;
  if (name === "env:PATH")
    return before !== undefined && withoutToolchain(before) === withoutToolchain(after ?? "");
  return kind === "lost" && toolchainVariables.test(name.slice("env:".length));
}

function withoutToolchain(path: string): string {
  return path
    .split(":")
    .filter((directory) => !toolchainDirectories.test(directory))
    .join(":");
}

/** `/bin/sh -c "./server"` and `./server` start the same program, as long as the shell has nothing to do. */
function isExecForm({ name, before, after }: ConfigurationDifference): boolean {
  if ((name !== "command" && name !== "entrypoint") || before === undefined || after === undefined)
    return false;
  const [shell, flag, text, ...more] = JSON.parse(before) as string[];
  if (
    !/^\/bin\/(?:ba|a|da)?sh$/.test(shell ?? "") ||
    flag !== "-c" ||
    text === undefined ||
    more.length > 0
  )
    return false;
  const words = text
    .replace(/^exec +/, "")
    .trim()
    .split(/ +/);
  return /^[\w./:=, +@%-]+$/.test(text) && JSON.stringify(words) === after;
}
