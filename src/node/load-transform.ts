import { statSync } from "node:fs";
import { basename, extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Transform, TransformFunction, TransformMeta } from "../core/transform.ts";
import { closestName } from "./closest-name.ts";

/** A transform that was asked for can't be used. The message says what is wrong and what to do. */
export class TransformLoadError extends Error {
  override name = "TransformLoadError";
}

export interface LoadTransformOptions {
  /** The transforms that go by a name alone. */
  readonly builtIn: readonly Transform[];
  /** What a relative path is relative to; the process's directory by default. */
  readonly cwd?: string;
}

const typeScriptExtensions = new Set([".ts", ".mts", ".cts"]);
const moduleExtensions = new Set([".js", ".mjs", ".cjs", ...typeScriptExtensions]);

/** Whether the argument of `--transform` is a path to a module, rather than the name of a built-in transform. */
export function isTransformPath(nameOrPath: string): boolean {
  return /[/\\]/.test(nameOrPath) || moduleExtensions.has(extname(nameOrPath));
}

/**
 * Finds a transform by the name of a built-in one or by the path of a module: `export default function transform(file, api,
 * options)` and, unless it returns a string as jscodeshift's transforms do, `export const meta`.
 *
 * @throws {TransformLoadError} when there is none of this name or path, or when the module is not a transform
 * @example await loadTransform("./transforms/pin-alpine.mjs", { builtIn: [] })
 */
export async function loadTransform(
  nameOrPath: string,
  options: LoadTransformOptions,
): Promise<Transform> {
  if (isTransformPath(nameOrPath)) return loadModule(nameOrPath, options.cwd ?? process.cwd());
  const builtIn = options.builtIn.find(({ meta }) => meta.name === nameOrPath);
  if (builtIn) return builtIn;
  const names = options.builtIn.map(({ meta }) => meta.name);
  const meant = closestName(nameOrPath, names);
  throw new TransformLoadError(
    `there is no transform named "${nameOrPath}"${meant ? `; did you mean "${meant}"?` : ""}\n` +
      `Built in: ${names.join(", ") || "none"}. The path of a module needs a "/" or an extension: ./${nameOrPath}.mjs`,
  );
}

async function loadModule(path: string, cwd: string): Promise<Transform> {
  const file = resolve(cwd, path);
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) {
    throw new TransformLoadError(`there is no transform file ${path}`);
  }
  if (typeScriptExtensions.has(extname(file)) && !runtimeStripsTypes()) {
    throw new TransformLoadError(
      `this Node.js (${process.version}) can't load TypeScript: ${path}\n` +
        "Node.js 22.18, 23.6 and later do; or compile it to .mjs: npx esbuild --format=esm --outfile=transform.mjs FILE",
    );
  }
  let module: Readonly<Record<string, unknown>>;
  try {
    module = (await import(pathToFileURL(file).href)) as Readonly<Record<string, unknown>>;
  } catch (error) {
    const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    throw new TransformLoadError(`the transform ${path} can't be loaded: ${detail}`, {
      cause: error,
    });
  }
  return transformOf(module, path);
}

/** `process.features.typescript` is "strip" or "transform" where Node.js loads TypeScript (since 22.10). */
function runtimeStripsTypes(): boolean {
  return "typescript" in process.features && Boolean(process.features.typescript);
}

/** Checks the shape of a transform's module. */
function transformOf(module: Readonly<Record<string, unknown>>, path: string): Transform {
  const transform = module["default"];
  if (!isTransformFunction(transform)) {
    throw new TransformLoadError(
      `the transform ${path} has no default export that is a function\n` +
        "Expected: export default function transform(file, api, options) { … }",
    );
  }
  const meta = module["meta"] ?? {};
  if (!isRecord(meta))
    throw new TransformLoadError(`the meta of transform ${path} is not an object`);
  return { meta: metaOf(meta, path), transform };
}

function isTransformFunction(value: unknown): value is TransformFunction {
  return typeof value === "function";
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The meta with what it may leave out filled in. Its parts are checked here, since they are used far from here. */
function metaOf(meta: Readonly<Record<string, unknown>>, path: string): TransformMeta {
  const wrong = (what: string) =>
    new TransformLoadError(`the meta of transform ${path} is wrong: ${what}`);
  const name = meta["name"] ?? basename(path, extname(path));
  const description = meta["description"] ?? "";
  const reasons = meta["reasons"] ?? {};
  const options = meta["options"] ?? {};
  if (typeof name !== "string") throw wrong("name is not a string");
  if (typeof description !== "string") throw wrong("description is not a string");
  if (!isRecord(reasons)) throw wrong("reasons is not an object");
  if (!isRecord(options)) throw wrong("options is not an object");
  for (const [code, reason] of Object.entries(reasons)) {
    if (
      !isRecord(reason) ||
      typeof reason["kind"] !== "string" ||
      typeof reason["message"] !== "string"
    ) {
      throw wrong(`reasons["${code}"] needs a kind and a message`);
    }
  }
  for (const [key, option] of Object.entries(options)) {
    if (
      !isRecord(option) ||
      typeof option["flag"] !== "string" ||
      !option["flag"].startsWith("--")
    ) {
      throw wrong(`options.${key} needs a flag that begins with "--"`);
    }
  }
  // Checked above as far as it is relied on.
  return { ...meta, name, description, reasons, options } as TransformMeta;
}
