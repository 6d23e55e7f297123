import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { buildArguments } from "./build-arguments.ts";
import type { Builder } from "./build-arguments.ts";
import { classifyBuildFailure, lastLines } from "./build-failures.ts";
import { endCommand, exitOf, readOutput, runCommand, startCommand } from "./command.ts";
import type { CommandEnd } from "./command.ts";
import { namespaceAccess, sidecarAccess } from "./container-network.ts";
import { limits } from "./engine.ts";
import type { Engine, RunningContainer, StartRequest, Unavailable } from "./engine.ts";
import { imageConfiguration } from "./image-configuration.ts";
import type { ImageConfiguration, RawConfiguration } from "./image-configuration.ts";
import { EngineError } from "./problems.ts";

/** A label on every container of ours, so that one that was left behind can be found. */
const label = "msb-migrate.verification";

/** In milliseconds: a question to a server that answers. */
const questionTimeout = 20_000;

/** docker, or podman, whose command line is the same but for a few places. */
export async function createDockerEngine(
  name: "docker" | "podman",
  signal: AbortSignal,
): Promise<Engine | Unavailable> {
  // Without a server, docker prints its client's version and fails; podman has no server, and `info` asks what it needs.
  const question =
    name === "docker"
      ? ["version", "--format", "{{.Server.Version}} {{.Client.Version}}"]
      : ["info", "--format", "{{.Version.Version}} {{.Version.Version}}"];
  const answer = await runCommand(name, question, { signal, timeout: questionTimeout });
  if (answer.exitCode !== 0) {
    return { engine: name, problem: unavailability(answer) };
  }
  const [server = "", client = ""] = answer.stdout.trim().split(" ");
  const builder = name === "podman" ? "podman" : await dockerBuilder(client, signal);
  return {
    name,
    description: `${name} ${server}${name === "docker" ? `, ${builder === "docker-legacy" ? "legacy builder" : "BuildKit"}` : ""}`,
    async build(request) {
      const end = await runCommand(name, buildArguments(builder, request), {
        signal: request.signal,
        timeout: request.timeout,
        environment: { ...process.env, ...builderEnvironment[builder], BUILDKIT_PROGRESS: "plain" },
        ...(request.onLine ? { onLine: request.onLine } : {}),
      });
      if (end.exitCode !== 0) throw new EngineError(classifyBuildFailure(end, request.timeout));
    },
    async inspect(image, abort) {
      const end = await ask(name, ["image", "inspect", image], abort);
      return readInspection(end.stdout);
    },
    start: (request) => startContainer(name, request),
    async readFiles(image, read, abort) {
      const container = `msb-migrate-files-${randomUUID()}`;
      try {
        // An image without a start needs a word for one; it is not run.
        await ask(name, ["create", "--name", container, "--network", "none", image, "nothing"], abort);
        // podman opens /dev/stdout anew, which does not work on a socket, as which Node gives it; `cat` takes a pipe.
        const exporter = name === "podman" ? ["sh", "-c", 'podman export "$0" | cat', container] : [name, "export", container];
        return await readOutput(exporter, read, abort);
      } finally {
        await removeContainer(name, container);
      }
    },
    async removeImage(image) {
      await runCommand(name, ["rmi", image], { signal: new AbortController().signal, timeout: questionTimeout });
    },
  };
}

/** Which environment has `docker build` use which builder. Source: https://docs.docker.com/build/buildkit/#getting-started */
const builderEnvironment: Readonly<Record<Builder, NodeJS.ProcessEnv>> = {
  buildx: {},
  "docker-buildkit": { DOCKER_BUILDKIT: "1" },
  "docker-legacy": { DOCKER_BUILDKIT: "0" },
  podman: {},
  buildah: {},
};

/** A client from version 23 on has BuildKit in its plugin only, and falls back to the legacy builder silently. */
async function dockerBuilder(clientVersion: string, signal: AbortSignal): Promise<Builder> {
  const plugin = await runCommand("docker", ["buildx", "version"], { signal, timeout: questionTimeout });
  if (plugin.exitCode === 0) return "buildx";
  return Number.parseInt(clientVersion, 10) < 23 ? "docker-buildkit" : "docker-legacy";
}

function unavailability({ exitCode, stderr, timedOut }: CommandEnd): string {
  if (timedOut) return `no answer within ${questionTimeout / 1000} s`;
  if (exitCode === 127 && stderr.includes("ENOENT")) return "not installed";
  return lastLines(stderr, 1)[0] ?? `exit code ${exitCode}`;
}

