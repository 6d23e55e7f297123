import type { NginxDirective } from "./nginx-configuration.ts";
import {
  bundledModules,
  foreignDirectives,
  loadedDirectives,
  removedDirectives,
} from "./nginx-knowledge.ts";

/** What a file of nginx's configuration asks of the image that it is put into. */
export interface NginxFacts {
  /** It is a whole configuration, not a part that stands inside `http`. */
  readonly isMain: boolean;
  readonly includes: readonly NginxPath[];
  readonly servers: readonly NginxServer[];
  /** The first word of `user`. */
  readonly user: string | undefined;
  readonly pid: string | undefined;
  /** Files of `access_log` and `error_log`; not `off`, `stderr` and syslog. */
  readonly logs: readonly NginxPath[];
  /** `client_body_temp_path`, `proxy_cache_path` and their like. */
  readonly temporaryPaths: readonly NginxPath[];
  readonly loadedModules: readonly NginxPath[];
  /** Certificates, keys and parameters of TLS. */
  readonly certificates: readonly NginxPath[];
  readonly passwordFiles: readonly NginxPath[];
  /** What the official image does not understand. */
  readonly missing: readonly {
    readonly name: string;
    readonly module: string;
    readonly line: number;
  }[];
  /** Of `upstream`. */
  readonly upstreams: readonly { readonly name: string; readonly servers: readonly string[] }[];
  /** Names in capitals that nothing sets: put in by something else, as envsubst. */
  readonly placeholders: readonly string[];
}

export interface NginxPath {
  readonly directive: string;
  readonly path: string;
  readonly line: number;
}

export interface NginxServer {
  readonly line: number;
  /** Port 80 where nothing is said; `undefined` for a socket or a variable. */
  readonly ports: readonly (number | undefined)[];
  readonly usesSsl: boolean;
  readonly names: readonly string[];
  /** Its own or the one of `http`. */
  readonly root: string | undefined;
  readonly locations: readonly NginxLocation[];
  /** Of the server and its locations. */
  readonly passes: readonly {
    readonly directive: string;
    readonly target: string;
    readonly line: number;
  }[];
  /** Roots and aliases of the server and its locations, each once. */
  readonly directories: readonly string[];
}

export interface NginxLocation {
  /** `=`, `~`, `~*`, `^~` or none. */
  readonly modifier: string;
  readonly path: string;
  readonly root: string | undefined;
  readonly alias: string | undefined;
  readonly tries: readonly string[];
  readonly line: number;
}

const modifiers = new Set(["=", "~", "~*", "^~"]);
const certificateNames = new Set([
  "ssl_certificate",
  "ssl_certificate_key",
  "ssl_client_certificate",
  "ssl_dhparam",
  "ssl_password_file",
  "ssl_trusted_certificate",
]);

/** Source: https://nginx.org/en/docs/dirindex.html */
export function nginxFacts(directives: readonly NginxDirective[]): NginxFacts {
  const all = [...everyDirective(directives)];
  const isMain = directives.some(({ name }) => name === "http" || name === "events");
  const loaded = paths(all, ({ name }) => name === "load_module");
  return {
    isMain,
    includes: paths(all, ({ name }) => name === "include"),
    servers: serversOf(directives, undefined),
    user: firstOf(directives, "user")?.parameters[0],
    pid: firstOf(directives, "pid")?.parameters[0],
    logs: paths(all, ({ name }) => name === "access_log" || name === "error_log").filter(
      ({ path }) => path !== "off" && path !== "stderr" && !path.startsWith("syslog:"),
    ),
    temporaryPaths: paths(
      all,
      ({ name }) => name.endsWith("_temp_path") || name.endsWith("_cache_path"),
    ),
    loadedModules: loaded,
    certificates: paths(
      all,
      ({ name, parameters }) => certificateNames.has(name) && !parameters[0]?.startsWith("data:"),
    ),
    passwordFiles: paths(all, ({ name }) => name === "auth_basic_user_file"),
    missing: missingOf(all, loaded),
    upstreams: all
      .filter(({ name, block }) => name === "upstream" && block)
      .map(({ parameters, block }) => ({
        name: parameters[0] ?? "",
        servers: (block ?? [])
          .filter(({ name }) => name === "server")
          .map((server) => server.parameters[0] ?? ""),
      })),
    placeholders: placeholdersOf(all),
  };
}

function* everyDirective(directives: readonly NginxDirective[]): Generator<NginxDirective> {
  for (const directive of directives) {
    yield directive;
    // What stands in these is no directive.
    if (directive.block && !["map", "types", "geo", "split_clients"].includes(directive.name))
      yield* everyDirective(directive.block);
  }
}

function firstOf(directives: readonly NginxDirective[], name: string): NginxDirective | undefined {
  return directives.find((directive) => directive.name === name);
}

