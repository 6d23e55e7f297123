import { isHeredoc } from "./heredocs.ts";
import {
  readLines,
  type Flag,
  type Instruction,
  type Lines,
  type ReadProblem,
} from "./line-reader.ts";
import { lineAt, lineStarts, sourceSpan, type Span } from "./source.ts";
import { isArrayWithText, parseStringArray } from "./string-array.ts";
import { splitArguments, splitBlanks, splitPairs, type Word } from "./words.ts";

/** A Dockerfile that BuildKit's parser accepts, with every instruction in its stage. */
export interface Document extends Lines {
  readonly source: string;
  readonly lineStarts: readonly number[];
  /** The line end that new lines get: the one the file's first line has. */
  readonly lineEnd: "\n" | "\r\n";
  /** ARG instructions before the first FROM. */
  readonly globalArguments: readonly Instruction[];
  readonly stages: readonly Stage[];
}

export interface Stage {
  readonly index: number;
  readonly from: Instruction;
  /** The base image or stage as it is written, variables not expanded. */
  readonly image: string;
  readonly imageSpan: Span;
  readonly platform: string | undefined;
  /** Lower case, as BuildKit compares names. */
  readonly name: string | undefined;
  readonly nameSpan: Span | undefined;
  /** All instructions after FROM, up to the next stage. */
  readonly instructions: readonly Instruction[];
}

/** `many`: text, and the flag may stand more than once. */
type FlagKind = "text" | "many" | "switch" | "duration" | "count";

/**
 * Flags that BuildKit knows, by instruction; any other flag makes it refuse the file.
 * Source: moby/buildkit `frontend/dockerfile/instructions/parse.go`.
 */
const FLAGS: Readonly<Record<string, Readonly<Record<string, FlagKind>>>> = {
  FROM: { platform: "text" },
  RUN: { mount: "many", network: "text", security: "text", device: "many" },
  COPY: {
    from: "text",
    chown: "text",
    chmod: "text",
    link: "switch",
    parents: "switch",
    exclude: "many",
  },
  ADD: {
    chown: "text",
    chmod: "text",
    link: "switch",
    "keep-git-dir": "switch",
    checksum: "text",
    exclude: "many",
    unpack: "switch",
  },
  HEALTHCHECK: {
    interval: "duration",
    timeout: "duration",
    "start-period": "duration",
    "start-interval": "duration",
    retries: "count",
  },
};

/** What a flag's value must look like; `time.ParseDuration` of Go for durations. */
const FLAG_VALUES: Readonly<Record<FlagKind, RegExp>> = {
  text: /^/,
  many: /^/,
  switch: /^(?:true|false)$/i,
  duration: /^(?:\+?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+))?$/,
  count: /^\+?\d*$/,
};

/** The least number of words each instruction takes. */
const LEAST_WORDS: Readonly<Record<string, number>> = {
  ADD: 2,
  ARG: 1,
  CMD: 0,
  COPY: 2,
  ENTRYPOINT: 0,
  ENV: 1,
  EXPOSE: 1,
  FROM: 1,
  HEALTHCHECK: 1,
  LABEL: 1,
  MAINTAINER: 1,
  ONBUILD: 1,
  RUN: 0,
  SHELL: 1,
  STOPSIGNAL: 1,
  USER: 1,
  VOLUME: 1,
  WORKDIR: 1,
};

/** What each instruction's own body is read as, where it may be in exec form. */
const TAKES_ARRAY = new Set(["ADD", "CMD", "COPY", "ENTRYPOINT", "RUN", "SHELL", "VOLUME"]);

const STAGE_NAME = /^[a-z][a-z0-9\-_.]*$/;

/** Reads a Dockerfile. A text that BuildKit would reject comes back as its problem and line. */
export function readDocument(source: string): Document | ReadProblem {
  const lines = readLines(source);
  if ("problem" in lines) return lines;
  const globalArguments: Instruction[] = [];
  const stages: { -readonly [Key in keyof Stage]: Stage[Key] }[] = [];
  for (const instruction of lines.instructions) {
    const problem = instructionProblem(instruction, lines.escape);
    if (problem) return { problem, line: instruction.line };
    const last = stages.at(-1);
    if (instruction.keyword === "FROM") {
      const words = splitFrom(instruction);
      if (!words)
        return { problem: "FROM takes an image and, after AS, a name", line: instruction.line };
      const [image, , name] = words;
      if (name && !STAGE_NAME.test(name.text.toLowerCase())) {
        return { problem: `${name.text} is no valid stage name`, line: instruction.line };
      }
      stages.push({
        index: stages.length,
        from: instruction,
        image: image!.text,
        imageSpan: sourceSpan(instruction.body, image!.start, image!.end),
        platform: instruction.flags.find((flag) => flag.name === "platform")?.value,
        name: name?.text.toLowerCase(),
        nameSpan: name && sourceSpan(instruction.body, name.start, name.end),
        instructions: [],
      });
    } else if (last) (last.instructions as Instruction[]).push(instruction);
    else if (instruction.keyword === "ARG") globalArguments.push(instruction);
    else
      return {
        problem: `${instruction.keyword} stands before the first FROM`,
        line: instruction.line,
      };
  }
  if (stages.length === 0) return { problem: "no FROM", line: 1 };
  const firstLineEnd = source.indexOf("\n");
  return {
    ...lines,
    source,
    lineStarts: lineStarts(source),
    lineEnd: firstLineEnd > 0 && source[firstLineEnd - 1] === "\r" ? "\r\n" : "\n",
    globalArguments,
    stages,
  };
}

