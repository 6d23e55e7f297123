import type { Document, Stage } from "../core/document.ts";
import { walkStage, type ImageContract } from "../core/image-contract.ts";
import type { Instruction } from "../core/line-reader.ts";
import type { PlanBuilder } from "../core/plan.ts";
import { sourceSpan } from "../core/source.ts";
import { expand, splitPairs } from "../core/words.ts";
import { redeclareArguments, type StageRefusal } from "./redeclared-arguments.ts";
import {
  carryEnvironment,
  createRuntimeEnvironment,
  noteLeftVariables,
  rewritePathBehindBuild,
  type EnvironmentRules,
} from "./runtime-environment.ts";
import { configuredStage } from "./stage-chain.ts";
import { nameBuilder, nameStages } from "./stage-names.ts";
import { runtimeDirectory, userAtDirectory } from "./working-directory.ts";
import { innerComments, withBody } from "./written-instruction.ts";

/**
 * Opens a runtime stage behind a single stage: the builder keeps its lines, the image's configuration goes to
 * the new stage with its comments, in its original order. Instructions behind the last build step stay where they are.
 */
export interface RuntimeStage extends EnvironmentRules {
  readonly image: string;
  /** Lines that the builder gets at its end. */
  readonly builderLines: readonly string[];
  /** Lines that come before WORKDIR: files of the system. */
  readonly systemLines: readonly string[];
  /** Lines that come after WORKDIR: assets, then the artifact. */
  readonly fileLines: readonly string[];
  /** New bodies of instructions that go into the runtime stage (a start in exec form). */
  readonly newBodies: ReadonlyMap<Instruction, string>;
  /** Variables that the builder's base sets and the program reads. */
  readonly keptVariables: ReadonlyMap<string, string>;
  /** The start or the health check is in shell form, so that SHELL counts for it. */
  readonly usesShell: boolean;
  /** The builder's new lines are a build, which needs all that is set up to the end. */
  readonly buildsAtEnd: boolean;
  /** The working directory belongs to the user of the image. */
  readonly userOwnsDirectory: boolean;
  /** Instructions that have no place in the final stage: the start of a server that another one takes the place of. */
  readonly left?: ReadonlySet<Instruction>;
  /** The final stage runs none of the builder's programs: it begins in its base's own directory, as its base's own user. */
  readonly isForeign?: boolean;
}

/** Keywords that say nothing but how the image is configured. */
const CONFIGURATION = new Set([
  "EXPOSE",
  "VOLUME",
  "LABEL",
  "HEALTHCHECK",
  "STOPSIGNAL",
  "MAINTAINER",
  "CMD",
  "ENTRYPOINT",
]);
const BUILD_STEPS = new Set(["RUN", "COPY", "ADD"]);

