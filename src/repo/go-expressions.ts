/**
 * What an argument of a call can be, as far as it can be seen without types: strings put together by `+`,
 * Join and Sprintf, constants and variables, flags' defaults, parameters with what the callers pass, what
 * functions return. A `*` in a value stands for what is computed.
 */
import { wordCalls } from "./go-knowledge.ts";
import type { GoFile, GoPackage } from "./go-packages.ts";
import {
  callAt,
  COMMA,
  enclosing,
  expressionEnd,
  lastName,
  literalsIn,
  parameterIndex,
  PLUS,
  splitArguments,
  splitAt,
  startOfOperand,
  type Span,
} from "./go-syntax.ts";
import type { GoCall, GoFunction } from "./go-tokens.ts";

/** Where a value comes from when the sources do not say all of it. */
export type Origin = "literal" | "flag" | "arguments" | "environment" | "unknown";

export interface ArgumentValue {
  /** What it may be; empty when nothing of it is known. */
  readonly literals: readonly string[];
  readonly origin: Origin;
}

/** Answers what an argument can be, over all the program's own packages. */
export interface ExpressionReader {
  valueOf(file: GoFile, span: Span): ArgumentValue;
}

/** Where a name is given a value: an offset in the expression, or the whole call that declares a flag. */
interface Definition {
  readonly file: GoFile;
  readonly name: string;
  readonly start: number;
  readonly end?: number;
}

/** Values under way: `*` alone is "anything". */
interface Rendered {
  readonly values: readonly string[];
  readonly origin: Origin;
}

const anything: Rendered = { values: ["*"], origin: "unknown" };

/**
 * Which argument of a flag's declaration is the default, by the function's name:
 * https://pkg.go.dev/flag, https://pkg.go.dev/github.com/spf13/pflag, https://pkg.go.dev/github.com/alecthomas/kingpin/v2.
 */
const flagDefaults: Readonly<Record<string, number>> = {
  String: 1,
  StringVar: 2,
  StringP: 2,
  StringVarP: 3,
};

/** Calls whose result is their argument in another form. */
const sameValue = new Set(
  "Abs Clean FromSlash ToSlash TrimSpace EvalSymlinks Dir ExpandEnv string byte FilePath Expand FileServer FS".split(
    " ",
  ),
);

/** Steps from a name to its values; beyond that the value counts as computed. */
const deepest = 9;
/** Expressions looked at for one argument. */
const mostSteps = 300;
/** Alternatives kept for one expression: more are no longer a path but data. */
const mostValues = 24;

