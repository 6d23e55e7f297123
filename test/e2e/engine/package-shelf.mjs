#!/usr/bin/env node
/**
 * Serves the packages that the stand-ins of apt-get and apk install, on the loopback address only.
 *
 *     package-shelf.mjs FOLDER PORT-FILE PID-FILE
 *
 * The port is the one that PORT-FILE names, as the images know it; where there is none or it is taken, a free one is
 * chosen and written there. PID-FILE is written when packages can be fetched.
 */
import { createReadStream, existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";

const [folder, portFile, pidFile] = process.argv.slice(2);

const server = createServer((request, response) => {
  const path = /^\/(?:debian|alpine)\/[\w.+-]+\.tar$/.exec(request.url ?? "")?.[0];
  if (!path || !existsSync(join(folder, path))) {
    response.writeHead(404).end();
    return;
  }
  createReadStream(join(folder, path))
    .on("error", () => response.destroy())
    .pipe(response);
});

server.on("error", (error) => {
  if (error.code !== "EADDRINUSE") throw error;
  server.listen(0, "127.0.0.1");
});
server.on("listening", () => {
  writeFileSync(portFile, `${server.address().port}\n`);
  writeFileSync(pidFile, `${process.pid}\n`);
});
server.listen(existsSync(portFile) ? Number(readFileSync(portFile, "utf8")) : 0, "127.0.0.1");
