import { describe, expect, it } from "vitest";
import { readDocument, type Document } from "../../src/core/document.ts";
import { disagreement } from "../../src/core/second-reading.ts";
import { isArrayWithText, parseStringArray } from "../../src/core/string-array.ts";
import { splitPairs, splitWords } from "../../src/core/words.ts";

function read(source: string): Document {
  const document = readDocument(source);
  if ("problem" in document) throw new Error(`line ${document.line}: ${document.problem}`);
  return document;
}

/** The line of the problem, or `undefined` for a file that is read. */
function problemLine(source: string): number | undefined {
  const document = readDocument(source);
  return "problem" in document ? document.line : undefined;
}

describe("stages", () => {
  it("begin at each FROM and hold what follows", () => {
    const { stages, globalArguments } = read(
      "ARG V=1\nFROM --platform=linux/amd64 golang:$V As Build\nRUN a\n\nFROM scratch\nCMD b\n",
    );
    expect(globalArguments).toHaveLength(1);
    expect(
      stages.map(({ index, image, platform, name, instructions }) => [
        index,
        image,
        platform,
        name,
        instructions.length,
      ]),
    ).toEqual([
      [0, "golang:$V", "linux/amd64", "build", 1],
      [1, "scratch", undefined, undefined, 1],
    ]);
  });

  it("know where their image and name stand", () => {
    const source = "FROM \\\n  --platform=x \\\n  golang:1 \\\n # why\n  AS  b\\\nc\n";
    const [stage] = read(source).stages;
    expect(source.slice(stage!.imageSpan.start, stage!.imageSpan.end)).toBe("golang:1");
    expect(source.slice(stage!.nameSpan!.start, stage!.nameSpan!.end)).toBe("b\\\nc");
    expect(stage!.name).toBe("bc");
  });

  it.each([
    ["FROM a\r\nRUN b\n", "\r\n"],
    ["FROM a\nRUN b\r\n", "\n"],
    ["FROM a", "\n"],
    ["\nFROM a\r\n", "\n"],
  ])("get the first line's line end: %j", (source, lineEnd) =>
    expect(read(source).lineEnd).toBe(lineEnd),
  );
});

