import type { BaseImage } from "../core/base-images.ts";
import { baseName, isWithin, resolvePath } from "../core/path.ts";
import { kindOf } from "../core/repository.ts";
import { frontEndCommand } from "../repo/front-end-commands.ts";
import { distinctNeeds, type Need } from "../stages/need.ts";
import { commandText, type LeafCommand } from "./command-walk.ts";
import { partialMount } from "./development-use.ts";
import type { ModuleRequirements } from "./module-requirements.ts";
import type { NodeImage } from "./node-image.ts";
import { startedFile } from "./started-file.ts";
import { brokenOriginal, hasSources } from "./static-decisions.ts";

/** Programs that compile: of no use in a start but to build at every start. */
const COMPILERS = new Set([
  "tsc",
  "babel",
  "swc",
  "tsup",
  "webpack",
  "rollup",
  "esbuild",
  "ncc",
  "gulp",
  "grunt",
]);
/** Programs that restart a server when its sources change. Sources: each project's README */
const WATCHERS = new Set(["nodemon", "ts-node-dev", "tsnd", "node-dev", "supervisor"]);

/** What stops a server's migration before its needs are looked at. */
export function serverRefusal(image: NodeImage): Need | undefined {
  const { stage, start } = image;
  const { contract } = stage;
  const [obstacle] = stage.obstacles;
  if (obstacle)
    return {
      code: obstacle.code,
      at: obstacle.instruction,
      data: obstacle.data,
      evidence: obstacle.evidence,
    };
  if (contract.workingDirectory === undefined)
    return {
      code: "application-directory",
      data: { path: "WORKDIR, which depends on a variable" },
    };
  const unfitOriginal = brokenOriginal(image);
  if (unfitOriginal) return unfitOriginal;
  if (start.isInherited && image.compose.starts.length === 0) return { code: "no-start" };
  const at = start.instruction;
  const place = at ? { at } : {};
  const development = developmentStart(image);
  if (development) return { ...place, ...development };
  const unfit = start.reader.refusal();
  if (unfit) return { ...place, ...unfit };
  const building = start.leaves.find(isBuild);
  if (building)
    return {
      code: "build-at-start",
      ...place,
      data: { command: commandText(building) },
      evidence: building.evidence ? [building.evidence] : [],
    };
  const server = start.leaves.find(({ words }) => {
    const command = frontEndCommand(words);
    return command?.kind === "development";
  });
  if (server)
    return {
      code: "dev-server-start",
      ...place,
      data: { command: commandText(server) },
      evidence: server.evidence ? [server.evidence] : [],
    };
  const broken = originalBreak(image);
  if (broken) return { ...place, ...broken };
  const edited = stage.edits.find(
    ({ path }) =>
      /^\/(?:etc|usr)\//.test(path) &&
      stage.copiedPath(path) === undefined &&
      !stage.made.has(path) &&
      !/^\/etc\/(?:apt|apk)\//.test(path),
  );
  if (edited) return { code: "step-may-matter", at: edited.instruction, data: { program: "sed" } };
  const [plugAndPlay] = plugAndPlayFiles(image);
  if (plugAndPlay !== undefined)
    return {
      code: "packages-elsewhere",
      evidence: [{ path: plugAndPlay }],
      data: { manager: "yarn" },
    };
  const browser = browserElsewhere(image);
  if (browser) return browser;
  return undefined;
}

function isBuild({ words }: LeafCommand): boolean {
  const [program = "", ...rest] = words;
  const name = baseName(program);
  if (frontEndCommand(words)?.kind === "build") return true;
  if (name === "nest" && rest[0] === "build") return true;
  return COMPILERS.has(name) && !rest.some((word) => /^-{1,2}(?:v|version|help)$/.test(word));
}

/** Nothing but what compose mounts is run, or a watcher runs over mounted sources. */
function developmentStart({ stage, start, compose }: NodeImage): Need | undefined {
  const watching = start.leaves.find(
    ({ words }) =>
      WATCHERS.has(baseName(words[0] ?? "")) || words.includes("--watch") || words[1] === "watch",
  );
  const watcher =
    start.runners.map(baseName).find((name) => WATCHERS.has(name)) ??
    (watching && commandText(watching));
  const [leaf] = start.leaves;
  if (!hasSources(stage))
    return {
      code: "development-image",
      data: { program: watcher ?? (leaf ? commandText(leaf) : "what is mounted") },
    };
  const mount = compose.sourceMount ?? partialMount(stage, compose);
  return watcher !== undefined && mount
    ? { code: "development-image", data: { program: watcher }, evidence: [mount] }
    : undefined;
}

