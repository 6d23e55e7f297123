import { describe, expect, test } from "vitest";
import { repositoryOf } from "../../src/core/repository.ts";
import {
  composeServices,
  servicesOfImage,
  servicesOf,
  type ComposeService,
} from "../../src/repo/compose.ts";

function servicesIn(files: Readonly<Record<string, string>>, directories = [""]) {
  return composeServices(repositoryOf(files), directories);
}

/** The one service of a compose file that is given without the lines above it. */
function service(body: string): ComposeService {
  const lines = body.split("\n").map((line) => `    ${line}`);
  const [found] = servicesIn({ "compose.yaml": `services:\n  web:\n${lines.join("\n")}\n` });
  return found!;
}

describe("what a service is built from", () => {
  test("is the Dockerfile of a directory that is written as one word", () => {
    expect(service("build: ./api/").build).toEqual({
      context: "api",
      dockerfile: "api/Dockerfile",
      target: undefined,
      arguments: new Map(),
      path: "compose.yaml",
      line: 3,
    });
  });

  test("is a file seen from the context, with its target and arguments", () => {
    const { build } = service(
      "build:\n  context: .\n  dockerfile: docker/api.Dockerfile\n  target: run\n  args:\n    VERSION: 1.10\n    TOKEN:",
    );
    expect(build).toMatchObject({
      context: "",
      dockerfile: "docker/api.Dockerfile",
      target: "run",
    });
    expect([...build!.arguments]).toEqual([
      ["VERSION", "1.10"],
      ["TOKEN", undefined],
    ]);
  });

  test("may lie above the compose file, but not above the repository", () => {
    const text = (context: string) => `services:\n  web:\n    build: ${context}\n`;
    const builtIn = (context: string) =>
      servicesIn({ "deploy/compose.yaml": text(context) }, ["deploy"])[0]?.build?.context;
    expect(builtIn("..")).toBe("");
    expect(builtIn("../services/api")).toBe("services/api");
    expect(builtIn("../..")).toBeUndefined();
  });

  test.each([
    "https://github.com/a/b.git",
    "git@github.com:a/b.git",
    "/srv/app",
    "~/app",
    "${DIR}",
  ])("is not known in the context %s", (context) => {
    const { build } = service(`build: "${context}"`);
    expect(build).toMatchObject({ context: undefined, dockerfile: undefined });
  });

  test("takes defaults of variables, and keeps a file that has none unknown", () => {
    const { build } = service(
      "build:\n  context: ${DIR:-./${NAME:-api}}\n  dockerfile: Dockerfile.${MODE}",
    );
    expect(build).toMatchObject({ context: "api", dockerfile: undefined });
    expect(service("build: ${PWD}/api").build?.context).toBe("api");
  });

  test("is nothing for an image, and for a Dockerfile in the compose file itself", () => {
    expect(service("image: app # see build").build).toBeUndefined();
    expect(
      service("build:\n  context: .\n  dockerfile_inline: |\n    FROM scratch").build,
    ).toBeUndefined();
  });

  test("tells the services of one Dockerfile from those of others", () => {
    const services = servicesIn({
      "compose.yaml":
        "services:\n  a:\n    build: .\n  b:\n    build: {context: ., dockerfile: b.Dockerfile}\n  c:\n    build: {dockerfile: ./Dockerfile}\n  d:\n    image: x\n",
    });
    expect(servicesOf(services, "Dockerfile").map(({ name }) => name)).toEqual(["a", "c"]);
    expect(servicesOf(services, "b.Dockerfile").map(({ name }) => name)).toEqual(["b"]);
  });
});

