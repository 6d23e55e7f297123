import { resolvePath } from "../../core/path.ts";
import type { FrontEndProxy } from "../../repo/front-end-facts.ts";
import type { RefusedServer } from "../static-site.ts";
import { refusedProxy } from "./answers.ts";
import {
  lineOf,
  parseJson,
  recordOf,
  recordsOf,
  type JsonFile,
  type JsonRecord,
} from "./json-file.ts";
import type { ServerCall } from "./server-rule.ts";

/** Keys that change nothing for nginx: it takes any certificate, and logs by its own rules. */
const passedOver = new Set([
  "target",
  "changeOrigin",
  "pathRewrite",
  "secure",
  "logLevel",
  "context",
  "ws",
]);

/**
 * Angular's `--proxy-config` as JSON. Source: https://angular.dev/tools/cli/serve#proxying-to-a-backend-server
 *
 * @param given relative to the directory that the server is started in
 */
export function readProxyFile(
  call: ServerCall,
  given: string,
): readonly FrontEndProxy[] | RefusedServer {
  const path = call.place.repositoryPath(resolvePath(call.place.directory, given)!);
  const text = path === undefined ? undefined : call.place.repository?.read(path);
  if (path === undefined || text === undefined) return refusedProxy(call.server, given);
  const file = { path, text };
  const rules = rulesOf(parseJson(text));
  if (!rules) return refusedProxy(call.server, given, [{ path }]);
  const proxies: FrontEndProxy[] = [];
  for (const [context, rule] of rules) {
    const proxy = proxyOf(file, context, rule);
    if (!proxy) return refusedProxy(call.server, context, [lineOf(file, context)]);
    proxies.push(proxy);
  }
  return proxies;
}

/** Pairs of a path and what is done with it, from either of the two shapes. */
function rulesOf(value: unknown): readonly (readonly [string, JsonRecord])[] | undefined {
  const list = recordsOf(value);
  if (list)
    return list.flatMap((rule) =>
      (Array.isArray(rule["context"]) ? rule["context"] : [rule["context"]]).map(
        (context) => [String(context), rule] as const,
      ),
    );
  const map = recordOf(value);
  if (!map) return undefined;
  const rules = Object.entries(map).map(
    ([context, rule]) => [context, recordOf(rule) ?? {}] as const,
  );
  return rules;
}

function proxyOf(file: JsonFile, context: string, rule: JsonRecord): FrontEndProxy | undefined {
  const path = context.replace(/\/\*{1,2}$/, "");
  const { target, changeOrigin = false, pathRewrite, ws = false } = rule;
  if (Object.keys(rule).some((key) => !passedOver.has(key)) || typeof ws !== "boolean")
    return undefined;
  if (!/^\/[\w./-]*\w$/.test(path) || typeof changeOrigin !== "boolean") return undefined;
  if (typeof target !== "string" || !/^https?:\/\/[\w.-]+(?::\d+)?(?:\/[\w./-]*)?$/.test(target))
    return undefined;
  const rewrites = Object.entries(recordOf(pathRewrite) ?? {});
  if (pathRewrite !== undefined && (rewrites.length > 1 || recordOf(pathRewrite) === undefined))
    return undefined;
  const [from, to] = rewrites[0] ?? [];
  const stripsPath = from === `^${path}` || from === `^${path}/`;
  if (from !== undefined && (!stripsPath || !["", "/"].includes(String(to)))) return undefined;
  return {
    path,
    target,
    stripsPath,
    changesOrigin: changeOrigin,
    hasWebSockets: ws,
    evidence: lineOf(file, context),
  };
}
