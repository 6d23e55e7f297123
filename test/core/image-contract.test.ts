import { describe, expect, it } from "vitest";
import { copiedFiles, type CopiedFile } from "../../src/core/copied-files.ts";
import { readDocument, type Document } from "../../src/core/document.ts";
import {
  imageName,
  parentStage,
  walkStage,
  type ImageContract,
  type Start,
} from "../../src/core/image-contract.ts";
import { programCandidates, startupOf } from "../../src/core/start.ts";
import { contractDifferences } from "../../src/core/verify.ts";
import { expand } from "../../src/core/words.ts";

function read(source: string): Document {
  const document = readDocument(source);
  if ("problem" in document) throw new Error(`line ${document.line}: ${document.problem}`);
  return document;
}

/** The contract of the last stage. */
function contract(source: string): ImageContract {
  const document = read(source);
  return walkStage(document, document.stages.at(-1)!);
}

const variable = (source: string, name: string): string | undefined =>
  contract(source).environment.get(name)?.value;
const words = (start: Start | undefined): unknown =>
  start?.form === "exec" ? start.words : start?.text;

describe("expansion", () => {
  const lookup = (name: string): string | null | undefined =>
    ({ A: "1", E: "", U: undefined })[name] ??
    (name === "U" ? undefined : name === "E" ? "" : null);

  it.each([
    ["$A", "1"],
    ["${A}", "1"],
    ["x${A}y$A", "x1y1"],
    ["$AB", ""],
    ["${N:-d}", "d"],
    ["${N-d}", "d"],
    ["${E:-d}", "d"],
    ["${E-d}", ""],
    ["${A:-d}", "1"],
    ["${A:+d}", "d"],
    ["${A+d}", "d"],
    ["${E:+d}", ""],
    ["${E+d}", "d"],
    ["${N:+d}", ""],
    ["${N:-$A}", "1"],
    ["${N:-${E:-${A}}}", "1"],
    ["${N:-'a b'}", "a b"],
    ['"$A"', "1"],
    ["'$A'", "$A"],
    ["\\$A", "$A"],
    ['"\\$A"', "$A"],
    ['"\\n\\""', '\\n"'],
    ["a\\ b", "a b"],
    ["a\\", "a"],
    ["$", "$"],
    ["$.", "$."],
    ["$10", ""],
    ["${U}", undefined],
    ["$U", undefined],
    ["${U:-d}", undefined],
    ["${A?e}", "1"],
    ["${N?e}", undefined],
    ["${A%x}", undefined],
    ["${A", undefined],
    ["'a", undefined],
    ['"a', undefined],
  ])("of %s gives %s", (text, expected) => expect(expand(text, lookup).value).toBe(expected));

  it("uses the file's escape character", () => {
    expect(expand("`$A\\$A", lookup, "`").value).toBe("$A\\1");
  });

  it("tells the variables it met", () => {
    expect(expand("$A ${N:-$E} '$X' \"$Y\"", lookup).references).toEqual(["A", "E", "N", "Y"]);
  });
});

describe("ENV", () => {
  it("overrides and extends what the base image sets", () => {
    expect(variable("FROM golang:1.22\nENV PATH=$PATH:/x\n", "PATH")).toBe(
      "/go/bin:/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/x",
    );
    expect(variable("FROM golang:1.22\nENV GOPATH=/y\n", "GOPATH")).toBe("/y");
  });

  it("sees in one instruction the state before it", () => {
    const source = "FROM scratch\nENV A=1\nENV A=2 B=$A\nENV C=$A\n";
    expect([variable(source, "A"), variable(source, "B"), variable(source, "C")]).toEqual([
      "2",
      "1",
      "2",
    ]);
  });

  it.each([
    ["ENV A='b c'", "b c"],
    ['ENV A="b c"', "b c"],
    ["ENV A=b\\ c", "b c"],
    ["ENV A b  c", "b  c"],
    ['ENV A "b"  c', "b  c"],
    ["ENV A=", ""],
    ["ENV X=1 A=b", "b"],
    ["ENV A=b \\\n  X=1", "b"],
  ])("%j sets A to %j", (line, expected) =>
    expect(variable(`FROM scratch\n${line}\n`, "A")).toBe(expected),
  );

  it("of an unknown base image may be anything", () => {
    expect(variable("FROM mine\nENV A=$B\n", "A")).toBeUndefined();
    expect(contract("FROM mine\nENV A=$B\n").environment.has("A")).toBe(true);
    expect(variable("FROM mine\n", "PATH")).toBeUndefined();
  });

  it("that is set, but to what the tag does not tell, is not taken for unset", () => {
    expect(variable("FROM golang:1.22\nENV A=$GOLANG_VERSION\n", "A")).toBeUndefined();
    expect(variable("FROM golang:1.22\nENV A=$NOT_SET\n", "A")).toBe("");
  });
});

