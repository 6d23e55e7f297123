import { describe, expect, test } from "vitest";
import { compare, verdictOf } from "../../src/verify/compare.ts";
import type { Comparison, Measurement } from "../../src/verify/compare.ts";
import { findingDefinitions, findingMessage } from "../../src/verify/findings.ts";
import type { Observation } from "../../src/verify/probe.ts";
import { answer, comparison, ended, measurement, serving } from "./measurements.ts";

function judged(changes: Partial<Comparison>): { verdict: string; codes: string[] } {
  const compared = comparison(changes);
  const findings = compare(compared);
  for (const entry of findings) expect(findingMessage(entry)).not.toMatch(/\{\w+\}/);
  return {
    verdict: verdictOf(findings, compared.before, compared.after),
    codes: findings.map(({ code }) => code),
  };
}

const after = (observation: Partial<Observation>): Measurement =>
  measurement(observation, {}, 11_800_000);
const unbuilt = (code: "build-step-failed" | "tls" | "base-image-unavailable"): Measurement => ({
  ...measurement(),
  problem: { code, detail: "why", lines: ["last line"] },
  image: undefined,
  observation: undefined,
  files: undefined,
});
const answers = (changes: Parameters<typeof answer>[0]) => ({
  answers: [{ port: 8080, path: "/", answer: answer(changes) }],
});
const startFailed = {
  problem: { code: "start-failed", detail: "exec: no such file", lines: [] },
} as const;

test("what does the same and is smaller is better", () => {
  expect(judged({})).toEqual({ verdict: "better", codes: [] });
});

test("without a new stage, the same size is the same, and more is worse", () => {
  const sized = (size: number) =>
    judged({ expectsSmaller: false, after: measurement({}, {}, size) });
  expect(sized(1_050_000_000)).toEqual({ verdict: "same", codes: [] });
  expect(sized(1_055_000_000)).toEqual({ verdict: "same", codes: [] });
  expect(sized(1_200_000_000)).toEqual({ verdict: "worse", codes: ["larger"] });
});

test("with a new stage, the same size is worse", () => {
  expect(judged({ after: measurement() })).toEqual({ verdict: "worse", codes: ["not-smaller"] });
});

describe("a migration is worse when its image", () => {
  const cases: readonly [string, Measurement, string][] = [
    ["does not build", unbuilt("build-step-failed"), "does-not-build"],
    ["does not start", after(startFailed), "does-not-start"],
    ["ends where the original runs", after({ ...ended, exitCode: 1 }), "ends-early"],
    ["does not listen any more", after({ sockets: [] }), "port-not-served"],
    [
      "listens for itself alone",
      after({ sockets: [{ ...serving.sockets[0]!, scope: "loopback" }] }),
      "port-on-loopback-only",
    ],
    [
      "does not answer",
      after({ answers: [{ port: 8080, path: "/", answer: { kind: "timed-out" } }] }),
      "no-answer",
    ],
    ["answers with another status", after(answers({ status: 404 })), "status-differs"],
    [
      "answers with another type",
      after(answers({ contentType: "text/plain" })),
      "content-type-differs",
    ],
    ["leads elsewhere", after(answers({ location: "/login" })), "redirect-differs"],
    ["answers with another body", after(answers({ bodyHash: "two" })), "body-differs"],
  ];
  test.each(cases)("%s", (_name, measured, code) => {
    const { verdict, codes } = judged({ after: measured });
    expect(verdict).toBe("worse");
    expect(codes).toContain(code);
  });

  test("has a health check that fails", () => {
    const before = measurement({ health: "healthy" });
    expect(judged({ before, after: after({ health: "unhealthy" }) }).codes).toEqual([
      "health-check-fails",
    ]);
    expect(judged({ before, after: after({ health: "healthy" }) }).codes).toEqual([]);
    expect(
      judged({
        before: measurement({ health: "unhealthy" }),
        after: after({ health: "unhealthy" }),
      }),
    ).toEqual({
      verdict: "better",
      codes: ["original-unhealthy"],
    });
  });

  test("has a start file without its interpreter", () => {
    const startProblem = {
      code: "interpreter-missing",
      file: "/app",
      interpreter: "/lib/ld.so",
    } as const;
    const measured = { ...after({}), files: { leftovers: [], startProblem } };
    expect(judged({ after: measured })).toEqual({
      verdict: "worse",
      codes: ["interpreter-missing"],
    });
  });
});

