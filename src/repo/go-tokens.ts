/**
 * A reader of Go source, by the lexical rules of https://go.dev/ref/spec#Lexical_elements, as deep as
 * run-time needs ask for: what is imported, called and written as a string. One pass over char codes;
 * any text gives a result, broken code a partial one.
 */

export interface GoImport {
  readonly path: string;
  /** The name in front of the path, `_` and `.` included. */
  readonly alias: string | undefined;
  readonly line: number;
  /** Offset of the opening quote. */
  readonly start: number;
}

export interface GoLiteral {
  readonly value: string;
  readonly line: number;
  /** Offsets of the opening quote and behind the closing one. */
  readonly start: number;
  readonly end: number;
  /** The call it is a direct argument of, as an index into `calls`. */
  readonly call: number | undefined;
  readonly argument: number;
  /** The variable, constant or field it is (part of) the value of. */
  readonly name: string | undefined;
  /** Whether a `+` stands before it. */
  readonly appended: boolean;
}

export interface GoCall {
  /** `os.Open`, `r.LoadHTMLGlob`, `template.New.ParseFiles` (the arguments of a chain are left out). */
  readonly selector: string;
  readonly line: number;
  /** Offsets behind the opening bracket and at the closing one. */
  readonly start: number;
  end: number;
  /** The call whose direct argument it is, as an index into `calls`. */
  readonly parent: number | undefined;
  /** `http.Client{…}` rather than `f(…)`. */
  readonly composite: boolean;
  readonly name: string | undefined;
}

export interface GoFunction {
  readonly name: string;
  /** The source between the parentheses of the parameter list. */
  readonly parameters: string;
  readonly start: number;
  readonly end: number;
}

export interface GoDirective {
  readonly kind: "embed" | "build" | "plus-build";
  /** What follows the directive's name. */
  readonly text: string;
  readonly line: number;
  readonly end: number;
}

export interface GoSource {
  readonly packageName: string | undefined;
  /** Offset of the package clause: build constraints count before it only. */
  readonly packageStart: number;
  readonly imports: readonly GoImport[];
  readonly literals: readonly GoLiteral[];
  readonly calls: readonly GoCall[];
  readonly functions: readonly GoFunction[];
  readonly directives: readonly GoDirective[];
}

interface Bracket {
  readonly open: number;
  /** Index into `calls`. */
  readonly call: number | undefined;
  readonly selector: string;
  argument: number;
}

const TAB = 9;
const NEWLINE = 10;
const CARRIAGE_RETURN = 13;
const BLANK = 32;
const QUOTE = 34;
const APOSTROPHE = 39;
const OPEN_PARENTHESIS = 40;
const CLOSE_PARENTHESIS = 41;
const STAR = 42;
const PLUS = 43;
const COMMA = 44;
const DOT = 46;
const SLASH = 47;
const COLON = 58;
const SEMICOLON = 59;
const EQUALS = 61;
const OPEN_BRACKET = 91;
const BACKSLASH = 92;
const CLOSE_BRACKET = 93;
const BACKQUOTE = 96;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

const LETTER = 1;
const DIGIT = 2;
const kinds = new Uint8Array(128);
for (let code = 0; code < 128; code++) {
  if (/[A-Za-z_]/.test(String.fromCharCode(code))) kinds[code] = LETTER;
  else if (/\d/.test(String.fromCharCode(code))) kinds[code] = DIGIT;
}

const keywords = new Set(
  "break case chan const continue default defer else fallthrough for func go goto if import interface map package range return select struct switch type var".split(
    " ",
  ),
);

const simpleEscapes: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

/** The value of an interpreted literal's inside (https://go.dev/ref/spec#String_literals); bytes above 0x7f stay as code points. */
function decode(inside: string): string {
  return inside.replace(
    /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{3})|(.))/gs,
    (all, hex: string, short: string, long: string, octal: string, simple: string) => {
      if (simple !== undefined) return simpleEscapes[simple] ?? simple;
      const code = octal === undefined ? parseInt(hex ?? short ?? long, 16) : parseInt(octal, 8);
      return code > 0x10ffff ? all : String.fromCodePoint(code);
    },
  );
}

