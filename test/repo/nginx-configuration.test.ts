import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readNginx, type NginxDirective } from "../../src/repo/nginx-configuration.ts";
import { nginxFacts, type NginxFacts } from "../../src/repo/nginx-facts.ts";

function directivesOf(text: string): readonly NginxDirective[] {
  const read = readNginx(text);
  if (read.kind !== "read") throw new Error(`${read.why} in line ${read.line}`);
  return read.directives;
}

function factsOf(text: string): NginxFacts {
  return nginxFacts(directivesOf(text));
}

describe("a configuration is cut up as nginx does", () => {
  test.each([
    ["listen 80;", ["listen", "80"]],
    ["  root\n\t/srv # no\n;", ["root", "/srv"]],
    [`add_header X "a; b {";`, ["add_header", "X", "a; b {"]],
    [`add_header X 'it\\'s';`, ["add_header", "X", "it's"]],
    [String.raw`rewrite ^/a\.b$ "/\"c\"" last;`, ["rewrite", String.raw`^/a\.b$`, '/"c"', "last"]],
    ["return 301 https://$host${uri}x;", ["return", "301", "https://$host${uri}x"]],
    ["set $a b#c;", ["set", "$a", "b#c"]],
    [`log_format a '$b' "c";`, ["log_format", "a", "$b", "c"]],
    ["set $a b}c;", ["set", "$a", "b}c"]],
    ["\uFEFFlisten 80;", ["listen", "80"]],
  ])("%j", (text, words) => {
    expect(directivesOf(text).map(({ name, parameters }) => [name, ...parameters])).toEqual([
      words,
    ]);
  });

  test("blocks hold directives, with their lines", () => {
    expect(
      directivesOf("http {\n  # a\n  server {\n    listen 80;\n  }\n}\nuser nginx;\n"),
    ).toEqual([
      {
        name: "http",
        parameters: [],
        line: 1,
        block: [
          {
            name: "server",
            parameters: [],
            line: 3,
            block: [{ name: "listen", parameters: ["80"], block: undefined, line: 4 }],
          },
        ],
      },
      { name: "user", parameters: ["nginx"], block: undefined, line: 7 },
    ]);
  });

  test.each([
    ["listen 80", 1],
    ["server {\n", 2],
    ["}\n", 1],
    ["a;\n;", 2],
    ["{ }", 1],
    ['a "b"c;', 1],
    ['a "b', 1],
    ["server {\nlisten 80\n}", 3],
  ])("%j is unreadable", (text, line) => {
    expect(readNginx(text)).toMatchObject({ kind: "unreadable", why: "syntax", line });
  });

  test("Lua is another language", () => {
    expect(readNginx("location / {\n content_by_lua_block {\n  ngx.say('}')\n }\n}")).toEqual({
      kind: "unreadable",
      why: "lua",
      line: 2,
    });
  });

  test("any text comes to an end", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."a1 \n;{}'\"\\$#%") }), (text) => {
        const read = readNginx(text);
        expect(["read", "unreadable"]).toContain(read.kind);
      }),
    );
  });
});

describe("what a file asks of its image", () => {
  test("a whole configuration is told from a part", () => {
    expect(factsOf("events {}\nhttp { include conf.d/*.conf; }")).toMatchObject({
      isMain: true,
      includes: [{ path: "conf.d/*.conf", line: 2 }],
    });
    expect(factsOf("server { listen 80; }").isMain).toBe(false);
  });

  test.each([
    ["", [80]],
    ["listen 8080;", [8080]],
    ["listen 8080 default_server; listen [::]:8080;", [8080, 8080]],
    ["listen 127.0.0.1:81;", [81]],
    ["listen localhost;", [80]],
    ["listen [::1];", [80]],
    ["listen $PORT;", [undefined]],
    ["listen unix:/run/a.sock;", [undefined]],
  ])("a server with %j listens", (inside, ports) => {
    expect(factsOf(`server { ${inside} }`).servers[0]?.ports).toEqual(ports);
  });

  test("a server has roots, locations and what it passes on", () => {
    const [server] = factsOf(
      "http {\nroot /srv;\nserver {\nserver_name a b;\nlocation / { try_files $uri /index.html; }\nlocation ~* \\.js$ { root /js; }\nlocation =/x { alias /y/; }\nlocation /api/ { proxy_pass http://api:80/; }\n}\n}",
    ).servers;
    expect(server).toMatchObject({
      line: 3,
      names: ["a", "b"],
      root: "/srv",
      usesSsl: false,
      directories: ["/srv", "/js", "/y/"],
      passes: [{ directive: "proxy_pass", target: "http://api:80/", line: 8 }],
      locations: [
        { modifier: "", path: "/", tries: ["$uri", "/index.html"], line: 5 },
        { modifier: "~*", path: String.raw`\.js$`, root: "/js" },
        { modifier: "=", path: "/x", alias: "/y/" },
        { modifier: "", path: "/api/" },
      ],
    });
  });

  test("paths are found where they stand", () => {
    expect(
      factsOf(
        "user www-data;\npid /run/nginx.pid;\nerror_log stderr;\nload_module modules/ngx_http_js_module.so;\nhttp {\naccess_log /var/log/a.log main;\naccess_log off;\nproxy_cache_path /cache levels=1;\nclient_body_temp_path /tmp/b;\nserver { listen 443 ssl; ssl_certificate /c.pem; ssl_certificate_key /k.pem; auth_basic_user_file /p; }\n}",
      ),
    ).toMatchObject({
      user: "www-data",
      pid: "/run/nginx.pid",
      logs: [{ path: "/var/log/a.log", line: 6 }],
      temporaryPaths: [{ path: "/cache" }, { path: "/tmp/b" }],
      loadedModules: [{ path: "modules/ngx_http_js_module.so" }],
      certificates: [{ path: "/c.pem" }, { path: "/k.pem" }],
      passwordFiles: [{ path: "/p" }],
      servers: [{ ports: [443], usesSsl: true }],
      missing: [],
    });
  });

  test.each([
    ["brotli on;", "brotli"],
    ["more_set_headers 'A: b';", "headers-more"],
    ["rtmp { server { listen 1935; } }", "rtmp"],
    ["lua_package_path /a;", "lua"],
    ["content_by_lua_file /a.lua;", "lua"],
    ["location / { nchan_publisher; }", "nchan"],
    ["pagespeed on;", "pagespeed"],
    ["ssl on;", "removed in 1.25.1"],
    ["geoip_country /a.dat;", "ngx_http_geoip_module.so"],
    ["load_module modules/ngx_http_brotli_static_module.so;", "ngx_http_brotli_static_module.so"],
  ])("%j is not in the official image", (text, module) => {
    expect(factsOf(text).missing.map((entry) => entry.module)).toEqual([module]);
  });

  test("keys of a map and of types are no directives", () => {
    expect(factsOf("map $uri $a { brotli 1; default 0; }\ntypes { a/b echo; }").missing).toEqual(
      [],
    );
  });

  test("what something else puts in is told from nginx's variables", () => {
    expect(
      factsOf("server { listen ${PORT}; set $OWN a; return 301 $BACKEND_URL/$uri$OWN; }")
        .placeholders,
    ).toEqual(["PORT", "BACKEND_URL"]);
  });

  test("upstreams have servers of their own", () => {
    const facts = factsOf("upstream a { server b:80; server c:81 backup; }\nserver { listen 1; }");
    expect(facts.upstreams).toEqual([{ name: "a", servers: ["b:80", "c:81"] }]);
    expect(facts.servers).toHaveLength(1);
  });
});
