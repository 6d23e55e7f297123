import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import {
  interpreterOf,
  readScript,
  type ScriptStart,
  type ShellScript,
} from "../../src/core/shell-script.ts";

function script(text: string, start?: ScriptStart): ShellScript {
  const reading = readScript(text, start);
  if (reading.kind === "opaque") throw new Error(reading.why);
  return reading;
}

function why(text: string): string {
  const reading = readScript(text);
  return reading.kind === "opaque" ? reading.why : "it was followed";
}

/** Each command as its words; `?` for a computed one, `asks` in front of a probe. */
function commands(text: string): string[] {
  return script(text).commands.map(({ isProbe, program, words }) =>
    [...(isProbe ? ["asks"] : []), program ?? "?", ...words.map((word) => word ?? "?")].join(" "),
  );
}

describe("commands", () => {
  test.each([
    ["a list", "a 1; b 2 && c || d &", ["a 1", "b 2", "c", "d"]],
    ["a pipeline", "a | b | c", ["a", "b", "c"]],
    ["conditions", "if a; then b; elif c; then d; else e; fi", ["a", "b", "c", "d", "e"]],
    ["loops", "while a; do b; done; until c; do d; done", ["a", "b", "c", "d"]],
    ["what a for loop goes over", 'for x in $(a); do b "$x"; done', ["a", "b ?"]],
    ["a case", 'case "$(a)" in x) b ;; *) c ;; esac', ["a", "b", "c"]],
    ["function bodies", "f() { a; }\nb", ["a", "b"]],
    ["subshells and groups", "(a); { b; } > c", ["a", "b"]],
    ["negations", "! a", ["a"]],
    ["substitutions in words", 'a "$(b `c`)" "${X:-$(d)}"', ["a ? ?", "b ?", "c", "d"]],
    ["substitutions in assignments and redirects", "X=$(a) >$(b)", ["a", "b"]],
    ["substitutions in arithmetic", 'echo "$(( $(a) + 1 ))"', ["a"]],
    ["substitutions in here-documents", "a <<E\n$(b) c\nE", ["a", "b"]],
    ["no here-document that is quoted", "a <<'E'\n$(b)\nE", ["a"]],
    ["escaped backquotes in backquotes", "a `b \\`c\\``", ["a ?", "b ?", "c"]],
    ["process substitutions", "a <(b) >(c)", ["a ? ?", "b", "c"]],
    ["traps", "trap 'a; b' EXIT; trap - INT; trap '' TERM", ["a", "b"]],
    ["a trap that calls a function", "end() { a; }; trap end EXIT", ["a"]],
  ])("are found in %s", (_, text, expected) => {
    expect(commands(text)).toEqual(expected);
  });

  test.each([
    ["quotes are taken off", `'cu'"rl" 'a b' "c"`, ["curl a b c"]],
    ["variables, globs and tildes are computed", 'a $X "b$Y" *.txt ~/c', ["a ? ? ? ?"]],
    ["builtins and keywords are left out", "cd /a; echo b; [ -f c ] && export D=e; set -e", []],
    [
      "a path to a builtin's name is a program",
      "/bin/echo a; env printf b",
      ["/bin/echo a", "env printf b", "printf b"],
    ],
    ["its own functions are left out, wherever they are defined", "f a\nf() { b; }", ["b"]],
    ["a function that wraps a program of its name", 'a() { command a -f "$@"; }; a b', ["a -f ?"]],
    [
      "`command -v` and the like only ask",
      "command -v a >/dev/null; type b; hash c; which d",
      ["asks a", "asks b", "asks c", "which d", "asks d"],
    ],
    ["asking for a builtin or an own function is no need", "f() { a; }; command -v f cd", ["a"]],
  ])("%s", (_, text, expected) => {
    expect(commands(text)).toEqual(expected);
  });

  it("have the place and text that they have in the script", () => {
    const text = "set -e\nA=1 ./server -v >log\nsh -c 'cd /a && ./tool \"$1\"'\n";
    const found = script(text).commands;
    expect(found.map(({ text, line }) => [text, line])).toEqual([
      ["A=1 ./server -v >log", 2],
      ["sh -c 'cd /a && ./tool \"$1\"'", 3],
      ['./tool "$1"', 3],
    ]);
    for (const { text: own, start, end } of found) expect(text.slice(start, end)).toBe(own);
  });

  it("stand at the word around them when its escapes were taken off", () => {
    const text = 'sh -c "a \\"b\\""';
    const [, inner] = script(text).commands;
    expect(inner).toMatchObject({ program: "a", text: 'a "b"', start: 6, end: text.length });
  });
});

