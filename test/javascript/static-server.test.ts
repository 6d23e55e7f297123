import { describe, expect, test } from "vitest";
import { repositoryOf } from "../../src/core/repository.ts";
import { readStaticServer } from "../../src/javascript/static-server.ts";
import type { ServerPlace, StaticServer, StaticSite } from "../../src/javascript/static-site.ts";
import type { FrontEnd, FrontEndServer } from "../../src/repo/front-end-facts.ts";

interface Given {
  readonly variables?: Readonly<Record<string, string>>;
  readonly versions?: Readonly<Record<string, string>>;
  /** Of the repository, whose root is `/app` of the image. */
  readonly files?: Readonly<Record<string, string>>;
  readonly frontEnd?: Partial<FrontEnd>;
}

const closed: FrontEndServer = { port: 5173, isOpen: false, proxies: [], beyond: [] };

function placeOf({ variables = {}, versions = {}, files = {}, frontEnd }: Given): ServerPlace {
  return {
    directory: "/app",
    variable: (name) => variables[name],
    versionOf: (name) => versions[name],
    repository: repositoryOf(files),
    repositoryPath: (path) =>
      path === "/app" ? "" : path.startsWith("/app/") ? path.slice(5) : undefined,
    frontEnd: frontEnd && {
      framework: "vite",
      outputDirectory: "dist",
      basePath: "/",
      isServerRendered: false,
      isSinglePage: true,
      development: closed,
      preview: { ...closed, port: 4173 },
      publicPrefixes: [],
      evidence: [{ path: "vite.config.ts" }],
      ...frontEnd,
    },
  };
}

function read(command: string, given: Given = {}): StaticServer | undefined {
  return readStaticServer(command.split(" "), placeOf(given));
}

function siteOf(command: string, given: Given = {}): StaticSite {
  const result = read(command, given);
  if (result?.kind !== "site") throw new Error(`${command}: ${JSON.stringify(result)}`);
  return result.site;
}

function refusalOf(command: string, given: Given = {}): string {
  const result = read(command, given);
  if (result?.kind !== "refused") return result?.kind ?? "nothing";
  const { server: _server, ...data } = result.data;
  return [result.code, ...Object.values(data)].join(" ");
}

describe("what is no server of files is nothing", () => {
  test.each([
    "node server.js",
    "next start",
    "nuxt start",
    "vite build",
    "react-scripts build",
    "ng build",
    "parcel build index.html",
    "gatsby build",
    "webpack --mode production",
    "python3 -m http.server",
  ])("%s", (command) => {
    expect(read(command)).toBeUndefined();
  });
});

