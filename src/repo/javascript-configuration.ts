import { kindOf, type Repository } from "../core/repository.ts";
import { resolveIn } from "./javascript-calls.ts";
import { evaluate } from "./javascript-evaluation.ts";
import { callsOfParameter, invoke, type StatementCall } from "./javascript-functions.ts";
import {
  declare,
  placeOf,
  type Reading,
  type Scope,
  type SourceFile,
} from "./javascript-scopes.ts";
import { parseJson, parseProgram, type Expression, type Program } from "./javascript-syntax.ts";
import {
  unknownAt,
  withValueAt,
  type CallValue,
  type JavaScriptValue,
  type ObjectValue,
  type Place,
} from "./javascript-values.ts";
import { accessOf, findWrites } from "./javascript-writes.ts";

/** How a configuration is read. */
export interface ConfigurationOptions {
  /** The directory that commands are run in, relative to the repository's root. */
  readonly workingDirectory: string;
  /** What an exported function is called with. */
  readonly parameters?: readonly PlainValue[];
  /** A variable's value where the command runs; `null` when it is surely not set, `undefined` when that is not known. */
  readonly variable?: (name: string) => string | null | undefined;
}

/** `undefined` in it is something that cannot be told. */
export type PlainValue = string | boolean | undefined | { readonly [name: string]: PlainValue };

/** Files that one configuration may be made of. */
const MOST_FILES = 30;

const EXTENSIONS = ["", ".js", ".ts", ".mjs", ".cjs", ".mts", ".json", "/index.js", "/index.ts"];

/**
 * The configuration that a JavaScript, TypeScript or JSON file exports, read from its source and never executed; `undefined`
 * when there is no such file. Functions are called with `parameters`, and functions of packages that only help to type a
 * configuration, or add to it, are seen through.
 *
 * @example
 *   const configuration = readConfiguration(repository, "vite.config.ts", { workingDirectory: "" });
 *   textOf(valueAt(configuration, ["build", "outDir"]));
 */
export function readConfiguration(
  repository: Repository,
  path: string,
  options: ConfigurationOptions,
): JavaScriptValue | undefined {
  const exported = fileReader(repository, options)(path);
  if (!exported) return undefined;
  const top: Place = { file: path, line: 1, source: "" };
  const parameters = (options.parameters ?? []).map((value) => plainValue(value, top));
  const isModule = exported.kind === "object" && exported.entries.has("default");
  return configurationOf(isModule ? exported.entries.get("default")! : exported, parameters);
}

/** What a file's exported function does with its first parameter, statement by statement; `undefined` when it exports none. */
export function exportedCalls(
  repository: Repository,
  path: string,
  options: ConfigurationOptions,
): readonly StatementCall[] | undefined {
  const exported = fileReader(repository, options)(path);
  const isModule = exported?.kind === "object" && exported.entries.has("default");
  const value = isModule ? exported.entries.get("default") : exported;
  return value && callsOfParameter(value, evaluate);
}

/** A JSON file, comments and trailing commas allowed. */
export function readJson(repository: Repository, path: string): JavaScriptValue | undefined {
  return readConfiguration(repository, path, { workingDirectory: "" });
}

/**
 * Functions that give back the configuration that they get, or one that differs in nothing a reader asks for.
 * Sources: the packages' documentation. Quasar's `configure` and the like take a function.
 */
const TRANSPARENT =
  /^(?:define\w*|configure|createConfig|createRsbuildConfig|with(?:BundleAnalyzer|PWA|PWAInit|MDX|SentryConfig|Sentry|Mermaid|Less|Sass|CSS|Css|Images|Fonts|TM|Typescript|NextIntl|Svgr|Pwa|Contentlayer|Preact|Videos|Transpile\w*|Bundle\w*)|nextTranslate|createMDX|createNextIntlPlugin)$/;
const TRANSPARENT_MODULES =
  /^(?:next-[\w-]+|@next\/[\w-]+|@zeit\/next-[\w-]+|@sentry\/nextjs|@svgr\/webpack|@ducanh2912\/next-pwa|next-intl\/plugin|@serwist\/next|vitepress-plugin-mermaid|next-pwa)$/;

