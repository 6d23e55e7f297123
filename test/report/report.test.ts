import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Outcome } from "../../src/core/outcome.ts";
import { diffReport } from "../../src/report/diff.ts";
import { jsonReport } from "../../src/report/json.ts";
import { visible } from "../../src/report/paint.ts";
import { prettyReport } from "../../src/report/pretty.ts";
import { summarize, summaryLine } from "../../src/report/summary.ts";

const patch = "--- a/a/Dockerfile\n+++ b/a/Dockerfile\n@@ -1 +1 @@\n-FROM a\n+FROM a AS b\n";
const changed: Outcome = {
  path: "a/Dockerfile",
  status: "changed",
  safety: "safe",
  transforms: ["go-multi-stage"],
  reasons: [
    {
      code: "builder-named",
      message: "the stage is named",
      line: 1,
      endLine: 2,
      evidence: [{ path: "go.mod", line: 3, text: "go 1.22" }],
    },
    { code: "builder-named", message: "the stage is named", evidence: [] },
  ],
  text: "FROM a AS b\n",
  patch,
};
const review: Outcome = {
  ...changed,
  path: "b/Dockerfile",
  safety: "review",
  patch: patch.replaceAll("a/Dockerfile", "b/Dockerfile"),
};
const refused: Outcome = {
  path: "c/Dockerfile",
  status: "refused",
  transforms: ["go-multi-stage"],
  reasons: [
    {
      code: "opaque-build",
      message: "make builds it",
      remedy: "Name the artifact.",
      line: 4,
      endLine: 4,
      evidence: [],
    },
  ],
};
const unchanged: Outcome = {
  path: "d/Dockerfile",
  status: "unchanged",
  transforms: [],
  reasons: [{ code: "not-go", message: "no Go", evidence: [] }],
};
const failed: Outcome = {
  path: "e",
  status: "failed",
  transforms: [],
  reasons: [{ code: "missing-path", message: "none", evidence: [] }],
};
const outcomes = [changed, review, refused, unchanged, failed];

describe("the summary", () => {
  it("counts files by status and by code, each code once a file", () => {
    expect(summarize(outcomes, new Set(["a/Dockerfile"]))).toEqual({
      files: 5,
      changed: 2,
      safe: 1,
      review: 1,
      unchanged: 1,
      refused: 1,
      failed: 1,
      written: 1,
      codes: [
        { status: "changed", code: "builder-named", files: 2 },
        { status: "refused", code: "opaque-build", files: 1 },
        { status: "failed", code: "missing-path", files: 1 },
        { status: "unchanged", code: "not-go", files: 1 },
      ],
    });
  });

  it("fits in a line, without zeros", () => {
    expect(summaryLine(summarize(outcomes))).toBe(
      "5 files: 2 changed (1 safe, 1 review), 1 unchanged, 1 refused, 1 failed",
    );
    expect(summaryLine(summarize([unchanged]))).toBe("1 file: 1 unchanged");
    expect(summaryLine(summarize([]))).toBe("0 files");
  });
});

it("a diff report is the patches, one after the other", () => {
  expect(diffReport(outcomes)).toBe(patch + (review.status === "changed" ? review.patch : ""));
  expect(diffReport([refused])).toBe("");
});

describe("the JSON report", () => {
  const report: unknown = JSON.parse(jsonReport(outcomes, new Set(["a/Dockerfile"])));

  it("has every field in every entry", () => {
    expect(report).toMatchObject({
      version: 1,
      files: [
        {
          path: "a/Dockerfile",
          status: "changed",
          safety: "safe",
          written: true,
          transforms: ["go-multi-stage"],
          reasons: [
            {
              code: "builder-named",
              message: "the stage is named",
              remedy: null,
              line: 1,
              endLine: 2,
              evidence: [{ path: "go.mod", line: 3, text: "go 1.22" }],
            },
            { code: "builder-named", remedy: null, line: null, endLine: null, evidence: [] },
          ],
          patch,
        },
        { written: false, safety: "review" },
        {
          status: "refused",
          safety: null,
          patch: null,
          reasons: [{ remedy: "Name the artifact." }],
        },
        { status: "unchanged", safety: null, patch: null },
        { status: "failed" },
      ],
    });
    expect(jsonReport([]).endsWith("}\n")).toBe(true);
  });

  it("has the fields that docs/json.md explains, and no others", () => {
    const documentation = readFileSync(new URL("../../docs/json.md", import.meta.url), "utf8");
    const documented = [...documentation.matchAll(/^\| `([^`]+)` *\|/gm)].map((match) => match[1]);
    expect([...fieldsOf(report, "")].sort()).toEqual(documented.sort());
  });
});

/** The names of all fields, as `files[].reasons[].code`. */
function fieldsOf(value: unknown, path: string): Set<string> {
  const fields = new Set<string>();
  if (Array.isArray(value)) {
    for (const item of value) for (const field of fieldsOf(item, `${path}[]`)) fields.add(field);
  } else if (typeof value === "object" && value !== null) {
    for (const [name, inner] of Object.entries(value)) {
      const field = path === "" ? name : `${path}.${name}`;
      fields.add(field);
      for (const deeper of fieldsOf(inner, field)) fields.add(deeper);
    }
  }
  return fields;
}

describe("the pretty report", () => {
  it("shows changes, refusals and failures, and counts the rest", () => {
    const report = prettyReport(outcomes, { color: false });
    for (const { path } of [changed, review, refused, failed]) expect(report).toContain(path);
    expect(report).not.toContain("d/Dockerfile");
    expect(report).toContain("+FROM a AS b");
    for (const part of [
      "[opaque-build]",
      "line 4: ",
      "lines 1-2: ",
      "Name the artifact.",
      "go.mod:3  go 1.22",
    ])
      expect(report).toContain(part);
    expect(prettyReport(outcomes, { color: false, verbose: true })).toContain("d/Dockerfile");
  });

  it("has colours on demand, and is the same text with them", () => {
    const colored = prettyReport(outcomes, { color: true });
    expect(colored).toContain("\u001b[32m+FROM a AS b\u001b[39m");
    // oxlint-disable-next-line no-control-regex -- the colours' own
    expect(colored.replace(/\u001b\[\d+m/g, "")).toBe(prettyReport(outcomes, { color: false }));
  });

  it("tells what was written from what was withheld", () => {
    const report = prettyReport([changed, review], {
      color: false,
      written: new Set(["a/Dockerfile"]),
      summary: false,
    });
    expect(report).toMatch(/^a\/Dockerfile {2}written, safe/m);
    expect(report).toMatch(/^b\/Dockerfile {2}not written, review/m);
  });

  it("does not let a file steer the terminal", () => {
    const hostile: Outcome = {
      ...unchanged,
      status: "failed",
      path: "\u001b[2J",
      reasons: [{ code: "x", message: "\u009b2J\u0007", evidence: [] }],
    };
    const report = prettyReport([hostile], { color: false });
    for (const control of ["\u001b", "\u009b", "\u0007"]) expect(report).not.toContain(control);
    expect(visible("a\r")).toBe("a^M");
  });
});