describe("a port is the server's own, by its version", () => {
  test.each([
    ["serve build", {}, 3000],
    ["serve build", { versions: { serve: "^14.2.0" } }, 3000],
    ["serve build", { versions: { serve: "13.0.2" } }, 3000],
    ["serve build", { versions: { serve: "^12.0.1" } }, 5000],
    ["serve@10.1.2 build", {}, 5000],
    ["serve build", { versions: { serve: "6.5.8" } }, 5000],
    ["serve build", { variables: { PORT: "8080" } }, 8080],
    ["serve -p 80 build", { variables: { PORT: "8080" } }, 80],
    ["serve -s build -l 8000", {}, 8000],
    ["serve -sl 8000 build", {}, 8000],
    ["serve --listen=8000", {}, 8000],
    ["serve -l tcp://0.0.0.0:4000", {}, 4000],
    ["http-server dist", {}, 8080],
    ["http-server -p 80 dist", {}, 80],
    ["http-server -p80 dist", {}, 80],
    ["http-server dist --port=81", { variables: { PORT: "82" } }, 81],
    ["http-server dist", { variables: { PORT: "82" } }, 82],
    ["vite preview", { versions: { vite: "^2.8.0" } }, 4173],
    ["vite preview", { versions: { vite: "2.8.6" } }, 5000],
    ["vite preview", {}, 4173],
    ["vite preview --port 8080", {}, 8080],
    ["vite preview", { frontEnd: { preview: { ...closed, port: 9000 } } }, 9000],
    ["vite", { versions: { vite: "2.9.0" } }, 3000],
    ["vite", {}, 5173],
    ["vite dev --host --port 3000", {}, 3000],
    ["react-scripts start", {}, 3000],
    ["react-scripts start", { files: { ".env": "PORT=4000\n" } }, 4000],
    [
      "react-scripts start",
      { files: { ".env": "PORT=4000", ".env.development": "PORT='4001'" } },
      4001,
    ],
    ["craco start", { variables: { PORT: "80" } }, 80],
    ["vue-cli-service serve", {}, 8080],
    ["vue-cli-service serve --port 80", { variables: { PORT: "81" } }, 80],
    ["ng serve", {}, 4200],
    ["ng serve --host 0.0.0.0 --port 80 --disable-host-check", {}, 80],
    ["webpack-dev-server --hot --inline", {}, 8080],
    ["webpack serve --mode development --port 3000", {}, 3000],
    ["parcel src/index.html", {}, 1234],
    ["parcel serve src/index.html -p 80", {}, 80],
    ["docusaurus serve", {}, 3000],
    ["gatsby serve", {}, 9000],
    ["gatsby develop -H 0.0.0.0", {}, 8000],
    ["astro preview", { versions: { astro: "^2.0.0" } }, 3000],
    ["astro preview", {}, 4321],
    ["sirv build", {}, 8080],
    ["sirv build", { versions: { "sirv-cli": "^1.0.0" } }, 5000],
    ["sirv build --port 80", { variables: { PORT: "81" } }, 81],
    ["live-server --port=80 dist", {}, 80],
    ["ws -p 80 -d dist", {}, 80],
    ["static-server dist", {}, 9080],
    ["http-server-spa dist index.html 80", {}, 80],
    ["superstatic dist", {}, 3474],
  ] as const)("%s with %j", (command, given, port) => {
    expect(siteOf(command, given).port).toBe(port);
  });
});

test("the variable of a port is named where it may be given at the start", () => {
  expect(siteOf("serve build").portVariable).toBe("PORT");
  expect(siteOf("serve -l 80 build").portVariable).toBeUndefined();
  expect(siteOf("ng serve").portVariable).toBeUndefined();
});

describe("a program is known however it is started", () => {
  test.each([
    "node_modules/.bin/serve -s build",
    "/usr/local/bin/serve -s build",
    "node node_modules/.bin/serve -s build",
    "node node_modules/serve/build/main.js -s build",
    "serve@14 -s build",
  ])("%s", (command) => {
    expect(siteOf(command)).toMatchObject({ server: "serve", directory: "/app/build" });
  });
  test("a package may have another name than its program", () => {
    expect(siteOf("@angular/cli@17 serve").server).toBe("ng serve");
    expect(siteOf("node ./node_modules/vite/bin/vite.js preview").server).toBe("vite preview");
  });
});

describe("a server that only the container itself reaches is local", () => {
  test.each([
    ["serve build", {}, false],
    ["serve -l tcp://localhost:3000 build", {}, true],
    ["http-server -a 127.0.0.1 dist", {}, true],
    ["vite preview", {}, true],
    ["vite preview --host", {}, false],
    ["vite preview --host 0.0.0.0", {}, false],
    ["vite preview", { frontEnd: { preview: { ...closed, isOpen: true } } }, false],
    ["react-scripts start", {}, false],
    ["react-scripts start", { variables: { HOST: "localhost" } }, true],
    ["vue-cli-service serve", {}, false],
    ["ng serve", {}, true],
    ["ng serve --host=0.0.0.0", {}, false],
    ["webpack-dev-server", { versions: { "webpack-dev-server": "^3.11.0" } }, true],
    ["webpack-dev-server", { versions: { "webpack-dev-server": "^4.0.0" } }, false],
    ["parcel index.html", {}, false],
    ["docusaurus serve", {}, false],
    ["docusaurus start", {}, true],
    ["gatsby serve", {}, true],
    ["sirv build", {}, true],
    ["sirv build --host", {}, false],
    ["sirv build", { variables: { HOST: "0.0.0.0" } }, false],
    ["live-server dist", {}, false],
  ] as const)("%s with %j", (command, given, isLocal) => {
    expect(siteOf(command, given).isLocal).toBe(isLocal);
  });
});

