/**
 * A pattern of paths as nginx's expression for them, `null` for one that is not plain: stars, question marks and choices, as in
 * `**`+`/*.@(js|css)`. Source: https://github.com/isaacs/minimatch, which serve-handler asks.
 */
export function pathExpression(pattern: string): string | null {
  let text = pattern.startsWith("/") ? pattern.slice(1) : pattern;
  let result = "^/";
  while (text !== "") {
    const piece = pieces.find(({ shape }) => shape.test(text));
    const match = piece?.shape.exec(text);
    if (!piece || !match) return null;
    result += piece.expression(match[1] ?? match[0]);
    text = text.slice(match[0].length);
  }
  return `${result}$`;
}

/** In the order that they are tried. */
const pieces: readonly { readonly shape: RegExp; readonly expression: (text: string) => string }[] =
  [
    { shape: /^\*\*\//, expression: () => "(?:.*/)?" },
    { shape: /^\*\*/, expression: () => ".*" },
    { shape: /^\*/, expression: () => "[^/]*" },
    { shape: /^\?(?!\()/, expression: () => "[^/]" },
    { shape: /^@\(([\w.|-]+)\)/, expression: choice },
    { shape: /^\{([\w.,-]+)\}/, expression: (text) => choice(text.replaceAll(",", "|")) },
    { shape: /^[\w/-]+/, expression: (text) => text },
    { shape: /^\.(?!\.)/, expression: () => "\\." },
  ];

function choice(text: string): string {
  return `(?:${text.replaceAll(".", "\\.")})`;
}
