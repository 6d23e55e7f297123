import { baseImage, DEFAULT_PATH, type BaseImage } from "./base-images.ts";
import type { Document, Stage } from "./document.ts";
import type { Instruction } from "./line-reader.ts";
import { resolvePath } from "./path.ts";
import { parseStringArray } from "./string-array.ts";
import { expand, splitArguments, splitBlanks, splitPairs, type Lookup } from "./words.ts";

/**
 * What a stage's final image is configured to be: its own instructions over its base image's defaults.
 * Two Dockerfiles keep the same contract when these agree.
 */
export interface ImageContract {
  /** Facts about the base image; `undefined` when it is in no table, so its defaults are not known. */
  readonly base: BaseImage | undefined;
  readonly environment: ReadonlyMap<string, Setting>;
  /** Absolute; `undefined` when it depends on something that is not known. */
  readonly workingDirectory: string | undefined;
  readonly user: string;
  readonly exposedPorts: readonly string[];
  readonly volumes: readonly string[];
  readonly labels: ReadonlyMap<string, string>;
  readonly entrypoint: Start | undefined;
  readonly command: Start | undefined;
  /** Body of the HEALTHCHECK that is in force, flags in front. */
  readonly healthcheck: string | undefined;
  readonly stopSignal: string | undefined;
  /** The shell that shell forms run in. */
  readonly shell: readonly string[];
  readonly maintainer: string | undefined;
  readonly triggers: readonly Instruction[];
}

/** A configured value, and the instruction it comes from (none: the base image). */
export interface Setting {
  readonly value: string | undefined;
  /** The value as it is written. */
  readonly text?: string;
  readonly instruction: Instruction | undefined;
}

/** ENTRYPOINT or CMD. */
export type Start = ExecStart | ShellStart;

export interface ExecStart {
  readonly form: "exec";
  readonly words: readonly string[];
  readonly instruction: Instruction | undefined;
}

export interface ShellStart {
  readonly form: "shell";
  readonly text: string;
  /** The SHELL in force at the instruction, which runs the text. */
  readonly shell: readonly string[];
  readonly instruction: Instruction;
}

/** What is in force at one instruction of a stage. */
export interface StageState {
  readonly directory: string | undefined;
  readonly user: string;
  readonly shell: readonly string[];
  /** Of an ENV and an ARG with one name, the later one counts (`dispatchArg` in BuildKit). */
  readonly lookup: Lookup;
  /** Whether a name is a declared build argument, whose value may be given at the build. */
  readonly isArgument: (name: string) => boolean;
}

const DEFAULT_SHELL = ["/bin/sh", "-c"];

/** ARGs that need no declaration to be expanded. Source: https://docs.docker.com/reference/dockerfile/#predefined-args */
const PREDEFINED = /^(?:https?|ftp|all|no)_proxy$/i;
/** ARGs that BuildKit fills when they are declared. Source: https://docs.docker.com/reference/dockerfile/#automatic-platform-args-in-the-global-scope */
const PLATFORM = /^(?:TARGET|BUILD)(?:PLATFORM|OS|ARCH|VARIANT)$/;

/** The base image's name with the global ARGs' defaults put in, or `undefined` when one has no default. */
export function imageName(document: Document, stage: Stage): string | undefined {
  const { image } = stage;
  if (!image.includes("$")) return image;
  const lookup = globalLookup(document);
  const { value } = expand(image, lookup, document.escape);
  const tag = /^[^$]*:([^/]*\$[^/]*)$/.exec(image)?.[1];
  const named = tag?.replace(/\$\{[^}]*\}|\$\w+/g, "");
  if (value !== undefined || !/[a-z]/.test(named ?? "")) return value;
  // A version that is only given at the build: the rest of the tag still says which family and distribution it is.
  return expand(image, (name) => lookup(name) ?? "", document.escape).value;
}

/** The earlier stage that a stage is built on, if it is. */
export function parentStage(document: Document, stage: Stage): Stage | undefined {
  const image = imageName(document, stage)?.toLowerCase();
  return document.stages.findLast(
    (candidate) => candidate.index < stage.index && candidate.name === image,
  );
}

function globalLookup(document: Document): Lookup {
  let lookup = globalLookups.get(document);
  if (!lookup) globalLookups.set(document, (lookup = readGlobalArguments(document)));
  return lookup;
}

