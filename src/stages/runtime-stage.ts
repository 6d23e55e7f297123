import { DEFAULT_PATH, type BaseImage } from "../core/base-images.ts";
import type { Document, Stage } from "../core/document.ts";
import { walkStage, type ImageContract } from "../core/image-contract.ts";
import type { Instruction } from "../core/line-reader.ts";
import { resolvePath } from "../core/path.ts";
import { linesOf, type PlanBuilder } from "../core/plan.ts";
import { sourceSpan } from "../core/source.ts";
import { expand, splitArguments, splitPairs, type Pair } from "../core/words.ts";

/**
 * Opens a runtime stage behind a single stage: the builder keeps its lines, the image's configuration goes to
 * the new stage with its comments, in its original order. Instructions behind the last build step stay where they are.
 */
export interface RuntimeStage {
  readonly image: string;
  /** Defaults of that image; `undefined` when it is in no table. */
  readonly base: BaseImage | undefined;
  /** Lines that the builder gets at its end. */
  readonly builderLines: readonly string[];
  /** Lines that come before WORKDIR: files of the system. */
  readonly systemLines: readonly string[];
  /** Lines that come after WORKDIR: assets, then the artifact. */
  readonly fileLines: readonly string[];
  /** New bodies of instructions that go into the runtime stage (a start in exec form). */
  readonly newBodies: ReadonlyMap<Instruction, string>;
  /** Variables that only the toolchain reads. */
  readonly isToolchainVariable: (name: string) => boolean;
  /** Directories on PATH that the runtime does not have. */
  readonly toolchainDirectories: readonly string[];
  /** Instructions that run programs which may read any variable. */
  readonly environmentReaders: readonly Instruction[];
}

/** Codes that this module gives; a transform that uses it takes them into its own table. */
export const runtimeStageReasons = {
  "runtime-stage": {
    kind: "change",
    message: "the image is made from {image}, with what the program needs",
    page: `A second stage was opened for the image that is shipped. What the first stage holds beside the copied files (the
toolchain, sources, caches) is left out of it.`,
    source: "https://docs.docker.com/build/building/multi-stage/",
  },
  "builder-named": {
    kind: "change",
    message: "the build stage is named {name}",
    page: "The first stage gets a name, so that the second one can copy from it.",
    source: "https://docs.docker.com/build/building/multi-stage/#name-your-build-stages",
  },
  "stage-name-kept": {
    kind: "change",
    message: "the name {name} goes to the final stage",
    page: `The stage had a name already. Compose files, \`--target\` and CI mean the runnable image by it, so the name stays on the
final stage, and the build stage gets a free one.`,
    source: "https://docs.docker.com/reference/cli/docker/buildx/build/#target",
  },
  "configuration-moved": {
    kind: "change",
    message: "{keyword} configures the image and goes to its stage",
    page: "An instruction that configures the final image was moved, with its comment, into the stage that makes it.",
    source: "https://docs.docker.com/reference/dockerfile/",
  },
  "configuration-repeated": {
    kind: "change",
    message: "{keyword} counts for the build and for the image, and stands in both stages",
    page: `The instruction is read by the build, and the program may read it too: it stays in the builder and is repeated in the
final stage. An ARG that the final stage uses must be declared there again.`,
    source: "https://docs.docker.com/build/building/variables/#scoping",
  },
  "working-directory-kept": {
    kind: "change",
    message: "the working directory stays {directory}",
    page: `The final stage gets the same working directory, so that relative paths of the start command and of the program mean
the same. golang's images start in /go.`,
    source: "https://docs.docker.com/reference/dockerfile/#workdir",
  },
  "toolchain-environment-left": {
    kind: "change",
    message: "variables that only the toolchain reads stay in the builder: {names}",
    page: `GOPATH, GOLANG_VERSION and the like configure the toolchain, which the final image no longer holds. PATH loses the
toolchain's directories. A program that reads one of these variables itself would be a reason to set it again.`,
    source: "https://pkg.go.dev/cmd/go#hdr-Environment_variables",
  },
  "build-shell-left": {
    kind: "change",
    message: "SHELL counts for the build only and stays there",
    page: "SHELL says which shell runs shell forms. Nothing in the final stage is in shell form, so it has no use there.",
    source: "https://docs.docker.com/reference/dockerfile/#shell",
  },
} as const;

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
/** Variables that both a build and a program read. Source: https://docs.docker.com/reference/dockerfile/#predefined-args */
const READ_BY_BOTH =
  /^(?:(?:https?|ftp|no|all)_proxy|HOME|LANG|LC_\w+|TZ|TMPDIR|NETRC|SSL_CERT_FILE|SSL_CERT_DIR|GIT_\w+|SSH_\w+|XDG_\w+|GODEBUG|LD_\w+|CPATH|\w*LIBRARY_PATH)$/i;

