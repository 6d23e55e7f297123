import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { Duplex } from "node:stream";
import { endCommand, runCommand, startCommand } from "./command.ts";
import { EngineError } from "./problems.ts";
import { listeningSockets } from "./sockets.ts";
import type { RunningContainer } from "./engine.ts";

type NetworkAccess = Pick<RunningContainer, "sockets" | "connect">;

const tables = [
  { name: "tcp", protocol: "tcp" },
  { name: "tcp6", protocol: "tcp" },
  { name: "udp", protocol: "udp" },
  { name: "udp6", protocol: "udp" },
] as const;

/** A pipe between standard input and output and a connection, as `nc` is. */
const connector = `
const socket = require("node:net").connect({ host: process.argv[1], port: Number(process.argv[2]) });
socket.on("error", () => (process.exitCode = 1)).on("close", () => process.stdin.destroy());
process.stdin.pipe(socket);
socket.pipe(process.stdout);
`;

/** Enters the network namespace of a process of this machine. It takes root, and nothing in the image. */
export function namespaceAccess(pid: number): NetworkAccess {
  return {
    async sockets() {
      return listeningSockets(
        tables.map(({ name, protocol }) => ({
          protocol,
          text: readTable(`/proc/${pid}/net/${name}`),
        })),
      );
    },
    connect(port, address) {
      const node = [process.execPath, "-e", connector, address, String(port)];
      return pipeThrough("nsenter", [`--net=/proc/${pid}/ns/net`, "--", ...node]);
    },
  };
}

function readTable(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    // The program has ended, or the kernel has no IPv6.
    return "";
  }
}

const defaultProbeImage = "busybox";

/** Probes from a second container in the same network, which needs no right but that to run containers. */
export function sidecarAccess(
  engine: string,
  container: string,
  image: string = defaultProbeImage,
): NetworkAccess {
  const run = (name: string) => [
    "run",
    "--rm",
    "--interactive",
    "--init",
    `--name=${name}`,
    `--network=container:${container}`,
    image,
  ];
  return {
    async sockets() {
      const name = `msb-migrate-probe-${randomUUID()}`;
      const script = tables.map((table) => `cat /proc/net/${table.name}; echo =`).join("; ");
      const { signal } = new AbortController();
      const end = await runCommand(engine, [...run(name), "sh", "-c", script], {
        signal,
        timeout: 30_000,
      });
      // The container ends with its program, and its network with it.
      if (/not running|no such container|cannot join network/i.test(end.stderr)) return [];
      if (end.exitCode !== 0 && end.stdout === "") {
        const detail = `the probe's image ${image} can't be run: ${end.stderr.trim().split("\n").at(-1)}`;
        throw new EngineError({ code: "engine-failed", detail, lines: [] });
      }
      const texts = end.stdout.split("=\n");
      return listeningSockets(
        tables.map(({ protocol }, index) => ({ protocol, text: texts[index] ?? "" })),
      );
    },
    connect(port, address) {
      const name = `msb-migrate-probe-${randomUUID()}`;
      return pipeThrough(engine, [...run(name), "nc", address, String(port)]);
    },
  };
}

function pipeThrough(program: string, args: readonly string[]): Duplex {
  const child = startCommand(program, args, {});
  const { stdin, stdout, stderr } = child;
  child.on("error", () => {});
  stderr!.resume();
  // Not Duplex.from: that aborts the reading side when the other one closes first, as a server does that has said all.
  const stream = new Duplex({
    read: () => void stdout!.resume(),
    write: (chunk, _encoding, done) => void stdin!.write(chunk, () => done()),
    final: (done) => void stdin!.end(() => done()),
    destroy(error, done) {
      endCommand(child);
      done(error);
    },
  });
  stdout!
    .on("data", (chunk) => {
      if (!stream.push(chunk)) stdout!.pause();
    })
    .once("close", () => stream.push(null));
  stream.on("error", () => {});
  return stream;
}
