import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { repositoryOf } from "../../src/core/repository.ts";
import { readGoProgram, type GoProgram, type GoProgramPlace } from "../../src/repo/go-program.ts";

function read(files: Record<string, string>, place: Partial<GoProgramPlace> = {}): GoProgram {
  const program = readGoProgram(repositoryOf(files), {
    contextDirectory: "",
    packageDirectory: "",
    ...place,
  });
  if (!program) throw new Error("no program");
  return program;
}

/** A program of one file with these imports and this body. */
function main(imports: readonly string[], body: string): GoProgram {
  const lines = imports.map((path) => (path.includes('"') ? path : `"${path}"`)).join("\n");
  return read({
    "go.mod": "module example.com/app\n",
    "main.go": `package main\nimport (\n${lines}\n)\nfunc main() {\n${body}\n}\n`,
  });
}

describe("the walk", () => {
  const files = {
    "go.mod":
      "module example.com/app\nreplace example.com/lib => ./lib\nreplace example.com/far => ../far\n",
    "cmd/server/main.go": 'package main\nimport ("example.com/app/store"; "github.com/x/y")\n',
    "cmd/server/main_test.go": 'package main\nimport "example.com/app/onlytests"\n',
    "store/store.go": 'package store\nimport "example.com/lib/deep"\n',
    "store/store_windows.go": 'package store\nimport "example.com/app/windows"\n',
    "store/generate.go": '//go:build ignore\n\npackage main\nimport "example.com/app/generator"\n',
    "lib/go.mod": "module example.com/lib\n",
    "lib/deep/deep.go": "package deep\n",
    "onlytests/a.go": "package onlytests\n",
    "windows/a.go": "package windows\n",
    "generator/a.go": "package generator\n",
  };

  test("follows the module's own imports and local replacements, not tests and other systems", () => {
    const program = read(files, { packageDirectory: "cmd/server" });
    expect(program.packages.map(({ directory }) => directory)).toEqual([
      "cmd/server",
      "store",
      "lib/deep",
    ]);
    expect([...program.imports.keys()]).toEqual(["github.com/x/y"]);
    expect(program).toMatchObject({ isMain: true, complete: true });
    expect(program.packages[0]!.files).toEqual(["cmd/server/main.go"]);
  });

  test("says when own code is not there", () => {
    const program = read(
      {
        ...files,
        "store/more.go":
          'package store\nimport "example.com/app/gen/pb"\nimport "example.com/far/x"\n',
      },
      { packageDirectory: "cmd/server" },
    );
    expect(program.complete).toBe(false);
    expect(program.missing).toEqual([
      { path: "store/more.go", line: 2, text: 'import "example.com/app/gen/pb"' },
      { path: "store/more.go", line: 3, text: 'import "example.com/far/x"' },
    ]);
  });

  test("stays inside the build context", () => {
    const program = read(
      {
        "api/go.mod": "module api\nreplace shared => ../shared\n",
        "api/main.go": 'package main\nimport "shared"\n',
        "shared/go.mod": "module shared\n",
        "shared/a.go": "package shared\n",
      },
      { contextDirectory: "api", packageDirectory: "api" },
    );
    expect(program.complete).toBe(false);
  });

  test("follows a workspace", () => {
    const program = read(
      {
        "go.work": "use (\n./app\n./lib\n)\n",
        "app/go.mod": "module app\n",
        "app/main.go": 'package main\nimport "example.com/lib"\n',
        "lib/go.mod": "module example.com/lib\n",
        "lib/lib.go": "package lib\n",
      },
      { packageDirectory: "app" },
    );
    expect(program.packages.map(({ directory }) => directory)).toEqual(["app", "lib"]);
  });

  test("finds the packages of GOPATH projects by the ends of their import paths", () => {
    const program = read({
      "main.go":
        'package main\nimport ("github.com/me/app/models"; "net/http"; "github.com/gorilla/mux"; "github.com/v/w/util"; "./local")\n',
      "models/m.go": "package models\n",
      "http/h.go": "package http\n",
      "mux/m.go": "package mux\n",
      "util/u.go": "package util\n",
      "local/l.go": "package local\n",
      "vendor/github.com/v/w/util/u.go": "package util\n",
    });
    expect(program.module).toBeUndefined();
    expect(program.packages.map(({ directory }) => directory)).toEqual(["", "models", "local"]);
    expect([...program.imports.keys()]).toEqual([
      "net/http",
      "github.com/gorilla/mux",
      "github.com/v/w/util",
    ]);
  });

  test("reads only the files a build names", () => {
    const files = { "a.go": "package main\n", "b.go": 'package main\nimport "os/exec"\n' };
    expect(read(files, { files: ["a.go"] }).imports.size).toBe(0);
  });

  test("of a directory without Go files is no program, of a library no main program", () => {
    const repository = repositoryOf({ "README.md": "", "lib/a.go": "package lib\n" });
    const place = { contextDirectory: "", packageDirectory: "" };
    expect(readGoProgram(repository, place)).toBeUndefined();
    expect(readGoProgram(repository, { ...place, packageDirectory: "lib" })?.isMain).toBe(false);
  });
});

