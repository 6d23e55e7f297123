/** Which Node.js a distribution's package is: data. */
import { isAtLeast, type BaseImage } from "../core/base-images.ts";

/**
 * Major versions of the package `nodejs` by release. A release keeps its major version.
 * Sources: https://pkgs.alpinelinux.org/packages?name=nodejs, https://packages.debian.org/nodejs,
 * https://packages.ubuntu.com/nodejs
 */
const NODE_PACKAGES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  alpine: {
    "3.6": "6",
    "3.7": "8",
    "3.8": "8",
    "3.9": "10",
    "3.10": "10",
    "3.11": "12",
    "3.12": "12",
    "3.13": "14",
    "3.14": "14",
    "3.15": "16",
    "3.16": "16",
    "3.17": "18",
    "3.18": "18",
    "3.19": "20",
    "3.20": "20",
    "3.21": "22",
    "3.22": "22",
    "3.23": "24",
  },
  debian: { stretch: "4", buster: "10", bullseye: "12", bookworm: "18", trixie: "20" },
  ubuntu: {
    "16.04": "4",
    xenial: "4",
    "18.04": "8",
    bionic: "8",
    "20.04": "10",
    focal: "10",
    "22.04": "12",
    jammy: "12",
    "24.04": "18",
    noble: "18",
  },
};

/** The package `nodejs-current` of Alpine. Source: https://pkgs.alpinelinux.org/packages?name=nodejs-current */
const CURRENT_PACKAGES: Readonly<Record<string, string>> = {
  "3.11": "13",
  "3.12": "14",
  "3.13": "15",
  "3.14": "16",
  "3.15": "17",
  "3.16": "18",
  "3.17": "19",
  "3.18": "20",
  "3.19": "21",
  "3.20": "21",
  "3.21": "23",
};

/** Packages that bring Node.js, or its package managers. */
export const NODE_PACKAGE_NAMES = new Set([
  "nodejs",
  "nodejs-current",
  "nodejs-npm",
  "nodejs-lts",
  "nodejs-legacy",
  "nodejs-current-npm",
  "node",
  "npm",
  "yarn",
  "yarnpkg",
  "pnpm",
  "node-gyp",
]);

/** The major version that a distribution's package has; `undefined` when the release does not tell it. */
export function packagedNode(base: BaseImage, name: string): string | undefined {
  const { distribution } = base;
  const release =
    base.release ?? (base.family === distribution ? base.tag.replace(/-slim$/, "") : "");
  const short = distribution === "alpine" ? /^\d+\.\d+/.exec(release)?.[0] : release;
  if (short === undefined) return undefined;
  if (name.startsWith("nodejs-current"))
    return distribution === "alpine" ? CURRENT_PACKAGES[short] : undefined;
  return NODE_PACKAGES[distribution]?.[short];
}

/**
 * The official image of a version, on the distribution of another image. The alpine variants begin with version 4.
 * Source: https://github.com/docker-library/official-images/blob/master/library/node
 */
export function nodeImage(version: string, { distribution }: BaseImage): string | undefined {
  const isAlpine = distribution === "alpine";
  if (isAlpine && /^\d/.test(version) && !isAtLeast(version, 4)) return undefined;
  return isAlpine ? `node:${version}-alpine` : `node:${version}`;
}