/** @throws EngineError `engine-failed` when the command fails */
async function ask(name: string, args: readonly string[], signal: AbortSignal): Promise<CommandEnd> {
  const end = await runCommand(name, args, { signal, timeout: 10 * questionTimeout });
  if (end.exitCode === 0) return end;
  const lines = lastLines(end.stderr, 5);
  throw new EngineError({ code: "engine-failed", detail: `${name} ${args[0]}: ${lines.at(-1) ?? end.exitCode}`, lines });
}

interface Inspection {
  readonly Size: number;
  readonly Author?: string;
  readonly Config: RawConfiguration;
  /** Here podman has it. */
  readonly HealthCheck?: RawConfiguration["Healthcheck"];
}

function readInspection(json: string): { size: number; configuration: ImageConfiguration } {
  const [image] = JSON.parse(json) as [Inspection];
  const raw = image.HealthCheck ? { ...image.Config, Healthcheck: image.HealthCheck } : image.Config;
  return { size: image.Size, configuration: imageConfiguration(raw, image.Author) };
}

async function startContainer(engine: "docker" | "podman", request: StartRequest): Promise<RunningContainer> {
  const { name, signal, configuration } = request;
  const created = await runCommand(engine, createArguments(engine, request), { signal, timeout: 3 * questionTimeout });
  const started =
    created.exitCode === 0
      ? await runCommand(engine, ["start", name], { signal, timeout: 3 * questionTimeout })
      : created;
  if (started.exitCode !== 0) {
    await removeContainer(engine, name);
    throw new EngineError(startFailure(started.stderr));
  }
  const ending = startCommand(engine, ["wait", name], {});
  let said = "";
  ending.stdout!.on("data", (text) => (said += String(text)));
  const ended = exitOf(ending).then(() => Number.parseInt(said, 10));
  ended.catch(() => {});
  try {
    const state = await ask(engine, ["inspect", "--format", "{{.Id}} {{.State.Pid}}", name], signal);
    const [id = "", pid = ""] = state.stdout.trim().split(" ");
    const access = mayEnter(pid, id)
      ? namespaceAccess(Number(pid))
      : sidecarAccess(engine, name, request.options.probeImage);
    return {
      ended,
      ...access,
      async output() {
        const { stdout, stderr } = await ask(engine, ["logs", name], signal);
        return { stdout, stderr };
      },
      async health() {
        if (configuration.healthcheck === undefined) return undefined;
        return engine === "docker" ? dockerHealth(name, signal) : podmanHealth(name, signal);
      },
      async remove() {
        await removeContainer(engine, name);
        endCommand(ending);
      },
    };
  } catch (error) {
    await removeContainer(engine, name);
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

function startFailure(stderr: string): { code: "start-failed"; detail: string; lines: readonly string[] } {
  const lines = lastLines(stderr, 10).filter((line) => !line.startsWith("Error: failed to start containers"));
  // What is in front is the way down through the engine's parts; the reason stands last.
  const detail = (lines.at(-1) ?? "").replace(
    /^.*?(?=exec: |unable to find user|no command specified|error mounting|executable file)/,
    "",
  );
  return { code: "start-failed", detail: detail.replace(/: unknown$/, ""), lines };
}

/** Whether the container's process is one of this machine: a server may be elsewhere, where the same number is another one. */
function mayEnter(pid: string, id: string): boolean {
  if (process.platform !== "linux" || process.getuid?.() !== 0 || !/^[1-9]\d*$/.test(pid)) return false;
  try {
    return readFileSync(`/proc/${pid}/cgroup`, "utf8").includes(id);
  } catch {
    return false;
  }
}

async function dockerHealth(name: string, signal: AbortSignal) {
  const format = "{{if .State.Health}}{{.State.Health.Status}}{{end}}";
  const { stdout } = await ask("docker", ["inspect", "--format", format, name], signal);
  const status = stdout.trim();
  return status === "healthy" || status === "unhealthy" || status === "starting" ? status : undefined;
}

/** podman leaves regular checks to systemd timers, which need not be there. */
async function podmanHealth(name: string, signal: AbortSignal) {
  const end = await runCommand("podman", ["healthcheck", "run", name], { signal, timeout: questionTimeout });
  return end.exitCode === 0 ? "healthy" : "unhealthy";
}

/** With its anonymous volumes. It is done even when the run was interrupted. */
async function removeContainer(engine: string, name: string): Promise<void> {
  const { signal } = new AbortController();
  await runCommand(engine, ["rm", "--force", "--volumes", name], { signal, timeout: questionTimeout });
}
