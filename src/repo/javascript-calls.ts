import {
  booleanOf,
  deeplyMerged,
  isTruthy,
  overlaid,
  textOf,
  unknownAt,
  type JavaScriptValue,
  type Place,
  type ReferenceValue,
} from "./javascript-values.ts";

/** What a few functions of Node.js, of the language and of merging packages make of known arguments. */

/** What is known where a file is evaluated. */
export interface CallPlace {
  /** Commands are run in it: `process.cwd()`. Relative to the repository's root. */
  readonly workingDirectory: string;
}

type Known = (
  values: readonly JavaScriptValue[],
  at: Place,
  place: CallPlace,
) => JavaScriptValue | undefined;

/** Functions by module and name. Sources: https://nodejs.org/api/path.html, https://nodejs.org/api/url.html, ECMA-262. */
const FUNCTIONS: Readonly<Record<string, Known>> = {
  "path resolve": (values, at, { workingDirectory }) => joined(values, at, workingDirectory),
  "path join": (values, at) => joined(values, at, undefined),
  "path normalize": (values, at) => joined(values, at, undefined),
  "path dirname": ([value], at) =>
    value?.kind === "path" ? { ...at, kind: "path", path: resolveIn(value.path, "..") } : undefined,
  "fs realpathSync": ([value]) => (value?.kind === "path" ? value : undefined),
  "url fileURLToPath": ([value]) => (value?.kind === "path" ? value : undefined),
  " URL": urlValue,
  "url URL": urlValue,
  " process/cwd": (_values, at, { workingDirectory }) => ({
    ...at,
    kind: "path",
    path: workingDirectory,
  }),
  " Object/assign": ([first, ...rest]) =>
    first?.kind === "object"
      ? rest.reduce((all, over) => overlaid(asObject(all), over), first)
      : undefined,
  " Object/freeze": ([value]) => value,
  " String": ([value], at) =>
    value?.kind === "number"
      ? { ...at, kind: "text", text: String(value.number) }
      : onlyText(value),
  " Number": numberOf,
  " parseInt": numberOf,
  " Number/parseInt": numberOf,
  " Boolean": ([value], at) => {
    const truth = value && isTruthy(value);
    return truth === undefined ? undefined : { ...at, kind: "boolean", boolean: truth };
  },
};

/** `new URL("./dist", import.meta.url)` */
function urlValue(
  [value, base]: readonly JavaScriptValue[],
  at: Place,
): JavaScriptValue | undefined {
  const text = textOf(value);
  if (text === undefined || base?.kind !== "path" || /^[a-z]+:/i.test(text)) return undefined;
  return { ...at, kind: "path", path: resolveIn(resolveIn(base.path, ".."), text) };
}

/** Functions that merge configurations. Sources: the packages' documentation. */
const MERGING =
  /^(?:webpack-merge (?:|merge|default|smart)|vite mergeConfig|vitest\/config mergeConfig|deepmerge |lodash(?:\/merge|\.merge)? (?:|merge)|@rsbuild\/core mergeRsbuildConfig|@rspack\/(?:core|cli) mergeConfig)$/;

/** What a call comes to, `undefined` when that is not known. */
export function calledValue(
  callee: ReferenceValue,
  values: readonly JavaScriptValue[],
  at: Place,
  place: CallPlace,
): JavaScriptValue | undefined {
  const module = callee.module.replace(/^node:/, "").replace(/^path\/posix$/, "path");
  const name = `${module} ${callee.name.replace(/^posix\//, "")}`;
  if (MERGING.test(name) && values.length > 0) return values.reduce(deeplyMerged);
  return Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name]!(values, at, place) : undefined;
}

/** What a method of a known value comes to. */
export function methodValue(
  object: JavaScriptValue,
  method: string,
  values: readonly JavaScriptValue[],
  at: Place,
): JavaScriptValue | undefined {
  if (object.kind === "list" && method === "filter" && values[0]?.kind === "reference")
    return { ...object, items: object.items.filter((item) => isTruthy(item) !== false) };
  if (object.kind === "list" && method === "concat" && values[0]?.kind === "list")
    return {
      ...object,
      items: [...object.items, ...values[0].items],
      isComplete: object.isComplete && values[0].isComplete && values.length === 1,
    };
  if (object.kind === "path" && (method === "toString" || method === "pathname")) return object;
  if (object.kind === "text" && method === "trim")
    return { ...at, kind: "text", text: object.text.trim() };
  return undefined;
}