describe("programs that end", () => {
  const one = { ...measurement(ended), image: measurement({}, { ExposedPorts: {} }).image };
  const other = (changes: Partial<Observation>) => after({ ...ended, ...changes });

  test("are the same by exit code and standard output", () => {
    expect(judged({ before: one, after: other({}) })).toMatchObject({ verdict: "better" });
    expect(judged({ before: one, after: other({ exitCode: 4 }) })).toMatchObject({
      verdict: "worse",
      codes: expect.arrayContaining(["exit-code-differs"]),
    });
    expect(
      judged({ before: one, after: other({ stdout: { hash: "b", length: 1 } }) }).codes,
    ).toContain("output-differs");
    expect(judged({ before: one, after: after({}) }).codes).toContain("keeps-running");
  });

  test("that fail alike leave little seen, and that is said", () => {
    const before = { ...one, observation: { ...ended, exitCode: 1 } };
    expect(judged({ before, after: other({ exitCode: 1 }) })).toMatchObject({
      verdict: "better",
      codes: expect.arrayContaining(["both-end"]),
    });
  });

  test("whose output varies by itself are not compared by it", () => {
    const again = { ...ended, stdout: { hash: "c", length: 3 } };
    const { verdict, codes } = judged({
      before: one,
      after: other({ stdout: { hash: "b", length: 3 } }),
      again,
    });
    expect({ verdict, codes }).toEqual({
      verdict: "better",
      codes: expect.arrayContaining(["output-varies"]),
    });
  });
});

test("an answer that varies by itself is compared by status and type only", () => {
  const again = { ...serving, ...answers({ bodyHash: "three" }) };
  expect(judged({ after: after(answers({ bodyHash: "two" })), again })).toEqual({
    verdict: "better",
    codes: ["answer-varies"],
  });
  expect(
    judged({ after: after(answers({ bodyHash: "two", contentType: "text/plain" })), again })
      .verdict,
  ).toBe("worse");
  expect(judged({ after: after(answers({ bodyHash: "two" })), again: serving }).verdict).toBe(
    "worse",
  );
});

test("what speaks no HTTP is compared by its port", () => {
  const answered = {
    answers: [{ port: 8080, path: "/", answer: { kind: "no-http", error: "Parse Error" } }],
  } as const;
  expect(judged({ before: measurement(answered), after: after(answered) })).toEqual({
    verdict: "better",
    codes: [],
  });
  expect(
    judged({ before: measurement(answered), after: after({ sockets: [], answers: [] }) }).codes,
  ).toEqual(["port-not-served", "exposed-port-not-served"].slice(0, 1));
});

test("a port that is exposed and served by neither is noted", () => {
  const none = { sockets: [], answers: [] };
  expect(judged({ before: measurement(none), after: after(none) })).toEqual({
    verdict: "better",
    codes: ["exposed-port-not-served", "nothing-observed"],
  });
});

describe("a broken original", () => {
  test("that does not build is not held against the migration", () => {
    expect(judged({ before: unbuilt("build-step-failed") })).toEqual({
      verdict: "original-broken",
      codes: ["original-does-not-build", "after-starts"],
    });
    expect(
      judged({ before: unbuilt("build-step-failed"), after: unbuilt("build-step-failed") }).verdict,
    ).toBe("original-broken");
  });

  test("that does not start is not held against the migration", () => {
    expect(judged({ before: measurement(startFailed) })).toEqual({
      verdict: "original-broken",
      codes: ["original-does-not-start", "after-starts"],
    });
    expect(judged({ before: measurement(startFailed), after: after(startFailed) }).verdict).toBe(
      "original-broken",
    );
  });

  test("that ends though it should serve is compared by how it ends", () => {
    const before = measurement({ ...ended, exitCode: 1 });
    expect(judged({ before, after: after({ ...ended, exitCode: 1 }) })).toEqual({
      verdict: "original-broken",
      codes: ["original-ends"],
    });
    expect(judged({ before, after: after({ ...ended, exitCode: 3 }) }).codes).toEqual([
      "original-ends",
      "after-ends-otherwise",
    ]);
  });

  test("that does not answer what is asked of it", () => {
    const probes = [{ port: 8080, path: "/healthz" }];
    expect(judged({ probes }).codes).toEqual(["original-does-not-answer", "after-starts"]);
  });

  test("still has a configuration to lose", () => {
    const before = measurement(startFailed, { User: "app" });
    expect(judged({ before }).verdict).toBe("worse");
  });
});

test("what the surroundings prevent is unknown, not worse", () => {
  expect(judged({ before: unbuilt("tls") })).toEqual({
    verdict: "unknown",
    codes: ["surroundings"],
  });
  expect(judged({ after: unbuilt("base-image-unavailable") })).toEqual({
    verdict: "unknown",
    codes: ["surroundings"],
  });
});

test("what was left behind is noted", () => {
  const leftovers = [
    { code: "leftover-git", count: 20, size: 3000, example: "/app/.git/HEAD" },
  ] as const;
  expect(
    judged({ after: { ...after({}), files: { leftovers, startProblem: undefined } } }),
  ).toEqual({ verdict: "better", codes: ["leftover-git"] });
});

test("every code has a sentence, which is no sentence of another code", () => {
  const messages = Object.values(findingDefinitions).map(({ message }) => message);
  expect(new Set(messages).size).toBe(messages.length);
});
