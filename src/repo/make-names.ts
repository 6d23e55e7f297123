/** Names of targets and of files, and patterns that fit them. https://www.gnu.org/software/make/manual/make.html#Pattern-Match */
import { DIRECTORY, FILES, UNKNOWN } from "./make-values.ts";

/** Names of targets; a backslash keeps what would end one. */
export function namesOf(text: string): string[] {
  const words = text.match(/(?:[^\s\\]|\\[^])+/g) ?? [];
  return words.map((word) => normalName(word.replace(/\\([\s:#])/g, "$1")));
}

/** Make takes `./name` for `name`. */
export function normalName(name: string): string {
  return name.replace(/^(?:\.\/+)+(?=.)/, "");
}

/** A path's directory with the slash at its end, as `$(dir)` has it. */
export function directoryOf(path: string): string {
  if (path === DIRECTORY) return UNKNOWN;
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "./" : path.slice(0, slash + 1);
}

export function fileNameOf(path: string): string {
  return path === DIRECTORY ? UNKNOWN : path.slice(path.lastIndexOf("/") + 1);
}

/** What the `%` of a pattern stands for in a word, or `undefined` when the word does not fit. */
export function stemOf(pattern: string, word: string): string | undefined {
  const percent = pattern.indexOf("%");
  if (percent < 0) return pattern === word ? "" : undefined;
  const tail = pattern.length - percent - 1;
  if (word.length < percent + tail) return undefined;
  if (!word.startsWith(pattern.slice(0, percent)) || !word.endsWith(pattern.slice(percent + 1)))
    return undefined;
  return word.slice(percent, word.length - tail);
}

/** The glob of a name that stands for what it finds; `undefined` when there is more than that in it. */
export function globOf(name: string): string | undefined {
  if (!name.includes(FILES)) return name;
  const [before, glob, after, ...more] = name.split(FILES);
  return before === "" && after === "" && more.length === 0 ? glob : undefined;
}

/** Whether a glob may find a name: what stands in front of its first wildcard and behind the last is compared. */
export function isInGlob(glob: string, name: string): boolean {
  const path = normalName(glob);
  const first = path.search(/[*?[]/);
  if (first < 0) return path === name;
  const last = Math.max(...["*", "?", "["].map((wild) => path.lastIndexOf(wild)));
  const tail = path[last] === "[" ? "" : path.slice(last + 1);
  return name.startsWith(path.slice(0, first)) && name.endsWith(tail);
}

/** Whether a pattern rule fits a name, or some file of a glob. */
export function isMadeBy(pattern: string, name: string): boolean {
  if (stemOf(pattern, name) !== undefined) return true;
  if (!pattern.includes("/") && stemOf(pattern, fileNameOf(name)) !== undefined) return true;
  return /[*?[]/.test(name) && isInGlob(name, pattern.replace("%", "x"));
}

/** A name in a message. */
export function shown(name: string): string {
  return name.replaceAll(DIRECTORY, "$PWD").replaceAll(FILES, "").replaceAll(UNKNOWN, "…");
}