describe("how a service is run", () => {
  test("keeps commands as words or as text, and their lines", () => {
    const { command, entrypoint } = service(
      "build: .\nentrypoint: [sh, -c]\ncommand: app --name 'a b' --port=$$PORT",
    );
    expect(entrypoint).toMatchObject({
      form: "words",
      words: ["sh", "-c"],
      evidence: { path: "compose.yaml", line: 4, text: "entrypoint: [sh, -c]" },
    });
    expect(command).toMatchObject({
      form: "text",
      text: "app --name 'a b' --port=$$PORT",
      words: ["app", "--name", "a b", "--port=$$PORT"],
      evidence: { line: 5 },
    });
  });

  test("reads commands over several lines", () => {
    const { command, entrypoint } = service(
      'build: .\ncommand: >-\n  ./app\n  --verbose\nentrypoint:\n  - "/bin/app"\n  - 80',
    );
    expect(command).toMatchObject({ text: "./app --verbose", evidence: { line: 4 } });
    expect(entrypoint).toMatchObject({ words: ["/bin/app", "80"], evidence: { line: 7 } });
  });

  test("has no command where there is none, or null", () => {
    expect(service("build: .\ncommand:").command).toBeUndefined();
    expect(service("build: .\ncommand: !reset null").command).toBeUndefined();
    expect(service("build: .\ncommand: []").command?.words).toEqual([]);
  });

  test.each([
    ["curl -f http://localhost", "text", ["curl", "-f", "http://localhost"]],
    ["[CMD, /app, ping]", "words", ["/app", "ping"]],
    [
      "[CMD-SHELL, 'wget -q localhost || exit 1']",
      "text",
      ["wget", "-q", "localhost", "||", "exit", "1"],
    ],
    ["[NONE]", undefined, undefined],
  ])("reads the health check %s", (written, form, words) => {
    const { healthcheck } = service(`build: .\nhealthcheck:\n  interval: 5s\n  test: ${written}`);
    expect([healthcheck?.form, healthcheck?.words]).toEqual([form, words]);
  });

  test("tells binds from volumes, and paths of the repository from others", () => {
    const { volumes } = service(
      [
        "build: .",
        "volumes:",
        "  - ./data:/data:ro",
        "  - .:/app/",
        "  - names:/names",
        "  - /anonymous",
        "  - /var/run/docker.sock:/var/run/docker.sock",
        "  - ../outside:/outside",
        "  - ${DATA:-./files}:/files",
        "  - ${UNKNOWN}:/unknown",
        "  - ./x:${TARGET}",
        "  - c:\\data:/windows",
        "  - {type: bind, source: ./conf, target: /etc/app}",
        "  - {type: volume, source: logs, target: /logs}",
        "  - {type: tmpfs, target: /tmp}",
      ].join("\n"),
    );
    expect(volumes.map(({ kind, source, target }) => [kind, source, target])).toEqual([
      ["bind", "data", "/data"],
      ["bind", "", "/app"],
      ["volume", "names", "/names"],
      ["volume", undefined, "/anonymous"],
      ["bind", "/var/run/docker.sock", "/var/run/docker.sock"],
      ["bind", "../outside", "/outside"],
      ["bind", "files", "/files"],
      ["bind", undefined, "/unknown"],
      ["bind", "c:\\data", "/windows"],
      ["bind", "conf", "/etc/app"],
      ["volume", "logs", "/logs"],
    ]);
    expect(volumes[0]!.evidence).toEqual({
      path: "compose.yaml",
      line: 5,
      text: "- ./data:/data:ro",
    });
  });

  test.each([
    ["a list", "- A=1\n  - B=x=y\n  - C\n  - D=\n  - E=${F:-g}\n  - H=$I"],
    ["a map", "A: 1\n  B: x=y\n  C:\n  D: ''\n  E: ${F:-g}\n  H: ${I:?no}"],
  ])("reads the environment from %s", (_form, body) => {
    const { environment } = service(`build: .\nenvironment:\n  ${body}`);
    expect([...environment].map(([name, { value }]) => [name, value])).toEqual([
      ["A", "1"],
      ["B", "x=y"],
      ["C", undefined],
      ["D", ""],
      ["E", "g"],
      ["H", undefined],
    ]);
    expect(environment.get("B")!.evidence.line).toBe(6);
  });

  test("has a user and a working directory, whatever they look like", () => {
    const { user, workingDirectory } = service("build: .\nuser: 0x10:$GROUP\nworking_dir: /on");
    expect(user).toEqual({
      value: undefined,
      evidence: { path: "compose.yaml", line: 4, text: "user: 0x10:$GROUP" },
    });
    expect(workingDirectory?.value).toBe("/on");
    expect(service("build: .\nuser: 0123").user?.value).toBe("0123");
  });
});

