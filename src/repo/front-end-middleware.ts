import type { Evidence } from "../core/outcome.ts";
import type { FrontEndProxy } from "./front-end-facts.ts";
import { evidenceOf, versionOf, type FrontEndPlace } from "./front-end-place.ts";
import { readProxies, WEBPACK_PROXIES, type ReadProxies } from "./front-end-proxies.ts";
import { resolveIn } from "./javascript-calls.ts";
import { exportedCalls } from "./javascript-configuration.ts";
import { textOf, type JavaScriptValue, type ObjectValue } from "./javascript-values.ts";

/**
 * The proxies of a function that gets the server, `app.use(createProxyMiddleware("/api", { … }))`; whatever else it does is
 * beyond them. Source: https://github.com/chimurai/http-proxy-middleware
 */
export function middlewareProxies(place: FrontEndPlace, file: string): ReadProxies {
  const path = resolveIn(place.directory, file);
  const calls = exportedCalls(place.repository, path, {
    workingDirectory: place.directory,
    variable: place.variable,
  });
  if (!calls) return { proxies: [], beyond: [{ path, line: 1 }] };
  const each = calls.map((call): ReadProxies => {
    const read = call.method === "use" ? usedProxies(place, call.values) : undefined;
    return read ?? { proxies: [], beyond: [evidenceOf({ ...call.place, kind: "unknown" })] };
  });
  return {
    proxies: each.flatMap<FrontEndProxy>(({ proxies }) => proxies),
    beyond: each.flatMap<Evidence>(({ beyond }) => beyond),
  };
}

/** `app.use([path], middleware)`; `undefined` when it is something else. */
function usedProxies(
  place: FrontEndPlace,
  values: readonly JavaScriptValue[],
): ReadProxies | undefined {
  const middleware = values.at(-1);
  if (middleware?.kind !== "call" || middleware.callee?.module !== "http-proxy-middleware")
    return undefined;
  const options = middleware.values.at(-1);
  if (options?.kind !== "object" || !options.isComplete) return undefined;
  const filter =
    middleware.values.length === 2 ? middleware.values[0] : options.entries.get("pathFilter");
  const mounted = values.length === 2 ? values[0] : undefined;
  // From 3 on, what a middleware is mounted under is taken off. Source: its MIGRATION.md
  const version = versionOf(place, ["http-proxy-middleware"]);
  if (version === undefined && mounted) return undefined;
  const isStripped = mounted !== undefined && (version === "newest" || (version?.[0] ?? 0) >= 3);
  if (
    values.length > 2 ||
    (mounted && filter) ||
    (isStripped && options.entries.has("pathRewrite"))
  )
    return undefined;
  const paths = pathsOf(filter ?? mounted);
  if (!paths) return undefined;
  const rest = new Map([...options.entries].filter(([name]) => name !== "pathFilter"));
  const table: ObjectValue = {
    ...options,
    entries: new Map(paths.map((one) => [one, { ...options, entries: rest }])),
  };
  const { proxies, beyond } = readProxies(table, WEBPACK_PROXIES);
  return {
    proxies: proxies.map((proxy) => ({ ...proxy, stripsPath: proxy.stripsPath || isStripped })),
    beyond,
  };
}

function pathsOf(value: JavaScriptValue | undefined): readonly string[] | undefined {
  const items = value?.kind === "list" && value.isComplete ? value.items : [value];
  const paths = items.flatMap((item) => textOf(item) ?? []);
  return paths.length === items.length && paths.every((path) => path.startsWith("/"))
    ? paths
    : undefined;
}