describe("a file that BuildKit refuses is refused, with its line", () => {
  it.each([
    ["unknown instruction", "FROM a\n\nFOO b\n", 3],
    ["two instructions on a line", "FROM a\n&& b\n", 2],
    ["comment in C's manner", "// a\nFROM a\n", 1],
    ["no FROM", "ARG a\n", 1],
    ["instruction before FROM", "ARG a\nRUN b\nFROM c\n", 2],
    ["MAINTAINER before FROM", "MAINTAINER a\nFROM c\n", 1],
    ["empty file", "", 1],
    ["FROM without an image", "FROM\n", 1],
    ["FROM with two words", "FROM a b\n", 1],
    ["FROM with four words", "FROM a AS b c\n", 1],
    ["FROM with another word than AS", "FROM a IS b\n", 1],
    ["stage name that begins with a digit", "FROM a AS 1b\n", 1],
    ["stage name with a variable", "FROM a AS $b\n", 1],
    ["unknown flag", "FROM a\nRUN --foo=1 b\n", 2],
    ["flag of another instruction", "FROM a\nADD --from=b c d\n", 2],
    ["flag twice", "FROM a\nCOPY --from=b --from=c d e\n", 2],
    ["flag without its value", "FROM a\nCOPY --from b c\n", 2],
    ["switch that is neither true nor false", "FROM a\nCOPY --link=1 b c\n", 2],
    ["flag named like a member of every object", "FROM a\nCOPY --constructor=1 b c\n", 2],
    ["duration without a unit", "FROM a\nHEALTHCHECK --interval=30 CMD b\n", 2],
    ["retries that are no number", "FROM a\nHEALTHCHECK --retries=x CMD b\n", 2],
    ["ENV without a value", "FROM a\nENV b\n", 2],
    ["ENV with a name alone among pairs", "FROM a\nENV b=1 c\n", 2],
    ["ENV without a name", "FROM a\nENV =1\n", 2],
    ["ENV without anything", "FROM a\nENV\n", 2],
    ["LABEL without a value", "FROM a\nLABEL b\n", 2],
    ["ARG without anything", "FROM a\nARG\n", 2],
    ["ARG without a name", "FROM a\nARG =1\n", 2],
    ["COPY with one word", "FROM a\nCOPY b\n", 2],
    ["COPY in exec form with one word", 'FROM a\nCOPY ["b"]\n', 2],
    ["COPY to a here-document", "FROM a\nCOPY b <<c\nc\n", 2],
    ["ADD without anything", "FROM a\nADD\n", 2],
    ["EXPOSE without a port", "FROM a\nEXPOSE\n", 2],
    ["WORKDIR without a path", "FROM a\nWORKDIR\n", 2],
    ["USER without a name", "FROM a\nUSER\n", 2],
    ["VOLUME without a path", "FROM a\nVOLUME []\n", 2],
    ["VOLUME with an empty path", 'FROM a\nVOLUME ["b", " "]\n', 2],
    ["STOPSIGNAL without a signal", "FROM a\nSTOPSIGNAL\n", 2],
    ["SHELL in shell form", "FROM a\nSHELL /bin/bash -c\n", 2],
    ["SHELL in curly quotes", "FROM a\nSHELL [“/bin/bash”, “-c”]\n", 2],
    ["SHELL with an empty array", "FROM a\nSHELL []\n", 2],
    ["exec form with a number", 'FROM a\nCMD ["b", 1]\n', 2],
    ["exec form with an array", 'FROM a\nRUN [["b"]]\n', 2],
    ["HEALTHCHECK of another kind", "FROM a\nHEALTHCHECK curl b\n", 2],
    ["HEALTHCHECK CMD without a command", "FROM a\nHEALTHCHECK CMD\n", 2],
    ["HEALTHCHECK CMD with an empty array", "FROM a\nHEALTHCHECK CMD []\n", 2],
    ["HEALTHCHECK CMD with no blank behind", 'FROM a\nHEALTHCHECK CMD["b"]\n', 2],
    ["HEALTHCHECK CMD with a number", "FROM a\nHEALTHCHECK CMD [1]\n", 2],
    ["HEALTHCHECK NONE with a command", "FROM a\nHEALTHCHECK NONE b\n", 2],
    ["ONBUILD without anything", "FROM a\nONBUILD\n", 2],
    ["ONBUILD ONBUILD", "FROM a\nONBUILD ONBUILD RUN b\n", 2],
    ["ONBUILD FROM", "FROM a\nONBUILD from b\n", 2],
    ["ONBUILD with a flag", "FROM a\nONBUILD --x RUN b\n", 2],
    ["ONBUILD with an unknown instruction", "FROM a\nONBUILD FOO b\n", 2],
  ])("%s", (_, source, line) => expect(problemLine(source)).toBe(line));

  it("so is text behind an exec form, which releases of BuildKit read differently", () => {
    expect(problemLine('FROM a\nCMD ["b"] # why\n')).toBe(2);
    expect(problemLine('FROM a\nHEALTHCHECK CMD ["b"]; c\n')).toBe(2);
    expect(problemLine('FROM a\nRUN [ "$b" = "c" ] && d\n')).toBeUndefined();
  });
});

describe("a file that BuildKit takes is taken", () => {
  it.each([
    ["empty exec forms", "FROM a\nRUN []\nCMD []\nENTRYPOINT []\n"],
    ["RUN, CMD and ENTRYPOINT without anything", "FROM a\nRUN\nCMD\nENTRYPOINT\n"],
    [
      "every flag",
      "FROM --platform=x a\nCOPY --from=b --chown=1 --chmod=2 --link --parents=false --exclude=c --exclude=d e f\nADD --checksum=x --keep-git-dir=TRUE --unpack --link=false g h\nRUN --mount=a --mount=b --network=c --security=d --device=e i\nHEALTHCHECK --interval=1m30s --timeout=.5s --start-period=0 --start-interval=5s --retries=3 CMD j\n",
    ],
    ["healthchecks in lower case", "FROM a\nhealthcheck none\nhealthcheck cmd b\n"],
    ["several ARGs at once", "ARG a b=1\nFROM a\nARG c d=2\n"],
    ["ENV of the old form", "FROM a\nENV b c d\n"],
    ["ONBUILD", "FROM a\nONBUILD run b\nONBUILD COPY --from=x c d\n"],
    ["curly quotes in shell form", "FROM a\nCMD [“b”, “c”]\n"],
    ["an upper-case stage name", "FROM a AS Build\n"],
    ["COPY of here-documents", "FROM a\nCOPY <<b <<c /d/\nb\nc\n"],
  ])("%s", (_, source) => expect(problemLine(source)).toBeUndefined());
});