describe("ARG", () => {
  it.each([
    ["with its default", "FROM scratch\nARG V=1\nENV A=$V\n", "1"],
    ["that sees an earlier one", "FROM scratch\nARG V=1 W=${V}2\nENV A=$W\n", "12"],
    ["before FROM, declared again", "ARG V=1\nFROM scratch\nARG V\nENV A=$V\n", "1"],
    [
      "before FROM, declared again with another default",
      "ARG V=1\nFROM scratch\nARG V=2\nENV A=$V\n",
      "2",
    ],
    ["before FROM, not declared again", "ARG V=1\nFROM scratch\nENV A=$V\n", ""],
    ["without a default, which the build may give", "FROM scratch\nARG V\nENV A=$V\n", undefined],
    [
      "of the platform, which BuildKit gives",
      "FROM scratch\nARG TARGETARCH\nENV A=$TARGETARCH\n",
      undefined,
    ],
    ["of the platform, not declared", "FROM scratch\nENV A=$TARGETARCH\n", ""],
    ["of a proxy, which needs no declaration", "FROM scratch\nENV A=$HTTP_PROXY\n", undefined],
    ["before an ENV of its name", "FROM scratch\nARG V=1\nENV V=2\nENV A=$V\n", "2"],
    ["behind an ENV of its name", "FROM scratch\nENV V=2\nARG V=1\nENV A=$V\n", "1"],
    [
      "behind an ENV of its name, without a default",
      "FROM scratch\nENV V=2\nARG V\nENV A=$V\n",
      "2",
    ],
    [
      "of an earlier stage that this one is built on",
      "FROM scratch AS b\nARG V=1\nFROM b\nENV A=$V\n",
      "1",
    ],
    ["of another stage", "FROM scratch AS b\nARG V=1\nFROM scratch\nENV A=$V\n", ""],
  ])("%s gives its value", (_, source, expected) => expect(variable(source, "A")).toBe(expected));

  it("is no part of the image's environment", () => {
    expect(contract("FROM scratch\nARG V=1\n").environment.has("V")).toBe(false);
    expect(variable("FROM scratch\nENV V=2\nARG V=1\n", "V")).toBe("2");
  });

  it("is told from ENV", () => {
    const document = read("FROM scratch\nARG V=1\nRUN a\nENV V=2\nRUN b\nARG W\nRUN c\n");
    const seen: boolean[] = [];
    walkStage(document, document.stages[0]!, ({ keyword }, state) => {
      if (keyword === "RUN") seen.push(state.isArgument("V"), state.isArgument("W"));
    });
    expect(seen).toEqual([true, false, false, false, false, true]);
  });

  it("before FROM names the base image", () => {
    const document = read(
      "ARG V=1.22\nARG I=golang:${V}-alpine\nFROM $I\nFROM golang:${X:-1.21}\nFROM golang:$X\nFROM --platform=$BUILDPLATFORM a:$TARGETARCH\n",
    );
    expect(document.stages.map((stage) => imageName(document, stage))).toEqual([
      "golang:1.22-alpine",
      "golang:1.21",
      "golang:",
      undefined,
    ]);
  });
});

describe("the base image's defaults", () => {
  it("of golang are in force until they are changed", () => {
    const image = contract("FROM golang:1.22\n");
    expect(image.workingDirectory).toBe("/go");
    expect(words(image.command)).toEqual(["bash"]);
    expect(image.user).toBe("");
    expect(contract("FROM golang:1.22\nWORKDIR src\n").workingDirectory).toBe("/go/src");
    expect(words(contract("FROM golang:1.22-alpine\n").command)).toEqual(["/bin/sh"]);
  });

  it("of node bring an entrypoint, which CMD is given to", () => {
    expect(startupOf(contract('FROM node:20\nCMD ["server.js"]\n'))).toEqual({
      kind: "exec",
      words: ["docker-entrypoint.sh", "server.js"],
    });
  });

  it("of nginx bring ports, a stop signal and a start", () => {
    const image = contract("FROM nginx:1.25\nEXPOSE 443\n");
    expect(image.exposedPorts).toEqual(["443/tcp", "80/tcp"]);
    expect(image.stopSignal).toBe("SIGQUIT");
    expect(startupOf(image)).toEqual({
      kind: "exec",
      words: ["/docker-entrypoint.sh", "nginx", "-g", "daemon off;"],
    });
  });

  it("of an unknown image are not known", () => {
    const image = contract("FROM mine\nWORKDIR x\n");
    expect(image.base).toBeUndefined();
    expect(image.workingDirectory).toBeUndefined();
    expect(contract("FROM mine\nWORKDIR /x\nWORKDIR y\n").workingDirectory).toBe("/x/y");
  });

  it("lose their CMD to an ENTRYPOINT, the stage's own CMD stays", () => {
    expect(contract('FROM golang:1.22\nENTRYPOINT ["a"]\n').command).toBeUndefined();
    expect(words(contract('FROM golang:1.22\nCMD ["b"]\nENTRYPOINT ["a"]\n').command)).toEqual([
      "b",
    ]);
    expect(
      contract('FROM scratch AS s\nCMD ["b"]\nFROM s\nENTRYPOINT ["a"]\n').command,
    ).toBeUndefined();
  });
});

