import { staticSite, type StaticServer } from "../static-site.ts";
import {
  directoryFrom,
  header,
  isLoopback,
  isSet,
  portFrom,
  refusedOption,
  settingOf,
  variableOf,
  type Port,
} from "./answers.ts";
import { readServeConfiguration } from "./serve-configuration.ts";
import type { ServerCall, ServerRule } from "./server-rule.ts";

/**
 * `serve` from version 7 on, which hands the files to serve-handler.
 * Sources: vercel/serve `source/main.ts`, `source/utilities/{cli,config,server}.ts` (14) and `bin/serve.js` (7 to 13).
 */
export const serve: ServerRule = {
  server: "serve",
  programs: ["serve"],
  packageName: "serve",
  isFor: ({ major }) => major >= 7,
  grammar: "arg",
  options: [
    ["-l --listen -p", "value", "port"],
    ["-s --single", "flag", "single"],
    ["-c --config", "value", "configuration"],
    ["-C --cors", "flag", "cors"],
    ["-u --no-compression", "flag", "noCompression"],
    ["-d --debug", "flag", "ignored"],
    ["-n --no-clipboard", "flag", "ignored"],
    ["-L --no-request-logging", "flag", "ignored"],
    ["--no-etag", "flag", "ignored"],
    ["--no-port-switching", "flag", "ignored"],
    // nginx follows links as it is.
    ["-S --symlinks", "flag", "ignored"],
    ["--ssl-cert --ssl-key --ssl-pass", "value", "refused"],
  ],
  read: readServe,
};

/** Its headers for `--cors`. Source: `source/utilities/server.ts`, 14.2.0; before that there was but the first. */
const corsHeaders = [
  header("Access-Control-Allow-Origin", "*"),
  header("Access-Control-Allow-Headers", "*"),
  header("Access-Control-Allow-Credentials", "true"),
  header("Access-Control-Allow-Private-Network", "true"),
];

function readServe(call: ServerCall): StaticServer {
  const { version, positionals } = call;
  if (positionals.length > 1) return refusedOption(call.server, positionals[1]!);
  const listens = call.settings.get("port") ?? [];
  if (listens.length > 1) return refusedOption(call.server, `--listen ${listens[1]!}`);
  const endpoint = readEndpoint(call, listens[0]);
  if ("kind" in endpoint) return endpoint;
  const isSingle = isSet(call, "single");
  const configuration = readServeConfiguration(call, {
    directory: directoryFrom(call, positionals[0]),
    given: settingOf(call, "configuration"),
    isSingle,
  });
  if ("kind" in configuration) return configuration;
  const site = staticSite({
    server: call.server,
    port: endpoint.port,
    portVariable: endpoint.variable,
    isLocal: endpoint.isLocal,
    compresses: !isSet(call, "noCompression"),
    ...configuration,
    headers: [
      ...(isSet(call, "cors")
        ? corsHeaders.slice(
            0,
            version.major > 14 || (version.major === 14 && version.minor >= 2) ? 4 : 1,
          )
        : []),
      ...configuration.headers,
    ],
  });
  return { kind: "site", site };
}

/** `3000`, `tcp://0.0.0.0:3000`; sockets and pipes are not for nginx. */
function readEndpoint(
  call: ServerCall,
  text: string | undefined,
): (Exclude<Port, { kind: string }> & { isLocal: boolean }) | Extract<Port, { kind: string }> {
  const url = /^tcp:\/\/([^/:]+|\[[^\]]*\])(?::(\d+))?\/?$/.exec(text ?? "");
  const fallback = call.version.major >= 13 ? 3000 : 5000;
  const port = portFrom(
    call,
    url
      ? [[url[2] ?? String(fallback), "--listen"]]
      : text === undefined
        ? [variableOf(call.place, "PORT")]
        : [[text, "--listen"]],
    fallback,
  );
  return "kind" in port ? port : { ...port, isLocal: url !== null && isLoopback(url[1]!) };
}

/**
 * `serve` up to version 6, which was a server of its own.
 * Source: vercel/serve 6.5.8, `lib/options.js`, `lib/server.js`.
 */
export const oldServe: ServerRule = {
  server: "serve",
  programs: ["serve"],
  packageName: "serve",
  grammar: "mri",
  options: [
    ["-p --port", "value", "port"],
    ["-s --single", "flag", "single"],
    ["-c --cache", "value", "cache"],
    ["-C --cors", "flag", "cors"],
    ["-u --unzipped", "flag", "noCompression"],
    ["-l --local", "flag", "local"],
    ["-t --treeless", "flag", "listing"],
    ["-S --silent", "flag", "ignored"],
    ["-n --clipless", "flag", "ignored"],
    ["-o --open", "flag", "ignored"],
    ["-a --auth", "flag", "refused"],
    ["-T --ssl", "flag", "refused"],
    ["-i --ignore", "value", "refused"],
  ],
  read: readOldServe,
};

function readOldServe(call: ServerCall): StaticServer {
  const { positionals } = call;
  if (positionals.length > 1) return refusedOption(call.server, positionals[1]!);
  const port = portFrom(
    call,
    [[settingOf(call, "port"), "--port"], variableOf(call.place, "PORT")],
    5000,
  );
  if ("kind" in port) return port;
  const isSingle = isSet(call, "single");
  return {
    kind: "site",
    site: staticSite({
      server: call.server,
      directory: directoryFrom(call, positionals[0]),
      port: port.port,
      portVariable: port.variable,
      isLocal: isSet(call, "local"),
      fallback: isSingle ? "index" : "not-found",
      directoryIndex: "redirect",
      listsDirectories: !isSet(call, "listing"),
      compresses: !isSet(call, "noCompression"),
      headers: [
        ...(isSet(call, "cors")
          ? [
              header("Access-Control-Allow-Origin", "*"),
              header(
                "Access-Control-Allow-Headers",
                "Origin, X-Requested-With, Content-Type, Accept, Range",
              ),
            ]
          : []),
        ...oldCacheHeaders(settingOf(call, "cache"), isSingle),
      ],
    }),
  };
}

/** Files of a single-page site may be kept for a day, its page not at all. */
function oldCacheHeaders(cache: string | undefined, isSingle: boolean) {
  const milliseconds = Number.parseInt(cache ?? "", 10);
  if (milliseconds === 0)
    return [header("Cache-Control", "no-cache, no-store, must-revalidate", false)];
  const seconds = milliseconds > 0 ? Math.floor(milliseconds / 1000) : isSingle ? 86_400 : 0;
  const files = header("Cache-Control", `public, max-age=${seconds}`, false);
  if (!isSingle) return [files];
  return [
    files,
    { ...header("Cache-Control", "public, max-age=0", false), paths: "^/index\\.html$" },
  ];
}
