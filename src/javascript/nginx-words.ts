/** Parameters as nginx reads them. Source: `ngx_conf_read_token` in nginx `src/core/ngx_conf_file.c` */

/** Quoted where it holds something that would end it. */
export function word(text: string): string {
  return text === "" || /[\s;{}"'\\#]/.test(text) ? quoted(text) : text;
}

export function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

/** An expression, whose backslashes stay single as long as it needs no quotes. */
export function expressionWord(text: string): string {
  return /[\s;{}"']/.test(text) ? quoted(text) : text;
}

export function escapeExpression(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** A location, in one line where one directive is all that stands in it. */
export function location(path: string, inside: readonly string[]): string[] {
  if (inside.length === 1) return [`location ${path} { ${inside[0]} }`];
  return [`location ${path} {`, ...inside.map((line) => `    ${line}`), "}"];
}
