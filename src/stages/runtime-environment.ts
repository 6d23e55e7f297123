import { DEFAULT_PATH, type BaseImage } from "../core/base-images.ts";
import type { Document } from "../core/document.ts";
import type { ImageContract } from "../core/image-contract.ts";
import type { Instruction } from "../core/line-reader.ts";
import { linesOf, type Place, type PlanBuilder } from "../core/plan.ts";
import { sourceSpan } from "../core/source.ts";
import { expand, splitPairs, type Pair } from "../core/words.ts";
import { keywordText, writtenBody } from "./written-instruction.ts";

/** What decides which variables the final stage gets. */
export interface EnvironmentRules {
  /** Defaults of the final stage's image; `undefined` when it is in no table. */
  readonly base: BaseImage | undefined;
  /** Variables that only the toolchain reads. */
  readonly isToolchainVariable: (name: string) => boolean;
  /** Directories on PATH that the runtime does not have. */
  readonly toolchainDirectories: readonly string[];
  /** Instructions that run programs which may read any variable. */
  readonly environmentReaders: readonly Instruction[];
}

/** Variables that both a build and a program read. Source: https://docs.docker.com/reference/dockerfile/#predefined-args */
const READ_BY_BOTH =
  /^(?:(?:https?|ftp|no|all)_proxy|HOME|LANG|LC_\w+|TZ|TMPDIR|NETRC|SSL_CERT_FILE|SSL_CERT_DIR|GIT_\w+|SSH_\w+|XDG_\w+|GODEBUG|LD_\w+|CPATH|\w*LIBRARY_PATH)$/i;

/** The environment of the final stage, as far as the instructions up to now make it. */
export interface RuntimeEnvironment {
  readonly document: Document;
  readonly contract: ImageContract;
  readonly rules: EnvironmentRules;
  readonly plan: PlanBuilder;
  /** Variables that the final stage sets. */
  readonly names: Set<string>;
  /** Variables that the base image or an earlier ENV of the builder sets. */
  readonly setBefore: Set<string>;
  /** ENV instructions of which the final stage gets values in place of references. */
  readonly rewritten: Set<Instruction>;
  /** Variables that stay in the builder. */
  readonly left: string[];
}

export function createRuntimeEnvironment(
  document: Document,
  contract: ImageContract,
  rules: EnvironmentRules,
  plan: PlanBuilder,
): RuntimeEnvironment {
  const ofBase = [...contract.environment].filter(
    ([, { instruction }]) => instruction === undefined,
  );
  return {
    document,
    contract,
    rules,
    plan,
    names: new Set(),
    setBefore: new Set(ofBase.map(([name]) => name)),
    rewritten: new Set(),
    left: [],
  };
}

interface CarriedPair {
  readonly name: string;
  /** As the final stage has it. */
  readonly text: string;
  /** The build reads it too. */
  readonly alsoBuild: boolean;
  readonly isRewritten: boolean;
}

/**
 * Moves or repeats an ENV of the builder.
 *
 * @param later the builder's instructions behind it
 * @param isInherited it stands in another stage of the file, which keeps it
 * @returns its lines in the final stage, none when all of it stays in the builder
 */
export function carryEnvironment(
  environment: RuntimeEnvironment,
  instruction: Instruction,
  later: readonly Instruction[],
  isInherited = false,
): readonly string[] {
  const { document, plan, names, setBefore, rewritten } = environment;
  const pairs = splitPairs(instruction.body.text, document.escape) ?? [];
  const carried = pairs.flatMap((pair) => carryPair(environment, instruction, pair, later) ?? []);
  for (const { name } of pairs) setBefore.add(name);
  if (carried.length === 0) return [];
  const isWhole =
    carried.length === pairs.length && !carried.some(({ isRewritten }) => isRewritten);
  if (carried.some(({ isRewritten }) => isRewritten)) rewritten.add(instruction);
  for (const { name } of carried) names.add(name);
  if (isWhole && !isInherited && !carried.some(({ alsoBuild }) => alsoBuild)) {
    plan.remove(instruction);
    plan.because("configuration-moved", instruction, { data: { keyword: "ENV" } });
    return linesOf(document, instruction);
  }
  plan.because("configuration-repeated", instruction, { data: { keyword: "ENV" } });
  const body = isWhole
    ? writtenBody(document, instruction)
    : carried.map(({ text }) => text).join(" ");
  return `${keywordText(document, instruction)} ${body}`.split(/\r?\n/);
}

