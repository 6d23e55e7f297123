import type { Evidence } from "../core/outcome.ts";
import type { Repository } from "../core/repository.ts";
import { frontEndCommand, type FrontEndCommand } from "./front-end-commands.ts";
import { templateCommand } from "./front-end-templates.ts";
import type { FrontEnd, FrontEndServer } from "./front-end-facts.ts";
import type { FrontEndPlace, VariableReader } from "./front-end-place.ts";
import { outputAfter } from "./front-end-moves.ts";
import { readFramework, readServerOf } from "./front-end-frameworks.ts";
import { readManifest } from "./package-manifest.ts";

/**
 * What a package's build makes of a front end: read from its commands and configuration, framework defaults last. `undefined`
 * when no command builds one.
 *
 * @param packageDirectory relative to the repository's root; `""` is the root
 * @param buildCommands the words of every command that the build runs, after scripts, `npx` and the like were unwrapped
 * @param variable environment variables of the build; without it, none is known
 * @example readFrontEnd(repository, "", [["tsc", "-b"], ["vite", "build"]])
 */
export function readFrontEnd(
  repository: Repository,
  packageDirectory: string,
  buildCommands: readonly (readonly string[])[],
  variable: VariableReader = () => undefined,
): FrontEnd | undefined {
  const manifest = readManifest(repository, packageDirectory);
  if (!manifest) return undefined;
  const found: FrontEnd[] = [];
  for (const [index, words] of buildCommands.entries()) {
    const command = commandOf(repository, packageDirectory, words);
    if (command?.kind !== "build") continue;
    const place: FrontEndPlace = {
      repository,
      directory: packageDirectory,
      manifest,
      command,
      variable,
    };
    const frontEnd = readFramework(place, buildCommands);
    const later = buildCommands.slice(index + 1);
    if (frontEnd)
      found.push({
        ...frontEnd,
        outputDirectory: outputAfter(repository, packageDirectory, frontEnd.outputDirectory, later),
      });
  }
  return found.reduce<FrontEnd | undefined>(
    (all, one) => (all ? together(all, one) : one),
    undefined,
  );
}

function commandOf(
  repository: Repository,
  directory: string,
  words: readonly string[],
): FrontEndCommand | undefined {
  return frontEndCommand(words) ?? templateCommand(repository, directory, words);
}

/** Two builds of one package are one front end as far as they agree. */
function together(one: FrontEnd, other: FrontEnd): FrontEnd {
  const same = <T>(left: T, right: T): T | undefined => (left === right ? left : undefined);
  const evidence: Evidence[] = [...one.evidence, ...other.evidence];
  return {
    ...one,
    framework: one.framework,
    outputDirectory: same(one.outputDirectory, other.outputDirectory),
    basePath: same(one.basePath, other.basePath),
    isServerRendered:
      one.isServerRendered === true || other.isServerRendered === true
        ? true
        : same(one.isServerRendered, other.isServerRendered),
    isSinglePage: one.isSinglePage && other.isSinglePage,
    publicPrefixes: [...new Set([...one.publicPrefixes, ...other.publicPrefixes])],
    evidence,
  };
}

/**
 * What a command that starts a front end's server does, its options counted in; `undefined` for any other command.
 *
 * @example readFrontEndServer(repository, "", ["ng", "serve", "--host", "0.0.0.0", "--proxy-config", "proxy.conf.json"])
 */
export function readFrontEndServer(
  repository: Repository,
  packageDirectory: string,
  words: readonly string[],
  variable: VariableReader = () => undefined,
): FrontEndServer | undefined {
  const manifest = readManifest(repository, packageDirectory);
  const command = commandOf(repository, packageDirectory, words);
  if (!manifest || !command || command.kind === "build") return undefined;
  return readServerOf(
    { repository, directory: packageDirectory, manifest, command, variable },
    command.kind,
  );
}
