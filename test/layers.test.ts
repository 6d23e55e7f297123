import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "..");

/** What each layer may import, beside itself and packages, and why no more. */
const layers: Readonly<Record<string, { readonly from: readonly string[]; readonly why: string }>> =
  {
    "src/core": {
      from: [],
      why: "the core knows nothing of Go, Node or files, so that every transform stands on the same ground",
    },
    "src/repo": {
      from: ["src/core"],
      why: "facts of a repository come through a reader that is passed in",
    },
    "src/stages": {
      from: ["src/core", "src/repo"],
      why: "what transforms share is about stages, not about a language",
    },
    "src/go": {
      from: ["src/core", "src/repo", "src/stages"],
      why: "Go's rules stand on stages and repository facts",
    },
    "src/javascript": {
      from: ["src/core", "src/repo", "src/stages"],
      why: "the rules of Node and of front ends stand on stages and repository facts",
    },
    transforms: {
      from: ["src/core", "src/repo", "src/stages", "src/go", "src/javascript"],
      why: "a transform decides; it touches no file and prints nothing",
    },
    "src/index.ts": { from: ["src/core", "transforms"], why: "the main export runs in a browser" },
    "src/node": {
      from: ["src/core"],
      why: "files are read and written here, and transforms are passed in",
    },
    "src/runner": {
      from: ["src/core", "src/node", "transforms"],
      why: "threads are started here, and what they do is src/node's",
    },
    "src/report": { from: ["src/core"], why: "a report is made of outcomes alone" },
    "src/testing": {
      from: ["src/core", "src/node"],
      why: "the fixture runner reads fixtures from disk",
    },
    "src/verify": {
      from: ["src/core", "src/node", "src/report", "src/testing"],
      why: "child processes are started here and nowhere else but in src/node (git)",
    },
    "src/cli": {
      from: [
        "src/core",
        "src/node",
        "src/report",
        "src/verify",
        "src/runner",
        "transforms",
        "package.json",
      ],
      why: "only the command line prints and exits",
    },
  };

/** Layers that must run in a browser. */
const pure = [
  "src/core",
  "src/repo",
  "src/stages",
  "src/go",
  "transforms",
  "src/index.ts",
  "src/report",
];

function filesOf(layer: string): string[] {
  if (layer.endsWith(".ts")) return [layer];
  return readdirSync(join(root, layer), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => join(layer, file));
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), "utf8");
  return [
    ...text.matchAll(/(?:^|\n)(?:import|export)[^"';]*?from\s*"([^"]+)"|import\("([^"]+)"\)/g),
  ].map((match) => match[1] ?? match[2]!);
}

describe.each(Object.entries(layers))("%s", (layer, { from, why }) => {
  test(`imports only from ${from.join(", ") || "itself"}: ${why}`, () => {
    const wrong: string[] = [];
    for (const file of filesOf(layer)) {
      for (const name of importsOf(file)) {
        if (!name.startsWith(".")) continue;
        const target = relative(root, resolve(root, file, "..", name));
        const isAllowed = [layer, ...from].some(
          (allowed) => target === allowed || target.startsWith(`${allowed}/`),
        );
        if (!isAllowed) wrong.push(`${file} → ${target}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});

test.each(pure)("%s uses no module of Node.js, no process and no console", (layer) => {
  const wrong = filesOf(layer).flatMap((file) => {
    const text = readFileSync(join(root, file), "utf8").replace(/\/\*[^]*?\*\/|\/\/.*/g, "");
    return [
      ...importsOf(file).filter((name) => name.startsWith("node:")),
      ...(/\b(?:process|console)\.[a-z]|\brequire\(/.test(text)
        ? ["process, console or require"]
        : []),
    ].map((name) => `${file}: ${name}`);
  });
  expect(wrong).toEqual([]);
});

test("every folder of src is a layer", () => {
  const folders = readdirSync(join(root, "src"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `src/${name}`);
  expect(folders.filter((folder) => !(folder in layers))).toEqual([]);
});
