import type { Evidence } from "../core/outcome.ts";
import type { Repository } from "../core/repository.ts";
import { isBuiltByConstraint, isBuiltByName } from "./go-constraints.ts";
import { readGoSource } from "./go-tokens.ts";

/**
 * A vendored package, among those that a program's imports lead to, that needs cgo: a file that a linux build takes
 * imports "C", and neither that file nor another one says what to do without cgo.
 *
 * @param vendorDirectory the module's `vendor` directory in the repository
 * @param imports import paths that the program's own packages name
 * @returns the place of one such `import "C"`, or `undefined`
 */
export function vendoredCgo(
  repository: Repository,
  vendorDirectory: string,
  imports: Iterable<string>,
): Evidence | undefined {
  const seen = new Set<string>();
  const queue = [...imports];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    const directory = `${vendorDirectory}/${path}`;
    let asksC: Evidence | undefined;
    let hasFallback = false;
    for (const { name, kind } of repository.list(directory) ?? []) {
      if (kind === "directory" || !isBuiltByName(name)) continue;
      const file = `${directory}/${name}`;
      const text = repository.read(file);
      if (text === undefined) continue;
      const source = readGoSource(text);
      const aboutCgo = source.directives.some(
        ({ kind: directive, text: words }) => directive !== "embed" && /\bcgo\b/.test(words),
      );
      hasFallback ||= aboutCgo;
      if (!aboutCgo && !isBuiltByConstraint(text, source)) continue;
      const c = source.imports.find((one) => one.path === "C");
      if (c && !aboutCgo) asksC ??= { path: file, line: c.line, text: 'import "C"' };
      queue.push(...source.imports.map((one) => one.path));
    }
    if (asksC && !hasFallback) return asksC;
  }
  return undefined;
}