function paths(
  directives: readonly NginxDirective[],
  isMeant: (directive: NginxDirective) => boolean,
): NginxPath[] {
  return directives
    .filter((directive) => isMeant(directive) && directive.parameters.length > 0)
    .map(({ name, parameters, line }) => ({ directive: name, path: parameters[0]!, line }));
}

function serversOf(
  directives: readonly NginxDirective[],
  inherited: string | undefined,
): NginxServer[] {
  const root = firstOf(directives, "root")?.parameters[0] ?? inherited;
  return directives.flatMap((directive) => {
    if (directive.name === "http") return serversOf(directive.block ?? [], root);
    return directive.name === "server" && directive.block
      ? [serverOf(directive, directive.block, root)]
      : [];
  });
}

function serverOf(
  { line }: NginxDirective,
  block: readonly NginxDirective[],
  inherited: string | undefined,
): NginxServer {
  const all = [...everyDirective(block)];
  const listens = block.filter(({ name }) => name === "listen");
  const root = firstOf(block, "root")?.parameters[0] ?? inherited;
  const locations = all
    .filter(({ name }) => name === "location")
    .map((location) => locationOf(location));
  const places = all
    .filter(({ name }) => name === "root" || name === "alias")
    .map(({ parameters }) => parameters[0] ?? "");
  return {
    line,
    ports: listens.length === 0 ? [80] : listens.map(({ parameters }) => portOf(parameters[0])),
    usesSsl:
      listens.some(({ parameters }) => parameters.includes("ssl")) ||
      firstOf(block, "ssl")?.parameters[0] === "on",
    names: firstOf(block, "server_name")?.parameters ?? [],
    root,
    locations,
    passes: all
      .filter(({ name }) => /^(?:proxy|fastcgi|uwsgi|scgi|grpc|memcached)_pass$/.test(name))
      .map(({ name, parameters, line: at }) => ({
        directive: name,
        target: parameters[0] ?? "",
        line: at,
      })),
    directories: [...new Set([...(root === undefined ? [] : [root]), ...places])],
  };
}

function locationOf({ parameters, block = [], line }: NginxDirective): NginxLocation {
  // nginx takes `~^/a` and `=/a` in one word, too.
  const [, joined = "", rest = ""] = /^(=|~\*|~|\^~)?([^]*)$/.exec(parameters[0] ?? "") ?? [];
  const isApart = modifiers.has(parameters[0] ?? "");
  return {
    modifier: isApart ? parameters[0]! : joined,
    path: isApart ? (parameters[1] ?? "") : rest,
    root: firstOf(block, "root")?.parameters[0],
    alias: firstOf(block, "alias")?.parameters[0],
    tries: firstOf(block, "try_files")?.parameters ?? [],
    line,
  };
}

/** `8080`, `127.0.0.1:8080`, `[::]:8080`; an address alone is port 80. */
function portOf(listen: string | undefined): number | undefined {
  if (listen === undefined || listen.startsWith("unix:") || listen.includes("$")) return undefined;
  const port = /^(?:.*:)?(\d+)$/.exec(listen.replace(/^\[[^\]]*\]$/, ""))?.[1];
  return port === undefined ? 80 : Number(port);
}

function missingOf(
  directives: readonly NginxDirective[],
  loaded: readonly NginxPath[],
): NginxFacts["missing"] {
  const files = loaded.map(({ path }) => path.slice(path.lastIndexOf("/") + 1));
  return directives.flatMap(({ name, parameters, line }) => {
    if (name === "load_module") {
      const file = files.find((loadedFile) => parameters[0]?.endsWith(loadedFile));
      return file !== undefined && !bundledModules.has(file) ? [{ name, module: file, line }] : [];
    }
    const removed = Object.hasOwn(removedDirectives, name) ? removedDirectives[name] : undefined;
    if (removed !== undefined) return [{ name, module: `removed in ${removed}`, line }];
    const foreign = foreignDirectives.find((entry) => entry.name.test(name));
    if (foreign) return [{ name, module: foreign.module, line }];
    const optional = loadedDirectives.find((entry) => entry.name.test(name));
    return optional && !files.includes(optional.module)
      ? [{ name, module: optional.module, line }]
      : [];
  });
}

/** `$PORT` and `${PORT}`: nginx's own variables are written in small letters. */
function placeholdersOf(directives: readonly NginxDirective[]): string[] {
  const own = new Set(
    directives
      .filter(({ name }) => name === "set" || name === "map" || name === "geo")
      .map(({ parameters }) => (parameters.at(-1) ?? "").slice(1)),
  );
  for (const { name, parameters } of directives)
    if (name === "set") own.add((parameters[0] ?? "").slice(1));
  const found = directives.flatMap(({ name, parameters }) =>
    [name, ...parameters].flatMap((text) =>
      [...text.matchAll(/\$\{?([A-Z][A-Z0-9_]*)\b/g)].map((match) => match[1]!),
    ),
  );
  return [...new Set(found)].filter((name) => !own.has(name));
}
