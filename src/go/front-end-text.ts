/** The text of a stage with Go and Node.js as two stages: a builder of the front end, and what is left. */
import { baseImage, type BaseImage } from "../core/base-images.ts";
import type { Document, Stage } from "../core/document.ts";
import { applyEdits, type Edit } from "../core/edits.ts";
import type { Instruction } from "../core/line-reader.ts";
import { sourceSpan } from "../core/source.ts";
import { resolvePath } from "../core/path.ts";
import { expand, splitArguments, splitPairs } from "../core/words.ts";
import { freeName } from "../stages/stage-names.ts";
import type { BuildPlace } from "../stages/copy-sources.ts";
import { readFrontEnd, type FrontEndBuild, type Inseparable } from "./front-end.ts";
import { onlyFetchesGo, projectCommand, type Step } from "./front-end-steps.ts";
import { sideOfRun, withRelease, type SideOfRun } from "./front-end-sides.ts";
import { TOOLCHAIN_VARIABLES } from "./knowledge.ts";
import type { NodeSource } from "./node-install.ts";
import { pathWords } from "../stages/path-words.ts";

export interface SeparatedText {
  readonly kind: "separated";
  readonly source: string;
  readonly image: string;
  readonly name: string;
  /** The image of Go that takes the place of the stage's own. */
  readonly goImage: string | undefined;
  /** What is copied from it. */
  readonly outputs: readonly string[];
  /** Where the file installs that Node.js, by the distribution's own package or not. */
  readonly node: NodeSource;
  readonly last: Instruction;
  /** Of each instruction of the last stage behind FROM, the one that it comes from. */
  readonly origins: readonly Instruction[];
}

const STAGE_NAMES = ["frontend", "web", "ui"];

/** Takes a stage with Go and Node.js apart; `undefined` when it runs no Node.js. */
export function separateFrontEnd(
  document: Document,
  stage: Stage,
  base: BaseImage,
  place: BuildPlace,
): SeparatedText | Inseparable | undefined {
  const build = readFrontEnd(document, stage, base, place);
  return build?.kind === "front-end" ? separatedText(document, stage, base, build) : build;
}

