import type { Evidence } from "../core/outcome.ts";
import type { FrontEndProxy } from "./front-end-facts.ts";
import { evidenceOf } from "./front-end-place.ts";
import {
  booleanOf,
  entriesOf,
  itemsOf,
  textOf,
  valueAt,
  type JavaScriptValue,
  type ObjectValue,
} from "./javascript-values.ts";

/** What the proxy settings of development servers come to. */
export interface ReadProxies {
  readonly proxies: readonly FrontEndProxy[];
  readonly beyond: readonly Evidence[];
}

const NONE: ReadProxies = { proxies: [], beyond: [] };

/** The tables of proxies differ in little between servers. */
export interface ProxyDialect {
  /** A key that begins with `^` is an expression, any other is what a path begins with. */
  readonly hasExpressions: boolean;
  /** A key may end in `**`. */
  readonly hasWildcards: boolean;
  /** `"/api": "http://…"`; `undefined` where that is not allowed. */
  readonly shorthand: { readonly changesOrigin: boolean } | undefined;
  /** A text, or an object with `target`, in place of the table is for all that is not found. */
  readonly hasWhole: boolean;
  /** What holds where an entry says nothing. */
  readonly changesOrigin: boolean;
  readonly hasWebSockets: boolean;
}

/** Source: vitejs/vite `packages/vite/src/node/server/middlewares/proxy.ts` */
export const VITE_PROXIES: ProxyDialect = {
  hasExpressions: true,
  hasWildcards: false,
  shorthand: { changesOrigin: true },
  hasWhole: false,
  changesOrigin: false,
  hasWebSockets: false,
};

/** Sources: webpack-dev-server `lib/Server.js`, `setupProxyFeature`; http-proxy-middleware `recipes/context-matching.md` */
export const WEBPACK_PROXIES: ProxyDialect = {
  hasExpressions: false,
  hasWildcards: true,
  shorthand: { changesOrigin: false },
  hasWhole: false,
  changesOrigin: false,
  hasWebSockets: false,
};

/** Source: vuejs/vue-cli `packages/@vue/cli-service/lib/util/prepareProxy.js` */
export const VUE_CLI_PROXIES: ProxyDialect = {
  hasExpressions: true,
  hasWildcards: false,
  shorthand: undefined,
  hasWhole: true,
  changesOrigin: true,
  hasWebSockets: true,
};

/** Options that a proxy in front of a static site has no use for, or has anyway: nginx does not check certificates. */
const HARMLESS =
  /^(?:target|changeOrigin|ws|secure|rewrite|pathRewrite|context|path|logLevel|logger|proxyTimeout|timeout)$/;

/** Reads a table of proxies. What is in it and cannot be told is `beyond`. */
export function readProxies(
  value: JavaScriptValue | undefined,
  dialect: ProxyDialect,
): ReadProxies {
  if (value === undefined || (value.kind === "boolean" && !value.boolean)) return NONE;
  if (value.kind === "list")
    return joinedProxies(
      value,
      itemsOf(value).flatMap((item) => listedProxies(item, dialect)),
    );
  if (value.kind !== "object") return { proxies: [], beyond: [evidenceOf(value)] };
  if (dialect.hasWhole && value.entries.has("target"))
    return { proxies: [], beyond: [evidenceOf(value)] };
  return joinedProxies(
    value,
    [...entriesOf(value)].map(([path, setting]) => tableProxy(path, setting, dialect)),
  );
}

function joinedProxies(
  whole: Extract<JavaScriptValue, { kind: "list" | "object" }>,
  each: readonly (FrontEndProxy | Evidence)[],
): ReadProxies {
  const proxies = each.filter((one) => "target" in one);
  const beyond = each.filter((one) => !("target" in one));
  return { proxies, beyond: whole.isComplete ? beyond : [...beyond, evidenceOf(whole)] };
}

/** webpack-dev-server's list: `[{ context: ["/api"], target }]`. */
function listedProxies(
  item: JavaScriptValue,
  dialect: ProxyDialect,
): readonly (FrontEndProxy | Evidence)[] {
  const context = valueAt(item, ["context"]) ?? valueAt(item, ["path"]);
  const paths = context?.kind === "list" && context.isComplete ? context.items : [context];
  return paths.map((path) => {
    const text = textOf(path);
    return item.kind !== "object" || text === undefined
      ? evidenceOf(item)
      : proxyOf(text, item, dialect);
  });
}

function tableProxy(
  path: string,
  setting: JavaScriptValue,
  dialect: ProxyDialect,
): FrontEndProxy | Evidence {
  if (setting.kind === "object") return proxyOf(path, setting, dialect);
  const begin = pathOf(path, dialect);
  const target = targetOf(setting);
  if (begin === undefined || target === undefined || !dialect.shorthand) return evidenceOf(setting);
  return {
    path: begin,
    target,
    stripsPath: false,
    changesOrigin: dialect.shorthand.changesOrigin,
    hasWebSockets: false,
    evidence: evidenceOf(setting),
  };
}

