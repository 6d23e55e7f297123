import { describe, expect, it } from "vitest";
import type { Verification } from "../../src/verify/verify.ts";
import { buildNetwork, codesOf, createContext, verifyTexts } from "./surroundings.ts";
import type { OnTestFinished } from "./surroundings.ts";

/** One wrong migration of each kind, written by hand: `verify` must catch it, and say what it is. */

const server = {
  "go.mod": "module example.com/app\n\ngo 1.19\n",
  // Answers by hand: net/http takes longer to build than all the rest.
  "main.go": `package main

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"strings"
)

func main() {
	page, err := os.ReadFile("templates/index.html")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(3)
	}
	port := os.Getenv("PORT")
	if port == "" {
		port = "8080"
	}
	listener, err := net.Listen("tcp", os.Getenv("ADDRESS")+":"+port)
	if err != nil {
		panic(err)
	}
	host, _ := os.Hostname()
	for {
		connection, err := listener.Accept()
		if err != nil {
			panic(err)
		}
		bufio.NewReader(connection).ReadString('\\n')
		_, err = os.Stat("static/site.css")
		body := strings.NewReplacer("{user}", fmt.Sprint(os.Getuid()), "{styled}", fmt.Sprint(err == nil), "{host}", host).Replace(string(page))
		fmt.Fprintf(connection, "HTTP/1.1 200 OK\\r\\nContent-Type: text/html\\r\\nConnection: close\\r\\n\\r\\n%s", body)
		connection.Close()
	}
}
`,
  "templates/index.html": "<h1>{user} {styled}</h1>\n",
  "static/site.css": "h1 { color: green }\n",
};

const head = "FROM golang:1.22\nWORKDIR /app\nCOPY . .\n";
const original = `${head}RUN go build -o server .\nEXPOSE 8080\nCMD ["./server"]\n`;

const builder =
  "FROM golang:1.22 AS builder\nWORKDIR /app\nCOPY . .\nRUN CGO_ENABLED=0 go build -o server .\n\n";
const assets =
  "COPY --from=builder /app/templates /app/templates\nCOPY --from=builder /app/static /app/static\n";
const binary = "COPY --from=builder /app/server /app/server\n";
const runtime = `FROM scratch\nWORKDIR /app\n${assets}${binary}`;
const end = 'EXPOSE 8080\nCMD ["./server"]\n';

function compared(
  onTestFinished: OnTestFinished,
  after: string,
  before = original,
): Promise<Verification> {
  const context = createContext(server, onTestFinished);
  return verifyTexts({ before, after, context }, { startTimeout: 5000 });
}

