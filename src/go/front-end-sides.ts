/** Which steps of a RUN go to the builder of the front end, and which stay with Go. */
import { isAtLeast, type BaseImage } from "../core/base-images.ts";
import { baseName } from "../core/path.ts";
import type { ShellCommand } from "../core/shell.ts";
import { buildsFrontEnd } from "../stages/node-build-packages.ts";
import { NODE_PACKAGE_NAMES } from "../stages/node-releases.ts";
import { programsOf } from "../stages/package-uses.ts";
import { packageAction } from "../stages/packages.ts";
import { globalYarn, type RunSteps, type Step } from "./front-end-steps.ts";
import { TOOLCHAIN_VARIABLES } from "./knowledge.ts";

export type Side = "front-end" | "go";

/** What is left of a RUN on one side. */
export interface SideOfRun {
  /** The steps that stay, by their place among all. */
  readonly kept: ReadonlySet<number>;
  /** Words of the steps that stay that go: packages of the other side. */
  readonly removedWords: readonly { readonly start: number; readonly end: number }[];
  /** It still does something. */
  readonly hasEffect: boolean;
  readonly installs: boolean;
}

export interface SideRules {
  readonly side: Side;
  readonly base: BaseImage;
  /** The text of the front end's scripts, which may name programs of packages. */
  readonly scripts: string;
  /** The RUN stands behind the last that runs Node.js. */
  readonly isBehind: boolean;
}

/** Where package managers keep lists, keys and archives. */
const PACKAGE_STATE = /\/(?:var\/(?:lib\/apt|cache)|etc\/apt|etc\/apk|usr\/share\/keyrings)\b/;
/** Variables of a front end's build. */
const FRONT_END_VARIABLES =
  /^(?:NODE_|npm_|NPM_|YARN_|VITE_|REACT_APP_|VUE_APP_|NEXT_|PUBLIC_URL$|CI$|GENERATE_SOURCEMAP$|BROWSERSLIST)/;

export function sideOfRun({ steps = [], state }: RunSteps, rules: SideRules): SideOfRun {
  const { side, isBehind } = rules;
  const firstNode = steps.findIndex(({ kind }) => kind === "node");
  const lastNode = steps.findLastIndex(({ kind }) => kind === "node");
  const firstGo = steps.findIndex(({ kind }, index) => kind === "go" && index > lastNode);
  const goBegins = firstGo < 0 ? steps.length : firstGo;
  const hasGo = steps.some(({ kind }) => kind === "go");
  const kept = new Set<number>();
  const removedWords: { start: number; end: number }[] = [];
  let installs = false;
  steps.forEach((step, index) => {
    if (step.kind === "packages") {
      const words = otherPackages(step, rules);
      if (words === "all") return;
      removedWords.push(...words);
      installs ||= step.commands.some((command) => packageAction(command)?.action === "install");
      kept.add(index);
    } else if (belongs(step, index)) {
      kept.add(index);
      if (side === "front-end")
        for (const command of step.commands) {
          const yarn = globalYarn(command);
          if (yarn === "all") continue;
          for (const { start, end } of yarn) {
            const before =
              command.words[command.words.findIndex((word) => word.start === start) - 1]!;
            removedWords.push({ start: before.end, end });
          }
        }
    }
  });
  if (!installs && (side === "front-end" || kept.size < steps.length))
    for (const index of kept) if (isUpkeep(steps[index]!)) kept.delete(index);
  trimState();
  const hasEffect = [...kept].some((index) => {
    const { kind } = steps[index]!;
    return kind !== "state" && (side === "go" || kind !== "quiet");
  });
  return { kept, removedWords, hasEffect, installs };

  function belongs({ kind, commands }: Step, index: number): boolean {
    if (kind === "install") return false;
    // Users are made where the program is built.
    if (
      commands.length > 0 &&
      commands.every(({ words: [first] }) => /^(?:chown|chgrp)$/.test(first?.value ?? ""))
    )
      return side === "go";
    if (kind === "node") return side === "front-end" && !isBehind;
    if (kind === "go") return side === "go";
    if (kind === "state") return !commands.some(isForeignExport);
    if (firstNode < 0) return side === "go" || (!hasGo && !isBehind && kind === "files");
    if (index < firstNode) return kind === "files" || side === "front-end";
    return side === "go" ? index > goBegins : index < goBegins;
  }

  /** `export NODE_ENV=production` is of no use to Go. */
  function isForeignExport({ words }: ShellCommand): boolean {
    if (words[0]?.value !== "export") return false;
    const name = words[1]?.text.split("=")[0] ?? "";
    return side === "go" ? FRONT_END_VARIABLES.test(name) : TOOLCHAIN_VARIABLES.has(name);
  }

  /** What is set for steps that are not there any more. */
  function trimState(): void {
    const effects = [...kept].filter((index) => steps[index]!.kind !== "state");
    const [first, last] = [Math.min(...effects), Math.max(...effects)];
    const isAtStart =
      kept.size < steps.length && steps[first]?.commands[0]?.directory === state.directory;
    for (const index of kept) {
      if (steps[index]!.kind !== "state") continue;
      const isMove = steps[index]!.commands.every(({ words }) => words[0]?.value === "cd");
      if (index > last || (isMove && isAtStart && index < first)) kept.delete(index);
    }
  }
}