/** Writes the plan's edits, or says what cannot be carried over. */
export function openRuntimeStage(
  document: Document,
  stage: Stage,
  contract: ImageContract,
  runtime: RuntimeStage,
  plan: PlanBuilder,
): StageRefusal | undefined {
  const { base, image } = runtime;
  const lastBuildStep = stage.instructions.findLastIndex(({ keyword }) =>
    runtime.buildsAtEnd ? !CONFIGURATION.has(keyword) : BUILD_STEPS.has(keyword),
  );
  // What other stages of the file hold cannot stay behind the new FROM.
  const { instructions: own } = document.stages[stage.index]!;
  const inherited = stage.instructions.length - own.length;
  const isInherited = (instruction: Instruction): boolean => !own.includes(instruction);
  const firstTrailing = Math.max(lastBuildStep + 1, inherited);
  const building = stage.instructions.slice(0, firstTrailing);
  const trailing = stage.instructions.slice(firstTrailing);

  const word = keywordCase(document, stage);
  const inCase = (line: string): string => line.replace(/^[A-Z]+/, word);
  const names = nameStages(document, stage);
  const isConfigured = configuredStage(document, stage) !== undefined;
  if (!isConfigured) nameBuilder(stage, names, word("AS"), plan);
  const platform = stage.platform === undefined ? "" : ` --platform=${stage.platform}`;
  const written = stage.nameSpan
    ? document.source.slice(stage.imageSpan.end, stage.nameSpan.start).trim()
    : "";
  const as = /^as$/i.test(written) ? written : word("AS");
  const from = `${word("FROM")}${platform} ${image} ${as} ${names.final}`;
  // A variable that the runtime's own base sets beside those of the file.
  const ofBase = Object.keys(base?.environment ?? {}).filter(
    (name) => !contract.environment.has(name),
  );
  plan.because("runtime-stage", stage.from, {
    data: { image },
    allows: ofBase.map((name) => `env:${name}`),
  });

  const environment = createRuntimeEnvironment(document, contract, runtime, plan);
  const newBodies = new Map([
    ...writtenOut(document, stage, contract, runtime),
    ...runtime.newBodies,
  ]);
  const keptLines = [...runtime.keptVariables].map(
    ([name, value]) => `${word("ENV")} ${name}=${value}`,
  );
  for (const name of runtime.keptVariables.keys()) environment.names.add(name);
  for (const instruction of newBodies.keys())
    if (!runtime.newBodies.has(instruction)) environment.rewritten.add(instruction);
  /** BuildKit makes a WORKDIR for the user in force: where that was the program's user, it stays so. */
  const userLines: string[] = [];
  const configurationLines: string[] = [];
  const inRuntime: Instruction[] = [];
  const programUser = trailing.some(({ keyword }) => keyword === "USER")
    ? undefined
    : building.findLast(({ keyword }) => keyword === "USER");

  const isOwner =
    runtime.userOwnsDirectory ||
    userAtDirectory(document, stage, contract.workingDirectory) === contract.user;

  for (const [index, instruction] of building.entries()) {
    const { keyword } = instruction;
    if (runtime.left?.has(instruction)) {
      plan.remove(instruction);
    } else if (CONFIGURATION.has(keyword)) {
      const lines = withBody(document, instruction, newBodies.get(instruction));
      if (isInherited(instruction)) lines.splice(0, instruction.leadingComments.length);
      else plan.remove(instruction);
      const code = isInherited(instruction) ? "configuration-repeated" : "configuration-moved";
      plan.because(code, instruction, { data: { keyword } });
      configurationLines.push(...lines);
      inRuntime.push(instruction);
    } else if (keyword === "ENV") {
      const lines = carryEnvironment(
        environment,
        instruction,
        building.slice(index + 1),
        isInherited(instruction),
      );
      configurationLines.push(...lines);
      if (lines.length > 0) inRuntime.push(instruction);
    } else if (keyword === "SHELL" && runtime.usesShell) {
      configurationLines.push(...withBody(document, instruction, undefined));
      inRuntime.push(instruction);
      plan.because("configuration-repeated", instruction, { data: { keyword } });
    } else if (keyword === "SHELL" && contract.shell.join() !== "/bin/sh,-c") {
      plan.because("build-shell-left", instruction, { allows: ["shell"] });
    } else if (instruction === programUser && !runtime.isForeign) {
      const isDefault = (contract.user || "root") === (base?.user || "root") && base !== undefined;
      if (isDefault) continue;
      (isOwner ? userLines : configurationLines).push(`${word("USER")} ${contract.user}`);
      plan.because("configuration-repeated", instruction, { data: { keyword } });
    }
  }

  // USER behind the build goes before WORKDIR too, where the directory is to be that user's.
  const lateUser = trailing.findLast(({ keyword }) => keyword === "USER");
  if (lateUser && runtime.userOwnsDirectory) {
    plan.remove(lateUser);
    plan.because("configuration-moved", lateUser, { data: { keyword: "USER" } });
    userLines.push(...withBody(document, lateUser, undefined));
  }

  for (const instruction of trailing) {
    if (runtime.left?.has(instruction)) {
      plan.remove(instruction);
      continue;
    }
    const body = newBodies.get(instruction);
    if (body !== undefined) replaceBody(document, instruction, body, plan);
    if (instruction.keyword === "ENV") {
      const pairs = splitPairs(instruction.body.text, document.escape) ?? [];
      if (pairs.some(({ name }) => name === "PATH"))
        rewritePathBehindBuild(environment, instruction);
    }
    inRuntime.push(instruction);
  }

  const redeclared = redeclareArguments(environment, building, inRuntime);
  if (runtime.builderLines.length > 0)
    plan.insertAfter(building.at(-1)!, runtime.builderLines.map(inCase));

  const directoryLines: string[] = [];
  const directory = runtimeDirectory(document, stage, contract, trailing);
  if (
    directory !== undefined &&
    directory !== (base?.workingDirectory ?? "/") &&
    !runtime.isForeign
  ) {
    directoryLines.push(`${word("WORKDIR")} ${directory}`);
    plan.because(
      "working-directory-kept",
      building.findLast(({ keyword }) => keyword === "WORKDIR") ?? stage.from,
      { data: { directory } },
    );
  }

  noteLeftVariables(environment, stage.from);
  if (isConfigured) {
    // FROM stays where it stands, with what is in front of it.
    const { start } = stage.from.span;
    plan.replace({ start, end: stage.from.span.end }, from);
  }
  const lines = [
    ...(isConfigured ? [] : [from]),
    ...runtime.systemLines.map(inCase),
    ...userLines,
    ...directoryLines,
    ...runtime.fileLines.map(inCase),
    ...redeclared.lines,
    ...keptLines,
    ...configurationLines,
  ];
  if (isConfigured) plan.insertAfter(stage.from, lines);
  else
    insert(
      document,
      trailing.find((instruction) => !runtime.left?.has(instruction)),
      lines,
      plan,
    );
  return redeclared.refusal;
}

