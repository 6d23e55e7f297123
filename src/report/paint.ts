/** Colours by their role in a report. */
export type Role = "heading" | "added" | "removed" | "hunk" | "warning" | "failure" | "faint";

export type Paint = (role: Role, text: string) => string;

/** Select Graphic Rendition parameters (ECMA-48): the eight basic colours, which every terminal's theme keeps legible. */
const renditions = {
  heading: ["1", "22"],
  added: ["32", "39"],
  removed: ["31", "39"],
  hunk: ["36", "39"],
  warning: ["33", "39"],
  failure: ["31", "39"],
  faint: ["2", "22"],
} as const satisfies Readonly<Record<Role, readonly [string, string]>>;

export function createPaint(color: boolean): Paint {
  if (!color) return (_role, text) => text;
  return (role, text) => {
    const [on, off] = renditions[role];
    return text === "" ? "" : `\u001b[${on}m${text}\u001b[${off}m`;
  };
}

/**
 * Makes control characters visible, so that a file's content can't steer the terminal it is shown on. Tabs and line feeds
 * stay; a carriage return at a line's end is shown, since it is part of what a diff changes.
 */
export function visible(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufeff]/g, (char) => {
    const code = char.charCodeAt(0);
    if (char === "\ufeff") return "<BOM>";
    return code < 0x20
      ? `^${String.fromCharCode(code + 0x40)}`
      : `<${code.toString(16).toUpperCase().padStart(2, "0")}>`;
  });
}
