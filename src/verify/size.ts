const units = ["B", "kB", "MB", "GB", "TB"] as const;

/** As docker prints sizes: decimal units, three digits. */
export function readableSize(bytes: number): string {
  let unit = 0;
  let value = bytes;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : Number(value.toPrecision(3))} ${units[unit]}`;
}