const globalLookups = new WeakMap<Document, Lookup>();

function readGlobalArguments(document: Document): Lookup {
  const values = new Map<string, string | undefined>();
  const lookup: Lookup = (name) =>
    values.has(name) ? values.get(name) : PLATFORM.test(name) ? undefined : null;
  for (const instruction of document.globalArguments) {
    for (const { name, value } of splitArguments(instruction.body.text, document.escape)) {
      values.set(
        name,
        value === undefined ? undefined : expand(value, lookup, document.escape).value,
      );
    }
  }
  return lookup;
}

/**
 * Goes through a stage's instructions in order with what is in force at each, and returns the contract
 * of the image at its end.
 */
export function walkStage(
  document: Document,
  stage: Stage,
  visit?: (instruction: Instruction, state: StageState) => void,
): ImageContract {
  const { contract, states } = walk(document, stage);
  if (visit) stage.instructions.forEach((instruction, index) => visit(instruction, states[index]!));
  return contract;
}

/** A walk over a stage. Documents do not change, so each stage is walked once, however many questions are asked of it. */
interface Walk {
  readonly contract: ImageContract;
  /** What is in force at each instruction. */
  readonly states: readonly StageState[];
  readonly variables: Variables;
}

const walks = new WeakMap<Stage, Walk>();

function walk(document: Document, stage: Stage): Walk {
  let known = walks.get(stage);
  if (!known) walks.set(stage, (known = readStage(document, stage)));
  return known;
}

/** What the RUN instructions of a stage see: ENV and ARG together, and which of them are ARGs. */
interface Variables {
  readonly values: ReadonlyMap<string, string | undefined>;
  readonly argumentNames: ReadonlySet<string>;
}

