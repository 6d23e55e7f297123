/** The two paths of a COPY, with `$` escaped; in JSON form when one holds a blank. */
export function pathWords(source: string, target: string): string {
  const words = [source, target].map((path) => path.replaceAll("$", "\\$"));
  return words.some((word) => /\s/.test(word))
    ? `[${words.map((word) => JSON.stringify(word)).join(", ")}]`
    : words.join(" ");
}
