import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { msbMigrate, startMsbMigrate } from "../cli/command.ts";
import type { CommandResult } from "../cli/command.ts";
import { sidecarAccess } from "../../src/verify/container-network.ts";
import { askHttp } from "../../src/verify/http-answer.ts";
import { buildNetwork, createContext, engine } from "./surroundings.ts";
import type { Files } from "./surroundings.ts";

/** The command, against real engines. */

const app: Files = {
  "go.mod": "module example.com/app\n\ngo 1.19\n",
  "main.go": `package main

import (
	"bufio"
	"fmt"
	"net"
)

// Answers by hand: net/http takes longer to build than the rest of the test.
func main() {
	listener, err := net.Listen("tcp", ":8080")
	if err != nil {
		panic(err)
	}
	for {
		connection, err := listener.Accept()
		if err != nil {
			panic(err)
		}
		line, _ := bufio.NewReader(connection).ReadString('\\n')
		status := "200 OK"
		if len(line) > 9 && line[:9] == "GET /none" {
			status = "404 Not Found"
		}
		fmt.Fprintf(connection, "HTTP/1.1 %s\\r\\nContent-Type: text/plain\\r\\nConnection: close\\r\\n\\r\\nhello\\n", status)
		connection.Close()
	}
}
`,
  Dockerfile:
    'FROM golang:1.22\nWORKDIR /app\nCOPY . .\nRUN go build -o server .\nEXPOSE 8080\nCMD ["./server"]\n',
};

const network = buildNetwork === undefined ? [] : ["--network", buildNetwork];

function run(directory: string, ...args: string[]): CommandResult {
  return msbMigrate(["verify", ...network, ...args], { cwd: directory, env: environment });
}

function verdictOf(result: CommandResult): unknown {
  const report = JSON.parse(result.stdout) as { files: { verdict: string }[] };
  return report.files.map(({ verdict }) => verdict);
}

interface JsonReport {
  readonly files: readonly {
    readonly verdict: string;
    readonly ratio: number;
    readonly findings: readonly { code: string; data: Record<string, string>; lines: string[] }[];
    readonly before: { size: number; ports: unknown[]; answers: { status: number }[] };
    readonly after: { size: number; ports: unknown[]; answers: { status: number }[] };
  }[];
}

/** Where the command makes its temporary directories: others may work in /tmp at the same time. */
const temporary = mkdtempSync(join(tmpdir(), "msb-migrate-e2e-"));
afterAll(() => rmSync(temporary, { recursive: true, force: true }));
const environment = { TMPDIR: temporary };

/** Images, containers and temporary directories of ours. */
function remains(): string[] {
  const docker = (...args: string[]) =>
    execFileSync("docker", args, { encoding: "utf8" }).split("\n");
  return [
    ...docker("ps", "--all", "--format", "{{.Names}}"),
    ...docker("images", "--format", "{{.Repository}}:{{.Tag}}"),
    ...readdirSync(temporary),
  ].filter((name) => /msb-migrate-(?:verify|files|probe|[0-9a-f]{8}-)/.test(name));
}

