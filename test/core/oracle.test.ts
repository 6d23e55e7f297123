import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readDocument } from "../../src/core/document.ts";
import { readLines, type Lines, type ReadProblem } from "../../src/core/line-reader.ts";
import { disagreement } from "../../src/core/second-reading.ts";
import { sourceOffset } from "../../src/core/source.ts";
import { dockerfile } from "./dockerfile-arbitrary.ts";

/**
 * The reader against BuildKit's own parser (the one inside @reteps/dockerfmt, BuildKit 0.20.2) and against its own
 * invariants, on generated files. Another seed: `MSB_SEED=123 npx vitest run test/core/oracle.test.ts`.
 */
const SEED = Number(process.env["MSB_SEED"] ?? 20_261_101);
const FILES = 20_000;
/**
 * The oracle is asked about every one of them that the reader takes, and about this many that it refuses: each file
 * that the oracle refuses costs a process of its own.
 */
const REFUSED_ASKED = 200;

/** What is wrong with the spans and offsets of a file's instructions; empty when nothing is. */
function spanProblem(source: string): string {
  const lines = readLines(source);
  if ("problem" in lines) return "";
  let last = 0;
  for (const { span, keyword, keywordSpan, body, flags, heredocs } of lines.instructions) {
    if (span.start < last || span.end <= span.start || span.end > source.length)
      return "spans are out of order";
    last = span.end;
    if (keywordSpan.start !== span.start) return "the keyword does not stand first";
    const letters = source
      .slice(keywordSpan.start, keywordSpan.end)
      .replace(/[a-z]+/g, (part) => part.toUpperCase());
    if (!letters.startsWith(keyword.slice(0, 1))) return "the keyword's span is not its text";
    for (let index = 0; index < body.text.length; index++) {
      if (source[sourceOffset(body, index)] !== body.text[index])
        return "an offset does not lead back";
    }
    if (flags.length === 0 && body.text !== "" && sourceOffset(body, 0) < keywordSpan.end)
      return "the body begins in the keyword";
    if (heredocs.some(({ content }) => content.start < span.start || content.end > span.end))
      return "a here-document is outside";
  }
  return "";
}

/** A line that belongs to no instruction, comment or directive, or to two; empty when there is none. */
function ownerProblem(source: string): string {
  const lines = readLines(source);
  if ("problem" in lines) return "";
  const owners = new Map<number, number>();
  const own = (line: number): void => void owners.set(line, (owners.get(line) ?? 0) + 1);
  for (const { line, endLine } of lines.instructions)
    for (let at = line; at <= endLine; at++) own(at);
  for (const { line } of [...lines.comments, ...lines.directives]) own(line);
  const texts = source.replace(/^\ufeff/, "").split("\n");
  for (const [index, text] of texts.entries()) {
    const count = owners.get(index + 1) ?? 0;
    const isBlank = /^[\s\u0085]*$/.test(text.replaceAll("\ufeff", "x"));
    if (count > 1 || (count === 0 && !isBlank)) return `line ${index + 1} belongs to ${count}`;
  }
  return "";
}

describe("on 20,000 generated files", { timeout: 60_000 }, () => {
  it("the reader never throws, and reads the same text the same way", () => {
    fc.assert(
      fc.property(dockerfile, (source) => {
        expect(readDocument(source)).toEqual(readDocument(source));
      }),
      { seed: SEED, numRuns: FILES / 4 },
    );
  });

  it("spans are ordered, apart and inside the source, and slice to the instruction's own text", () => {
    fc.assert(
      fc.property(dockerfile, (source) => {
        expect(spanProblem(source)).toBe("");
      }),
      { seed: SEED, numRuns: FILES },
    );
  });

  it("every line that is not blank belongs to one instruction, comment or directive", () => {
    fc.assert(
      fc.property(dockerfile, (source) => {
        expect(ownerProblem(source)).toBe("");
      }),
      { seed: SEED, numRuns: FILES },
    );
  });

  it("CRLF line ends give the same instructions as LF", () => {
    const bodies = (lines: Lines | ReadProblem): unknown =>
      "problem" in lines
        ? lines
        : lines.instructions.map(({ keyword, flags, body, heredocs, line }) => [
            keyword,
            flags,
            body.text,
            heredocs.map(({ name }) => name),
            line,
          ]);
    fc.assert(
      fc.property(dockerfile, (source) => {
        const unix = readLines(source.replace(/\r+\n/g, "\n"));
        expect(bodies(readLines(source.replace(/\r*\n/g, "\r\n")))).toEqual(bodies(unix));
      }),
      { seed: SEED, numRuns: FILES },
    );
  });
});

