/**
 * `npm run bench`: how fast the built command is, as ratios that hold on any machine.
 *
 * 1. A dry run over 20,000 generated Dockerfiles, end to end, against reading and parsing the same files with
 *    dockerfile-ast in a process that does nothing else (goal: at most 2.0).
 * 2. Start-up, against `node -e 0` (goal: at most 1.5).
 * 3. A dry run on one file in a repository of 200 Go files (24,000 lines), all of which the program imports, against the same file
 *    read from standard input without a repository (goal: at most 3.0); and the planning alone, in one process.
 *
 * Nothing fails on time: the numbers are for people. `node scripts/bench.mjs 2000` takes another number of files.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const bin = fileURLToPath(new URL("../bin/msb-migrate.js", import.meta.url));
const throughputGoal = 2.0;
const startUpGoal = 1.5;
const factsGoal = 3.0;

if (process.argv[2] === "--parse-only") await parseOnly(process.argv[3]);
else await main(Number(process.argv[2] ?? 20_000));

async function main(count) {
  const directory = mkdtempSync(join(tmpdir(), "msb-migrate-bench-"));
  try {
    const files = generate(count, directory);
    const lines = files.reduce((sum, { text }) => sum + text.split("\n").length - 1, 0);
    console.log(
      `${count} generated Dockerfiles, ${(lines / count).toFixed(1)} lines each on average, Node.js ${process.version}`,
    );
    measureThroughput(directory, files);
    measureStartUp(directory);
    await measureFacts(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function measureThroughput(directory, files) {
  const list = join(directory, "files.json");
  const report = join(directory, "report.json");
  writeFileSync(list, JSON.stringify(files.map(({ path }) => path)));
  const parse = [fileURLToPath(import.meta.url), "--parse-only", list];
  const migrate = [
    bin,
    "--dry-run",
    "--quiet",
    "--format",
    "json",
    "-o",
    report,
    join(directory, "repositories"),
  ];
  // Interleaved, the better of two each: the first pass also warms the file system's cache for the second.
  const parsing = [];
  const migrating = [];
  for (let round = 0; round < 2; round++) {
    parsing.push(milliseconds(parse));
    migrating.push(milliseconds(migrate));
  }
  const floor = Math.min(...parsing);
  const whole = Math.min(...migrating);
  const { summary } = JSON.parse(readFileSync(report, "utf8"));
  const { changed, safe, review, unchanged, refused, failed } = summary;
  console.log(
    `outcomes: ${changed} changed (${safe} safe, ${review} review), ${unchanged} unchanged, ${refused} refused, ${failed} failed`,
  );
  console.log(
    `dry run, end to end: ${perSecond(files.length, whole)} files/s (${(whole / 1000).toFixed(2)} s)`,
  );
  console.log(
    `read + dockerfile-ast parse alone: ${perSecond(files.length, floor)} files/s (${(floor / 1000).toFixed(2)} s)`,
  );
  printRatio("end to end / read + parse", whole / floor, throughputGoal);
}

function measureStartUp(directory) {
  const repository = join(directory, "one");
  writeAll(repository, {
    Dockerfile:
      'FROM golang:1.22\nWORKDIR /app\nCOPY . .\nRUN go build -o server .\nCMD ["./server"]\n',
    "go.mod": "module example.com/server\n\ngo 1.22\n",
    "main.go": "package main\n\nfunc main() {}\n",
  });
  const commands = [
    ["-e", "0"],
    [bin, "--version"],
    [bin, "--dry-run", join(repository, "Dockerfile")],
  ];
  const times = commands.map(() => []);
  for (let round = 0; round < 21; round++) {
    commands.forEach((command, index) => times[index].push(milliseconds(command)));
  }
  const [bare, version, dryRun] = times.map(median);
  console.log(
    `start-up: node -e 0 ${bare.toFixed(0)} ms, --version ${version.toFixed(0)} ms, dry run on one file ${dryRun.toFixed(0)} ms`,
  );
  printRatio("--version / node -e 0", version / bare, startUpGoal);
  printRatio("dry run on one file / node -e 0", dryRun / bare, startUpGoal);
}

async function measureFacts(directory) {
  const repository = join(directory, "facts");
  const dockerfile =
    'FROM golang:1.22\nWORKDIR /app\nCOPY . .\nRUN go build -o server .\nCMD ["./server"]\n';
  const files = { Dockerfile: dockerfile, "go.mod": "module example.com/server\n\ngo 1.22\n" };
  const imports = [];
  for (let index = 0; index < 199; index++) {
    const name = `part${index}`;
    imports.push(`\t_ "example.com/server/internal/${name}"`);
    files[`internal/${name}/${name}.go`] = goSource(name);
  }
  files["main.go"] = `package main\n\nimport (\n${imports.join("\n")}\n)\n\nfunc main() {}\n`;
  writeAll(repository, files);
  const alone = [];
  const withFacts = [];
  for (let round = 0; round < 11; round++) {
    alone.push(milliseconds([bin, "--dry-run", "--quiet", "-"], dockerfile));
    withFacts.push(milliseconds([bin, "--dry-run", "--quiet", join(repository, "Dockerfile")]));
  }
  console.log(
    `a repository of 200 Go files: ${median(withFacts).toFixed(0)} ms, the same file without it ${median(alone).toFixed(0)} ms`,
  );
  printRatio("with repository facts / without", median(withFacts) / median(alone), factsGoal);

  const { migrate, builtInTransforms } = await import("msb-migrate");
  const { directoryRepository } = await import("msb-migrate/node");
  const plan = (options) => {
    const start = performance.now();
    migrate(
      { path: "Dockerfile", source: dockerfile },
      { transforms: builtInTransforms, ...options },
    );
    return performance.now() - start;
  };
  const plans = { alone: [], facts: [] };
  for (let round = 0; round < 31; round++) {
    plans.alone.push(plan({}));
    plans.facts.push(plan({ repository: directoryRepository(repository) }));
  }
  console.log(
    `  planning alone, warm: ${median(plans.facts).toFixed(1)} ms with the 200 files read anew, ${median(plans.alone).toFixed(1)} ms without`,
  );
}

/** A Go file of 120 lines as people write them. */
function goSource(name) {
  const functions = Array.from({ length: 11 }, (_, index) =>
    [
      `// Load${index} reads what is stored under a key, and says what went wrong.`,
      `func Load${index}(ctx context.Context, key string) (string, error) {`,
      '\tif key == "" {',
      '\t\treturn "", fmt.Errorf("no key given: %q", key)',
      "\t}",
      `\tvalue, ok := store${index}[key]`,
      "\tif !ok {",
      `\t\treturn "", fmt.Errorf("${name}/%s: not found", key)`,
      "\t}",
      "\treturn value, ctx.Err()",
      "}",
    ].join("\n"),
  );
  const stores = Array.from({ length: 11 }, (_, index) => `\tstore${index} = map[string]string{}`);
  return `package ${name}\n\nimport (\n\t"context"\n\t"fmt"\n)\n\nvar (\n${stores.join("\n")}\n)\n\n${functions.join("\n\n")}\n`;
}

