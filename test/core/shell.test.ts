import { describe, expect, it } from "vitest";
import { readDocument } from "../../src/core/document.ts";
import { walkStage } from "../../src/core/image-contract.ts";
import { isPosixShell, queryable, runBody } from "../../src/core/query.ts";
import { readShell, type ShellBody, type ShellCommand } from "../../src/core/shell.ts";
import { sourceOffset } from "../../src/core/source.ts";

const VARIABLES: Readonly<Record<string, string | undefined>> = {
  APP: "srv",
  EMPTY: "",
  HOME: "/root",
  GIVEN: undefined,
};
const lookup = (name: string): string | null | undefined =>
  Object.hasOwn(VARIABLES, name) ? VARIABLES[name] : null;

function shell(text: string): ShellBody {
  return readShell(text, "/src", lookup);
}

function commands(text: string): readonly ShellCommand[] {
  const body = shell(text);
  if (body.kind === "opaque") throw new Error(body.why);
  return body.commands;
}

/** Each command as `directory: words`. */
function lines(text: string): string[] {
  return commands(text).map(
    ({ directory, words }) =>
      `${directory ?? "?"}: ${words.map(({ value }) => value ?? "?").join(" ")}`,
  );
}

function values(text: string): (string | undefined)[] {
  return commands(`x ${text}`)[0]!
    .words.slice(1)
    .map(({ value }) => value);
}

describe("commands", () => {
  it("have the place of the whole, prefixes included, and of each word", () => {
    const text = "set -ex && CGO_ENABLED=0 go  build -o 'a b' ./cmd > log";
    const [, build] = commands(text);
    expect(text.slice(build!.start, build!.end)).toBe(
      "CGO_ENABLED=0 go  build -o 'a b' ./cmd > log",
    );
    expect(build!.words.map(({ start, end }) => text.slice(start, end))).toEqual([
      "go",
      "build",
      "-o",
      "'a b'",
      "./cmd",
    ]);
    expect(build!.assignments).toEqual([
      { name: "CGO_ENABLED", value: "0", start: text.indexOf("CGO") },
    ]);
  });

  it.each([
    ["a; b\nc", ["/src: a", "/src: b", "/src: c"]],
    ["a && b && c", ["/src: a", "/src: b", "/src: c"]],
    ["{ a; b; }", ["/src: a", "/src: b"]],
    ["(a; b)", ["/src: a", "/src: b"]],
    ["a | b", ["/src: a", "/src: b"]],
    ["if a; then b; else c; fi", ["/src: a", "/src: b", "/src: c"]],
    ["for i in 1 2; do a $i; done", ["/src: a ?"]],
    ["case $APP in x) a;; *) b;; esac", ["/src: a", "/src: b"]],
    ["! a", ["/src: a"]],
    ["", []],
    ["# only a comment", []],
  ])("of %j are listed", (text, expected) => expect(lines(text)).toEqual(expected));

  it("keep their redirects", () => {
    const [command] = commands("a > out 2>&1 < in");
    expect(command!.redirects.map(({ operator, target }) => [operator, target?.value])).toEqual([
      [">", "out"],
      [">&", "1"],
      ["<", "in"],
    ]);
  });
});

describe("the working directory", () => {
  it.each([
    ["cd cmd && a", "/src/cmd: a"],
    ["cd /x && cd y && a", "/x/y: a"],
    ["cd .. ; a", "/: a"],
    ["cd $APP && a", "/src/srv: a"],
    ["cd && a", "/root: a"],
    ["cd -- y && a", "/src/y: a"],
    ["cd -P y && a", "/src/y: a"],
    ["(cd y && b) && a", "/src: a"],
    ["{ cd y; } && a", "/src/y: a"],
    ["cd - && a", "?: a"],
    ["cd $GIVEN && a", "?: a"],
    ["cd ~/y && a", "/root/y: a"],
    ["cd y || true; a", "?: a"],
    ["cd y && b || a", "?: a"],
    ["cd y || exit 1; a", "/src/y: a"],
    ["cd y || { echo no; exit 1; }; a", "/src/y: a"],
    ["if b; then cd y; fi; a", "?: a"],
    ["if b; then (cd y); fi; a", "/src: a"],
    ["cd y | b; a", "/src: a"],
    ["cd y & a", "?: a"],
    ["while cd y; do b; done; a", "?: a"],
    ["cd /x; if b; then cd $GIVEN; fi; cd /z; a", "/z: a"],
  ])("of the last command in %j is followed", (text, expected) =>
    expect(lines(text).at(-1)).toBe(expected),
  );
});

