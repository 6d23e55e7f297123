/** The exec form of an instruction's body, as BuildKit reads it. */
export interface StringArray {
  readonly values: readonly string[];
  /** Length of the array's text; BuildKit's JSON decoder stops there and ignores what follows. */
  readonly length: number;
  /** The array holds something that is not a string: BuildKit refuses the file. */
  readonly invalid: boolean;
}

/**
 * Reads `["a", "b"]`. `undefined` when it is no JSON array: BuildKit then takes the text as shell form
 * (so `['a']` and `["a",]` are shell commands).
 *
 * Rule: `parseJSON` in moby/buildkit `frontend/dockerfile/parser/line_parsers.go`; it uses a decoder
 * that reads one value, so text after `]` is passed over.
 */
export function parseStringArray(body: string): StringArray | undefined {
  const start = body.search(/\S/);
  if (start < 0 || body[start] !== "[") return undefined;
  const end = arrayEnd(body, start);
  if (end < 0) return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.slice(start, end));
  } catch {
    return undefined;
  }
  if (!Array.isArray(parsed)) return undefined;
  const values = parsed.filter((value): value is string => typeof value === "string");
  return { values, length: end, invalid: values.length !== parsed.length };
}

function arrayEnd(text: string, start: number): number {
  let depth = 0;
  let inString = false;
  for (let at = start; at < text.length; at++) {
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