function milliseconds(args, input) {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, {
    stdio: [input === undefined ? "ignore" : "pipe", "ignore", "pipe"],
    input,
    encoding: "utf8",
  });
  const time = performance.now() - start;
  if (status !== 0) throw new Error(`${args.join(" ")} ended with ${status}: ${stderr}`);
  return time;
}

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

function perSecond(count, time) {
  return Math.round((count / time) * 1000);
}

function printRatio(name, ratio, goal) {
  console.log(
    `  ${name}: ${ratio.toFixed(2)} (goal: at most ${goal.toFixed(1)}${ratio <= goal ? "" : ", missed"})`,
  );
}

/** What the first ratio is measured against. */
async function parseOnly(list) {
  const { DockerfileParser } = (await import("dockerfile-ast")).default;
  let instructions = 0;
  for (const path of JSON.parse(readFileSync(list, "utf8"))) {
    instructions += DockerfileParser.parse(readFileSync(path, "utf8")).getInstructions().length;
  }
  if (instructions === 0) throw new Error("nothing was parsed");
}

/** Writes a realistic mix of repositories; the same on every run. */
function generate(count, directory) {
  const random = createRandom(20_261_124);
  const files = [];
  for (let index = 0; index < count; index++) {
    const share = random();
    const make =
      share < 0.3 ? goSingleStage : share < 0.55 ? node : share < 0.8 ? multiStage : other;
    const repository = make(chooser(random), index);
    const group = String(Math.floor(index / 200)).padStart(3, "0");
    const root = join(
      directory,
      "repositories",
      group,
      `service-${String(index).padStart(5, "0")}`,
    );
    writeAll(root, repository);
    files.push({ path: join(root, "Dockerfile"), text: repository.Dockerfile });
  }
  return files;
}

function writeAll(root, files) {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
}

/** mulberry32, public domain by Tommy Ettinger: small, and the same everywhere. */
function createRandom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function chooser(random) {
  return {
    one: (...choices) => choices[Math.floor(random() * choices.length)],
    maybe: (probability, ...lines) => (random() < probability ? lines : []),
    chance: (probability) => random() < probability,
  };
}

