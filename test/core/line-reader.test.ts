import { describe, expect, it } from "vitest";
import { readLines, type Instruction, type Lines } from "../../src/core/line-reader.ts";
import { lineStarts, sourceOffset } from "../../src/core/source.ts";

function read(source: string): Lines {
  const lines = readLines(source);
  if ("problem" in lines) throw new Error(`line ${lines.line}: ${lines.problem}`);
  return lines;
}

/** Keyword and body of each instruction. */
function summary(source: string): string[] {
  return read(source).instructions.map(({ keyword, body }) => `${keyword} ${body.text}`);
}

function only(source: string): Instruction {
  const { instructions } = read(source);
  expect(instructions).toHaveLength(1);
  return instructions[0]!;
}

/** The line of the problem. */
function problemLine(source: string): number {
  const lines = readLines(source);
  if (!("problem" in lines)) throw new Error("it was read");
  return lines.line;
}

describe("instructions", () => {
  it.each([
    ["in lower case", "from a\nrun b\n", ["FROM a", "RUN b"]],
    ["in mixed case", "From a\nrUn b\n", ["FROM a", "RUN b"]],
    ["indented", "  FROM a\n\tRUN b\n", ["FROM a", "RUN b"]],
    ["with tabs and several blanks between", "FROM \t a\nRUN\t\tb \t\n", ["FROM a", "RUN b"]],
    ["with CRLF", "FROM a\r\nRUN b\r\n", ["FROM a", "RUN b"]],
    [
      "with several carriage returns at a line's end",
      "FROM a\r\r\nRUN b\r\r\n",
      ["FROM a", "RUN b"],
    ],
    ["behind a byte order mark", "\ufeffFROM a\n", ["FROM a"]],
    ["without a last line end", "FROM a\nRUN b", ["FROM a", "RUN b"]],
    ["after blank lines and comments", "\n \t\n# c\n  # d\nFROM a\n", ["FROM a"]],
    ["without arguments", "FROM a\nRUN\n", ["FROM a", "RUN "]],
  ])("are read %s", (_, source, expected) => expect(summary(source)).toEqual(expected));

  it("do not end at a lone carriage return", () => {
    expect(summary("FROM a\rRUN b\nRUN c\n")).toEqual(["FROM a\rRUN b", "RUN c"]);
  });

  it("have spaces of Unicode trimmed as Go does, which do not separate words", () => {
    expect(summary("\u00a0FROM a\u2003\nRUN\u00a0b\n")).toEqual(["FROM a", "RUN\u00a0B "]);
  });

  it("take no letter for one of ASCII that only JavaScript's upper case makes one", () => {
    expect(
      read("ONBU\u0131LD RUN a\nEXPO\u017fE 1\n").instructions.map(({ keyword }) => keyword),
    ).toEqual(["ONBU\u0131LD", "EXPO\u017fE"]);
  });

  it("keep the spelling of the source in their span", () => {
    const source = "from a\n\n  run  x \\\n    y\n";
    expect(read(source).instructions.map(({ span }) => source.slice(span.start, span.end))).toEqual(
      ["from a", "run  x \\\n    y"],
    );
  });
});

describe("continuations", () => {
  it.each([
    ["join lines, leading blanks kept", "RUN a \\\n  b\n", "a   b"],
    ["may have blanks behind the escape character", "RUN a \\ \t\n b\n", "a  b"],
    ["may have blanks and a carriage return behind it", "RUN a \\ \r\n b\r\n", "a  b"],
    ["hold comments", "RUN a \\\n# c\n  # d\n b\n", "a  b"],
    [
      "hold several comments in a row, none of which leaks into the text",
      "RUN a \\\n# c\n# d \\\n# e\n b\n",
      "a  b",
    ],
    ["hold blank lines", "RUN a \\\n\n \t\n b\n", "a  b"],
    ["do not begin at two escape characters", "RUN a \\\\\n", "a \\\\"],
    ["do not begin at three escape characters", "RUN a \\\\\\\n", "a \\\\\\"],
    ["begin at an escape character alone on a line", "RUN a \\\n\\\n b\n", "a  b"],
    ["do not begin in a comment", "RUN a # c \\\n b\n", "a # c  b"],
    ["may split a word", "RUN ab\\\ncd\n", "abcd"],
    ["may split the keyword", "RU\\\nN a\n", "a"],
    ["may stand before the arguments", "RUN \\\n a\n", "a"],
    ["may end the file", "RUN a && \\\n", "a &&"],
    ["may end the file in comments", "RUN a && \\\n# c\n# d", "a &&"],
    ["may end the file without a line end", "RUN a \\", "a"],
  ])("%s", (_, source, body) => {
    const instruction = only(source);
    expect(instruction.keyword).toBe("RUN");
    expect(instruction.body.text).toBe(body);
  });

  it("take a line that looks like an instruction", () => {
    expect(summary("RUN a \\\nRUN b\nRUN c\n")).toEqual(["RUN a RUN b", "RUN c"]);
  });

  it("of a directive's escape character leave the other one alone", () => {
    expect(summary("# escape=`\nRUN a `\n b\nRUN c:\\\nRUN d ``\n")).toEqual([
      "RUN a  b",
      "RUN c:\\",
      "RUN d ``",
    ]);
  });

  it("that end the file are marked, so that nothing is put behind them", () => {
    expect(only("RUN a \\\n# c\n").unfinished).toBe(true);
    expect(only("RUN a \\\n b\n").unfinished).toBe(false);
  });

  it("give the lines of the instruction, trailing comments left out unless the file ends in them", () => {
    const { instructions } = read("FROM a\nRUN b \\\n # c\n d\n# e\nRUN f\n");
    expect(instructions.map(({ line, endLine }) => [line, endLine])).toEqual([
      [1, 1],
      [2, 4],
      [6, 6],
    ]);
  });

  it("that hold nothing to the end of the file are refused", () =>
    expect(problemLine("FROM a\n\\\n\n# c\n")).toBe(2));

  it("on a line by themselves may begin an instruction", () =>
    expect(summary("\\\nFROM a\n")).toEqual(["FROM a"]));
});

