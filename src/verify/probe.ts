import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Engine, ProgramOutput, RunOptions, RunningContainer } from "./engine.ts";
import { askHttp } from "./http-answer.ts";
import type { Answer } from "./http-answer.ts";
import type { ImageConfiguration } from "./image-configuration.ts";
import { EngineError } from "./problems.ts";
import type { Problem } from "./problems.ts";
import { firstEphemeralPort } from "./sockets.ts";
import type { ListeningSocket } from "./sockets.ts";

/** A path that is asked for on a port. */
export interface Probe {
  readonly port: number;
  readonly path: string;
}

/** What a started image did. */
export interface Observation {
  /** Why it could not be started. */
  readonly problem: Problem | undefined;
  /** `undefined` while it runs. */
  readonly exitCode: number | undefined;
  /** What listens, when everything had come up that was waited for. */
  readonly sockets: readonly ListeningSocket[];
  readonly answers: readonly ProbeAnswer[];
  readonly health: "starting" | "healthy" | "unhealthy" | undefined;
  readonly stdout: TextDigest;
  /** The last lines the program said on either stream. */
  readonly lastLines: readonly string[];
}

export interface ProbeAnswer extends Probe {
  readonly answer: Answer;
}

export interface TextDigest {
  readonly hash: string;
  /** In characters. */
  readonly length: number;
}

export interface ObserveRequest {
  readonly engine: Engine;
  readonly image: string;
  readonly name: string;
  readonly configuration: ImageConfiguration;
  readonly run: RunOptions;
  /** What is asked; `undefined`: the root of every TCP port that listens. */
  readonly probes: readonly Probe[] | undefined;
  /** TCP ports that must listen before anything is asked. */
  readonly awaited: readonly number[];
  /** In milliseconds, for the ports to come up, and for a program without any to end. */
  readonly timeout: number;
  readonly signal: AbortSignal;
}

/** In milliseconds. */
const interval = 50;
const answerTimeout = 10_000;
/** How long a program may take to fall after it came up, and nothing more to listen. */
const quietTime = 300;

/** Starts an image, waits for what it should do, asks it, and removes its container. */
export async function observe(request: ObserveRequest): Promise<Observation> {
  const { engine, image, name, configuration, run, signal } = request;
  let container: RunningContainer;
  try {
    container = await engine.start({ image, name, configuration, options: run, signal });
  } catch (error) {
    return unstarted(error);
  }
  try {
    const watch = { exitCode: undefined as number | undefined, error: undefined as unknown };
    const ended = container.ended.then(
      (exitCode) => void (watch.exitCode = exitCode),
      (error) => void (watch.error = error),
    );
    const isOver = () => watch.exitCode !== undefined || watch.error !== undefined;
    let sockets = await awaitPorts(container, request, isOver);
    const answers: ProbeAnswer[] = [];
    for (const probe of request.probes ?? rootProbes(sockets)) {
      const socket = sockets.find(
        ({ protocol, port }) => protocol === "tcp" && port === probe.port,
      );
      if (!socket || isOver()) continue;
      answers.push({ ...probe, answer: await ask(container, probe, socket.address) });
    }
    const health = isOver()
      ? undefined
      : await awaitHealth(container, request.timeout, isOver, signal);
    if (!isOver()) {
      await Promise.race([ended, sleep(quietTime, undefined, { signal })]);
      if (!isOver()) sockets = await container.sockets();
    }
    if (watch.error !== undefined) throw watch.error;
    const output = await container.output();
    const problem = watch.exitCode === undefined ? undefined : failedStart(output, watch.exitCode);
    return {
      problem,
      exitCode: problem ? undefined : watch.exitCode,
      sockets: sockets.filter((socket) => matters(socket, configuration, request)),
      answers,
      health,
      stdout: digest(output.stdout),
      lastLines: lastLinesOf(output),
    };
  } catch (error) {
    return unstarted(error);
  } finally {
    await container.remove();
  }
}

function unstarted(error: unknown): Observation {
  if (!(error instanceof EngineError)) throw error;
  const { problem } = error;
  const nothing = {
    exitCode: undefined,
    sockets: [],
    answers: [],
    health: undefined,
    stdout: digest(""),
  };
  return { ...nothing, problem, lastLines: problem.lines };
}

/** Waits until the ports listen, the program is over, or time is up. Without ports to wait for, any port will do. */
async function awaitPorts(
  container: RunningContainer,
  { awaited, timeout, signal }: ObserveRequest,
  isOver: () => boolean,
): Promise<readonly ListeningSocket[]> {
  const deadline = performance.now() + timeout;
  for (;;) {
    const sockets = isOver() ? [] : await container.sockets();
    const open = new Set(
      sockets.filter(({ protocol }) => protocol === "tcp").map(({ port }) => port),
    );
    const isUp = awaited.length > 0 ? awaited.every((port) => open.has(port)) : open.size > 0;
    if (isUp || isOver() || performance.now() > deadline) return sockets;
    await sleep(interval, undefined, { signal });
  }
}

function rootProbes(sockets: readonly ListeningSocket[]): Probe[] {
  const ports = sockets.filter(({ protocol }) => protocol === "tcp").map(({ port }) => port);
  return ports.filter((port) => port < firstEphemeralPort).map((port) => ({ port, path: "/" }));
}

/** A server may close its first connections while it comes up. */
async function ask(
  container: RunningContainer,
  { port, path }: Probe,
  address: string,
): Promise<Answer> {
  const first = await askHttp(container.connect(port, address), port, path, answerTimeout);
  if (first.kind === "http") return first;
  await sleep(quietTime);
  return askHttp(container.connect(port, address), port, path, answerTimeout);
}

async function awaitHealth(
  container: RunningContainer,
  timeout: number,
  isOver: () => boolean,
  signal: AbortSignal,
): Promise<Observation["health"]> {
  const deadline = performance.now() + timeout;
  for (;;) {
    const health = await container.health();
    if (health !== "starting" || isOver() || performance.now() > deadline) return health;
    await sleep(5 * interval, undefined, { signal });
  }
}

/** Sockets with a port by chance differ from run to run, and so do clients' datagram sockets. */
function matters(
  socket: ListeningSocket,
  configuration: ImageConfiguration,
  request: ObserveRequest,
): boolean {
  const isNamed =
    configuration.exposedPorts.includes(`${socket.port}/${socket.protocol}`) ||
    (socket.protocol === "tcp" &&
      [...request.awaited, ...(request.probes ?? []).map(({ port }) => port)].includes(
        socket.port,
      ));
  return isNamed || (socket.protocol === "tcp" && socket.port < firstEphemeralPort);
}

/** The runtime has started when it finds that the program can't be: then it says so in the program's place. */
function failedStart(output: ProgramOutput, exitCode: number): Problem | undefined {
  if (exitCode === 0 || output.stdout !== "") return undefined;
  const said =
    /^exec (\S+): (no such file or directory|exec format error|permission denied|is a directory)$/m.exec(
      output.stderr.trim(),
    );
  return said ? { code: "start-failed", detail: said[0], lines: lastLinesOf(output) } : undefined;
}

function digest(text: string): TextDigest {
  return { hash: createHash("sha256").update(text).digest("hex"), length: text.length };
}

function lastLinesOf({ stdout, stderr }: ProgramOutput): string[] {
  return `${stdout}\n${stderr}`
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "")
    .slice(-10);
}
