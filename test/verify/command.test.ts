import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { readOutput, runCommand } from "../../src/verify/command.ts";

const { signal } = new AbortController();

/** A process that has ended stays in the table until its parent asks for it. */
function isRunning(pid: string): boolean {
  const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", pid], { encoding: "utf8" });
  return stdout.trim() !== "" && !stdout.startsWith("Z");
}

describe("a command", () => {
  test("gives its exit code and both of its outputs, and lines as they come", async () => {
    const lines: string[] = [];
    const end = await runCommand("sh", ["-c", "echo out; echo one >&2; echo two >&2; exit 3"], {
      signal,
      onLine: (line) => lines.push(line),
    });
    expect(end).toEqual({ exitCode: 3, stdout: "out\n", stderr: "one\ntwo\n", timedOut: false });
    expect(lines).toEqual(["one", "two"]);
  });

  test("that is not there gives 127, as in a shell", async () => {
    expect(await runCommand("no-such-program", [], { signal })).toMatchObject({
      exitCode: 127,
      stderr: expect.stringContaining("ENOENT"),
    });
  });

  test("that takes too long is ended with all it started", async () => {
    const end = await runCommand("sh", ["-c", "sleep 60 & echo $!; wait"], {
      signal,
      timeout: 2000,
    });
    expect(end).toMatchObject({ timedOut: true, stdout: expect.stringMatching(/^\d+\n$/) });
    expect(isRunning(end.stdout.trim())).toBe(false);
  });

  test("is ended by its signal, whose reason is thrown", async () => {
    const controller = new AbortController();
    const end = runCommand("sleep", ["60"], { signal: controller.signal });
    controller.abort(new Error("enough"));
    await expect(end).rejects.toThrow("enough");
    await expect(runCommand("true", [], { signal: controller.signal })).rejects.toThrow("enough");
  });
});

describe("the output of a command as a stream", () => {
  const collect = async (output: AsyncIterable<unknown>) => {
    let text = "";
    for await (const chunk of output) text += String(chunk);
    return text;
  };

  test("is handed on", async () => {
    expect(await readOutput(["sh", "-c", "echo a; echo b"], collect, signal)).toBe("a\nb\n");
  });

  test("throws what a failed one said", async () => {
    await expect(
      readOutput(["sh", "-c", "echo a; echo wrong >&2; exit 1"], collect, signal),
    ).rejects.toThrow("wrong");
  });
});
