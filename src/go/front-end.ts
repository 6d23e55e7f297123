/**
 * A stage that holds Go and Node.js is taken apart: which steps build the front end, with which Node.js, in which directory,
 * and whether either side can do without the other.
 */
import type { BaseImage } from "../core/base-images.ts";
import { stageCopies, type CopiedFile } from "../core/copied-files.ts";
import type { Document, Stage } from "../core/document.ts";
import { walkStage, type StageState } from "../core/image-contract.ts";
import type { Instruction } from "../core/line-reader.ts";
import type { Evidence } from "../core/outcome.ts";
import { isWithin } from "../core/path.ts";
import { expand } from "../core/words.ts";
import { fileOperations } from "../stages/file-operations.ts";
import { packageAction } from "../stages/packages.ts";
import { isFileSource, repositoryPath, type BuildPlace } from "../stages/copy-sources.ts";
import { frontEndPackage, nodeGenerator } from "./front-end-package.ts";
import {
  editsFiles,
  fetchedGo,
  leavesTree,
  onlyFetchesGo,
  projectCommand,
  runSteps,
  type RunSteps,
  type Step,
} from "./front-end-steps.ts";
import { readGoCommand } from "./go-command.ts";
import { installedNode, nodePackages, type NodeSource } from "./node-install.ts";

/** Why a stage cannot be taken apart. */
export interface Inseparable {
  readonly kind: "inseparable";
  readonly why: string;
  readonly at: Instruction;
  readonly evidence: readonly Evidence[];
}

export interface FrontEndBuild {
  readonly kind: "front-end";
  readonly node: NodeSource;
  /** The image of Go, where the stage stands on Node.js and fetches Go itself. */
  readonly goImage: string | undefined;
  readonly runs: ReadonlyMap<Instruction, RunSteps>;
  /** The last instruction that runs Node.js: what it made is there behind it. */
  readonly last: Instruction;
  /** Absolute directories that hold what the front end's build makes. */
  readonly outputs: readonly string[];
  /** The text of the packages' scripts, which may name programs. */
  readonly scripts: string;
  readonly states: ReadonlyMap<Instruction, StageState>;
}

/** One step with the RUN that it stands in. */
interface PlacedStep {
  readonly step: Step;
  readonly run: RunSteps;
}

/**
 * @returns `undefined` when no RUN of the stage runs Node.js
 */
