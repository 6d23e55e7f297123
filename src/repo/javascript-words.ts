/** What a source file of JavaScript or TypeScript names: modules, and every other string. */
export interface SourceWords {
  /** Modules of `import`, `export … from`, `require` and `import()`; types that are gone when it runs are left out. */
  readonly modules: readonly SourceWord[];
  /** Strings, and the fixed parts of templates. */
  readonly literals: readonly SourceWord[];
  /** `require(name)`, `import(name)`: which module is loaded cannot be told. */
  readonly loadsComputed: readonly { readonly line: number }[];
}

export interface SourceWord {
  readonly value: string;
  readonly line: number;
}

/** What may stand before a regular expression; behind anything else `/` divides. */
const BEFORE_EXPRESSION =
  /(?:^|[=(,:[!&|?{};+\-*%~^<>]|\b(?:return|typeof|case|in|of|do|else|void|delete|throw|new|await|yield))$/;
/** What means nothing to this reader. */
const PLAIN = /[\w$ \t.,)[\]=:?&|!+-]+/y;
/** Between `import` and `from`. */
const LONGEST_CLAUSE = 2000;
const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  b: "\b",
  f: "\f",
  v: "\v",
  "0": "\0",
};

/**
 * Reads the words of a source file in one pass, without a syntax tree: comments are left out, and text between JSX tags may
 * add words that are none.
 *
 * @example sourceWords('import express from "express"').modules // [{ value: "express", line: 1 }]
 */
export function sourceWords(text: string): SourceWords {
  const modules: SourceWord[] = [];
  const literals: SourceWord[] = [];
  const loadsComputed: { line: number }[] = [];
  /** Braces that are open within `${…}` of templates, innermost last. */
  const templates: number[] = [];
  let line = 1;
  /** Code of the current statement, as far as it tells what a string is for. */
  let code = "";
  let at = 0;
  while (at < text.length) {
    PLAIN.lastIndex = at;
    const plain = PLAIN.exec(text)?.[0];
    if (plain !== undefined) {
      code += plain;
      at += plain.length;
      continue;
    }
    const character = text[at]!;
    if (character === "\n") {
      line++;
      code += " ";
      at++;
    } else if (character === "/" && text[at + 1] === "/") {
      const end = text.indexOf("\n", at);
      at = end < 0 ? text.length : end;
    } else if (character === "/" && text[at + 1] === "*") {
      const end = text.indexOf("*/", at + 2);
      const stop = end < 0 ? text.length : end + 2;
      line += lineEnds(text, at, stop);
      at = stop;
    } else if (character === "/" && BEFORE_EXPRESSION.test(code.slice(-40).trimEnd())) {
      at = regularExpression(at);
    } else if (character === '"' || character === "'") {
      at = string(at, character);
    } else if (character === "`") {
      at = template(at + 1);
    } else if (character === "}" && templates.at(-1) === 0) {
      templates.pop();
      at = template(at + 1);
    } else {
      if (templates.length > 0) {
        if (character === "{") templates[templates.length - 1]!++;
        else if (character === "}") templates[templates.length - 1]!--;
      }
      if (character === ";" || (character === "}" && !/\b(?:import|export)\b/.test(code)))
        code = "";
      code += character;
      if (character === "(" && /\b(?:require|import)\s*\($/.test(code)) computed(at + 1);
      at++;
      if (code.length > 2 * LONGEST_CLAUSE) code = code.slice(-LONGEST_CLAUSE);
    }
  }
  return { modules, literals, loadsComputed };

  function computed(from: number): void {
    const next = /\S/.exec(text.slice(from, from + 200))?.[0];
    if (next !== undefined && !/["'`)/]/.test(next)) loadsComputed.push({ line });
  }

  function add(value: string): void {
    const before = code.slice(-LONGEST_CLAUSE).trimEnd();
    const end = before.slice(-24);
    const isLoaded =
      /\b(?:require|import)\s*\($|\brequire\.resolve\s*\($/.test(end) || /\bimport$/.test(end);
    const statement = /\bfrom$/.test(end)
      ? /\b(?:import|export)\b([^;]*)\bfrom$/.exec(before)
      : undefined;
    if (isLoaded || (statement && !isTypeOnly(statement[1]!))) modules.push({ value, line });
    else if (!statement) literals.push({ value, line });
    // Without semicolons the next statement would seem to belong to this one.
    if (statement) code = "";
  }

  function string(from: number, quote: string): number {
    let value = "";
    for (let index = from + 1; index < text.length; index++) {
      const character = text[index]!;
      if (character === quote) {
        add(value);
        code += '""';
        return index + 1;
      }
      // An apostrophe in text between JSX tags.
      if (character === "\n") return from + 1;
      if (character === "\\") {
        index++;
        const escaped = text[index] ?? "";
        if (escaped === "\n") line++;
        else value += ESCAPES[escaped] ?? escaped;
      } else value += character;
    }
    return from + 1;
  }

  function template(from: number): number {
    let value = "";
    for (let index = from; index < text.length; index++) {
      const character = text[index]!;
      if (character === "`" || (character === "$" && text[index + 1] === "{")) {
        if (value !== "") add(value);
        line += lineEnds(text, from, index);
        code += "``";
        if (character === "`") return index + 1;
        templates.push(0);
        return index + 2;
      }
      if (character === "\\") index++;
      value += text[index] ?? "";
    }
    return text.length;
  }

  function regularExpression(from: number): number {
    let isInClass = false;
    for (let index = from + 1; index < text.length; index++) {
      const character = text[index]!;
      if (character === "\n") break;
      if (character === "\\") index++;
      else if (character === "[") isInClass = true;
      else if (character === "]") isInClass = false;
      else if (character === "/" && !isInClass) {
        code += "0";
        return index + 1;
      }
    }
    code += "/";
    return from + 1;
  }
}

/** `import type { A }`, `import { type A, type B }`: nothing of it is loaded. */
function isTypeOnly(clause: string): boolean {
  if (/^\s*type\s+(?=[\w{*$])/.test(clause)) return true;
  const named = /^\s*\{([^}]*)\}\s*$/.exec(clause)?.[1];
  if (named === undefined) return false;
  const names = named.split(",").filter((name) => name.trim() !== "");
  return names.length > 0 && names.every((name) => /^\s*type\s+\S/.test(name));
}

function lineEnds(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf("\n", from); at >= 0 && at < to; at = text.indexOf("\n", at + 1))
    count++;
  return count;
}

/**
 * The package that a module's name belongs to; `undefined` for files and modules of Node itself.
 *
 * @example packageOfModule("@nestjs/core/router") // "@nestjs/core"
 */
export function packageOfModule(module: string): string | undefined {
  if (/^(?:\.|\/|node:|https?:|data:|#|~\/|@\/)/.test(module) || module === "") return undefined;
  const [first = "", second] = module.split("/");
  if (!first.startsWith("@")) return first;
  return second === undefined ? undefined : `${first}/${second}`;
}