describe("comments", () => {
  it("directly above an instruction lead it, those behind a blank line do not", () => {
    const source = "# a\n\n# b\n# c\nFROM x\n# d\nRUN y\n";
    const texts = read(source).instructions.map(({ leadingComments }) =>
      leadingComments.map(({ span }) => source.slice(span.start, span.end)),
    );
    expect(texts).toEqual([["# b", "# c"], ["# d"]]);
  });

  it("inside a continuation are the instruction's own", () => {
    const source = "RUN a \\\n  # c\r\n b\n# d\n";
    const [instruction] = read(source).instructions;
    expect(instruction!.innerComments.map(({ start, end }) => source.slice(start, end))).toEqual([
      "# c",
    ]);
    expect(read(source).comments.map(({ line }) => line)).toEqual([4]);
  });
});

describe("directives", () => {
  const names = (source: string): string[] =>
    read(source).directives.map(({ name, value }) => `${name}=${value}`);

  it.each([
    ["with blanks anywhere", "#  escape \t= ` \nFROM a\n", ["escape=`"]],
    ["in any case", "# ESCAPE=`\nFROM a\n", ["escape=`"]],
    [
      "after another one",
      "# syntax=docker/dockerfile:1\n# escape=`\nFROM a\n",
      ["syntax=docker/dockerfile:1", "escape=`"],
    ],
    ["behind a byte order mark", "\ufeff# escape=`\nFROM a\n", ["escape=`"]],
    ["with CRLF", "# escape=`\r\nFROM a\r\n", ["escape=`"]],
    ["indented", "  # escape=`\nFROM a\n", ["escape=`"]],
    ["check", "# check=skip=all\nFROM a\n", ["check=skip=all"]],
    ["not after one that BuildKit does not know", "# foo=bar\n# escape=`\nFROM a\n", []],
    ["not after a comment", "# hello\n# escape=`\nFROM a\n", []],
    ["not after a blank line", "\n# escape=`\nFROM a\n", []],
    ["not after an instruction", "FROM a\n# escape=`\nRUN b\n", []],
    ["not without a value", "# escape=\n# syntax=x\nFROM a\n", []],
  ])("are read %s", (_, source, expected) => expect(names(source)).toEqual(expected));

  it("that are none are comments", () => {
    expect(read("# foo=bar\n# escape=`\nFROM a\n").comments.map(({ line }) => line)).toEqual([
      1, 2,
    ]);
  });

  it.each([
    ["twice", "# escape=`\n# escape=\\\nFROM a\n", 2],
    ["with another character", "# escape=x\nFROM a\n", 1],
    ["with two characters", "# syntax=a\n# escape=\\\\\nFROM a\n", 2],
  ])("are refused %s", (_, source, line) => expect(problemLine(source)).toBe(line));
});

describe("flags", () => {
  it("stand before the body, quotes and escapes removed", () => {
    const { flags, body } = only(`COPY --from=b --chown="a b" --x=\\"y 'c' --d\n`);
    expect(flags).toEqual([
      { name: "from", value: "b" },
      { name: "chown", value: "a b" },
      { name: "x", value: '"y' },
    ]);
    expect(body.text).toBe("'c' --d");
  });

  it("may stand on lines of their own", () => {
    const { flags, body } = only(
      "RUN --mount=type=cache,target=/x \\\n  --network=none \\\n  go build\n",
    );
    expect(flags.map(({ name }) => name)).toEqual(["mount", "network"]);
    expect(body.text).toBe("go build");
  });

  it("end at a lone --", () => {
    const { flags, body } = only("RUN --network=none -- --foo\n");
    expect(flags.map(({ name }) => name)).toEqual(["network"]);
    expect(body.text).toBe("--foo");
  });

  it("use the file's escape character", () => {
    const [instruction] = read(
      "# escape=`\nRUN --mount=type=cache,target=C:\\x` y z\n",
    ).instructions;
    expect(instruction!.flags).toEqual([{ name: "mount", value: "type=cache,target=C:\\x y" }]);
  });

  it("of an instruction without arguments leave an empty body", () =>
    expect(only("RUN --x\n").body.text).toBe(""));
});

describe("limits", () => {
  it("a file without an instruction is refused", () => {
    expect(problemLine("")).toBe(1);
    expect(problemLine("# a\n\n# b\n")).toBe(3);
  });

  it("a line of 65,535 bytes is read, a longer one is refused as Go's scanner does", () => {
    const line = `RUN ${"é".repeat(32_765)}x`;
    expect(new TextEncoder().encode(line)).toHaveLength(65_535);
    expect(summary(`FROM a\n${line}\n`)).toHaveLength(2);
    expect(problemLine(`FROM a\n${line}y\n`)).toBe(2);
  });
});

describe("places", () => {
  it("of the body's characters lead back to the source", () => {
    const source = "\ufeffFROM a\r\nRUN  --network=none  ab \\\r\n# c\r\n\r\n\t&& cd\\\r\nef\r\n";
    const { body } = read(source).instructions[1]!;
    expect(body.text).toBe("ab \t&& cdef");
    for (const [index, char] of [...body.text].entries())
      expect(source[sourceOffset(body, index)]).toBe(char);
  });

  it("of lines begin behind every line feed", () =>
    expect(lineStarts("a\r\nb\n\nc")).toEqual([0, 3, 5, 6]));
});