/** `IMAGE` or `IMAGE AS NAME`; FROM knows no quotes. */
function splitFrom(instruction: Instruction): Word[] | undefined {
  const words = splitBlanks(instruction.body.text);
  if (words.length === 1 || (words.length === 3 && words[1]!.text.toLowerCase() === "as"))
    return words;
  return undefined;
}

/** What BuildKit would say against an instruction, or `undefined`. */
function instructionProblem(
  { keyword, flags, body: { text } }: Instruction,
  escape: string,
): string | undefined {
  const least = LEAST_WORDS[keyword];
  if (least === undefined) return `unknown instruction ${keyword}`;
  const flagProblem = flagsProblem(keyword, flags);
  if (flagProblem) return flagProblem;
  const array = TAKES_ARRAY.has(keyword) ? parseStringArray(text) : undefined;
  if (array?.invalid) return `${keyword} in exec form takes strings only`;
  if (TAKES_ARRAY.has(keyword) && isArrayWithText(text))
    return `BuildKit's releases differ on text behind the exec form of ${keyword}`;
  const words = array?.values ?? (least > 0 ? splitBlanks(text).map((word) => word.text) : []);
  if (words.length < least)
    return `${keyword} needs ${least === 1 ? "an argument" : `${least} arguments`}`;
  switch (keyword) {
    case "ENV":
    case "LABEL":
      return splitPairs(text, escape) ? undefined : `${keyword} needs name=value`;
    case "ARG":
      return splitArguments(text, escape).some((pair) => pair.name === "")
        ? "ARG needs a name"
        : undefined;
    case "COPY":
    case "ADD":
      return isHeredoc(words.at(-1)!) ? `${keyword} cannot copy to a here-document` : undefined;
    case "VOLUME":
      return words.some((word) => word.trim() === "") ? "VOLUME needs a path" : undefined;
    case "SHELL":
      return array ? undefined : "SHELL takes exec form only";
    case "HEALTHCHECK":
      return healthcheckProblem(text);
    case "ONBUILD":
      return triggerProblem(words[0]!.toUpperCase());
    default:
      return undefined;
  }
}

function flagsProblem(keyword: string, flags: readonly Flag[]): string | undefined {
  const seen = new Set<string>();
  for (const { name, value } of flags) {
    const kinds = FLAGS[keyword];
    const kind = kinds && Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    if (!kind) return `${keyword} knows no flag --${name}`;
    if (seen.has(name) && kind !== "many") return `--${name} stands twice`;
    if (value === undefined ? kind !== "switch" : !FLAG_VALUES[kind].test(value))
      return `--${name} cannot be ${value ?? "empty"}`;
    seen.add(name);
  }
  return undefined;
}

function healthcheckProblem(text: string): string | undefined {
  const [type, first] = splitBlanks(text);
  if (type?.text.toUpperCase() === "NONE")
    return first ? "HEALTHCHECK NONE takes no arguments" : undefined;
  if (type?.text.toUpperCase() !== "CMD") return "HEALTHCHECK takes CMD or NONE";
  if (!first) return "HEALTHCHECK CMD needs a command";
  const command = text.slice(first.start);
  const array = parseStringArray(command);
  if (array?.invalid || isArrayWithText(command))
    return "HEALTHCHECK CMD in exec form takes strings only, and nothing behind them";
  return array?.values.length === 0 ? "HEALTHCHECK CMD needs a command" : undefined;
}

function triggerProblem(keyword: string): string | undefined {
  if (["ONBUILD", "FROM", "MAINTAINER"].includes(keyword))
    return `${keyword} is not allowed as an ONBUILD trigger`;
  return LEAST_WORDS[keyword] === undefined ? `unknown instruction ${keyword}` : undefined;
}

/** The line, from 1, of a source offset of this document. */
export function lineOf(document: Document, offset: number): number {
  return lineAt(document.lineStarts, offset);
}
