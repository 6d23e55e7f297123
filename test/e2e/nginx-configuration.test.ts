import { request, type IncomingHttpHeaders } from "node:http";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { configurationInstruction, nginxServer } from "../../src/javascript/nginx-server.ts";
import { staticSite, type StaticSite } from "../../src/javascript/static-site.ts";
import type { RunningContainer } from "../../src/verify/engine.ts";
import { build } from "../../src/verify/build.ts";
import { buildNetwork, createContext, engine, type Files } from "./surroundings.ts";

/** Configurations that are written for sites, in a real nginx: one image holds them all, each on a port of its own. */

const files: Files = {
  "site/index.html": "root",
  "site/about.html": "about",
  "site/404.html": "no such page",
  "site/docs/index.html": "docs",
  "site/docs/guide.html": "guide",
  "site/assets/app.js": `//${"x".repeat(4000)}`,
  "site/assets/module.mjs": "export {}",
  "site/a b.txt": "blank",
  "site/ü.txt": "umlaut",
};

/** `STATUS BODY`, where a redirect has its target for a body, and a page of nginx's own has none. */
type Answers = Readonly<Record<string, string>>;

interface Served {
  readonly about: string;
  readonly site: Partial<StaticSite>;
  readonly answers: Answers;
  readonly headers?: readonly (readonly [path: string, name: string, value: string | undefined])[];
}

const always = { isAlways: true, paths: undefined };

const proxy = {
  target: "http://127.0.0.1:2999",
  stripsPath: false,
  changesOrigin: true,
  evidence: { path: "vite.config.ts" },
};

const table: readonly Served[] = [
  {
    about: "one page, as serve -s",
    site: { fallback: "index", directoryIndex: "none", compresses: true },
    answers: {
      "/": "200 root",
      "/index.html": "200 root",
      "/about": "200 root",
      "/docs": "200 root",
      "/docs/": "200 root",
      "/assets": "200 root",
      "/assets/": "200 root",
      "/missing": "200 root",
      "/missing.js": "200 root",
      "/a/b?c=d": "200 root",
      "/a%20b.txt": "200 blank",
      "/%C3%BC.txt": "200 umlaut",
    },
    headers: [
      ["/", "content-type", "text/html; charset=utf-8"],
      ["/assets/app.js", "content-encoding", "gzip"],
      ["/assets/app.js", "vary", "Accept-Encoding"],
    ],
  },
  {
    about: "clean URLs, as serve",
    site: { hasCleanUrls: true, directoryIndex: "direct" },
    answers: {
      "/": "200 root",
      "/about": "200 about",
      "/about/": "200 about",
      "/about.html": "200 about",
      "/docs": "200 docs",
      "/docs/": "200 docs",
      "/docs/guide": "200 guide",
      "/assets/": "404 no such page",
      "/missing": "404 no such page",
      "/missing.js": "404 no such page",
      "/404": "200 no such page",
    },
  },
  {
    about: "files, as http-server",
    site: {
      hasCleanUrls: true,
      directoryIndex: "redirect",
      headers: [
        { name: "Cache-Control", value: "max-age=3600", isAlways: false, paths: undefined },
        { name: "Access-Control-Allow-Origin", value: "*", ...always },
      ],
    },
    answers: {
      "/": "200 root",
      "/about": "200 about",
      "/docs": "301 /docs/",
      "/docs?a=b": "301 /docs/?a=b",
      "/docs/": "200 docs",
      "/missing": "404 no such page",
    },
    headers: [
      ["/", "cache-control", "max-age=3600"],
      ["/missing", "cache-control", undefined],
      ["/missing", "access-control-allow-origin", "*"],
      ["OPTIONS /about", "access-control-allow-origin", "*"],
    ],
  },
  {
    about: "one page that has no files of that name",
    site: {
      fallback: "index",
      missingFile: "not-found",
      directoryIndex: "direct",
      notFoundPage: undefined,
    },
    answers: {
      "/missing": "200 root",
      "/missing.js": "404",
      "/assets": "200 root",
      "/docs": "200 docs",
    },
  },
  {
    about: "a page for what is missing that is not there",
    site: { notFoundPage: "missing.html" },
    answers: { "/missing": "404", "/": "200 root" },
  },
  {
    about: "one page under a path",
    site: { fallback: "index", directoryIndex: "direct", hasCleanUrls: true, basePath: "/shop/" },
    answers: {
      "/": "302 /shop/",
      "/shop": "301 /shop/",
      "/shop/": "200 root",
      "/shop/about": "200 about",
      "/shop/docs": "200 docs",
      "/shop/docs/": "200 docs",
      "/shop/missing/x": "200 root",
      "/about": "404",
      "/shopping": "404",
    },
  },
  {
    about: "pages under a path",
    site: {
      hasCleanUrls: true,
      directoryIndex: "direct",
      basePath: "/a.b/",
    },
    answers: {
      "/a.b/": "200 root",
      "/a.b/about/": "200 about",
      "/a.b/docs/": "200 docs",
      "/a.b/missing": "404 no such page",
      "/axb/": "404 no such page",
    },
  },
  {
    about: "one page under a path that has no files of that name",
    site: { fallback: "index", missingFile: "not-found", basePath: "/shop/" },
    answers: {
      "/shop/assets/module.mjs": "200 export {}",
      "/shop/x": "200 root",
      "/shop/x.js": "404 no such page",
    },
  },
  {
    about: "headers by path, as serve.json sets them",
    site: {
      fallback: "index",
      directoryIndex: "none",
      hasModuleFiles: true,
      headers: [
        { name: "Content-Security-Policy", value: `default-src 'self'; img-src "x"`, ...always },
        { name: "Cache-Control", value: "no-cache", ...always },
        {
          name: "Cache-Control",
          value: "immutable",
          isAlways: true,
          paths: String.raw`^/assets/[^/]*\.(?:js|css)$`,
        },
        { name: "X-Root", value: "yes", isAlways: true, paths: String.raw`^/index\.html$` },
      ],
      redirects: [{ path: "/old", target: "/about?from=old", status: 308 }],
    },
    answers: { "/old": "308 /about?from=old", "/missing": "200 root" },
    headers: [
      ["/", "content-security-policy", `default-src 'self'; img-src "x"`],
      ["/missing", "cache-control", "no-cache"],
      ["/missing", "x-root", "yes"],
      ["/assets/app.js", "cache-control", "immutable"],
      ["/assets/app.js", "x-root", undefined],
      ["/assets/module.mjs", "content-type", "text/javascript"],
    ],
  },
  {
    about: "what is passed on",
    site: {
      fallback: "index",
      missingFile: "not-found",
      directoryIndex: "direct",
      proxies: [
        { ...proxy, path: "/api" },
        { ...proxy, path: "/own", changesOrigin: false, hasWebSockets: true },
        { ...proxy, path: "/cut", stripsPath: true },
        { ...proxy, path: "/in", target: "http://127.0.0.1:2999/v1" },
        { ...proxy, path: "/both", target: "http://127.0.0.1:2999/v1", stripsPath: true },
      ],
    },
    answers: {
      "/": "200 root",
      "/api": "200 127.0.0.1:2999 /api",
      "/api/x.js?a=b%20c": "200 127.0.0.1:2999 /api/x.js?a=b%20c",
      "/own/x": "200 site.test:8080 /own/x",
      "/cut/x?y": "200 127.0.0.1:2999 /x?y",
      "/in/x": "200 127.0.0.1:2999 /v1/in/x",
      "/both/x": "200 127.0.0.1:2999 /v1/x",
    },
  },
];