function dockerfile(lines, { one, chance }) {
  const text = lines.join("\n");
  const withEnd = chance(0.95) ? `${text}\n` : text;
  return chance(0.02) ? withEnd.replaceAll("\n", "\r\n") : one(withEnd);
}

function metadata({ one, maybe }, name) {
  return [
    ...maybe(0.4, `LABEL maintainer="team@example.com"`),
    ...maybe(
      0.2,
      `LABEL org.opencontainers.image.title="${name}" \\`,
      `      org.opencontainers.image.source="https://example.com/${name}"`,
    ),
    ...maybe(
      0.3,
      "",
      "# settings that can be overridden at run time",
      `ENV MODE=${one("production", "staging")} \\`,
      `    LOG_LEVEL=${one("info", "debug")}`,
    ),
    ...maybe(0.15, `VOLUME ["/data"]`),
    ...maybe(0.15, "STOPSIGNAL SIGTERM"),
  ];
}

function goSingleStage(choose, index) {
  const { one, maybe, chance } = choose;
  const name = one("server", "api", "worker", "app", "gateway", "scheduler");
  const version = one("1.15", "1.18", "1.20", "1.21", "1.22", "1.23");
  const image = `golang:${version}${one("", "", "", "-alpine", "-bookworm", "-bullseye")}`;
  const directory = one(
    "/app",
    "/src",
    "/go/src/app",
    "/usr/src/app",
    `/go/src/example.com/${name}`,
  );
  const packagePath = one(".", ".", `./cmd/${name}`, "main.go");
  const flags = one("", "", '-ldflags "-s -w" ', "-v ", "-trimpath ");
  const environment = one("", "", "CGO_ENABLED=0 ", "CGO_ENABLED=0 GOOS=linux ");
  const output = one(name, name, `/${name}`, `bin/${name}`, `/usr/local/bin/${name}`);
  const started = output.startsWith("/") ? output : one(`./${output}`, `${directory}/${output}`);
  const alpine = image.includes("alpine");
  const lines = [
    ...maybe(0.1, "# syntax=docker/dockerfile:1"),
    ...maybe(0.2, `# ${name}: built and run in one image`),
    `FROM ${image}${one("", "", "", " AS build")}`,
    "",
    ...metadata(choose, name),
    ...maybe(0.3, "ARG VERSION=dev"),
    ...(alpine
      ? maybe(0.5, "RUN apk add --no-cache git ca-certificates tzdata")
      : maybe(
          0.25,
          "RUN apt-get update && \\",
          "    apt-get install -y --no-install-recommends git curl && \\",
          "    rm -rf /var/lib/apt/lists/*",
        )),
    ...maybe(0.3, "ENV GO111MODULE=on", "ENV GOPROXY=https://proxy.golang.org"),
    `WORKDIR ${directory}`,
    "",
    ...maybe(
      0.6,
      "# dependencies first, for the cache",
      "COPY go.mod go.sum ./",
      "RUN go mod download",
      "",
    ),
    one("COPY . .", `COPY . ${directory}`, "ADD . ."),
    ...maybe(0.1, "RUN go vet ./... && go test ./..."),
    chance(0.08)
      ? "RUN make build"
      : chance(0.15)
        ? `RUN cd ${directory} && ${environment}go build ${flags}-o ${output} ${packagePath}`
        : `RUN ${environment}go build ${flags}-o ${output} ${packagePath}`,
    "",
    ...maybe(0.6, `EXPOSE ${one(8080, 3000, 9090, 8000)}`),
    ...maybe(0.1, "USER nobody"),
    ...maybe(0.08, `HEALTHCHECK --interval=30s CMD curl -f http://localhost:8080/health || exit 1`),
    one(
      `CMD ["${started}"]`,
      `ENTRYPOINT ["${started}"]`,
      `CMD ${started}`,
      `ENTRYPOINT ["${started}"]\nCMD ["--config", "config.yaml"]`,
      `CMD ["sh", "-c", "${started}"]`,
    ),
  ];
  const files = { Dockerfile: dockerfile(lines, choose) };
  if (chance(0.6)) {
    const main = packagePath.startsWith("./") ? `cmd/${name}/main.go` : "main.go";
    files["go.mod"] = `module example.com/${name}-${index}\n\ngo ${version}\n`;
    files[main] =
      `package main\n\nimport (\n\t"log"\n\t"net/http"\n${chance(0.2) ? '\t"os"\n' : ""})\n\nfunc main() {\n${chance(0.2) ? '\tos.ReadFile("config.yaml")\n' : ""}\tlog.Fatal(http.ListenAndServe(":8080", nil))\n}\n`;
  }
  return files;
}