/** Where the reader and the oracle part, and why the reader is right. */
const EXPLAINED: readonly {
  readonly why: string;
  readonly holds: (source: string, lines: ReturnType<typeof readLines>) => boolean;
}[] = [
  {
    why: "The oracle only splits a file into instructions; that FROM comes first, flags and the number of words are no matter to it.",
    holds: (_, lines) => !("problem" in lines),
  },
  {
    why: "BuildKit takes `<< NAME` for a here-document since 0.22; the oracle is older and sees no here-document.",
    holds: (source) => /<<[ \t\r]+\S/.test(source.replace(/[\\`][ \t\r]*\n/g, "")),
  },
  {
    why: "Behind the `#` of a directive any blank of Unicode may stand since BuildKit 0.26; to the oracle that is a comment.",
    holds: (source) => /^\s*#[\t ]*\u00a0/m.test(source),
  },
  {
    why: "A continuation that never comes to text is an instruction without a name: the oracle drops it, as all unknown ones.",
    holds: (source) =>
      /(?:^|\n)[\s\u0085\u00a0]*[\\`][ \t\r]*(?:\n(?:[\s\u0085]*(?:#[^\n]*|[\\`][ \t\r]*)?(?:\n|$))*)?$/.test(
        source,
      ),
  },
];

const require = createRequire(import.meta.url);
function oracleBinary(): string | undefined {
  try {
    const path = require.resolve(
      `@reteps/dockerfmt-${process.platform}-${process.arch}/bin/dockerfmt`,
    );
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

describe.skipIf(!oracleBinary())("beside BuildKit's parser", () => {
  const directory = mkdtempSync(join(tmpdir(), "msb-oracle-"));
  const BATCH = 100;
  beforeAll(() => {
    // A file that is never formatted, so that `--check` names it: it says that the one before it was taken.
    for (let index = 0; index < BATCH; index++)
      writeFileSync(join(directory, `mark-${index}`), "from a\n");
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  /** Whether the oracle takes each file. It ends at the first that it refuses, and is started again behind it. */
  async function accepted(sources: readonly string[], lane: string): Promise<boolean[]> {
    const results: boolean[] = [];
    while (results.length < sources.length) {
      const batch = sources.slice(results.length, results.length + BATCH);
      batch.forEach((source, index) => writeFileSync(join(directory, `${lane}-${index}`), source));
      const names = batch.flatMap((_, index) => [`${lane}-${index}`, `mark-${index}`]);
      const { stdout, stderr } = await run(["--check", ...names]);
      const taken = stdout.match(/^mark-\d+/gm)?.length ?? 0;
      for (let index = 0; index < taken; index++) results.push(true);
      // It formats shell bodies after reading the file, and panics on those it can't parse: the file itself was taken.
      if (taken < batch.length) {
        const isRefused = /Error parsing file/.test(stderr);
        if (!isRefused && !/^panic: /m.test(stderr))
          throw new Error(`the oracle failed: ${stderr.slice(0, 300)}`);
        results.push(!isRefused);
      }
    }
    return results;
  }

  function run(names: readonly string[]): Promise<{ stdout: string; stderr: string }> {
    return new Promise((resolve) => {
      execFile(
        oracleBinary()!,
        names,
        { cwd: directory, maxBuffer: 1 << 26 },
        (_, stdout, stderr) => resolve({ stdout, stderr }),
      );
    });
  }

  /** Keeps the oracle from formatting shell bodies, which makes it panic on many: all it is asked is whether it reads the file. */
  function unformatted(source: string): string {
    const lines = readLines(source);
    if ("problem" in lines) return source;
    // Not above the first one, where the comment would be taken for the whole file's.
    const starts = lines.instructions.slice(1).map(({ line }) => line);
    return source
      .split("\n")
      .map((text, index) => (starts.includes(index + 1) ? `# dockerfmt-ignore\n${text}` : text))
      .join("\n");
  }

  it(
    "the reader accepts and refuses the same files but for explained differences",
    { timeout: 120_000 },
    async () => {
      const files = fc
        .sample(dockerfile, { seed: SEED, numRuns: FILES })
        .filter((source) => !source.startsWith("\ufeff") && source.length > 1);
      const taken = files.filter((source) => !("problem" in readDocument(source)));
      const refused = files
        .filter((source) => "problem" in readDocument(source))
        .slice(0, REFUSED_ASKED);
      const sources = [...taken, ...refused];
      const middle = taken.length + (refused.length >> 1);
      const asked = sources.map(unformatted);
      const [left, right] = await Promise.all([
        accepted(asked.slice(0, middle), "l"),
        accepted(asked.slice(middle), "r"),
      ]);
      const oracle = [...left, ...right];
      const unexplained: string[] = [];
      let both = 0;
      sources.forEach((source, index) => {
        const isTaken = index < taken.length;
        if (!isTaken && !oracle[index]) both++;
        if (isTaken === oracle[index]) return;
        const explanations = isTaken ? EXPLAINED.slice(1) : EXPLAINED;
        if (!explanations.some(({ holds }) => holds(source, readLines(source)))) {
          unexplained.push(`${isTaken ? "ours" : "the oracle"} takes ${JSON.stringify(source)}`);
        }
      });
      expect(unexplained.slice(0, 5)).toEqual([]);
      // The files are worth asking about: many are taken, and many are refused by both.
      expect(taken.length).toBeGreaterThan(FILES / 8);
      expect(both).toBeGreaterThan(REFUSED_ASKED / 8);
    },
  );
});

it("the second reading never throws on a file that was read", { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(dockerfile, (source) => {
      const document = readDocument(source);
      expect(() => "problem" in document || disagreement(document)).not.toThrow();
    }),
    { seed: SEED, numRuns: FILES / 4 },
  );
});
