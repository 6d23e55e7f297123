import type { Evidence } from "../core/outcome.ts";
import type { FrontEndServer } from "./front-end-facts.ts";
import {
  atVersion,
  evidenceOf,
  evidenceOfAll,
  firstOf,
  optionOf,
  settingAt,
  versionOf,
  type FrontEndPlace,
} from "./front-end-place.ts";
import { readProxies } from "./front-end-proxies.ts";
import { SERVER_OPTIONS, type ServerRule } from "./front-end-rules.ts";
import { variableSetting } from "./front-end-variables.ts";
import { booleanOf, textOf, type JavaScriptValue } from "./javascript-values.ts";

export const NO_SERVER: FrontEndServer = {
  port: undefined,
  isOpen: false,
  proxies: [],
  beyond: [],
};

/** What a server is configured to do. */
export function readServer(
  rule: ServerRule | undefined,
  place: FrontEndPlace,
  configuration: JavaScriptValue | undefined,
  mode: string,
): FrontEndServer {
  if (!rule) return NO_SERVER;
  const version = versionOf(place, rule.packages ?? place.command.tool.packages);
  const variables = (names: readonly string[] = []): JavaScriptValue | undefined =>
    firstOf(...names.map((name) => variableSetting(place, name, mode)));
  const port = firstOf(
    optionOf(place, SERVER_OPTIONS.port),
    variables(rule.port.variables),
    settingAt(configuration, ...(rule.port.properties ?? [])),
  );
  const host = firstOf(
    optionOf(place, SERVER_OPTIONS.host),
    variables(rule.host.variables),
    settingAt(configuration, ...(rule.host.properties ?? [])),
  );
  const { proxies, beyond } = rule.proxy
    ? readProxies(settingAt(configuration, ...rule.proxy.properties), rule.proxy.dialect)
    : { proxies: [], beyond: [] };
  return {
    port: port === undefined ? atVersion(rule.port.fallback, version) : portOf(port),
    isOpen: host === undefined ? (atVersion(rule.host.isOpen, version) ?? false) : isOpenHost(host),
    proxies,
    beyond: [
      ...beyond,
      ...evidenceOfAll(optionOf(place, SERVER_OPTIONS.beyond)),
      ...otherFeatures(rule, configuration),
    ],
  };
}

function otherFeatures(rule: ServerRule, configuration: JavaScriptValue | undefined): Evidence[] {
  return (rule.beyond ?? []).flatMap((path) => {
    const value = settingAt(configuration, path);
    const isSet = value !== undefined && booleanOf(value) !== false && value !== configuration;
    // A configuration that cannot be read at all is said once, by what reads its output.
    return isSet && value.source !== configuration?.source ? [evidenceOf(value)] : [];
  });
}

export function portOf(value: JavaScriptValue): number | undefined {
  const port =
    value.kind === "number" ? value.number : Number(/^\d+$/.exec(textOf(value) ?? "")?.[0]);
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined;
}

/** `true` stands for all addresses. What cannot be told is taken to be closed. */
export function isOpenHost(value: JavaScriptValue): boolean {
  const text = textOf(value);
  return (
    booleanOf(value) ??
    (text !== undefined && !/^(?:localhost|127\.\d+\.\d+\.\d+|::1|\[::1\]|)$/.test(text))
  );
}
