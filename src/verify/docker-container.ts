import { readFileSync } from "node:fs";
import { lastLines } from "./build-failures.ts";
import { endCommand, exitOf, runCommand, startCommand } from "./command.ts";
import type { CommandEnd } from "./command.ts";
import { namespaceAccess, sidecarAccess } from "./container-network.ts";
import { limits } from "./engine.ts";
import type { RunningContainer, StartRequest } from "./engine.ts";
import { EngineError } from "./problems.ts";

/** In milliseconds: a question to a server that answers. */
export const questionTimeout = 20_000;

/** A label on every container of ours, so that one that was left behind can be found. */
const label = "msb-migrate.verification";

/** @throws EngineError `engine-failed` when the command fails */
export async function askDocker(
  name: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<CommandEnd> {
  const end = await runCommand(name, args, { signal, timeout: 10 * questionTimeout });
  if (end.exitCode === 0) return end;
  const lines = lastLines(end.stderr, 5);
  throw new EngineError({
    code: "engine-failed",
    detail: `${name} ${args[0]}: ${lines.at(-1) ?? end.exitCode}`,
    lines,
  });
}

/** Creates a container of an image and starts it. */
export async function startDockerContainer(
  engine: "docker" | "podman",
  request: StartRequest,
): Promise<RunningContainer> {
  const { name, signal, configuration } = request;
  const created = await runCommand(engine, createArguments(engine, request), {
    signal,
    timeout: 3 * questionTimeout,
  });
  const started =
    created.exitCode === 0
      ? await runCommand(engine, ["start", name], { signal, timeout: 3 * questionTimeout })
      : created;
  if (started.exitCode !== 0) {
    await removeDockerContainer(engine, name);
    throw new EngineError(startFailure(started.stderr));
  }
  const ending = startCommand(engine, ["wait", name], {});
  let said = "";
  ending.stdout!.on("data", (text) => (said += String(text)));
  const ended = exitOf(ending).then(() => Number.parseInt(said, 10));
  ended.catch(() => {});
  try {
    const state = await askDocker(
      engine,
      ["inspect", "--format", "{{.Id}} {{.State.Pid}}", name],
      signal,
    );
    const [id = "", pid = ""] = state.stdout.trim().split(" ");
    const access = mayEnter(pid, id)
      ? namespaceAccess(Number(pid))
      : sidecarAccess(engine, name, request.options.probeImage);
    return {
      ended,
      ...access,
      async output() {
        const { stdout, stderr } = await askDocker(engine, ["logs", name], signal);
        return { stdout, stderr };
      },
      async health() {
        if (configuration.healthcheck === undefined) return undefined;
        return engine === "docker" ? dockerHealth(name, signal) : podmanHealth(name, signal);
      },
      async remove() {
        await removeDockerContainer(engine, name);
        endCommand(ending);
      },
    };
  } catch (error) {
    await removeDockerContainer(engine, name);
    endCommand(ending);
    throw error;
  }
}

/**
 * Capabilities stay as the engine gives them: an nginx that starts as root and a program with file capabilities need some of
 * them, and would not start where they do in use. Without a network and with limits little is left to contain.
 */
export function createArguments(engine: "docker" | "podman", request: StartRequest): string[] {
  const { options } = request;
  return [
    "create",
    `--name=${request.name}`,
    `--label=${label}=${request.name}`,
    "--pull=never",
    `--network=${options.network ?? "none"}`,
    `--memory=${limits.memory}`,
    `--memory-swap=${limits.memory}`,
    `--pids-limit=${limits.processes}`,
    `--cpus=${limits.cpus}`,
    ...(engine === "docker" ? ["--log-driver=json-file", "--log-opt=max-size=16m"] : []),
    // The check stays the image's; only the waiting between two of them is shortened.
    ...(request.configuration.healthcheck === undefined || engine === "podman"
      ? []
      : ["--health-interval=1s", "--health-retries=3", "--health-start-period=1s"]),
    ...(options.environment ?? []).map((pair) => `--env=${pair}`),
    request.image,
    ...(options.arguments ?? []),
  ];
}

function startFailure(stderr: string): {
  code: "start-failed";
  detail: string;
  lines: readonly string[];
} {
  const lines = lastLines(stderr, 10).filter(
    (line) => !line.startsWith("Error: failed to start containers"),
  );
  // What is in front is the way down through the engine's parts; the reason stands last.
  const detail = (lines.at(-1) ?? "").replace(
    /^.*?(?=exec: |unable to find user|no command specified|error mounting|executable file)/,
    "",
  );
  return { code: "start-failed", detail: detail.replace(/: unknown$/, ""), lines };
}

/** Whether the container's process is one of this machine: a server may be elsewhere, where the same number is another one. */
function mayEnter(pid: string, id: string): boolean {
  if (process.platform !== "linux" || process.getuid?.() !== 0 || !/^[1-9]\d*$/.test(pid))
    return false;
  try {
    return readFileSync(`/proc/${pid}/cgroup`, "utf8").includes(id);
  } catch {
    return false;
  }
}

async function dockerHealth(name: string, signal: AbortSignal) {
  const format = "{{if .State.Health}}{{.State.Health.Status}}{{end}}";
  const { stdout } = await askDocker("docker", ["inspect", "--format", format, name], signal);
  const status = stdout.trim();
  return status === "healthy" || status === "unhealthy" || status === "starting"
    ? status
    : undefined;
}

/** podman leaves regular checks to systemd timers, which need not be there. */
async function podmanHealth(name: string, signal: AbortSignal) {
  const end = await runCommand("podman", ["healthcheck", "run", name], {
    signal,
    timeout: questionTimeout,
  });
  return end.exitCode === 0 ? "healthy" : "unhealthy";
}

/** With its anonymous volumes. It is done even when the run was interrupted. */
export async function removeDockerContainer(engine: string, name: string): Promise<void> {
  const { signal } = new AbortController();
  await runCommand(engine, ["rm", "--force", "--volumes", name], {
    signal,
    timeout: questionTimeout,
  });
}
