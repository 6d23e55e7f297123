import { randomUUID } from "node:crypto";
import { buildArguments } from "./build-arguments.ts";
import type { Builder } from "./build-arguments.ts";
import { classifyBuildFailure, lastLines } from "./build-failures.ts";
import { readOutput, runCommand } from "./command.ts";
import type { CommandEnd } from "./command.ts";
import {
  askDocker,
  questionTimeout,
  removeDockerContainer,
  startDockerContainer,
} from "./docker-container.ts";
import type { Engine, Unavailable } from "./engine.ts";
import { imageConfiguration } from "./image-configuration.ts";
import type { ImageConfiguration, RawConfiguration } from "./image-configuration.ts";
import { EngineError } from "./problems.ts";

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
      const end = await askDocker(name, ["image", "inspect", image], abort);
      return readInspection(end.stdout);
    },
    start: (request) => startDockerContainer(name, request),
    async readFiles(image, read, abort) {
      const container = `msb-migrate-files-${randomUUID()}`;
      try {
        // An image without a start needs a word for one; it is not run.
        await askDocker(
          name,
          ["create", "--name", container, "--network", "none", image, "nothing"],
          abort,
        );
        // podman opens /dev/stdout anew, which does not work on a socket, as which Node gives it; `cat` takes a pipe.
        const exporter =
          name === "podman"
            ? ["sh", "-c", 'podman export "$0" | cat', container]
            : [name, "export", container];
        return await readOutput(exporter, read, abort);
      } finally {
        await removeDockerContainer(name, container);
      }
    },
    async removeImages(images) {
      await runCommand(name, ["rmi", ...images], {
        signal: new AbortController().signal,
        timeout: questionTimeout,
      });
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
  const plugin = await runCommand("docker", ["buildx", "version"], {
    signal,
    timeout: questionTimeout,
  });
  if (plugin.exitCode === 0) return "buildx";
  return Number.parseInt(clientVersion, 10) < 23 ? "docker-buildkit" : "docker-legacy";
}

function unavailability({ exitCode, stderr, timedOut }: CommandEnd): string {
  if (timedOut) return `no answer within ${questionTimeout / 1000} s`;
  if (exitCode === 127 && stderr.includes("ENOENT")) return "not installed";
  return lastLines(stderr, 1)[0] ?? `exit code ${exitCode}`;
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
  const raw = image.HealthCheck
    ? { ...image.Config, Healthcheck: image.HealthCheck }
    : image.Config;
  return { size: image.Size, configuration: imageConfiguration(raw, image.Author) };
}