describe("wrappers", () => {
  test.each([
    ["exec ./server -p 1", ["./server -p 1"]],
    ["exec -a name ./server", ["./server"]],
    ["time a; command b; builtin cd", ["a", "b"]],
    ["env -u A B=1 C=$D ./server", ["env -u A B=1 ? ./server", "./server"]],
    ["exec env - A=1 ./server", ["env - A=1 ./server", "./server"]],
    ["nice -n 5 a; nohup b &", ["nice -n 5 a", "a", "nohup b", "b"]],
    ["timeout -k 5 10 a", ["timeout -k 5 10 a", "a"]],
    ["stdbuf -oL -e 0 a", ["stdbuf -oL -e 0 a", "a"]],
    ['gosu "$USER" ./server', ["gosu ? ./server", "./server"]],
    ["/sbin/su-exec app:app a", ["/sbin/su-exec app:app a", "a"]],
    ["sudo -Eu app A=1 a -u b", ["sudo -Eu app A=1 a -u b", "a -u b"]],
    ["setpriv --reuid=1 --regid 2 a", ["setpriv --reuid=1 --regid 2 a", "a"]],
    ["tini -g -- a", ["tini -g -- a", "a"]],
    ["dumb-init a", ["dumb-init a", "a"]],
    ["./wait-for-it.sh db:1 -t 3 -- a b", ["./wait-for-it.sh db:1 -t 3 -- a b", "a b"]],
    ["dockerize -wait tcp://db:1 a", ["dockerize -wait tcp://db:1 a", "a"]],
    ["x | xargs -0n 1 -I{} a {}", ["x", "xargs -0n 1 -I{} a {}", "a {}"]],
    ["find . -exec a {} \\; -exec b {} +", ["find . -exec a {} ; -exec b {} +", "a {}", "b {}"]],
    ["watch -n 1 'a | b'", ["watch -n 1 a | b", "a", "b"]],
    ["parallel -j 2 a ::: b c", ["parallel -j 2 a ::: b c", "a"]],
    ["su -s /bin/sh app -c 'a b'", ["su -s /bin/sh app -c a b", "a b"]],
    ["exec nice env a", ["nice env a", "env a", "a"]],
  ])("%s", (text, expected) => {
    expect(commands(text)).toEqual(expected);
  });

  test.each([
    ["a literal text", "bash -ec 'a && b'", ["bash -ec a && b", "a", "b"]],
    ["a text with variables", 'sh -c "exec ./server -p $PORT"', ["sh -c ?", "./server -p ?"]],
    ["a substitution in it, once", 'sh -c "a $(b)"', ["sh -c ?", "a ?", "b"]],
    ["its own arguments", `sh -c 'exec "$0" "$@"' ./a b`, ['sh -c exec "$0" "$@" ./a b', "./a b"]],
    ["a here-document", "sh -s <<'E'\na\nE", ["sh -s", "a"]],
    ["a file, which is the caller's to read", "sh ./run.sh a", ["sh ./run.sh a"]],
  ])("a shell reads %s", (_, text, expected) => {
    expect(commands(text)).toEqual(expected);
  });
});

