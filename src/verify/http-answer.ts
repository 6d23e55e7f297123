import { createHash } from "node:crypto";
import { request } from "node:http";
import type { Duplex } from "node:stream";

/** What a server said to one request. */
export type Answer =
  | {
      readonly kind: "http";
      readonly status: number;
      /** Without parameters other than the character set; `""` when there is none. */
      readonly contentType: string;
      /** Where a redirect leads; `""` for other answers. */
      readonly location: string;
      /** SHA-256, in hexadecimal. */
      readonly bodyHash: string;
      /** In bytes. */
      readonly bodyLength: number;
    }
  /** It speaks something else, or closes the connection. */
  | { readonly kind: "no-http"; readonly error: string }
  | { readonly kind: "timed-out" };

/** In bytes: of a longer body, this much is compared. */
const largestBody = 16 << 20;

/**
 * Asks for a path over a connection that is there already.
 *
 * @param timeout in milliseconds, for the whole answer
 */
export function askHttp(
  connection: Duplex,
  port: number,
  path: string,
  timeout: number,
): Promise<Answer> {
  return new Promise((resolve) => {
    const finish = (answer: Answer) => {
      clearTimeout(timer);
      connection.destroy();
      resolve(answer);
    };
    const timer = setTimeout(() => finish({ kind: "timed-out" }), timeout);
    const asked = request({
      createConnection: () => connection,
      path,
      headers: {
        host: `localhost:${port}`,
        accept: "*/*",
        "accept-encoding": "identity",
        "user-agent": "msb-migrate",
        connection: "close",
      },
    });
    asked.on("error", (error) => finish({ kind: "no-http", error: error.message }));
    asked.on("response", (response) => {
      const hash = createHash("sha256");
      let bodyLength = 0;
      const complete = () =>
        finish({
          kind: "http",
          status: response.statusCode ?? 0,
          contentType: response.headers["content-type"] ?? "",
          location: response.headers.location ?? "",
          bodyHash: hash.digest("hex"),
          bodyLength,
        });
      response.on("data", (chunk: Buffer) => {
        if (bodyLength < largestBody) hash.update(chunk);
        bodyLength += chunk.length;
        if (bodyLength >= largestBody) response.destroy();
      });
      response.once("close", complete);
      response.on("error", () => {});
    });
    asked.end();
  });
}