export function expressionReader(packages: readonly GoPackage[]): ExpressionReader {
  const files = packages.flatMap((one) => one.files);
  const byDirectory = new Map(packages.map((one) => [one.directory, one.files]));
  const assignments = new Map<string, Definition[]>();
  let steps = 0;
  /** By directory, and for the whole program under `*`. */
  const definitions = new Map<string, Map<string, Definition[]>>();
  let callers: Map<string, { file: GoFile; call: GoCall }[]> | undefined;
  let functions: Map<string, { file: GoFile; declared: GoFunction }[]> | undefined;

  /** The expressions a name is given in some files; collected when the first computed argument there is met. */
  function definitionsOf(
    name: string,
    directory: string,
    inFiles: readonly GoFile[],
  ): readonly Definition[] {
    let known = definitions.get(directory);
    if (known === undefined) {
      definitions.set(directory, (known = new Map()));
      for (const file of inFiles) defineAll(file, known);
    }
    return known.get(name) ?? [];
  }

  /** The places a package gives a name something that neither a string nor a call begins: a map, an element. */
  function assignmentsOf(name: string, directory: string): readonly Definition[] {
    const key = `${directory}:${name}`;
    let found = assignments.get(key);
    if (found !== undefined) return found;
    assignments.set(key, (found = []));
    const target = `\\b${name}\\b(?:[ \\t]*,[ \\t]*\\w+)*(?:[ \\t]+[\\w.*[\\]]+)?`;
    const assignment = new RegExp(`${target}[ \\t]*(?::=|=(?!=))[ \\t]*`, "g");
    for (const file of byDirectory.get(directory) ?? []) {
      if (!file.source.includes(name)) continue;
      for (const { 0: text, index } of file.source.matchAll(assignment)) {
        const start = index + text.length;
        found.push({ file, name, start, end: expressionEnd(file.source, start) });
        if (found.length === mostValues) return found;
      }
    }
    return found;
  }

  function functionsOf(name: string): readonly { file: GoFile; declared: GoFunction }[] {
    return ownFunctions().get(name) ?? [];
  }

  function ownFunctions(): ReadonlyMap<string, readonly { file: GoFile; declared: GoFunction }[]> {
    if (functions === undefined) {
      functions = new Map();
      for (const file of files)
        for (const declared of file.functions) addTo(functions, declared.name, { file, declared });
    }
    return functions;
  }

  /** The calls of a function of the program's own. */
  function callersOf(name: string): readonly { file: GoFile; call: GoCall }[] {
    if (callers === undefined) {
      callers = new Map();
      const own = ownFunctions();
      for (const file of files)
        for (const call of file.calls) {
          const called = lastName(call);
          if (!call.composite && own.has(called)) addTo(callers, called, { file, call });
        }
    }
    return callers.get(name) ?? [];
  }

  function render(file: GoFile, span: Span, depth: number, seen: ReadonlySet<string>): Rendered {
    const { source } = file;
    let { start, end } = span;
    while (start < end && /[\s&*]/.test(source[start]!)) start++;
    while (end > start && /\s/.test(source[end - 1]!)) end--;
    const inside = literalsIn(file, { start, end });
    if (inside[0]?.start === start && inside[0].end === end)
      return { values: [inside[0].value], origin: "literal" };
    if (start >= end || depth <= 0 || steps++ > mostSteps) return anything;
    const text = source.slice(start, end);
    if (text.includes("+")) {
      const parts = splitAt(source, { start, end }, PLUS);
      if (parts.length > 1)
        return joined(
          parts.map((part) => render(file, part, depth, seen)),
          "",
        );
    }
    // cobra and urfave/cli hand the command line's words on under this name.
    if (/^os\.Args\b|^args\[|^flag\.Args?\(|\.Args\(\)/.test(text))
      return { values: ["*"], origin: "arguments" };
    if (/^[A-Za-z_][\w.]*$/.test(text)) return renderName(file, start, text, depth, seen);
    // A flag of cobra's, read where it is declared elsewhere by name.
    if (/\bFlags\(\)\.Get\w*\(/.test(text)) return { values: ["*"], origin: "flag" };
    // kingpin.Flag("config", "help").Default("app.yml").String()
    const defaults = /\.Default\(/.exec(text);
    if (defaults) {
      const call = callAt(file, start + defaults.index + defaults[0].length);
      if (call) return { ...render(file, call, depth - 1, seen), origin: "flag" };
    }
    const indexed = /^([A-Za-z_][\w.]*)\[[^[\]]*\]$/.exec(text);
    if (indexed) return renderName(file, start, indexed[1]!, depth, seen);
    const called = /^[A-Za-z_][\w.]*\(/.exec(text);
    if (called !== null && text.endsWith(")")) {
      const call = callAt(file, start + called[0].length);
      if (call !== undefined && call.end === end - 1) return renderCall(file, call, depth, seen);
    }
    if (text.startsWith("(") && text.endsWith(")"))
      return render(file, { start: start + 1, end: end - 1 }, depth, seen);
    const spoken = inside.filter(
      (one) => one.call === undefined || !isWordCall(file.calls[one.call]!),
    );
    return spoken.length > 0
      ? { values: spoken.map((one) => one.value), origin: "literal" }
      : anything;
  }

  function renderCall(
    file: GoFile,
    call: GoCall,
    depth: number,
    seen: ReadonlySet<string>,
  ): Rendered {
    const name = lastName(call);
    if (/^(?:Must)?Getenv$|^LookupEnv$/.test(name)) return { values: ["*"], origin: "environment" };
    const spans = splitArguments(file, call);
    const rendered = () => spans.map((one) => render(file, one, depth - 1, seen));
    if (name === "Join" && /^(?:file)?path\.Join$/.test(call.selector))
      return joined(rendered(), "/");
    if (name === "Sprintf") return formatted(rendered());
    if (sameValue.has(name) && spans.length === 1) return render(file, spans[0]!, depth, seen);
    const index = flagDefaults[name];
    if (index !== undefined && spans.length >= index + 2)
      return { values: render(file, spans[index]!, depth - 1, seen).values, origin: "flag" };
    const own = functionsOf(name);
    const key = `${name}()`;
    const found: Rendered[] = [];
    if (own.length === 1 && !seen.has(key)) {
      const { file: other, declared } = own[0]!;
      const body = other.source.slice(declared.start, declared.end);
      for (const { 0: statement, index: at } of body.matchAll(/\breturn\b[ \t]*[^\n]*/g)) {
        const start = declared.start + at + "return".length;
        const [first] = splitAt(
          other.source,
          { start, end: declared.start + at + statement.length },
          COMMA,
        );
        found.push(render(other, first!, depth - 1, new Set([...seen, key])));
      }
    }
    // `env("CONFIG", "config.yml")`: what a call is given, it may give back.
    if (!isWordCall(call) || own.length > 0)
      found.push(
        ...rendered().filter(
          ({ origin }, at) => origin === "literal" && literalsIn(file, spans[at]!).length > 0,
        ),
      );
    return found.length > 0 ? combined(found) : anything;
  }

  function renderName(
    file: GoFile,
    at: number,
    text: string,
    depth: number,
    seen: ReadonlySet<string>,
  ): Rendered {
    const name = text.slice(text.lastIndexOf(".") + 1);
    const scope = enclosing(file, at);
    const key = `${name}@${file.path}:${scope?.start ?? 0}`;
    if (seen.has(key)) return anything;
    const next = new Set([...seen, key]);
    const isMember = text.includes(".");
    const parameter = isMember ? -1 : parameterIndex(scope, name);
    const inPackage = definitionsOf(name, file.directory, byDirectory.get(file.directory) ?? []);
    let near: readonly Definition[];
    if (isMember) {
      near = inPackage.length > 0 ? inPackage : definitionsOf(name, "*", files);
      // A field as common as Name or Path says nothing.
      if (near.length > mostValues) return anything;
    } else {
      near = inPackage.filter(
        (one) => one.file === file && scope && one.start >= scope.start && one.start < scope.end,
      );
      if (near.length === 0 && parameter < 0) near = inPackage;
    }
    if (near.length === 0 && parameter < 0) near = assignmentsOf(name, file.directory);
    const found: Rendered[] = [];
    const done = new Set<string>();
    for (const one of near.slice(0, mostValues * 4)) {
      const span = expressionOf(one);
      const place = `${one.file.path}:${span.start}`;
      if (done.has(place) || done.size === mostValues) continue;
      done.add(place);
      found.push(render(one.file, span, depth - 1, next));
    }
    if (parameter >= 0) {
      for (const { file: other, call } of callersOf(scope!.name).slice(0, mostValues)) {
        const argument = splitArguments(other, call)[parameter];
        if (argument !== undefined) found.push(render(other, argument, depth - 1, next));
      }
    }
    return found.length > 0 ? combined(found) : anything;
  }

  return {
    valueOf(file, span) {
      steps = 0;
      const { values, origin } = render(file, span, deepest, new Set());
      const literals = [...new Set(values)].filter((one) => !/^[*/]*$/.test(one) || one === "/");
      return {
        literals,
        origin: literals.length === 0 && origin === "literal" ? "unknown" : origin,
      };
    },
  };
}

function defineAll(file: GoFile, definitions: Map<string, Definition[]>): void {
  for (const { name, start } of file.literals)
    if (name !== undefined) addTo(definitions, name, { file, name, start });
  for (const { name, selector, start, end } of file.calls) {
    if (name !== undefined) addTo(definitions, name, { file, name, start });
    if (!selector.endsWith("StringVar") && !selector.endsWith("StringVarP")) continue;
    const variable = /^\s*&\s*(?:\w+\s*\.\s*)*(\w+)/.exec(
      file.source.slice(start, start + 80),
    )?.[1];
    const from = file.source.lastIndexOf(selector, start);
    if (variable !== undefined && from >= 0)
      addTo(definitions, variable, { file, name: variable, start: from, end: end + 1 });
  }
}

/** The expression behind `name =`, `name :=`, `name string =` or `name:` on the line of an offset in it. */
function expressionOf({ file: { source }, name, start: offset, end }: Definition): Span {
  if (end !== undefined) return { start: offset, end };
  const lineStart = source.lastIndexOf("\n", offset - 1) + 1;
  const before = source.slice(lineStart, offset);
  const assigned = new RegExp(`\\b${name}\\b[^=:"]*(?::=|=|:)\\s*`).exec(before);
  const start = assigned
    ? lineStart + assigned.index + assigned[0].length
    : startOfOperand(source, offset);
  return { start, end: expressionEnd(source, start) };
}

function combined(all: readonly Rendered[]): Rendered {
  const values = [...new Set(all.flatMap((one) => one.values))].slice(0, mostValues);
  const outside = all.find(({ origin }) => origin !== "literal" && origin !== "unknown")?.origin;
  return {
    values,
    origin: outside ?? (all.some(({ origin }) => origin === "literal") ? "literal" : "unknown"),
  };
}

/** All ways to put the values of neighbours together. */
function joined(parts: readonly Rendered[], separator: string): Rendered {
  let values = [""];
  for (const [index, part] of parts.entries())
    values = values
      .flatMap((left) =>
        part.values.map((right) => (index === 0 ? right : `${left}${separator}${right}`)),
      )
      .slice(0, mostValues);
  return {
    values: values.map((one) => one.replace(/\*{2,}/g, "*")),
    origin: combined(parts).origin,
  };
}

/** Sprintf: each verb takes the next argument's first value. */
function formatted([format, ...rest]: readonly Rendered[]): Rendered {
  if (format === undefined) return anything;
  const values = format.values.map((text) => {
    let next = 0;
    return text
      .replace(/%[-+#0-9.]*[a-zA-Z]/g, () => rest[next++]?.values[0] ?? "*")
      .replace(/\*{2,}/g, "*");
  });
  return { values, origin: combined([format, ...rest]).origin };
}

function addTo<Item>(map: Map<string, Item[]>, name: string, item: Item): void {
  const known = map.get(name);
  if (known) known.push(item);
  else map.set(name, [item]);
}

function isWordCall(call: GoCall): boolean {
  return wordCalls.has(lastName(call));
}
