/** Places in a Go file: arguments, operands, the strings and calls between two offsets. */
import type { GoFile } from "./go-packages.ts";
import type { GoCall, GoFunction, GoLiteral } from "./go-tokens.ts";

export interface Span {
  readonly start: number;
  readonly end: number;
}

export const COMMA = 44;
export const PLUS = 43;

/** The arguments of a call, as places in its file. */
export function splitArguments(file: GoFile, call: Span): Span[] {
  const parts = splitAt(file.source, call, COMMA);
  const last = parts.at(-1)!;
  if (file.source.slice(last.start, last.end).trim() === "") parts.pop();
  return parts;
}

/** The parts of an expression between separators that no bracket or quote holds. */
export function splitAt(source: string, { start: from, end }: Span, separator: number): Span[] {
  const spans: Span[] = [];
  let depth = 0;
  let start = from;
  for (let at = from; at < end; at++) {
    const code = source.charCodeAt(at);
    if (code === 40 || code === 91 || code === 123) depth++;
    else if (code === 41 || code === 93 || code === 125) depth--;
    else if (code === 34 || code === 39) at = closingQuote(source, at, end);
    else if (code === 96) at = orEnd(source.indexOf("`", at + 1), end);
    else if (code === 47 && source.charCodeAt(at + 1) === 47)
      at = orEnd(source.indexOf("\n", at), end) - 1;
    else if (code === 47 && source.charCodeAt(at + 1) === 42)
      at = orEnd(source.indexOf("*/", at + 2), end) + 1;
    else if (code === separator && depth === 0) {
      spans.push({ start, end: at });
      start = at + 1;
    }
  }
  spans.push({ start, end });
  return spans;
}

function orEnd(found: number, end: number): number {
  return found < 0 ? end : found;
}

function closingQuote(source: string, open: number, end: number): number {
  const quote = source.charCodeAt(open);
  for (let at = open + 1; at < end; at++) {
    const code = source.charCodeAt(at);
    if (code === 92) at++;
    else if (code === quote || code === 10) return at;
  }
  return end;
}

/** The end of the expression that begins at an offset: where its statement or list element ends. */
export function expressionEnd(source: string, start: number): number {
  let depth = 0;
  for (let at = start; at < source.length; at++) {
    const code = source.charCodeAt(at);
    if (code === 40 || code === 91 || code === 123) depth++;
    else if (code === 41 || code === 93 || code === 125) {
      if (--depth < 0) return at;
    } else if (code === 34 || code === 39) at = closingQuote(source, at, source.length);
    else if (code === 96) at = orEnd(source.indexOf("`", at + 1), source.length);
    else if (code === 47 && source.charCodeAt(at + 1) === 47) return at;
    else if (depth === 0 && (code === COMMA || code === 59)) return at;
    else if (
      depth === 0 &&
      code === 10 &&
      !/[+,.]\s*$/.test(source.slice(Math.max(start, at - 8), at))
    )
      return at;
  }
  return source.length;
}

/** The beginning of a literal, or of the selector before a call's parenthesis. */
export function startOfOperand(source: string, offset: number): number {
  if (!/[({]/.test(source[offset - 1] ?? "")) return offset;
  let start = offset - 1;
  while (start > 0 && /[\w.]/.test(source[start - 1]!)) start--;
  return start;
}

/** `Join` of `filepath.Join`. */
export function lastName({ selector }: GoCall): string {
  return selector.slice(selector.lastIndexOf(".") + 1);
}

/** The index of the first item at or behind an offset. */
function firstFrom(items: readonly { readonly start: number }[], start: number): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (items[middle]!.start < start) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The strings of a file between two offsets. */
export function literalsIn(file: GoFile, { start, end }: Span): GoLiteral[] {
  const found: GoLiteral[] = [];
  for (
    let at = firstFrom(file.literals, start);
    at < file.literals.length && file.literals[at]!.start < end;
    at++
  )
    found.push(file.literals[at]!);
  return found;
}

/** The call whose arguments begin at an offset. */
export function callAt(file: GoFile, start: number): GoCall | undefined {
  const call = file.calls[firstFrom(file.calls, start)];
  return call?.start === start ? call : undefined;
}

/** The function declaration around an offset. */
export function enclosing(file: GoFile, at: number): GoFunction | undefined {
  return file.functions.find(({ start, end }) => start <= at && at < end);
}

/** The position of a parameter in a declaration like `a, b string, c int`; -1 when it has none of that name. */
export function parameterIndex(scope: GoFunction | undefined, name: string): number {
  if (scope === undefined || !scope.parameters.includes(name)) return -1;
  return scope.parameters
    .split(",")
    .findIndex((parameter) => parameter.trim().split(/\s+/)[0] === name);
}