describe("a script file", () => {
  /** The last command as `directory: words`. */
  function last(text: string, file: string | undefined = "/src/build/run.sh"): string {
    const body = readShell(text, "/src", lookup, file);
    if (body.kind === "opaque") throw new Error(body.why);
    const { directory, words } = body.commands.at(-1)!;
    return `${directory ?? "?"}: ${words.map(({ value }) => value ?? "?").join(" ")}`;
  }

  it.each([
    ['cd "$(dirname "$0")" && a', "/src/build: a"],
    ["cd $(dirname $0)/.. && a", "/src: a"],
    ["cd `dirname $0`; a", "/src/build: a"],
    ['cd "${0%/*}"; a', "/src/build: a"],
    ['cd "$(dirname "${BASH_SOURCE[0]}")/.."; a', "/src: a"],
    ['cd "${BASH_SOURCE%/*}"; a', "/src/build: a"],
    ['cd -- "$(dirname -- "$0")" || exit 1; a', "/src/build: a"],
    ['cd "$(dirname "$(readlink -f "$0")")"; a', "/src/build: a"],
    ['cd "$(cd "$(dirname "$0")" && cd .. && pwd)"; a', "/src: a"],
    ['DIR=$(cd "$(dirname "$0")" && pwd); cd /x; cd "$DIR/y"; a', "/src/build/y: a"],
    [
      'DIR="$( cd "$( dirname "$0" )" >/dev/null 2>&1 && pwd )"; a "$DIR/b"',
      "/src: a /src/build/b",
    ],
    ['DIR=$(CDPATH= cd -- "$(dirname "$0")" || exit; pwd -P); a $DIR', "/src: a /src/build"],
    ['a -f "$(dirname "$0")/b"', "/src: a -f /src/build/b"],
    ['a "$0" "${0%/*}"', "/src: a /src/build/run.sh /src/build"],
    ['a "$(dirname run.sh)" "$(dirname /)" "$(dirname x/y/)"', "/src: a . / x"],
  ])("knows where it is in %j", (text, expected) => expect(last(text)).toBe(expected));

  it.each([
    ['go build -o "$(pwd)/bin/x"', "/src: go build -o /src/bin/x"],
    ['cd y; go build -o "$PWD/bin/x"', "/src/y: go build -o /src/y/bin/x"],
    ["a `pwd -P`/b", "/src: a /src/b"],
    ["ROOT=$(pwd); cd y; a $ROOT/b", "/src/y: a /src/b"],
    ["a $(cd y; pwd) $(pwd)", "/src: a /src/y /src"],
    ["a $(realpath y/../z)", "/src: a /src/z"],
    ["cd $GIVEN; a $(pwd) $PWD", "?: a ? ?"],
    ["a $(echo x; pwd)", "/src: a ?"],
    ["a $(pwd > b)", "/src: a ?"],
    ["a $(pwd | b) $(pwd || b) $(pwd &)", "/src: a ? ? ?"],
    ["a $(eval pwd) $(f() { b; }; pwd) $(dirname b c) $(dirname -z b)", "/src: a ? ? ? ?"],
    ["a $(readlink y) $(dirname '') $(cd 'b c' && pwd)", "/src: a ? ? ?"],
    ["a $(X=1; cd y); b $X", "/src: b "],
    ['a "$0" "$(dirname "$0")" "$BASH_SOURCE"', "/src: a ? ? ?"],
  ])("need not be known for %j", (text, expected) => {
    const body = readShell(text, "/src", lookup);
    if (body.kind === "opaque") throw new Error(body.why);
    const { directory, words } = body.commands.at(-1)!;
    expect(`${directory ?? "?"}: ${words.map(({ value }) => value ?? "?").join(" ")}`).toBe(
      expected,
    );
  });

  it("is seen from the working directory when its path is relative", () => {
    expect(last('cd "$(dirname "$0")"; a', "./build/run.sh")).toBe("/src/build: a");
    expect(last('cd x; cd "$(dirname "$0")"; a', "./build/run.sh")).toBe("/src/x/build: a");
    expect(last('cd "$(dirname "$0")"; a', "run.sh")).toBe("/src: a");
  });

  it("gives the environment of a command what it is worked out from", () => {
    const [install] = commands("GOBIN=$(pwd)/bin go install ./cmd/x");
    expect(install!.assignments).toMatchObject([{ name: "GOBIN", value: "/src/bin" }]);
    const exported = commands("export GOBIN=$PWD/bin; a").at(-1)!.exported;
    expect(exported.get("GOBIN")).toBe("/src/bin");
  });

  it("has no commands of its substitutions in its list", () => {
    expect(lines("a $(cd y && pwd)")).toEqual(["/src: a /src/y"]);
  });

  it("may nest substitutions as deep as the parser follows", () => {
    const depth = 200;
    expect(lines(`a ${"$(dirname ".repeat(depth)}x${")".repeat(depth)}`)).toEqual(["/src: a ?"]);
  });
});