describe("cgo", () => {
  test("is used where own code imports C", () => {
    expect(main(['"C"'], "").usesCgo).toEqual([{ path: "main.go", line: 3, text: '"C"' }]);
    expect(main(["fmt"], "").usesCgo).toEqual([]);
  });

  test("is needed by known modules, in every version, with or without a fallback", () => {
    const modules = (path: string) =>
      main([`_ "${path}"`], "").cgoModules.map(({ module, fallback }) => [module, fallback]);
    expect(modules("github.com/mattn/go-sqlite3")).toEqual([
      ["github.com/mattn/go-sqlite3", false],
    ]);
    expect(modules("gorm.io/driver/sqlite")).toEqual([["gorm.io/driver/sqlite", false]]);
    expect(modules("github.com/confluentinc/confluent-kafka-go/v2/kafka")).toHaveLength(1);
    expect(modules("gopkg.in/h2non/bimg.v1")).toHaveLength(1);
    expect(modules("github.com/ethereum/go-ethereum/crypto")).toEqual([
      ["github.com/ethereum/go-ethereum/crypto", true],
    ]);
  });

  test("is not needed by their pure Go neighbours", () => {
    const pure = [
      "modernc.org/sqlite",
      "github.com/glebarez/sqlite",
      "github.com/google/gopacket/layers",
      "github.com/lib/pq",
    ];
    expect(main(pure, "").cgoModules).toEqual([]);
  });

  test("may be needed by what go.mod requires, when no own package imports it", () => {
    const program = read({
      "go.mod": "module a\nrequire github.com/mattn/go-sqlite3 v1.0.0 // indirect\n",
      "main.go": "package main\n",
    });
    expect(program.cgoModules).toEqual([]);
    expect(program.cgoRequirements).toMatchObject([
      { module: "github.com/mattn/go-sqlite3", evidence: { line: 2 } },
    ]);
  });
});

