import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { configurationInstruction, nginxServer } from "../../src/javascript/nginx-server.ts";
import { staticSite, type StaticSite } from "../../src/javascript/static-site.ts";
import { readNginx, type NginxDirective } from "../../src/repo/nginx-configuration.ts";

const root = "/usr/share/nginx/html";

function lines(given: Partial<StaticSite>): string[] {
  return nginxServer(staticSite({ server: "serve", port: 3000, ...given }), root);
}

/** The directives of the server, one a line, blocks with their own behind them. */
function written(given: Partial<StaticSite>): string[] {
  const read = readNginx(lines(given).join("\n"));
  if (read.kind !== "read") throw new Error(`line ${read.line}`);
  return read.directives.flatMap((directive) => flat(directive, ""));
}

function flat({ name, parameters, block }: NginxDirective, under: string): string[] {
  const own = `${under}${[name, ...parameters].join(" ")}`;
  return block ? block.flatMap((inner) => flat(inner, `${own} > `)) : [own];
}

test("a site of one page is served in the shape that a person would write", () => {
  expect(lines({ fallback: "index", directoryIndex: "none" })).toEqual([
    "server {",
    "    listen 3000;",
    "    root /usr/share/nginx/html;",
    "    charset utf-8;",
    "    location / { try_files $uri /index.html; }",
    "}",
  ]);
});

describe("files are looked for in the order of the original", () => {
  test.each([
    [{}, "try_files $uri $uri/ =404"],
    [{ hasCleanUrls: true }, "try_files $uri $uri/ $uri.html =404"],
    [
      { hasCleanUrls: true, directoryIndex: "direct" },
      "try_files $uri $uri/index.html $uri.html =404",
    ],
    [{ fallback: "index", directoryIndex: "direct" }, "try_files $uri $uri/index.html /index.html"],
    // A directory without a page would be forbidden, where it may be a route.
    [
      { fallback: "index", directoryIndex: "redirect" },
      "try_files $uri $uri/index.html /index.html",
    ],
  ] as const)("%j", (given, expected) => {
    expect(written(given)).toContain(`server > location / > ${expected}`);
  });
});

test("what is missing is not found, with the page for it", () => {
  expect(written({})).toContain("server > error_page 404 /404.html");
  expect(written({ notFoundPage: undefined }).join()).not.toContain("error_page");
  expect(written({ fallback: "index" }).join()).not.toContain("error_page");
});

test("a missing file may be not found where a missing page is", () => {
  expect(written({ fallback: "index", missingFile: "not-found" })).toContain(
    String.raw`server > location ~ \.[^/]+$ > try_files $uri =404`,
  );
});

test("redirects leave out the port, which is another one outside", () => {
  expect(written({})).toContain("server > absolute_redirect off");
  expect(written({ directoryIndex: "none" }).join()).not.toContain("absolute_redirect");
});

test("a site under a path is found there, and the root leads to it", () => {
  expect(written({ basePath: "/shop/", fallback: "index", directoryIndex: "direct" })).toEqual([
    "server > listen 3000",
    "server > charset utf-8",
    "server > absolute_redirect off",
    "server > location = / > return 302 /shop/",
    "server > location = /shop > return 301 /shop/",
    "server > location /shop/ > root /usr/share/nginx/html",
    "server > location /shop/ > rewrite ^/shop(/.*)$ $1 break",
    "server > location /shop/ > try_files $uri $uri/index.html /shop/index.html",
  ]);
});

