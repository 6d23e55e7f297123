import { isSpace } from "./line-reader.ts";

export interface HeredocStart {
  readonly name: string;
  /** `<<-`: leading tabs of the lines and of the delimiter are dropped. */
  readonly chomp: boolean;
  /** The delimiter is not quoted: variables in the content are expanded. */
  readonly expand: boolean;
}

const HEREDOC = /^\d*<<(-?)([^<]*)$/;

/**
 * The here-documents that a logical line opens, in order. BuildKit splits the line into shell words and
 * takes those that are `<<NAME` as a whole: `<< NAME` and `cat<<NAME` open none.
 * `undefined` when the line holds an expansion BuildKit may refuse, so that the words can't be told.
 *
 * Rule: `heredocsFromLine` and `ParseHeredoc` in moby/buildkit `frontend/dockerfile/parser/parser.go`.
 */
export function heredocsOfLine(line: string): HeredocStart[] | undefined {
  const words = rawWords(line);
  if (words === "unknown") return undefined;
  const starts: HeredocStart[] = [];
  for (const word of words) {
    const match = HEREDOC.exec(word);
    const rest = match?.[2];
    if (!match || !rest) continue;
    const name = unquote(rest);
    if (name === "") return undefined;
    starts.push({ name, chomp: match[1] === "-", expand: name === rest });
  }
  return starts;
}

/** Words with their quotes and escapes kept; none when a quote is not closed, as BuildKit then drops its error. */
function rawWords(line: string): string[] | "unknown" {
  const words: string[] = [];
  let word = "";
  for (let at = 0; at < line.length; ) {
    const char = line[at]!;
    if (isSpace(char.charCodeAt(0))) {
      if (word) words.push(word);
      word = "";
      at++;
    } else if (char === "'") {
      const close = line.indexOf("'", at + 1);
      if (close < 0) return [];
      word += line.slice(at, close + 1);
      at = close + 1;
    } else if (char === '"') {
      let close = at + 1;
      while (close < line.length && line[close] !== '"') close += line[close] === "\\" ? 2 : 1;
      if (close >= line.length) return [];
      if (line.slice(at, close).includes("${")) {
        if (!plainBraces(line.slice(at, close))) return "unknown";
      }
      word += line.slice(at, close + 1);
      at = close + 1;
    } else if (char === "\\") {
      word += line.slice(at, at + 2);
      at += 2;
    } else if (char === "$" && line[at + 1] === "{") {
      const close = line.indexOf("}", at);
      if (close < 0 || !plainBraces(line.slice(at, close + 1))) return "unknown";
      word += line.slice(at, close + 1);
      at = close + 1;
    } else {
      word += char;
      at++;
    }
  }
  if (word) words.push(word);
  return words;
}

function plainBraces(text: string): boolean {
  for (let at = text.indexOf("${"); at >= 0; at = text.indexOf("${", at + 2)) {
    if (!/^\$\{\w+(?::?[-+][^\s{}$"']*)?\}/.test(text.slice(at))) return false;
  }
  return true;
}

function unquote(word: string): string {
  return word.replace(/'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)/g, (_, single, double, escaped) =>
    single ?? (double as string | undefined)?.replace(/\\(["\\$])/g, "$1") ?? escaped,
  );
}
