import { headerLines, headerMaps } from "./nginx-headers.ts";
import { proxyLines, proxyMaps } from "./nginx-proxies.ts";
import { escapeExpression, expressionWord, location, word } from "./nginx-words.ts";
import type { StaticSite } from "./static-site.ts";

/**
 * nginx's configuration for a site that another program served, with the same answers.
 * Sources: https://nginx.org/en/docs/http/ngx_http_core_module.html (try_files, error_page, absolute_redirect),
 * https://nginx.org/en/docs/http/ngx_http_rewrite_module.html, https://nginx.org/en/docs/http/ngx_http_gzip_module.html
 */

/** What `compressible` says yes to, of the types that a front end is made of; text/html is always among nginx's. */
const compressedTypes = [
  "text/css",
  "text/plain",
  "text/javascript",
  "application/javascript",
  "application/json",
  "application/manifest+json",
  "application/wasm",
  "image/svg+xml",
];

/**
 * The lines of a file in `conf.d`, which stands inside `http`.
 *
 * @param root the directory that holds the site, whatever path it is served under
 */
export function nginxServer(site: StaticSite, root: string): string[] {
  const base = site.basePath;
  const redirectsBySelf =
    base !== "/" || directoryIndexOf(site) === "redirect" || site.redirects.length > 0;
  const inside = [
    `listen ${site.port};`,
    ...(base === "/" ? [`root ${word(root)};`] : []),
    // The servers say so of every text, and a page need not say it itself.
    ...(site.namesCharset ? ["charset utf-8;"] : []),
    // A browser runs no module of another type. Source: conf/mime.types in nginx/nginx
    ...(site.hasModuleFiles
      ? ["include /etc/nginx/mime.types;", "types { text/javascript mjs; }"]
      : []),
    // The port that a browser sees is the host's, not this one.
    ...(redirectsBySelf ? ["absolute_redirect off;"] : []),
    ...(site.compresses
      ? ["gzip on;", "gzip_vary on;", `gzip_types ${compressedTypes.join(" ")};`]
      : []),
    ...(site.hasCompressedFiles ? ["gzip_static on;"] : []),
    ...headerLines(site.headers),
    ...notFoundLines(site),
    ...site.redirects.map(
      ({ path, target, status }) =>
        `location = ${word(path)} { return ${status} ${word(target)}; }`,
    ),
    ...site.proxies.flatMap(proxyLines),
    ...(base === "/"
      ? []
      : [
          `location = / { return 302 ${word(base)}; }`,
          `location = ${word(base.slice(0, -1))} { return 301 ${word(base)}; }`,
        ]),
    ...fileLines(site, root),
  ];
  return [
    ...headerMaps(site.headers),
    ...proxyMaps(site.proxies),
    "server {",
    ...inside.map((line) => (line === "" ? "" : `    ${line}`)),
    "}",
  ];
}

function notFoundLines(site: StaticSite): string[] {
  const isEverFound = site.fallback === "index" && site.missingFile === "index";
  if (isEverFound || site.notFoundPage === undefined) return [];
  return [`error_page 404 ${word(site.basePath + site.notFoundPage)};`];
}

/** nginx says 403 to a directory without a page, where a site of one page shows that page: `/assets` may be a route of its. */
function directoryIndexOf(site: StaticSite): StaticSite["directoryIndex"] {
  // Its own redirect would not know of the path that was taken off.
  const isTurned = site.fallback === "index" || site.basePath !== "/";
  return site.directoryIndex === "redirect" && isTurned ? "direct" : site.directoryIndex;
}

/** The locations that answer with files. */
function fileLines(site: StaticSite, root: string): string[] {
  const base = site.basePath;
  const isFound = site.fallback === "index";
  const directoryIndex = directoryIndexOf(site);
  const tries = [
    "$uri",
    ...(directoryIndex === "redirect" ? ["$uri/"] : []),
    ...(directoryIndex === "direct" ? ["$uri/index.html"] : []),
    ...(site.hasCleanUrls ? ["$uri.html"] : []),
    isFound ? word(`${base}index.html`) : "=404",
  ];
  const under = base === "/" ? "" : escapeExpression(base.slice(0, -1));
  const rewrites = [
    // `/about/` gives what `/about` gives.
    ...(directoryIndex === "direct" && site.hasCleanUrls && !isFound
      ? [`rewrite ${expressionWord(`^${under}(/.+)/$`)} $1 break;`]
      : []),
    ...(base === "/" ? [] : [`rewrite ${expressionWord(`^${under}(/.*)$`)} $1 break;`]),
  ];
  const place = base === "/" ? rewrites : [`root ${word(root)};`, ...rewrites];
  return [
    ...(isFound && site.missingFile === "not-found"
      ? location(
          `~ ${base === "/" ? "" : expressionWord(`^${escapeExpression(base)}.*`)}\\.[^/]+$`,
          [...place, "try_files $uri =404;"],
        )
      : []),
    ...location(word(base), [...place, `try_files ${tries.join(" ")};`]),
  ];
}

/**
 * The instruction that writes these lines to a file, in syntax that every builder takes: a Dockerfile does not put variables
 * into RUN, and the shell none into single quotes.
 *
 * @param escape the Dockerfile's escape character
 */
export function configurationInstruction(
  lines: readonly string[],
  target: string,
  escape = "\\",
): string {
  const values = lines.map((line) => `    '${line.replaceAll("'", "'\\''")}'`);
  return [`RUN printf '%s\\n' ${escape}`, values.join(` ${escape}\n`)].join("\n") + ` > ${target}`;
}
