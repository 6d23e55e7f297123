import { resolvePath } from "../../core/path.ts";
import {
  staticSite,
  type ServerPlace,
  type SiteHeader,
  type StaticServer,
} from "../static-site.ts";
import {
  directoryFrom,
  header,
  isLoopback,
  isSet,
  portFrom,
  refusedOption,
  refusedProxy,
  settingOf,
  variableOf,
} from "./answers.ts";
import type { OptionRule, ServerCall, ServerRule } from "./server-rule.ts";

/**
 * http-server, and spa-http-server, which is 0.9 of it with `--push-state`.
 * Sources: http-party/http-server `bin/http-server`, `lib/http-server.js`, `lib/core/` (13 on), and ecstatic before that.
 */
const options: readonly OptionRule[] = [
  ["-p --port", "value", "port"],
  ["-a", "value", "host"],
  ["-d", "value", "listing"],
  ["-g --gzip", "maybe", "gzip"],
  // Files that only a `.br` stands beside are sent as they are, which every browser takes.
  ["-b --brotli", "maybe", "ignored"],
  ["-e --ext", "maybe", "clean"],
  ["-c", "value", "cache"],
  ["-P --proxy", "value", "proxy"],
  ["--cors", "maybe", "cors"],
  ["--push-state", "maybe", "single"],
  ["-s --silent", "maybe", "ignored"],
  ["-o", "maybe", "ignored"],
  ["-t", "value", "ignored"],
  ["-U --utc", "maybe", "ignored"],
  ["--log-ip", "maybe", "ignored"],
  // It leaves them out of its lists, and sends them nevertheless.
  ["--no-dotfiles", "maybe", "ignored"],
  ["-i", "value", "refused"],
  ["-r --robots", "maybe", "refused"],
  ["-S --ssl --tls -C --cert -K --key", "maybe", "refused"],
  ["--username --password", "value", "refused"],
  ["--mimetypes", "value", "refused"],
];

export const httpServers: readonly ServerRule[] = [
  {
    server: "http-server",
    programs: ["http-server", "hs"],
    packageName: "http-server",
    grammar: "minimist",
    options,
    read: (call) => readHttpServer(call, call.place.versionOf("spa-http-server") !== undefined),
  },
  {
    server: "spa-http-server",
    programs: ["spa-http-server"],
    packageName: "spa-http-server",
    grammar: "minimist",
    options,
    read: (call) => readHttpServer(call, true),
  },
];

const passwordVariables = ["NODE_HTTP_SERVER_USERNAME", "NODE_HTTP_SERVER_PASSWORD"];

function readHttpServer(call: ServerCall, knowsPushState: boolean): StaticServer {
  const { place, positionals, server } = call;
  const password = passwordVariables.find((name) => place.variable(name));
  if (password !== undefined) return refusedOption(server, password);
  const port = portFrom(
    call,
    [[settingOf(call, "port"), "--port"], variableOf(place, "PORT")],
    8080,
  );
  if ("kind" in port) return port;
  const directory = positionals[0] ?? defaultDirectory(place);
  if (directory === undefined) return refusedOption(server, "PATH");
  const extension = settingOf(call, "clean");
  if (extension !== undefined && !["", "html", ".html"].includes(extension))
    return refusedOption(server, `--ext ${extension}`);
  const cache = settingOf(call, "cache") ?? "3600";
  if (!/^-?\d+$/.test(cache)) return refusedOption(server, `-c ${cache}`);
  const proxy = settingOf(call, "proxy");
  const isSelf = proxy !== undefined && isOwnAddress(proxy, port.port);
  if (proxy !== undefined && !isSelf) return refusedProxy(server, proxy);
  const isSingle = isSelf || (knowsPushState && isSet(call, "single"));
  const site = staticSite({
    server,
    directory: directoryFrom(call, directory),
    port: port.port,
    portVariable: port.variable,
    isLocal: isLoopback(settingOf(call, "host") ?? "0.0.0.0"),
    fallback: isSingle ? "index" : "not-found",
    // It tries `.html` whether `--ext` is given or not.
    hasCleanUrls: true,
    directoryIndex: "redirect",
    listsDirectories: settingOf(call, "listing") !== "false",
    hasCompressedFiles: settingOf(call, "gzip") === "",
    headers: [
      ...corsHeaders(settingOf(call, "cors")),
      header(
        "Cache-Control",
        Number(cache) < 0 ? "no-cache, no-store, must-revalidate" : `max-age=${cache}`,
        false,
      ),
    ],
  });
  return { kind: "site", site };
}

/** `./public` where there is one, `undefined` when that cannot be told. */
function defaultDirectory(place: ServerPlace): string | undefined {
  const { repository, frontEnd } = place;
  if (frontEnd?.outputDirectory === "public") return "public";
  const path = place.repositoryPath(resolvePath(place.directory, "public")!);
  if (!repository || path === undefined) return undefined;
  return repository.list(path) ? "public" : ".";
}

/** `http://localhost:8080?`: what is not found is asked of the root's page, by way of a query. */
function isOwnAddress(proxy: string, port: number): boolean {
  const [, host = "", given = "80"] = /^http:\/\/([^/:?]+)(?::(\d+))?\/?\?/.exec(proxy) ?? [];
  return (isLoopback(host) || host === "0.0.0.0") && Number(given) === port;
}

function corsHeaders(cors: string | undefined): SiteHeader[] {
  if (cors === undefined || cors === "false") return [];
  const more = cors === "" ? [] : cors.split(/\s*,\s*/);
  const allowed = ["Origin", "X-Requested-With", "Content-Type", "Accept", "Range", ...more];
  return [
    header("Access-Control-Allow-Origin", "*"),
    header("Access-Control-Allow-Headers", allowed.join(", ")),
  ];
}
