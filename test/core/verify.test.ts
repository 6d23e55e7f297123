import { describe, expect, it } from "vitest";
import { readDocument, type Document } from "../../src/core/document.ts";
import { migrate } from "../../src/core/migrate.ts";
import type { Outcome } from "../../src/core/outcome.ts";
import type { Transform, TransformFunction } from "../../src/core/transform.ts";
import { contractDifferences, violations } from "../../src/core/verify.ts";
import { walkStage } from "../../src/core/image-contract.ts";

function read(source: string): Document {
  const document = readDocument(source);
  if ("problem" in document) throw new Error(document.problem);
  return document;
}

const check = (before: string, after: string, ...allows: string[]): string[] =>
  violations(read(before), after, new Set(allows));

function differences(before: string, after: string): string[] {
  const [own, other] = [before, after].map((source) => {
    const document = read(source);
    return walkStage(document, document.stages.at(-1)!);
  });
  return contractDifferences(own!, other!);
}

const BEFORE = 'FROM golang:1.22\nWORKDIR /app\nRUN go build -o server\nCMD ["./server"]\n';
const AFTER =
  'FROM golang:1.22 AS builder\nWORKDIR /app\nRUN go build -o server\n\nFROM scratch AS runtime\nWORKDIR /app\nCOPY --from=builder /app/server ./\nCMD ["./server"]\n';

describe("a right rewrite", () => {
  it("has nothing said against it", () => expect(check(BEFORE, AFTER, "env:*")).toEqual([]));
  it("that changes nothing has nothing said against it", () =>
    expect(check(BEFORE, BEFORE)).toEqual([]));
});

describe("a rewrite is held back", () => {
  it.each([
    ["when BuildKit would refuse it", AFTER.replace("FROM scratch", "FROMM scratch")],
    ["when two readings of it differ", AFTER.replace("COPY", 'RUN echo "x <<EOF"\nCOPY')],
    ["for a reserved stage name", AFTER.replace("AS runtime", "AS scratch")],
    ["for another reserved stage name", AFTER.replaceAll("builder", "context")],
    ["for two stages of one name", AFTER.replace("AS runtime", "AS Builder")],
    ["for a --from that is no stage", AFTER.replace("--from=builder", "--from=nowhere")],
    ["for a --from that is a later stage", AFTER.replace("--from=builder", "--from=runtime")],
    ["for a --from with a later number", AFTER.replace("--from=builder", "--from=1")],
    [
      "for a mount from nowhere",
      AFTER.replace("RUN go", "RUN --mount=type=bind,from=nowhere,target=/x go"),
    ],
    ["for a variable that is set nowhere", AFTER.replace("./\n", "$TARGET/\n")],
    ["for a start that is not copied", AFTER.replace("/app/server ./", "/app/server /other/")],
    ["for a start under another name", AFTER.replace("./\n", "./other\n")],
    ["for a start in shell form without a shell", AFTER.replace('["./server"]', "./server")],
    [
      "for a health check in shell form without a shell",
      AFTER.replace("CMD", "HEALTHCHECK --interval=5s CMD curl x\nCMD"),
    ],
  ])("%s", (_, after) => {
    expect(check(BEFORE, after, "env:*", "command", "healthcheck")).toHaveLength(1);
  });

  it("for a comment that is lost, and for one of two that are alike", () => {
    expect(check("# a\nFROM b\n", "FROM b\n")).toHaveLength(1);
    expect(check("FROM b\n# a\n# a\nRUN c\n", "FROM b\n# a\nRUN c\n")).toHaveLength(1);
    expect(check("FROM b\nRUN c \\\n  # a\n  d\n", "FROM b\nRUN c \\\n  d\n")).toHaveLength(1);
    expect(check("# syntax=a\nFROM b\n", "FROM b\n")).toHaveLength(1);
    expect(check("FROM b\nRUN c \\\n  # a\n  d\n", "FROM b\n# a\nRUN c d\n")).toEqual([]);
  });

  it("for what the image's configuration loses, unless a reason names it", () => {
    const lost = AFTER.replace("FROM scratch", "FROM alpine");
    expect(check(BEFORE.replace("CMD", "USER 1\nCMD"), lost, "env:*")).toHaveLength(1);
    expect(check(BEFORE.replace("CMD", "USER 1\nCMD"), lost, "env:*", "user")).toEqual([]);
    expect(check(BEFORE, lost)).toHaveLength(4);
    expect(check(BEFORE, lost, "env:GOPATH", "env:GOLANG_VERSION", "env:GOTOOLCHAIN")).toHaveLength(
      1,
    );
    expect(check(BEFORE, lost, "*")).toEqual([]);
  });

  it("on a base image with a shell, too, when the started file comes from nowhere", () => {
    const alpine = AFTER.replace("FROM scratch", "FROM alpine:3.19").replace(
      "/app/server ./",
      "/app/server /other/",
    );
    expect(check(BEFORE, alpine, "env:*")).toHaveLength(1);
    expect(check(BEFORE, alpine.replace("COPY", "RUN make install\nCOPY"), "env:*")).toEqual([]);
    expect(
      check(
        BEFORE.replace("./server", "/usr/bin/env"),
        alpine.replace("./server", "/usr/bin/env"),
        "env:*",
      ),
    ).toEqual([]);
  });
});

