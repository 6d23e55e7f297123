import { staticSite, type StaticServer } from "../static-site.ts";
import {
  directoryFrom,
  header,
  isIndex,
  isLoopback,
  isSet,
  portFrom,
  refusedOption,
  settingOf,
  variableOf,
} from "./answers.ts";
import type { ServerCall, ServerRule } from "./server-rule.ts";

export const sirv: ServerRule = {
  // Source: lukeed/sirv, packages/sirv-cli (`bin.js`, `boot.js`) and packages/sirv.
  server: "sirv",
  programs: ["sirv"],
  packageName: "sirv-cli",
  grammar: "mri",
  options: [
    ["-p --port", "value", "port"],
    ["-H --host", "maybe", "host"],
    ["-s --single", "maybe", "fallback"],
    ["-c --cors", "flag", "cors"],
    ["-m --maxage", "value", "maxAge"],
    ["-i --immutable", "flag", "immutable"],
    ["-D --dev", "flag", "ignored"],
    ["-e --etag", "flag", "ignored"],
    ["-d --dotfiles", "flag", "ignored"],
    ["-G --gzip --no-gzip -B --brotli --no-brotli", "flag", "ignored"],
    ["-q --quiet", "flag", "ignored"],
    ["--no-clear --no-logs", "flag", "ignored"],
    ["-k --http2 -C --cert -K --key -P --pass -I --ignores", "maybe", "refused"],
  ],
  read: readSirv,
};

function readSirv(call: ServerCall): StaticServer {
  const { place, positionals, server } = call;
  // The variable counts more than the option here.
  const port = portFrom(
    call,
    [variableOf(place, "PORT"), [settingOf(call, "port"), "--port"]],
    call.version.major >= 2 ? 8080 : 5000,
  );
  if ("kind" in port) return port;
  const page = settingOf(call, "fallback");
  if (page !== undefined && !isIndex(page)) return refusedOption(server, `--single ${page}`);
  const age = settingOf(call, "maxAge");
  if (age !== undefined && !/^\d+$/.test(age)) return refusedOption(server, `--maxage ${age}`);
  const host = place.variable("HOST") ?? settingOf(call, "host") ?? "localhost";
  return {
    kind: "site",
    site: staticSite({
      server,
      directory: directoryFrom(call, positionals[0]),
      port: port.port,
      portVariable: "PORT",
      isLocal: isLoopback(host),
      fallback: page === undefined ? "not-found" : "index",
      missingFile: "not-found",
      notFoundPage: undefined,
      hasCleanUrls: true,
      directoryIndex: "direct",
      // `.gz` beside a file is taken unless it is told not to, and a build makes none unless it is told to.
      hasCompressedFiles: call.version.major >= 1,
      headers: [
        ...(isSet(call, "cors")
          ? [
              header("Access-Control-Allow-Origin", "*"),
              header("Access-Control-Allow-Headers", "Origin, Content-Type, Accept, Range"),
            ]
          : []),
        ...(age === undefined
          ? []
          : [
              header(
                "Cache-Control",
                `public,max-age=${age}${isSet(call, "immutable") ? ",immutable" : age === "0" ? ",must-revalidate" : ""}`,
                false,
              ),
            ]),
      ],
    }),
  };
}