/** The beginning of the paths that a key means; `undefined` when it means others. */
function pathOf(key: string, { hasExpressions, hasWildcards }: ProxyDialect): string | undefined {
  const expression = hasExpressions ? expressionPath(key) : key;
  const path = hasWildcards ? expression?.replace(/(?<=.)\/?\*\*(?:\/\*)?$/, "") : expression;
  return path !== undefined && /^\/[\w./-]*$/.test(path) ? path : undefined;
}

/** `^/api` and `^/api/.*` are what begins with `/api`; other expressions are not read. */
function expressionPath(path: string): string | undefined {
  if (!path.startsWith("^")) return path;
  const plain = /^\^((?:\\?\/[\w-]+)+)(?:\\?\/?(?:\.\*|\(\.\*\)))?\$?$/.exec(path)?.[1];
  return plain?.replace(/\\/g, "");
}

function proxyOf(
  key: string,
  setting: ObjectValue,
  dialect: ProxyDialect,
): FrontEndProxy | Evidence {
  const path = pathOf(key, dialect);
  const target = targetOf(valueAt(setting, ["target"]));
  const origin = valueAt(setting, ["changeOrigin"]);
  const sockets = valueAt(setting, ["ws"]);
  const isKnown =
    setting.isComplete &&
    [...setting.entries].every(([name, value]) => HARMLESS.test(name) || onlyTells(name, value)) &&
    [origin, sockets].every((value) => value === undefined || value.kind === "boolean");
  const strips = path === undefined ? undefined : stripping(path, setting);
  if (path === undefined || target === undefined || !isKnown || strips === undefined)
    return evidenceOf(setting);
  return {
    path,
    target,
    stripsPath: strips,
    changesOrigin: booleanOf(origin) ?? dialect.changesOrigin,
    hasWebSockets: booleanOf(sockets) ?? dialect.hasWebSockets,
    evidence: evidenceOf(setting),
  };
}

/** A listener that changes no request and no answer: it writes to the console. */
function onlyTells(name: string, value: JavaScriptValue): boolean {
  const isListener = /^(?:configure|onError|onProxyReq|onProxyRes)$/.test(name);
  const changes =
    /etHeader|removeHeader|writeHead|\.(?:write|end|send|json|status)\(|delete |[^=!<>]=[^=>]/;
  return isListener && value.kind === "function" && !changes.test(value.source);
}

/** The target of a proxy; http and https only. */
function targetOf(value: JavaScriptValue | undefined): string | undefined {
  const text = textOf(value);
  return text !== undefined && /^https?:\/\/[^\s"'$;{}]+$/.test(text) ? text : undefined;
}

/** Whether the path's beginning is taken off; `undefined` when it is changed in another way. */
function stripping(path: string, setting: ObjectValue): boolean | undefined {
  const rewrite = valueAt(setting, ["rewrite"]);
  const table = valueAt(setting, ["pathRewrite"]);
  if (rewrite) return rewrite.kind === "function" ? rewriteStrips(path, rewrite.source) : undefined;
  if (!table) return false;
  if (table.kind === "function") return rewriteStrips(path, table.source);
  if (table.kind !== "object" || !table.isComplete) return undefined;
  const rules = [...table.entries];
  if (rules.length === 0) return false;
  const [[expression, put]] = rules as [[string, JavaScriptValue]];
  if (rules.length > 1 || put.kind !== "text") return undefined;
  return strippedBy(path, expression, put.text);
}

/** `(path) => path.replace(/^\/api/, "")` */
function rewriteStrips(path: string, source: string): boolean | undefined {
  const match =
    /^(?:async\s+)?(?:function\s*\w*\s*)?\(?\s*(\w+)\s*(?::\s*\w+\s*)?\)?\s*(?:=>|\{\s*return)?\s*\(?\s*\{?\s*(?:return\s+)?\1\.replace\(\s*(\/(?:\\.|[^/\\])+\/[a-z]*|'[^']*'|"[^"]*"|new RegExp\(\s*(?:`[^`$]*`|"[^"]*"|'[^']*')\s*\))\s*,\s*(''|""|'\/'|"\/"|``|'[^']*'|"[^"]*")\s*\)\s*\)?\s*;?\s*\}?$/.exec(
      source.trim(),
    );
  if (!match) {
    const [parameter = ""] = /\w+/.exec(source) ?? [];
    return new RegExp(`^\\(?\\s*${parameter}\\s*\\)?\\s*=>\\s*${parameter}$`).test(source.trim())
      ? false
      : undefined;
  }
  const written = match[2]!;
  const put = match[3]!.slice(1, -1);
  const expression = written.startsWith("/")
    ? written.replace(/^\/|\/[a-z]*$/g, "")
    : written.replace(/^new RegExp\(\s*|\s*\)$/g, "").slice(1, -1);
  return strippedBy(path, expression, put);
}

function strippedBy(path: string, expression: string, put: string): boolean | undefined {
  const taken = expression
    .replace(/\\(?=\/)/g, "")
    .replace(/^\^/, "")
    .replace(/\(?\.?\*?\)?\$?$/, "");
  const isWhole = taken.replace(/\/$/, "") === path.replace(/\/$/, "");
  if (isWhole && (put === "" || put === "/")) return true;
  return isWhole && put.replace(/\/$/, "") === path.replace(/\/$/, "") ? false : undefined;
}