describe("msb-migrate verify with docker", () => {
  test("prints a table, and leaves the tree, the images and the containers as they were", () => {
    const directory = createContext(app);
    const result = run(directory);
    expect(result.stderr).toMatch(/^msb-migrate: docker \S+, BuildKit\n/);
    expect(result.stdout).toMatch(
      /^file +before +after +ratio +verdict\nDockerfile +\d.* [MG]B +\d.* MB +[\d.]+ % +better\n$/,
    );
    expect(result.exitCode).toBe(0);
    expect(readdirSync(directory).sort()).toEqual(["Dockerfile", "go.mod", "main.go"]);
    expect(readFileSync(join(directory, "Dockerfile"), "utf8")).toBe(app["Dockerfile"]);
    expect(remains()).toEqual([]);
  });

  test("gives all of it as JSON, with the answers to what was asked", () => {
    const result = run(
      createContext(app),
      "--format",
      "json",
      "--quiet",
      "--probe",
      "8080/",
      "--probe",
      "8080/none",
    );
    expect(result).toMatchObject({ exitCode: 0, stderr: "" });
    const [file] = (JSON.parse(result.stdout) as JsonReport).files;
    expect(file).toMatchObject({ verdict: "better" });
    expect(file!.ratio).toBeLessThan(0.1);
    for (const side of [file!.before, file!.after]) {
      expect(side.ports).toEqual([{ port: 8080, protocol: "tcp", scope: "any" }]);
      expect(side.answers.map(({ status }) => status)).toEqual([200, 404]);
    }
  });

  test("compares with a file written by hand, and ends with 1 when that is worse", () => {
    const after = app["Dockerfile"]!.replace(
      "RUN go",
      "USER 65534\nRUN GOCACHE=/tmp/c GOFLAGS=-buildvcs=false go",
    ).replace("-o server", "-o /tmp/server");
    const directory = createContext({ ...app, "by-hand": after });
    const result = run(directory, "Dockerfile", "--after", "by-hand", "--format", "markdown");
    expect(result.stdout).toContain("| Dockerfile |");
    expect(result.stdout).toContain("`does-not-start`");
    expect(result.stdout).toContain(
      "user differs and no reason says why: root became 65534 (`configuration-changed`)",
    );
    expect(result.exitCode).toBe(1);
  });

  test("passes build arguments, secrets and other arguments through", () => {
    const dockerfile = app["Dockerfile"]!.replace(
      "RUN go",
      'ARG WORD\nRUN --mount=type=secret,id=word,required=true test "$WORD $(cat /run/secrets/word)" = "open sesame"\nRUN go',
    );
    const directory = createContext({ ...app, Dockerfile: dockerfile, word: "sesame" });
    const passed = [
      "--build-arg",
      "WORD=open",
      "--secret",
      "id=word,src=word",
      "--engine-arg=--label=by=hand",
    ];
    const result = run(directory, "--format", "json", ...passed);
    expect(verdictOf(result)).toEqual(["better"]);
    const missing = run(directory, "--format", "json");
    expect((JSON.parse(missing.stdout) as JsonReport).files[0]!.findings[0]!.data["cause"]).toBe(
      "secret-missing",
    );
    expect(missing.exitCode).toBe(2);
  });

  test("heeds .dockerignore as the engine does, and one that belongs to the Dockerfile alone before it", () => {
    const dockerfile = app["Dockerfile"]!.replace(
      "RUN go",
      "RUN test ! -e secret.txt && test -e kept.txt\nRUN go",
    );
    const files = { ...app, Dockerfile: dockerfile, "secret.txt": "", "kept.txt": "" };
    expect(
      verdictOf(
        run(createContext({ ...files, ".dockerignore": "secret.txt\n" }), "--format", "json"),
      ),
    ).toEqual(["better"]);
    const own = {
      ...files,
      ".dockerignore": "kept.txt\n",
      "Dockerfile.dockerignore": "secret.txt\n",
    };
    expect(verdictOf(run(createContext(own), "--format", "json"))).toEqual(["better"]);
  });

  test("stops a build that takes too long", () => {
    const directory = createContext({
      ...app,
      Dockerfile: app["Dockerfile"]!.replace("RUN go", "RUN sleep 60\nRUN go"),
    });
    const result = run(directory, "--timeout", "3", "--format", "json");
    expect((JSON.parse(result.stdout) as JsonReport).files[0]!.findings[0]!.data["cause"]).toBe(
      "build-timed-out",
    );
    expect(result.exitCode).toBe(2);
    expect(remains()).toEqual([]);
  });

  test("says which engine does not answer", () => {
    const directory = createContext(app);
    const env = { DOCKER_HOST: "unix:///nowhere/docker.sock" };
    const result = msbMigrate(["verify", "--engine", "docker"], { cwd: directory, env });
    expect(result).toMatchObject({ exitCode: 2, stdout: "" });
    expect(result.stderr).toMatch(/no container engine answers: docker: .*\[no-engine\]/);
  });

  test("asks no engine when there is nothing to verify", () => {
    const directory = createContext({ Dockerfile: 'FROM alpine\nCMD ["date"]\n' });
    const result = msbMigrate(["verify"], {
      cwd: directory,
      env: { DOCKER_HOST: "unix:///nowhere/docker.sock" },
    });
    expect(result).toEqual({ exitCode: 0, stdout: "There is no change to verify.\n", stderr: "" });
  });

  test.each(["build", "run"])(
    "leaves nothing behind when it is interrupted during the %s",
    async (phase) => {
      const slow =
        phase === "build"
          ? app["Dockerfile"]!.replace("RUN go", "RUN sleep 61\nRUN go")
          : app["Dockerfile"]!.replace("EXPOSE 8080", "EXPOSE 8080 9999");
      const child = startMsbMigrate(["verify", ...network, "--start-timeout", "60"], {
        cwd: createContext({ ...app, Dockerfile: slow }),
      });
      let stderr = "";
      child.stderr!.on("data", (text) => (stderr += String(text)));
      const closed = new Promise<number | null>((resolve) => child.once("close", resolve));
      while (!stderr.includes(phase === "build" ? "building the original" : "running the original"))
        await sleep(50);
      await sleep(2000);
      child.kill("SIGINT");
      expect(await closed).toBe(130);
      expect(stderr).toContain("nothing is left running");
      expect(remains()).toEqual([]);
    },
  );
});

test("where this process may not enter the container's network, a second container asks in its place", async () => {
  const { signal } = new AbortController();
  const image = "localhost/msb-migrate-sidecar:1";
  const name = "msb-migrate-sidecar";
  const docker = await engine();
  const context = createContext(app);
  execFileSync("docker", ["build", "--quiet", ...network, "--tag", image, context], {
    stdio: "ignore",
  });
  try {
    const { configuration } = await docker.inspect(image, signal);
    const container = await docker.start({ image, name, configuration, options: {}, signal });
    try {
      const sidecar = sidecarAccess("docker", name);
      const socket = { protocol: "tcp", port: 8080, scope: "any", address: "127.0.0.1" };
      await expect.poll(() => sidecar.sockets(), { timeout: 10_000 }).toEqual([socket]);
      const answers = [container, sidecar].map((access) =>
        askHttp(access.connect(8080, socket.address), 8080, "/none", 10_000),
      );
      const [own, other] = await Promise.all(answers);
      expect(own).toMatchObject({ kind: "http", status: 404, bodyLength: 6 });
      expect(other).toEqual(own);
    } finally {
      await container.remove();
    }
  } finally {
    await docker.removeImages([image]);
  }
});