/** What the proxies lead to: it says which host and which path it was asked for. */
const target = [
  "server {",
  "    listen 2999;",
  "    location / { return 200 '$http_host $request_uri'; }",
  "}",
];

const firstPort = 3000;
const image = "localhost/msb-migrate-e2e:nginx-configuration";
let container: RunningContainer;

beforeAll(async () => {
  const root = "/usr/share/nginx/html";
  const written = table.map(({ site }, index) =>
    configurationInstruction(
      nginxServer(staticSite({ server: "", port: firstPort + index, ...site }), root),
      `/etc/nginx/conf.d/${index}.conf`,
    ),
  );
  const text = [
    "FROM nginx:alpine",
    ...written.map(uniqueMaps),
    configurationInstruction(target, "/etc/nginx/conf.d/target.conf"),
    // A warning is a fault of ours, too.
    "RUN nginx -t 2>&1 | tee /tmp/said && ! grep -E '\\[(warn|emerg)\\]' /tmp/said",
    `COPY site ${root}`,
    "",
  ].join("\n");
  const cleanups: (() => void)[] = [];
  const context = createContext(files, (cleanup) => cleanups.push(cleanup));
  const docker = await engine();
  const signal = new AbortController().signal;
  try {
    const said: string[] = [];
    const { problem } = await build({
      engine: docker,
      image,
      text,
      directory: `${context}/.build`,
      context,
      ignoreFile: undefined,
      options: { network: buildNetwork },
      usesSyntaxImage: false,
      timeout: 120_000,
      signal,
      onLine: (line) => said.push(line),
    });
    if (problem) throw new Error(said.join("\n"));
    const { configuration } = await docker.inspect(image, signal);
    const name = `msb-migrate-e2e-${process.pid}`;
    container = await docker.start({ image, name, configuration, options: {}, signal });
    await vi.waitFor(
      async () => {
        const ports = (await container.sockets()).map(({ port }) => port);
        if (!ports.includes(firstPort + table.length - 1)) throw new Error("nginx is not up");
      },
      { timeout: 20_000 },
    );
  } finally {
    for (const cleanup of cleanups) cleanup();
  }
});

afterAll(async () => {
  await container?.remove();
  await (await engine()).removeImages([image]);
});

/** Sites of one image share their `http`, where a map may stand but once. */
function uniqueMaps(text: string, index: number): string {
  return text.replaceAll(/\$(header_|connection_upgrade)/g, (name) => `${name}${index}_`);
}

test.each(table.map((served, index) => [served.about, served, firstPort + index] as const))(
  "%s",
  async (_about, { answers, headers = [] }, port) => {
    const found: Record<string, string> = {};
    for (const path of Object.keys(answers)) found[path] = shortened(await ask(port, path));
    expect(found).toEqual(answers);
    for (const [path, name, value] of headers)
      expect([path, name, (await ask(port, path)).headers[name]]).toEqual([path, name, value]);
  },
);

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

function shortened({ status, headers, body }: Answer): string {
  if (headers.location !== undefined) return `${status} ${headers.location}`;
  return body.includes("<center>nginx") ? `${status}` : `${status} ${body}`;
}

/** @param asked a path, with another method than GET in front of it */
function ask(port: number, asked: string): Promise<Answer> {
  const [path = "", method = "GET"] = asked.split(" ").toReversed();
  return new Promise((resolve, reject) => {
    const sent = request({
      createConnection: () => container.connect(port, "127.0.0.1"),
      method,
      path,
      headers: { host: "site.test:8080", "accept-encoding": "gzip", connection: "close" },
    });
    sent.on("error", reject);
    sent.on("response", (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (text: string) => (body += text));
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
    });
    sent.end();
  });
}
