/** The two paths of a COPY; in JSON form when one holds a blank. */
export function pathWords(source: string, target: string): string {
  const escaped = (path: string): string => path.replaceAll("$", "\\$");
  if (/\$/.test(source + target)) return pathWordsOf(escaped(source), escaped(target));
  return pathWordsOf(source, target);
}

export function pathWordsOf(source: string, target: string): string {
  return /\s/.test(source + target)
    ? JSON.stringify([source, target]).replace('","', '", "')
    : `${source} ${target}`;
}
