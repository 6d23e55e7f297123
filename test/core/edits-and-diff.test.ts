import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { unifiedDiff } from "../../src/core/diff.ts";
import { readDocument, type Document } from "../../src/core/document.ts";
import { applyEdits } from "../../src/core/edits.ts";
import { createPlan, linesOf, type PlanBuilder } from "../../src/core/plan.ts";
import { plainDockerfile } from "./dockerfile-arbitrary.ts";

const SEED = Number(process.env["MSB_SEED"] ?? 20_261_101);

function read(source: string): Document {
  const document = readDocument(source);
  if ("problem" in document) throw new Error(`line ${document.line}: ${document.problem}`);
  return document;
}

/** The text after a plan over the source. */
function planned(source: string, make: (plan: PlanBuilder, document: Document) => void): string {
  const document = read(source);
  const plan = createPlan(document);
  make(plan, document);
  return applyEdits(source, plan.build().edits);
}

describe("edits", () => {
  it("replace, remove and insert, insertions at one place in the order given", () => {
    const source = "abcdef";
    expect(
      applyEdits(source, [
        { start: 1, end: 2, text: "X" },
        { start: 4, end: 5, text: "" },
      ]),
    ).toBe("aXcdf");
    expect(
      applyEdits(source, [
        { start: 3, end: 3, text: "1" },
        { start: 3, end: 3, text: "2" },
      ]),
    ).toBe("abc12def");
    expect(
      applyEdits(source, [
        { start: 3, end: 3, text: "1" },
        { start: 3, end: 6, text: "" },
      ]),
    ).toBe("abc1");
    expect(
      applyEdits(source, [
        { start: 0, end: 6, text: "" },
        { start: 3, end: 3, text: "1" },
      ]),
    ).toBe("1");
    expect(applyEdits(source, [])).toBe(source);
  });

  it("that overlap are refused", () => {
    expect(() =>
      applyEdits("abcdef", [
        { start: 1, end: 4, text: "X" },
        { start: 3, end: 5, text: "Y" },
      ]),
    ).toThrow("offset 3");
  });
});

