/** Which Node.js the commands of a stage install. */
import { baseImage, type BaseImage } from "../core/base-images.ts";
import type { Document, Stage } from "../core/document.ts";
import { walkStage } from "../core/image-contract.ts";
import type { Instruction } from "../core/line-reader.ts";
import { baseName } from "../core/path.ts";
import { runBody } from "../core/query.ts";
import type { ShellCommand } from "../core/shell.ts";
import { expand } from "../core/words.ts";
import { packageAction } from "../stages/packages.ts";
import { NODE_PACKAGE_NAMES, nodeImage, packagedNode } from "../stages/node-releases.ts";

/** The image that has the Node.js of a stage. */
export interface NodeSource {
  readonly image: string;
  readonly instruction: Instruction;
  /** It is told by the table of a distribution's packages, whose npm may be another one. */
  readonly isPackaged: boolean;
  /** The build argument whose default says the version. */
  readonly argument?: string | undefined;
}

export type NodeVersion =
  | { readonly kind: "known"; readonly source: NodeSource }
  | { readonly kind: "unknown"; readonly why: string; readonly at: Instruction | undefined };

interface Found {
  readonly version: string | undefined;
  readonly instruction: Instruction;
  readonly isPackaged: boolean;
  readonly image?: string;
  readonly argument?: string | undefined;
}

