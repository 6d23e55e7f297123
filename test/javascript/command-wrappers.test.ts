import { describe, expect, test } from "vitest";
import { unwrapCommand, type WrapperPlace } from "../../src/javascript/command-wrappers.ts";
import { startedFile } from "../../src/javascript/started-file.ts";

/** Words of a command line whose quotes are all double. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/(?:[^\s"]|"[^"]*")+/g)].map(([word]) => word.replaceAll('"', ""));
}

/** What a command runs, as one line: words, command lines in brackets, scripts with a colon, `?` when it cannot be told. */
function runs(line: string, place?: WrapperPlace): string | undefined {
  const unwrapped = unwrapCommand(wordsOf(line), place);
  switch (unwrapped?.kind) {
    case undefined:
      return undefined;
    case "command":
      return [
        ...[...unwrapped.assignments].map(([name, value]) => `${name}=${value}`),
        ...unwrapped.words,
      ].join(" ");
    case "texts":
      return unwrapped.texts.map((text) => `[${text}]`).join(" ");
    case "scripts":
      return unwrapped.scripts.map((name) => `:${name}`).join(" ");
    case "open":
      return "?";
  }
}

describe("programs that run a command", () => {
  test.each([
    [
      "cross-env NODE_ENV=production PORT=3000 node x.js --a=b",
      "NODE_ENV=production PORT=3000 node x.js --a=b",
    ],
    ["node_modules/.bin/cross-env A=b node x.js", "A=b node x.js"],
    ['cross-env-shell A=b "node x.js"', "[A=b node x.js]"],
    ['cross-env-shell A=b "node x.js && node y.js"', "[export A=b ; node x.js && node y.js]"],
    ["env-cmd node x.js", "node x.js"],
    ["env-cmd -f .env.prod -- node x.js", "node x.js"],
    ["env-cmd -e production,local --no-override node x.js", "node x.js"],
    ["env-cmd .env.prod node x.js", "node x.js"],
    ['env-cmd --use-shell "node x.js"', "?"],
    ["dotenv -e .env.prod -- node -r x y.js", "node -r x y.js"],
    ["dotenv -e .env node x.js", "node x.js"],
    ["dotenv -e .env node -r x y.js", "?"],
    ["dotenv -v A=b -- node x.js", "A=b node x.js"],
    ["dotenv -c -- node x.js", "node x.js"],
    ["dotenvx run -f .env.prod --overload -- node x.js", "node x.js"],
    ["dotenvx -q run -- node x.js", "node x.js"],
    ["dotenvx encrypt", "?"],
    ["doppler run -p api -c prd -- node x.js", "node x.js"],
    ['doppler run --command="node x.js"', "[node x.js]"],
    ["infisical run --env=prod -- npm start", "npm start"],
    ["cross-env", "?"],
    ["cross-env A=b", "?"],
  ])("%s", (line, expected) => {
    expect(runs(line)).toBe(expected);
  });

  test("the files of variables are told", () => {
    const files = (line: string): readonly string[] | undefined => {
      const unwrapped = unwrapCommand(wordsOf(line));
      return unwrapped?.kind === "command" ? unwrapped.environmentFiles : undefined;
    };
    expect(files("dotenv -e .env.a -e .env.b -- node x.js")).toEqual([".env.a", ".env.b"]);
    expect(files("env-cmd ./config/.env.prod node x.js")).toEqual(["./config/.env.prod"]);
    expect(files("env-cmd node x.js")).toEqual([".env"]);
    expect(files("cross-env A=b node x.js")).toEqual([]);
  });

  test("any other program is none of them", () => {
    expect(runs("node x.js")).toBeUndefined();
    expect(runs("constructor x")).toBeUndefined();
    expect(unwrapCommand([])).toBeUndefined();
  });
});

describe("programs that run several", () => {
  const place = { scripts: ["build:a", "build:a:b", "build:c", "start"] };
  test.each([
    ['concurrently "node a.js" "npm:start"', "[node a.js] [npm run start]"],
    [
      'concurrently -k -n a,b --prefix-colors=red,blue "node a.js" "node b.js"',
      "[node a.js] [node b.js]",
    ],
    ['concurrently "node a.js" -k "node b.js"', "[node a.js] [node b.js]"],
    ['concurrently "npm:start -- --port 1"', "[npm run start -- --port 1]"],
    ['concurrently "yarn:build:*"', "[yarn run build:a] [yarn run build:a:b] [yarn run build:c]"],
    ['concurrently -P "node a.js {1}" -- x', "?"],
    ["run-s build:a start", ":build:a :start"],
    ["run-s build:*", ":build:a :build:c"],
    ["run-p -l build:**", ":build:a :build:a:b :build:c"],
    ["npm-run-all --serial build:a --parallel start build:c", ":build:a :start :build:c"],
    ['run-s "build:a -- --watch" start', "[npm run build:a -- --watch] [npm run start]"],
    ["run-s nothing:*", "?"],
    ['run-s "build:{1}"', "?"],
  ])("%s", (line, expected) => {
    expect(runs(line, place)).toBe(expected);
  });

  test("a pattern without the scripts' names cannot be told", () => {
    expect(runs("run-s build:*")).toBe("?");
    expect(runs("run-s build")).toBe(":build");
  });
});