/** The states of the top level in which an identifier or a bracket means something else than in code. */
type Clause = "import" | "package" | "function" | undefined;

// The last token but blanks and comments: a char code, or one of these.
const IDENTIFIER = -1;
const CLOSED = -2;
const VALUE = -3;

/**
 * Reads one Go file.
 *
 * @example readGoSource('package main\nfunc main() { os.Open("a.txt") }').literals[0]?.value // "a.txt"
 */
export function readGoSource(source: string): GoSource {
  const imports: GoImport[] = [];
  const literals: GoLiteral[] = [];
  const calls: GoCall[] = [];
  const functions: GoFunction[] = [];
  const directives: GoDirective[] = [];
  const brackets: Bracket[] = [];
  const length = source.length;
  let packageName: string | undefined;
  let packageStart = length;
  let line = 1;
  let at = 0;
  let last = 0;

  // The selector being read: what closed brackets left of it, then a piece of the source.
  let chain = "";
  let pieceStart = -1;
  let pieceEnd = -1;
  // The last identifier, and the one right before it (`x string` in `var x string = "…"`).
  let wordStart = 0;
  let wordEnd = 0;
  let beforeStart = -1;
  let beforeEnd = -1;
  // The first identifier of a list with commas.
  let listStart = 0;
  let listEnd = 0;
  let afterComma = false;
  let name: string | undefined;

  let clause: Clause;
  let importAlias: string | undefined;
  let importBlock = false;
  let functionName: string | undefined;
  let parametersStart = -1;
  let parameters: string | undefined;
  let typeBraces = false;
  let bodyStart = -1;

  function selectorSoFar(): string {
    if (pieceStart < 0) return chain;
    const piece = source.slice(pieceStart, pieceEnd);
    return chain === "" ? piece : `${chain}.${piece}`;
  }

  /** `x` of `x =`, `x :=`, `var x string =`, `thing.x =`, `x, err :=` and `x:`. */
  function assignedName(): string {
    if (afterComma) {
      const first = source.slice(listStart, listEnd);
      return first === "_" ? source.slice(wordStart, wordEnd) : first;
    }
    const before = beforeStart < 0 ? "" : source.slice(beforeStart, beforeEnd);
    return before === "" || keywords.has(before) ? source.slice(wordStart, wordEnd) : before;
  }

  function addLiteral(start: number, value: string, atLine: number): void {
    if (clause === "import") {
      imports.push({ path: value, alias: importAlias, line: atLine, start });
      importAlias = undefined;
      if (!importBlock) clause = undefined;
    } else {
      const top = brackets[brackets.length - 1];
      const call = top?.call;
      const argument = call === undefined ? 0 : top!.argument;
      literals.push({
        value,
        line: atLine,
        start,
        end: at,
        call,
        argument,
        name,
        appended: last === PLUS,
      });
    }
    last = VALUE;
    chain = "";
    pieceStart = -1;
  }

  function topLevelWord(word: string): void {
    if (clause === "import") importAlias = word;
    else if (clause === "package") {
      packageName = word;
      clause = undefined;
    } else if (clause === "function") {
      if (word === "interface" || word === "struct") typeBraces = true;
      else functionName ??= word;
    } else if (word === "import") {
      clause = "import";
      importBlock = false;
      importAlias = undefined;
    } else if (word === "package" && packageName === undefined) {
      clause = "package";
      packageStart = wordStart;
    } else if (word === "func") {
      clause = "function";
      functionName = undefined;
      parametersStart = -1;
      parameters = undefined;
      typeBraces = false;
    }
  }

  function open(code: number): void {
    const selector = last === IDENTIFIER || last === CLOSED ? selectorSoFar() : "";
    let call: number | undefined;
    if (clause === "import") importBlock = true;
    else if (clause === "function" && brackets.length === 0) {
      if (code === OPEN_PARENTHESIS && functionName !== undefined && parametersStart < 0)
        parametersStart = at;
      else if (code === OPEN_BRACE && !typeBraces) {
        bodyStart = at;
        clause = undefined;
      }
    } else if (
      selector !== "" &&
      (code === OPEN_PARENTHESIS
        ? !keywords.has(selector)
        : code === OPEN_BRACE && last === IDENTIFIER && selector.includes("."))
    ) {
      call = calls.length;
      const parent = brackets[brackets.length - 1]?.call;
      calls.push({
        selector,
        line,
        start: at,
        end: length,
        parent,
        composite: code === OPEN_BRACE,
        name,
      });
    }
    brackets.push({ open: code, call, selector, argument: 0 });
    if (code === OPEN_BRACE) name = undefined;
    chain = "";
    pieceStart = -1;
    last = code;
  }

  function close(code: number): void {
    const bracket = brackets.pop();
    if (bracket?.call !== undefined) calls[bracket.call]!.end = at - 1;
    chain = code === CLOSE_BRACE ? "" : (bracket?.selector ?? "");
    pieceStart = -1;
    last = CLOSED;
    if (brackets.length > 0) return;
    if (clause === "import") clause = undefined;
    else if (clause === "function") {
      if (code === CLOSE_BRACE) typeBraces = false;
      else if (parametersStart >= 0 && parameters === undefined)
        parameters = source.slice(parametersStart, at - 1);
    } else if (bodyStart >= 0 && functionName !== undefined) {
      functions.push({
        name: functionName,
        parameters: parameters ?? "",
        start: bodyStart,
        end: at - 1,
      });
      bodyStart = -1;
    }
  }

  function directive(end: number): void {
    if (source.startsWith("go:embed", at + 1))
      directives.push({ kind: "embed", text: source.slice(at + 9, end).trim(), line, end });
    else if (source.startsWith("go:build ", at + 1))
      directives.push({ kind: "build", text: source.slice(at + 10, end).trim(), line, end });
    else {
      // `//+build` counts as `// +build` does. Source: https://pkg.go.dev/go/build#hdr-Build_Constraints
      const words = /^[ \t]*\+build[ \t]/.exec(source.slice(at + 1, at + 40));
      if (words) {
        const text = source.slice(at + 1 + words[0].length, end).trim();
        directives.push({ kind: "plus-build", text, line, end });
      }
    }
  }

  while (at < length) {
    const code = source.charCodeAt(at);
    const kind = code < 128 ? kinds[code]! : LETTER;
    if (kind === LETTER) {
      if (last === IDENTIFIER) {
        beforeStart = wordStart;
        beforeEnd = wordEnd;
      } else beforeStart = -1;
      afterComma = last === COMMA;
      wordStart = at++;
      while (at < length) {
        const next = source.charCodeAt(at);
        if (next < 128 && kinds[next] === 0) break;
        at++;
      }
      wordEnd = at;
      if (!afterComma) {
        listStart = wordStart;
        listEnd = wordEnd;
      }
      if (last === DOT && (chain !== "" || pieceStart >= 0)) {
        if (pieceStart < 0) pieceStart = wordStart;
        else if (pieceEnd + 1 !== wordStart) {
          chain = selectorSoFar();
          pieceStart = wordStart;
        }
      } else {
        chain = "";
        pieceStart = wordStart;
      }
      pieceEnd = at;
      last = IDENTIFIER;
      if (brackets.length === 0 || clause === "import") topLevelWord(source.slice(wordStart, at));
      continue;
    }
    at++;
    switch (code) {
      case BLANK:
      case TAB:
      case CARRIAGE_RETURN:
        continue;
      case NEWLINE:
        line++;
        // Go puts a semicolon here, unless the last token needs something to follow.
        if (last < 0) {
          chain = "";
          pieceStart = -1;
          name = undefined;
          last = SEMICOLON;
          if (clause === "function" && brackets.length === 0) clause = undefined;
        }
        continue;
      case SLASH: {
        const next = source.charCodeAt(at);
        if (next === SLASH) {
          let end = source.indexOf("\n", at);
          if (end < 0) end = length;
          directive(end);
          at = end;
          continue;
        }
        if (next === STAR) {
          const end = source.indexOf("*/", at + 1);
          const start = at;
          at = end < 0 ? length : end + 2;
          line += newlines(source, start, at);
          continue;
        }
        break;
      }
      case QUOTE: {
        const start = at;
        let escaped = false;
        for (; at < length; at++) {
          const inner = source.charCodeAt(at);
          if (inner === QUOTE || inner === NEWLINE) break;
          if (inner === BACKSLASH) {
            escaped = true;
            if (source.charCodeAt(at + 1) !== NEWLINE) at++;
          }
        }
        if (at > length) at = length;
        const inside = source.slice(start, at);
        if (source.charCodeAt(at) === QUOTE) at++;
        addLiteral(start - 1, escaped ? decode(inside) : inside, line);
        continue;
      }
      case BACKQUOTE: {
        const start = at;
        const end = source.indexOf("`", at);
        const inside = source.slice(start, end < 0 ? length : end);
        at = end < 0 ? length : end + 1;
        // The specification drops carriage returns from raw strings.
        addLiteral(start - 1, inside.includes("\r") ? inside.replaceAll("\r", "") : inside, line);
        line += newlines(source, start, at);
        continue;
      }
      case APOSTROPHE:
        for (; at < length; at++) {
          const inner = source.charCodeAt(at);
          if (inner === APOSTROPHE || inner === NEWLINE) break;
          if (inner === BACKSLASH && source.charCodeAt(at + 1) !== NEWLINE) at++;
        }
        if (source.charCodeAt(at) === APOSTROPHE) at++;
        if (at > length) at = length;
        last = VALUE;
        chain = "";
        pieceStart = -1;
        continue;
      case OPEN_PARENTHESIS:
      case OPEN_BRACKET:
      case OPEN_BRACE:
        open(code);
        continue;
      case CLOSE_PARENTHESIS:
      case CLOSE_BRACKET:
      case CLOSE_BRACE:
        close(code);
        continue;
      case DOT:
        if (clause === "import") importAlias = ".";
        last = DOT;
        continue;
      case COLON:
        name =
          last === IDENTIFIER && (!afterComma || source.charCodeAt(at) === EQUALS)
            ? assignedName()
            : undefined;
        if (last === IDENTIFIER && name === undefined) name = source.slice(wordStart, wordEnd);
        break;
      case EQUALS:
        if (source.charCodeAt(at) === EQUALS) at++;
        else if (last === IDENTIFIER) name = assignedName();
        break;
      case COMMA: {
        const top = brackets[brackets.length - 1];
        if (top !== undefined) top.argument++;
        if (top?.open === OPEN_BRACE) name = undefined;
        break;
      }
      case SEMICOLON:
        name = undefined;
        break;
    }
    if (kind === DIGIT) {
      while (at < length) {
        const next = source.charCodeAt(at);
        if (next !== DOT && (next >= 128 || kinds[next] === 0)) break;
        at++;
      }
      last = VALUE;
    } else last = code;
    chain = "";
    pieceStart = -1;
  }
  return { packageName, packageStart, imports, literals, calls, functions, directives };
}

function newlines(source: string, start: number, end: number): number {
  let count = 0;
  for (let at = source.indexOf("\n", start); at >= 0 && at < end; at = source.indexOf("\n", at + 1))
    count++;
  return count;
}