/** Something that cannot be carried over to the runtime stage. */
export interface StageRefusal {
  readonly code: string;
  readonly at: Instruction;
  readonly data: Readonly<Record<string, string>>;
}

/** Writes the plan's edits, or says what cannot be carried over. */
export function openRuntimeStage(
  document: Document,
  stage: Stage,
  contract: ImageContract,
  runtime: RuntimeStage,
  plan: PlanBuilder,
): StageRefusal | undefined {
  const { escape } = document;
  const lastBuildStep = stage.instructions.findLastIndex((instruction) =>
    BUILD_STEPS.has(instruction.keyword),
  );
  const building = stage.instructions.slice(0, lastBuildStep + 1);
  const trailing = stage.instructions.slice(lastBuildStep + 1);
  const base = runtime.base;

  const upper =
    document.source.slice(stage.from.keywordSpan.start, stage.from.keywordSpan.end) !== "from";
  const word = (keyword: string): string => (upper ? keyword : keyword.toLowerCase());
  const names = nameStages(document, stage);
  nameBuilder(stage, names, word("AS"), plan);

  const platform = stage.platform === undefined ? "" : ` --platform=${stage.platform}`;
  const inCase = (line: string): string => line.replace(/^[A-Z]+/, word);
  const head = [
    `${word("FROM")}${platform} ${runtime.image} ${word("AS")} ${names.final}`,
    ...runtime.systemLines.map(inCase),
  ];
  plan.because("runtime-stage", stage.from, { data: { image: runtime.image } });

  // What the final stage holds of the configuration, and which variables it refers to.
  /** BuildKit makes a WORKDIR for the user in force: where that was the program's user, it stays so. */
  const userLines: string[] = [];
  const moved: { instruction: Instruction; lines: readonly string[] }[] = [];
  const leftNames: string[] = [];
  const inRuntime: Instruction[] = [];
  const inRuntimeNames = new Set<string>();
  const rewritten = new Set<Instruction>();
  /** Variables that the base image or an earlier ENV of the builder sets. */
  const setBefore = new Set(
    [...contract.environment]
      .filter(([, { instruction }]) => instruction === undefined)
      .map(([name]) => name),
  );

  for (const [index, instruction] of building.entries()) {
    const { keyword } = instruction;
    if (CONFIGURATION.has(keyword)) {
      plan.remove(instruction);
      plan.because("configuration-moved", instruction, { data: { keyword } });
      moved.push({
        instruction,
        lines: withBody(document, instruction, runtime.newBodies.get(instruction)),
      });
      inRuntime.push(instruction);
    } else if (keyword === "ENV") environment(instruction, index);
    else if (keyword === "SHELL" && contract.shell.join() !== "/bin/sh,-c") {
      plan.because("build-shell-left", instruction, { allows: ["shell"] });
    } else if (
      keyword === "USER" &&
      instruction === building.findLast((other) => other.keyword === "USER") &&
      !trailing.some((other) => other.keyword === "USER")
    ) {
      const isDefault = (contract.user || "root") === (base?.user || "root") && base !== undefined;
      if (!isDefault) {
        const line = `${word("USER")} ${contract.user}`;
        if (userAtDirectory(document, stage, contract.workingDirectory) === contract.user)
          userLines.push(line);
        else moved.push({ instruction, lines: [line] });
        plan.because("configuration-repeated", instruction, { data: { keyword } });
      }
    }
  }

  function environment(instruction: Instruction, index: number): void {
    const pairs = splitPairs(instruction.body.text, escape) ?? [];
    const later = building.slice(index + 1);
    const mayBeReadByAny = runtime.environmentReaders.some((reader) => later.includes(reader));
    const kept: { pair: Pair; text: string; alsoBuild: boolean; isRewritten: boolean }[] = [];
    for (const pair of pairs) {
      const { name } = pair;
      const setting = contract.environment.get(name);
      // A later ENV sets it again: that one counts for the image.
      const isLast = setting?.instruction === instruction;
      if (name === "PATH") {
        if (!isLast) continue;
        const path = runtimePath(setting?.value);
        if (path === (base?.environment["PATH"] ?? DEFAULT_PATH)) leftNames.push(name);
        else {
          kept.push({ pair, text: `PATH=${path}`, alsoBuild: true, isRewritten: true });
          if (path !== setting?.value) leftNames.push(name);
        }
      } else if (runtime.isToolchainVariable(name)) {
        if (isLast) leftNames.push(name);
      } else {
        // Anything that mentions the name may read it: `$NAME`, `printenv NAME`, `$((NAME + 1))`, `--mount=…,target=$NAME`.
        const reference = new RegExp(`(?<!\\w)${name.replace(/[^\w]/g, "\\$&")}(?!\\w)`);
        const alsoBuild =
          mayBeReadByAny ||
          READ_BY_BOTH.test(name) ||
          later.some((other) =>
            reference.test(document.source.slice(other.span.start, other.span.end)),
          );
        const { references } = expand(pair.value ?? "", () => undefined, escape);
        // What the value refers to is not the same in the final stage: the value itself is written there.
        const isForeign = references.some(
          (reference) => !inRuntimeNames.has(reference) && setBefore.has(reference),
        );
        const text = instruction.body.text.slice(pair.start, pair.end);
        const value = isForeign && isLast ? setting?.value : undefined;
        kept.push({
          pair,
          text: value === undefined ? text : `${name}=${quoted(value, escape)}`,
          alsoBuild,
          isRewritten: value !== undefined,
        });
      }
    }
    for (const { name } of pairs) setBefore.add(name);
    if (kept.length === 0) return;
    const isWhole = kept.length === pairs.length && !kept.some(({ isRewritten }) => isRewritten);
    if (isWhole && !kept.some(({ alsoBuild }) => alsoBuild)) {
      plan.remove(instruction);
      plan.because("configuration-moved", instruction, { data: { keyword: "ENV" } });
      moved.push({ instruction, lines: linesOf(document, instruction) });
    } else {
      plan.because("configuration-repeated", instruction, { data: { keyword: "ENV" } });
      const body = isWhole
        ? writtenBody(document, instruction)
        : kept.map(({ text }) => text).join(" ");
      moved.push({
        instruction,
        lines: `${keywordText(document, instruction)} ${body}`.split(/\r?\n/),
      });
    }
    inRuntime.push(instruction);
    if (kept.some(({ isRewritten }) => isRewritten)) rewritten.add(instruction);
    for (const { pair } of kept) inRuntimeNames.add(pair.name);
  }

  function runtimePath(value: string | undefined): string {
    return pathWithout(value, runtime.toolchainDirectories);
  }

  for (const instruction of trailing) {
    const body = runtime.newBodies.get(instruction);
    if (body !== undefined) {
      const comments = innerComments(document, instruction);
      if (comments.length > 0)
        plan.replace(
          { start: instruction.span.start, end: instruction.span.start },
          comments.map((line) => line + document.lineEnd).join(""),
        );
      plan.replace(sourceSpan(instruction.body, 0, instruction.body.text.length), body);
    }
    if (instruction.keyword === "ENV") {
      for (const { name } of splitPairs(instruction.body.text, escape) ?? []) {
        if (name === "PATH") pathBehindBuild(instruction);
      }
    }
    inRuntime.push(instruction);
  }

  /** `ENV PATH=$PATH:/app/bin` behind the build: the new base has no toolchain directories in its PATH. */
  function pathBehindBuild(instruction: Instruction): void {
    const pairs = splitPairs(instruction.body.text, escape) ?? [];
    const setting = contract.environment.get("PATH");
    if (setting?.instruction !== instruction) return;
    const pair = pairs.findLast(({ name }) => name === "PATH")!;
    plan.replace(
      sourceSpan(instruction.body, pair.start, pair.end),
      `PATH=${runtimePath(setting.value)}`,
    );
    plan.because("toolchain-environment-left", instruction, {
      data: { names: "PATH" },
      allows: ["env:PATH"],
    });
  }

  // Variables of the builder that the final stage refers to.
  const arguments_ = new Map<string, { instruction: Instruction; text: string }>();
  for (const instruction of building) {
    if (instruction.keyword !== "ARG") continue;
    for (const pair of splitArguments(instruction.body.text, escape)) {
      arguments_.set(pair.name, {
        instruction,
        text: instruction.body.text.slice(pair.start, pair.end),
      });
    }
  }
  const redeclared: string[] = [];
  const declared = new Set<string>();
  let foreign: StageRefusal | undefined;
  for (const instruction of inRuntime) {
    const { keyword } = instruction;
    if (["CMD", "ENTRYPOINT", "HEALTHCHECK", "SHELL"].includes(keyword)) continue;
    for (const name of expand(instruction.body.text, () => undefined, escape).references) {
      if (!declared.has(name)) declare(name, instruction);
    }
    const pairs =
      keyword === "ENV"
        ? splitPairs(instruction.body.text, escape)
        : keyword === "ARG"
          ? splitArguments(instruction.body.text, escape)
          : [];
    for (const { name } of pairs ?? []) declared.add(name);
  }

  if (runtime.builderLines.length > 0)
    plan.insertAfter(building.at(-1)!, runtime.builderLines.map(inCase));
  /** Declares an ARG again, after those that its default refers to. */
  function declare(name: string, user: Instruction): void {
    declared.add(name);
    const argument = arguments_.get(name);
    if (argument) {
      for (const inner of expand(argument.text.slice(name.length + 1), () => undefined, escape)
        .references)
        if (!declared.has(inner)) declare(inner, user);
      redeclared.push(`${keywordText(document, argument.instruction)} ${argument.text}`);
      plan.because("configuration-repeated", argument.instruction, { data: { keyword: "ARG" } });
    } else if (
      contract.environment.has(name) &&
      !inRuntimeNames.has(name) &&
      !rewritten.has(user) &&
      name !== "PATH"
    ) {
      foreign ??= {
        code: "builder-variable-used",
        at: user,
        data: { keyword: user.keyword, name },
      };
    }
  }

  const directoryLines: string[] = [];
  const firstDirectory = trailing.find((instruction) => instruction.keyword === "WORKDIR");
  const boundary =
    firstDirectory && !firstDirectory.body.text.replace(/^["']/, "").startsWith("/")
      ? directoryBefore(document, stage, firstDirectory)
      : contract.workingDirectory;
  const inherited = base?.workingDirectory ?? "/";
  if (
    (!firstDirectory || !firstDirectory.body.text.replace(/^["']/, "").startsWith("/")) &&
    boundary !== undefined &&
    boundary !== inherited
  ) {
    directoryLines.push(`${word("WORKDIR")} ${boundary}`);
    plan.because(
      "working-directory-kept",
      building.findLast((instruction) => instruction.keyword === "WORKDIR") ?? stage.from,
      { data: { directory: boundary } },
    );
  }

  for (const [name, setting] of contract.environment) {
    if (
      setting.instruction === undefined &&
      !(base && Object.hasOwn(base.environment, name) && base.environment[name] === setting.value)
    )
      leftNames.push(name);
  }
  const left = [...new Set(leftNames)];
  if (left.length > 0)
    plan.because("toolchain-environment-left", stage.from, {
      data: { names: left.join(", ") },
      allows: left.map((name) => `env:${name}`),
    });
  // A variable that the runtime's own base sets beside those of the file.
  for (const name of Object.keys(base?.environment ?? {}))
    if (!contract.environment.has(name))
      plan.because("runtime-stage", stage.from, {
        data: { image: runtime.image },
        allows: [`env:${name}`],
      });

  const lines = [
    ...head,
    ...userLines,
    ...directoryLines,
    ...runtime.fileLines.map(inCase),
    ...redeclared,
    ...moved.flatMap((entry) => entry.lines),
  ];
  insert(document, trailing[0], lines, plan);
  return foreign;
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
  const firstLine = before.leadingComments[0]?.line ?? before.line;
  const previous = document.source.slice(
    document.lineStarts[firstLine - 2] ?? 0,
    document.lineStarts[firstLine - 1],
  );
  plan.insertBefore(before, previous.trim() === "" ? [...lines, ""] : ["", ...lines]);
}

interface StageNames {
  readonly builder: string;
  readonly final: string;
}

function nameStages(document: Document, stage: Stage): StageNames {
  // BuildKit gives these names a meaning of its own.
  if (stage.name === "scratch" || stage.name === "context")
    return { builder: "builder", final: "runtime" };
  const final = stage.name ?? "runtime";
  const written = stage.nameSpan
    ? document.source.slice(stage.nameSpan.start, stage.nameSpan.end)
    : final;
  const builder = ["builder", "build", "go-builder"].find((name) => name !== final)!;
  return { builder, final: written };
}

/** The name that the build stage will have. */
export function builderName(document: Document, stage: Stage): string {
  return nameStages(document, stage).builder;
}

function nameBuilder(stage: Stage, names: StageNames, as: string, plan: PlanBuilder): void {
  if (stage.nameSpan) {
    plan.replace(stage.nameSpan, names.builder);
    plan.because("stage-name-kept", stage.from, { data: { name: names.final } });
  } else {
    plan.replace(
      { start: stage.imageSpan.end, end: stage.imageSpan.end },
      ` ${as} ${names.builder}`,
    );
    plan.because("builder-named", stage.from, { data: { name: names.builder } });
  }
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

function keywordText(document: Document, instruction: Instruction): string {
  return document.source.slice(instruction.keywordSpan.start, instruction.keywordSpan.end);
}

/** The body as it is written, continuation lines and all. */
function writtenBody(document: Document, instruction: Instruction): string {
  const { start } = sourceSpan(instruction.body, 0, 1);
  return document.source.slice(start, instruction.span.end);
}

/** The lines of an instruction, its body replaced when there is a new one. */
function withBody(
  document: Document,
  instruction: Instruction,
  body: string | undefined,
): string[] {
  const lines = linesOf(document, instruction);
  if (body === undefined) return lines;
  const comments = lines.slice(0, instruction.leadingComments.length);
  const { start } = sourceSpan(instruction.body, 0, 1);
  return [
    ...comments,
    ...innerComments(document, instruction),
    document.source.slice(instruction.span.start, start) + body,
  ];
}

/** Comments between the lines of a body, which go above the instruction when the body is written anew. */
function innerComments(document: Document, instruction: Instruction): string[] {
  const body = sourceSpan(instruction.body, 0, 1).start;
  return instruction.innerComments
    .filter(({ start }) => start > body)
    .map(({ start, end }) => document.source.slice(start, end));
}

/** The user in force when WORKDIR first named a directory, and so made it. */
function userAtDirectory(
  document: Document,
  stage: Stage,
  directory: string | undefined,
): string | undefined {
  let user: string | undefined;
  walkStage(document, stage, (instruction, state) => {
    if (instruction.keyword !== "WORKDIR") return;
    const target = expand(instruction.body.text, state.lookup, document.escape).value;
    if (target !== undefined && resolvePath(state.directory, target) === directory)
      user ??= state.user;
  });
  return user;
}

function directoryBefore(
  document: Document,
  stage: Stage,
  target: Instruction,
): string | undefined {
  let directory: string | undefined;
  walkStage(document, stage, (instruction, state) => {
    if (instruction === target) directory = state.directory;
  });
  return directory;
}