/** A variable as the final stage gets it, or `undefined` when it stays in the builder. */
function carryPair(
  { document, contract, rules, names, setBefore, left }: RuntimeEnvironment,
  instruction: Instruction,
  pair: Pair,
  later: readonly Instruction[],
): CarriedPair | undefined {
  const { name } = pair;
  const setting = contract.environment.get(name);
  // A later ENV sets it again: that one counts for the image.
  const isLast = setting?.instruction === instruction;
  if (name === "PATH") {
    if (!isLast) return undefined;
    const path = pathWithout(setting?.value, rules.toolchainDirectories);
    const isInherited = path === (rules.base?.environment["PATH"] ?? DEFAULT_PATH);
    if (isInherited || path !== setting?.value) left.push(name);
    return isInherited
      ? undefined
      : { name, text: `PATH=${path}`, alsoBuild: true, isRewritten: true };
  }
  if (rules.isToolchainVariable(name)) {
    if (isLast) left.push(name);
    return undefined;
  }
  const { references } = expand(pair.value ?? "", () => undefined, document.escape);
  // What the value refers to is not the same in the final stage: the value itself is written there.
  const isForeign = references.some(
    (reference) => !names.has(reference) && setBefore.has(reference),
  );
  const value = isForeign && isLast ? setting?.value : undefined;
  return {
    name,
    text:
      value === undefined
        ? instruction.body.text.slice(pair.start, pair.end)
        : `${name}=${quoted(value, document.escape)}`,
    alsoBuild: isReadByBuild(name, later, rules, document),
    isRewritten: value !== undefined,
  };
}

function isReadByBuild(
  name: string,
  later: readonly Instruction[],
  rules: EnvironmentRules,
  document: Document,
): boolean {
  if (READ_BY_BOTH.test(name)) return true;
  if (rules.environmentReaders.some((reader) => later.includes(reader))) return true;
  // Anything that mentions the name may read it: `$NAME`, `printenv NAME`, `$((NAME + 1))`, `--mount=…,target=$NAME`.
  const reference = new RegExp(`(?<!\\w)${name.replace(/[^\w]/g, "\\$&")}(?!\\w)`);
  return later.some(({ span }) => reference.test(document.source.slice(span.start, span.end)));
}

/** `ENV PATH=$PATH:/app/bin` behind the build: the new base has no toolchain directories in its PATH. */
export function rewritePathBehindBuild(
  { document, contract, rules, plan }: RuntimeEnvironment,
  instruction: Instruction,
): void {
  const pairs = splitPairs(instruction.body.text, document.escape) ?? [];
  const setting = contract.environment.get("PATH");
  if (setting?.instruction !== instruction) return;
  const pair = pairs.findLast(({ name }) => name === "PATH")!;
  plan.replace(
    sourceSpan(instruction.body, pair.start, pair.end),
    `PATH=${pathWithout(setting.value, rules.toolchainDirectories)}`,
  );
  plan.because("toolchain-environment-left", instruction, {
    data: { names: "PATH" },
    allows: ["env:PATH"],
  });
}

/** Names the variables that the final stage has not, those of the builder's base among them. */
export function noteLeftVariables(
  { contract, rules: { base }, plan, left, names: set }: RuntimeEnvironment,
  at: Place,
): void {
  const ofBase = [...contract.environment].filter(
    ([name, { instruction, value }]) =>
      instruction === undefined &&
      !set.has(name) &&
      !(base && Object.hasOwn(base.environment, name) && base.environment[name] === value),
  );
  const names = [...new Set([...left, ...ofBase.map(([name]) => name)])];
  if (names.length > 0)
    plan.because("toolchain-environment-left", at, {
      data: { names: names.join(", ") },
      allows: names.map((name) => `env:${name}`),
    });
}

/** PATH without some directories, and with those that every image has. */
export function pathWithout(path: string | undefined, directories: readonly string[]): string {
  const own = (path ?? "")
    .split(":")
    .filter(
      (directory) => directory !== "" && !directories.includes(directory.replace(/\/+$/, "")),
    );
  return own.length === 0
    ? DEFAULT_PATH
    : [...new Set([...own, ...DEFAULT_PATH.split(":")])].join(":");
}

/** A value as ENV takes it. */
function quoted(value: string, escape: string): string {
  if (/^[\w./:@%+,=-]+$/.test(value)) return value;
  return `"${[...value].map((char) => (char === '"' || char === "$" || char === escape ? escape + char : char)).join("")}"`;
}
