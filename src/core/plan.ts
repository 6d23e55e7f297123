import type { Document } from "./document.ts";
import type { Edit } from "./edits.ts";
import type { Instruction } from "./line-reader.ts";
import type { Evidence } from "./outcome.ts";
import type { Span } from "./source.ts";

/** A code with what it is about; `messages.ts` makes the prose. */
export interface Note {
  readonly code: string;
  readonly at: Place | undefined;
  readonly data: Readonly<Record<string, string>>;
  readonly evidence: readonly Evidence[];
}

/** An instruction, or a span of the source. */
export type Place = Instruction | Span;

export interface NoteDetails {
  /** Values for the `{names}` in the code's message. */
  readonly data?: Readonly<Record<string, string>>;
  readonly evidence?: readonly Evidence[];
  /** Differences of the image contract that this reason names, such as `env:GOPATH` or `command`. */
  readonly allows?: readonly string[];
}

/** What a transform wants done: edits, and why. */
export interface Plan {
  readonly kind: "plan";
  readonly edits: readonly Edit[];
  readonly notes: readonly Note[];
  readonly allows: ReadonlySet<string>;
}

/**
 * Collects edits in terms of instructions. Moved and removed instructions take the comments directly above
 * them along; new lines get the file's own line end.
 */
export interface PlanBuilder {
  /** Puts lines before an instruction (above its comments). */
  insertBefore(instruction: Instruction, lines: readonly string[]): PlanBuilder;
  /** Puts lines after an instruction. */
  insertAfter(instruction: Instruction, lines: readonly string[]): PlanBuilder;
  /** Puts lines at the end of the file. */
  append(lines: readonly string[]): PlanBuilder;
  /** Puts text in place of a span; an insertion when the span is empty. */
  replace(place: Place, text: string): PlanBuilder;
  /** Takes an instruction out, with its comments. Its lines can be put back elsewhere: see `linesOf`. */
  remove(instruction: Instruction): PlanBuilder;
  /** Moves an instruction with its comments before another one, or to the end of the file. */
  move(instruction: Instruction, before: Instruction | "end"): PlanBuilder;
  /** Says why: a code of the transform's table and the place it is about. */
  because(code: string, at?: Place, details?: NoteDetails): PlanBuilder;
  build(): Plan;
}

/** The lines of an instruction as they are written, the comments directly above it first. */
export function linesOf(document: Document, instruction: Instruction): string[] {
  const { start, end } = linesSpan(document, instruction);
  return document.source
    .slice(start, end)
    .replace(/\r?\n$/, "")
    .split(/\r?\n/);
}

/** From the first comment above an instruction to its last line's end, line ends included. */
function linesSpan(document: Document, instruction: Instruction): Span {
  const { lineStarts, source } = document;
  const first = instruction.leadingComments[0]?.line ?? instruction.line;
  return {
    start: firstOffset(document, first),
    end: lineStarts[instruction.endLine] ?? source.length,
  };
}

/** Where a line begins, behind a byte order mark. */
function firstOffset(document: Document, line: number): number {
  const start = document.lineStarts[line - 1]!;
  return start === 0 && document.source.charCodeAt(0) === 0xfeff ? 1 : start;
}

/** Whole lines to put before the line that begins at `at`; the text ends with a line end. */
interface Insertion {
  readonly at: number;
  readonly lines: string;
}

