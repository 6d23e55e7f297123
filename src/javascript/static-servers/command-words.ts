import type { Grammar, OptionRule, ServerRule, Setting } from "./server-rule.ts";

export interface ReadOptions {
  readonly settings: ReadonlyMap<Setting, readonly string[]>;
  readonly positionals: readonly string[];
  /** The first option that is not known, not whole, or one that nginx does not do the same way. */
  readonly refused: string | undefined;
}

/** Grammars in which one dash may stand before several letters, and in which a letter's value may follow at once. */
const clusters: ReadonlySet<Grammar> = new Set(["arg", "minimist", "mri", "commander"]);
const attachedValues: ReadonlySet<Grammar> = new Set(["minimist", "commander"]);

/** Cuts a command line up as the program does. What it would not understand is refused. */
export function readOptions(
  words: readonly string[],
  { grammar, options }: Pick<ServerRule, "grammar" | "options">,
): ReadOptions {
  const settings = new Map<Setting, string[]>();
  const positionals: string[] = [];
  let refused: string | undefined;
  let at = 0;

  function take(name: string, given: string | undefined, mayFollow: boolean): boolean {
    const rule = ruleOf(options, name);
    if (!rule || rule[2] === "refused") return false;
    let value = given;
    const takes = grammar === "minimist" ? "maybe" : rule[1];
    if (value === undefined && takes !== "flag" && mayFollow && grammar !== "equals") {
      const next = words[at];
      // A number below zero is a value: `-c -1`.
      if (next !== undefined && (!next.startsWith("-") || /^-(?:\d|$)/.test(next))) {
        value = next;
        at++;
      }
    }
    if (value === undefined && rule[1] === "value") return false;
    if (rule[2] !== "ignored")
      settings.set(rule[2], [...(settings.get(rule[2]) ?? []), value ?? ""]);
    return true;
  }

  function takeShort(word: string): boolean {
    const letters = word.slice(1);
    const [, letter = "", equals] = /^(.)=(.*)$/.exec(letters) ?? [];
    if (equals !== undefined) return grammar !== "arg" && take(`-${letter}`, equals, false);
    if (letters.length === 1) return take(word, undefined, true);
    if (!clusters.has(grammar)) return false;
    for (let index = 0; index < letters.length; index++) {
      const rest = letters.slice(index + 1);
      const name = `-${letters[index]}`;
      const isValue = rest !== "" && attachedValues.has(grammar) && /^(?:-?\d|\W)/.test(rest);
      if (isValue) return take(name, rest, false);
      if (!take(name, undefined, rest === "")) return false;
    }
    return true;
  }

  while (at < words.length) {
    const word = words[at++]!;
    if (word === "--") {
      positionals.push(...words.slice(at));
      break;
    }
    if (!word.startsWith("-") || word === "-") {
      positionals.push(word);
      continue;
    }
    const [, name = word, value] = /^(--[^=]+)=([^]*)$/.exec(word) ?? [];
    if (word.startsWith("--") ? take(name, value, true) : takeShort(word)) continue;
    refused ??= word;
  }
  return { settings, positionals, refused };
}

function ruleOf(options: readonly OptionRule[], name: string): OptionRule | undefined {
  return options.find(([names]) => names.split(" ").includes(name));
}