/** Lists of packages that are fetched or deleted, which serve only an installation. */
function isUpkeep({ kind, commands }: Step): boolean {
  if (kind === "packages")
    return commands.every((command) => packageAction(command)?.action === "other");
  return (
    kind === "files" &&
    commands.every(({ words }) =>
      words.slice(1).every(({ text }) => text.startsWith("-") || PACKAGE_STATE.test(text)),
    )
  );
}

/** The words of packages that the other side needs, or all of the step when no other is left. */
function otherPackages(
  { commands }: Step,
  rules: SideRules,
): "all" | { readonly start: number; readonly end: number }[] {
  const removed: { start: number; end: number }[] = [];
  for (const command of commands) {
    const action = packageAction(command);
    if (!action) continue;
    if (rules.side === "front-end" && (rules.isBehind || action.action === "remove")) return "all";
    if (
      rules.side === "front-end" &&
      command.words.some(({ text }) => /^(?:dist-)?upgrade$/.test(text))
    )
      return "all";
    if (action.action === "other") continue;
    const others = action.packages.filter(({ name }) => isOther(name, rules));
    if (others.length === 0) continue;
    if (others.length === action.packages.length) return "all";
    command.words.forEach((word, index) => {
      if (index > 1 && others.some(({ written }) => written === word.value))
        removed.push({ start: command.words[index - 1]!.end, end: word.end });
    });
  }
  return removed;
}

function isOther(name: string, { side, base, scripts }: SideRules): boolean {
  if (NODE_PACKAGE_NAMES.has(name)) return true;
  if (side === "go") return false;
  const isNamed = [baseName(name), ...programsOf(name)].some((program) =>
    new RegExp(
      `(?:^|[\\s;&|"'/])${program.replace(/[.+*?^${}()|[\]\\]/g, "\\$&")}(?:[\\s;&|"']|$)`,
      "m",
    ).test(scripts),
  );
  return !isNamed && !buildsFrontEnd(name, base.distribution !== "alpine");
}

/**
 * The image of Node.js for a builder that installs packages of the distribution: of the release that has them.
 * Source: https://github.com/docker-library/official-images/commits/master/library/node
 */
export function withRelease(image: string, release: string): string | undefined {
  const version = /^node:(\d[\d.]*)$/.exec(image)?.[1];
  const since = RELEASES_OF_IMAGES[release];
  if (version === undefined || !since) return undefined;
  const [first, last] = since;
  return isAtLeast(version, first) && !isAtLeast(version, last + 1)
    ? `${image}-${release}`
    : undefined;
}

const RELEASES_OF_IMAGES: Readonly<Record<string, readonly [first: number, last: number]>> = {
  buster: [8, 20],
  bullseye: [14, 24],
  bookworm: [16, 24],
  trixie: [24, 24],
};