function configurationOf(
  value: JavaScriptValue,
  parameters: readonly JavaScriptValue[],
  depth = 0,
): JavaScriptValue {
  if (depth > 20) return unknownAt(value);
  if (value.kind === "function") {
    const result = invoke(value, parameters, evaluate);
    return result ? configurationOf(result, parameters, depth + 1) : unknownAt(value);
  }
  if (value.kind === "list")
    return {
      ...value,
      items: value.items.map((item) => configurationOf(item, parameters, depth + 1)),
    };
  if (value.kind !== "call") return value.kind === "reference" ? unknownAt(value) : value;
  const given = value.values.find((one) => /^(?:object|function|call|list)$/.test(one.kind));
  if (!given || !value.callee) return unknownAt(value);
  const inner = configurationOf(given, parameters, depth + 1);
  if (isTransparent(value)) return inner;
  // Something unknown has a hand in it: what it was given it most likely keeps, but it may add to it.
  return inner.kind === "object" && /^with[A-Z]/.test(lastName(value))
    ? { ...inner, isComplete: false }
    : unknownAt(value);
}

function isTransparent(call: CallValue): boolean {
  return TRANSPARENT.test(lastName(call)) || TRANSPARENT_MODULES.test(call.callee?.module ?? "");
}

function lastName({ callee }: CallValue): string {
  return callee?.name.split("/").at(-1) ?? "";
}

/** Reads files of a repository, each of them once. */
function fileReader(
  repository: Repository,
  options: ConfigurationOptions,
): (path: string) => JavaScriptValue | undefined {
  const exports = new Map<string, JavaScriptValue | undefined>();
  const reading: Reading = {
    workingDirectory: options.workingDirectory,
    depth: 0,
    steps: 0,
    variableAt(name, text, at) {
      const value = options.variable?.(name);
      if (typeof value === "string") return { ...at, kind: "text", text: value };
      // What is not set may come from a file yet.
      return value === null && !text.includes("dotenv")
        ? { ...at, kind: "nothing" }
        : unknownAt(at);
    },
    requiredBy(file, request, at) {
      if (!/^[./]/.test(request)) return { ...at, kind: "reference", module: request, name: "" };
      const whole = request.startsWith("/") ? request.slice(1) : resolveIn(file.directory, request);
      const found = EXTENSIONS.map((extension) => whole + extension).find(
        (path) => kindOf(repository, path) === "file",
      );
      return (found === undefined ? undefined : read(found)) ?? unknownAt(at);
    },
  };

  function read(path: string): JavaScriptValue | undefined {
    if (exports.has(path)) return exports.get(path);
    const text = exports.size < MOST_FILES ? repository.read(path) : undefined;
    if (text === undefined) return undefined;
    const top: Place = { file: path, line: 1, source: text.slice(0, 80) };
    // A file that leads back to itself.
    exports.set(path, unknownAt(top));
    const value = exportsOf(path, text, top, reading);
    exports.set(path, value);
    return value;
  }

  return read;
}

function exportsOf(path: string, text: string, top: Place, reading: Reading): JavaScriptValue {
  const isJson = /\.(?:json|json5|jsonc)$|(?:^|\/)\.[a-z]+rc$/.test(path);
  const json = isJson ? parseJson(text) : undefined;
  const program = isJson ? undefined : parseProgram(text);
  const tree = json ?? program;
  if (!tree) return unknownAt(top);
  const directory = path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
  const file: SourceFile = { path, directory, text, top, reading, writes: findWrites(tree) };
  const scope: Scope = { file, names: new Map(), outer: undefined };
  if (tree.type !== "Program") return evaluate(tree, scope);
  declare(tree.body, scope, tree, evaluate);
  return programExports(tree, scope);
}

