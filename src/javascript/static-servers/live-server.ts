import type { FrontEndProxy } from "../../repo/front-end-facts.ts";
import { staticSite, type StaticServer } from "../static-site.ts";
import {
  directoryFrom,
  isIndex,
  isLoopback,
  portFrom,
  refusedOption,
  refusedProxy,
  settingOf,
  variableOf,
} from "./answers.ts";
import type { ServerCall, ServerRule } from "./server-rule.ts";

export const liveServer: ServerRule = {
  // Source: tapio/live-server, `live-server.js` and `index.js`.
  server: "live-server",
  programs: ["live-server"],
  packageName: "live-server",
  grammar: "equals",
  options: [
    ["--port", "value", "port"],
    ["--host", "value", "host"],
    ["--entry-file", "value", "fallback"],
    ["--proxy", "value", "proxy"],
    ["--no-browser --no-css-inject -q --quiet -V --verbose", "flag", "ignored"],
    ["--open --browser --watch --ignore --ignorePattern --wait", "value", "ignored"],
    // It sends the browser elsewhere, to `/#/about`.
    ["--spa --cors", "flag", "refused"],
    ["--mount --htpasswd --https --https-module --middleware", "value", "refused"],
  ],
  read: readLiveServer,
};

function readLiveServer(call: ServerCall): StaticServer {
  const { place, positionals, server } = call;
  const port = portFrom(
    call,
    [[settingOf(call, "port"), "--port"], variableOf(place, "PORT")],
    8080,
  );
  if ("kind" in port) return port;
  const page = settingOf(call, "fallback");
  if (page !== undefined && !isIndex(page)) return refusedOption(server, `--entry-file=${page}`);
  const proxies: FrontEndProxy[] = [];
  for (const text of call.settings.get("proxy") ?? []) {
    const [, path, target] = /^(\/[\w./-]*\w):(https?:\/\/[^\s]+)$/.exec(text) ?? [];
    if (path === undefined || target === undefined) return refusedProxy(server, text);
    proxies.push({ path, target, stripsPath: true, changesOrigin: false, evidence: { path: "" } });
  }
  return {
    kind: "site",
    site: staticSite({
      server,
      directory: directoryFrom(call, positionals[0]),
      port: port.port,
      portVariable: port.variable,
      isLocal: isLoopback(settingOf(call, "host") ?? place.variable("IP") ?? "0.0.0.0"),
      fallback: page === undefined ? "not-found" : "index",
      notFoundPage: undefined,
      directoryIndex: "redirect",
      listsDirectories: true,
      proxies,
    }),
  };
}