describe("computed programs", () => {
  test.each([
    ["assigned once", "BIN=/app/server\nexec $BIN -v", ["/app/server -v"]],
    ["with a default", 'BIN=${BIN:-./server}; "${BIN}"', ["./server"]],
    ["with a default in place", ': "${BIN:=./a}"; $BIN; ${OTHER:-./b}', ["./a", "./b"]],
    ["of several parts", 'DIR=/app; BIN="$DIR/server"; "$BIN"', ["/app/server"]],
    ["of several words", 'CMD="./server -v"; $CMD -x', ["./server -v -x"]],
    ["empty", "SUDO=; $SUDO a", ["a"]],
    ["assigned twice", "BIN=a; BIN=b; $BIN", ["?"]],
    ["assigned on a condition", 'if [ "$X" ]; then BIN=a; fi; $BIN', ["?"]],
    ["assigned behind &&", "[ -f a ] && BIN=a; $BIN", ["?"]],
    ["read from input", "BIN=a; read -r BIN; $BIN", ["?"]],
    ["from outside", '$BIN; "$DIR/a"; $(b)', ["?", "?", "?", "b"]],
    ["that needs itself", "A=$B; B=$A; $A", ["?"]],
  ])("%s", (_, text, expected) => {
    expect(commands(text)).toEqual(expected);
  });
});

describe("arguments that are run", () => {
  test.each([
    'exec "$@"',
    "$@",
    '"$*"',
    "$1 x",
    'exec su-exec app "$@"',
    'shift; "${@}"',
    'main() { shift; exec "$@"; }; main "$@"',
    'sh -c "exec $*"',
    'cmd="$@"; exec $cmd',
    'CMD=("$@"); exec "${CMD[@]}"',
    "trap 'x' EXIT; eval 'exec \"$@\"'",
  ])("%s", (text) => {
    expect(script(text).runsArguments).toBe(true);
  });

  test.each(['./server "$@"', 'echo "$1"', 'f() { "$@"; }; f a', "exec $0", "sh -c '\"$@\"' a b"])(
    "are none in %s",
    (text) => {
      expect(script(text).runsArguments).toBe(false);
    },
  );

  test.each([
    ["put in front by set", 'set -- ./a "$@"; exec "$@"', ["./a ?"]],
    ["put in front by set, as flags", 'set -- -v "$@"; exec ./a "$@"', ["./a ?"]],
    ["that have a default", 'exec "${1:-./a}"', ["./a"]],
    ["of a function", 'f() { echo "$1"; shift; "$@"; }; f 5 a b', ["a b"]],
    ["of a function, by number", "f() { $2; }; f a b", ["b"]],
    ["of a function that calls another", 'f() { g "$@"; }; g() { "$@"; }; f a', ["a"]],
  ])("%s", (_, text, expected) => {
    expect(commands(text)).toEqual(expected);
  });
});

describe("files and literals", () => {
  it("knows what is sourced", () => {
    expect(script('. ./env.sh; source "$X"; sh < b.sh').sourced).toEqual([
      "./env.sh",
      undefined,
      "b.sh",
    ]);
  });

  it("knows what redirects write", () => {
    const text = 'a > b; { c; } >> "d e" 2>&1 2>/dev/null; f &> "$G"; h < i; k > "$(l)"';
    expect(script(text).written).toEqual(["b", "d e", undefined, undefined]);
  });

  it("lists words, targets, values and pieces that may be paths", () => {
    const text =
      'a b.yaml -v --config=c.yaml D=d.yaml "two words" "$E/f.yaml" < g.yaml 2>&1\n' +
      'H=h.yaml; I=${I:-i.yaml}; for j in j.yaml; do [ -f "${k%/*}/l" ]; done; case m in n) ;; esac';
    expect(script(text).literals).toEqual([
      "b.yaml",
      "c.yaml",
      "d.yaml",
      "/f.yaml",
      "g.yaml",
      "h.yaml",
      "i.yaml",
      "j.yaml",
      "/l",
      "]",
      "m",
    ]);
  });
});

