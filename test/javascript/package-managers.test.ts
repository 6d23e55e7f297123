import { expect, test } from "vitest";
import { managerCommand } from "../../src/javascript/package-managers.ts";

const read = (line: string) => managerCommand(line.split(" "));

test.each([
  ["npm ci", { isGlobal: false, packages: [], omitsDevelopment: false }],
  ["npm install --omit=dev", { omitsDevelopment: true }],
  ["npm i --only=production", { omitsDevelopment: true }],
  ["npm i -P express", { packages: ["express"], omitsDevelopment: false }],
  ["pnpm i -P", { omitsDevelopment: true }],
  ["yarn", { isGlobal: false, packages: [] }],
  ["yarn install --production=false", { omitsDevelopment: false, includesDevelopment: true }],
  ["npm install -g pm2@5", { isGlobal: true, packages: ["pm2@5"] }],
  ["yarn global add serve", { isGlobal: true, packages: ["serve"] }],
  ["npm ci --prefix client", { directory: "client", packages: [] }],
])("%s installs", (line, expected) => {
  expect(read(line)).toMatchObject({ kind: "install", ...expected });
});

test.each([
  ["npm start", { name: "start", words: [] }],
  ["npm run build -- --mode staging", { name: "build", words: ["--mode", "staging"] }],
  ["yarn build --mode staging", { name: "build", words: ["--mode", "staging"] }],
  ["pnpm --filter api build", { name: "build", isElsewhere: true }],
  ["npm run build -w web", { name: "build", isElsewhere: true }],
  ["npm run build --if-present", { name: "build", isOptional: true }],
])("%s runs a script", (line, expected) => {
  expect(read(line)).toMatchObject({ kind: "script", ...expected });
});

test.each([
  ["npx tsc@5.4 -p .", ["tsc", "-p", "."]],
  ["npx -y @scope/tool@1 x", ["@scope/tool", "x"]],
  ["pnpm exec next build", ["next", "build"]],
])("%s runs a program of a package", (line, words) => {
  expect(read(line)).toMatchObject({ kind: "program", words });
});

test("what sets up later commands, what does nothing, and other programs are told apart", () => {
  expect(read("npm config set registry https://example.org")?.kind).toBe("setting");
  expect(read("corepack prepare pnpm@9 --activate")?.kind).toBe("setting");
  expect(read("npm cache clean --force")?.kind).toBe("nothing");
  expect(read("npm prune --omit=dev")?.kind).toBe("prune");
  expect(read("npm uninstall left-pad")?.kind).toBe("other");
  expect(read("node server.js")).toBeUndefined();
});
