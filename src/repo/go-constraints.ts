/**
 * Whether a file is part of a linux build: https://pkg.go.dev/cmd/go#hdr-Build_constraints.
 * Images are built for amd64 and arm64, with cgo or without, so a file counts when any of these takes it.
 */
import { knownProcessors, knownSystems } from "./go-knowledge.ts";
import type { GoSource } from "./go-tokens.ts";

const targets = ["amd64", "arm64"].flatMap((processor) => [
  ["linux", "unix", "gc", processor],
  ["linux", "unix", "gc", processor, "cgo"],
]);

/** Whether the go command looks at a file of this name, for linux on amd64 or arm64. */
export function isBuiltByName(name: string): boolean {
  if (
    !name.endsWith(".go") ||
    name.endsWith("_test.go") ||
    name.startsWith("_") ||
    name.startsWith(".")
  )
    return false;
  const stem = name.slice(0, name.indexOf("."));
  const underscore = stem.indexOf("_");
  if (underscore < 0) return true;
  const words = stem.slice(underscore + 1).split("_");
  const last = words.at(-1)!;
  const before = words.at(-2);
  const fits = (processor: string) => processor === "amd64" || processor === "arm64";
  if (knownSystems.has(last)) return last === "linux";
  if (!knownProcessors.has(last)) return true;
  return fits(last) && (before === undefined || !knownSystems.has(before) || before === "linux");
}

/** Whether the constraints in a file's head allow it. */
export function isBuiltByConstraint(
  source: string,
  go: GoSource,
  tags: readonly string[] = [],
): boolean {
  const head = go.directives.filter(({ kind, end }) => kind !== "embed" && end <= go.packageStart);
  if (head.length === 0) return true;
  const expression = head.find(({ kind }) => kind === "build");
  // Where both forms stand, //go:build decides. The old one needs a blank line between it and the package clause.
  const lines = head.filter(
    ({ kind, end }) =>
      kind === "plus-build" && /\n[ \t\r]*\n/.test(source.slice(end, go.packageStart)),
  );
  return targets.some((target) => {
    const satisfied = (tag: string) =>
      target.includes(tag) || tags.includes(tag) || /^go1\.\d+$/.test(tag);
    return expression
      ? evaluate(expression.text, satisfied)
      : lines.every(({ text }) => evaluateLine(text, satisfied));
  });
}

/** `// +build a,!b c`: blanks are "or", commas "and". */
function evaluateLine(text: string, satisfied: (tag: string) => boolean): boolean {
  const options = text.split(/\s+/).filter((option) => option !== "");
  return options.some((option) =>
    option
      .split(",")
      .every((term) => (term.startsWith("!") ? !satisfied(term.slice(1)) : satisfied(term))),
  );
}

/** `//go:build a && !b || c`. What does not parse counts as satisfied: the file is read rather than missed. */
function evaluate(text: string, satisfied: (tag: string) => boolean): boolean {
  const tokens = text.replace(/\/\/.*$/, "").match(/&&|\|\||[!()]|[^\s!()&|]+/g) ?? [];
  let at = 0;
  function either(): boolean {
    let value = both();
    while (tokens[at] === "||") {
      at++;
      value = both() || value;
    }
    return value;
  }
  function both(): boolean {
    let value = single();
    while (tokens[at] === "&&") {
      at++;
      value = single() && value;
    }
    return value;
  }
  function single(): boolean {
    const token = tokens[at++];
    if (token === undefined) return true;
    if (token === "!") return !single();
    if (token !== "(") return satisfied(token);
    const value = either();
    at++;
    return value;
  }
  return either();
}
