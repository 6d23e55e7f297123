import { resolvePath } from "../../core/path.ts";
import type { Evidence } from "../../core/outcome.ts";
import type { RefusedServer, ServerPlace, SiteHeader } from "../static-site.ts";
import type { ServerCall, Setting } from "./server-rule.ts";

/** What the readers of all servers say and ask. */

export function refusedOption(server: string, option: string): RefusedServer {
  return { kind: "refused", code: "static-server-option", data: { server, option }, evidence: [] };
}

export function refusedProxy(
  server: string,
  why: string,
  evidence: readonly Evidence[] = [],
): RefusedServer {
  return { kind: "refused", code: "dev-proxy", data: { server, why }, evidence };
}

export function refusedConfiguration(
  server: string,
  why: string,
  evidence: readonly Evidence[] = [],
): RefusedServer {
  return { kind: "refused", code: "serve-config", data: { server, why }, evidence };
}

/** The last value that was given, which is the one that counts. */
export function settingOf(call: ServerCall, setting: Setting): string | undefined {
  return call.settings.get(setting)?.at(-1);
}

export function isSet(call: ServerCall, setting: Setting): boolean {
  return ![undefined, "false"].includes(settingOf(call, setting));
}

export type Port = { readonly port: number; readonly variable: string | undefined } | RefusedServer;

/** A port from the first of these that is given; a number, or the original does not start either. */
export function portFrom(
  call: ServerCall,
  given: readonly (readonly [value: string | undefined, source: string])[],
  otherwise: number,
): Port {
  for (const [value, source] of given) {
    if (value === undefined || value === "") continue;
    if (!/^\d{1,5}$/.test(value) || Number(value) === 0 || Number(value) > 65_535)
      return refusedOption(call.server, `${source} ${value}`);
    return { port: Number(value), variable: source.startsWith("-") ? undefined : source };
  }
  return { port: otherwise, variable: given.find(([, name]) => !name.startsWith("-"))?.[1] };
}

/** `["PORT"]` and what it holds, for `portFrom`. */
export function variableOf(
  place: ServerPlace,
  name: string,
): readonly [value: string | undefined, source: string] {
  return [place.variable(name), name];
}

export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || host === "::1" || host.startsWith("127.");
}

export function directoryFrom(call: ServerCall, given: string | undefined): string {
  return resolvePath(call.place.directory, given ?? ".") ?? call.place.directory;
}

export function header(name: string, value: string, isAlways = true): SiteHeader {
  return { name, value, isAlways, paths: undefined };
}

/** Whether the page that unknown paths get is the one that `/` gets. */
export function isIndex(page: string): boolean {
  return ["", "index.html", "/index.html", "./index.html"].includes(page);
}
