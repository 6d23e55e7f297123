/** How compose files run the image of a Dockerfile: what they start, mount and set. */
import type { ImageContract } from "../core/image-contract.ts";
import type { Evidence } from "../core/outcome.ts";
import { isWithin } from "../core/path.ts";
import type { Repository } from "../core/repository.ts";
import { surroundingDirectories } from "../repo/context-evidence.ts";
import {
  composeServices,
  servicesOfImage,
  type ComposeMount,
  type ComposeService,
  type ComposeStart,
  type ComposeValue,
} from "../repo/compose.ts";
import type { BuildPlace } from "./copy-sources.ts";

/** A start of its own that a service gives the image. */
export interface ComposeStartUse {
  readonly words: readonly string[];
  readonly evidence: Evidence;
}

export interface ComposeVariable {
  /** `undefined` when it depends on the caller's environment. */
  readonly value: string | undefined;
  readonly evidence: Evidence;
}

export interface ComposeUse {
  readonly starts: readonly ComposeStartUse[];
  /** Variables that services give the container, by their name. */
  readonly environment: ReadonlyMap<string, ComposeVariable>;
  /** Values that the container gets: its environment. */
  readonly values: readonly { readonly value: string; readonly evidence: Evidence }[];
  readonly zone: Evidence | undefined;
  /** A directory of the repository that lies over the working directory, or one above it. */
  readonly sourceMount: Evidence | undefined;
  /** Everything that is mounted. */
  readonly mounts: readonly ComposeMount[];
  /** Files of variables that are not in the repository, or lie outside of it. */
  readonly absentEnvironment: readonly Evidence[];
  /** The user that a service runs as. */
  readonly user: string | undefined;
  readonly healthchecks: readonly ComposeStart[];
}

const NONE: ComposeUse = {
  starts: [],
  environment: new Map(),
  values: [],
  zone: undefined,
  sourceMount: undefined,
  mounts: [],
  absentEnvironment: [],
  user: undefined,
  healthchecks: [],
};

/** What the compose files of the root, the context and the Dockerfile's directory do with its image. */
export function readComposeUse(contract: ImageContract, place: BuildPlace): ComposeUse {
  const { repository, contextDirectory, dockerfilePath } = place;
  if (!repository || contextDirectory === undefined) return NONE;
  const services = servicesOfImage(
    composeServices(
      repository,
      surroundingDirectories(repository, dockerfilePath, contextDirectory),
    ),
    contextDirectory,
    dockerfilePath,
  );
  const starts = new Map<string, ComposeStartUse>();
  const environment = new Map<string, ComposeVariable>();
  const values: { value: string; evidence: Evidence }[] = [];
  let zone: Evidence | undefined;
  let sourceMount: Evidence | undefined;
  const absentEnvironment: Evidence[] = [];
  for (const service of services) {
    for (const start of startsOf(service, contract))
      starts.set(`${start.evidence.path}:${start.evidence.line}`, start);
    const files = service.environmentFiles.map((file) => readVariables(repository, file));
    for (const file of files) if ("absent" in file) absentEnvironment.push(file.absent);
    const given = new Map([
      ...files.flatMap((file) => ("absent" in file ? [] : [...file.variables])),
      ...service.environment,
    ]);
    for (const [name, { value, evidence }] of given) {
      if (name === "TZ") zone ??= evidence;
      if (value) values.push({ value, evidence });
      if (!environment.has(name)) environment.set(name, { value, evidence });
    }
    const mount = service.volumes.find(
      ({ kind, target }) =>
        kind === "bind" && target !== "/" && isWithin(contract.workingDirectory ?? "/", target),
    );
    sourceMount ??= mount?.evidence;
  }
  return {
    starts: [...starts.values()],
    environment,
    values,
    zone,
    sourceMount,
    mounts: services.flatMap(({ volumes }) => volumes),
    absentEnvironment,
    user: services.find((service) => service.user?.value)?.user?.value,
    healthchecks: services.flatMap(({ healthcheck }) => (healthcheck ? [healthcheck] : [])),
  };
}

/** `NAME=value` lines. Source: https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/#env-file-syntax */
function readVariables(
  repository: Repository,
  { value: path, evidence }: ComposeValue,
): { readonly variables: ReadonlyMap<string, ComposeVariable> } | { readonly absent: Evidence } {
  const text = path === undefined ? undefined : repository.read(path);
  if (path === undefined || text === undefined) return { absent: evidence };
  const variables = new Map<string, ComposeVariable>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const match = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*?)\s*$/.exec(line);
    if (!match) continue;
    const value = match[2]!.replace(/^(["'])(.*)\1$/, "$2");
    variables.set(match[1]!, { value, evidence: { path, line: index + 1, text: line.trim() } });
  }
  return { variables };
}

/** `entrypoint` takes the place of ENTRYPOINT and CMD, `command` that of CMD alone, which a shell-form ENTRYPOINT ignores. */
function startsOf(
  { command, entrypoint }: ComposeService,
  contract: ImageContract,
): ComposeStartUse[] {
  if (entrypoint && entrypoint.words.length > 0)
    return [
      {
        words: [...entrypoint.words, ...(command?.words ?? [])],
        evidence: entrypoint.evidence,
      },
    ];
  if (!command || command.words.length === 0 || contract.entrypoint?.form === "shell") return [];
  const before = contract.entrypoint?.form === "exec" ? contract.entrypoint.words : [];
  return [{ words: [...before, ...command.words], evidence: command.evidence }];
}
