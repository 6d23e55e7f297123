import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  Scalar,
  type Node,
  type YAMLMap,
} from "yaml";

/**
 * YAML as plain data with lines: anchors, aliases and merge keys are resolved, and every scalar is text, because to those
 * who read it `1.10` is a version and `on` a word. The one module that knows the parser.
 */
export type YamlNode = YamlScalar | YamlList | YamlMap;

export interface YamlScalar {
  readonly kind: "scalar";
  /** `undefined` for null. */
  readonly text: string | undefined;
  /** Where the text begins, from 1; behind the `|` of a block. */
  readonly line: number;
}

export interface YamlList {
  readonly kind: "list";
  readonly items: readonly YamlNode[];
  readonly line: number;
}

export interface YamlMap {
  readonly kind: "map";
  readonly entries: ReadonlyMap<string, YamlEntry>;
  readonly line: number;
}

export interface YamlEntry {
  /** Of the key, from 1. */
  readonly line: number;
  readonly value: YamlNode;
}

/** In UTF-16 units. What is larger was written by no one. */
const LARGEST = 500_000;

/** The parser is recursive, and V8 aborts the process when a regular expression is compiled at the end of the stack. */
const DEEPEST_FLOW = 100;
const WIDEST_INDENT = 400;

/**
 * The documents of a YAML file, or `undefined` when it is none.
 *
 * @example readYaml("a: &x [1.10]\nb: *x\n")
 */
export function readYaml(text: string): readonly YamlNode[] | undefined {
  if (text.length > LARGEST || isTooDeep(text)) return undefined;
  const lineCounter = new LineCounter();
  try {
    const documents = parseAllDocuments(text, {
      schema: "failsafe",
      uniqueKeys: false,
      logLevel: "silent",
      lineCounter,
    });
    if (documents.some(({ errors }) => errors.length > 0)) return undefined;
    return [...documents].map(({ contents }) => nodeReader(text, lineCounter)(contents));
  } catch {
    return undefined;
  }
}

function isTooDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x5b || code === 0x7b) {
      if (++depth > DEEPEST_FLOW) return true;
    } else if ((code === 0x5d || code === 0x7d) && depth > 0) depth--;
  }
  return new RegExp(`^[ \\t?:-]{${WIDEST_INDENT}}`, "m").test(text);
}

function nodeReader(text: string, lineCounter: LineCounter): (node: Node | null) => YamlNode {
  const anchors = new Map<string, YamlNode>();

  function read(node: unknown): YamlNode {
    if (isAlias(node)) return anchors.get(node.source) ?? nothing(lineAt(node));
    const result = readPlain(node);
    // Only what ends before an alias can be meant by it: a cycle comes to nothing.
    const anchor = (node as (Node & { anchor?: string }) | null)?.anchor;
    if (anchor !== undefined) anchors.set(anchor, result);
    return result;
  }

  function readPlain(node: unknown): YamlNode {
    if (isMap(node)) return { kind: "map", entries: readEntries(node), line: lineAt(node) };
    if (isSeq(node)) return { kind: "list", items: node.items.map(read), line: lineAt(node) };
    if (!isScalar(node)) return nothing(lineAt(node));
    const isBlock = node.type === Scalar.BLOCK_LITERAL || node.type === Scalar.BLOCK_FOLDED;
    const line = lineAt(node) + (isBlock ? 1 : 0);
    const value = node.source ?? String(node.value ?? "");
    // Compose's `!reset` takes a value back, whatever it is.
    const isNull =
      node.tag === "!reset" ||
      (node.type === Scalar.PLAIN && /^(?:~|null|Null|NULL|)$/.test(value));
    return isNull ? nothing(line) : { kind: "scalar", text: value, line };
  }

  function readEntries(map: YAMLMap): Map<string, YamlEntry> {
    const entries = new Map<string, YamlEntry>();
    const merged: YamlNode[] = [];
    for (const { key, value } of map.items) {
      const name = isScalar(key) ? (key.source ?? String(key.value)) : undefined;
      const held = read(value);
      if (name === "<<") merged.push(...(held.kind === "list" ? held.items : [held]));
      else if (name !== undefined) entries.set(name, { line: lineAt(key), value: held });
    }
    // Keys of the map win over merged ones, and those of an earlier map over a later one's.
    // Source: https://yaml.org/type/merge.html
    for (const node of merged) {
      if (node.kind !== "map") continue;
      for (const [name, entry] of node.entries) if (!entries.has(name)) entries.set(name, entry);
    }
    return entries;
  }

  function lineAt(node: unknown): number {
    const offset = (node as Node | null)?.range?.[0] ?? 0;
    return lineCounter.linePos(Math.min(offset, text.length)).line;
  }

  return read;
}

function nothing(line: number): YamlScalar {
  return { kind: "scalar", text: undefined, line };
}

/** The entries of a map; none for anything else. */
export function entriesOf(node: YamlNode | undefined): ReadonlyMap<string, YamlEntry> {
  return node?.kind === "map" ? node.entries : new Map<string, YamlEntry>();
}

/** The items of a list; none for anything else. */
export function itemsOf(node: YamlNode | undefined): readonly YamlNode[] {
  return node?.kind === "list" ? node.items : [];
}

/** The text of a scalar. */
export function textOf(node: YamlNode | undefined): string | undefined {
  return node?.kind === "scalar" ? node.text : undefined;
}