describe("a plan", () => {
  it.each([
    [
      "before an instruction, above its comments",
      "FROM a\n\n# c\nRUN b\n",
      "FROM a\n\nX\n# c\nRUN b\n",
    ],
    ["in the last line's place without a line end", "FROM a\nRUN b", "FROM a\nX\nRUN b"],
    ["with the file's line end", "FROM a\r\nRUN b\r\n", "FROM a\r\nX\r\nRUN b\r\n"],
  ])("puts lines %s", (_, source, expected) => {
    expect(
      planned(source, (plan, { instructions }) => plan.insertBefore(instructions[1]!, ["X"])),
    ).toBe(expected);
  });

  it("puts lines behind a byte order mark", () => {
    expect(
      planned("\ufeffFROM a\n", (plan, { instructions }) =>
        plan.insertBefore(instructions[0]!, ["X"]),
      ),
    ).toBe("\ufeffX\nFROM a\n");
  });

  it.each([
    ["FROM a\nRUN <<E\nx\nE\nRUN c\n", "FROM a\nRUN <<E\nx\nE\nX\nY\nRUN c\n"],
    ["FROM a\nRUN b", "FROM a\nRUN b\nX\nY"],
    ["FROM a\r\nRUN b", "FROM a\r\nRUN b\r\nX\r\nY"],
  ])("puts lines after an instruction of %j", (source, expected) => {
    expect(
      planned(source, (plan, { instructions }) => plan.insertAfter(instructions[1]!, ["X", "Y"])),
    ).toBe(expected);
  });

  it.each([
    ["FROM a\nRUN b\n", "FROM a\nRUN b\nX\n"],
    ["FROM a\nRUN b", "FROM a\nRUN b\nX"],
    ["FROM a\nRUN b\n# last", "FROM a\nRUN b\n# last\nX"],
  ])("puts lines at the end of %j", (source, expected) =>
    expect(planned(source, (plan) => plan.append(["X"]))).toBe(expected),
  );

  it.each([
    ["with its comments", "FROM a\n# c\nRUN b\nCMD d\n", "FROM a\nCMD d\n"],
    ["with its here-document", "FROM a\nRUN <<E\nx\nE\nCMD d\n", "FROM a\nCMD d\n"],
    ["with one of the blank lines around it", "FROM a\n\nRUN b\n\nCMD d\n", "FROM a\n\nCMD d\n"],
    ["and keeps the only blank line", "FROM a\nRUN b\n\nCMD d\n", "FROM a\n\nCMD d\n"],
    ["that ends a file without a line end", "FROM a\nRUN b", "FROM a"],
    ["that ends a file without a line end, with CRLF", "FROM a\r\nRUN b", "FROM a"],
  ])("removes an instruction %s", (_, source, expected) => {
    expect(planned(source, (plan, { instructions }) => plan.remove(instructions[1]!))).toBe(
      expected,
    );
  });

  it.each([
    [
      "puts lines in the place of the last one",
      (plan: PlanBuilder, { instructions }: Document) =>
        plan.insertBefore(instructions[1]!, ["X"]).remove(instructions[1]!),
    ],
    [
      "puts lines behind the one before",
      (plan: PlanBuilder, { instructions }: Document) =>
        plan.insertAfter(instructions[0]!, ["X"]).remove(instructions[1]!),
    ],
    [
      "puts lines behind the last one",
      (plan: PlanBuilder, { instructions }: Document) =>
        plan.remove(instructions[1]!).insertAfter(instructions[1]!, ["X"]),
    ],
    [
      "puts lines at the end",
      (plan: PlanBuilder, { instructions }: Document) =>
        plan.remove(instructions[1]!).append(["X"]),
    ],
  ])("%s, which is removed and had no line end", (_, make) =>
    expect(planned("FROM a\nRUN b", make)).toBe("FROM a\nX"),
  );

  it("moves an instruction with its comments, each line with its own line end", () => {
    const move = (plan: PlanBuilder, { instructions }: Document): PlanBuilder =>
      plan.move(instructions[2]!, instructions[1]!);
    expect(planned("FROM a\nRUN b\n# c\nCMD d\nUSER e\n", move)).toBe(
      "FROM a\n# c\nCMD d\nRUN b\nUSER e\n",
    );
    expect(planned("FROM a\nRUN b\nCOPY <<E /x\n1\r\nE\nUSER e\n", move)).toBe(
      "FROM a\nCOPY <<E /x\n1\r\nE\nRUN b\nUSER e\n",
    );
    expect(planned("FROM a\nRUN b\nCMD d", move)).toBe("FROM a\nCMD d\nRUN b");
    expect(
      planned("FROM a\nRUN b\nCMD d", (plan, { instructions }) =>
        plan.move(instructions[1]!, "end"),
      ),
    ).toBe("FROM a\nCMD d\nRUN b");
    expect(
      planned("FROM a\nRUN b\nCMD d", (plan, { instructions }) =>
        plan.move(instructions[2]!, "end"),
      ),
    ).toBe("FROM a\nRUN b\nCMD d");
  });

  it("puts nothing behind a continuation that does not end", () => {
    const source = "FROM a\nRUN b && \\\n";
    expect(() => planned(source, (plan) => plan.append(["X"]))).toThrow("continuation");
    expect(() =>
      planned(source, (plan, { instructions }) => plan.insertAfter(instructions[1]!, ["X"])),
    ).toThrow("continuation");
    expect(
      planned(source, (plan, { instructions }) => plan.remove(instructions[1]!).append(["X"])),
    ).toBe("FROM a\nX\n");
  });

  it("gives an instruction's lines as they are written", () => {
    const document = read("FROM a\r\n# c\r\nRUN b \\\r\n  d\r\n");
    expect(linesOf(document, document.instructions[1]!)).toEqual(["# c", "RUN b \\", "  d"]);
  });

  it("keeps notes, evidence and the differences that reasons allow", () => {
    const document = read("FROM a\n");
    const plan = createPlan(document).because("x", document.instructions[0], {
      data: { n: "1" },
      evidence: [{ path: "p" }],
      allows: ["env:*"],
    });
    expect(plan.build()).toEqual({
      kind: "plan",
      edits: [],
      allows: new Set(["env:*"]),
      notes: [
        { code: "x", at: document.instructions[0], data: { n: "1" }, evidence: [{ path: "p" }] },
      ],
    });
  });
});