describe("the directory", () => {
  const START = { directory: "/src", script: "/app/bin/run.sh" };

  /** Each command as `directory: program`. */
  function places(text: string, start: ScriptStart = START): string[] {
    return script(text, start)
      .commands.filter(({ program }) => program !== "dirname")
      .map(({ directory, program }) => `${directory ?? "?"}: ${program ?? "?"}`);
  }

  test.each([
    ["none", "./a", "/src"],
    ["an absolute cd", "cd /x && ./a", "/x"],
    ["a relative cd", "cd x; cd ./y/..; ./a", "/src/x"],
    ["options", "cd -P -- x; ./a", "/src/x"],
    ["a known variable", 'DIR=/x; cd "$DIR/y"; ./a', "/x/y"],
    ["a variable that the environment may set", 'cd "${DIR:-/x}"; ./a', "?"],
    ["a default that the environment may overrule", ': "${DIR:=/x}"; cd "$DIR"; ./a', "?"],
    ["an unknown variable", 'cd "$DIR"; ./a', "?"],
    ["the way back", "cd x; cd -; ./a", "?"],
    ["home", "cd; ./a", "?"],
    ["a home that is set", "HOME=/home/app; cd; ./a", "/home/app"],
    ["dirname in quotes", 'cd "$(dirname "$0")"; ./a', "/app/bin"],
    ["dirname without quotes", "cd $(dirname $0)/..; ./a", "/app"],
    ["dirname in backquotes", "cd `dirname $0`; ./a", "/app/bin"],
    ["what is cut off the script's name", 'cd "${0%/*}"; ./a', "/app/bin"],
    ["bash's own name for it", 'cd "$(dirname "${BASH_SOURCE[0]}")/.."; ./a', "/app"],
    ["a name without links", 'cd "$(dirname "$(readlink -f -- "$0")")"; ./a', "/app/bin"],
    ["a name that is kept", 'SELF=$(realpath "$0"); cd "${SELF%/*}"; ./a', "/app/bin"],
    [
      "a directory that is kept",
      'DIR="$( cd "$( dirname "$0" )/.." >/dev/null 2>&1 && pwd )"; cd /x; cd "$DIR"; ./a',
      "/app",
    ],
    ["a directory kept with care", "D=$(CDPATH= cd -- .. || exit 1; pwd -P); cd $D/y; ./a", "/y"],
    ["the current directory", 'cd x; HERE=$(pwd); cd /; cd "$HERE"; ./a', "/src/x"],
    ["the shell's own variable", 'cd x; HERE=$PWD; cd /; cd "$HERE/y"; ./a', "/src/x/y"],
    ["another command's output", 'cd "$(git rev-parse --show-toplevel)"; ./a', "?"],
    ["an output among others", 'cd "$(echo x; pwd)"; ./a', "?"],
    ["a subshell", "(cd x; b); ./a", "/src"],
    ["a pipeline", "cd x | b; ./a", "/src"],
    ["the background", "cd x & ./a", "/src"],
    ["a substitution", "X=$(cd x); ./a", "/src"],
    ["a group", "{ cd x; } > b; ./a", "/src/x"],
    ["a cd whose failure ends the script", "cd x || exit 1; ./a", "/src/x"],
    ["a failure that is told", "cd x || { echo no; exit 1; }; ./a", "/src/x"],
    ["a failure that a function tells", "die() { exit 1; }; cd x || die no; ./a", "/src/x"],
    ["a failure that is passed over", "cd x || true; ./a", "?"],
    ["a second choice", "cd x 2>/dev/null || cd y; ./a", "?"],
    ["a condition in front", "[ -d x ] && cd x; ./a", "?"],
    ["what hardly fails in front", "mkdir -p x && cd x; ./a", "/src/x"],
    ["a condition that ends the script", "[ -d x ] && cd x && exec b; ./a", "/src"],
    ["an if", "if b; then cd x; fi; ./a", "?"],
    ["an if that changes nothing", "if b; then (cd x); cd /src; fi; ./a", "/src"],
    ["an if with one end", "if b; then cd /x; else cd /x; fi; ./a", "/x"],
    ["an if that ends the script", "if b; then cd x; exec c; fi; ./a", "/src"],
    ["an if that makes sure", "if ! cd x; then exit 1; fi; ./a", "/src/x"],
    ["a case", 'case "$1" in a) cd x ;; *) cd y ;; esac; ./a', "?"],
    ["a case with one end", 'case "$1" in a) cd /x ;; *) cd /x ;; esac; ./a', "/x"],
    ["a case that ends the script", 'case "$1" in a) cd x; exec b ;; esac; ./a', "/src"],
    ["a loop", "for i in 1 2; do cd x; done; ./a", "?"],
    ["a condition that must hold", "until cd x; do cd /src; done; ./a", "?"],
    ["pushd", "pushd x; ./a", "?"],
    ["popd", "pushd x; popd; ./a", "?"],
    ["pushd and an absolute cd", "pushd x; cd /y; ./a", "/y"],
    ["an eval", "eval 'cd x'; ./a", "/src/x"],
    ["builtin cd", "builtin cd x; ./a", "/src/x"],
    ["a simple function", 'go() { cd "$(dirname "$0")"; }; go; ./a', "/app/bin"],
    ["a function that may return first", "go() { b && return; cd x; }; go; ./a", "?"],
    ["a function that goes where it is told", 'go() { cd "$1"; }; go x; ./a', "?"],
    ["a function that runs what it is told", 'try() { "$@" || exit 1; }; try cd x; ./a', "?"],
    ["a function in a subshell", "go() (cd x); go; ./a", "/src"],
    ["a function that calls itself", "go() { cd x; b && go; }; go; ./a", "?"],
  ])("behind %s", (_, text, expected) => {
    expect(places(text).at(-1)).toBe(`${expected}: ./a`);
  });

  test.each([
    ["in the body of a function", "f() { ./a; }; cd x; f", ["/src/x: ./a"]],
    ["in a function called from two", "f() { ./a; }; f; cd x; f", ["?: ./a"]],
    ["in a function called twice from one", "f() { ./a; }; cd x; f; f", ["/src/x: ./a"]],
    ["in a function that arguments may name", 'f() { ./a; }; "$@"', ["/src: ./a"]],
    ["in that behind a cd", 'f() { ./a; }; cd x; "$@"', ["?: ./a"]],
    ["in a function that arguments name too", 'f() { ./a; }; f; cd x; "$@"', ["?: ./a"]],
    ["of a function's arguments", 'f() { cd x; "$@"; }; f ./a', ["/src/x: ./a"]],
    ["of arguments that set puts in front", 'set -- ./a "$@"; cd x; exec "$@"', ["/src/x: ./a"]],
    ["in a trap", "trap ./a EXIT; ./b", ["/src: ./a", "/src: ./b"]],
    ["in a trap of a script that moves", "trap ./a EXIT; cd x; ./b", ["?: ./a", "/src/x: ./b"]],
    ["in a loop that moves", "while b; do ./a; cd x; done", ["?: b", "?: ./a"]],
    ["in a loop that knows", "while b; do cd /x; ./a; done", ["?: b", "/x: ./a"]],
    ["in a condition that moves", "if cd x; then ./a; else ./b; fi", ["/src/x: ./a", "?: ./b"]],
    ["behind a cd that failed", "cd x && ./a || ./b", ["/src/x: ./a", "?: ./b"]],
    [
      "in a text for sh",
      "cd x; sh -c 'cd y; ./a'; ./b",
      ["/src/x: sh", "/src/x/y: ./a", "/src/x: ./b"],
    ],
    ["in a text with another name", `sh -c 'cd "$(dirname "$0")"; ./a'`, ["/src: sh", "?: ./a"]],
    ["behind a wrapper", "cd x; exec env A=1 ./a", ["/src/x: env", "/src/x: ./a"]],
    ["behind one that moves", "env -C /y ./a -C z", ["/src: env", "?: ./a"]],
    ["behind one that logs in", "su - app -c ./a", ["/src: su", "?: ./a"]],
    ["in a substitution", 'cd x; b "$(cd y; ./a)"', ["/src/x: b", "/src/x/y: ./a"]],
  ])("%s", (_, text, expected) => {
    expect(places(text)).toEqual(expected);
  });

  test.each([
    ["./a; (cd /x; ./b); cd y; ./c; cd /z; ./d", ["?: ./a", "/x: ./b", "?: ./c", "/z: ./d"]],
    ['cd "$(dirname "$0")"; ./a', ["?: ./a"]],
    ['"$PWD/a"; "$(pwd)/b"; "${0%/*}/c"', ["?: ?", "?: ?", "?: ?"]],
  ])("is not known at the start without being told: %s", (text, expected) => {
    expect(places(text, {})).toEqual(expected);
  });

  test.each([
    ['cd "$(dirname "$0")"; ./a', "/src/bin: ./a"],
    ['cd x; cd "$(dirname "$0")"; ./a', "/src/x/bin: ./a"],
    ['"$(dirname "$0")/a"', "/src: ./bin/a"],
  ])("of a script started by a relative path is seen from where it is: %s", (text, expected) => {
    expect(places(text, { directory: "/src", script: "./bin/run.sh" })).toEqual([expected]);
  });

  it("of the script's own arguments is told", () => {
    const directoryOf = (text: string) => script(text, START).argumentsDirectory;
    expect(directoryOf('cd /x; exec "$@"')).toBe("/x");
    expect(directoryOf('f() { cd x; exec "$@"; }; f "$@"')).toBe("/src/x");
    expect(directoryOf('[ "$X" ] && "$@"; cd x; exec "$@"')).toBeUndefined();
    expect(directoryOf("./a")).toBeUndefined();
  });

  test.each([
    ['"$(dirname "$0")/a"', "/app/bin/a"],
    ['DIR="$( cd "$( dirname "$0" )" && pwd )"; cd /x; "$DIR/a"', "/app/bin/a"],
    ["cd x; $PWD/a", "/src/x/a"],
    ["exec `pwd`/a", "/src/a"],
    ['exec "${0%/*}/a"', "/app/bin/a"],
    ['f() { "$DIR/a"; }; DIR=$(pwd); f', "/src/a"],
    ['f() { DIR=$(pwd); }; f; cd x; f; "$DIR/a"', undefined],
  ])("is put into a program's name: %s", (text, expected) => {
    const programs = script(text, START).commands.map(({ program }) => program);
    expect(programs.filter((program) => program !== "dirname")).toEqual([expected]);
  });

  it("is put into literals, words and the names of files, where these name more than a directory", () => {
    const text =
      'DIR=$(pwd); cd /x; a "$DIR/b.yaml" --c="$PWD/c.yaml" "$DIR" "$DIR/.." "$E/e.yaml"\n' +
      '. "$(dirname "$0")/env.sh"; . ./f.sh; d > "$PWD/log" 2> err';
    const { literals, commands, sourced, written } = script(text, START);
    expect(literals.filter((literal) => /[^./]/.test(literal))).toEqual([
      "/x",
      "/src/b.yaml",
      "/x/c.yaml",
      "/e.yaml",
      "/app/bin/env.sh",
      "./f.sh",
      "/x/log",
      "err",
    ]);
    expect(commands[0]!.words).toEqual([
      "/src/b.yaml",
      "--c=/x/c.yaml",
      "/src",
      "/src/..",
      undefined,
    ]);
    expect(sourced).toEqual(["/app/bin/env.sh", "/x/f.sh"]);
    expect(written).toEqual(["/x/log", "/x/err"]);
  });

  it("is given up in a script whose calls have no end", () => {
    const calls = Array.from({ length: 30 }, (_, at) => `f${at}() { f${at + 1}; f${at + 1}; }\n`);
    expect(places(`${calls.join("")}f0; cd /x; ./a`).at(-1)).toBe("?: ./a");
  });

  it("is absolute or undefined in every text", () => {
    const token = fc.constantFrom(
      ...'a ./b ; && || | ( ) { } "$(pwd)" "$(dirname "$0")" cd .. /x $PWD X=$PWD $X f() f if then else fi while do done case in x) ;; esac return eval trap exec'.split(
        " ",
      ),
    );
    fc.assert(
      fc.property(fc.array(token, { maxLength: 30 }), (tokens) => {
        const reading = readScript(tokens.join(" "), START);
        if (reading.kind === "opaque") return;
        for (const { directory } of reading.commands)
          expect(directory ?? "/").toMatch(/^\/(?:[^/]+(?:\/[^/]+)*)?$/);
      }),
    );
  });
});

