import { processCommand } from "./process-managers.ts";
import { readOptions } from "./program-options.ts";
import type { Unwrapped } from "./command-wrappers.ts";
import { COMMAND_WRAPPERS } from "./wrapper-knowledge.ts";

/** One process of pm2's configuration. */
export interface ConfiguredProcess {
  readonly run: Unwrapped;
  /** Variables that it gets, `env` and those of the chosen environment. */
  readonly variables: ReadonlyMap<string, string>;
  /** As written; `undefined`: where pm2 is started. */
  readonly directory: string | undefined;
}

/**
 * The processes that a configuration of pm2 starts; `undefined` when it is none, or says what is not understood.
 *
 * Source: https://pm2.keymetrics.io/docs/usage/application-declaration/, lib/API/schema.json of pm2
 * @param value what ecosystem.config.js exports, or a JSON or YAML file holds
 * @param environment the value of `--env`
 * @example configuredProcesses({ apps: [{ script: "dist/main.js" }] }) // [{ run: { words: ["node", "dist/main.js"] } }]
 */
export function configuredProcesses(
  value: unknown,
  environment?: string,
): readonly ConfiguredProcess[] | undefined {
  const listed = isRecord(value) && "apps" in value ? value["apps"] : value;
  const applications = Array.isArray(listed) ? listed : [listed];
  const processes = applications.map((each) => configuredProcess(each, environment));
  return processes.length > 0 && processes.every((each) => each !== undefined)
    ? processes
    : undefined;
}

function configuredProcess(
  value: unknown,
  environment: string | undefined,
): ConfiguredProcess | undefined {
  if (!isRecord(value) || typeof value["script"] !== "string") return undefined;
  const { script, cwd } = value;
  if (cwd !== undefined && typeof cwd !== "string") return undefined;
  const runtime = value["interpreter"] ?? value["exec_interpreter"];
  const flags = wordsOf(value["node_args"] ?? value["interpreter_args"]);
  const given = wordsOf(value["args"]);
  if (flags === undefined || given === undefined) return undefined;
  if (runtime !== undefined && typeof runtime !== "string") return undefined;
  const wrapper = COMMAND_WRAPPERS["pm2-runtime"]!;
  const options = readOptions(wrapper.options, [
    ...(runtime === undefined || runtime === "" ? [] : ["--interpreter", runtime]),
    ...flags.map((flag) => `--node-args=${flag}`),
    script,
    "--",
    ...given,
  ]);
  const variables = new Map<string, string>();
  for (const key of ["env", ...(environment === undefined ? [] : [`env_${environment}`])]) {
    const set = value[key];
    if (set === undefined) continue;
    if (!isRecord(set)) return undefined;
    for (const [name, text] of Object.entries(set)) variables.set(name, String(text));
  }
  return { run: processCommand("pm2-runtime", wrapper, options), variables, directory: cwd };
}

/** A list, or words parted by blanks. */
function wordsOf(value: unknown): readonly string[] | undefined {
  if (value === undefined || value === "") return [];
  if (typeof value === "string") return value.trim().split(/\s+/);
  return Array.isArray(value) && value.every((word) => typeof word === "string")
    ? value
    : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
