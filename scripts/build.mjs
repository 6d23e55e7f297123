/**
 * Builds dist/: `node scripts/build.mjs` bundles the code (under a second); with `--declarations` it also emits the types.
 *
 * One bundle with shared chunks for all entries, so that the command loads what it needs and no more: a file each for
 * Node to open, and nothing of what `--version` does not touch.
 */
import { spawnSync } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const root = fileURLToPath(new URL("../", import.meta.url));

const entries = {
  index: "src/index.ts",
  node: "src/node/index.ts",
  testing: "src/testing/index.ts",
  cli: "src/cli/main.ts",
  worker: "src/runner/worker.ts",
};

/**
 * commander loads node:child_process for subcommands that are programs of their own. We have none, and the module takes 6 ms
 * of a start that should take little more than Node's own.
 */
const withoutSubprocesses = {
  name: "without-subprocesses",
  resolveId(id, importer) {
    return id === "node:child_process" && importer?.includes("/commander/")
      ? "\0no-subprocesses"
      : undefined;
  },
  load(id) {
    return id === "\0no-subprocesses" ? "export default {};" : undefined;
  },
};

rmSync(`${root}dist`, { recursive: true, force: true });
const bundle = await rolldown({
  cwd: root,
  input: Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(root + file))),
  platform: "node",
  // The test framework that msb-migrate/testing is used under is the caller's.
  external: ["vitest"],
  plugins: [withoutSubprocesses],
  // "module" first: what is written as CommonJS can't be split or shaken.
  resolve: {
    mainFields: ["module", "main"],
    // yaml's Node build is CommonJS; the same code as modules starts faster.
    alias: { yaml: `${root}node_modules/yaml/browser/index.js` },
  },
});
await bundle.write({
  dir: `${root}dist`,
  format: "esm",
  entryFileNames: "[name].js",
  chunkFileNames: "chunks/[name]-[hash].js",
});
await bundle.close();

if (process.argv.includes("--declarations")) emitDeclarations();

/** The types of what is shipped: not of the tests, which tsconfig.json includes as well. */
function emitDeclarations() {
  const project = `${root}dist/tsconfig.json`;
  const compilerOptions = {
    declaration: true,
    emitDeclarationOnly: true,
    noEmit: false,
    outDir: "types",
    rootDir: "..",
  };
  writeFileSync(
    project,
    JSON.stringify({
      extends: "../tsconfig.json",
      compilerOptions,
      include: ["../src", "../transforms"],
      exclude: [],
    }),
  );
  const tsc = `${root}node_modules/typescript/bin/tsc`;
  const { status } = spawnSync(process.execPath, [tsc, "--project", project], { stdio: "inherit" });
  rmSync(project);
  process.exitCode = status ?? 1;
}
