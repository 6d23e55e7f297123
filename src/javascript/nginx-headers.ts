import { expressionWord, quoted, word } from "./nginx-words.ts";
import type { SiteHeader } from "./static-site.ts";

/** Headers of a site. Source: https://nginx.org/en/docs/http/ngx_http_headers_module.html */

/** A value that depends on the path needs a `map`; a path without a value has none, and nginx leaves the header out. */
export function headerMaps(headers: readonly SiteHeader[]): string[] {
  return [...byName(headers)].flatMap(([name, rules]) => {
    if (rules.every(({ paths }) => paths === undefined)) return [];
    const everywhere = rules.findLast(({ paths }) => paths === undefined);
    // nginx takes the first expression that matches, and the last rule is the one that counts.
    const special = rules
      .slice(everywhere ? rules.indexOf(everywhere) + 1 : 0)
      .toReversed()
      .map(({ paths, value }) => `    ${expressionWord(`~${paths}`)} ${quoted(value)};`);
    return [
      `map $uri ${variableOf(name)} {`,
      `    default ${quoted(everywhere?.value ?? "")};`,
      ...special,
      "}",
    ];
  });
}

export function headerLines(headers: readonly SiteHeader[]): string[] {
  const lines = [...byName(headers)].map(([name, rules]) => {
    const last = rules.at(-1)!;
    const value = rules.every(({ paths }) => paths === undefined)
      ? word(last.value)
      : variableOf(name);
    return `add_header ${name} ${value}${last.isAlways ? " always" : ""};`;
  });
  // Browsers ask with OPTIONS first, and nginx would not allow that of a file.
  if (headers.some(({ name }) => name.toLowerCase() === "access-control-allow-origin"))
    lines.push("if ($request_method = OPTIONS) { return 204; }");
  return lines;
}

function byName(headers: readonly SiteHeader[]): Map<string, SiteHeader[]> {
  const names = new Map<string, SiteHeader[]>();
  for (const header of headers) {
    const known = [...names.keys()].find(
      (name) => name.toLowerCase() === header.name.toLowerCase(),
    );
    names.set(known ?? header.name, [...(names.get(known ?? header.name) ?? []), header]);
  }
  return names;
}

function variableOf(header: string): string {
  return `$header_${header.toLowerCase().replace(/[^a-z0-9]/g, "_")}`;
}