/** What to do to the instruction with this number (FROM, the first, stays). */
interface Step {
  readonly kind: "remove" | "move" | "moveToEnd" | "insertBefore" | "insertAfter" | "append";
  readonly at: number;
  readonly to: number;
}

const steps = fc.array(
  fc.record({
    kind: fc.constantFrom<Step["kind"]>(
      "remove",
      "move",
      "moveToEnd",
      "insertBefore",
      "insertAfter",
      "append",
    ),
    at: fc.nat(20),
    to: fc.nat(20),
  }),
  { maxLength: 5 },
);

/** The text after the steps, and the numbers of the instructions that they moved and removed. */
function apply(
  source: string,
  list: readonly Step[],
): {
  readonly after: string;
  readonly moved: ReadonlySet<number>;
  readonly removed: ReadonlySet<number>;
  readonly inserted: number;
} {
  const document = read(source);
  const { instructions } = document;
  const plan = createPlan(document);
  const moved = new Set<number>();
  const removed = new Set<number>();
  let inserted = 0;
  for (const { kind, at, to } of list) {
    const index = 1 + (at % (instructions.length - 1));
    const target = instructions[to % instructions.length]!;
    if (kind === "remove" && !moved.has(index)) {
      removed.add(index);
      plan.remove(instructions[index]!);
    } else if (kind === "insertBefore")
      plan.insertBefore(target, [`# new ${inserted++}`, "ARG NEW"]);
    else if (kind === "insertAfter") plan.insertAfter(target, ["ARG NEW", `# new ${inserted++}`]);
    else if (kind === "append") plan.append([`# new ${inserted++}`, "ARG NEW"]);
    else if (
      !moved.has(index) &&
      !removed.has(index) &&
      (kind === "move" || kind === "moveToEnd")
    ) {
      moved.add(index);
      const before = instructions[1 + (to % (instructions.length - 1))]!;
      plan.move(
        instructions[index]!,
        kind === "move" && before !== instructions[index] ? before : "end",
      );
    }
  }
  return { after: applyEdits(source, plan.build().edits), moved, removed, inserted };
}

const textOf = (document: Document, index: number): string => {
  const { span } = document.instructions[index]!;
  return document.source.slice(span.start, span.end);
};

describe("plans over generated files", { timeout: 60_000 }, () => {
  it("leave every instruction that stays and every comment byte for byte, in order, and the result readable", () => {
    fc.assert(
      fc.property(plainDockerfile, steps, (source, list) => {
        const before = read(source);
        if (before.instructions.length < 2) return;
        const { after: text, moved, removed, inserted } = apply(source, list);
        const after = read(text);
        const kept = [...before.instructions.keys()].filter(
          (index) => !moved.has(index) && !removed.has(index),
        );
        const written = [...after.instructions.keys()]
          .map((index) => textOf(after, index))
          .filter((line) => line !== "ARG NEW");
        let at = 0;
        for (const index of kept) {
          at = written.indexOf(textOf(before, index), at) + 1;
          if (at === 0) throw new Error(`${textOf(before, index)} is lost or out of order`);
        }
        expect(written).toHaveLength(before.instructions.length - removed.size);
        for (const index of moved) expect(written).toContain(textOf(before, index));
        expect(after.instructions.length - written.length).toBe(inserted);
        // Comments go only with the instructions that they stand above.
        const gone = [...removed].reduce(
          (sum, index) => sum + before.instructions[index]!.leadingComments.length,
          0,
        );
        expect(after.comments).toHaveLength(before.comments.length - gone + inserted);
        expect(text.startsWith("\ufeff")).toBe(source.startsWith("\ufeff"));
        expect(text.replaceAll("\r\n", "").includes("\r")).toBe(false);
        expect(source.includes("\r\n") && /[^\r]\n/.test(text)).toBe(false);
        // Without a last line end as before, unless a blank line has become the last one.
        expect(text.endsWith("\n")).toBe(
          source.endsWith("\n") || (text.endsWith("\n") && /\n\r?\n/.test(source)),
        );
      }),
      { seed: SEED, numRuns: 3_000 },
    );
  });

  it("without steps change nothing", () => {
    fc.assert(
      fc.property(plainDockerfile, (source) => {
        expect(applyEdits(source, createPlan(read(source)).build().edits)).toBe(source);
      }),
      { seed: SEED, numRuns: 500 },
    );
  });
});