describe("a compose file", () => {
  test("may say things once: anchors, merge keys and extensions", () => {
    const services = servicesIn({
      "docker-compose.yml": [
        "x-base: &base",
        "  build: &build {context: ., args: [A=1]}",
        "  environment: &environment {LEVEL: debug, MODE: a}",
        "x-more: &more {user: app, command: more}",
        "services:",
        "  one:",
        "    <<: [*base, *more]",
        "    environment:",
        "      <<: *environment",
        "      MODE: b",
        "  two:",
        "    <<: *more",
        "    build: *build",
        "    command: two",
      ].join("\n"),
    });
    const [one, two] = services;
    expect(services.map(({ name }) => name)).toEqual(["one", "two"]);
    expect(one).toMatchObject({ build: { context: "", line: 2 }, user: { value: "app" } });
    expect(one!.command).toMatchObject({ text: "more", evidence: { line: 4 } });
    expect([...one!.environment].map(([name, { value }]) => `${name}=${value}`).sort()).toEqual([
      "LEVEL=debug",
      "MODE=b",
    ]);
    expect(two).toMatchObject({ build: { dockerfile: "Dockerfile" }, command: { text: "two" } });
  });

  test("may extend services of the same file, in both notations and in any order", () => {
    const services = servicesIn({
      "compose.yml": [
        "services:",
        "  worker:",
        "    extends: {service: web, file: compose.yml}",
        "    command: work",
        "    volumes: [./b:/data, ./c:/cache]",
        "    build: {target: worker}",
        "  web:",
        "    extends: base",
        "    build: {context: app, dockerfile: web.Dockerfile}",
        "    volumes: [./a:/data]",
        "  base:",
        "    environment: [A=1]",
        "    extends: web",
        "  elsewhere:",
        "    extends: {service: web, file: other.yml}",
      ].join("\n"),
    });
    const worker = services.find(({ name }) => name === "worker")!;
    expect(worker).toMatchObject({
      build: { context: "app", dockerfile: "app/web.Dockerfile", target: "worker" },
      command: { text: "work" },
    });
    expect(worker.volumes.map(({ source }) => source)).toEqual(["b", "c"]);
    expect(worker.environment.get("A")?.value).toBe("1");
    expect(services.find(({ name }) => name === "elsewhere")!.build).toBeUndefined();
  });

  test("of the first version has its services at the top", () => {
    const services = servicesIn({
      "docker-compose.yml": "web:\n  build: .\n  command: app\ndb:\n  image: postgres\n",
    });
    expect(services.map(({ name, line }) => [name, line])).toEqual([
      ["web", 1],
      ["db", 4],
    ]);
  });

  test("that overrides another shares what is built with it", () => {
    const services = servicesIn({
      "docker-compose.override.yml": "services:\n  web:\n    command: go run .\n",
      "docker-compose.yml":
        "services:\n  web:\n    build: {context: app, dockerfile: web.Dockerfile}\n",
      "docker-compose.prod.yml": "services:\n  web:\n    build: {target: prod}\n    user: app\n",
    });
    expect(services.map(({ path, build }) => [path, build?.dockerfile, build?.target])).toEqual([
      ["docker-compose.yml", "app/web.Dockerfile", undefined],
      ["docker-compose.override.yml", "app/web.Dockerfile", undefined],
      ["docker-compose.prod.yml", "app/web.Dockerfile", "prod"],
    ]);
    expect(services[1]!.build?.path).toBe("docker-compose.yml");
  });

  test.each([
    ["no YAML", "services:\n  web:\n\tbuild: .\n"],
    ["a template", "services:\n  {{ range .services }}\n  web:\n    build: .\n"],
    ["a list", "- build: .\n"],
    ["deeper than any file", `build: ${"[".repeat(100_000)}\n`],
    ["a stair", `${"- ".repeat(100_000)}build\n`],
    ["empty but for a comment", "# build\n"],
  ])("that is %s has no services", (_what, text) => {
    expect(servicesIn({ "compose.yaml": text })).toEqual([]);
  });

  test("whose aliases go round ends all the same", () => {
    const services = servicesIn({
      "compose.yaml":
        "services: &all\n  web: &web\n    <<: *web\n    build: .\n    environment: *all\n",
    });
    expect(services).toMatchObject([{ name: "web", build: { context: "" } }]);
  });

  test("may have Windows line ends and a byte order mark", () => {
    const [web] = servicesIn({
      "compose.yaml": "\uFEFFservices:\r\n  web:\r\n    build: .\r\n    command: app\r\n",
    });
    expect(web).toMatchObject({
      build: { line: 3 },
      command: { text: "app", evidence: { line: 4, text: "command: app" } },
    });
  });

  test("is told by its name", () => {
    const text = "services:\n  web:\n    build: .\n";
    const services = servicesIn({
      "compose.prod.yaml": text,
      "docker-compose-test.yml": text,
      "local.docker-compose.yaml": text,
      "composer.yaml": text,
      "docker-compose.yml.bak": text,
    });
    expect(services.map(({ path }) => path)).toEqual([
      "compose.prod.yaml",
      "docker-compose-test.yml",
      "local.docker-compose.yaml",
    ]);
  });

  test("counts for the directories that are asked for, each once", () => {
    const files = {
      "compose.yaml": "services:\n  web:\n    build: .\n",
      "deploy/compose.yaml": "services:\n  deployed:\n    build: ..\n",
      "images/compose.yaml": "services:\n  db:\n    image: postgres\n",
    };
    const names = (directories: string[]) => servicesIn(files, directories).map(({ name }) => name);
    expect(names(["", "deploy", "", "images", "none"])).toEqual(["web", "deployed"]);
    expect(names(["deploy"])).toEqual(["deployed"]);
  });
});