describe("proxies", () => {
  const proxy = {
    path: "/api",
    target: "http://backend:5000",
    stripsPath: false,
    changesOrigin: true,
    evidence: { path: "vite.config.ts" },
  };
  test.each([
    [{}, "location ^~ /api > proxy_pass http://backend:5000"],
    [{ stripsPath: true }, "location ^~ /api/ > proxy_pass http://backend:5000/"],
    [{ target: "http://backend/v1/" }, "location ^~ /api > proxy_pass http://backend/v1/api"],
    [
      { target: "http://backend/v1", stripsPath: true },
      "location ^~ /api/ > proxy_pass http://backend/v1/",
    ],
    [{ changesOrigin: false }, "location ^~ /api > proxy_set_header Host $http_host"],
    [{ target: "https://backend" }, "location ^~ /api > proxy_ssl_server_name on"],
    [{ hasWebSockets: true }, "location ^~ /api > proxy_set_header Upgrade $http_upgrade"],
  ])("%j", (given, expected) => {
    expect(written({ proxies: [{ ...proxy, ...given }] })).toContain(`server > ${expected}`);
  });
  test("see their own name with changeOrigin, and bodies of any size", () => {
    const found = written({ proxies: [proxy] });
    expect(found.join()).not.toContain("Host");
    expect(found).toContain("server > location ^~ /api > client_max_body_size 0");
  });
});

describe("headers", () => {
  const header = { name: "X-A", value: "a b", isAlways: true, paths: undefined };
  test("of every answer stand in the server", () => {
    expect(written({ headers: [header] })).toContain("server > add_header X-A a b always");
    expect(written({ headers: [{ ...header, isAlways: false }] })).toContain(
      "server > add_header X-A a b",
    );
  });
  test("of one name are one, and the last counts", () => {
    const headers = [header, { ...header, name: "x-a", value: "c" }];
    expect(written({ headers }).filter((line) => line.includes("add_header"))).toEqual([
      "server > add_header X-A c always",
    ]);
  });
  test("of some paths are chosen by the path, the last rule first", () => {
    const headers = [
      { ...header, paths: "^/z/" },
      header,
      { ...header, value: "js", paths: String.raw`\.js$` },
      { ...header, value: "x", paths: "^/x/" },
    ];
    expect(written({ headers }).slice(0, 3)).toEqual([
      "map $uri $header_x_a > default a b",
      "map $uri $header_x_a > ~^/x/ x",
      String.raw`map $uri $header_x_a > ~\.js$ js`,
    ]);
    expect(written({ headers })).toContain("server > add_header X-A $header_x_a always");
  });
  test("for other origins let browsers ask first", () => {
    const headers = [{ ...header, name: "Access-Control-Allow-Origin", value: "*" }];
    expect(written({ headers })).toContain("server > if ($request_method = OPTIONS) > return 204");
  });
});

test("compression, compressed files and module files are said where they are", () => {
  expect(written({ compresses: true })).toContain("server > gzip on");
  expect(written({ hasCompressedFiles: true })).toContain("server > gzip_static on");
  expect(written({ hasModuleFiles: true })).toContain("server > types > text/javascript mjs");
  expect(written({}).join()).not.toMatch(/gzip|types/);
});

test("a redirect of one path is one location", () => {
  const redirects = [{ path: "/old", target: "/new", status: 301 }];
  expect(written({ redirects })).toContain("server > location = /old > return 301 /new");
});

describe("the instruction", () => {
  test("is written as design.md shows it", () => {
    expect(
      configurationInstruction(
        ["server {", "    listen 80;", "}"],
        "/etc/nginx/conf.d/default.conf",
      ),
    ).toBe(String.raw`RUN printf '%s\n' \
    'server {' \
    '    listen 80;' \
    '}' > /etc/nginx/conf.d/default.conf`);
  });
  test("takes the escape character of the file", () => {
    expect(configurationInstruction(["a", "b"], "/x", "`")).toBe(
      "RUN printf '%s\\n' `\n    'a' `\n    'b' > /x",
    );
  });
  test("gives a shell the lines as they are", () => {
    const odd = ["a 'b' c", "$uri \\. ${X}", '"%s" `id` \\n', "# no comment", ""];
    const [, command] = /^RUN ([^]*) > \/dev\/null$/.exec(
      configurationInstruction(odd, "/dev/null"),
    )!;
    expect(execFileSync("sh", ["-c", command!], { encoding: "utf8" })).toBe(`${odd.join("\n")}\n`);
  });
});