describe("the diff", { timeout: 60_000 }, () => {
  const directory = mkdtempSync(join(tmpdir(), "msb-diff-"));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  const git = (...args: string[]): void => {
    execFileSync("git", ["-c", "core.autocrlf=false", "-c", "core.quotepath=true", ...args], {
      cwd: directory,
      stdio: ["ignore", "ignore", "pipe"],
    });
  };

  const NAMES = [
    "Dockerfile",
    "a b/Docker file",
    'q"u/Dockerfile',
    "b\\s",
    "ünï/Dockerfile",
    "日本/Dockerfile",
    "t\tab",
    "line\nfeed",
    "-dash",
    "a/b/c.Dockerfile",
    "trailing ",
    "😀",
  ];

  it("is taken by git apply, byte for byte", () => {
    git("init", "-q");
    const cases = fc.sample(fc.tuple(plainDockerfile, steps, fc.constantFrom(...NAMES)), {
      seed: SEED,
      numRuns: 400,
    });
    const patches: string[] = [];
    const expected: { path: string; text: string }[] = [];
    cases.forEach(([source, list, name], index) => {
      if (read(source).instructions.length < 2) return;
      const { after } = apply(source, list);
      if (after === source) return;
      const path = `${index}/${name}`;
      mkdirSync(join(directory, dirname(path)), { recursive: true });
      writeFileSync(join(directory, path), source);
      patches.push(unifiedDiff(path, source, after));
      expected.push({ path, text: after });
    });
    expect(expected.length).toBeGreaterThan(200);
    writeFileSync(join(directory, "all.patch"), patches.join(""));
    git("apply", "--whitespace=nowarn", "all.patch");
    for (const { path, text } of expected)
      expect(readFileSync(join(directory, path), "utf8")).toBe(text);
  });

  it.each([
    ["from an empty file", "", "FROM a\n"],
    ["to an empty file", "FROM a\n", ""],
    ["that takes the last line end away", "a\nb\n", "a\nb"],
    ["that adds a last line end", "a\nb", "a\nb\n"],
    ["of line ends alone", "a\r\nb\r\n", "a\nb\n"],
    [
      "of two files that have nothing in common, which is not searched for long",
      `${"a\n".repeat(9_000)}x`,
      "b\n".repeat(9_000),
    ],
  ])("%s is taken, too", (_, before, after) => {
    writeFileSync(join(directory, "one"), before);
    const patch = unifiedDiff("one", before, after);
    writeFileSync(join(directory, "one.patch"), patch);
    git("apply", "--whitespace=nowarn", "one.patch");
    // git removes a file that a patch leaves empty.
    const result = existsSync(join(directory, "one"))
      ? readFileSync(join(directory, "one"), "utf8")
      : "";
    expect(result).toBe(after);
  });

  it("names the file twice and begins with nothing else", () => {
    const [own, other, hunk] = unifiedDiff("a/Dockerfile", "a\n", "b\n").split("\n");
    expect([own?.trimEnd(), other?.trimEnd(), hunk]).toEqual([
      "--- a/a/Dockerfile",
      "+++ b/a/Dockerfile",
      "@@ -1,1 +1,1 @@",
    ]);
  });
});
