import type { FrontEndProxy } from "../../repo/front-end-facts.ts";
import {
  staticSite,
  type RefusedServer,
  type StaticServer,
  type StaticSite,
} from "../static-site.ts";
import {
  directoryFrom,
  isLoopback,
  isSet,
  portFrom,
  refusedConfiguration,
  refusedOption,
  refusedProxy,
  settingOf,
} from "./answers.ts";
import { variableWithFiles } from "./environment-files.ts";
import { readProxyFile } from "./proxy-file.ts";
import type { OptionRule, ServerCall, ServerRule } from "./server-rule.ts";
import type { Version } from "./version.ts";

/** The server that comes with a framework, as far as it differs from the others. */
export interface FrameworkServer {
  readonly kind: "preview" | "development";
  readonly defaultPort: (version: Version) => number;
  /** Without a host it answers on every address. */
  readonly isOpen: (version: Version) => boolean;
  /** It answers on every address, whatever host it is given. */
  readonly isAlwaysOpen?: boolean;
  readonly portVariable?: string;
  readonly hostVariable?: string;
  /** Where these variables may stand beside, the first file first. */
  readonly environmentFiles?: readonly string[];
  /** Variables that make it something that nginx is not, with a value that does no harm. */
  readonly refusedVariables?: Readonly<Record<string, string>>;
  /** What an unknown path gets; `front-end`: whatever the configuration says, and the page when it says nothing. */
  readonly fallback: "index" | "not-found" | "front-end";
  readonly answers: Partial<
    Pick<StaticSite, "hasCleanUrls" | "directoryIndex" | "compresses" | "namesCharset">
  >;
}

/** Its entry in the tables. */
export interface FrameworkEntry extends FrameworkServer {
  readonly server: string;
  readonly programs: readonly string[];
  readonly commands?: readonly string[];
  readonly otherCommands?: readonly string[];
  readonly packageName: string;
  readonly grammar: ServerRule["grammar"];
  readonly options: readonly OptionRule[];
  /** Words without a dash are the pages to build, and no other directory. */
  readonly takesEntries?: boolean;
}

/** Builds that a development server's own mode does not differ from in what matters. */
const plainModes = new Set(["development", "production"]);

export function readFrameworkServer(call: ServerCall, rule: FrameworkServer): StaticServer {
  const { server, place, version } = call;
  const { frontEnd } = place;
  const variable = variableWithFiles(call, rule.environmentFiles ?? []);
  for (const [name, harmless] of Object.entries(rule.refusedVariables ?? {})) {
    if (![undefined, "", harmless].includes(variable(name))) return refusedOption(server, name);
  }
  const mode = settingOf(call, "mode");
  if (rule.kind === "development" && mode !== undefined && !plainModes.has(mode))
    return refusedOption(server, `--mode ${mode}`);
  const configured = rule.kind === "preview" ? frontEnd?.preview : frontEnd?.development;
  const beyond = configured?.beyond ?? [];
  if (beyond.length > 0) return refusedProxy(server, beyond[0]?.text ?? "configuration", beyond);
  const named = settingOf(call, "port");
  const portVariable = rule.portVariable;
  const ofVariable = portVariable === undefined ? undefined : variable(portVariable);
  if (named === undefined && !ofVariable && configured && configured.port === undefined)
    return refusedConfiguration(server, "port", frontEnd?.evidence);
  const port = portFrom(
    call,
    [
      [named, "--port"],
      ...(portVariable === undefined ? [] : [[ofVariable, portVariable] as const]),
    ],
    configured?.port ?? rule.defaultPort(version),
  );
  if ("kind" in port) return port;
  const proxies = proxiesOf(call, configured?.proxies ?? []);
  if ("kind" in proxies) return proxies;
  const base = settingOf(call, "base") ?? (frontEnd ? frontEnd.basePath : "/");
  const basePath = base === undefined ? undefined : basePathOf(base);
  if (basePath === undefined) return refusedConfiguration(server, "base", frontEnd?.evidence);
  const directory = settingOf(call, "directory");
  const isIndex =
    rule.fallback === "index" ||
    isSet(call, "single") ||
    (rule.fallback === "front-end" && (frontEnd?.isSinglePage ?? true));
  return {
    kind: "site",
    site: staticSite({
      server,
      kind: rule.kind,
      directory: directory === undefined ? undefined : directoryFrom(call, directory),
      port: port.port,
      portVariable: port.variable,
      isLocal: isLocal(call, rule, variable, configured?.isOpen),
      fallback: isIndex ? "index" : "not-found",
      directoryIndex: "direct",
      proxies,
      basePath,
      ...rule.answers,
    }),
  };
}

function isLocal(
  call: ServerCall,
  rule: FrameworkServer,
  variable: (name: string) => string | undefined,
  isConfiguredOpen: boolean | undefined,
): boolean {
  if (rule.isAlwaysOpen) return false;
  const named = settingOf(call, "host");
  if (named !== undefined) return isLoopback(named);
  const ofVariable = rule.hostVariable === undefined ? undefined : variable(rule.hostVariable);
  if (ofVariable) return isLoopback(ofVariable);
  return !(isConfiguredOpen ?? rule.isOpen(call.version));
}

/** What is passed on, by the command's own file or by the configuration. */
function proxiesOf(
  call: ServerCall,
  configured: readonly FrontEndProxy[],
): readonly FrontEndProxy[] | RefusedServer {
  const file = settingOf(call, "proxy");
  const proxies = file === undefined ? configured : readProxyFile(call, file);
  if ("kind" in proxies) return proxies;
  // A server of files answers `/` itself, and asks another one by what a browser would take, which a location can't see.
  const whole = proxies.find(({ path }) => path === "/" || path === "");
  return whole ? refusedProxy(call.server, whole.target, [whole.evidence]) : proxies;
}

/** `./` and nothing are the root, `https://example.com/app` is `/app/`; `undefined` for what no path can be. */
function basePathOf(text: string): string | undefined {
  const path = text.replace(/^https?:\/\/[^/]+/, "");
  if (["", ".", "./", "/"].includes(path)) return "/";
  const inner = path.replace(/^\/|\/$/g, "");
  return /^[\w.~-]+(?:\/[\w.~-]+)*$/.test(inner) ? `/${inner}/` : undefined;
}
