import { randomUUID } from "node:crypto";
import { existsSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { buildArguments } from "./build-arguments.ts";
import { classifyBuildFailure, lastLines } from "./build-failures.ts";
import { endCommand, exitOf, readOutput, runCommand, startCommand } from "./command.ts";
import type { CommandEnd } from "./command.ts";
import { namespaceAccess } from "./container-network.ts";
import type { Engine, ImageFacts, RunningContainer, StartRequest, Unavailable } from "./engine.ts";
import { imageConfiguration } from "./image-configuration.ts";
import type { RawConfiguration } from "./image-configuration.ts";
import { EngineError } from "./problems.ts";

/** In milliseconds. */
const questionTimeout = 60_000;

/**
 * buildah has no server. Its programs run in a PID namespace of our own, which takes all that a step or an image started along
 * when it ends; `chroot` isolation needs no control groups, so it works within containers, but has no limits either.
 */
export async function createBuildahEngine(signal: AbortSignal): Promise<Engine | Unavailable> {
  if (process.platform !== "linux" || process.getuid?.() !== 0) {
    return { engine: "buildah", problem: "needs root on Linux" };
  }
  const answer = await buildah(["version", "--json"], signal);
  if (answer.exitCode !== 0) {
    const isMissing = answer.exitCode === 127 && answer.stderr.includes("ENOENT");
    return {
      engine: "buildah",
      problem: isMissing ? "not installed" : (lastLines(answer.stderr, 1)[0] ?? "it fails"),
    };
  }
  const { version = "" } = JSON.parse(answer.stdout) as { version?: string };
  return {
    name: "buildah",
    description: `buildah ${version}, ${isolation} isolation`,
    async build(request) {
      const mark = `msb-migrate-${randomUUID()}`;
      const marked = buildArguments("buildah", request).toSpliced(1, 0, `--cgroup-parent=${mark}`);
      const [program, ...args] = contained(["buildah", ...marked], {});
      let isBuilt = false;
      try {
        const end = await runCommand(program!, args, {
          signal: request.signal,
          timeout: request.timeout,
          environment: environment(),
          ...(request.onLine ? { onLine: request.onLine } : {}),
        });
        isBuilt = end.exitCode === 0;
        if (!isBuilt) throw new EngineError(classifyBuildFailure(end, request.timeout));
      } finally {
        if (!isBuilt) await removeMarkedContainers(mark);
      }
    },
    inspect: inspectImage,
    start: startContainer,
    readFiles: (image, read, abort) =>
      withContainer(
        image,
        async (container) => {
          const { stdout } = await ask(["mount", container], abort);
          try {
            return await readOutput(
              ["tar", "--create", "--directory", stdout.trim(), "--file", "-", "."],
              read,
              abort,
            );
          } finally {
            await cleanUp(["umount", container]);
          }
        },
        abort,
      ),
    removeImages: (images) => cleanUp(["rmi", ...images]),
  };
}

const isolation = process.env["BUILDAH_ISOLATION"] ?? "chroot";

function environment(): NodeJS.ProcessEnv {
  const { DOCKER_CONFIG, ...rest } = process.env;
  // buildah fails where this variable is set and there is no such file.
  const hasLogins = DOCKER_CONFIG !== undefined && existsSync(join(DOCKER_CONFIG, "config.json"));
  return { ...rest, ...(hasLogins ? { DOCKER_CONFIG } : {}), BUILDAH_ISOLATION: isolation };
}

/** In namespaces of our own: all processes end with the first one, and without a network only loopback is there. */
function contained(command: readonly string[], { network }: { network?: string }): string[] {
  const namespaces = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"];
  if (network !== "none") return [...namespaces, ...command];
  return [...namespaces, "--net", "sh", "-c", `${loopbackUp}; exec "$@"`, "sh", ...command];
}

/** A new network namespace has its loopback interface down. perl is on every Debian, iproute2 is not: SIOCSIFFLAGS, IFF_UP. */
const loopbackUp =
  "{ ip link set lo up || ifconfig lo up || busybox ip link set lo up || " +
  `perl -e 'use Socket; socket(S, AF_INET, SOCK_DGRAM, 0); ioctl(S, 0x8914, pack("a16sx14", "lo", 0x41)) or exit 1'; } 2>/dev/null`;

function buildah(args: readonly string[], signal: AbortSignal): Promise<CommandEnd> {
  return runCommand("buildah", args, {
    signal,
    timeout: questionTimeout,
    environment: environment(),
  });
}

async function ask(args: readonly string[], signal: AbortSignal): Promise<CommandEnd> {
  const end = await buildah(args, signal);
  if (end.exitCode === 0) return end;
  const lines = lastLines(end.stderr, 5);
  throw new EngineError({
    code: "engine-failed",
    detail: `buildah ${args[0]}: ${lines.at(-1) ?? end.exitCode}`,
    lines,
  });
}

async function cleanUp(args: readonly string[]): Promise<void> {
  await buildah(args, new AbortController().signal);
}

/**
 * A build that is ended between two steps leaves its working containers, whose names say nothing of whose they are. But each
 * holds the options of its build, of which `--cgroup-parent` is one that `chroot` isolation has no use for.
 */
async function removeMarkedContainers(mark: string): Promise<void> {
  const { signal } = new AbortController();
  const store = await buildah(
    ["info", "--format", "{{.store.GraphRoot}} {{.store.GraphDriverName}}"],
    signal,
  );
  const [root = "", driver = ""] = store.stdout.trim().split(" ");
  const containers = await buildah(["containers", "--quiet"], signal);
  for (const id of containers.stdout.split("\n")) {
    const file = join(root, `${driver}-containers`, id, "userdata/buildah.json");
    if (id !== "" && existsSync(file) && readFileSync(file, "utf8").includes(mark))
      await cleanUp(["rm", id]);
  }
}

async function withContainer<T>(
  image: string,
  use: (container: string) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const container = `msb-migrate-files-${randomUUID()}`;
  try {
    await ask(["from", "--pull-never", "--name", container, image], signal);
    return await use(container);
  } finally {
    await cleanUp(["rm", container]);
  }
}

interface Inspection {
  readonly Manifest: string;
  readonly Docker: { readonly config: RawConfiguration; readonly author?: string };
}

interface Manifest {
  readonly layers?: readonly { readonly mediaType: string; readonly size: number }[];
}

async function inspectImage(image: string, signal: AbortSignal): Promise<ImageFacts> {
  const { stdout } = await ask(["inspect", "--type", "image", image], signal);
  const { Manifest: manifest, Docker: docker } = JSON.parse(stdout) as Inspection;
  const { layers = [] } = JSON.parse(manifest) as Manifest;
  // `buildah images` says "2.14 MB"; the manifest of an image that was built here counts bytes.
  const size = layers.reduce((sum, layer) => sum + layer.size, 0);
  return { size, configuration: imageConfiguration(docker.config, docker.author) };
}

async function startContainer(request: StartRequest): Promise<RunningContainer> {
  const { name, signal, configuration, options } = request;
  const command = [...configuration.entrypoint, ...(options.arguments ?? configuration.command)];
  if (command.length === 0) {
    throw new EngineError({ code: "start-failed", detail: "no command specified", lines: [] });
  }
  try {
    await ask(["from", "--pull-never", "--name", name, request.image], signal);
  } catch (error) {
    await cleanUp(["rm", name]);
    throw error;
  }
  const network = options.network ?? "none";
  const run = [
    "buildah",
    "run",
    ...(options.environment ?? []).map((pair) => `--env=${pair}`),
    ...(network === "none" ? [] : [`--network=${network}`]),
    name,
    "--",
    ...command,
  ];
  const [program, ...args] = contained(run, { network });
  const child = startCommand(program!, args, { environment: environment() });
  child.stdin!.end();
  let stdout = "";
  let stderr = "";
  child.stdout!.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr!.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const ended = exitOf(child);
  ended.catch(() => {});
  const pid = child.pid ?? 0;
  const access = namespaceAccess(pid);
  return {
    ended: ended.then((code) => {
      const failure = startFailure(stderr);
      if (failure) throw new EngineError(failure);
      return code;
    }),
    connect: access.connect,
    // Until `unshare` has done its work, what listens there is this machine's.
    sockets: async () => (network === "none" && sharesOurNetwork(pid) ? [] : access.sockets()),
    output: async () => ({ stdout, stderr: withoutBuildah(stderr) }),
    health: async () => undefined,
    async remove() {
      endCommand(child);
      await ended.catch(() => {});
      await cleanUp(["rm", name]);
    },
  };
}

function sharesOurNetwork(pid: number): boolean {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`) === readlinkSync("/proc/self/ns/net");
  } catch {
    return true;
  }
}

function startFailure(
  stderr: string,
): { code: "start-failed"; detail: string; lines: readonly string[] } | undefined {
  const seen =
    /process failed to start with error: (.*?)(?:process exited with error|$)|determining run uid: (.*)/m.exec(
      stderr,
    );
  if (!seen) return undefined;
  return { code: "start-failed", detail: seen[1] ?? seen[2] ?? "", lines: lastLines(stderr, 5) };
}

function withoutBuildah(stderr: string): string {
  return stderr.replace(
    /^(?:subprocess exited (?:with status \d+|on \w+)|Error: exit status \d+)\r?\n/gm,
    "",
  );
}
