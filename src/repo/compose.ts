import type { Repository } from "../core/repository.ts";
import {
  inRepository,
  override,
  readComposeFile,
  type ComposeMount,
  type ComposeStart,
  type ComposeValue,
  type WrittenBuild,
} from "./compose-file.ts";

export type { ComposeMount, ComposeStart, ComposeValue } from "./compose-file.ts";

/**
 * Services of compose files: what is built from a Dockerfile, and how it is run.
 * Source: https://docs.docker.com/reference/compose-file/services/
 */

export interface ComposeBuild {
  /** Repository-relative; `undefined` when it is outside of the repository, a URL, or a variable without a default. */
  readonly context: string | undefined;
  /** Repository-relative; `undefined` when it or the context is not known. */
  readonly dockerfile: string | undefined;
  readonly target: string | undefined;
  readonly arguments: ReadonlyMap<string, string | undefined>;
  /** The file that says so: another one than the service's when an override file goes with it. */
  readonly path: string;
  readonly line: number;
}

export interface ComposeService {
  readonly name: string;
  /** Of the compose file. */
  readonly path: string;
  readonly line: number;
  /** `undefined` when it is not built, or from a Dockerfile written in the compose file. */
  readonly build: ComposeBuild | undefined;
  readonly command: ComposeStart | undefined;
  readonly entrypoint: ComposeStart | undefined;
  /** Its `test`. */
  readonly healthcheck: ComposeStart | undefined;
  readonly volumes: readonly ComposeMount[];
  readonly environment: ReadonlyMap<string, ComposeValue>;
  readonly environmentFiles: readonly ComposeValue[];
  readonly user: ComposeValue | undefined;
  readonly workingDirectory: ComposeValue | undefined;
}

const COMPOSE_FILE = /^(?:[\w.-]+[._-])?(?:docker-)?compose(?:[._-][\w.-]+)?\.ya?ml$/i;

/** The files that others are overrides of. */
const BASE_FILE = /^(?:docker-)?compose\.ya?ml$/;

const servicesByDirectory = new WeakMap<Repository, Map<string, readonly ComposeService[]>>();

/**
 * Services of the compose files in some directories, those of override files with the `build` of the service they go on.
 * Anchors, merge keys and `extends` in one file are followed; a file that is no YAML is left out, and so are directories whose
 * compose files build nothing.
 *
 * @example composeServices(repository, ["", "deploy"])
 */
export function composeServices(
  repository: Repository,
  directories: readonly string[],
): readonly ComposeService[] {
  let remembered = servicesByDirectory.get(repository);
  if (!remembered) servicesByDirectory.set(repository, (remembered = new Map()));
  const found: ComposeService[] = [];
  for (const directory of new Set(directories)) {
    let services = remembered.get(directory);
    if (!services) remembered.set(directory, (services = readDirectory(repository, directory)));
    found.push(...services);
  }
  return found;
}

/** Those of some services that are built from one Dockerfile. */
export function servicesOf(
  services: readonly ComposeService[],
  dockerfilePath: string,
): readonly ComposeService[] {
  return services.filter(({ build }) => build?.dockerfile === dockerfilePath);
}

/** Those of some services that build in one context, from one Dockerfile or from one that only a variable names. */
export function servicesOfImage(
  services: readonly ComposeService[],
  context: string,
  dockerfilePath: string,
): readonly ComposeService[] {
  return services.filter(
    ({ build }) =>
      build?.context === context && (build.dockerfile ?? dockerfilePath) === dockerfilePath,
  );
}

function readDirectory(repository: Repository, directory: string): readonly ComposeService[] {
  const texts = (repository.list(directory) ?? [])
    .filter(({ name, kind }) => kind !== "directory" && COMPOSE_FILE.test(name))
    .map(({ name }) => {
      const path = directory === "" ? name : `${directory}/${name}`;
      return { path, isBase: BASE_FILE.test(name), text: repository.read(path) ?? "" };
    });
  if (!texts.some(({ text }) => /\bbuild\b/.test(text))) return [];
  const files = texts.map((file) => ({ ...file, services: readComposeFile(file) }));
  files.sort((one, other) => Number(other.isBase) - Number(one.isBase));
  return files.flatMap((file) =>
    file.services.map((service) => {
      const other = files.find(
        ({ path, services }) =>
          path !== file.path && services.some(({ name, build }) => build && name === service.name),
      );
      const elsewhere = other?.services.find(({ name }) => name === service.name)?.build;
      const own = service.build;
      // What an override file leaves out stands in the base file; a base file's own is complete.
      const build =
        own && elsewhere && other?.isBase && !file.isBase
          ? override(own, elsewhere)
          : (own ?? elsewhere);
      return { ...service, build: build && buildIn(repository, directory, build) };
    }),
  );
}

function buildIn(
  repository: Repository,
  directory: string,
  build: WrittenBuild,
): ComposeBuild | undefined {
  const { keys } = build;
  if (keys.has("dockerfile_inline")) return undefined;
  const written = keys.has("context") ? keys.get("context") : ".";
  const context = inRepository(directory, written);
  const dockerfile = keys.has("dockerfile")
    ? keys.get("dockerfile")
    : defaultDockerfile(repository, context ?? "");
  return {
    context,
    dockerfile: context === undefined ? undefined : inRepository(context, dockerfile),
    target: keys.get("target"),
    arguments: build.arguments,
    path: build.path,
    line: build.line,
  };
}

/** BuildKit takes `dockerfile` where there is no `Dockerfile`. Source: frontend/dockerui/config.go in moby/buildkit */
function defaultDockerfile(repository: Repository, context: string): string {
  const names = (repository.list(context) ?? []).map(({ name }) => name);
  return !names.includes("Dockerfile") && names.includes("dockerfile")
    ? "dockerfile"
    : "Dockerfile";
}