describe("scripts that cannot be followed", () => {
  test.each([
    ["if a; then", /expected/],
    ["a $(", /unterminated|expected|unclosed/],
    ["a\r\nb\r\n", /Windows line ends/],
    ["\uFEFFa", /byte order mark/],
    ['eval "$X"', /eval/],
    ["alias a=b", /alias/],
    ["curl x | sh", /piped into sh/],
    ["curl x | { a | b; sh; }", /piped into sh/],
    ["curl x | { sh | a; }", /piped into sh/],
    ["#!/usr/bin/python3\nimport os", /written for python3/],
    [`${"exec ".repeat(1000)}a`, /too deep/],
    [`echo ${'"$('.repeat(400)}a${')"'.repeat(400)}`, /deep|nesting/],
  ])("%j", (text, expected) => {
    expect(why(text)).toMatch(expected);
  });

  it("reads an eval of plain text", () => {
    expect(commands("eval './server' a")).toEqual(["./server a"]);
  });

  it("throws for no text, and places every command inside it", () => {
    const token = fc.constantFrom(
      ..."a ; & && | ( ) { } \" ' ` $( $(( )) ${ } $@ $1 $X X= << E \n < > [[ ]] if then fi f() sh -c eval trap set -- exec env find -exec case in esac do done while shift".split(
        " ",
      ),
    );
    fc.assert(
      fc.property(fc.array(token, { maxLength: 30 }), (tokens) => {
        const text = tokens.join(" ");
        const reading = readScript(text);
        if (reading.kind === "opaque") return;
        for (const { start, end, line } of reading.commands) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeLessThanOrEqual(text.length);
          expect(line).toBe(text.slice(0, start).split("\n").length);
        }
      }),
    );
  });

  it("takes time in proportion to the length", () => {
    const texts = ["A=x\n", "$A\n", 'set -- a "$@"\n', "f x\n", "B=$1; $B\n"].map((line) =>
      line.repeat(3000),
    );
    const started = performance.now();
    script(`f() { "$@"; }\n${texts.join("")}"$@"\n`);
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});

test.each([
  ["#!/bin/sh\na", { program: "/bin/sh", words: [] }],
  ["#! /bin/sh -e\na", { program: "/bin/sh", words: ["-e"] }],
  ["#!/usr/bin/env bash", { program: "bash", words: [] }],
  ["#!/usr/bin/env -S bash -eu\n", { program: "bash", words: ["-eu"] }],
  ["a\n#!/bin/sh", undefined],
  ["#!\n", undefined],
])("the interpreter of %j", (text, expected) => {
  expect(interpreterOf(text)).toEqual(expected);
});
