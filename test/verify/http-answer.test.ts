import { createServer } from "node:http";
import type { RequestListener } from "node:http";
import { connect, createServer as createTcpServer } from "node:net";
import type { AddressInfo, Server } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { askHttp } from "../../src/verify/http-answer.ts";

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

async function answerOf(listener: RequestListener, path = "/") {
  const port = await listen(createServer(listener));
  return askHttp(connect(port, "127.0.0.1"), 8080, path, 2000);
}

test("an answer is its status, content type, redirect and body", async () => {
  const answer = await answerOf((request, response) => {
    response.writeHead(302, { "content-type": "text/html; charset=utf-8", location: "/login" });
    response.end(`${request.headers.host} ${request.url}`);
  }, "/a?b=1");
  expect(answer).toEqual({
    kind: "http",
    status: 302,
    contentType: "text/html; charset=utf-8",
    location: "/login",
    bodyHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    bodyLength: "localhost:8080 /a?b=1".length,
  });
});

test("the same body in other pieces has the same hash", async () => {
  const whole = await answerOf((_request, response) => void response.end("one two"));
  const pieces = await answerOf((_request, response) => {
    response.write("one");
    response.end(" two");
  });
  expect(pieces).toEqual(whole);
});

test("what speaks no HTTP is told from what says nothing", async () => {
  const other = await listen(
    createTcpServer((socket) => void socket.end("-ERR unknown command\r\n")),
  );
  expect(await askHttp(connect(other, "127.0.0.1"), other, "/", 2000)).toMatchObject({
    kind: "no-http",
  });
  const silent = await listen(
    createTcpServer((socket) => void socket.resume().on("error", () => {})),
  );
  expect(await askHttp(connect(silent, "127.0.0.1"), silent, "/", 100)).toEqual({
    kind: "timed-out",
  });
});

test("a port that nothing listens on gives an error, and throws none", async () => {
  const server = createTcpServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  expect(await askHttp(connect(port, "127.0.0.1"), port, "/", 2000)).toMatchObject({
    kind: "no-http",
  });
});