function separatedText(
  document: Document,
  stage: Stage,
  base: BaseImage,
  build: FrontEndBuild,
): SeparatedText | Inseparable {
  const { source, lineEnd, lineStarts } = document;
  const { runs, last, scripts } = build;
  const end = stage.instructions.indexOf(last);
  const edits: Edit[] = [];
  const origins: Instruction[] = [];
  const frontEnd: string[] = [];
  /** Comments of what is not there any more, which the images do. */
  const heading: string[] = [];
  const goHeading: string[] = [];
  const word = keywordOf(document, stage);
  const name = freeName(
    STAGE_NAMES,
    document.stages.flatMap((one) => one.name ?? []),
  );
  /** Variables that are set here, and not in the new stage. */
  const missing = new Set(Object.keys(base.environment).filter((one) => one !== "PATH"));
  let installs = false;
  let hasDirectory = false;
  let needsDirectory = false;
  const output = build.outputs.map(
    (path) => `${word("COPY")} --from=${name} ${pathWords(path, path)}`,
  );

  for (const [index, instruction] of stage.instructions.entries()) {
    const { keyword } = instruction;
    const isBehind = index > end;
    const run = runs.get(instruction);
    const isNodeCopy = keyword === "COPY" && nodeImageOf(instruction) !== undefined;
    const isGoFetch = build.goImage !== undefined && run !== undefined && onlyFetchesGo(run);
    if (isNodeCopy || isGoFetch) {
      (isGoFetch ? goHeading : heading).push(...commentsOf(instruction));
      removeLines(instruction);
      continue;
    }
    if (!run?.steps) {
      origins.push(instruction);
      if (isBehind || run) continue;
      if (!isOfFrontEnd(instruction)) {
        for (const one of declaredNames(instruction)) missing.add(one);
        continue;
      }
      for (const one of declaredNames(instruction)) missing.delete(one);
      if (keyword === "WORKDIR") hasDirectory ||= /^["']?[/$]/.test(instruction.body.text);
      if (!hasDirectory && ["WORKDIR", "COPY", "ADD"].includes(keyword)) needsDirectory = true;
      const line = frontEndLines(instruction);
      if (!line) return inseparable("it uses a variable that only Go's image has", instruction);
      frontEnd.push(...line);
      continue;
    }
    const rules = { base, scripts, isBehind };
    const front = sideOfRun(run, { ...rules, side: "front-end" });
    const go = sideOfRun(run, { ...rules, side: "go" });
    const isOnlyFront =
      !go.hasEffect && run.steps.some(({ kind }) => kind !== "quiet" && kind !== "state");
    if (front.hasEffect && !isBehind) {
      installs ||= front.installs;
      needsDirectory ||= !hasDirectory && run.steps.some(needsPlace);
      if (usesMissing(instruction, SHELL_VARIABLE))
        return inseparable("it uses a variable that only Go's image has", instruction);
      const comments = isOnlyFront ? commentsOf(instruction) : [];
      frontEnd.push(...comments, ...ownLines(instruction, removals(instruction, front)));
    } else if (isOnlyFront) heading.push(...commentsOf(instruction));
    const copies = instruction === last ? output : [];
    if (isOnlyFront) removeLines(instruction, copies);
    else {
      if (copies.length > 0) {
        const at = lineStarts[instruction.line - 1 - instruction.leadingComments.length]!;
        edits.push({ start: at, end: at, text: copies.map((line) => line + lineEnd).join("") });
      }
      edits.push(...removals(instruction, go));
    }
    for (const _ of copies) origins.push(instruction);
    if (!isOnlyFront) origins.push(instruction);
  }

  let { image } = build.node;
  if (installs && base.distribution !== "alpine") {
    const own = baseImage(image);
    if (base.distribution === "debian" && base.release !== own?.release) {
      const released = base.release === undefined ? undefined : withRelease(image, base.release);
      if (released === undefined)
        return inseparable("no image of that Node.js has the release's packages");
      image = released;
    } else if (base.distribution !== "debian")
      return inseparable("its packages are of another system");
    if (/sources\.list|add-apt-repository|apt-key/.test(source))
      return inseparable("packages come from elsewhere");
  }
  const platform = stage.platform === undefined ? "" : ` --platform=${stage.platform}`;
  const directory = base.workingDirectory ?? "/";
  const lines = [
    ...heading,
    `${word("FROM")}${platform} ${image} ${word("AS")} ${name}`,
    ...(needsDirectory && directory !== "/" ? [`${word("WORKDIR")} ${directory}`] : []),
    ...frontEnd,
    "",
    ...goHeading,
  ];
  const { from } = stage;
  const first = from.leadingComments[0]?.line ?? from.line;
  // A comment at the top of the file is about all of it.
  const line = lineStarts[(first === 1 ? from.line : first) - 1]!;
  const at = line === 0 && source.charCodeAt(0) === 0xfeff ? 1 : line;
  edits.push({ start: at, end: at, text: lines.map((line) => line + lineEnd).join("") });
  if (build.goImage !== undefined) {
    edits.push({ ...stage.imageSpan, text: build.goImage });
    // The images of Go begin in /go.
    const firstPlace = stage.instructions.find(({ keyword }) =>
      ["WORKDIR", "COPY", "ADD", "RUN"].includes(keyword),
    );
    if (!/^["']?\//.test(firstPlace?.keyword === "WORKDIR" ? firstPlace.body.text : "")) {
      const behind = lineStarts[from.endLine] ?? source.length;
      edits.push({ start: behind, end: behind, text: `${word("WORKDIR")} ${directory}${lineEnd}` });
      origins.unshift(from);
    }
  }
  const text = applyEdits(source, edits);
  for (const instruction of stage.instructions)
    for (const { start, end: stop } of instruction.innerComments)
      if (!text.includes(source.slice(start, stop)))
        return inseparable("comments stand between its steps", instruction);
  return {
    kind: "separated",
    source: text,
    image,
    name,
    goImage: build.goImage,
    outputs: build.outputs,
    node: build.node,
    last,
    origins,
  };

  function inseparable(why: string, at = last): Inseparable {
    return { kind: "inseparable", why, at, evidence: [] };
  }

  /** An instruction as it stands in the new stage, where some of the variables are not set. */
  function frontEndLines(instruction: Instruction): string[] | undefined {
    if (!usesMissing(instruction)) return ownLines(instruction, []);
    const { keyword, body } = instruction;
    const { lookup, directory: at } = build.states.get(instruction)!;
    const value = expand(body.text, lookup, document.escape).value;
    const path = value === undefined ? undefined : resolvePath(at, value);
    return keyword === "WORKDIR" && path !== undefined && !/[\s$]/.test(path)
      ? [`${source.slice(instruction.keywordSpan.start, instruction.keywordSpan.end)} ${path}`]
      : undefined;
  }

  /** Whether an instruction refers to a variable that the new stage does not declare. */
  function usesMissing({ body }: Instruction, pattern?: RegExp): boolean {
    const names = pattern
      ? [...body.text.matchAll(pattern)].map((match) => match[1]!)
      : expand(body.text, () => undefined, document.escape).references;
    return names.some((one) => missing.has(one));
  }

  function commentsOf({ leadingComments }: Instruction): string[] {
    return leadingComments.map(({ span }) => source.slice(span.start, span.end));
  }

  /** The lines of an instruction without the comments above it. */
  function ownLines({ line, endLine }: Instruction, removed: readonly Edit[]): string[] {
    const start = lineStarts[line - 1]!;
    const stop = lineStarts[endLine] ?? source.length;
    return applyEdits(
      source.slice(start, stop),
      removed.map((edit) => ({ ...edit, start: edit.start - start, end: edit.end - start })),
    )
      .replace(/\r?\n$/, "")
      .split(/\r?\n/);
  }

  /** Takes an instruction out with its comments; lines may stand in its place. */
  function removeLines(instruction: Instruction, instead: readonly string[] = []): void {
    const start = lineStarts[(instruction.leadingComments[0]?.line ?? instruction.line) - 1]!;
    let stop = lineStarts[instruction.endLine] ?? source.length;
    const isBlank = (line: number): boolean =>
      source
        .slice(lineStarts[line - 1] ?? source.length, lineStarts[line] ?? source.length)
        .trim() === "";
    const above = (instruction.leadingComments[0]?.line ?? instruction.line) - 1;
    if (instead.length === 0 && above > 0 && isBlank(above) && isBlank(instruction.endLine + 1))
      stop = lineStarts[instruction.endLine + 1] ?? source.length;
    edits.push({ start, end: stop, text: instead.map((line) => line + lineEnd).join("") });
  }

  /** The edits that leave one side of a RUN. */
  function removals({ body, ...instruction }: Instruction, side: SideOfRun): Edit[] {
    const steps = runs.get(
      stage.instructions.find(({ span }) => span === instruction.span)!,
    )!.steps!;
    const spans: { start: number; end: number }[] = [...side.removedWords];
    for (let index = 0; index < steps.length; index++) {
      if (side.kept.has(index)) continue;
      let behind = index;
      while (behind + 1 < steps.length && !side.kept.has(behind + 1)) behind++;
      const next = steps[behind + 1];
      if (next) spans.push({ start: steps[index]!.start, end: next.start });
      else if (index > 0) spans.push({ start: steps[index - 1]!.end, end: steps[behind]!.end });
      index = behind;
    }
    return spans.map((span) => ({ ...sourceSpan(body, span.start, span.end), text: "" }));
  }
}

/** Configuration of the image, and what only Go reads, is of no use to a builder of the front end. */
function isOfFrontEnd({ keyword, body }: Instruction): boolean {
  switch (keyword) {
    case "WORKDIR":
    case "SHELL":
      return true;
    case "COPY":
    case "ADD": {
      const sources = body.text.trim().split(/\s+/).slice(0, -1);
      return !sources.every((path) =>
        /(?:^|\/)go\.(?:mod|sum|work|\*)$|^\.?\/?go\.[*?[]/.test(path),
      );
    }
    case "ARG":
      return !/^\s*GO/.test(body.text);
    case "ENV": {
      const names = (splitPairs(body.text, "\\") ?? []).map((pair) => pair.name);
      if (names.includes("PATH") && /node_modules|\.yarn/.test(body.text)) return true;
      return !names.every(
        (one) =>
          TOOLCHAIN_VARIABLES.has(one) ||
          one === "PATH" ||
          /^(?:NVM_DIR|NODE_VERSION|NODE_PATH)$/.test(one),
      );
    }
    default:
      return false;
  }
}

/** Whether a step means another place in another working directory. */
function needsPlace({ kind, commands }: Step): boolean {
  if (kind !== "files") return commands.some((one) => projectCommand(one));
  return commands.some(({ words }) => words.slice(1).some(({ text }) => /^[^-/$"']/.test(text)));
}

/** `$NAME` and `${NAME…}` in shell text. */
const SHELL_VARIABLE = /\$\{?(\w+)/g;

function declaredNames({ keyword, body }: Instruction): string[] {
  if (keyword === "ENV") return (splitPairs(body.text, "\\") ?? []).map(({ name }) => name);
  return keyword === "ARG" ? splitArguments(body.text, "\\").map(({ name }) => name) : [];
}

function nodeImageOf({ flags }: Instruction): string | undefined {
  const from = flags.find(({ name }) => name === "from")?.value;
  return from !== undefined && baseImage(from)?.family === "node" ? from : undefined;
}

/** New keywords are in the case of the stage's FROM. */
function keywordOf({ source }: Document, { from }: Stage): (keyword: string) => string {
  const isLower = source.slice(from.keywordSpan.start, from.keywordSpan.end) === "from";
  return (keyword) => (isLower ? keyword.toLowerCase() : keyword);
}