describe("a rewrite is not held back", () => {
  it.each([
    [
      "for copying from an image that the file copied from before",
      BEFORE.replace("RUN", "COPY --from=busybox:1 /a /b\nRUN"),
      AFTER.replace("RUN", "COPY --from=busybox:1 /a /b\nRUN"),
    ],
    [
      "for a --from in another case, or by number",
      BEFORE,
      AFTER.replace("--from=builder", "--from=BUILDER").replace(
        "./\n",
        "./\nCOPY --from=0 /a /b\n",
      ),
    ],
    [
      "for a variable that was set nowhere before",
      BEFORE.replace("CMD", "ENV A=$B\nCMD"),
      AFTER.replace("CMD", "ENV A=$B\nCMD"),
    ],
    [
      "for a start on an image in no table",
      BEFORE,
      AFTER.replace("FROM scratch", "FROM mine").replace("/app/server ./", "/x /y"),
    ],
    ["for a directory that holds the start", BEFORE, AFTER.replace("/app/server ./", "/app /app")],
  ])("%s", (_, before, after) => expect(check(before, after, "env:*")).toEqual([]));
});

describe("two contracts differ", () => {
  it.each([
    ["in the user", "USER 1", "USER 2", ["user"]],
    ["in the working directory", "WORKDIR /a", "WORKDIR /b", ["workdir"]],
    ["in a variable", "ENV A=1", "ENV A=2", ["env:A"]],
    ["in a variable that is not there", "ENV A=1", "ENV B=1", ["env:A", "env:B"]],
    ["in a port", "EXPOSE 1", "EXPOSE 1/udp", ["port:1/tcp", "port:1/udp"]],
    ["in a volume", "VOLUME /a", "VOLUME /b", ["volume:/a", "volume:/b"]],
    ["in a label", "LABEL a=1", "LABEL a=2 b=1", ["label:a", "label:b"]],
    ["in the health check", "HEALTHCHECK CMD a", "HEALTHCHECK --retries=1 CMD a", ["healthcheck"]],
    ["in the stop signal", "STOPSIGNAL 1", "STOPSIGNAL 2", ["stopsignal"]],
    ["in the shell", 'SHELL ["a b"]', 'SHELL ["a", "b"]', ["shell"]],
    ["in the maintainer", "MAINTAINER a", "MAINTAINER b", ["maintainer"]],
    ["in the entrypoint", 'ENTRYPOINT ["a"]', "ENTRYPOINT a", ["entrypoint"]],
    ["in the command", "CMD a", "CMD b", ["command"]],
    [
      "in the shell that runs the command",
      "CMD a",
      'SHELL ["/bin/bash", "-c"]\nCMD a',
      ["command", "shell"],
    ],
    ["in triggers", "ONBUILD RUN a", "RUN a", ["onbuild"]],
  ])("%s", (_, own, other, expected) => {
    expect(differences(`FROM scratch\n${own}\n`, `FROM scratch\n${other}\n`).sort()).toEqual(
      expected,
    );
  });

  it("and agree on root in all its spellings", () => {
    for (const user of ["0", "root", "0:0", "root:root"])
      expect(differences("FROM scratch\n", `FROM scratch\nUSER ${user}\n`)).toEqual([]);
    expect(differences("FROM scratch\n", "FROM scratch\nUSER 0:1\n")).toEqual(["user"]);
  });

  it("when the base image's defaults do", () => {
    expect(differences('FROM node:20\nCMD ["a"]\n', 'FROM debian:12\nCMD ["a"]\n')).toEqual([
      "env:NODE_VERSION",
      "env:YARN_VERSION",
      "entrypoint",
    ]);
    expect(differences("FROM nginx\n", "FROM alpine\n")).toEqual(
      expect.arrayContaining(["port:80/tcp", "stopsignal", "entrypoint", "command"]),
    );
  });
});

describe("migrate", () => {
  function run(source: string, transform: TransformFunction): Outcome {
    const made: Transform = { meta: { name: "mine", description: "", reasons: {} }, transform };
    return migrate({ path: "Dockerfile", source }, { transforms: [made] });
  }
  const codes = (outcome: Outcome): string[] => outcome.reasons.map(({ code }) => code);

  it("offers a change that holds", () => {
    const outcome = run("FROM a\nRUN b\n", () => "FROM a\nRUN c\n");
    expect(outcome).toMatchObject({ status: "changed", text: "FROM a\nRUN c\n" });
  });

  it.each([
    ["cannot be read", () => "FROM a\nFOO b\n"],
    ["loses configuration", () => "FROM a\n"],
    ["would change again", ({ source }: { source: string }) => `${source}RUN c\n`],
  ] satisfies [string, TransformFunction][])("refuses a result that %s", (_, transform) => {
    const outcome = run("FROM a\nUSER b\n", transform);
    expect(outcome.status).toBe("refused");
    expect(codes(outcome)).toEqual(["verification-failed"]);
  });

  it.each([
    ["that BuildKit refuses", "FROM a\nFOO b\n", 2],
    ["that two readers read differently", 'FROM a\nUSER b\nRUN echo "x <<EOF"\nRUN c\n', 3],
  ])("refuses a file %s, at its line", (_, source, line) => {
    const outcome = run(source, (file, api) => {
      api.dockerfile(file);
      return `${file.source.replace("RUN c", "RUN d")}`.replace("USER b\n", "USER b\n\n");
    });
    expect(outcome).toMatchObject({
      status: "refused",
      reasons: [{ code: "unreadable-syntax", line }],
    });
  });

  it("fails when a transform throws or returns what none may", () => {
    for (const transform of [
      () => {
        throw new Error("x");
      },
      () => 1 as never,
      () => Promise.resolve("") as never,
    ] satisfies TransformFunction[]) {
      const outcome = run("FROM a\n", transform);
      expect(outcome.status).toBe("failed");
      expect(codes(outcome)).toEqual(["transform-threw"]);
    }
  });
});