describe("a stage built on another one", () => {
  const SOURCE = [
    "FROM golang:1.22 AS Base",
    "WORKDIR /app",
    "ENV A=1",
    "USER u",
    "EXPOSE 80",
    "VOLUME /d",
    "LABEL l=1",
    "STOPSIGNAL SIGINT",
    'SHELL ["/bin/bash", "-c"]',
    "HEALTHCHECK CMD h",
    'ENTRYPOINT ["e"]',
    'CMD ["c"]',
    "MAINTAINER m",
    "ONBUILD RUN x",
    "FROM base",
    "WORKDIR x",
    "",
  ].join("\n");

  it("takes its configuration over, but for triggers", () => {
    const image = contract(SOURCE);
    expect(image).toMatchObject({
      workingDirectory: "/app/x",
      user: "u",
      exposedPorts: ["80/tcp"],
      volumes: ["/d"],
      stopSignal: "SIGINT",
      shell: ["/bin/bash", "-c"],
      healthcheck: "CMD h",
      maintainer: "m",
      triggers: [],
    });
    expect(image.environment.get("A")?.value).toBe("1");
    expect(image.labels.get("l")).toBe("1");
    expect(words(image.entrypoint)).toEqual(["e"]);
    expect(words(image.command)).toEqual(["c"]);
    expect(image.base?.family).toBe("golang");
  });

  it("is found in any case, among the earlier ones only", () => {
    const document = read("FROM a AS b\nFROM B\nFROM c\nFROM d AS c\n");
    expect(document.stages.map((stage) => parentStage(document, stage)?.index)).toEqual([
      undefined,
      0,
      undefined,
      undefined,
    ]);
  });
});

describe("configuration", () => {
  it.each([
    ["WORKDIR", "FROM scratch\nWORKDIR /a\nWORKDIR b/../c\n", { workingDirectory: "/a/c" }],
    [
      "WORKDIR with a variable",
      "FROM scratch\nENV D=/x\nWORKDIR ${D}/y\n",
      { workingDirectory: "/x/y" },
    ],
    ["WORKDIR with a blank", "FROM scratch\nWORKDIR /a b\n", { workingDirectory: "/a b" }],
    ["USER", "FROM scratch\nARG U=7\nUSER $U:8\n", { user: "7:8" }],
    [
      "EXPOSE",
      "FROM scratch\nENV P=1\nEXPOSE $P 2/UDP 3/tcp\nEXPOSE 3\n",
      { exposedPorts: ["1/tcp", "2/udp", "3/tcp"] },
    ],
    [
      "VOLUME",
      'FROM scratch\nVOLUME /a /b\nVOLUME ["/c d", "/a"]\n',
      { volumes: ["/a", "/b", "/c d"] },
    ],
    ["STOPSIGNAL", "FROM scratch\nSTOPSIGNAL 9\n", { stopSignal: "9" }],
    [
      "HEALTHCHECK",
      "FROM scratch\nHEALTHCHECK CMD a\nHEALTHCHECK --interval=5s CMD b\n",
      { healthcheck: "--interval=5s CMD b" },
    ],
    [
      "HEALTHCHECK NONE",
      "FROM scratch\nHEALTHCHECK CMD a\nHEALTHCHECK NONE\n",
      { healthcheck: "NONE" },
    ],
    ["MAINTAINER", "FROM scratch\nMAINTAINER a $b <c>\n", { maintainer: "a $b <c>" }],
  ])("%s", (_, source, expected) => expect(contract(source)).toMatchObject(expected));

  it("LABEL", () => {
    expect(
      Object.fromEntries(
        contract("FROM scratch\nENV V=1\nLABEL a=\"b c\" 'd e'=$V\nLABEL a f\n").labels,
      ),
    ).toEqual({ a: "f", "d e": "1" });
  });

  it("the last CMD and ENTRYPOINT win, each with the SHELL in force at its place", () => {
    const image = contract(
      'FROM scratch\nCMD a\nSHELL ["/bin/bash", "-c"]\nCMD b $X\nSHELL ["/bin/ash", "-c"]\n',
    );
    expect(image.command).toMatchObject({
      form: "shell",
      text: "b $X",
      shell: ["/bin/bash", "-c"],
    });
    expect(image.shell).toEqual(["/bin/ash", "-c"]);
  });
});