/** All that a file exports: an object with `default` for a module, whatever `module.exports` is otherwise. */
function programExports(program: Program, scope: Scope): JavaScriptValue {
  const { file } = scope;
  let common: JavaScriptValue | undefined;
  let named: ObjectValue = { ...file.top, kind: "object", entries: new Map(), isComplete: true };
  const add = (name: string, value: JavaScriptValue): void => {
    named = { ...named, entries: new Map(named.entries).set(name, value) };
  };
  for (const statement of program.body) {
    if (statement.type === "ExportDefaultDeclaration")
      add("default", evaluate(statement.declaration, scope));
    else if (statement.type === "TSExportAssignment")
      common = evaluate(statement.expression, scope);
    else if (statement.type === "ExportAllDeclaration") named = { ...named, isComplete: false };
    else if (statement.type === "ExportNamedDeclaration") {
      for (const name of declaredNames(statement.declaration))
        add(name, evaluate({ ...IDENTIFIER, name }, scope));
      for (const specifier of statement.specifiers) {
        if (specifier.type !== "ExportSpecifier") continue;
        const name =
          specifier.exported.type === "Identifier"
            ? specifier.exported.name
            : specifier.exported.value;
        const from = statement.source?.value;
        const source =
          from === undefined
            ? undefined
            : file.reading.requiredBy(file, from, placeOf(statement, scope));
        add(
          name,
          source
            ? source.kind === "object"
              ? (source.entries.get(specifier.local.name) ?? unknownAt(source))
              : unknownAt(source)
            : evaluate(specifier.local, scope),
        );
      }
    } else if (statement.type === "ExpressionStatement") {
      common = assignedExports(statement.expression, common, scope);
    }
  }
  return otherExports(common ?? named, program, scope);
}

/** The exports after `module.exports = …`, `exports.name = …`, `exports = module.exports = …`. */
function assignedExports(
  expression: Expression,
  before: JavaScriptValue | undefined,
  scope: Scope,
): JavaScriptValue | undefined {
  if (expression.type !== "AssignmentExpression") return before;
  const access = accessOf(expression.left);
  const path = access && exportPath(access.name, access.path);
  const after = assignedExports(expression.right, before, scope);
  if (!path || (access.name === "exports" && path.length === 0)) return after;
  const value = evaluate(expression.right, scope);
  if (path.length === 0) return value;
  const none: ObjectValue = {
    ...scope.file.top,
    kind: "object",
    entries: new Map(),
    isComplete: true,
  };
  return withValueAt(after ?? none, path, value);
}

const IDENTIFIER = { type: "Identifier" as const, loc: null, start: 0, end: 0 };

function declaredNames(declaration: Program["body"][number] | null | undefined): string[] {
  if (declaration?.type === "FunctionDeclaration")
    return declaration.id ? [declaration.id.name] : [];
  if (declaration?.type !== "VariableDeclaration") return [];
  return declaration.declarations.flatMap(({ id }) => (id.type === "Identifier" ? [id.name] : []));
}

/** Data as a value, at the top of a file. */
function plainValue(value: PlainValue, top: Place): JavaScriptValue {
  if (typeof value === "string") return { ...top, kind: "text", text: value };
  if (typeof value === "boolean") return { ...top, kind: "boolean", boolean: value };
  if (value === undefined) return unknownAt(top);
  const entries = Object.entries(value).map(([key, held]) => [key, plainValue(held, top)] as const);
  return { ...top, kind: "object", entries: new Map(entries), isComplete: false };
}

/** What of the exports is written; `undefined` when it is something else. */
function exportPath(
  name: string,
  path: readonly (string | undefined)[],
): readonly (string | undefined)[] | undefined {
  if (name === "exports") return path;
  return name === "module" && path[0] === "exports" ? path.slice(1) : undefined;
}

/** Exports that are written under a condition, or changed by something that is called with them, cannot be told. */
function otherExports(
  exported: JavaScriptValue,
  program: Program,
  { file }: Scope,
): JavaScriptValue {
  const { inside } = file.writes;
  const writes = [
    ...(inside.get("module") ?? [])
      .filter(({ path }) => path[0] === "exports")
      .map((write) => ({ ...write, path: write.path.slice(1) })),
    ...(inside.get("exports") ?? []),
  ];
  let value = exported;
  for (const { path, block } of writes)
    if (block !== program) value = withValueAt(value, path, undefined);
  return value;
}
