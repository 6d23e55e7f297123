/**
 * What an expression of a configuration file comes to, as far as its text says: nothing is ever executed. A property that is
 * not there and one that cannot be told are kept apart: `valueAt` gives `undefined` for the first only.
 */
export type JavaScriptValue =
  | TextValue
  | PathValue
  | (Place & { readonly kind: "number"; readonly number: number })
  | (Place & { readonly kind: "boolean"; readonly boolean: boolean })
  /** `null` and `undefined`. */
  | (Place & { readonly kind: "nothing" })
  | ListValue
  | ObjectValue
  | CallValue
  | ReferenceValue
  /** A function or a class; `source` is its text. */
  | (Place & { readonly kind: "function" })
  | UnknownValue;

/** Where a value is written. */
export interface Place {
  /** Of the file, relative to the repository's root. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** The text that it was read from. */
  readonly source: string;
}

export interface TextValue extends Place {
  readonly kind: "text";
  readonly text: string;
}

/** An absolute path that is known by its place in the repository: `path.resolve(__dirname, "dist")`. */
export interface PathValue extends Place {
  readonly kind: "path";
  /** Relative to the repository's root, `""` for the root itself; begins with `..` when it lies outside. */
  readonly path: string;
}

export interface ListValue extends Place {
  readonly kind: "list";
  readonly items: readonly JavaScriptValue[];
  /** There are no other items. */
  readonly isComplete: boolean;
}

export interface ObjectValue extends Place {
  readonly kind: "object";
  readonly entries: ReadonlyMap<string, JavaScriptValue>;
  /** There are no other properties. */
  readonly isComplete: boolean;
}

/** A call, or a `new`, of something that is not written in the repository: `vue()`. */
export interface CallValue extends Place {
  readonly kind: "call";
  readonly callee: ReferenceValue | undefined;
  readonly values: readonly JavaScriptValue[];
}

/** Something that a package or the language provides: `import vue from "@vitejs/plugin-vue"`. */
export interface ReferenceValue extends Place {
  readonly kind: "reference";
  /** The package's name and path as written; `""` for globals. */
  readonly module: string;
  /** What of it, `""` for all of it or its default export: `join`, `process/env`. */
  readonly name: string;
}

export interface UnknownValue extends Place {
  readonly kind: "unknown";
  /** `"default"` in `value || "default"`. */
  readonly otherwise?: JavaScriptValue;
}

/**
 * The value at a path of properties; `undefined` when it is surely not there (or is `undefined` itself), `unknown` when that
 * cannot be told.
 */
export function valueAt(
  value: JavaScriptValue | undefined,
  path: readonly (string | number)[],
): JavaScriptValue | undefined {
  let current = value;
  for (const key of path) {
    if (current === undefined || current.kind === "unknown" || current.kind === "nothing") break;
    current = propertyOf(current, key);
  }
  if (current?.kind === "unknown") return current;
  return current?.kind === "nothing" ? undefined : current;
}

function propertyOf(value: JavaScriptValue, key: string | number): JavaScriptValue | undefined {
  switch (value.kind) {
    case "object":
      return value.entries.get(String(key)) ?? (value.isComplete ? undefined : unknownAt(value));
    case "list":
      return value.items[Number(key)] ?? (value.isComplete ? undefined : unknownAt(value));
    case "text":
    case "path":
    case "number":
    case "boolean":
    case "function":
      return undefined;
    default:
      return unknownAt(value);
  }
}

/** A value that cannot be told, at the place of another. */
export function unknownAt(
  { file, line, source }: Place,
  otherwise?: JavaScriptValue,
): UnknownValue {
  const known = otherwise && otherwise.kind !== "unknown" ? otherwise : otherwise?.otherwise;
  return { kind: "unknown", file, line, source, ...(known && { otherwise: known }) };
}

export function textOf(value: JavaScriptValue | undefined): string | undefined {
  return value?.kind === "text" ? value.text : undefined;
}

export function booleanOf(value: JavaScriptValue | undefined): boolean | undefined {
  return value?.kind === "boolean" ? value.boolean : undefined;
}

export function itemsOf(value: JavaScriptValue | undefined): readonly JavaScriptValue[] {
  return value?.kind === "list" ? value.items : [];
}

export function entriesOf(
  value: JavaScriptValue | undefined,
): ReadonlyMap<string, JavaScriptValue> {
  return value?.kind === "object" ? value.entries : new Map<string, JavaScriptValue>();
}