/** A builder of plans over one document. */
export function createPlan(document: Document): PlanBuilder {
  const { source, lineStarts, lineEnd } = document;
  const edits: (Edit | Insertion)[] = [];
  const removed = new Set<Instruction>();
  const notes: Note[] = [];
  const allows = new Set<string>();
  const insert = (at: number, lines: readonly string[]): void => {
    if (lines.length > 0) edits.push({ at, lines: lines.map((line) => line + lineEnd).join("") });
  };
  const fileEnd = (): number => {
    const last = document.instructions.at(-1)!;
    if (last.unfinished && !removed.has(last))
      throw new Error("nothing can be put behind an instruction whose continuation does not end");
    return source.length;
  };

  const builder: PlanBuilder = {
    insertBefore(instruction, lines) {
      insert(linesSpan(document, instruction).start, lines);
      return builder;
    },
    insertAfter(instruction, lines) {
      if (instruction.unfinished)
        throw new Error("nothing can be put behind an instruction whose continuation does not end");
      insert(linesSpan(document, instruction).end, lines);
      return builder;
    },
    append(lines) {
      insert(fileEnd(), lines);
      return builder;
    },
    replace(place, replacement) {
      const span = "span" in place ? place.span : place;
      edits.push({ start: span.start, end: span.end, text: replacement });
      return builder;
    },
    remove(instruction) {
      removed.add(instruction);
      return builder;
    },
    move(instruction, before) {
      const { start, end } = linesSpan(document, instruction);
      const text = source.slice(start, end);
      builder.remove(instruction);
      const at = before === "end" ? fileEnd() : linesSpan(document, before).start;
      edits.push({ at, lines: text.endsWith("\n") ? text : text + lineEnd });
      return builder;
    },
    because(code, at, details) {
      notes.push({ code, at, data: details?.data ?? {}, evidence: details?.evidence ?? [] });
      for (const difference of details?.allows ?? []) allows.add(difference);
      return builder;
    },
    build() {
      const removals = removedLines();
      // Where the last line has no line end, or goes, the lines put behind the one before it bring theirs in front.
      const tail = source.endsWith("\n")
        ? Infinity
        : (removals.find((edit) => edit.end === source.length)?.start ?? source.length);
      const placed = edits.map((edit): Edit => {
        if (!("at" in edit)) return edit;
        const { at, lines } = edit;
        const text =
          at < tail || at === firstOffset(document, 1)
            ? lines
            : lineEnd + lines.replace(/\r?\n$/, "");
        return { start: at, end: at, text };
      });
      return { kind: "plan", edits: [...placed, ...removals], notes, allows };
    },
  };

  /** Whole lines to take out; a blank line that would be left beside another goes as well. */
  function removedLines(): Edit[] {
    if (removed.size === 0) return [];
    const lineCount = source.endsWith("\n") ? lineStarts.length - 1 : lineStarts.length;
    const gone = new Uint8Array(lineCount + 2);
    for (const instruction of removed) {
      const first = instruction.leadingComments[0]?.line ?? instruction.line;
      gone.fill(1, first, instruction.endLine + 1);
    }
    const isBlank = (line: number): boolean =>
      source.slice(lineStarts[line - 1], lineStarts[line] ?? source.length).trim() === "";
    for (let line = 1; line <= lineCount; line++) {
      if (gone[line] || !isBlank(line) || !gone[line - 1]) continue;
      let previous = line - 1;
      while (previous > 0 && gone[previous]) previous--;
      if (previous === 0 || isBlank(previous)) gone[line] = 1;
    }
    // Where the file's last instruction goes, so do the blank lines around it.
    const lastInstruction = document.instructions.at(-1)!;
    if (removed.has(lastInstruction) && !comesAfter(lastInstruction.endLine)) {
      for (let line = lineCount; line > 0 && (gone[line] || isBlank(line)); line--) gone[line] = 1;
    }
    const spans: Edit[] = [];
    for (let line = 1; line <= lineCount; line++) {
      if (!gone[line]) continue;
      let last = line;
      while (last < lineCount && gone[last + 1]) last++;
      let start = firstOffset(document, line);
      const end = lineStarts[last] ?? source.length;
      // The file's last lines go, and it ends without a line end: the line before then ends so too.
      if (end === source.length && !source.endsWith("\n") && start > 0) {
        start -= source[start - 2] === "\r" ? 2 : 1;
      }
      spans.push({ start, end, text: "" });
      line = last;
    }
    return spans;
  }

  /** Whether anything but blank lines stands behind a line. */
  function comesAfter(line: number): boolean {
    return source.slice(lineStarts[line] ?? source.length).trim() !== "";
  }

  return builder;
}