describe("files", () => {
  const reads = (imports: string[], body: string) =>
    main(imports, body).readsFiles.map(({ call, literal, origin }) => [call, literal, origin]);

  test("are read by the standard library and by frameworks", () => {
    expect(reads(["os"], 'os.Open("a.txt")')).toEqual([["os.Open", "a.txt", "literal"]]);
    expect(reads(['h "html/template"'], 'h.ParseFiles("a", "b")')).toEqual([
      ["html/template.ParseFiles", "a", "literal"],
      ["html/template.ParseFiles", "b", "literal"],
    ]);
    expect(
      reads(["github.com/gin-gonic/gin"], 'r.Static("/assets", "./public"); r.LoadHTMLGlob("t/*")'),
    ).toEqual([
      [".Static", "./public", "literal"],
      [".LoadHTMLGlob", "t/*", "literal"],
    ]);
  });

  test("are not read by methods that only share a name", () => {
    expect(reads(["os"], 'r.Static("/assets", "./public"); x.Open("a"); os.Getenv("b")')).toEqual(
      [],
    );
  });

  test("have paths put together from constants, variables, Join and Sprintf", () => {
    const program = read({
      "go.mod": "module a\n",
      "main.go":
        'package main\nimport ("os"; "path/filepath"; "fmt")\nconst dir = "data"\nvar name = dir + "/x.json"\nfunc main() {\nos.Open(name)\np := filepath.Join(dir, "sub", who)\nos.Open(p)\nos.ReadFile(fmt.Sprintf("%s/%d.txt", dir, n))\nos.Open(files["a"])\n}\nvar files = map[string]string{"k": "f.env"}\n',
    });
    expect(program.readsFiles.map(({ literal }) => literal)).toEqual([
      "data/x.json",
      "data/sub/*",
      "data/*.txt",
      "k",
      "f.env",
    ]);
  });

  test("have paths that callers pass and functions return", () => {
    const program = read({
      "go.mod": "module a\n",
      "main.go":
        'package main\nimport "a/config"\nfunc main() { config.Load(which(x)) }\nfunc which(x string) string {\nreturn "conf/app.yml"\n}\n',
      "config/c.go":
        'package config\nimport "os"\nfunc Load(path string) (c *C, err error) { os.ReadFile(path) }\n',
    });
    expect(program.readsFiles).toMatchObject([{ literal: "conf/app.yml", origin: "literal" }]);
  });

  test("say where a computed path comes from", () => {
    expect(reads(["os"], "os.Open(os.Args[1])")).toEqual([["os.Open", undefined, "arguments"]]);
    expect(reads(["os"], 'os.Open(os.Getenv("F"))')).toEqual([
      ["os.Open", undefined, "environment"],
    ]);
    expect(
      reads(["os", "flag"], 'f := flag.String("config", "app.yml", "the file")\nos.Open(*f)'),
    ).toEqual([["os.Open", "app.yml", "flag"]]);
    expect(reads(["os"], "os.Open(entry.Name())")).toEqual([["os.Open", undefined, "unknown"]]);
  });

  test("are written, and read, by os.OpenFile as its flags say", () => {
    const of = (flags: string) => {
      const program = main(["os"], `os.OpenFile("f", ${flags}, 0600)`);
      return [program.readsFiles.length, program.writesFiles.length];
    };
    expect(of("os.O_RDONLY")).toEqual([1, 0]);
    expect(of("os.O_APPEND|os.O_WRONLY")).toEqual([0, 1]);
    expect(of("os.O_RDWR|os.O_CREATE")).toEqual([1, 1]);
  });

  test("are databases only with a driver of files", () => {
    expect(main(["database/sql"], 'sql.Open("sqlite3", "app.db")').writesFiles).toMatchObject([
      { literal: "app.db" },
    ]);
    expect(main(["database/sql"], 'sql.Open("postgres", "host=x")').writesFiles).toEqual([]);
  });

  test("are embedded by directives", () => {
    const program = read({ "main.go": 'package main\n//go:embed all:web "a b"\nvar f embed.FS\n' });
    expect(program.embeds.map(({ pattern }) => pattern)).toEqual(["web", "a b"]);
  });

  test("are read by modules on their own", () => {
    const implicit = (imports: string[], body: string) =>
      main(imports, body).implicitFiles.flatMap(({ paths }) => paths);
    expect(implicit(["github.com/joho/godotenv"], "godotenv.Load()")).toEqual([".env"]);
    expect(implicit(["github.com/joho/godotenv"], 'godotenv.Load("x.env")')).toEqual([]);
    expect(implicit(['_ "github.com/joho/godotenv/autoload"'], "")).toEqual([".env"]);
    expect(implicit(["github.com/astaxie/beego"], "")).toContain("conf");
    expect(
      implicit(
        ["github.com/spf13/viper"],
        'viper.SetConfigName("app"); viper.AddConfigPath("./conf/")',
      ),
    ).toContain("./conf/app.yaml");
  });
});