describe("the start", () => {
  it.each([
    ['ENTRYPOINT ["a", "b"]\nCMD ["c"]', { kind: "exec", words: ["a", "b", "c"] }],
    ['CMD ["c d", "e"]', { kind: "exec", words: ["c d", "e"] }],
    ["CMD a b", { kind: "shell", text: "a b" }],
    ['ENTRYPOINT a\nCMD ["c"]', { kind: "shell", text: "a" }],
    ['ENTRYPOINT ["a"]\nCMD c d', { kind: "exec", words: ["a", "/bin/sh", "-c", "c d"] }],
    ["ENTRYPOINT []\nCMD []", { kind: "none" }],
    ['ENTRYPOINT []\nCMD ["a"]', { kind: "exec", words: ["a"] }],
    ["", { kind: "none" }],
  ])("of %j is put together as engines do", (lines, expected) => {
    expect(startupOf(contract(`FROM scratch\n${lines}\n`))).toMatchObject(expected);
  });

  it("is looked for along PATH, or where its path says", () => {
    expect(programCandidates("a", "/w", "/x:/y")).toEqual(["/x/a", "/y/a"]);
    expect(programCandidates("a", "/w", ":z")).toEqual(["/w/a", "/w/z/a"]);
    expect(programCandidates("./a", "/w", "/x")).toEqual(["/w/a"]);
    expect(programCandidates("/a/../b", undefined, undefined)).toEqual(["/b"]);
    expect(programCandidates("a/b", undefined, "/x")).toEqual([]);
  });
});

describe("copied files", () => {
  function copies(line: string): CopiedFile[] | undefined {
    const document = read(`FROM scratch\nWORKDIR /w\nENV D=/d\n${line}\n`);
    let found: CopiedFile[] | undefined;
    walkStage(document, document.stages[0]!, (instruction, state) => {
      if (instruction.keyword === "COPY") found = copiedFiles(document, instruction, state);
    });
    return found;
  }
  const targets = (line: string): unknown =>
    copies(line)?.map(({ source, target }) => [source, target]);

  it.each([
    ["COPY a b", [["a", "/w/b"]]],
    ["COPY a b/", [["a", "/w/b/a"]]],
    ["COPY a/x .", [["a/x", "/w/x"]]],
    [
      "COPY a b ./c/",
      [
        ["a", "/w/c/a"],
        ["b", "/w/c/b"],
      ],
    ],
    ["COPY a $D/", [["a", "/d/a"]]],
    ['COPY ["a b", "/c d/"]', [["a b", "/c d/a b"]]],
    [
      "COPY a\\ b /c",
      [
        ["a", "/c/a"],
        ["b", "/c/b"],
      ],
    ],
    ['COPY "a b" /c', undefined],
    ["COPY a $D$", [["a", "/d$"]]],
    ["COPY <<EOF /x\ny\nEOF", [["<<EOF", "/x"]]],
  ])("of %j are told, blanks in quotes separating as in BuildKit", (line, expected) =>
    expect(targets(line)).toEqual(expected),
  );

  it("know the stage they come from", () =>
    expect(copies("COPY --from=build a b")?.[0]?.from).toBe("build"));
});

describe("two contracts", () => {
  const differences = (before: string, after: string): string[] =>
    contractDifferences(contract(before), contract(after));

  it("agree when only the spelling differs", () => {
    expect(
      differences(
        'FROM scratch\nENV A=1\nEXPOSE 80\nUSER 0\nCMD ["a","b"]\nVOLUME /x\n',
        'FROM scratch\nENV A "1"\nEXPOSE 80/TCP\nCMD [ "a", "b" ]\nVOLUME ["/x"]\n',
      ),
    ).toEqual([]);
  });

  it("that cannot be told are compared as they are written", () => {
    expect(differences("FROM mine\nENV A=$X\n", "FROM mine\nENV A=$X\n")).toEqual([]);
    expect(differences("FROM mine\nENV A=$X\n", "FROM mine\nENV A=$Y\n")).toEqual(["env:A"]);
  });
});
