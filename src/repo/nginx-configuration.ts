/**
 * nginx's configuration as its own reader cuts it up: words, quotes, escapes, comments, blocks.
 * Source: `ngx_conf_read_token` in nginx `src/core/ngx_conf_file.c`
 */

export interface NginxDirective {
  readonly name: string;
  /** Quotes and escapes taken away; variables stay. */
  readonly parameters: readonly string[];
  /** What stands between its braces; `undefined`: it ends with a semicolon. */
  readonly block: readonly NginxDirective[] | undefined;
  /** From 1. */
  readonly line: number;
}

export type NginxConfiguration =
  | { readonly kind: "read"; readonly directives: readonly NginxDirective[] }
  | { readonly kind: "unreadable"; readonly line: number; readonly why: "syntax" | "lua" };

interface Token {
  readonly kind: "word" | ";" | "{" | "}" | "end" | "wrong";
  readonly text: string;
  readonly line: number;
}

/** Of blocks in each other; nginx itself has no use for more than a few. */
const deepest = 50;

/**
 * Reads a whole file. What nginx would not take is unreadable, and so is what holds another language.
 *
 * @example readNginx("server { listen 80; }")
 */
export function readNginx(text: string): NginxConfiguration {
  const next = tokenReader(text);
  const top: NginxDirective[] = [];
  const open: { readonly directives: NginxDirective[]; readonly line: number }[] = [
    { directives: top, line: 1 },
  ];
  let words: Token[] = [];
  for (;;) {
    const token = next();
    const { directives } = open.at(-1)!;
    if (token.kind === "word") {
      words.push(token);
      continue;
    }
    const first = words[0];
    if (token.kind === "end" && !first && open.length === 1)
      return { kind: "read", directives: top };
    if (token.kind === "}" && !first && open.length > 1) {
      open.pop();
      continue;
    }
    if (!first || (token.kind !== ";" && token.kind !== "{") || open.length > deepest)
      return { kind: "unreadable", line: token.line, why: "syntax" };
    if (token.kind === "{" && first.text.endsWith("_by_lua_block"))
      return { kind: "unreadable", line: first.line, why: "lua" };
    const block: NginxDirective[] | undefined = token.kind === "{" ? [] : undefined;
    directives.push({
      name: first.text,
      parameters: words.slice(1).map((word) => word.text),
      block,
      line: first.line,
    });
    if (block) open.push({ directives: block, line: first.line });
    words = [];
  }
}

/** A quoted word ends with its quote, and something that parts words must follow. */
const behindQuote = /[\s;{)]/;

function tokenReader(text: string): () => Token {
  let at = text.startsWith("\uFEFF") ? 1 : 0;
  let line = 1;

  function passBlanks(): void {
    for (; at < text.length; at++) {
      const char = text[at]!;
      if (char === "#") {
        const end = text.indexOf("\n", at);
        at = end < 0 ? text.length : end;
      }
      if (text[at] === "\n") line++;
      else if (at >= text.length || !/[ \t\r]/.test(text[at]!)) return;
    }
  }

  function word(): Token {
    const from = line;
    const quote = text[at] === '"' || text[at] === "'" ? text[at]! : "";
    const start = quote === "" ? at : ++at;
    for (; at < text.length; at++) {
      const char = text[at]!;
      if (char === "\n" && quote !== "") line++;
      if (char === "\\") at++;
      else if (quote === "" && char === "$" && text[at + 1] === "{") at++;
      else if (quote === "" ? /[ \t\r\n;{]/.test(char) : char === quote) break;
    }
    const inside = text.slice(start, at);
    if (quote === "") {
      return { kind: at > text.length ? "wrong" : "word", text: unescaped(inside), line: from };
    }
    const isWhole = at < text.length && behindQuote.test(text[at + 1] ?? "");
    at++;
    return { kind: isWhole ? "word" : "wrong", text: unescaped(inside), line: from };
  }

  return () => {
    passBlanks();
    const char = text[at];
    if (char === undefined) return { kind: "end", text: "", line };
    if (char === ";" || char === "{" || char === "}") {
      at++;
      return { kind: char, text: char, line };
    }
    return word();
  };
}

const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  "\\": "\\",
  t: "\t",
  r: "\r",
  n: "\n",
};

/** Only these are escapes; `\.` of an expression stays as it is. */
function unescaped(text: string): string {
  return text.replace(/\\([^])/g, (whole, char: string) => escapes[char] ?? whole);
}