/** `path.join` and, with a directory to begin in, `path.resolve`. */
function joined(
  values: readonly JavaScriptValue[],
  at: Place,
  workingDirectory: string | undefined,
): JavaScriptValue | undefined {
  let path: string | undefined;
  let text = "";
  let isAbsolute = false;
  for (const value of values) {
    if (value.kind === "path") {
      // `join` appends a second absolute path; nobody means that.
      if (workingDirectory === undefined && (path !== undefined || text !== "")) return undefined;
      path = value.path;
      text = "";
      isAbsolute = false;
    } else if (value.kind === "text") {
      if (workingDirectory !== undefined && value.text.startsWith("/")) {
        path = undefined;
        text = value.text;
        isAbsolute = true;
      } else if (path !== undefined) path = resolveIn(path, value.text.replace(/^\/+/, "") || ".");
      else text = text === "" ? value.text : `${text}/${value.text}`;
    } else return undefined;
  }
  if (path !== undefined) return { ...at, kind: "path", path };
  if (isAbsolute || workingDirectory === undefined)
    return { ...at, kind: "text", text: normalized(text) };
  return { ...at, kind: "path", path: resolveIn(workingDirectory, text) };
}

/** A path seen from a directory of the repository; it may lie outside. */
export function resolveIn(directory: string, path: string): string {
  const parts: string[] = [];
  for (const part of `${directory}/${path}`.split("/")) {
    if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts.join("/");
}

function normalized(path: string): string {
  if (path.startsWith("/")) return `/${resolveIn("", path)}`;
  return resolveIn("", path) || ".";
}

function asObject(value: JavaScriptValue): Extract<JavaScriptValue, { kind: "object" }> {
  return value.kind === "object"
    ? value
    : {
        file: value.file,
        line: value.line,
        source: value.source,
        kind: "object",
        entries: new Map(),
        isComplete: false,
      };
}

function onlyText(value: JavaScriptValue | undefined): JavaScriptValue | undefined {
  return value?.kind === "text" ? value : undefined;
}

function numberOf(values: readonly JavaScriptValue[], at: Place): JavaScriptValue | undefined {
  const [value] = values;
  if (value?.kind === "number") return value;
  if (value?.kind === "unknown" && value.otherwise)
    return unknownAt(at, numberOf([value.otherwise], at));
  const text = textOf(value);
  return text !== undefined && /^\d+$/.test(text)
    ? { ...at, kind: "number", number: Number(text) }
    : undefined;
}

/** The value of an operator with known sides. */
export function operatedValue(
  operator: string,
  left: JavaScriptValue,
  right: JavaScriptValue,
  at: Place,
): JavaScriptValue | undefined {
  if (operator === "+") return added(left, right, at);
  const isEqual = equality(left, right);
  if (isEqual === undefined) return undefined;
  if (operator === "===" || operator === "==") return { ...at, kind: "boolean", boolean: isEqual };
  if (operator === "!==" || operator === "!=") return { ...at, kind: "boolean", boolean: !isEqual };
  return undefined;
}

function equality(left: JavaScriptValue, right: JavaScriptValue): boolean | undefined {
  const plain = (value: JavaScriptValue): string | undefined =>
    value.kind === "text"
      ? `text ${value.text}`
      : value.kind === "number"
        ? `number ${value.number}`
        : value.kind === "nothing"
          ? "nothing"
          : value.kind === "boolean"
            ? `boolean ${booleanOf(value)}`
            : undefined;
  const [one, other] = [plain(left), plain(right)];
  return one === undefined || other === undefined ? undefined : one === other;
}

/** Text joined to text, or to a path of the repository. */
export function added(
  left: JavaScriptValue,
  right: JavaScriptValue,
  at: Place,
): JavaScriptValue | undefined {
  const end = right.kind === "number" ? String(right.number) : textOf(right);
  if (left.kind === "path") {
    if (end === "") return left;
    return end?.startsWith("/")
      ? { ...at, kind: "path", path: resolveIn(left.path, end) }
      : undefined;
  }
  if (left.kind === "text" && left.text === "" && right.kind === "path") return right;
  if (left.kind === "number" && right.kind === "number")
    return { ...at, kind: "number", number: left.number + right.number };
  const begin = left.kind === "number" ? String(left.number) : textOf(left);
  return begin === undefined || end === undefined
    ? undefined
    : { ...at, kind: "text", text: begin + end };
}