export function readFrontEnd(
  document: Document,
  stage: Stage,
  base: BaseImage,
  place: BuildPlace,
): FrontEndBuild | Inseparable | undefined {
  const runs = new Map<Instruction, RunSteps>();
  const states = new Map<Instruction, StageState>();
  walkStage(document, stage, (instruction, state) => {
    states.set(instruction, state);
    if (instruction.keyword === "RUN")
      runs.set(instruction, runSteps(document, instruction, state));
  });
  const all = [...runs.values()];
  if (!all.some(({ mentionsNode }) => mentionsNode)) return undefined;
  const inseparable = (
    why: string,
    at: Instruction,
    evidence: readonly Evidence[] = [],
  ): Inseparable => ({ kind: "inseparable", why, at, evidence });

  const opaque = all.find(
    ({ steps, mentionsNode }) =>
      mentionsNode &&
      (!steps || steps.some(({ kind, commands }) => kind === "go" && commands.some(isNodeLike))),
  );
  if (opaque)
    return inseparable("its steps of Node.js and others cannot be told apart", opaque.instruction);
  const steps = all.flatMap((run) => (run.steps ?? []).map((step): PlacedStep => ({ step, run })));
  const isProject = ({ step }: PlacedStep): boolean =>
    step.kind === "node" && step.commands.some((command) => projectCommand(command));
  const project = steps.filter(isProject);
  const [firstProject] = project;
  const lastNode = steps.findLast(({ step }) => step.kind === "node");
  if (!lastNode) return undefined;
  if (!firstProject)
    return inseparable(
      "no front end is built with it: the program may run it",
      lastNode.run.instruction,
    );

  const order = orderProblem(steps, project, lastNode);
  if (order) return inseparable(order.why, order.at);
  const last = lastNode.run.instruction;
  const before = stage.instructions.slice(0, stage.instructions.indexOf(last) + 1);
  const user = before.find(({ keyword }) => keyword === "USER");
  if (user) return inseparable("the front end is built by a user of its own", user);
  const conditional = project.find(({ step }) =>
    step.commands.some((command) => projectCommand(command) && command.conditional),
  );
  if (conditional)
    return inseparable("the front end is built on a condition", conditional.run.instruction);

  // What the packages say.
  const copies = stageCopies(document, stage).filter(
    ({ from, instruction }) => from === undefined && before.includes(instruction),
  );
  const outputs = new Set<string>();
  let scripts = "";
  for (const { step, run } of project) {
    for (const command of step.commands) {
      const known = projectCommand(command);
      if (!known) continue;
      const at = run.instruction;
      const { directory } = known;
      if (directory === undefined)
        return inseparable("the directory that it runs in is not known", at);
      const path = repositoryPath(copies, place, directory);
      const found =
        path === undefined || !place.repository
          ? undefined
          : frontEndPackage(place.repository, path, known.script);
      if (!found) return inseparable(`there is no package.json to be read for ${directory}`, at);
      if (found.usesGo)
        return inseparable("a script of the front end runs more than Node.js", at, [found.usesGo]);
      scripts += `\n${found.scripts}`;
      const tree = treeOf(directory, copies, place);
      const leaves = found.leavesDirectory !== undefined || writesOutside(run, directory);
      if (leaves && tree === undefined)
        return inseparable(
          "what it writes cannot be told",
          at,
          found.leavesDirectory ? [found.leavesDirectory] : [],
        );
      outputs.add(leaves ? tree! : directory);
    }
  }
  const grouped = steps.find(({ step }) => step.commands.some(isNodeGroup));
  if (grouped)
    return inseparable("Node.js is installed as a group of packages", grouped.run.instruction);
  const generator = steps.some(({ step }) =>
    step.commands.some((command) => readGoCommand(command)?.verb === "generate"),
  );
  const generates = generator ? nodeGenerator(place) : undefined;
  if (generates) return inseparable("go generate runs Node.js", last, [generates]);
  let node: NodeSource = { image: stage.image, instruction: stage.from, isPackaged: false };
  let goImage: string | undefined;
  if (base.family === "node") {
    const fetches = all.filter(onlyFetchesGo);
    const go = fetches
      .map(({ instruction, state }) =>
        fetchedGo(expand(instruction.body.text, state.lookup, document.escape).value ?? ""),
      )
      .find((one) => one !== undefined);
    if (go === undefined || fetches.length !== 1)
      return inseparable("which version of Go it installs cannot be told", stage.from);
    goImage = base.distribution === "alpine" ? `golang:${go}-alpine` : `golang:${go}`;
  } else {
    const version = installedNode(document, stage, base);
    if (version.kind === "unknown") return inseparable(version.why, version.at ?? last);
    node = version.source;
  }
  return {
    kind: "front-end",
    node,
    goImage,
    runs,
    last,
    outputs: [...outputs].filter(
      (path) => ![...outputs].some((other) => other !== path && isWithin(path, other)),
    ),
    scripts,
    states,
  };
}

/** `apk add --virtual NAME nodejs npm`, which `apk del NAME` takes away again. */
function isNodeGroup(command: Step["commands"][number]): boolean {
  const names = nodePackages(command);
  const action = names.length > 0 ? packageAction(command) : undefined;
  return action?.group !== undefined && names.length === action.packages.length;
}

function isNodeLike({ words: [first] }: Step["commands"][number]): boolean {
  return /(?:^|\/)(?:npm|npx|node|yarn|pnpm)$/.test(first?.value ?? "");
}