describe("programs", () => {
  const started = (imports: string[], body: string) =>
    main(imports, body).runsPrograms.map(({ program, script }) => [program, script]);

  test("are named by their call, their variable or their module", () => {
    expect(started(["os/exec"], 'exec.Command("git", "status")')).toEqual([["git", undefined]]);
    expect(started(["os/exec"], 'exec.CommandContext(ctx, "sh", "-c", "ls | wc")')).toEqual([
      ["sh", "ls | wc"],
    ]);
    expect(started(["os/exec"], 'tool := "ffmpeg"\nexec.Command(tool, args...)')).toEqual([
      ["ffmpeg", undefined],
    ]);
    expect(started(["github.com/chromedp/chromedp"], "")).toEqual([["chromium", undefined]]);
  });

  test("without a name in the sources are computed, and the program itself is none", () => {
    expect(started(["os/exec"], "exec.Command(cmd.Path)")).toEqual([[undefined, undefined]]);
    expect(started(["os/exec", "os"], "exec.Command(os.Args[0])")).toEqual([]);
    expect(started(["os/exec"], "exec.ErrNotFound.Error()")).toEqual([]);
  });
});

describe("other needs", () => {
  test("zones are loaded by name, unless Go knows them by itself", () => {
    expect(main(["time"], 'time.LoadLocation("Europe/Berlin")').zones).not.toEqual([]);
    expect(main(["time"], "time.LoadLocation(zone)").zones).not.toEqual([]);
    expect(main(["fmt"], 'open("u:p@tcp(h)/db?loc=Asia%2FShanghai")').zones).not.toEqual([]);
    expect(main(["fmt"], 'c.AddFunc("CRON_TZ=Asia/Tokyo 0 1 * * *", f)').zones).not.toEqual([]);
    expect(
      main(["time"], 'time.LoadLocation("UTC"); open("u:p@tcp(h)/db?loc=Local")').zones,
    ).toEqual([]);
    expect(main(['_ "time/tzdata"'], "").embedsZones).toBe(true);
  });

  test("users and homes are looked up", () => {
    expect(main(["os/user"], "user.Current()").userLookups).toHaveLength(1);
    expect(main(["os"], "os.UserHomeDir(); user.Current()").userLookups).toHaveLength(1);
  });

  test("TLS clients are calls, clients and modules", () => {
    expect(main(["net/http"], "http.Get(url)").tlsClients).toHaveLength(1);
    expect(
      main(["net/http"], "c := &http.Client{}; http.DefaultClient.Do(r)").tlsClients,
    ).toHaveLength(2);
    expect(main(["github.com/aws/aws-sdk-go-v2/config"], "").tlsClients).toHaveLength(1);
    expect(main(["net/http"], "http.ListenAndServe(a, nil)").tlsClients).toEqual([]);
  });

  test("temporary files are made by calls, by uploads and below /tmp", () => {
    expect(main(["os"], 'os.CreateTemp("", "x")').tempFiles).toHaveLength(1);
    expect(main(["net/http"], 'r.FormFile("file")').tempFiles).toHaveLength(1);
    expect(main(["os"], 'open("/tmp/x")').tempFiles).toHaveLength(1);
    expect(main(["os"], 'open("/var/x")').tempFiles).toEqual([]);
  });
});

test("broken code gives a partial answer, never an error", () => {
  const piece = fc.constantFrom(
    ...'os.Open( filepath.Join( name := = + ) ( { } [ ] , "a/b" `c` func f path string return name[ \n x.y fmt.Sprintf( "%s" os.Args // /* \' const'.split(
      " ",
    ),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 80 }), (pieces) => {
      const program = main(["os", "fmt", "path/filepath"], pieces.join(" "));
      expect(program.packages).toHaveLength(1);
    }),
    { numRuns: 500 },
  );
});