function node(choose) {
  const { one, maybe } = choose;
  const image = `node:${one("14", "16", "18", "20", "22", "lts")}${one("", "", "-alpine", "-slim")}`;
  const start = one(
    'CMD ["npm", "start"]',
    'CMD ["node", "dist/main.js"]',
    "CMD npm run start:prod",
    'ENTRYPOINT ["node", "server.js"]',
    'CMD ["npx", "serve", "-s", "build"]',
  );
  const lines = [
    `FROM ${image}`,
    "",
    ...metadata(choose, "web"),
    ...maybe(0.3, "ENV NODE_ENV=production"),
    one("WORKDIR /app", "WORKDIR /usr/src/app"),
    ...maybe(0.15, "RUN apk add --no-cache python3 make g++"),
    "",
    "# install the dependencies",
    one(
      "COPY package*.json ./",
      "COPY package.json package-lock.json ./",
      "COPY package.json yarn.lock ./",
    ),
    one(
      "RUN npm ci",
      "RUN npm install",
      "RUN yarn install --frozen-lockfile",
      "RUN npm install && \\\n    npm cache clean --force",
    ),
    "",
    "COPY . .",
    ...maybe(
      0.7,
      one("RUN npm run build", "RUN yarn build", "RUN npm run build && npm prune --production"),
    ),
    ...maybe(0.2, "RUN chown -R node:node .", "USER node"),
    "",
    `EXPOSE ${one(3000, 8080, 80, 5000)}`,
    start,
  ];
  return {
    Dockerfile: dockerfile(lines, choose),
    "package.json":
      '{ "name": "web", "scripts": { "build": "tsc", "start": "node dist/main.js" } }\n',
  };
}

function multiStage(choose) {
  const { one, maybe } = choose;
  const name = one("server", "api", "worker");
  const lines = [
    ...maybe(0.2, "# syntax=docker/dockerfile:1.4"),
    ...maybe(0.3, "ARG GO_VERSION=1.21", ""),
    `FROM golang:${one("1.20", "1.21", "1.22-alpine")} ${one("AS", "as")} ${one("builder", "build")}`,
    "WORKDIR /src",
    "COPY go.mod go.sum ./",
    one("RUN go mod download", "RUN --mount=type=cache,target=/go/pkg/mod \\\n    go mod download"),
    "COPY . .",
    "ARG VERSION",
    `RUN CGO_ENABLED=0 GOOS=linux go build \\\n    -ldflags "-s -w -X main.version=\${VERSION}" \\\n    -o /out/${name} ./cmd/${name}`,
    ...maybe(
      0.2,
      "",
      "FROM node:20 AS assets",
      "WORKDIR /web",
      "COPY web/package*.json ./",
      "RUN npm ci",
      "COPY web .",
      "RUN npm run build",
    ),
    "",
    `FROM ${one("scratch", "alpine:3.19", "gcr.io/distroless/static", "debian:bookworm-slim")}`,
    ...metadata(choose, name),
    `COPY --from=0 /out/${name} /usr/local/bin/${name}`,
    ...maybe(0.5, "EXPOSE 8080"),
    ...maybe(0.3, "USER 65532:65532"),
    `ENTRYPOINT ["/usr/local/bin/${name}"]`,
  ];
  return { Dockerfile: dockerfile(lines, choose) };
}

function other(choose) {
  const { one, maybe } = choose;
  const python = [
    `FROM python:${one("3.9", "3.11-slim", "3.12")}`,
    "ENV PYTHONUNBUFFERED=1 \\\n    PIP_NO_CACHE_DIR=1",
    "WORKDIR /app",
    "COPY requirements.txt .",
    "RUN pip install -r requirements.txt",
    "COPY . .",
    'CMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]',
  ];
  const java = [
    "FROM eclipse-temurin:17",
    "ARG JAR_FILE=target/*.jar",
    "COPY ${JAR_FILE} app.jar",
    'ENTRYPOINT ["java", "-jar", "/app.jar"]',
  ];
  const system = [
    `FROM ${one("ubuntu:22.04", "debian:bookworm")}`,
    "RUN set -eux; \\",
    "    apt-get update; \\",
    "    apt-get install -y --no-install-recommends \\",
    "        # what the entry point needs",
    "        bash \\",
    "        curl \\",
    "        nginx; \\",
    "    rm -rf /var/lib/apt/lists/*",
    "COPY docker-entrypoint.sh /",
    'ENTRYPOINT ["/docker-entrypoint.sh"]',
    'CMD ["nginx", "-g", "daemon off;"]',
  ];
  const lines = [...one(python, java, system)];
  lines.splice(1, 0, ...metadata(choose, "service"), ...maybe(0.5, "EXPOSE 80"));
  return { Dockerfile: dockerfile(lines, choose) };
}
