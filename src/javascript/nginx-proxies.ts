import type { FrontEndProxy } from "../repo/front-end-facts.ts";
import { location, word } from "./nginx-words.ts";

/** Requests that are passed on. Source: https://nginx.org/en/docs/http/ngx_http_proxy_module.html */

/** Source: https://nginx.org/en/docs/http/websocket.html */
export function proxyMaps(proxies: readonly FrontEndProxy[]): string[] {
  if (!proxies.some(({ hasWebSockets }) => hasWebSockets)) return [];
  return ["map $http_upgrade $connection_upgrade {", "    default upgrade;", '    "" close;', "}"];
}

export function proxyLines(proxy: FrontEndProxy): string[] {
  const { origin, path: targetPath } = targetParts(proxy.target);
  // Without a path of its own, proxy_pass hands on the request's as it came, percent signs and all.
  const target = proxy.stripsPath
    ? `${origin}${targetPath}/`
    : targetPath === ""
      ? origin
      : `${origin}${targetPath}${proxy.path}`;
  // A path in front of a regular expression: it is to win over that of missing files.
  const path = proxy.stripsPath ? `${proxy.path.replace(/\/$/, "")}/` : proxy.path;
  return location(`^~ ${word(path)}`, [
    `proxy_pass ${word(target)};`,
    "proxy_http_version 1.1;",
    // Without this the target sees its own name, as it does with `changeOrigin`.
    ...(proxy.changesOrigin ? [] : ["proxy_set_header Host $http_host;"]),
    ...(origin.startsWith("https:") ? ["proxy_ssl_server_name on;"] : []),
    ...(proxy.hasWebSockets
      ? [
          "proxy_set_header Upgrade $http_upgrade;",
          "proxy_set_header Connection $connection_upgrade;",
        ]
      : []),
    // A development server passes on whatever is sent to it; nginx stops at 1 MB.
    "client_max_body_size 0;",
  ]);
}

function targetParts(target: string): { origin: string; path: string } {
  const [, origin = target, path = ""] = /^([a-z]+:\/\/[^/]+)(.*?)\/?$/i.exec(target) ?? [];
  return { origin, path };
}
