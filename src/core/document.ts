import { readLines, type Instruction, type Lines, type ReadProblem } from "./line-reader.ts";
import { lineAt, lineStarts, sourceSpan, type Span } from "./source.ts";
import { parseStringArray } from "./string-array.ts";
import { splitArguments, splitPairs, splitWords } from "./words.ts";

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

/** Flags that BuildKit knows, by instruction; any other flag makes it refuse the file. */
const FLAGS: Readonly<Record<string, readonly string[]>> = {
  FROM: ["platform"],
  RUN: ["mount", "network", "security", "device"],
  COPY: ["from", "chown", "chmod", "link", "parents", "exclude"],
  ADD: ["chown", "chmod", "link", "keep-git-dir", "checksum", "exclude", "unpack"],
  HEALTHCHECK: ["interval", "timeout", "start-period", "start-interval", "retries"],
};

/** The least number of words each instruction takes. */
const LEAST_WORDS: Readonly<Record<string, number>> = {
  ADD: 2, ARG: 1, CMD: 0, COPY: 2, ENTRYPOINT: 0, ENV: 1, EXPOSE: 1, FROM: 1, HEALTHCHECK: 1, LABEL: 1,
  MAINTAINER: 1, ONBUILD: 1, RUN: 0, SHELL: 1, STOPSIGNAL: 1, USER: 1, VOLUME: 1, WORKDIR: 1,
};

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
      if (!words) return { problem: "FROM takes an image and, after AS, a name", line: instruction.line };
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
    else return { problem: `${instruction.keyword} stands before the first FROM`, line: instruction.line };
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
function splitFrom(instruction: Instruction) {
  const words = [...instruction.body.text.matchAll(/[^\t\v\f\r ]+/g)].map((match) => ({
    text: match[0],
    start: match.index,
    end: match.index + match[0].length,
  }));
  if (words.length === 1 || (words.length === 3 && words[1]!.text.toLowerCase() === "as")) return words;
  return undefined;
}

/** What BuildKit would say against an instruction, or `undefined`. */
function instructionProblem(instruction: Instruction, escape: string): string | undefined {
  const { keyword, body } = instruction;
  const least = LEAST_WORDS[keyword];
  if (least === undefined) return `unknown instruction ${keyword}`;
  for (const flag of instruction.flags) {
    if (!FLAGS[keyword]?.includes(flag.name)) return `${keyword} knows no flag --${flag.name}`;
  }
  const array = takesArray(keyword) ? parseStringArray(body.text) : undefined;
  if (array?.invalid) return `${keyword} in exec form takes strings only`;
  const words = array ? array.values.length : body.text === "" ? 0 : least > 1 ? splitWords(body.text, escape).length : 1;
  if (words < least) return `${keyword} needs ${least === 1 ? "an argument" : `${least} arguments`}`;
  switch (keyword) {
    case "ENV":
    case "LABEL":
      return splitPairs(body.text, escape) ? undefined : `${keyword} needs name=value`;
    case "ARG":
      return splitArguments(body.text, escape).some((pair) => pair.name === "") ? "ARG needs a name" : undefined;
    case "SHELL":
      return array ? undefined : "SHELL takes exec form only";
    case "HEALTHCHECK":
      return /^(?:CMD\b|NONE\s*$)/i.test(body.text) ? undefined : "HEALTHCHECK takes CMD or NONE";
    case "ONBUILD": {
      const inner = /^[A-Za-z]+/.exec(body.text)?.[0]?.toUpperCase() ?? "";
      if (["ONBUILD", "FROM", "MAINTAINER"].includes(inner)) return `${inner} is not allowed as an ONBUILD trigger`;
      return LEAST_WORDS[inner] === undefined ? `unknown instruction ${inner}` : undefined;
    }
    default:
      return undefined;
  }
}

function takesArray(keyword: string): boolean {
  return ["ADD", "CMD", "COPY", "ENTRYPOINT", "RUN", "SHELL", "VOLUME"].includes(keyword);
}

/** The line, from 1, of a source offset of this document. */
export function lineOf(document: Document, offset: number): number {
  return lineAt(document.lineStarts, offset);
}