describe("conditions", () => {
  it.each([
    ["a && b", [false, false]],
    ["a || b", [false, true]],
    ["a || b && c", [false, true, true]],
    ["a && b; c", [false, false, false]],
    ["if a; then b; fi; c", [true, true, false]],
    ["while a; do b; done", [true, true]],
    ["! a", [true]],
    ["a & b", [true, false]],
    ["(a || b); c", [false, true, false]],
  ])("%j may leave commands out", (text, expected) => {
    expect(commands(text).map(({ conditional }) => conditional)).toEqual(expected);
  });

  it("are none in a pipe, which is told", () => {
    expect(commands("a | b; c").map(({ piped, conditional }) => [piped, conditional])).toEqual([
      [true, false],
      [true, false],
      [false, false],
    ]);
  });
});

describe("variables", () => {
  it.each([
    ["$APP", ["srv"]],
    ["${APP}", ["srv"]],
    ['"a $APP b"', ["a srv b"]],
    ["'$APP'", ["$APP"]],
    ["\\$APP", ["$APP"]],
    ["a\\ b", ["a b"]],
    ["pre${APP}post", ["presrvpost"]],
    ["$UNSET", [""]],
    ["${UNSET:-d}", ["d"]],
    ["${EMPTY:-d}", ["d"]],
    ["${EMPTY-d}", [""]],
    ["${APP:-d}", ["srv"]],
    ["${APP:+d}", ["d"]],
    ["${UNSET:+d}", [""]],
    ["$GIVEN", [undefined]],
    ["${GIVEN:-d}", [undefined]],
    ["${APP%r}", [undefined]],
    ["$(date)", [undefined]],
    ["`date`", [undefined]],
    ["$((1+1))", [undefined]],
    ["~/x", ["/root/x"]],
    ["~someone/x", [undefined]],
    ["a~", ["a~"]],
    ["$1 $@", [undefined, undefined]],
  ])("in %s give %j", (text, expected) => expect(values(text)).toEqual(expected));

  it.each([
    ["V=1; a $V", "1"],
    ["V=1 && V=2 && a $V", "2"],
    ["V=$APP/x; a $V", "srv/x"],
    ["export V=1; a $V", "1"],
    ["V=1; unset V; a ${V:-d}", "d"],
    ["unset APP; a $APP", ""],
    ["V=$(date); a $V", undefined],
    ["b || V=1; a $V", undefined],
    ["if b; then V=1; fi; a $V", undefined],
    ["(V=1); a $V", ""],
    ["V=1 b; a $V", ""],
    ["V+=1; a $V", undefined],
    ["read V; a $V", undefined],
    ["local_=1; for V in x; do :; done; a $V", undefined],
    ["declare V=1; a $V", "1"],
    ["readonly V=1; a $V", "1"],
    ["printf -v V x; a $V", undefined],
  ])("set before, as in %j, are known", (text, expected) =>
    expect(commands(text).at(-1)!.words[1]!.value).toBe(expected),
  );

  it("that are exported are the environment of what follows", () => {
    const [, , build] = commands("export CGO_ENABLED=0 GOOS; export APP; go build");
    expect(Object.fromEntries(build!.exported)).toEqual({ CGO_ENABLED: "0", APP: "srv" });
    expect(commands("(export A=1); a").at(-1)!.exported.size).toBe(0);
    expect(commands("export A=1; unset A; a").at(-1)!.exported.has("A")).toBe(false);
  });

  it("exported under a condition have a value that is not known", () => {
    expect(commands("if b; then export A=1; fi; a").at(-1)!.exported.get("A")).toBeUndefined();
    expect(commands("if b; then export A=1; fi; a").at(-1)!.exported.has("A")).toBe(true);
    expect(commands("b && export A=1; a").at(-1)!.exported.get("A")).toBe("1");
  });

  it("assigned to after their export take the new value along", () => {
    expect(commands("export A=1; A=2; a").at(-1)!.exported.get("A")).toBe("2");
  });

  it("all become exported behind set -a", () => {
    expect(shell("set -a; A=1; a").kind).toBe("opaque");
    expect(shell("set -o allexport; A=1; a").kind).toBe("opaque");
    expect(shell("set -eux; A=1; a").kind).toBe("commands");
    expect(shell("set -o pipefail; a").kind).toBe("commands");
  });
});

describe("a literal word", () => {
  it.each([
    ["abc", true],
    ["'a b'", true],
    ['"a b"', true],
    ["a\\ b", true],
    ["--flag=x", true],
    ["*.go", false],
    ["a?b", false],
    ["'*.go'", true],
    ["[ab]", false],
    ["{a,b}", false],
    ["$APP", false],
    ["~", false],
    ["$(a)", false],
  ])("means the same without a shell: %s %s", (text, expected) => {
    expect(commands(`x ${text}`)[0]!.words[1]!.literal).toBe(expected);
  });
});