describe("msb-migrate verify with buildah", () => {
  const storage = join(temporary, "containers");
  const withStorage = { ...environment, CONTAINERS_STORAGE_CONF: join(temporary, "storage.conf") };

  function buildah(...args: string[]): string {
    const { DOCKER_CONFIG: _config, ...rest } = process.env;
    return execFileSync("buildah", args, {
      encoding: "utf8",
      env: { ...rest, ...withStorage },
      stdio: ["ignore", "pipe", "ignore"],
    });
  }

  /** A store of its own, since others may build at the same time; its bases come from docker, since there need be no registry. */
  beforeAll(() => {
    if (spawnSync("buildah", ["version"]).status !== 0) {
      const install = ["install", "-qq", "-y", "--no-install-recommends", "buildah"];
      // A bare machine has no package lists yet.
      execFileSync("apt-get", ["update", "-qq"], { stdio: "ignore" });
      execFileSync("apt-get", install, { stdio: "ignore" });
    }
    const configuration = `[storage]\ndriver = "overlay"\ngraphroot = "${storage}/graph"\nrunroot = "${storage}/run"\n`;
    writeFileSync(withStorage.CONTAINERS_STORAGE_CONF, configuration);
    const archive = join(temporary, "golang.tar");
    execFileSync("docker", ["save", "--output", archive, "golang:1.22"]);
    buildah("pull", "--quiet", `docker-archive:${archive}`);
    rmSync(archive);
  });

  afterAll(() => {
    buildah("rm", "--all");
    rmSync(storage, { recursive: true, force: true });
  });

  function runBuildah(directory: string, ...args: string[]): CommandResult {
    const options = ["--engine", "buildah", "--format", "json", ...network];
    return msbMigrate(["verify", ...options, ...args], { cwd: directory, env: withStorage });
  }

  /** Containers, images and mounts that are there beside the base image. */
  function buildahRemains(): string[] {
    return [
      ...buildah("containers", "--quiet").split("\n"),
      ...buildah("images", "--format", "{{.Name}}:{{.Tag}}")
        .split("\n")
        .filter((name) => name !== "localhost/golang:1.22"),
      ...readFileSync("/proc/mounts", "utf8")
        .split("\n")
        .filter((line) => line.includes(`${storage}/graph/overlay/`)),
    ].filter((line) => line !== "");
  }

  test("builds, runs and asks as with docker", () => {
    const result = runBuildah(createContext(app));
    expect(result.stderr).toContain("buildah 1.");
    const [file] = (JSON.parse(result.stdout) as JsonReport).files;
    expect(file).toMatchObject({
      verdict: "better",
      after: { ports: [{ port: 8080 }], answers: [{ status: 200 }] },
    });
    expect(file!.ratio).toBeLessThan(0.1);
    expect(buildahRemains()).toEqual([]);
  });

  test("finds a migration that does not start", () => {
    const after =
      'FROM golang:1.22 AS builder\nWORKDIR /app\nCOPY . .\nRUN CGO_ENABLED=1 go build -o server .\nFROM scratch\nWORKDIR /app\nCOPY --from=builder /app/server /app/server\nEXPOSE 8080\nCMD ["./server"]\n';
    const result = runBuildah(
      createContext({ ...app, "by-hand": after }),
      "Dockerfile",
      "--after",
      "by-hand",
    );
    const codes = (JSON.parse(result.stdout) as JsonReport).files[0]!.findings.map(
      ({ code }) => code,
    );
    expect(codes).toEqual(expect.arrayContaining(["does-not-start", "interpreter-missing"]));
    expect(result.exitCode).toBe(1);
    expect(buildahRemains()).toEqual([]);
  });

  test.each([1000, 2500, 6000])(
    "leaves nothing behind when it is interrupted after %d ms",
    async (time) => {
      const slow = app["Dockerfile"]!.replace("RUN go", "RUN sleep 61; sleep 62\nRUN go");
      const child = startMsbMigrate(["verify", ...network, "--engine", "buildah"], {
        cwd: createContext({ ...app, Dockerfile: slow }),
        env: withStorage,
      });
      const closed = new Promise<number | null>((resolve) => child.once("close", resolve));
      child.stderr!.resume();
      await sleep(time);
      child.kill("SIGTERM");
      expect(await closed).toBe(143);
      expect(spawnSync("pgrep", ["-f", "^sleep 6[12]$"]).status).toBe(1);
      expect(buildahRemains()).toEqual([]);
      expect(readdirSync(temporary).filter((name) => name.startsWith("msb-migrate"))).toEqual([]);
    },
  );
});
