import { existsSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
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
  const remove = () => removeDockerContainer(engine, name);
  try {
    const run = runArguments(engine, request);
    const started = await runCommand(engine, run, { signal, timeout: 3 * questionTimeout });
    if (started.exitCode !== 0) throw new EngineError(startFailure(started.stderr));
    const { id, pid, isRunning, exitCode } = await stateOf(engine, name, signal);
    const isHere = mayEnter(pid, id);
    const access = isHere
      ? namespaceAccess(pid)
      : sidecarAccess(engine, name, request.options.probeImage);
    const ending = isRunning ? endOf(engine, name, isHere ? pid : undefined) : undefined;
    return {
      ended: ending?.ended ?? Promise.resolve(exitCode),
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
        ending?.stop();
        await remove();
      },
    };
  } catch (error) {
    // Also when it was interrupted, and may or may not be there.
    await remove();
    throw error;
  }
}

async function stateOf(engine: string, name: string, signal: AbortSignal) {
  const format = "{{.Id}} {{.State.Pid}} {{.State.Running}} {{.State.ExitCode}}";
  const { stdout } = await askDocker(engine, ["inspect", "--format", format, name], signal);
  const [id = "", pid = "", running, exitCode] = stdout.trim().split(" ");
  return { id, pid: Number(pid), isRunning: running === "true", exitCode: Number(exitCode) };
}

/** In milliseconds. */
const interval = 50;

/** Waits for a program's end: by looking for its process, which costs nothing, or by having the engine wait for it. */
function endOf(engine: string, name: string, pid: number | undefined) {
  const { signal } = new AbortController();
  if (pid === undefined) {
    const waiting = startCommand(engine, ["wait", name], {});
    let said = "";
    waiting.stdout!.on("data", (text) => (said += String(text)));
    const ended = exitOf(waiting).then(() => Number.parseInt(said, 10));
    ended.catch(() => {});
    return { ended, stop: () => endCommand(waiting) };
  }
  const stopped = new AbortController();
  async function processEnd(): Promise<number> {
    for (;;) {
      while (!stopped.signal.aborted && existsSync(`/proc/${pid}`)) await sleep(interval);
      // The engine hears of the end a moment later.
      const state = stopped.signal.aborted ? undefined : await stateOf(engine, name, signal);
      if (!state?.isRunning) return state?.exitCode ?? 0;
      await sleep(interval);
    }
  }
  const ended = processEnd();
  ended.catch(() => {});
  return { ended, stop: () => stopped.abort() };
}

/**
 * Capabilities stay as the engine gives them: an nginx that starts as root and a program with file capabilities need some of
 * them, and would not start where they do in use. Without a network and with limits little is left to contain.
 */
export function runArguments(engine: "docker" | "podman", request: StartRequest): string[] {
  const { options } = request;
  return [
    "run",
    "--detach",
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
  const lines = lastLines(stderr, 10).filter((line) => !/^(?:See|Run) '\w+ run --help'/.test(line));
  // What is in front is the way down through the engine's parts; the reason stands last.
  const detail = (lines.at(-1) ?? "").replace(
    /^.*?(?=exec: |unable to find user|no command specified|error mounting|executable file)/,
    "",
  );
  return { code: "start-failed", detail: detail.replace(/(?:: unknown)?\.?$/, ""), lines };
}

/** Whether the container's process is one of this machine: a server may be elsewhere, where the same number is another one. */
function mayEnter(pid: number, id: string): boolean {
  if (process.platform !== "linux" || process.getuid?.() !== 0 || !(pid > 0)) return false;
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