describe("serve", () => {
  test("gives pages without their extension, and lists directories", () => {
    expect(siteOf("serve build")).toMatchObject({
      kind: "static",
      directory: "/app/build",
      fallback: "not-found",
      hasCleanUrls: true,
      directoryIndex: "direct",
      listsDirectories: true,
      compresses: true,
      headers: [],
    });
  });
  test("with --single looks for no page but the root's", () => {
    expect(siteOf("serve -s build -u")).toMatchObject({
      fallback: "index",
      missingFile: "index",
      hasCleanUrls: false,
      directoryIndex: "none",
      compresses: false,
    });
  });
  test("sends the headers of --cors by its version", () => {
    expect(siteOf("serve -C").headers.map(({ name }) => name)).toEqual([
      "Access-Control-Allow-Origin",
      "Access-Control-Allow-Headers",
      "Access-Control-Allow-Credentials",
      "Access-Control-Allow-Private-Network",
    ]);
    expect(siteOf("serve -C", { versions: { serve: "13.0.0" } }).headers).toHaveLength(1);
  });
  test.each([
    ["serve -s build -x", "static-server-option -x"],
    ["serve -p", "static-server-option -p"],
    ["serve -p80 build", "static-server-option -p80"],
    ["serve a b", "static-server-option b"],
    ["serve $DIRECTORY", "static-server-option $DIRECTORY"],
    ["serve -l 80 -l 81", "static-server-option --listen 81"],
    ["serve -l unix:/run/serve.sock", "static-server-option --listen unix:/run/serve.sock"],
    ["serve -l 0.0.0.0:80", "static-server-option --listen 0.0.0.0:80"],
    ["serve --ssl-cert a.pem", "static-server-option --ssl-cert"],
    ["serve -c missing.json", "serve-config missing.json is not known"],
  ])("%s is refused", (command, expected) => {
    expect(refusalOf(command)).toBe(expected);
  });

  const configured = (value: unknown) => ({
    files: { "public/serve.json": JSON.stringify(value) },
  });
  test("reads the serve.json that a build copies", () => {
    expect(
      siteOf(
        "serve build",
        configured({
          rewrites: [{ source: "**", destination: "/index.html" }],
          redirects: [{ source: "/old", destination: "/new", type: 302 }],
          headers: [
            { source: "**", headers: [{ key: "X-Frame-Options", value: "DENY" }] },
            { source: "**/*.@(js|css)", headers: [{ key: "Cache-Control", value: "max-age=60" }] },
          ],
        }),
      ),
    ).toMatchObject({
      fallback: "index",
      redirects: [{ path: "/old", target: "/new", status: 302 }],
      headers: [
        { name: "X-Frame-Options", value: "DENY", isAlways: true, paths: undefined },
        { name: "Cache-Control", paths: String.raw`^/(?:.*/)?[^/]*\.(?:js|css)$` },
      ],
      evidence: [{ path: "public/serve.json", line: 1 }],
    });
  });
  test("reads the file that --config names, relative to what is served", () => {
    const files = { "serve.json": '{ "public": "site", "cleanUrls": false }' };
    expect(siteOf("serve -s build -c ../serve.json", { files })).toMatchObject({
      directory: "/app/build/site",
      hasCleanUrls: false,
    });
  });
  test("reads its part of package.json where that lies in what is served", () => {
    const files = { "package.json": '{ "static": { "trailingSlash": true } }' };
    expect(refusalOf("serve", { files })).toBe("serve-config trailingSlash");
    expect(refusalOf("serve build", { files })).toBe("site");
  });
  test.each([
    [{ trailingSlash: false }, "trailingSlash"],
    [{ renderSingle: true }, "renderSingle"],
    [{ cleanUrls: false }, "cleanUrls"],
    [{ cleanUrls: ["/app/**"] }, "cleanUrls"],
    [{ rewrites: [{ source: "/app/**", destination: "/app.html" }] }, "rewrites"],
    [{ redirects: [{ source: "/old/:id", destination: "/new/:id" }] }, "redirects"],
    [{ headers: [{ source: "**", headers: [{ key: "Content-Type", value: "x" }] }] }, "headers"],
    [{ headers: [{ source: "!(a)", headers: [] }] }, "headers"],
    [{ other: 1 }, "other"],
  ])("%j is refused", (value, why) => {
    expect(refusalOf("serve build", configured(value))).toBe(`serve-config ${why}`);
  });
  test("names the line of what is refused", () => {
    const files = { "public/serve.json": '{\n  "etag": true,\n  "trailingSlash": true\n}\n' };
    expect(read("serve build", { files })).toMatchObject({
      evidence: [{ path: "public/serve.json", line: 3, text: '"trailingSlash": true' }],
    });
  });
});

