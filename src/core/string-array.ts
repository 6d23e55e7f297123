/** The exec form of an instruction's body, as BuildKit reads it. */
export interface StringArray {
  readonly values: readonly string[];
  /** The array holds something that is not a string: BuildKit refuses the file. */
  readonly invalid: boolean;
}

/**
 * Reads `["a", "b"]`. `undefined` when it is no JSON array: BuildKit then takes the text as shell form
 * (so `['a']`, `["a",]` and `["a"] b` are shell commands).
 *
 * Rule: `parseJSON` in moby/buildkit `frontend/dockerfile/parser/line_parsers.go`.
 */
export function parseStringArray(body: string): StringArray | undefined {
  const parsed = jsonArray(body);
  if (!parsed) return undefined;
  const values = parsed.filter((value): value is string => typeof value === "string");
  return { values, invalid: values.length !== parsed.length };
}

/**
 * Whether text follows a JSON array, as in `["a"] # why`: shell form since Dockerfile 1.9 (BuildKit 0.15), before that
 * exec form with the rest passed over.
 */
export function isArrayWithText(body: string): boolean {
  const end = arrayEnd(body);
  return end > 0 && body.slice(end).trim() !== "" && jsonArray(body.slice(0, end)) !== undefined;
}

function jsonArray(text: string): unknown[] | undefined {
  if (!/^\s*\[/.test(text)) return undefined;
  try {
    return JSON.parse(text) as unknown[];
  } catch {
    return undefined;
  }
}

/** Where the bracket that opens the text is closed, or -1. */
function arrayEnd(text: string): number {
  if (!text.startsWith("[")) return -1;
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (inString) {
      if (char === "\\") at++;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === "[" || char === "{") depth++;
    else if ((char === "]" || char === "}") && --depth === 0) return at + 1;
  }
  return -1;
}