describe("nodemon", () => {
  test.each([
    ["nodemon server.js", "[node server.js]"],
    [
      "nodemon --watch src -e ts,js --inspect server.js --port 1",
      "[node --inspect server.js --port 1]",
    ],
    ["nodemon -r dotenv/config server.js", "[node -r dotenv/config server.js]"],
    ["nodemon src/index.ts", "[ts-node src/index.ts]"],
    [
      'nodemon --exec "babel-node --presets env" src/index.js',
      "[babel-node --presets env src/index.js]",
    ],
    ["nodemon --exec ts-node src/index.ts", "[ts-node src/index.ts]"],
    ['nodemon -w src --exec "npm run build && node dist"', "[npm run build && node dist]"],
    ["nodemon server.js -w src -- --watch x", "[node server.js --watch x]"],
    ["nodemon", "?"],
    ["nodemon --cwd api server.js", "?"],
    ["nodemon --config other.json", "?"],
  ])("%s", (line, expected) => {
    expect(runs(line)).toBe(expected);
  });

  test("its configuration is read", () => {
    const at = (files: Record<string, unknown>): WrapperPlace => ({
      readText: (path) => (path in files ? JSON.stringify(files[path]) : undefined),
    });
    expect(runs("nodemon", at({ "nodemon.json": { exec: "ts-node src/main.ts" } }))).toBe(
      "[ts-node src/main.ts]",
    );
    expect(runs("nodemon src/main.ts", at({ "nodemon.json": { execMap: { ts: "tsx" } } }))).toBe(
      "[tsx src/main.ts]",
    );
    expect(runs("nodemon", at({ "package.json": { nodemonConfig: { exec: "node x" } } }))).toBe(
      "[node x]",
    );
    expect(runs("nodemon", at({ "package.json": { main: "app.js" } }))).toBe("[node app.js]");
    expect(runs("nodemon", at({ "package.json": { scripts: { start: "node a" } } }))).toBe(
      "[node a]",
    );
    expect(runs("nodemon", at({ "package.json": { scripts: { start: "nodemon" } } }))).toBe(
      "[node index.js]",
    );
    expect(
      runs("nodemon x.js", { readText: (path) => (path === "nodemon.json" ? "{" : undefined) }),
    ).toBe("?");
  });
});

describe("process managers", () => {
  test.each([
    ["pm2-runtime dist/main.js", "node dist/main.js"],
    ["pm2-runtime start dist/main.js -i max --name api", "node dist/main.js"],
    ["pm2-runtime -i 2 dist/main.js", "node dist/main.js"],
    ["pm2-runtime dist/main.js -- --port 1", "node dist/main.js --port 1"],
    ["pm2-runtime npm -- start", "npm start"],
    ["pm2 start npm --name api -- run start", "npm run start"],
    ["pm2 start --no-daemon app.js", "node app.js"],
    ['pm2 start "npm run start"', "[npm run start]"],
    ["pm2-runtime --interpreter ts-node src/main.ts", "ts-node src/main.ts"],
    ['pm2-runtime main.js --node-args="-r dotenv/config"', "node -r dotenv/config main.js"],
    ["pm2-runtime start.sh", "bash start.sh"],
    ["pm2-runtime src/main.ts", "?"],
    ["pm2-runtime ecosystem.config.js", "?"],
    ["pm2-runtime start process.json --env production", "?"],
    ["pm2 logs", "?"],
    ["forever app.js --port 1", "node app.js --port 1"],
    ["forever start -c ts-node -w src/main.ts", "ts-node src/main.ts"],
    ["supervisor -w src server.js", "node server.js"],
    ["supervisor -x coffee -- server.coffee", "coffee server.coffee"],
  ])("%s", (line, expected) => {
    expect(runs(line)).toBe(expected);
  });
});

describe("the file that a runtime starts", () => {
  test.each([
    ["node server.js --port 1", "node server.js", []],
    ["node .", "node .", []],
    ["/usr/local/bin/node dist/main", "node dist/main", []],
    [
      "node -r dotenv/config --import ./a.mjs --max-old-space-size=4096 x.js -r y",
      "node x.js",
      ["dotenv/config", "./a.mjs"],
    ],
    ["node --require=a --loader ts-node/esm x.ts", "node x.ts", ["a", "ts-node/esm"]],
    ["node --inspect --title api x.js", "node x.js", []],
    ["node --enable-source-maps -- x.js", "node x.js", []],
    [
      "ts-node -r tsconfig-paths/register -P tsconfig.a.json --files src/main.ts",
      "ts-node src/main.ts",
      ["tsconfig-paths/register"],
    ],
    ["ts-node-dev --respawn --transpile-only -r a src/main.ts", "ts-node-dev src/main.ts", ["a"]],
    ["tsx watch --tsconfig a.json --env-file=.env src/main.ts", "tsx src/main.ts", []],
    ["babel-node --presets env --extensions .ts src/main.js", "babel-node src/main.js", []],
  ])("%s", (line, expected, required) => {
    const started = startedFile(wordsOf(line));
    expect(started && `${started.runtime} ${started.file}`).toBe(expected);
    expect(started?.required).toEqual(required);
  });

  test.each([
    "node",
    "node -e 1",
    "node --test",
    "node -v",
    "node inspect x.js",
    "node -",
    "ts-node --unknown x.ts",
    "ruby x.rb",
  ])("%s starts none", (line) => {
    expect(startedFile(wordsOf(line))).toBeUndefined();
  });

  test("its arguments and files of variables are told", () => {
    const started = startedFile(["node", "--env-file", ".env", "x.js", "--env-file", "y"]);
    expect(started?.environmentFiles).toEqual([".env"]);
    expect(started?.arguments).toEqual(["--env-file", "y"]);
  });
});
