import { resolvePath } from "../../core/path.ts";
import type { ServerCall } from "./server-rule.ts";

/**
 * A variable as a development server finds it: the environment first, then the `.env` files, the first that sets it.
 * Source: https://github.com/motdotla/dotenv#rules
 */
export function variableWithFiles(
  { place }: ServerCall,
  files: readonly string[],
): (name: string) => string | undefined {
  const texts = files.flatMap((file) => {
    const path = place.repositoryPath(resolvePath(place.directory, file)!);
    const text = path === undefined ? undefined : place.repository?.read(path);
    return text === undefined ? [] : [text];
  });
  return (name) => {
    const own = place.variable(name);
    if (own !== undefined) return own;
    for (const text of texts) {
      const line = new RegExp(
        `^[ \\t]*(?:export[ \\t]+)?${name}[ \\t]*=[ \\t]*(.*?)[ \\t]*$`,
        "m",
      ).exec(text);
      if (line) return unquoted(line[1]!);
    }
    return undefined;
  };
}

function unquoted(text: string): string {
  return /^(["'`])(.*)\1/.exec(text)?.[2] ?? text.replace(/\s+#.*$/, "");
}