describe.concurrent("verify says what is wrong with a migration", () => {
  it("that is right: nothing", async ({ onTestFinished }) => {
    const verification = await compared(onTestFinished, `${builder}${runtime}${end}`);
    expect(verification.verdict).toBe("better");
    expect(
      codesOf(verification).filter((code) => !code.startsWith("configuration-toolchain")),
    ).toEqual([]);
  });

  it("whose templates are missing: the server ends", async ({ onTestFinished }) => {
    const verification = await compared(
      onTestFinished,
      `${builder}FROM scratch\nWORKDIR /app\n${binary}${end}`,
    );
    expect(verification.verdict).toBe("worse");
    expect(codesOf(verification)).toContain("ends-early");
    expect(verification.findings.find(({ code }) => code === "ends-early")!.lines.join()).toContain(
      "templates/index.html",
    );
  });

  it("that lacks a file that the program only looks for: it answers otherwise", async ({
    onTestFinished,
  }) => {
    const after = `${builder}FROM scratch\nWORKDIR /app\nCOPY --from=builder /app/templates /app/templates\n${binary}${end}`;
    const verification = await compared(onTestFinished, after);
    expect(verification.verdict).toBe("worse");
    expect(codesOf(verification)).toContain("body-differs");
  });

  it("that puts a dynamic program on scratch: it does not start, for want of its interpreter", async ({
    onTestFinished,
  }) => {
    const verification = await compared(
      onTestFinished,
      `${builder.replace("CGO_ENABLED=0", "CGO_ENABLED=1")}${runtime}${end}`,
    );
    expect(verification.verdict).toBe("worse");
    expect(codesOf(verification)).toEqual(
      expect.arrayContaining(["does-not-start", "interpreter-missing"]),
    );
  });

  it("that loses USER: the configuration differs, and so does the answer", async ({
    onTestFinished,
  }) => {
    const before = original.replace("EXPOSE", "USER 65534\nEXPOSE");
    const verification = await compared(onTestFinished, `${builder}${runtime}${end}`, before);
    expect(verification.verdict).toBe("worse");
    expect(verification.findings).toContainEqual(
      expect.objectContaining({
        code: "configuration-changed",
        data: { name: "user", before: "65534", after: "root" },
      }),
    );
    expect(codesOf(verification)).toContain("body-differs");
  });

  it("whose USER is in no passwd file: it does not start", async ({ onTestFinished }) => {
    const before = original.replace("EXPOSE", "USER nobody\nEXPOSE");
    const verification = await compared(
      onTestFinished,
      `${builder}${runtime}USER nobody\n${end}`,
      before,
    );
    expect(verification.verdict).toBe("worse");
    expect(
      verification.findings.find(({ code }) => code === "does-not-start")!.data["problem"],
    ).toContain("unable to find user nobody");
  });

  it("that serves on the wrong port: nothing listens on the right one", async ({
    onTestFinished,
  }) => {
    const verification = await compared(
      onTestFinished,
      `${builder}${runtime}ENV PORT=9090\n${end}`,
    );
    expect(verification.verdict).toBe("worse");
    expect(codesOf(verification)).toEqual(expect.arrayContaining(["port-not-served", "no-answer"]));
  });

  it("that serves on loopback only", async ({ onTestFinished }) => {
    const verification = await compared(
      onTestFinished,
      `${builder}${runtime}ENV ADDRESS=127.0.0.1\n${end}`,
    );
    expect(verification.verdict).toBe("worse");
    expect(codesOf(verification)).toContain("port-on-loopback-only");
  });

  it("that does not build: the failed step is shown", async ({ onTestFinished }) => {
    const verification = await compared(
      onTestFinished,
      `${builder}${runtime.replace("/app/static /", "/app/assets /")}${end}`,
    );
    expect(verification.verdict).toBe("worse");
    const [found] = verification.findings;
    expect(found).toMatchObject({ code: "does-not-build", data: { cause: "build-step-failed" } });
    expect(found!.lines.join("\n")).toContain("/app/assets");
  });

  it("whose start needs a shell that is not there: it does not start", async ({
    onTestFinished,
  }) => {
    const verification = await compared(
      onTestFinished,
      `${builder}${runtime}EXPOSE 8080\nCMD ./server $FLAGS\n`,
      original.replace('["./server"]', "./server $FLAGS"),
    );
    expect(verification.verdict).toBe("worse");
    expect(codesOf(verification)).toEqual(
      expect.arrayContaining(["does-not-start", "start-file-missing"]),
    );
  });

  it("that is not smaller", async ({ onTestFinished }) => {
    const after = `${builder}FROM golang:1.22\nWORKDIR /app\nCOPY --from=builder /app /app\nCOPY --from=builder /app /copy\n${end}`;
    const verification = await compared(onTestFinished, after);
    expect(verification.verdict).toBe("worse");
    expect(codesOf(verification)).toEqual(
      expect.arrayContaining(["not-smaller", "leftover-go-toolchain", "leftover-sources"]),
    );
  });

  it("that loses the rest of the configuration: each by its name", async ({ onTestFinished }) => {
    const settings =
      'ENV MODE=prod\nEXPOSE 9000\nVOLUME /data\nLABEL team=a\nSTOPSIGNAL SIGQUIT\nHEALTHCHECK --interval=30s CMD ["/app/server", "-check"]\nENTRYPOINT ["./server"]\nCMD []\n';
    const verification = await compared(
      onTestFinished,
      `${builder}${runtime}${end}`,
      `${head}RUN go build -o server .\nEXPOSE 8080\n${settings}`,
    );
    expect(verification.verdict).toBe("worse");
    const lost = verification.findings.filter(
      ({ code }) => code === "configuration-lost" || code === "configuration-changed",
    );
    expect(lost.map(({ data }) => data["name"])).toEqual(
      expect.arrayContaining([
        "env:MODE",
        "port:9000/tcp",
        "volume:/data",
        "label:team",
        "stopsignal",
        "healthcheck",
        "entrypoint",
      ]),
    );
  });

  it("whose health check can't run any more", async ({ onTestFinished }) => {
    const check = 'HEALTHCHECK CMD ["wget", "-qO-", "http://127.0.0.1:8080/"]\n';
    const verification = await compared(
      onTestFinished,
      `${builder}${runtime}${check}${end}`,
      original.replace("EXPOSE", `${check}EXPOSE`),
    );
    expect(verification.verdict).toBe("worse");
    expect(codesOf(verification)).toContain("health-check-fails");
  });

  it("of a program that ends: another exit code, another output", async ({ onTestFinished }) => {
    const files = { "go.mod": server["go.mod"], "main.go": oneShot, "words.txt": "one\ntwo\n" };
    const before = `${head}RUN go build -o count .\nENTRYPOINT ["./count"]\n`;
    const after = `${builder.replaceAll("server", "count")}FROM scratch\nWORKDIR /app\nCOPY --from=builder /app/count /app/count\nENTRYPOINT ["./count"]\n`;
    const verification = await verifyTexts({
      before,
      after,
      context: createContext(files, onTestFinished),
    });
    expect(verification.verdict).toBe("worse");
    expect(codesOf(verification)).toEqual(
      expect.arrayContaining(["exit-code-differs", "output-differs"]),
    );
  });
});