describe("http-server", () => {
  test("keeps files for an hour and gives pages without their extension", () => {
    expect(siteOf("http-server dist")).toMatchObject({
      directory: "/app/dist",
      fallback: "not-found",
      hasCleanUrls: true,
      directoryIndex: "redirect",
      listsDirectories: true,
      compresses: false,
      headers: [{ name: "Cache-Control", value: "max-age=3600", isAlways: false }],
    });
  });
  test.each([
    ["http-server dist -c-1", "no-cache, no-store, must-revalidate"],
    ["http-server dist -c 10", "max-age=10"],
    ["http-server dist -c -1", "no-cache, no-store, must-revalidate"],
  ])("%s sets how long", (command, value) => {
    expect(siteOf(command).headers.at(-1)?.value).toBe(value);
  });
  test("serves ./public where there is one", () => {
    expect(siteOf("http-server", { files: { "public/index.html": "" } }).directory).toBe(
      "/app/public",
    );
    expect(siteOf("http-server -g").directory).toBe("/app");
  });
  test("takes the word behind an option for its value", () => {
    const files = { "public/index.html": "" };
    expect(siteOf("http-server -s dist", { files }).directory).toBe("/app/public");
    expect(siteOf("http-server dist -g")).toMatchObject({ hasCompressedFiles: true });
    expect(siteOf("http-server -g dist")).toMatchObject({ hasCompressedFiles: false });
  });
  test("that passes to itself what is missing is a site of one page", () => {
    expect(siteOf("http-server dist -P http://localhost:8080?").fallback).toBe("index");
    expect(siteOf("http-server dist -p 80 --proxy http://localhost:80/?").fallback).toBe("index");
    expect(refusalOf("http-server dist -P http://localhost:3000?")).toBe(
      "dev-proxy http://localhost:3000?",
    );
  });
  test("knows --push-state where it is spa-http-server", () => {
    const versions = { "spa-http-server": "^0.9.0" };
    expect(siteOf("http-server dist --push-state", { versions }).fallback).toBe("index");
    expect(siteOf("http-server dist --push-state").fallback).toBe("not-found");
  });
  test.each([
    ["http-server dist -S", "static-server-option -S"],
    ["http-server dist --username a", "static-server-option --username"],
    ["http-server dist -r", "static-server-option -r"],
    ["http-server dist -e htm", "static-server-option --ext htm"],
    ["http-server dist --what", "static-server-option --what"],
  ])("%s is refused", (command, expected) => {
    expect(refusalOf(command)).toBe(expected);
  });
});