describe("an opaque body", () => {
  it.each([
    ["eval a"],
    [". ./env.sh; a"],
    ["source ./env.sh"],
    ["$GIVEN build"],
    ["$(which go) build"],
    ["f() { a; }; f"],
    ["function f { a; }"],
    ["trap a EXIT; b"],
    ["alias go=b; go build"],
    ["a &&"],
    ["if a; then b"],
    ["a 'b"],
    ["a )"],
    ["pushd x; a"],
    ["command eval a"],
    ["builtin cd x"],
    ["exec a; b"],
  ])("is told: %j", (text) => expect(shell(text).kind).toBe("opaque"));

  it.each([["set -ex; a"], ["$APP build"], ["true; a"], ["exec a"], ["command -v go"]])(
    "is not made of %j",
    (text) => {
      expect(shell(text).kind).toBe("commands");
    },
  );
});

describe("a RUN instruction", () => {
  function bodies(source: string): ShellBody[] {
    const document = readDocument(source);
    if ("problem" in document) throw new Error(document.problem);
    const found: ShellBody[] = [];
    walkStage(document, document.stages[0]!, (instruction, state) => {
      if (instruction.keyword === "RUN") found.push(runBody(document, instruction, state));
    });
    return found;
  }

  it("knows WORKDIR, ENV and ARG at its place", () => {
    const [body] = bodies(
      "FROM golang:1.22\nWORKDIR /a\nARG D=b\nENV E=c\nRUN x $D $E $GOPATH\nENV E=z\n",
    );
    expect(body).toMatchObject({
      kind: "commands",
      commands: [
        { directory: "/a", words: [{}, { value: "b" }, { value: "c" }, { value: "/go" }] },
      ],
    });
  });

  it("leads back to the source over continuations, comments and CRLF", () => {
    const source =
      "FROM golang:1.22\r\nRUN set -ex \\\r\n # first\r\n && cd cmd \\\r\n\r\n # then\r\n && go build \\\r\n   -o /x\r\n";
    const document = readDocument(source);
    if ("problem" in document) throw new Error(document.problem);
    const [place] = queryable(document).commands("go", "build");
    const { body } = place!.instruction;
    expect(place!.command.directory).toBe("/go/cmd");
    expect(source.slice(sourceOffset(body, place!.command.start)).startsWith("go build")).toBe(
      true,
    );
    expect(place!.command.words.map(({ value }) => value)).toEqual(["go", "build", "-o", "/x"]);
  });

  it("in exec form is one command, unless it starts a shell", () => {
    expect(bodies('FROM a\nRUN ["go", "build", "$X"]\n')[0]).toMatchObject({
      kind: "commands",
      commands: [{ words: [{ value: "go" }, { value: "build" }, { value: "$X" }] }],
    });
    expect(bodies('FROM a\nRUN ["/bin/sh", "-c", "go build"]\n')[0]!.kind).toBe("opaque");
  });

  it("fed by one here-document is its script", () => {
    expect(bodies("FROM a\nRUN <<EOF\ncd /x\ngo build\nEOF\n")[0]).toMatchObject({
      kind: "commands",
      commands: [{}, { directory: "/x" }],
    });
    expect(bodies("FROM a\nRUN <<-EOF\n\tcd /x\n\tgo build\nEOF\n")[0]).toMatchObject({
      kind: "commands",
      commands: [{}, { directory: "/x" }],
    });
  });

  it.each([
    ["an interpreter of its own", "FROM a\nRUN <<EOF\n#!/usr/bin/env python\nprint(1)\nEOF\n"],
    ["a here-document for a command", "FROM a\nRUN cat <<EOF > /x\ngo build\nEOF\n"],
    ["two here-documents", "FROM a\nRUN <<A <<B\n1\nA\n2\nB\n"],
    ["a file descriptor", "FROM a\nRUN 3<<EOF\ngo build\nEOF\n"],
    ["another shell", 'FROM a\nSHELL ["pwsh", "-c"]\nRUN go build\n'],
    ["a shell that is no shell", 'FROM a\nSHELL ["/bin/bash"]\nRUN go build\n'],
  ])("with %s is opaque", (_, source) => expect(bodies(source)[0]!.kind).toBe("opaque"));

  it.each([
    [["/bin/sh", "-c"], true],
    [["/bin/bash", "-o", "pipefail", "-c"], true],
    [["/bin/bash", "-euxo", "pipefail", "-c"], true],
    [["/bin/sh", "-ecuxo", "pipefail"], true],
    [["/bin/ash", "-eo", "pipefail", "-c"], true],
    [["bash", "-lc"], true],
    [["cmd", "/S", "/C"], false],
    [["/bin/bash"], false],
    [["fish", "-c"], false],
    [[], false],
  ])("has a POSIX shell in %j: %s", (words, expected) =>
    expect(isPosixShell(words)).toBe(expected),
  );
});
