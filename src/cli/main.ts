import manifest from "../../package.json" with { type: "json" };
import { isTransformPath, loadTransform, TransformLoadError } from "../node/load-transform.ts";
import type { Transform } from "../core/transform.ts";
import { parseArguments, transformArguments } from "./arguments.ts";
import type { Invocation } from "./arguments.ts";

/*
 * What is imported above is all that `--help`, `--version` and wrong usage need; the rest is loaded when it is known that
 * there is work to do.
 */

let isPrinted = true;
process.stdout.on("error", giveUpPrinting);
// Where nobody listens, there is nothing to say.
process.stderr.on("error", () => {});
const exitCode = await main(process.argv.slice(2));
process.exitCode = isPrinted ? exitCode : 2;

async function main(argv: readonly string[]): Promise<number> {
  try {
    const custom = await loadModules(argv);
    if (argv[0] === "verify")
      return await (await import("./verify.ts")).runVerify(argv.slice(1), custom);
    return await execute(parseArguments(argv, manifest.version, [...custom.values()]), custom);
  } catch (error) {
    if (!(error instanceof TransformLoadError)) throw error;
    process.stderr.write(`msb-migrate: ${error.message}\n`);
    return 2;
  }
}

async function execute(
  invocation: Invocation,
  custom: ReadonlyMap<string, Transform>,
): Promise<number> {
  switch (invocation.kind) {
    case "done":
      return invocation.exitCode;
    case "explain": {
      const { explainCode, listCodes } = await import("./explain.ts");
      return invocation.code === undefined ? listCodes() : explainCode(invocation.code);
    }
    case "list": {
      const { listTransforms } = await import("./explain.ts");
      return listTransforms();
    }
    case "migrate": {
      const { runMigration } = await import("./run.ts");
      return runMigration(invocation, custom);
    }
  }
}

/** Loads the transforms that the command line gives by path, by that path. */
async function loadModules(argv: readonly string[]): Promise<ReadonlyMap<string, Transform>> {
  const modules = new Map<string, Transform>();
  for (const path of transformArguments(argv)) {
    if (isTransformPath(path) && !modules.has(path))
      modules.set(path, await loadTransform(path, { builtIn: [] }));
  }
  return modules;
}

/** A reader that has seen enough (`| head`) is no fault of the run; a full disk behind standard output is. */
function giveUpPrinting(error: NodeJS.ErrnoException): void {
  if (error.code === "EPIPE") process.exit();
  if (isPrinted)
    process.stderr.write(`msb-migrate: the result can't be printed: ${error.message}\n`);
  isPrinted = false;
  process.exitCode = 2;
}