describe("servers of frameworks", () => {
  const proxy = {
    path: "/api",
    target: "http://backend:5000",
    stripsPath: false,
    changesOrigin: true,
    evidence: { path: "vite.config.ts", line: 3 },
  };
  test("take proxies, base and pages from the configuration", () => {
    const development = { ...closed, proxies: [proxy] };
    const frontEnd = { development, basePath: "/shop", isSinglePage: false };
    expect(siteOf("vite", { frontEnd })).toMatchObject({
      kind: "development",
      directory: undefined,
      basePath: "/shop/",
      fallback: "not-found",
      proxies: [proxy],
    });
  });
  test("show what --outDir names", () => {
    expect(siteOf("vite preview --outDir site")).toMatchObject({
      kind: "preview",
      directory: "/app/site",
    });
  });
  test("of one page do not ask the configuration", () => {
    expect(siteOf("react-scripts start").fallback).toBe("index");
    expect(siteOf("gatsby serve")).toMatchObject({
      fallback: "not-found",
      notFoundPage: "404.html",
    });
  });
  test("pass on by Angular's file", () => {
    const files = {
      "proxy.conf.json": JSON.stringify({
        "/api/*": { target: "http://api:80", secure: false, pathRewrite: { "^/api": "" } },
      }),
    };
    expect(siteOf("ng serve --proxy-config proxy.conf.json", { files }).proxies).toMatchObject([
      { path: "/api", target: "http://api:80", stripsPath: true, changesOrigin: false },
    ]);
    expect(refusalOf("ng serve --proxy-config proxy.conf.js", { files })).toBe(
      "dev-proxy proxy.conf.js",
    );
  });
  test.each([
    ["vite --mode staging", {}, "static-server-option --mode staging"],
    ["vite --config other.ts", {}, "static-server-option --config"],
    ["vite preview app", {}, "static-server-option app"],
    ["vite app", {}, "static-server-option app"],
    ["vite preview --https", {}, "static-server-option --https"],
    ["react-scripts start", { variables: { HTTPS: "true" } }, "static-server-option HTTPS"],
    ["react-scripts start --port 80", {}, "static-server-option --port"],
    ["ng serve -c staging", {}, "static-server-option --mode staging"],
    ["webpack serve --config webpack.dev.js", {}, "static-server-option --config"],
    ["docusaurus serve --build", {}, "static-server-option --build"],
    ["vite", { frontEnd: { basePath: undefined } }, "serve-config base"],
    ["vite", { frontEnd: { development: { ...closed, port: undefined } } }, "serve-config port"],
    [
      "vite",
      {
        frontEnd: {
          development: { ...closed, beyond: [{ path: "vite.config.ts", text: "https" }] },
        },
      },
      "dev-proxy https",
    ],
    [
      "react-scripts start",
      { frontEnd: { development: { ...closed, proxies: [{ ...proxy, path: "/" }] } } },
      "dev-proxy http://backend:5000",
    ],
  ] as const)("%s with %j is refused", (command, given, expected) => {
    expect(refusalOf(command, given as Given)).toBe(expected);
  });
});

describe("servers that are seldom met", () => {
  test("live-server passes on without the path", () => {
    expect(
      siteOf("live-server --entry-file=index.html --proxy=/api:http://api:80 dist"),
    ).toMatchObject({
      directory: "/app/dist",
      fallback: "index",
      proxies: [{ path: "/api", target: "http://api:80", stripsPath: true }],
    });
    expect(refusalOf("live-server --spa dist")).toBe("static-server-option --spa");
    expect(refusalOf("live-server --port 80")).toBe("static-server-option --port");
  });
  test("sirv gives the page to what has no extension", () => {
    expect(siteOf("sirv build -s --host")).toMatchObject({
      fallback: "index",
      missingFile: "not-found",
    });
  });
  test("superstatic reads a part of firebase.json", () => {
    const hosting = { public: "dist", rewrites: [{ source: "**", destination: "/index.html" }] };
    expect(
      siteOf("superstatic", { files: { "firebase.json": JSON.stringify({ hosting }) } }),
    ).toMatchObject({ directory: "/app/dist", fallback: "index" });
    const files = { "superstatic.json": '{ "headers": [] }' };
    expect(refusalOf("superstatic", { files })).toBe("serve-config headers");
  });
  test("static-server names its page for what is missing", () => {
    expect(siteOf("static-server dist -n dist/missing.html").notFoundPage).toBe("missing.html");
  });
});

test("files that nginx takes for no script are seen", () => {
  expect(siteOf("serve build", { files: { "public/lib/worker.mjs": "" } }).hasModuleFiles).toBe(
    true,
  );
  const files = { "package.json": '{ "dependencies": { "pdfjs-dist": "^4" } }' };
  expect(siteOf("serve build", { files }).hasModuleFiles).toBe(true);
  expect(siteOf("serve build").hasModuleFiles).toBe(false);
});