/** Configuration that names a variable of the toolchain, which the final stage does not have, gets its value. */
function writtenOut(
  document: Document,
  stage: Stage,
  { environment }: ImageContract,
  { isToolchainVariable, keptVariables }: RuntimeStage,
): Map<Instruction, string> {
  const bodies = new Map<Instruction, string>();
  const isForeign = (name: string): boolean => {
    const setting = environment.get(name);
    if (keptVariables.has(name)) return false;
    return (
      setting !== undefined &&
      name !== "PATH" &&
      (setting.instruction === undefined || isToolchainVariable(name))
    );
  };
  walkStage(document, stage, (instruction, { lookup, isArgument }) => {
    const { keyword, body } = instruction;
    if (!VALUES_WRITTEN_OUT.has(keyword) || !body.text.includes("$")) return;
    const { references, value } = expand(body.text, lookup, document.escape);
    if (value !== undefined && references.some(isForeign) && !references.some(isArgument))
      bodies.set(instruction, value);
  });
  return bodies;
}

const VALUES_WRITTEN_OUT = new Set(["WORKDIR", "VOLUME", "EXPOSE", "USER", "STOPSIGNAL"]);

/** New keywords are in the case of the stage's FROM. */
function keywordCase(document: Document, { from }: Stage): (keyword: string) => string {
  const isLower = document.source.slice(from.keywordSpan.start, from.keywordSpan.end) === "from";
  return (keyword) => (isLower ? keyword.toLowerCase() : keyword);
}

/** Writes a body anew where its instruction stands. */
function replaceBody(
  document: Document,
  instruction: Instruction,
  body: string,
  plan: PlanBuilder,
): void {
  const { start } = instruction.span;
  const comments = innerComments(document, instruction);
  if (comments.length > 0)
    plan.replace({ start, end: start }, comments.map((line) => line + document.lineEnd).join(""));
  plan.replace(sourceSpan(instruction.body, 0, instruction.body.text.length), body);
}

/** One blank line before FROM, and the file's own blank line behind the inserted lines when there was one. */
function insert(
  document: Document,
  before: Instruction | undefined,
  lines: readonly string[],
  plan: PlanBuilder,
): void {
  if (!before) {
    plan.append(["", ...lines]);
    return;
  }
  plan.insertBefore(before, isBlankAbove(document, before) ? [...lines, ""] : ["", ...lines]);
}

function isBlankAbove({ source, lineStarts }: Document, instruction: Instruction): boolean {
  const firstLine = instruction.leadingComments[0]?.line ?? instruction.line;
  const previous = source.slice(lineStarts[firstLine - 2] ?? 0, lineStarts[firstLine - 1]);
  return previous.trim() === "";
}
