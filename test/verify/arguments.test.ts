import { describe, expect, test, vi } from "vitest";
import { parseProbe, parseVerifyArguments } from "../../src/cli/verify-arguments.ts";
import { verifyOptionGroups } from "../../src/cli/verify-options.ts";
import { runArguments } from "../../src/verify/docker-container.ts";
import { imageConfiguration } from "../../src/verify/image-configuration.ts";

function parsed(...argv: string[]) {
  const invocation = parseVerifyArguments(argv, []);
  if (typeof invocation === "number") throw new Error(`exit code ${invocation}`);
  return invocation;
}

describe("the arguments of verify", () => {
  test("are the current directory and defaults when there are none", () => {
    expect(parsed()).toMatchObject({
      paths: ["."],
      transforms: [],
      engine: undefined,
      network: undefined,
      syntaxImage: true,
      probes: [],
      runNetwork: undefined,
      buildTimeout: undefined,
      format: "pretty",
    });
  });

  test("are passed on, each as often as it is given", () => {
    const argv = [
      "a",
      "b",
      "--runtime-go",
      "alpine",
      "-t",
      "go-multi-stage",
      "--build-arg",
      "A=1",
      "--build-arg",
      "B=2",
      "--secret",
      "id=x",
      "--engine-arg=--no-cache",
    ];
    expect(
      parsed(
        ...argv,
        "--network",
        "host",
        "--no-syntax-image",
        "--timeout",
        "1.5",
        "--env",
        "A=b=c",
      ),
    ).toMatchObject({
      paths: ["a", "b"],
      transforms: ["go-multi-stage"],
      transformOptions: { runtimeGo: "alpine" },
      buildArguments: ["A=1", "B=2"],
      secrets: ["id=x"],
      engineArguments: ["--no-cache"],
      network: "host",
      syntaxImage: false,
      buildTimeout: 1500,
      environment: ["A=b=c"],
    });
  });

  test.each([
    ["8080", "/"],
    ["8080/", "/"],
    ["8080/healthz?full=1", "/healthz?full=1"],
  ])("take %s for a probe of %s", (value, path) => {
    expect(parseProbe(value)).toEqual({ port: 8080, path });
  });

  test.each([
    [["--probe", "healthz"]],
    [["--probe", "0/"]],
    [["--probe", "65536"]],
    [["--timeout", "soon"]],
    [["--timeout", "0"]],
    [["--env", "NAME"]],
    [["--engine", "rkt"]],
    [["--format", "xml"]],
    [["--after", "x"]],
    [["--after", "x", "a", "b"]],
    [["--no-such-option"]],
  ])("are refused when they make no sense: %j", (argv) => {
    const write = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    expect(parseVerifyArguments(argv, [])).toBe(2);
    expect(write).toHaveBeenCalledWith(expect.stringMatching(/^msb-migrate: /));
    write.mockRestore();
  });

  test("bring the options of transforms that were loaded", () => {
    const meta = {
      name: "own",
      description: "",
      reasons: {},
      options: { stage: { flag: "--stage-name", value: "name", description: "" } },
    };
    const invocation = parseVerifyArguments(
      ["--stage-name", "x"],
      [{ meta, transform: () => undefined }],
    );
    expect(invocation).toMatchObject({ transformOptions: { stage: "x" } });
  });

  test("stand in groups, each once", () => {
    const flags = verifyOptionGroups.flatMap(({ options }) =>
      options.map((option) => option.flags),
    );
    expect(new Set(flags).size).toBe(flags.length);
  });
});

describe("the command that starts a container", () => {
  const request = {
    image: "localhost/x:1",
    name: "msb-migrate-1",
    configuration: imageConfiguration({}),
    options: {},
    signal: new AbortController().signal,
  };

  test("gives it no network, limits, and no published port", () => {
    const args = runArguments("docker", request);
    expect(args).toEqual(
      expect.arrayContaining([
        "--network=none",
        "--memory=1g",
        "--pids-limit=512",
        "--cpus=1",
        "--pull=never",
      ]),
    );
    expect(
      args.filter((argument) => /^(?:-p|--publish|--privileged|--volume|-v)/.test(argument)),
    ).toEqual([]);
    expect(args.at(-1)).toBe("localhost/x:1");
  });

  test("ends with the arguments of the program", () => {
    const args = runArguments("podman", {
      ...request,
      options: { network: "host", environment: ["A=1"], arguments: ["-v", "x"] },
    });
    expect(args.slice(-4)).toEqual(["--env=A=1", "localhost/x:1", "-v", "x"]);
    expect(args).toContain("--network=host");
  });

  test("shortens the waiting of a health check, which it leaves as it is", () => {
    const configuration = imageConfiguration({
      Healthcheck: { Test: ["CMD", "x"], Interval: 30_000_000_000 },
    });
    expect(runArguments("docker", { ...request, configuration })).toContain("--health-interval=1s");
    expect(runArguments("docker", request).join(" ")).not.toContain("--health");
  });
});
