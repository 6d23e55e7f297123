import { describe, expect, it } from "vitest";
import { heredocsOfLine, isHeredoc } from "../../src/core/heredocs.ts";
import { readLines, type Instruction } from "../../src/core/line-reader.ts";

function read(source: string): readonly Instruction[] {
  const lines = readLines(source);
  if ("problem" in lines) throw new Error(`line ${lines.line}: ${lines.problem}`);
  return lines.instructions;
}

const names = (line: string): string[] | undefined => heredocsOfLine(line)?.map(({ name }) => name);

describe("a here-document", () => {
  it.each([
    ["a word of its own", "RUN <<EOF", ["EOF"]],
    ["behind a command", "RUN cat <<EOF > /x", ["EOF"]],
    ["with a file descriptor", "RUN 3<<EOF cat", ["EOF"]],
    ["several in one instruction", "COPY <<a <<b /dest/", ["a", "b"]],
    ["in single quotes", "RUN <<'EOF'", ["EOF"]],
    ["in double quotes", 'RUN <<"E O F"', ["E O F"]],
    ["in part quoted", "RUN <<E'O'F", ["EOF"]],
    ["with an escaped letter", "RUN <<\\EOF", ["EOF"]],
    ["with a blank between, which BuildKit takes since 0.22", "RUN cat << EOF", ["EOF"]],
    ["with a tab between", "RUN cat <<\tEOF", ["EOF"]],
    ["beside a variable", "RUN cat <<EOF > $DIR/${NAME}/${X:-y}", ["EOF"]],
    ["beside a pattern", "RUN cat <<EOF > ${NAME%.*}/${NAME//a/b}", ["EOF"]],
    ["with a variable in its name, left as it is", "RUN <<$EOF", ["$EOF"]],
  ])("opens %s", (_, line, expected) => expect(names(line)).toEqual(expected));

  it.each([
    ["inside double quotes", 'RUN echo "<<EOF"'],
    ["inside single quotes", "RUN echo '<<EOF'"],
    ["as part of a word", "RUN cat<<EOF"],
    ["as a here-string", "RUN cat <<<EOF"],
    ["as a here-string with a blank", "RUN cat <<< EOF"],
    ["as a shift", "RUN echo $((1<<2))"],
    ["without a name", "RUN cat <<"],
    ["with an empty name", "RUN cat <<''"],
    ["with a blank behind the dash", "RUN cat <<- EOF"],
    ["escaped", "RUN cat \\<<EOF"],
    ["beside an open quote", "RUN cat <<EOF 'x"],
    ["beside a substitution that BuildKit does not know", "RUN cat <<EOF ${X^^}"],
    ["when a substitution in its name eats what stands before it", "RUN cat <<E${X:-y}"],
  ])("is not opened %s", (_, line) => expect(names(line)).toEqual([]));

  it("may be named by a quoted dollar sign", () =>
    expect(names("RUN cat <<'$'{x")).toEqual(["${x"]));

  it("says whether variables in it are expanded and whether tabs are dropped", () => {
    expect(heredocsOfLine("RUN <<A <<'B' <<-C <<-\"D\"")).toEqual([
      { name: "A", chomp: false, expand: true },
      { name: "B", chomp: false, expand: false },
      { name: "C", chomp: true, expand: true },
      { name: "D", chomp: true, expand: false },
    ]);
  });

  it("is told by a word alone", () => {
    expect(isHeredoc("<<EOF")).toBe(true);
    expect(isHeredoc("<EOF")).toBe(false);
  });
});

describe("its content", () => {
  function contents(source: string): string[] {
    return read(source).flatMap(({ heredocs }) =>
      heredocs.map(({ content }) => source.slice(content.start, content.end)),
    );
  }

  it.each([
    ["ends at its name", "RUN <<EOF\na\n EOF\nEOF \nEOF\nRUN b\n", ["a\n EOF\nEOF \n"]],
    ["of several follows in order", "COPY <<a <<b /d/\n1\na\n2\nb\n", ["1\n", "2\n"]],
    ["may be empty", "RUN <<EOF\nEOF\n", [""]],
    ["ends behind tabs with <<-", "RUN <<-EOF\n\ta\n\t\tEOF\nRUN b\n", ["\ta\n"]],
    ["does not end behind blanks with <<-", "RUN <<-EOF\n EOF\nEOF\n", [" EOF\n"]],
    ["ends before a carriage return", "RUN <<EOF\r\na\r\nEOF\r\n", ["a\r\n"]],
    ["ends at the end of the file", "RUN <<EOF\na\nEOF", ["a\n"]],
    [
      "knows no comments, continuations and instructions",
      "RUN <<EOF\n# a\nRUN b \\\nEOF\n",
      ["# a\nRUN b \\\n"],
    ],
    ["follows a continuation", "RUN cat <<EOF \\\n > x\na\nEOF\n", ["a\n"]],
    ["belongs to ONBUILD RUN", "ONBUILD RUN <<EOF\na\nEOF\n", ["a\n"]],
    ["belongs to ONBUILD with flags", "ONBUILD COPY --chmod=1 <<EOF /x\na\nEOF\n", ["a\n"]],
  ])("%s", (_, source, expected) => expect(contents(source)).toEqual(expected));

  it("belongs to the instruction's lines and span", () => {
    const source = "FROM a\nRUN <<EOF\nx\nEOF\nRUN b\n";
    const [, run, next] = read(source);
    expect([run!.line, run!.endLine, next!.line]).toEqual([2, 4, 5]);
    expect(source.slice(run!.span.start, run!.span.end)).toBe("RUN <<EOF\nx\nEOF");
  });

  it.each([
    ["CMD <<EOF\nENV a=b\n", 2],
    ["LABEL a=<<EOF\nENV a=b\n", 2],
    ['RUN ["cat", "<<EOF"]\nENV a=b\n', 2],
    ['ONBUILD RUN ["cat", "a", "<<EOF"]\nENV a=b\n', 2],
    ["ONBUILD CMD <<EOF\nENV a=b\n", 2],
  ])("is none of an instruction that takes no here-document: %j", (source, count) =>
    expect(read(source)).toHaveLength(count),
  );

  it("that is not ended is refused at its instruction", () => {
    expect(readLines("FROM a\nRUN <<EOF\nx\n")).toMatchObject({ line: 2 });
    expect(readLines("FROM a\nCOPY <<a <<b /x/\n1\na\n2\n")).toMatchObject({ line: 2 });
  });
});