/** A start that names what neither the repository nor the build has. */
function originalBreak(image: NodeImage): Need | undefined {
  const { stage, start, repository } = image;
  if (!repository) return undefined;
  const missing = start.open.find(({ why }) => /has no script/.test(why));
  if (missing)
    return {
      code: "original-broken",
      data: { why: missing.why },
      evidence: missing.evidence ? [missing.evidence] : [],
    };
  const unmade = start.reader.programs.find((name) => {
    const path = name.includes("/")
      ? resolvePath(stage.contract.workingDirectory, name)
      : undefined;
    return path !== undefined && !isThere(path);
  });
  if (unmade !== undefined && stage.commands.length === 0 && stage.open.length === 0)
    return {
      code: "original-broken",
      data: { why: `${unmade} is neither in the repository nor made` },
      evidence: [],
    };
  // Any command of a build may make any file.
  if (stage.commands.length > 0 || stage.open.length > 0) return undefined;
  const manifest = stage.manifestOf(stage.contract.workingDirectory ?? "/");
  if (
    ["postinstall", "install", "prepare", "preinstall", "prepublish"].some((name) =>
      manifest?.scripts.has(name),
    )
  )
    return undefined;
  for (const leaf of start.leaves) {
    const file = startedFile(leaf.words)?.file;
    if (file === undefined || leaf.hasUnknownWords || /^-|[$*]/.test(file)) continue;
    const path = resolvePath(leaf.directory, file);
    if (path === undefined || isThere(path)) continue;
    return {
      code: "original-broken",
      data: { why: `${file} is neither in the repository nor built` },
      evidence: leaf.evidence ? [leaf.evidence] : [],
    };
  }
  return undefined;

  function isThere(path: string): boolean {
    if (
      [...stage.made.keys()].some(
        (made) => isWithin(path, made) && made !== stage.contract.workingDirectory,
      )
    )
      return true;
    if (/\/node_modules\//.test(path)) return true;
    if (stage.absentSources().length > 0) return true;
    return [
      "",
      ".js",
      ".cjs",
      ".mjs",
      ".json",
      ".ts",
      "/index.js",
      "/index.ts",
      "/package.json",
      "/index.cjs",
      "/index.mjs",
      ".coffee",
      "/index.coffee",
    ].some((ending) => {
      const source = stage.repositoryPath(path + ending);
      return source !== undefined && kindOf(repository!, source) !== undefined;
    });
  }
}

/** Yarn's zip files lie in the home directory where it keeps no node_modules. Source: https://yarnpkg.com/features/pnp */
function plugAndPlayFiles({ stage, repository }: NodeImage): string[] {
  const manifest = stage.manifestOf(stage.contract.workingDirectory ?? "/");
  if (!repository || !manifest) return [];
  const settings = manifest.directory === "" ? ".yarnrc.yml" : `${manifest.directory}/.yarnrc.yml`;
  const text = repository.read(settings);
  const isBerry = text !== undefined || /^yarn@[2-9]/.test(manifest.packageManager ?? "");
  const usesYarn = stage.installs.some(({ command }) => command.manager === "yarn");
  if (!isBerry || !usesYarn || /^\s*nodeLinker:\s*["']?(?:node-modules|pnpm)/m.test(text ?? ""))
    return [];
  return [text === undefined ? manifest.path : settings];
}

/** Browsers that packages download into the home directory. Sources: https://pptr.dev/guides/configuration, https://playwright.dev/docs/browsers */
function browserElsewhere({ stage, start }: NodeImage): Need | undefined {
  const { environment, workingDirectory } = stage.contract;
  const manifest = stage.manifestOf(workingDirectory ?? "/");
  const isSkipped = [
    "PUPPETEER_SKIP_DOWNLOAD",
    "PUPPETEER_SKIP_CHROMIUM_DOWNLOAD",
    "PUPPETEER_EXECUTABLE_PATH",
  ].some((name) => environment.has(name));
  if (
    manifest?.dependencies.has("puppeteer") &&
    !isSkipped &&
    !environment.has("PUPPETEER_CACHE_DIR")
  )
    return {
      code: "packages-elsewhere",
      data: { manager: "puppeteer" },
      evidence: [{ path: manifest.path }],
    };
  const installer = stage.commands.find(
    ({ words }) =>
      /^(?:playwright|patchright)/.test(baseName(words[0] ?? "")) && words.includes("install"),
  );
  void start;
  return installer && !environment.has("PLAYWRIGHT_BROWSERS_PATH")
    ? { code: "packages-elsewhere", at: installer.instruction, data: { manager: "playwright" } }
    : undefined;
}

/** What a migration rests on. */
export function serverAssumptions(
  { stage, start, compose, repository, place }: NodeImage,
  facts: {
    readonly base: BaseImage;
    readonly image: string;
    readonly isSlim: boolean;
    readonly modules: ModuleRequirements;
  },
): Need[] {
  const notes: Need[] = [];
  const working = stage.contract.workingDirectory ?? "/";
  if (!repository || place.contextDirectory === undefined || !stage.manifestOf(working))
    notes.push({ code: "package-not-read", data: { path: working } });
  if (facts.isSlim) notes.push(...facts.modules.assumptions);
  if (facts.base.isMirror)
    notes.push({ code: "base-image-mirrored", data: { image: facts.image } });
  for (const { code, instruction, data, evidence } of stage.assumptions)
    notes.push({ code, at: instruction, data, evidence });
  for (const copy of stage.absentSources())
    notes.push({
      code: "copied-source-absent",
      at: copy.instruction,
      data: { source: copy.source },
    });
  if (compose.sourceMount)
    notes.push({ code: "compose-mounts-sources", evidence: [compose.sourceMount] });
  if (start.isInherited)
    notes.push({
      code: "started-by-compose",
      evidence: compose.starts.map(({ evidence }) => evidence),
    });
  // An option that stands where a program is looked for is none.
  notes.push(...start.reader.notes.filter(({ data }) => !data?.["program"]?.startsWith("-")));
  return distinctNeeds(notes);
}
