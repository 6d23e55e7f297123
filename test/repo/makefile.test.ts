import { describe, expect, test } from "vitest";
import { UNKNOWN_VALUE, makeRecipe } from "../../src/repo/makefile.ts";

const unknown = `\${${UNKNOWN_VALUE}}`;

interface Call {
  readonly goals?: readonly string[];
  readonly given?: Readonly<Record<string, string | undefined>>;
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

function recipe(text: string, { goals = [], given = {}, environment = {} }: Call = {}) {
  return makeRecipe(text, goals, new Map(Object.entries(given)), (name) =>
    Object.hasOwn(environment, name) ? environment[name] : null,
  );
}

/** The commands, or why there are none. */
function commands(text: string, call?: Call): readonly string[] | string {
  const made = recipe(text, call);
  return made.kind === "recipe" ? made.lines.map((line) => line.text) : made.why;
}

function exported(text: string, call?: Call): Record<string, string | undefined> | string {
  const made = recipe(text, call);
  return made.kind === "recipe" ? Object.fromEntries(made.exported) : made.why;
}

describe("recipes", () => {
  test("come with their lines, without @, - and +", () => {
    const text =
      "# app\nbuild:\n\t@echo a\n\n\t-rm -f b\n# between\n\t@-+ go build\n\t# to the shell\n";
    expect(recipe(text)).toEqual({
      kind: "recipe",
      lines: [
        { text: "echo a", line: 3, mayFail: false },
        { text: "rm -f b", line: 5, mayFail: true },
        { text: "go build", line: 7, mayFail: true },
        { text: "# to the shell", line: 8, mayFail: false },
      ],
      exported: new Map(),
    });
  });

  test("are read with Windows line ends", () => {
    expect(
      commands("OUT = app\r\nbuild: dep\r\n\tgo build \\\r\n\t-o $(OUT)\r\ndep:\r\n\ttrue\r\n"),
    ).toEqual(["true", "go build -o app"]);
  });

  test("may begin on the rule's line", () => {
    expect(commands("build: dep; echo a; echo b\n\techo c\ndep:;\n")).toEqual([
      "echo a; echo b",
      "echo c",
    ]);
  });

  test("are joined where the shell joins lines, and not in single quotes or comments", () => {
    const text =
      "build:\n\tgo build \\\n\t  -o app\n\techo 'a \\\n\tb' \"c\\\n\td\"\n\t# no \\\n\tgo vet\n";
    expect(commands(text)).toEqual([
      "go build   -o app",
      "echo 'a \\\nb' \"cd\"",
      "# no \\\ngo vet",
    ]);
  });

  test("keep what belongs to the shell", () => {
    const text =
      "build:\n\t@for os in linux darwin; do \\\n\t\tGOOS=$$os go build; \\\n\tdone # $$(date)\n";
    expect(commands(text)).toEqual([
      "for os in linux darwin; do \tGOOS=$os go build; done # $(date)",
    ]);
  });

  test("need tabs", () => {
    expect(commands("build:\n    go build\n")).toBe("line 2: neither a rule nor an assignment");
    expect(commands("\tgo build\n")).toBe("line 1: a recipe line without a rule");
  });

  test("that call make are plain text", () => {
    expect(commands("build:\n\t$(MAKE) -C sub build\n")).toEqual(["make -C sub build"]);
  });

  test("come from a definition line by line, each with its own prefix", () => {
    const text =
      "define build\n\t@GOOS=$(1) go build \\\n\t  -o $(2)\n-echo $(1)\nendef\nall:\n\t$(call build,linux,app)\n";
    expect(recipe(text)).toMatchObject({
      lines: [
        { text: "GOOS=linux go build -o app", line: 7, mayFail: false },
        { text: "echo linux", line: 7, mayFail: true },
      ],
    });
  });

  test("are one script with .ONESHELL", () => {
    expect(commands(".ONESHELL:\nbuild:\n\t@cd cmd\n\t@go build \\\n\t  -o app\n")).toEqual([
      "cd cmd\ngo build   -o app",
    ]);
  });

  test("may fail where .IGNORE says so", () => {
    const text = ".IGNORE: a\nall: a b\na:\n\tfalse\nb:\n\ttrue\n";
    expect(recipe(text)).toMatchObject({ lines: [{ mayFail: true }, { mayFail: false }] });
  });
});

describe("goals", () => {
  const text =
    ".PHONY: all\n%.o: %.c\n\tcc\n.hidden:\n\techo hidden\nall: one\none two:\n\techo $@\n";

  test("are by default the first target that is no pattern and does not begin with a dot", () => {
    expect(commands(text)).toEqual(["echo one"]);
    expect(commands(`.DEFAULT_GOAL := two\n${text}`)).toEqual(["echo two"]);
    expect(commands(`${text}.DEFAULT_GOAL = two\n`)).toEqual(["echo two"]);
  });

  test("run in their order, each target once", () => {
    expect(commands(text, { goals: ["two", "all", "./two"] })).toEqual(["echo two", "echo one"]);
  });

  test("have to be targets", () => {
    expect(commands(text, { goals: ["three"] })).toBe("no target three");
    expect(commands("")).toBe("no target at all");
    expect(commands(".PHONY: build\n", { goals: ["build"] })).toEqual([]);
  });

  test("that a pattern rule makes are opaque", () => {
    expect(commands(text, { goals: ["x.o"] })).toBe("a pattern rule makes x.o");
    expect(commands("all: lib/x.o\n%.o: %.c\n\tcc\n")).toBe("a pattern rule makes lib/x.o");
    expect(commands("all: x.o\n.c.o:\n\tcc\n")).toBe("a pattern rule makes x.o");
  });

  test("may hold a colon", () => {
    expect(
      commands("build\\:linux: a\\:b\n\techo $@\na\\:b:\n\ttrue\n", { goals: ["build:linux"] }),
    ).toEqual(["true", "echo build:linux"]);
  });
});

describe("prerequisites", () => {
  test("run first, from left to right, order-only ones too", () => {
    const text = "all: a b | c\n\techo all\na: c\n\techo a\nb c:\n\techo $@\n";
    expect(commands(text)).toEqual(["echo c", "echo a", "echo b", "echo all"]);
  });

  test("that stand with the recipe go before the others", () => {
    expect(commands("t: a\nt: b\n\techo $^\nt: c\na b c:; @echo $@\n")).toEqual([
      "echo b",
      "echo a",
      "echo c",
      "echo b a c",
    ]);
  });

  test("that are no targets are files", () => {
    expect(commands("app: main.go go.mod *.go\n\tgo build -o $@ $<\n")).toEqual([
      "go build -o app main.go",
    ]);
  });

  test("in a circle are dropped", () => {
    expect(commands("a: b\n\techo a $^\nb: a b c\n\techo b $^\n")).toEqual([
      "echo b c",
      "echo a b",
    ]);
  });

  test("that are not known make the recipe opaque", () => {
    expect(commands("all: $(shell ls)\n\ttrue\n")).toBe("a prerequisite is not known");
    expect(commands("X := $(shell ls)\nall: $(X)\n$(X):\n\ttrue\n")).toBe(
      "a prerequisite is not known",
    );
  });

  test("found by a glob are files, unless they may be targets", () => {
    const sources = "SRC := $(shell find . -type f -name '*.go' | grep -v _test)\n";
    expect(commands(`${sources}app: $(SRC) $(wildcard *.mod)\n\tgo build\n`)).toEqual(["go build"]);
    expect(commands(`${sources}app: $(SRC)\n\tgo build\nx/pb.go:\n\tprotoc\n`)).toBe(
      "a prerequisite is not known",
    );
    expect(commands("app: $(wildcard *.go)\n%.pb.go: %.proto\n\tprotoc\n")).toBe(
      "a pattern rule makes *.go",
    );
  });

  test("of double-colon rules belong to their own recipe", () => {
    expect(commands("a:: b\n\techo 1\na:: c\n\techo 2 $<\nb c:; echo $@\n")).toEqual([
      "echo b",
      "echo 1",
      "echo c",
      "echo 2 c",
    ]);
    expect(commands("a:: ; true\na: ; true\n")).toBe("a has both : and :: rules");
  });

  test("of static pattern rules are filled in", () => {
    const text =
      "BINS = bin/api bin/cron\nall: $(BINS)\n$(BINS): bin/%: cmd/%/main.go | bin\n\tgo build -o $@ ./$(<D) # $* $(@F) $(@D) $|\nbin:\n\tmkdir -p $@\n";
    expect(commands(text)).toEqual([
      "mkdir -p bin",
      "go build -o bin/api ./cmd/api # api api bin bin",
      "go build -o bin/cron ./cmd/cron # cron cron bin bin",
    ]);
  });

  test("expanded twice are not followed", () => {
    expect(commands(".SECONDEXPANSION:\na: $$(b)\n\ttrue\n")).toBe(
      "its prerequisites are expanded twice",
    );
  });
});

describe("variables", () => {
  function shown(definitions: string, text: string, call?: Call) {
    const made = commands(`${definitions}\nshow:\n\techo ${text}\n`, { goals: ["show"], ...call });
    return typeof made === "string" ? made : made[0]?.slice("echo ".length);
  }

  test("are expanded when used or when set", () => {
    expect(shown("A = $(C)\nB := $(C)\nD ::= $(C)\nC = c", "[$(A)] [$(B)] [${D}] $C")).toBe(
      "[c] [] [] c",
    );
  });

  test("are appended to and set once", () => {
    expect(
      shown(
        "A = $(C)\nA += $(D)\nB := x\nB += $(C)\nE =\nE += e\nC = c\nD = d",
        "$(A) [$(B)] [$(E)]",
      ),
    ).toBe("c d [x] [e]");
    expect(shown("A ?= 1\nA ?= 2\nB =\nB ?= 3", "$(A) [$(B)]")).toBe("1 []");
  });

  test("of many lines are joined by one blank, and comments end them", () => {
    expect(shown("A = one \\\n   two \\\n\tthree # no\nB = a\\#b", "[$(A)] $(B)")).toBe(
      "[one two three ] a#b",
    );
  });

  test("may be indented by a tab where no rule is open", () => {
    expect(shown("\tA = a", "$(A)")).toBe("a");
    expect(commands("all:\n\techo $(B)\nA = a\n\tB = b\n")).toEqual(["echo b"]);
  });

  test("of the command line win, unless overridden", () => {
    const given = { A: "given", B: "given", C: undefined };
    expect(
      shown("A = file\noverride B = file\nB = no\nC = file", "$(A) $(B) $(C)", { given }),
    ).toBe(`given file ${unknown}`);
  });

  test("of the environment stand where the makefile sets none, and win over ?=", () => {
    const environment = { A: "env", B: "env", C: undefined };
    expect(shown("A ?= file\nB = file\nC ?= file", "$(A) $(B) $(C) $(D)", { environment })).toBe(
      `env file ${unknown} `,
    );
  });

  test("that a shell sets are not known, in single quotes neither", () => {
    const text = `-ldflags '-X main.a=$(A)' "$(A)"`;
    expect(shown("A := $(shell git describe)\nB != date", `${text} $(B)`)).toBe(
      `-ldflags '-X main.a='"${unknown}"'' "${unknown}" ${unknown}`,
    );
  });

  test("that name other variables are followed", () => {
    expect(shown("A = B\nB = b\nOS = linux\nOUT_linux = app", "$($(A)) $(OUT_$(OS))")).toBe(
      "b app",
    );
  });

  test("that refer to themselves are opaque", () => {
    expect(shown("A = $(B)\nB = $(A)", "$(A)")).toBe("the variable A refers to itself");
    expect(shown("A = $(A) x\nB = b", "$(B)")).toBe("b");
  });

  test("that grow without end are opaque", () => {
    const doubled = Array.from({ length: 40 }, (_, at) => `A${at + 1} = $(A${at})$(A${at})`);
    expect(shown(["A0 = x", ...doubled].join("\n"), "$(A40)")).toBe("its variables are too long");
    expect(shown("f = $(call f,$(1))", "$(call f,x)")).toBe(
      "its variables refer to each other too deeply",
    );
  });

  test("not closed are opaque", () => {
    expect(shown("A = $(B", "$(A)")).toBe("a reference to a variable is not closed");
  });

  test("of a target hold for it and what is made for it", () => {
    const text =
      "F := -s\nT = $(X)\nbuild: T := a\nbuild: T += $(X)\nbuild: F += -w\nbuild: X = x\nbuild: private P = p\nbuild: dep\n\tgo $(T) $(F) [$(P)]\ndep:\n\tdep $(T) $(F) [$(P)]\n";
    expect(commands(text)).toEqual(["dep a x -s -w []", "go a x -s -w [p]"]);
    expect(commands(text, { goals: ["dep"] })).toEqual(["dep  -s []"]);
  });

  test("of a target are set with ?= where none is set so far", () => {
    const text = "A = a\nbuild: A ?= no\nbuild: B ?= b\nB = no\nbuild:\n\techo $(A) $(B)\n";
    expect(commands(text)).toEqual(["echo a b"]);
  });

  test("of a pattern are not followed", () => {
    expect(commands("%: A = a\nbuild:\n\ttrue\n")).toBe("a pattern sets variables of build");
  });

  test("in conditions that are not known are not known", () => {
    const text = "A = a\nB = b\nC = c\nifeq ($(shell id),x)\nA = 1\nC ?= 1\nelse\nB = 2\nendif";
    expect(shown(text, "$(A) $(B) $(C)")).toBe(`${unknown} ${unknown} c`);
  });

  test("of make are known as far as they can be", () => {
    expect(shown("", "$(MAKE) $(RM) $(CURDIR)/bin $(PWD)x $(shell pwd)")).toBe(
      "make rm -f $PWD/bin ${PWD}x $PWD",
    );
    const environment = { PWD: "/src" };
    expect(shown("", "$(CURDIR)/bin $(notdir $(shell pwd))", { environment })).toBe("/src/bin src");
  });

  test("of make's directory are not known in another directory", () => {
    expect(shown("", "$(CURDIR) && cd cmd && go build -o $(CURDIR)/app")).toBe(
      `$PWD && cd cmd && go build -o ${unknown}/app`,
    );
  });
});

describe("functions", () => {
  function value(text: string, definitions = ""): string | undefined {
    const made = commands(`${definitions}\nshow:\n\t:${text}\n`, { goals: ["show"] });
    return typeof made === "string" ? made : made[0]?.slice(1);
  }

  test.each([
    ["$(subst /,-,linux/amd64)", "linux-amd64"],
    ["$(patsubst %.c,%.o,x.c y.h)", "x.o y.h"],
    ["$(S:.c=.o) $(S:%.c=o/%)", "a.o b/c.o o/a o/b/c"],
    ["$(strip  a   b )", "a b"],
    ["[$(findstring a,bab)$(findstring x,bab)]", "[a]"],
    ["$(filter %.c x,a.c b.d x)|$(filter-out %.c,a.c b.d)", "a.c x|b.d"],
    ["$(sort b a b)", "a b"],
    ["$(word 2,a b c)$(words a b c)$(wordlist 2,9,a b c)", "b3b c"],
    ["$(firstword a b)$(lastword a b)", "ab"],
    ["$(dir a b/c)|$(notdir a b/c)", "./ b/|a c"],
    ["$(suffix a.x/b c.go)|$(basename a.x/b c.go)", ".go|a.x/b c"],
    ["$(addprefix bin/,a b)|$(addsuffix .go,a b)", "bin/a bin/b|a.go b.go"],
    ["$(join a b,1 2 3)", "a1 b2 3"],
    ["$(if ,a,b)$(if x,a,b)$(if ,a)", "ba"],
    ["$(or ,$(N),z)$(and a,b)$(and a,,b)", "zb"],
    ["$(foreach x,1 2,<$(x)>)", "<1> <2>"],
    ["$(call pair,a,b) $(call pair,c)", "a=b c="],
    ["$(info hello)$(warning no)", ""],
    ["${subst a,$(comma),bab}", "b,b"],
  ])("%s gives %s", (text, result) => {
    const definitions = "S = a.c b/c.c\npair = $(1)=$(2)\ncomma := ,";
    expect(value(`${text}.`, definitions)).toBe(`${result}.`);
  });

  test.each([
    "$(wildcard *.go)",
    "$(abspath x)",
    "$(origin X)",
    "$(words $(shell ls))",
    "$(if $(shell ls),a,b)",
    "$(notdir $(CURDIR))",
    "$(filter a,$(U) a)",
  ])("%s is not known", (text) => {
    expect(value(text, "U := $(shell ls)")).toBe(unknown);
  });

  test("keep what is known around what is not", () => {
    expect(value("$(strip  -s  $(U) )", "U := -X a=$(shell ls)")).toBe(`-s -X a=${unknown}`);
    expect(value("$(if $(U),yes,no)", "U := v$(shell ls)")).toBe("yes");
    expect(value("$(subst a,b,a$(U)a)", "U := $(shell ls)")).toBe(`b${unknown}b`);
  });

  test("that make rules are opaque once they are called", () => {
    const why = "$(eval …) makes rules that are not in the makefile";
    expect(commands("$(foreach x,a,$(eval $(x): ; true))\nall: ; true\n")).toBe(why);
    expect(commands("build:\n\ttrue\nother:\n\t@$(eval A := b)\n")).toEqual(["true"]);
    expect(commands("other:\n\t@$(eval A := b)\n")).toBe(why);
  });

  test("lacking an argument are opaque", () => {
    expect(value("$(subst a,b)")).toBe("$(subst …) lacks an argument");
  });
});

describe("conditions", () => {
  const text =
    "ifeq ($(OS),Windows_NT)\nEXT = .exe\nelse ifdef EXTENSION\nEXT = $(EXTENSION)\nelse\n  ifneq '$(ARCH)' \"\"\n  EXT = -$(ARCH)\n  endif\nendif # OS\nbuild:\nifndef QUIET\n\techo app$(EXT)\nendif\n\tgo build -o app$(EXT)\n";

  test.each([
    [{}, ["echo app", "go build -o app"]],
    [{ OS: "Windows_NT", EXTENSION: "x" }, ["echo app.exe", "go build -o app.exe"]],
    [{ EXTENSION: ".x", QUIET: "1" }, ["go build -o app.x"]],
    [{ ARCH: "arm", QUIET: "" }, ["echo app-arm", "go build -o app-arm"]],
  ])("with %j are decided", (environment, result) => {
    expect(commands(text, { environment })).toEqual(result);
  });

  test("know the system of an image", () => {
    expect(
      commands("ifeq ($(shell uname -s),Linux)\nbuild:\n\ttrue\nelse\nbuild:\n\tfalse\nendif\n"),
    ).toEqual(["true"]);
  });

  test("that are not known make the rules and recipe lines within opaque", () => {
    const environment = { CI: undefined };
    const inRecipe = "build:\nifdef CI\n\tgo vet\nendif\n\tgo build\ntest:\n\tgo test\n";
    const why = "build depends on a condition that is not known";
    expect(commands(inRecipe, { environment })).toBe(why);
    expect(commands(inRecipe, { environment, goals: ["test"] })).toEqual(["go test"]);
    const around = "all:\n\ttrue\nifndef CI\nbuild:\n\tgo build\nendif\n";
    expect(commands(around, { environment, goals: ["build"] })).toBe(why);
    expect(commands(around, { environment })).toEqual(["true"]);
  });

  test("that are not known may end the rule before them", () => {
    const text = "all:\n\ttrue\nifdef CI\nb:\nendif\n\tfalse\n";
    expect(commands(text, { environment: { CI: undefined } })).toBe(
      "all depends on a condition that is not known",
    );
  });

  test("that stop make are taken for false", () => {
    const text = "ifeq ($(shell which go),)\n\t$(error no go)\nendif\nall:\n\ttrue\n";
    expect(commands(text)).toEqual(["true"]);
  });

  test("have an end", () => {
    expect(commands("ifdef A\nall:\n\ttrue\n")).toBe("a condition has no endif");
    expect(commands("all:\n\ttrue\nendif\n")).toBe("an endif stands without a condition");
    expect(commands("define A\nall:\n\ttrue\n")).toBe("a define has no endef");
  });

  test("hide definitions", () => {
    expect(commands("ifdef A\ndefine B\nendif\nendef\nendif\nall:\n\techo [$(B)]\n")).toEqual([
      "echo []",
    ]);
  });
});

describe("included files", () => {
  test("may have targets and set variables", () => {
    const text =
      "OUT = app\nall: dep\n\ttrue\nbuild:\n\tgo build -o $(OUT) $(FLAGS)\ninclude common.mk\n";
    expect(commands(text)).toBe("dep may be a target of an included file");
    expect(commands(text, { goals: ["lint"] })).toBe("lint may be a target of an included file");
    expect(commands(text, { goals: ["build"] })).toEqual([`go build -o app ${unknown}`]);
    expect(commands("-include a.mk\nall:\n\ttrue\n")).toBe("a goal is not known");
  });

  test("named .env set variables only", () => {
    const text = "-include .env\nA ?= a\nall: main.go\n\techo $(A) $(B) $@\n";
    expect(commands(text)).toEqual([`echo ${unknown} ${unknown} all`]);
  });
});

describe("the environment of recipes", () => {
  test("has what is exported, and variables of the command line", () => {
    const text =
      "export CGO_ENABLED = 0\nexport GOOS ?= linux\nGOARCH = arm64\nGOFLAGS = -x\nexport GOARCH V\nV := $(shell date)\nA = a\nall:\n\ttrue\n";
    expect(exported(text, { given: { OUT: "app", GOFLAGS: undefined } })).toEqual({
      CGO_ENABLED: "0",
      GOOS: "linux",
      GOARCH: "arm64",
      GOFLAGS: undefined,
      OUT: "app",
      V: undefined,
    });
  });

  test("has variables that were in the environment with the makefile's value", () => {
    const environment = { GOOS: "darwin", CC: undefined };
    expect(exported("GOOS = linux\nCC = gcc\nA = a\nall:;true\n", { environment })).toEqual({
      GOOS: "linux",
      CC: undefined,
    });
    expect(exported("GOOS = linux\nunexport GOOS\nall:;true\n", { environment })).toEqual({
      GOOS: undefined,
    });
  });

  test("has all variables after a bare export", () => {
    expect(exported("export\nA = a\nall:;true\n")).toEqual({ A: "a" });
    expect(exported(".EXPORT_ALL_VARIABLES:\nA = a\nb-c = d\nall:;true\n")).toEqual({ A: "a" });
    expect(exported("A = a\nexport $(shell sed s/=.*// .env)\nall:;true\n")).toEqual({
      A: undefined,
    });
  });

  test("has a target's variables as far as all recipes agree", () => {
    const text =
      "build: export GOOS = linux\nbuild: export CGO_ENABLED = 0\nbuild: dep\n\tgo build\ndep: GOOS = darwin\ndep:\n\ttrue\n";
    expect(exported(text)).toEqual({ GOOS: undefined, CGO_ENABLED: "0" });
    expect(exported(text, { goals: ["dep"] })).toEqual({});
  });

  test("has directories below make's own when that is known", () => {
    const text = "export GOBIN ?= $(shell pwd)/bin\nall:;go install\n";
    expect(exported(text)).toEqual({ GOBIN: undefined });
    expect(exported(text, { environment: { PWD: "/src" } })).toEqual({ GOBIN: "/src/bin" });
  });
});

describe("makefiles that mean something else", () => {
  test.each([
    ["SHELL = /bin/bash\n.SHELLFLAGS = -eu -o pipefail -c\nall:;a\n", ["a"]],
    ["SHELL := /usr/bin/env bash\nall:;a\n", ["a"]],
    ["SHELL := $(shell which bash)\nall:;a\n", ["a"]],
    ["SHELL = python3\nall:;a\n", "its shell is python3"],
    [".SHELLFLAGS = -n -c\nall:;a\n", "its shell is called with -n"],
    ["MAKEFLAGS += --no-print-directory -j4\nall:;a\n", ["a"]],
    ["MAKEFLAGS += -i\nall:;a\n", "make is called with -i"],
    [".RECIPEPREFIX = >\nall:\n> a\n", "it sets .RECIPEPREFIX"],
    ["vpath %.go src\nall:;a\n", "it uses vpath"],
    ["a b &: c\n\techo\n", "a is made in a group"],
    ["all: x\n\ta\n.DEFAULT:\n\tb\n", ".DEFAULT makes x"],
    ["all:\n\ta\n<<<<<<< HEAD\n", "line 3: neither a rule nor an assignment"],
  ])("%j", (text, result) => {
    expect(commands(text)).toEqual(result);
  });
});

test("Rules that multiply are not followed without end", () => {
  const once = "a: b c d e f g h i j k\n".repeat(30_000);
  expect(commands(`${once}a:; true\n`)).toBe("it has too many prerequisites");
});

test("A makefile of many lines is read in linear time", () => {
  const rules = Array.from(
    { length: 4_000 },
    (_, at) => `t${at}: A${at} = x\nt${at}:; echo $(A${at})`,
  );
  const blanks = `A = ${" ".repeat(200_000)}x\nB = ${"$(".repeat(100_000)}\nC = ${"\\".repeat(100_001)}\n`;
  expect(commands(`all: t1 t2\n${rules.join("\n")}\n${blanks}`)).toEqual(["echo x", "echo x"]);
});
