/** References to variables and functions. https://www.gnu.org/software/make/manual/make.html#Reference */
import { controlFunction, controlFunctions } from "./make-control-functions.ts";
import { textFunctions } from "./make-functions.ts";
import { endOfReference } from "./make-text.ts";
import { DIRECTORY, UNKNOWN, isKnown, type Lookup } from "./make-values.ts";

export interface Expander {
  /** A text with its references put in. */
  expand(text: string, lookup: Lookup): string;
  /** Notes why the makefile cannot be followed; the first reason stays. */
  refuse(why: string): string;
  refusal(): string | undefined;
}

/** References within references that are followed. */
const deepest = 60;
/** Characters that one makefile may expand to. */
const mostCharacters = 1_000_000;

/** Expands references, within limits: a makefile may be made to grow without end. */
export function makeExpander(): Expander {
  const underway = new Set<string>();
  let why: string | undefined;
  let depth = 0;
  let characters = 0;

  function refuse(reason: string): string {
    why ??= reason;
    return UNKNOWN;
  }

  function expand(text: string, lookup: Lookup): string {
    if (!text.includes("$")) return text;
    if (why !== undefined) return UNKNOWN;
    if (depth >= deepest) return refuse("its variables refer to each other too deeply");
    depth++;
    let out = "";
    let at = 0;
    for (let dollar = text.indexOf("$"); dollar >= 0; dollar = text.indexOf("$", at)) {
      out += text.slice(at, dollar);
      at = endOfReference(text, dollar);
      if (at < 0) {
        depth--;
        return refuse("a reference to a variable is not closed");
      }
      const next = text[dollar + 1];
      if (next === undefined || next === "$") out += "$";
      else if (next !== "(" && next !== "{") out += valueOf(next, lookup);
      else out += reference(text.slice(dollar + 2, at - 1), next, lookup);
    }
    out += text.slice(at);
    depth--;
    characters += out.length + 1;
    return characters > mostCharacters ? refuse("its variables are too long") : out;
  }

  function valueOf(name: string, lookup: Lookup): string {
    const variable = lookup(name);
    if (variable === undefined) return "";
    if (variable.simple) return variable.text;
    if (underway.has(name)) return refuse(`the variable ${name} refers to itself`);
    underway.add(name);
    const value = expand(variable.text, lookup);
    underway.delete(name);
    return value;
  }

  /** What stands in a pair of parentheses: a function, `NAME`, or `NAME:old=new`. */
  function reference(body: string, open: string, lookup: Lookup): string {
    const word = /^[a-z-]+(?=[ \t\n])/.exec(body)?.[0];
    if (word !== undefined) {
      const rest = body.slice(word.length).trimStart();
      if (word === "eval") return refuse("$(eval …) makes rules that are not in the makefile");
      const most = controlFunctions.get(word);
      if (most !== undefined)
        return controlFunction(word, splitArguments(rest, open, most), lookup, expand);
      const known = textFunctions.get(word);
      if (known) {
        const given = splitArguments(rest, open, known[0]).map((part) => expand(part, lookup));
        const value = textFunction(word, given);
        return word === "shell" ? value.replaceAll(DIRECTORY, valueOf("CURDIR", lookup)) : value;
      }
    }
    const name = expand(body, lookup);
    const colon = name.indexOf(":");
    const equals = colon < 0 ? -1 : name.indexOf("=", colon);
    if (equals < 0) return isKnown(name) ? valueOf(name, lookup) : UNKNOWN;
    const from = name.slice(colon + 1, equals);
    const to = name.slice(equals + 1);
    const given = from.includes("%") ? [from, to] : [`%${from}`, `%${to}`];
    if (!isKnown(name.slice(0, colon))) return UNKNOWN;
    return textFunction("patsubst", [...given, valueOf(name.slice(0, colon), lookup)]);
  }

  function textFunction(name: string, given: readonly string[]): string {
    const [count, opaque, result] = textFunctions.get(name)!;
    const [a = "", b = "", c = ""] = given;
    if (given.length < count) return refuse(`$(${name} …) lacks an argument`);
    return given.some((text) => opaque.test(text)) ? UNKNOWN : result(a, b, c);
  }

  return { expand, refuse, refusal: () => why };
}

function splitArguments(text: string, open: string, most: number): string[] {
  const close = open === "(" ? ")" : "}";
  const parts: string[] = [];
  let start = 0;
  let depth = 0;
  for (let at = 0; at < text.length && parts.length < most - 1; at++) {
    if (text[at] === open) depth++;
    else if (text[at] === close) depth--;
    else if (text[at] === "," && depth === 0) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, text.slice(start)];
}