const oneShot = `package main

import (
	"fmt"
	"os"
)

func main() {
	text, err := os.ReadFile("words.txt")
	if err != nil {
		os.Exit(4)
	}
	fmt.Println(len(text))
}
`;

describe.concurrent("verify does not blame the migration for", () => {
  it("an original that does not build", async ({ onTestFinished }) => {
    const verification = await compared(
      onTestFinished,
      `${builder}${runtime}${end}`,
      original.replace("go build", "go built"),
    );
    expect(verification.verdict).toBe("original-broken");
    expect(codesOf(verification)).toEqual(
      expect.arrayContaining(["original-does-not-build", "after-starts"]),
    );
  });

  it("an original that does not start", async ({ onTestFinished }) => {
    const verification = await compared(
      onTestFinished,
      `${builder}${runtime}${end.replace("./server", "./missing")}`,
      original.replace("./server", "./missing"),
    );
    expect(verification.verdict).toBe("original-broken");
    expect(codesOf(verification)).toContain("original-does-not-start");
  });

  it("a base image that can't be had", async ({ onTestFinished }) => {
    const verification = await compared(
      onTestFinished,
      `${builder}${runtime}${end}`,
      original.replace("golang:1.22", "registry.invalid/golang:1"),
    );
    expect(verification.verdict).toBe("unknown");
    expect(verification.findings[0]).toMatchObject({
      code: "surroundings",
      data: { cause: "base-image-unavailable" },
    });
  });

  it("an answer that is another one each time", async ({ onTestFinished }) => {
    const files = { ...server, "templates/index.html": "<h1>{host}</h1>\n" };
    const verification = await verifyTexts({
      before: original,
      after: `${builder}${runtime}${end}`,
      context: createContext(files, onTestFinished),
    });
    expect(verification.verdict).toBe("better");
    expect(codesOf(verification)).toContain("answer-varies");
  });

  it("a # syntax= line whose image can't be had", async ({ onTestFinished }) => {
    const verification = await verifyTexts(
      {
        before: `# syntax=registry.invalid/docker/dockerfile:1\n${original}`,
        after: `# syntax=registry.invalid/docker/dockerfile:1\n${builder}${runtime}${end}`,
        context: createContext(server, onTestFinished),
      },
      { build: { network: buildNetwork } },
    );
    expect(verification.verdict).toBe("better");
    expect(codesOf(verification)).toContain("syntax-image-left-out");
  });
});
