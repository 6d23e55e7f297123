/** Values of make's variables, with marks for what a makefile alone does not tell. */

/** Stands for text that is not known. This and the other marks are characters that no text holds (Unicode's noncharacters). */
export const UNKNOWN = "\uFDD0";
/** The directory that make runs in. */
export const DIRECTORY = "\uFDD1";
/** Around a glob: the files it finds. */
export const FILES = "\uFDD2";

/** The marks of text that may be empty, or hold any number of words. */
const HIDDEN = /\uFDD2[^\uFDD2]*\uFDD2|\uFDD0/g;
/** Any mark. */
export const MARKED = /[\uFDD0-\uFDD2]/;
/** Marks that hide where words begin and end. */
export const WORDS_HIDDEN = /[\uFDD0\uFDD2]/;

export interface MakeVariable {
  readonly text: string;
  /** Expanded when it was set (`:=`): references in it are plain text. */
  readonly simple: boolean;
}

export const unknownVariable: MakeVariable = { text: UNKNOWN, simple: true };

/** The variables that are seen from one place; `undefined` for one that is not set. */
export type Lookup = (name: string) => MakeVariable | undefined;

/** Whether a text has no mark. */
export function isKnown(text: string): boolean {
  return !MARKED.test(text);
}

/** Whether a text is something else than empty; `undefined` when it cannot be told. */
export function isNotEmpty(text: string): boolean | undefined {
  if (text.replace(HIDDEN, "") !== "") return true;
  return text === "" ? false : undefined;
}
