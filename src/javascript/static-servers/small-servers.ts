import { resolvePath } from "../../core/path.ts";
import { staticSite, type StaticServer } from "../static-site.ts";
import {
  directoryFrom,
  header,
  isIndex,
  isLoopback,
  isSet,
  portFrom,
  refusedConfiguration,
  refusedOption,
  settingOf,
} from "./answers.ts";
import { readHosting } from "./hosting-configuration.ts";
import type { ServerCall, ServerRule } from "./server-rule.ts";

/** Servers of files that are seldom met. */
export const smallServers: readonly ServerRule[] = [
  {
    // Sources: lwsjs/lws `lib/config.js`, lwsjs/spa, lwsjs/static.
    server: "local-web-server",
    programs: ["ws"],
    packageName: "local-web-server",
    grammar: "commander",
    options: [
      ["-p --port", "value", "port"],
      ["--hostname", "value", "host"],
      ["-d --directory", "value", "directory"],
      ["-s --spa", "value", "fallback"],
      ["-z --compress", "flag", "noCompression"],
      ["-o --open", "flag", "ignored"],
      ["-l --log.format", "value", "ignored"],
      ["-n --no-cache", "flag", "refused"],
    ],
    read: readLocalWebServer,
  },
  {
    // Source: nbluis/static-server, `bin/static-server.js` and `server.js`.
    server: "static-server",
    programs: ["static-server"],
    packageName: "static-server",
    grammar: "commander",
    options: [
      ["-p --port", "value", "port"],
      ["-c --cors", "value", "cors"],
      ["-n --not-found", "value", "notFound"],
      ["-f --follow-symlink -d --debug -z --no-cache -o --open", "flag", "ignored"],
      ["-i --index", "value", "refused"],
    ],
    read: readStaticServerProgram,
  },
  {
    // Source: tpkn/http-server-spa, `server.js`: DIRECTORY, FALLBACK, PORT, and nothing else.
    server: "http-server-spa",
    programs: ["http-server-spa"],
    packageName: "http-server-spa",
    grammar: "commander",
    options: [],
    read: readHttpServerSpa,
  },
  {
    // Source: firebase/superstatic, `src/cli/index.ts`.
    server: "superstatic",
    programs: ["superstatic"],
    packageName: "superstatic",
    grammar: "commander",
    options: [
      ["-p --port", "value", "port"],
      ["--host --hostname", "value", "host"],
      ["-c --config", "value", "configuration"],
      ["--compression --gzip", "flag", "gzip"],
      ["--debug", "flag", "ignored"],
    ],
    read: readSuperstatic,
  },
];

function readLocalWebServer(call: ServerCall): StaticServer {
  const { place, positionals, server } = call;
  if (positionals.length > 0) return refusedOption(server, positionals[0]!);
  const port = portFrom(call, [[settingOf(call, "port"), "--port"]], 8000);
  if ("kind" in port) return port;
  const page = settingOf(call, "fallback");
  if (page !== undefined && !isIndex(page)) return refusedOption(server, `--spa ${page}`);
  // A stored configuration may hold any option. Source: lwsjs/lws `lib/util.js`.
  for (const name of [
    "local-web-server.config.js",
    ".local-web-server.json",
    "lws.config.js",
    "lws.config.mjs",
    "lws.config.cjs",
  ]) {
    const path = place.repositoryPath(resolvePath(place.directory, name)!);
    if (path !== undefined && place.repository?.read(path) !== undefined)
      return refusedConfiguration(server, name, [{ path }]);
  }
  return {
    kind: "site",
    site: staticSite({
      server,
      directory: directoryFrom(call, settingOf(call, "directory")),
      port: port.port,
      isLocal: isLoopback(settingOf(call, "host") ?? "0.0.0.0"),
      fallback: page === undefined ? "not-found" : "index",
      missingFile: "not-found",
      notFoundPage: undefined,
      directoryIndex: page === undefined ? "direct" : "none",
      listsDirectories: true,
      compresses: isSet(call, "noCompression"),
    }),
  };
}

function readStaticServerProgram(call: ServerCall): StaticServer {
  const port = portFrom(call, [[settingOf(call, "port"), "--port"]], 9080);
  if ("kind" in port) return port;
  const directory = directoryFrom(call, call.positionals[0]);
  const page = settingOf(call, "notFound");
  const pagePath = page === undefined ? undefined : resolvePath(call.place.directory, page);
  const prefix = directory === "/" ? "/" : `${directory}/`;
  if (pagePath !== undefined && !pagePath.startsWith(prefix))
    return refusedOption(call.server, `--not-found ${page}`);
  const cors = settingOf(call, "cors");
  return {
    kind: "site",
    site: staticSite({
      server: call.server,
      directory,
      port: port.port,
      notFoundPage: pagePath?.slice(prefix.length),
      directoryIndex: "direct",
      headers: cors === undefined ? [] : [header("Access-Control-Allow-Origin", cors)],
    }),
  };
}

function readHttpServerSpa(call: ServerCall): StaticServer {
  const [directory, page = "index.html", given] = call.positionals;
  if (directory === undefined) return refusedOption(call.server, "DIRECTORY");
  if (!isIndex(page)) return refusedOption(call.server, page);
  const port = portFrom(call, [[given, "-PORT"]], 8080);
  if ("kind" in port) return port;
  return {
    kind: "site",
    site: staticSite({
      server: call.server,
      directory: directoryFrom(call, directory),
      port: port.port,
      fallback: "index",
      missingFile: "not-found",
      notFoundPage: undefined,
      directoryIndex: "none",
    }),
  };
}

function readSuperstatic(call: ServerCall): StaticServer {
  const port = portFrom(call, [[settingOf(call, "port"), "--port"]], 3474);
  if ("kind" in port) return port;
  const hosting = readHosting(call, settingOf(call, "configuration"));
  if ("kind" in hosting) return hosting;
  return {
    kind: "site",
    site: staticSite({
      server: call.server,
      port: port.port,
      isLocal: isLoopback(settingOf(call, "host") ?? "localhost"),
      compresses: isSet(call, "gzip"),
      ...hosting,
    }),
  };
}
