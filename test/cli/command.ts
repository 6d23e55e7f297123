import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";

export const bin = new URL("../../bin/msb-migrate.js", import.meta.url).pathname;

export interface CommandResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly cwd: string;
  readonly input?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs the built command, with neither a terminal nor colours asked for by the surroundings. */
export function msbMigrate(args: readonly string[], options: CommandOptions): CommandResult {
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [bin, ...args], {
    cwd: options.cwd,
    input: options.input ?? "",
    env: environment(options.env),
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (error) throw error;
  return { exitCode: status, stdout, stderr };
}

export function startMsbMigrate(args: readonly string[], options: CommandOptions): ChildProcess {
  return spawn(process.execPath, [bin, ...args], {
    cwd: options.cwd,
    env: environment(options.env),
  });
}

function environment(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const { NO_COLOR: _no, FORCE_COLOR: _force, ...rest } = process.env;
  return { ...rest, ...more };
}
