/** The words of a script's commands: what is plain text in them, and what is computed. */
import type { Assignment, Command, Word as SyntaxWord, WordPart } from "unbash";
import type { CommandWord } from "./shell-wrappers.ts";

/** A word of a command line, with its offsets in the text that it is written in. */
export interface Piece extends CommandWord {
  readonly word: SyntaxWord | undefined;
  readonly pos: number;
  readonly end: number;
}

/** A word that is arguments and nothing else: `"$@"` from the first (0) on, `$1`; `$0` is -1. */
export interface Arguments {
  readonly first: number;
  readonly isList: boolean;
  /** `./server` of `${1:-./server}`. */
  readonly fallback: string | undefined;
}

/** `"$1"`, `"$@"` behind shifts: so many different starts of a command among the arguments are followed. */
export const MOST_STARTS = 8;

/** Stands in for what cannot be told: a parameter that names no program and no argument. */
const COMPUTED = "$?";

export function piecesOf(node: Command): Piece[] {
  return [...(node.name ? [node.name] : []), ...node.args].map(pieceOf);
}

export function pieceOf(node: SyntaxWord | Assignment): Piece {
  const { text, pos, end } = node;
  if (node.type === "Word") return { value: literalOf(node), word: node, text, pos, end };
  const value = node.value.type === "Word" && !node.append ? literalOf(node.value) : undefined;
  const whole = value === undefined ? undefined : `${node.name}=${value}`;
  return { value: whole, word: undefined, text, pos, end };
}

/** A word that means the same without a shell, quotes taken off. */
export function literalOf(word: SyntaxWord): string | undefined {
  if (word.text.startsWith("~")) return undefined;
  const isLiteral = (parts: readonly WordPart[] | undefined): boolean =>
    (parts ?? []).every((part) =>
      part.type === "DoubleQuoted" ? isLiteral(part.parts) : literalPart(part) !== undefined,
    );
  return isLiteral(word.parts) ? word.value : undefined;
}

export function literalPart(part: WordPart): string | undefined {
  const { type } = part;
  return type === "Literal" || type === "SingleQuoted" || type === "AnsiCQuoted"
    ? part.value
    : undefined;
}

/** The stretches of a word between what is computed, with what is known of that. */
function literalRuns(word: SyntaxWord, known: (part: WordPart) => string | undefined): string[] {
  if (!word.parts) return [word.value];
  const runs = [{ whole: "", written: [""] }];
  const add = (parts: readonly WordPart[]): void => {
    for (const part of parts) {
      if (part.type === "DoubleQuoted") {
        add(part.parts);
        continue;
      }
      const run = runs.at(-1)!;
      const literal = literalPart(part);
      const value = literal ?? known(part);
      if (value === undefined) {
        runs.push({ whole: "", written: [""] });
        continue;
      }
      run.whole += value;
      if (literal === undefined) run.written.push("");
      else run.written[run.written.length - 1] += literal;
    }
  };
  add(word.parts);
  // `"$(dirname "$0")/.."` names a directory, but nothing in it.
  return runs.flatMap(({ whole, written }) =>
    written.some((text) => /[^./]/.test(text)) ? [whole] : written,
  );
}

/**
 * The stretches of a word, or the values of flags and assignments in it, that could be paths.
 *
 * @param known what a computed part of it holds, as far as that is known
 */
export function possiblePaths(
  word: SyntaxWord,
  known: (part: WordPart) => string | undefined,
): string[] {
  return literalRuns(word, known).flatMap((literal) => {
    const equals = /^-|^[A-Za-z_]\w*=/.test(literal) ? literal.indexOf("=") : -1;
    if (equals < 0 && literal.startsWith("-")) return [];
    const path = literal.slice(equals + 1);
    return path !== "" && !/\s/.test(path) ? [path] : [];
  });
}

/** A word's text with variables by name, to be read as a script. */
function computedText(parts: readonly WordPart[]): string {
  return parts
    .map((part) => {
      switch (part.type) {
        case "DoubleQuoted":
          return computedText(part.parts);
        case "SimpleExpansion":
        case "Glob":
          return part.text;
        case "ParameterExpansion":
          return /\$\(|`/.test(part.text) ? `\${${part.parameter}}` : part.text;
        default:
          return literalPart(part) ?? COMPUTED;
      }
    })
    .join("");
}

/** The text of a word that is run as a script: what the outer shell puts in is kept as far as it has a name. */
export function scriptTextOf({ value, word }: Piece): string {
  return value ?? (word?.parts ? computedText(word.parts) : "");
}

/** Whether blanks in a variable's value end a word: it stands outside quotes. */
export function isSplit(word: SyntaxWord): boolean {
  return (word.parts ?? []).some(
    ({ type }) => type === "SimpleExpansion" || type === "ParameterExpansion",
  );
}

export function onlyPart(word: SyntaxWord): WordPart | undefined {
  const [part, ...others] = word.parts ?? [];
  if (others.length > 0) return undefined;
  if (part?.type !== "DoubleQuoted") return part;
  return part.parts.length === 1 ? part.parts[0] : undefined;
}

export function argumentsIn(word: SyntaxWord): Arguments | undefined {
  const part = onlyPart(word);
  if (part?.type === "SimpleExpansion") return argumentsNamed(part.text.slice(1), 0, undefined);
  if (part?.type !== "ParameterExpansion" || part.prefix || part.index) return undefined;
  const { parameter, operation } = part;
  if (operation?.type === "Slice" && /^\d+$/.test(operation.offset.text))
    return argumentsNamed(parameter, Number(operation.offset.text) - 1, undefined);
  const isDefault = operation?.type === "Default" && /[-=]$/.test(operation.operator);
  return argumentsNamed(parameter, 0, isDefault ? literalOf(operation.operand) : undefined);
}

function argumentsNamed(
  name: string,
  skipped: number,
  fallback: string | undefined,
): Arguments | undefined {
  if (name === "@" || name === "*") return { first: skipped, isList: true, fallback };
  return /^\d+$/.test(name) ? { first: Number(name) - 1, isList: false, fallback } : undefined;
}
