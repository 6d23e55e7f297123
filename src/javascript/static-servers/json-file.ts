import type { Evidence } from "../../core/outcome.ts";

/** JSON of which nothing is known yet, and where in its text a key stands. */

export type JsonRecord = Readonly<Record<string, unknown>>;

export interface JsonFile {
  readonly path: string;
  readonly text: string;
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function recordOf(value: unknown): JsonRecord | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as JsonRecord)
    : undefined;
}

/** The records of a list, `undefined` when it is none or holds something else. */
export function recordsOf(value: unknown): readonly JsonRecord[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const records = value.map(recordOf);
  return records.every((record) => record !== undefined) ? records : undefined;
}

/** The line that a key first stands in. */
export function lineOf({ path, text }: JsonFile, key: string): Evidence {
  const at = text.indexOf(JSON.stringify(key));
  if (at < 0) return { path };
  const line = text.slice(0, at).split("\n").length;
  return { path, line, text: (text.split("\n")[line - 1] ?? "").trim() };
}
