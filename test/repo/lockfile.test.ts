import { expect, test } from "vitest";
import { repositoryOf } from "../../src/core/repository.ts";
import { readLockfile } from "../../src/repo/lockfile.ts";

test("a lockfile of npm 7 and later says what only development needs", () => {
  const packages = readLockfile(
    repositoryOf({
      "package-lock.json": JSON.stringify({
        lockfileVersion: 3,
        packages: {
          "": { name: "app" },
          "node_modules/express": { version: "4.21.2", dependencies: { accepts: "~1.3.8" } },
          "node_modules/typescript": { version: "5.7.2", dev: true },
          "node_modules/a/node_modules/@scope/b": { version: "1.0.0", dev: true },
        },
      }),
    }),
    "",
  )?.packages;
  expect(packages?.get("express")).toEqual({
    version: "4.21.2",
    dependencies: ["accepts"],
    isDevelopment: false,
  });
  expect(packages?.get("typescript")?.isDevelopment).toBe(true);
  expect([...(packages?.keys() ?? [])]).toEqual(["express", "typescript", "@scope/b"]);
});

test("a lockfile of npm 6 holds packages in packages", () => {
  const packages = readLockfile(
    repositoryOf({
      "server/package-lock.json": JSON.stringify({
        lockfileVersion: 1,
        dependencies: {
          a: { version: "1.0.0", requires: { b: "^1" }, dependencies: { b: { version: "1.1.0" } } },
        },
      }),
    }),
    "server",
  )?.packages;
  expect(packages?.get("a")?.dependencies).toEqual(["b"]);
  expect(packages?.get("b")?.version).toBe("1.1.0");
});

test("lockfiles of yarn, both old and new, are read", () => {
  const old = `# yarn lockfile v1

"@scope/a@^1.0.0", "@scope/a@^1.1.0":
  version "1.1.2"
  resolved "https://example.org/a.tgz"
  dependencies:
    b "^2.0.0"

b@^2.0.0:
  version "2.0.1"
`;
  const berry = `__metadata:
  version: 8

"b@npm:^2.0.0":
  version: 2.0.1
  resolution: "b@npm:2.0.1"
  dependencies:
    "@scope/a": "npm:^1.0.0"
`;
  const of = (text: string) => readLockfile(repositoryOf({ "yarn.lock": text }), "")?.packages;
  expect(of(old)?.get("@scope/a")).toMatchObject({ version: "1.1.2", dependencies: ["b"] });
  expect(of(old)?.get("b")?.version).toBe("2.0.1");
  expect(of(berry)?.get("b")).toMatchObject({ version: "2.0.1", dependencies: ["@scope/a"] });
});

test("pnpm's keys are read in every version's way of writing them", () => {
  const text = `lockfileVersion: '6.0'
packages:
  /express@4.18.2:
    resolution: {integrity: x}
    dependencies:
      accepts: 1.3.8
    dev: false
  /@types/node@20.1.0:
    resolution: {integrity: x}
    dev: true
`;
  const packages = readLockfile(repositoryOf({ "pnpm-lock.yaml": text }), "")?.packages;
  expect(packages?.get("express")).toMatchObject({
    version: "4.18.2",
    dependencies: ["accepts"],
    isDevelopment: false,
  });
  expect(packages?.get("@types/node")?.isDevelopment).toBe(true);
});

test("the lockfile of the manager that installs counts, and a binary one names nothing", () => {
  const repository = repositoryOf({
    "package-lock.json": "{}",
    "yarn.lock": "",
    "x/bun.lockb": "",
  });
  expect(readLockfile(repository, "", "yarn")?.path).toBe("yarn.lock");
  expect(readLockfile(repository, "")?.kind).toBe("npm");
  expect(readLockfile(repository, "x")?.packages).toBeUndefined();
});