/** Steps of one side that may need what the other has made by then. */
function orderProblem(
  steps: readonly PlacedStep[],
  project: readonly PlacedStep[],
  lastNode: PlacedStep,
): { readonly why: string; readonly at: Instruction } | undefined {
  const end = steps.indexOf(lastNode);
  const firstBuild = project.find(({ step }) =>
    step.commands.some((command) => projectCommand(command)?.isInstall === false),
  );
  let hasBuilt = false;
  for (const [index, { step, run }] of steps.entries()) {
    if (index > end || step.kind === "node") continue;
    if (step.kind !== "go" && step.kind !== "files") continue;
    if (step.kind === "go" && leavesTree(step, run)) continue;
    const at = run.instruction;
    if (step.kind === "go" && !buildsElsewhere(step))
      return { why: "the front end may need what a step before it makes", at };
    const isBetween = firstBuild !== undefined && index > steps.indexOf(firstBuild);
    if (step.kind === "go" && isBetween)
      return { why: "the Go program is built between steps of the front end", at };
    hasBuilt ||= step.kind === "go";
    const isInside = run.steps?.some(({ kind }) => kind === "node") === true;
    // Files beside the download of a toolchain are its archive.
    if (step.kind === "files" && run.steps?.some(({ kind }) => kind === "go" || kind === "install"))
      continue;
    if (step.kind === "files" && !isInside && (hasBuilt || index > steps.indexOf(project[0]!)))
      return { why: "files are changed between steps of the front end", at };
    if (step.kind === "go" && run === lastNode.run)
      return { why: "the Go program is built before the front end, in the same instruction", at };
  }
  for (const run of new Set(steps.map((one) => one.run))) {
    if (run.instruction === lastNode.run.instruction || !run.steps) continue;
    const hasGo = run.steps.some(({ kind }) => kind === "go");
    if (hasGo && run.steps.some(({ kind }) => kind === "node"))
      return {
        why: "one instruction runs Go and Node.js, and another runs Node.js again",
        at: run.instruction,
      };
  }
  return undefined;
}

/** `go build` for the image's own system: no front end reads a program. */
function buildsElsewhere({ commands }: Step): boolean {
  return commands.every((command) => {
    const go = readGoCommand(command);
    const isForeign = [
      ...command.assignments.map(({ name }) => name),
      ...command.exported.keys(),
    ].some((name) => name === "GOOS" || name === "GOARCH");
    return go !== undefined && ["build", "install"].includes(go.verb) && !isForeign;
  });
}

/** The directory that the context was copied to, above the front end's. */
function treeOf(
  directory: string,
  copies: readonly CopiedFile[],
  place: BuildPlace,
): string | undefined {
  const above = copies
    .filter((copy) => !isFileSource(copy, place) && isWithin(directory, copy.directory))
    .map((copy) => copy.directory)
    .sort((one, other) => one.length - other.length);
  return above.find((path) => path !== "/");
}

/** A step beside those of Node.js that makes or moves files elsewhere. */
function writesOutside({ steps, state }: RunSteps, directory: string): boolean {
  const last = (steps ?? []).findLastIndex(({ kind }) => kind === "node" || kind === "files");
  return (steps ?? []).slice(0, last + 1).some(
    ({ kind, commands }) =>
      (kind === "files" || kind === "node") &&
      commands.some((command) => {
        const words = command.redirects.flatMap(({ operator, target }) =>
          operator.includes(">") && !target?.value?.startsWith("/dev/") ? [target] : [],
        );
        if (
          words.length > 0 &&
          command.directory !== undefined &&
          !isWithin(command.directory, directory)
        )
          return true;
        if (editsFiles(command))
          return command.words.slice(1).some(({ text }) => /^\/|\.\./.test(text));
        if (!/^(?:cp|mv|mkdir|touch|ln|install|rm)$/.test(command.words[0]?.value ?? ""))
          return false;
        const operations = fileOperations(command, state.shell[0]!.endsWith("bash"));
        return (
          !operations ||
          operations.some((operation) => {
            if (operation.kind === "owner" || operation.kind === "remove") return false;
            const target = "target" in operation ? operation.target : operation.path;
            return !isWithin(target, directory);
          })
        );
      }),
  );
}