/** Whether a condition that comes to this holds; `undefined` when that cannot be told. */
export function isTruthy(value: JavaScriptValue): boolean | undefined {
  switch (value.kind) {
    case "text":
      return value.text !== "";
    case "number":
      return value.number !== 0 && !Number.isNaN(value.number);
    case "boolean":
      return value.boolean;
    case "nothing":
      return false;
    case "path":
    case "list":
    case "object":
    case "function":
      return true;
    default:
      return undefined;
  }
}

/** Whether two values are known to be the same. */
export function isSame(one: JavaScriptValue, other: JavaScriptValue): boolean {
  return plainText(one) !== undefined && plainText(one) === plainText(other);
}

/** A value as text to compare by, without its place; `undefined` when a part of it is not known. */
function plainText(value: JavaScriptValue): string | undefined {
  switch (value.kind) {
    case "text":
      return JSON.stringify(value.text);
    case "path":
      return `path ${JSON.stringify(value.path)}`;
    case "number":
      return String(value.number);
    case "boolean":
      return String(value.boolean);
    case "nothing":
      return "nothing";
    case "function":
      return value.source;
    case "reference":
      return `${value.module} ${value.name}`;
    case "call":
      return value.callee && value.values.length === 0
        ? `${value.callee.module} ${value.callee.name}()`
        : undefined;
    case "list": {
      const items = value.items.map(plainText);
      return value.isComplete && !items.includes(undefined) ? `[${items.join()}]` : undefined;
    }
    case "object": {
      const entries = [...value.entries].map(([key, held]) => [key, plainText(held)] as const);
      return value.isComplete && entries.every(([, text]) => text !== undefined)
        ? `{${entries.map(([key, text]) => `${JSON.stringify(key)}:${text}`).join()}}`
        : undefined;
    }
    case "unknown":
      return undefined;
  }
}

/** What a value is that is the one or the other: what both agree on stays known. */
export function eitherOf(one: JavaScriptValue, other: JavaScriptValue): JavaScriptValue {
  if (isSame(one, other)) return one;
  if (one.kind !== "object" || other.kind !== "object") return unknownAt(one);
  const entries = new Map<string, JavaScriptValue>();
  for (const key of new Set([...one.entries.keys(), ...other.entries.keys()])) {
    const [left, right] = [one.entries.get(key), other.entries.get(key)];
    entries.set(key, left && right ? eitherOf(left, right) : unknownAt((left ?? right)!));
  }
  return { ...one, entries, isComplete: one.isComplete && other.isComplete };
}

/** An object with the properties of another set over its own, as a spread does. */
export function overlaid(base: ObjectValue, over: JavaScriptValue): ObjectValue {
  if (over.kind === "nothing" || over.kind === "boolean") return base;
  const entries = new Map(base.entries);
  if (over.kind === "object") {
    if (!over.isComplete) for (const [key, value] of entries) entries.set(key, unknownAt(value));
    for (const [key, value] of over.entries) entries.set(key, value);
    return { ...base, entries, isComplete: base.isComplete && over.isComplete };
  }
  for (const [key, value] of entries) entries.set(key, unknownAt(value));
  return { ...base, entries, isComplete: false };
}

/** Objects merged property by property, lists joined, as webpack-merge and Vite's `mergeConfig` do. */
export function deeplyMerged(base: JavaScriptValue, over: JavaScriptValue): JavaScriptValue {
  if (base.kind === "list" && over.kind === "list")
    return {
      ...base,
      items: [...base.items, ...over.items],
      isComplete: base.isComplete && over.isComplete,
    };
  if (base.kind !== "object" || over.kind !== "object") return over;
  const merged = overlaid(base, over);
  const entries = new Map(merged.entries);
  for (const [key, value] of over.entries) {
    const below = base.entries.get(key);
    if (below) entries.set(key, deeplyMerged(below, value));
  }
  return { ...merged, entries };
}

/** An object or list with the value at a path put in place of what is there. */
export function withValueAt(
  value: JavaScriptValue,
  path: readonly (string | undefined)[],
  put: JavaScriptValue | undefined,
): JavaScriptValue {
  const [key, ...rest] = path;
  if (path.length === 0) return put ?? changed(value);
  if (value.kind !== "object" || key === undefined) return changed(value);
  const below = value.entries.get(key);
  const held =
    rest.length === 0
      ? (put ?? (below ? changed(below) : unknownAt(value)))
      : below
        ? withValueAt(below, rest, put)
        : unknownAt(value);
  return { ...value, entries: new Map(value.entries).set(key, held) };
}

/** A value after something unknown was done to it. */
function changed(value: JavaScriptValue): JavaScriptValue {
  if (value.kind === "list") return { ...value, isComplete: false };
  return value.kind === "object" ? overlaid(value, unknownAt(value)) : unknownAt(value);
}
