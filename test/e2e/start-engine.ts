import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { tmpdir } from "node:os";

/**
 * Has a docker server for the end-to-end tests: the one in `MSB_E2E_ENGINE_DIR`, or this machine's own when it answers and can
 * get base images, or a private one, which is stopped at the end. Without one the run fails; nothing is skipped.
 */

const root = new URL("../../", import.meta.url).pathname;
const script = join(root, "test/e2e/engine/engine.sh");

/** In bytes; see engine/README.md. */
const longestDirectory = 64;

export default function setup(): (() => void) | undefined {
  const given = process.env["MSB_E2E_ENGINE_DIR"];
  if (given !== undefined && given !== "") {
    useEngine(execFileSync("bash", ["--norc", script, "env", given], { encoding: "utf8" }));
    if (!answers()) throw new Error(`no docker server answers in ${given} (MSB_E2E_ENGINE_DIR)`);
    process.env["MSB_E2E_BASES"] = "stand-in";
    process.env["MSB_E2E_BUILD_NETWORK"] ??= "host";
    return undefined;
  }
  if (answers() && hasRegistry()) {
    process.env["MSB_E2E_BASES"] = "real";
    return undefined;
  }
  const directory = privateDirectory();
  const { status, stdout } = spawnSync("bash", ["--norc", script, "start", directory], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (status !== 0)
    throw new Error(
      `the end-to-end tests need a container engine, and ${script} start ${directory} failed`,
    );
  useEngine(stdout);
  process.env["MSB_E2E_BASES"] = "stand-in";
  process.env["MSB_E2E_BUILD_NETWORK"] ??= "host";
  return () => {
    spawnSync("bash", ["--norc", script, "stop", directory], {
      stdio: ["ignore", "ignore", "inherit"],
    });
  };
}

function answers(): boolean {
  return (
    spawnSync("docker", ["version", "--format", "{{.Server.Version}}"], { timeout: 20_000 })
      .status === 0
  );
}

function hasRegistry(): boolean {
  return spawnSync("docker", ["pull", "--quiet", "busybox"], { timeout: 60_000 }).status === 0;
}

/** A checkout may lie too deep for the sockets of an engine. */
function privateDirectory(): string {
  const inside = join(root, ".e2e/engine");
  if (Buffer.byteLength(inside) <= longestDirectory) return inside;
  return join(tmpdir(), `msb-e2e-${createHash("sha256").update(root).digest("hex").slice(0, 8)}`);
}

/** Takes over what the script prints for a shell. The workers inherit it. */
function useEngine(exports: string): void {
  const names = ["PATH", "DOCKER_HOST", "DOCKER_CONFIG", "DOCKER_BUILDKIT"];
  const print = names.map((name) => `printf '%s\\0' "$${name}"`).join("; ");
  const values = execFileSync("bash", ["--norc", "-c", `${exports}\n${print}`], {
    encoding: "utf8",
  }).split("\0");
  for (const [index, name] of names.entries()) process.env[name] = values[index] ?? "";
}
