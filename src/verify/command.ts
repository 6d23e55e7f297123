import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import type { Readable } from "node:stream";

export interface CommandOptions {
  readonly signal: AbortSignal;
  /** In milliseconds; without it the command may take as long as it likes. */
  readonly timeout?: number;
  readonly environment?: NodeJS.ProcessEnv;
  readonly directory?: string;
  /** Called with each line of standard error, as it comes. */
  readonly onLine?: (line: string) => void;
}

export interface CommandEnd {
  /** 127 when the program could not be started, 128 plus the signal's number by convention of shells when one ended it. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
}

/** In characters of each stream; of what is longer the end is kept, which is where errors stand. */
const largestOutput = 1 << 20;
/** In milliseconds between the request to end and the end by force. */
const patience = 5000;

/**
 * Runs a program to its end. It gets a process group of its own: a Ctrl-C in the terminal does not reach it, so that what is
 * being removed is removed; `signal` ends it with all it started.
 *
 * @throws the signal's reason when that ended it
 */
export async function runCommand(
  program: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandEnd> {
  options.signal.throwIfAborted();
  const child = startCommand(program, args, options);
  child.stdin!.end();
  let stdout = "";
  let stderr = "";
  let pending = "";
  child.stdout!.setEncoding("utf8").on("data", (text: string) => {
    stdout = lastPart(stdout + text);
  });
  child.stderr!.setEncoding("utf8").on("data", (text: string) => {
    stderr = lastPart(stderr + text);
    if (!options.onLine) return;
    const lines = (pending + text).split(/\r?\n|\r/);
    pending = lines.pop()!;
    for (const line of lines) options.onLine(line);
  });
  let timedOut = false;
  const abort = () => endCommand(child);
  options.signal.addEventListener("abort", abort, { once: true });
  const timer =
    options.timeout === undefined
      ? undefined
      : setTimeout(() => {
          timedOut = true;
          endCommand(child);
        }, options.timeout);
  try {
    const exitCode = await exitOf(child);
    options.signal.throwIfAborted();
    return { exitCode, stdout, stderr, timedOut };
  } catch (error) {
    if (options.signal.aborted) throw options.signal.reason;
    // The program is not there, or may not be run.
    return { exitCode: 127, stdout, stderr: stderr || String(error), timedOut };
  } finally {
    clearTimeout(timer);
    options.signal.removeEventListener("abort", abort);
  }
}

/** Starts a program in a process group of its own, its three streams being pipes. */
export function startCommand(
  program: string,
  args: readonly string[],
  options: Pick<CommandOptions, "environment" | "directory">,
): ChildProcess {
  const child = spawn(program, args, {
    stdio: ["pipe", "pipe", "pipe"],
    detached: process.platform !== "win32",
    env: options.environment ?? process.env,
    ...(options.directory === undefined ? {} : { cwd: options.directory }),
  });
  // A program that ends before it read its input is no fault of ours; its exit code tells.
  child.stdin.on("error", () => {});
  return child;
}

/** The exit code once the program has ended and its output was read. Rejects when it could not be started. */
export function exitOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve(code ?? (signal === "SIGKILL" ? 137 : 143)));
  });
}

/**
 * Hands a program's standard output on as a stream while it runs.
 *
 * @throws when it fails, or the signal's reason when that ended it
 */
export async function readOutput<T>(
  [program, ...args]: readonly string[],
  read: (output: Readable) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  signal.throwIfAborted();
  const child = startCommand(program!, args, {});
  child.stdin!.end();
  let stderr = "";
  child.stderr!.on("data", (text) => (stderr = lastPart(stderr + String(text))));
  const stop = () => endCommand(child);
  signal.addEventListener("abort", stop, { once: true });
  try {
    const [result, exitCode] = await Promise.all([read(child.stdout!), exitOf(child)]);
    signal.throwIfAborted();
    if (exitCode !== 0) throw new Error(`${program} failed: ${stderr.trim()}`);
    return result;
  } finally {
    signal.removeEventListener("abort", stop);
    endCommand(child);
  }
}

/** Asks a program and all of its group to end, and insists after a while. */
export function endCommand(child: ChildProcess): void {
  if (child.exitCode !== null || child.signalCode !== null) return;
  signalGroup(child, "SIGTERM");
  const timer = setTimeout(() => signalGroup(child, "SIGKILL"), patience);
  child.once("close", () => clearTimeout(timer));
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === "win32") child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // It ended meanwhile.
  }
}

function lastPart(text: string): string {
  return text.length > largestOutput ? text.slice(-largestOutput) : text;
}
