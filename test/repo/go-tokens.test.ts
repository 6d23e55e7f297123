import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readGoSource } from "../../src/repo/go-tokens.ts";

function literalsOf(code: string) {
  const go = readGoSource(`package main\nfunc main() {\n${code}\n}\n`);
  return go.literals.map(({ value, call, argument }) => [
    value,
    call === undefined ? undefined : go.calls[call]!.selector,
    argument,
  ]);
}

function namesOf(code: string) {
  return readGoSource(`package main\n${code}\n`).literals.map(({ name, value }) => [name, value]);
}

describe("imports", () => {
  test("are read one by one, in blocks, and with every kind of name", () => {
    const go = readGoSource(
      'package app // the app\nimport "fmt"\nimport (\n\t_ "time/tzdata"\n\t. "math"\n\tlog "github.com/sirupsen/logrus"\n\t`raw/path`; "x/y"\n)\nimport "C"\nvar s = "no import"\n',
    );
    expect(go.packageName).toBe("app");
    expect(go.imports.map(({ path, alias, line }) => [path, alias, line])).toEqual([
      ["fmt", undefined, 2],
      ["time/tzdata", "_", 4],
      ["math", ".", 5],
      ["github.com/sirupsen/logrus", "log", 6],
      ["raw/path", undefined, 7],
      ["x/y", undefined, 7],
      ["C", undefined, 9],
    ]);
    expect(go.literals.map(({ value }) => value)).toEqual(["no import"]);
  });

  test("in comments and strings are none", () => {
    expect(
      readGoSource('package a\n// import "x"\n/* import "y" */\nvar s = `import "z"`\n').imports,
    ).toEqual([]);
  });
});

describe("strings", () => {
  test("know the call and the argument they are", () => {
    expect(literalsOf('os.Open("a"); r.Static("/s", "./web"); print("b")')).toEqual([
      ["a", "os.Open", 0],
      ["/s", "r.Static", 0],
      ["./web", "r.Static", 1],
      ["b", "print", 0],
    ]);
  });

  test("of a chained call belong to the last name", () => {
    expect(
      literalsOf('template.Must(template.New("n").\n  Funcs(f(1, 2)).ParseFiles("x", y, "z"))'),
    ).toEqual([
      ["n", "template.New", 0],
      ["x", "template.New.Funcs.ParseFiles", 0],
      ["z", "template.New.Funcs.ParseFiles", 2],
    ]);
  });

  test("in a slice or a nested function are no direct argument", () => {
    expect(literalsOf('f([]string{"a"}, func() { g("b") }, "c")')).toEqual([
      ["a", undefined, 0],
      ["b", "g", 0],
      ["c", "f", 2],
    ]);
  });

  test("are decoded by Go's rules", () => {
    expect(
      literalsOf(String.raw`f("\t\"\\\x41\101\u00e9\U0001F600", ${"`a\\n\r\nb`"}, '"', "x")`),
    ).toEqual([
      ['\t"\\AA\u00e9\u{1F600}', "f", 0],
      ["a\\n\nb", "f", 1],
      ["x", "f", 3],
    ]);
  });

  test("that are never closed end with the line", () => {
    expect(literalsOf('f("open\ng("next")')).toEqual([
      ["open", "f", 0],
      ["next", "g", 0],
    ]);
  });

  test("have the name they are given to", () => {
    expect(
      namesOf(
        'const a = "1"\nvar b string = "2"\nvar T = C{Path: "3"}\nfunc f() { d := dir + "4"; x.e = "5"; g, err := h("6"); if i == "7" {} }',
      ),
    ).toEqual([
      ["a", "1"],
      ["b", "2"],
      ["Path", "3"],
      ["d", "4"],
      ["e", "5"],
      ["g", "6"],
      [undefined, "7"],
    ]);
  });
});

describe("calls", () => {
  test("are seen without strings, as composite values, and with what holds them", () => {
    const go = readGoSource(
      "package a\nvar c = &http.Client{Timeout: wait(time.Second)}\nfunc f() { os.Open(filepath.Join(a, b)) }\n",
    );
    expect(
      go.calls.map(({ selector, composite, parent }) => [selector, composite, parent]),
    ).toEqual([
      ["http.Client", true, undefined],
      ["wait", false, 0],
      ["os.Open", false, undefined],
      ["filepath.Join", false, 2],
    ]);
  });

  test("are neither keywords nor declarations", () => {
    expect(
      readGoSource("package a\nfunc (s *T) f(a int) (b error) { if (x) { return (y) } }\n").calls,
    ).toEqual([]);
  });
});

describe("functions", () => {
  test("have their name, parameters and body", () => {
    const source =
      "package a\nfunc (s *T) read(path string, n int) (out interface{}, err error) { use(path) }\nfunc b() { c() }\n";
    expect(
      readGoSource(source).functions.map(({ name, parameters, start, end }) => [
        name,
        parameters,
        source.slice(start, end),
      ]),
    ).toEqual([
      ["read", "path string, n int", " use(path) "],
      ["b", "", " c() "],
    ]);
  });

  test("with generics and struct results keep their body", () => {
    const source = "package a\nfunc Map[T any](in []T) struct{ x int } { body() }\n";
    expect(
      readGoSource(source).functions.map(({ name, start, end }) => [
        name,
        source.slice(start, end),
      ]),
    ).toEqual([["Map", " body() "]]);
  });
});

test("directives are read, but not from strings or with a blank before their name", () => {
  const go = readGoSource(
    '//go:build linux && !cgo\n// +build linux\n\npackage a\n\nvar (\n\t//go:embed web "two words"\n\tfiles embed.FS\n)\n// go:embed not\nvar s = `\n//go:embed neither\n`\n',
  );
  expect(go.directives.map(({ kind, text, line }) => [kind, text, line])).toEqual([
    ["build", "linux && !cgo", 1],
    ["plus-build", "linux", 2],
    ["embed", 'web "two words"', 7],
  ]);
});

test("lines are counted through comments, raw strings and CRLF", () => {
  const go = readGoSource('package a\r\n/*\r\n*/\r\nvar x = `\r\n\r\n`\r\nvar y = "here"\r\n');
  expect(go.literals.map(({ line }) => line)).toEqual([4, 7]);
});

const pieces = fc.constantFrom(
  ...'package import func ( ) { } [ ] . , : = == ; + " \' ` \\ // /* */ //go:embed os.Open x \n \t a.b( "s" `r` é 1.5 := const'.split(
    " ",
  ),
  " ",
);

describe("whatever the text", () => {
  test("reading never throws, and every string lies where it says", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(pieces, { maxLength: 60 }).map((all) => all.join("")),
        ),
        (text) => {
          const go = readGoSource(text);
          for (const { start, end, line } of go.literals) {
            expect(start).toBeGreaterThanOrEqual(0);
            expect(end).toBeLessThanOrEqual(text.length);
            expect('"`').toContain(text[start]);
            expect(line).toBe(text.slice(0, start).split("\n").length);
          }
          for (const { start, end } of go.calls) expect(start).toBeLessThanOrEqual(end);
        },
      ),
      { numRuns: 2000 },
    );
  });

  test("a string written into code is read back at its place", () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(3), (value, before) => {
        const quoted = JSON.stringify(value);
        const prefix = `package a\nfunc f() {\n${"\n".repeat(before)}g(x, `;
        const [literal] = readGoSource(`${prefix}${quoted})\n}\n`).literals;
        expect(literal).toMatchObject({
          value,
          start: prefix.length,
          end: prefix.length + quoted.length,
          line: before + 3,
          argument: 1,
        });
      }),
    );
  });
});