describe("starts in compose files", () => {
  const repository = repositoryOf({
    "compose.yaml": [
      "services:",
      "  web:",
      "    build: .",
      "    command: ./web",
      "  admin:",
      "    build: {context: ., dockerfile: admin.Dockerfile}",
      "    entrypoint: ./admin",
      "  either:",
      "    build: {context: ., dockerfile: '${FILE}'}",
      "    command: ./either",
      "  other:",
      "    build: other",
      "    command: ./other",
      "  db:",
      "    image: postgres",
      "    command: postgres",
    ].join("\n"),
  });
  const texts = (context: string, dockerfile?: string) => {
    const services = composeServices(repository, ["", context]);
    const own =
      dockerfile === undefined
        ? services.filter(({ build }) => build?.context === context)
        : servicesOfImage(services, context, dockerfile);
    return own
      .flatMap(({ entrypoint, command }) => [entrypoint, command])
      .flatMap((start) => start?.evidence.text ?? []);
  };

  test("are those of services that build in the context", () => {
    expect(texts("")).toEqual(["command: ./web", "entrypoint: ./admin", "command: ./either"]);
    expect(texts("other")).toEqual(["command: ./other"]);
  });

  test("are those of one Dockerfile when it is given, and of those that may be it", () => {
    expect(texts("", "Dockerfile")).toEqual(["command: ./web", "command: ./either"]);
    expect(texts("", "admin.Dockerfile")).toEqual(["entrypoint: ./admin", "command: ./either"]);
  });
});