function readStage(document: Document, stage: Stage): Walk {
  const { escape } = document;
  const parent = parentStage(document, stage);
  // A stage takes over the ARGs of the stage it is built on, too.
  const parentWalk = parent && walk(document, parent);
  const inherited = parentWalk?.contract;
  const name = imageName(document, stage);
  const base = inherited ? inherited.base : name === undefined ? undefined : baseImage(name);

  const environment = new Map<string, Setting>(inherited?.environment);
  if (!inherited) {
    for (const [variable, value] of Object.entries(base?.environment ?? {}))
      environment.set(variable, { value, instruction: undefined });
    if (!environment.has("PATH"))
      environment.set("PATH", { value: base ? DEFAULT_PATH : undefined, instruction: undefined });
  }
  const fromBase = (words: readonly string[] | undefined): Start | undefined =>
    words && { form: "exec", words, instruction: undefined };
  let directory = inherited ? inherited.workingDirectory : base?.workingDirectory;
  let user = inherited?.user ?? base?.user ?? "";
  let entrypoint = inherited ? inherited.entrypoint : fromBase(base?.entrypoint);
  let command = inherited ? inherited.command : fromBase(base?.command);
  let commandIsOwn = false;
  let healthcheck = inherited?.healthcheck;
  let stopSignal = inherited?.stopSignal ?? base?.stopSignal;
  let shell = inherited?.shell ?? DEFAULT_SHELL;
  let maintainer = inherited?.maintainer;
  const exposedPorts = new Set(inherited?.exposedPorts ?? base?.exposedPorts);
  const volumes = new Set(inherited?.volumes);
  const labels = new Map(inherited?.labels);
  const triggers: Instruction[] = [];

  const values = new Map(parentWalk?.variables.values);
  const argumentNames = new Set(parentWalk?.variables.argumentNames);
  if (!inherited)
    for (const [variable, setting] of environment) values.set(variable, setting.value);
  // States keep the variables of their instruction: ENV and ARG make a new pair of these.
  let { lookup, isArgument } = snapshot(values, argumentNames, base !== undefined);
  const states: StageState[] = [];
  const text = (raw: string): string | undefined => expand(raw, lookup, escape).value;
  const start = (instruction: Instruction): Start => {
    const array = parseStringArray(instruction.body.text);
    return array
      ? { form: "exec", words: array.values, instruction }
      : { form: "shell", text: instruction.body.text, shell, instruction };
  };

  for (const instruction of stage.instructions) {
    states.push({ directory, user, shell, lookup, isArgument });
    const body = instruction.body.text;
    switch (instruction.keyword) {
      case "ARG": {
        const global = globalLookup(document);
        for (const { name: argument, value } of splitArguments(body, escape)) {
          const fallback = value === undefined ? global(argument) : text(value);
          argumentNames.add(argument);
          // `ARG NAME` without a value anywhere leaves an ENV of that name as it is.
          if (value !== undefined || fallback !== null || !values.has(argument))
            values.set(argument, fallback ?? undefined);
          ({ lookup, isArgument } = snapshot(values, argumentNames, base !== undefined));
        }
        break;
      }
      case "ENV": {
        // All pairs of one instruction see the environment as it was before it.
        const settings = (splitPairs(body, escape) ?? []).map((pair) => {
          const written = pair.value ?? "";
          return { variable: text(pair.name), value: text(written), written };
        });
        for (const { variable, value, written } of settings) {
          if (!variable) continue;
          environment.set(variable, { value, text: written, instruction });
          values.set(variable, value);
          argumentNames.delete(variable);
        }
        ({ lookup, isArgument } = snapshot(values, argumentNames, base !== undefined));
        break;
      }
      case "WORKDIR": {
        const target = text(body);
        directory =
          target === undefined
            ? undefined
            : resolvePath(directory ?? (target.startsWith("/") ? "/" : undefined), target);
        break;
      }
      case "USER":
        user = text(body) ?? body;
        break;
      case "EXPOSE":
        for (const word of splitBlanks(body))
          exposedPorts.add(portName(text(word.text) ?? word.text));
        break;
      case "VOLUME": {
        const array = parseStringArray(body);
        for (const volume of array ? array.values : splitBlanks(body).map((word) => word.text)) {
          volumes.add(text(volume) ?? volume);
        }
        break;
      }
      case "LABEL":
        for (const { name: label, value } of splitPairs(body, escape) ?? [])
          labels.set(text(label) ?? label, text(value ?? "") ?? value ?? "");
        break;
      case "ENTRYPOINT":
        entrypoint = start(instruction);
        // An ENTRYPOINT resets a CMD that came from the base image (`dispatchEntrypoint` in BuildKit).
        if (!commandIsOwn) command = undefined;
        break;
      case "CMD":
        command = start(instruction);
        commandIsOwn = true;
        break;
      case "HEALTHCHECK":
        healthcheck = [
          ...instruction.flags.map((flag) => `--${flag.name}=${flag.value ?? ""}`),
          body,
        ].join(" ");
        break;
      case "STOPSIGNAL":
        stopSignal = text(body) ?? body;
        break;
      case "SHELL":
        shell = parseStringArray(body)?.values ?? shell;
        break;
      case "MAINTAINER":
        maintainer = body;
        break;
      case "ONBUILD":
        triggers.push(instruction);
        break;
    }
  }
  const contract = {
    base,
    environment,
    workingDirectory: directory,
    user,
    exposedPorts: [...exposedPorts].sort(),
    volumes: [...volumes].sort(),
    labels,
    entrypoint,
    command,
    healthcheck,
    stopSignal,
    shell,
    maintainer,
    triggers,
  };
  return { contract, states, variables: { values, argumentNames } };
}

/** @param isBaseKnown a base image that is in no table may set anything */
function snapshot(
  values: ReadonlyMap<string, string | undefined>,
  argumentNames: ReadonlySet<string>,
  isBaseKnown: boolean,
): Pick<StageState, "lookup" | "isArgument"> {
  const own = new Map(values);
  const names = new Set(argumentNames);
  return {
    lookup: (variable) =>
      own.has(variable)
        ? own.get(variable)
        : isBaseKnown && !PREDEFINED.test(variable)
          ? null
          : undefined,
    isArgument: (variable) => names.has(variable),
  };
}

/** `8080` and `8080/TCP` are one port. */
function portName(port: string): string {
  const [number = "", protocol = "tcp"] = port.split("/");
  return `${number}/${protocol.toLowerCase()}`;
}

/** Whether a USER is root by name, by number, or by not being given. */
export function isRootUser(user: string): boolean {
  const [name = ""] = user.split(":");
  return name === "" || name === "root" || name === "0";
}