describe("the exec form", () => {
  it.each([
    ['["a", "b c"]', ["a", "b c"]],
    ['  [ "a" ,\t"b" ]  ', ["a", "b"]],
    ['["a\\"b", "c\\\\d", "\\u00e9"]', ['a"b', "c\\d", "é"]],
    ['["[", "]", " x "]', ["[", "]", " x "]],
    ["[]", []],
  ])("%s keeps blanks and escapes", (body, values) =>
    expect(parseStringArray(body)).toEqual({ values, invalid: false }),
  );

  it.each([
    ["['a']"],
    ['["a",]'],
    ['["a"] b'],
    ['["a"'],
    ["[a]"],
    ['{"a": "b"}'],
    ["[ -f x ] && y"],
    ['["a\tb"]'],
    ["“a”"],
    [""],
    ['["C:\\a"]'],
  ])("%s is shell form", (body) => expect(parseStringArray(body)).toBeUndefined());

  it.each([["[1]"], ['["a", null]'], ['[["a"]]'], ['[{"a": "b"}]']])(
    "%s holds something that is no string",
    (body) => {
      expect(parseStringArray(body)?.invalid).toBe(true);
    },
  );

  it("may have text behind it, which is told", () => {
    expect(isArrayWithText('["a]", "b"] c')).toBe(true);
    expect(isArrayWithText('["a"]  ')).toBe(false);
    expect(isArrayWithText("[ a ] && b")).toBe(false);
  });
});

describe("words and pairs", () => {
  it("keep quotes, blanks in quotes and escapes", () => {
    expect(splitWords(`a "b c" 'd "e' f\\ g h"i j"k`).map(({ text }) => text)).toEqual([
      "a",
      '"b c"',
      `'d "e'`,
      "f\\ g",
      'h"i j"k',
    ]);
    expect(splitWords("a` b c", "`").map(({ text }) => text)).toEqual(["a` b", "c"]);
  });

  it.each([
    [
      "A=1 B='2 3' C=\"4\" D=",
      [
        ["A", "1"],
        ["B", "'2 3'"],
        ["C", '"4"'],
        ["D", ""],
      ],
    ],
    ["A b c", [["A", "b c"]]],
    ['A  "b c"  d', [["A", '"b c"  d']]],
    ['"A b" c', [['"A', 'b" c']]],
    ["A=b=c", [["A", "b=c"]]],
    ["A=$B:\\$C", [["A", "$B:\\$C"]]],
  ])("of %j are told", (body, expected) => {
    expect(splitPairs(body)?.map(({ name, value }) => [name, value])).toEqual(expected);
  });

  it("know their places", () => {
    const body = "A=1  B='2 3'";
    expect(splitPairs(body)!.map(({ start, end }) => body.slice(start, end))).toEqual([
      "A=1",
      "B='2 3'",
    ]);
  });
});

describe("the second reading", () => {
  it.each([
    ["escapes in the file's middle", "FROM a\nRUN b \\\n # c\n\n d\nCMD e\n"],
    ["CRLF", "# syntax=x\r\nFROM a\r\nRUN b \\\r\n c\r\n"],
    ["a byte order mark", "\ufeffFROM a\nRUN b\n"],
    ["plain here-documents", "FROM a\nRUN <<EOF\nFROM b\nEOF\nCMD c\n"],
    ["a continuation that ends the file", "FROM a\nRUN b && \\\n"],
    ["the backtick", "# escape=`\nFROM a\nRUN b `\n c\n"],
  ])("agrees on %s", (_, source) => expect(disagreement(read(source))).toBeUndefined());

  // The bugs of dockerfile-ast 0.7.1 that design.md lists: where it sees other instructions, the file is refused.
  it.each([
    [
      "a here-document with a blank before its name",
      "FROM a\nRUN cat << EOF\nx y\nEOF\nCMD c\n",
      2,
    ],
    ["a here-document with a file descriptor", "FROM a\nRUN 3<<EOF cat\nx y\nEOF\nCMD c\n", 2],
    ["a quoted <<", 'FROM a\nRUN echo "x <<EOF"\nCMD c\n', 2],
    ["two escape characters at a line's end", "FROM a\nRUN b \\\\\nCMD c\n", 2],
    ["a lone carriage return", "FROM a\nRUN b\rx\nCMD c\n", 3],
    [
      "an escape directive behind an unknown directive",
      "# foo=bar\n# escape=`\nFROM a\nRUN b \\\n c\n",
      4,
    ],
  ])("tells of %s", (_, source, line) => expect(disagreement(read(source))?.line).toBe(line));
});
