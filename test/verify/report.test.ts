import { describe, expect, test } from "vitest";
import { verdictOf, compare } from "../../src/verify/compare.ts";
import type { Measurement } from "../../src/verify/compare.ts";
import {
  verificationJson,
  verificationMarkdown,
  verificationPretty,
} from "../../src/verify/report.ts";
import type { VerificationReport } from "../../src/verify/report.ts";
import { readableSize } from "../../src/verify/size.ts";
import type { Verification } from "../../src/verify/verify.ts";
import { comparison, measurement, serving } from "./measurements.ts";

function verification(path: string, after: Measurement): Verification {
  const compared = comparison({ after });
  const findings = compare(compared);
  const { before } = compared;
  return { path, verdict: verdictOf(findings, before, after), findings, before, after, time: 1234 };
}

const report: VerificationReport = {
  engine: "docker 26.1.5, BuildKit",
  verifications: [
    verification("api/Dockerfile", measurement({}, {}, 11_800_000)),
    verification(
      "a|b\u001b/Dockerfile",
      measurement(
        { ...serving, sockets: [], lastLines: ["panic: no\u001b[31m file"] },
        {},
        508_000_000,
      ),
    ),
  ],
  failures: [
    {
      path: "web/Dockerfile",
      problem: { code: "no-build-context", detail: "web/Dockerfile", lines: [] },
    },
  ],
  others: [],
};

describe("the report", () => {
  test("as a table for people, with what is wrong below each file", () => {
    const lines = verificationPretty(report, { color: false, verbose: false }).split("\n");
    expect(lines[0]).toMatch(/^file +before +after +ratio +verdict$/);
    expect(lines[1]).toMatch(/^api\/Dockerfile +1.05 GB +11.8 MB +1.1 % +better$/);
    expect(lines[2]).toMatch(/^a\|b\^\[\/Dockerfile +1.05 GB +508 MB +48 % +worse$/);
    expect(lines.join("\n")).toContain("[port-not-served]");
    expect(lines.join("\n")).toContain("    | panic: no^[[31m file");
    expect(lines.join("\n")).toContain("[no-build-context]");
  });

  test("as Markdown, whose cells hold what they should", () => {
    const text = verificationMarkdown(report);
    expect(text).toContain("| api/Dockerfile | 1.05 GB | 11.8 MB | 1.1 % | better |");
    expect(text).toContain("| a\\|b^[/Dockerfile | 1.05 GB | 508 MB | 48 % | worse |");
    expect(text).toContain("Measured with docker 26.1.5, BuildKit.");
  });

  test("as JSON, with every field of both sides", () => {
    const value = JSON.parse(verificationJson(report)) as Record<string, unknown>;
    expect(value).toMatchObject({
      version: 1,
      summary: { better: 1, same: 0, worse: 1, "original-broken": 0, unknown: 1 },
      files: [
        {
          path: "api/Dockerfile",
          verdict: "better",
          before: { size: 1_050_000_000, ports: [{ port: 8080 }], answers: [{ status: 200 }] },
          findings: [],
        },
        {
          verdict: "worse",
          findings: expect.arrayContaining([
            expect.objectContaining({ code: "port-not-served", kind: "worse" }),
          ]),
        },
      ],
      failures: [{ path: "web/Dockerfile", code: "no-build-context" }],
    });
  });

  test("says that there was nothing to do", () => {
    expect(
      verificationPretty(
        { engine: undefined, verifications: [], failures: [], others: [] },
        { color: false, verbose: false },
      ),
    ).toBe("There is no change to verify.\n");
  });
});

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [1000, "1 kB"],
  [11_812_345, "11.8 MB"],
  [508_000_000, "508 MB"],
  [1_050_000_000, "1.05 GB"],
])("%d bytes are %s", (bytes, text) => {
  expect(readableSize(bytes)).toBe(text);
});