/** Commands that fetch Node.js itself. */
const FETCHES_NODE =
  /nodesource|SHASUMS256|\/bin\/node(?:js)?\b|nodejs\.org\/(?:dist|download)|unofficial-builds\.nodejs\.org|\bnode-v\$?\{?\w|nvm-sh\/nvm|creationix\/nvm|install-node\.|fnm\.vercel|get\.volta\.sh/;

/** The repository of yarn, which node's images have. Source: https://classic.yarnpkg.com/en/docs/install#debian-stable */
const FETCHES_YARN = /dl\.yarnpkg\.com|\/yarn\.list\b|yarnpkg\.com\/install\.sh/;

/** Whether a step of a RUN is there to bring Node.js, or its package manager. */
export function fetchesNode(text: string): boolean {
  return FETCHES_NODE.test(text) || FETCHES_YARN.test(text);
}

/** The packages of Node.js that a command of a package manager names; none when it is no such command. */
export function nodePackages(command: ShellCommand): readonly string[] {
  if (!/^(?:apk|apt-get|apt|aptitude)$/.test(baseName(command.words[0]?.value ?? ""))) return [];
  const action = packageAction(command);
  return (action?.packages ?? []).flatMap(({ name }) =>
    NODE_PACKAGE_NAMES.has(name) ? [name] : [],
  );
}

/** Reads the stage's own installation of Node.js: the last word of it counts, and two that differ are not known. */
export function installedNode(document: Document, stage: Stage, base: BaseImage): NodeVersion {
  const found: Found[] = [];
  walkStage(document, stage, (instruction, state) => {
    if (instruction.keyword === "COPY") {
      const from = instruction.flags.find(({ name }) => name === "from")?.value;
      const image = from === undefined ? undefined : baseImage(from);
      if (from !== undefined && image?.family === "node")
        found.push({ version: image.version, image: from, instruction, isPackaged: false });
      return;
    }
    if (instruction.keyword !== "RUN") return;
    const text = expand(instruction.body.text, state.lookup, document.escape).value;
    const fetched = fetchedVersion(text ?? instruction.body.text);
    const { references } = expand(instruction.body.text, () => undefined, document.escape);
    const argument = references.find((name) => /node/i.test(name) && state.isArgument(name));
    if (fetched !== undefined)
      found.push({ version: fetched, instruction, isPackaged: false, argument });
    else if (FETCHES_NODE.test(instruction.body.text))
      found.push({
        version: writtenVersion(document, instruction),
        instruction,
        isPackaged: false,
      });
    const body = runBody(document, instruction, state);
    if (body.kind === "opaque") return;
    for (const command of body.commands) {
      const chosen = chosenVersion(command);
      if (chosen !== undefined) found.push({ version: chosen, instruction, isPackaged: false });
      const packages = nodePackages(command);
      if (packages.length === 0 || packageAction(command)?.action !== "install") continue;
      // With another source of packages the distribution's own does not count.
      if (found.some(({ isPackaged }) => !isPackaged)) continue;
      found.push({
        version: packagedVersion(command, packages, base),
        instruction,
        isPackaged: true,
      });
    }
  });
  const last = found.at(-1);
  if (!last) return { kind: "unknown", why: "the file installs no Node.js", at: undefined };
  const certain = found.filter(({ isPackaged }) => !isPackaged);
  // Keys and checksums are fetched from the same places.
  const told = (certain.length > 0 ? certain : found).filter(({ version }) => version);
  const versions = new Set(told.map(({ version }) => version));
  const chosen = told.at(-1) ?? certain.at(-1) ?? last;
  const unknown = (why: string): NodeVersion => ({
    kind: "unknown",
    why,
    at: chosen.instruction,
  });
  if (versions.size > 1) return unknown("it installs more than one version of Node.js");
  if (chosen.version === undefined)
    return unknown("which version of Node.js it installs cannot be told");
  const image = chosen.image ?? nodeImage(chosen.version, base);
  return image === undefined
    ? unknown(`there is no image of Node.js ${chosen.version} on Alpine`)
    : {
        kind: "known",
        source: {
          image,
          instruction: chosen.instruction,
          isPackaged: chosen.isPackaged,
          argument: chosen.argument,
        },
      };
}

/** The version that is written behind a package's name, or that of the distribution's own package. */
function packagedVersion(
  command: ShellCommand,
  packages: readonly string[],
  base: BaseImage,
): string | undefined {
  const action = packageAction(command)!;
  const name = packages.find((one) => one.startsWith("node")) ?? "nodejs";
  const written = action.packages.find((one) => one.name === name)?.written ?? "";
  const pinned = /^[\w-]+=(?:\d+:)?v?(\d+)\./.exec(written)?.[1];
  return pinned ?? (action.isForeign ? undefined : packagedNode(base, name));
}

/**
 * Versions in the addresses of installers and archives. Sources: https://github.com/nodesource/distributions,
 * https://nodejs.org/dist/, https://github.com/nvm-sh/nvm#usage
 */
function fetchedVersion(text: string): string | undefined {
  const nodesource =
    /nodesource\.com\/(?:node_|setup_)(\d+|lts|current)\.x/.exec(text)?.[1] ??
    /nodesource\.com\/setup_(lts|current)\b/.exec(text)?.[1];
  return (
    nodesource ??
    /nodejs\.org\/(?:dist|download\/release)\/(?:latest-)?v(\d+(?:\.\d+)*)/.exec(text)?.[1] ??
    nvmVersion(text)
  );
}

function nvmVersion(text: string): string | undefined {
  if (!/\bnvm install\b/.test(text)) return undefined;
  if (/\bnvm install (?:--lts\b|['"]?lts\/\*)/.test(text)) return "lts";
  return /\bnvm install v?(\d+(?:\.\d+)*)/.exec(text)?.[1];
}

/** A variable of the RUN itself: `NODE_MAJOR=20; echo "deb … node_$NODE_MAJOR.x …"`. */
function writtenVersion(_: Document, { body: { text } }: Instruction): string | undefined {
  const name = /(?:node_|setup_)\$\{?(\w+)\}?\.x/.exec(text)?.[1];
  if (name === undefined) return undefined;
  return new RegExp(`(?:^|[\\s;&])(?:export\\s+)?${name}=["']?(\\d+)\\b`).exec(text)?.[1];
}

/** `n 18`, `npx n lts`. Source: https://github.com/tj/n#installing-nodejs-versions */
function chosenVersion({ words }: ShellCommand): string | undefined {
  const values = words.map(({ value }) => value ?? "");
  const at = values[0] === "n" ? 1 : values[0] === "npx" && values[1] === "n" ? 2 : -1;
  const version = at < 0 ? undefined : values.slice(at).find((word) => !word.startsWith("-"));
  if (version === undefined || version === "install") return undefined;
  if (/^(?:lts|stable)$/.test(version)) return "lts";
  if (/^(?:latest|current)$/.test(version)) return "current";
  return /^v?(\d+(?:\.\d+)*)$/.exec(version)?.[1];
}
