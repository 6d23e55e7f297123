/** A version or range by its newest: `^13` is 13 with whatever minor, nothing known is the newest there is. */
export interface Version {
  readonly major: number;
  readonly minor: number;
}

const newest: Version = { major: Infinity, minor: Infinity };

/**
 * Reads what a package.json or a command asks for. Source: https://docs.npmjs.com/cli/configuring-npm/package-json#dependencies
 *
 * @example readVersion("^13.0.2") // { major: 13, minor: Infinity }
 */
export function readVersion(text: string | undefined): Version {
  const parts = (text ?? "").replace(/^npm:(?:@?[^@]+)@/, "").split("||");
  return parts
    .map(readPart)
    .reduce((best, part) =>
      part.major > best.major || (part.major === best.major && part.minor > best.minor)
        ? part
        : best,
    );
}

function readPart(text: string): Version {
  const [, operator, major, minor, patch] =
    /^\s*([~^<>=v]*)\s*(\d+)(?:\.(\d+|[x*]))?(?:\.(\d+|[x*]))?/.exec(text) ?? [];
  if (major === undefined || operator?.startsWith(">")) return newest;
  const isExact = operator !== "^" && minor !== undefined && /\d/.test(minor);
  const isOneMinor = isExact && (operator === "~" || patch !== undefined || operator === "");
  return { major: Number(major), minor: isOneMinor ? Number(minor) : Infinity };
}
