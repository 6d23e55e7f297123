import { baseImage, type BaseImage } from "../src/core/base-images.ts";
import type { Stage } from "../src/core/document.ts";
import { imageName, parentStage } from "../src/core/image-contract.ts";
import type { Instruction } from "../src/core/line-reader.ts";
import { baseName, isWithin, resolvePath } from "../src/core/path.ts";
import type { PlanBuilder } from "../src/core/plan.ts";
import type { Dockerfile } from "../src/core/query.ts";
import { kindOf } from "../src/core/repository.ts";
import { sourceOffset } from "../src/core/source.ts";
import { programCandidates } from "../src/core/start.ts";
import { parseStringArray } from "../src/core/string-array.ts";
import type {
  SourceFile,
  TransformApi,
  TransformMeta,
  TransformOptions,
  TransformResult,
} from "../src/core/transform.ts";
import { readGoBuilder, type GoBuilder } from "../src/go/builder.ts";
import {
  DEVELOPMENT_PROGRAMS,
  START_WRAPPERS,
  TOOLCHAIN_DIRECTORIES,
  TOOLCHAIN_VARIABLES,
} from "../src/go/knowledge.ts";
import { findNeeds, pathWords } from "../src/go/needs.ts";
import type { GoBuild } from "../src/go/outputs.ts";
import { readSources, type SourceFacts } from "../src/go/programs.ts";
import { goReasons } from "../src/go/reasons.ts";
import { chooseRuntime, type Runtime } from "../src/go/runtime.ts";
import { findStartedProgram, type StartedProgram } from "../src/go/started-program.ts";
import { composeStarts } from "../src/repo/compose.ts";
import { below } from "../src/repo/go-module.ts";
import { vendoredCgo } from "../src/repo/go-vendor.ts";
import { healthcheckForm } from "../src/stages/healthcheck-form.ts";
import { pathWithout } from "../src/stages/runtime-environment.ts";
import { openRuntimeStage } from "../src/stages/runtime-stage.ts";
import { builderName } from "../src/stages/stage-names.ts";
import {
  execForm,
  startForm,
  type ShellStartForm,
  type StartForm,
} from "../src/stages/start-form.ts";

export const meta = {
  name: "go-multi-stage",
  description: "Turns a single-stage Go Dockerfile into a builder and a small runtime stage",
  options: {
    runtimeGo: {
      flag: "--runtime-go",
      value: "IMAGE",
      description:
        "base of the runtime stage: scratch, distroless, alpine, debian, or an image of your own",
      default: "scratch",
    },
  },
  reasons: goReasons,
} as const satisfies TransformMeta;

/** Assumptions that are settled when the sources start no program. */
const UNUSED_IF_NOTHING_RUNS = new Set(["build-tools-assumed", "tools-assumed"]);

/** A scan before the file is read: most files of a repository have nothing to do with Go. */
function mentionsGo(source: string): boolean {
  if (source.includes("golang")) return true;
  return (
    (source.includes("go ") && /\bgo(?:1\.\d+)? (?:build|install|run|get)\b/.test(source)) ||
    source.includes('"go",')
  );
}

export default function transform(
  file: SourceFile,
  api: TransformApi,
  options: TransformOptions,
): TransformResult {
  if (!mentionsGo(file.source)) return api.unchanged("not-go");
  const dockerfile = api.dockerfile(file);
  const stage = dockerfile.stages.at(-1)!;
  const image = imageName(dockerfile, stage);
  const base = image === undefined ? undefined : baseImage(image);
  if (dockerfile.stages.length > 1) return severalStages(dockerfile, stage, base, api);
  if (base?.family !== "golang") {
    const builds = dockerfile
      .commands("go")
      .some(({ command }) => ["build", "install", "run"].includes(command.words[1]?.value ?? ""));
    const mayBuild =
      builds || (base === undefined && /golang|(?:^|[/-])go(?:$|[:-])/i.test(stage.image));
    return mayBuild
      ? api.refuse("base-image-unknown", stage.from, { data: { image: image ?? stage.image } })
      : api.unchanged("not-go");
  }
  if (base.distribution === "windows")
    return api.refuse("windows-image", stage.from, { data: { image: image! } });
  if (base.hasTriggers) return api.refuse("onbuild-triggers", stage.from);

  const contextDirectory = api.contextDirectory(dockerfile);
  const place = { repository: api.repository, contextDirectory, dockerfilePath: file.path };
  const builder = readGoBuilder(dockerfile, stage, place);
  const { contract } = builder;
  const fixed = (name: string): string | undefined =>
    TOOLCHAIN_VARIABLES.has(name) ? contract.environment.get(name)?.value : undefined;
  const start = startForm(contract, fixed);
  const runtime = chooseRuntime(
    String(options["runtimeGo"] ?? meta.options.runtimeGo.default),
    base,
  );

  const unfit = startRefusal(start, builder, runtime, api);
  if (unfit) return unfit;
  const [obstacle] = builder.obstacles;
  if (obstacle) return api.refuse(obstacle.code, obstacle.instruction, { data: obstacle.data });
  if (builder.builds.length === 0) return api.unchanged("no-build", stage.from);
  if (start.kind === "inherited" || start.kind === "none")
    return api.refuse("no-start", stage.from);
  const startInstruction = (contract.entrypoint?.instruction ?? contract.command?.instruction)!;
  const words = start.kind === "words" ? start.words : shellWords(start, builder);
  const program = words[0];
  if (program === undefined)
    return api.refuse("start-not-built", startInstruction, {
      data: { program: "an unknown program" },
    });

  const proven = (build: GoBuild, name: string): boolean =>
    readSources(build, name, builder, place) !== undefined;
  const toolchainDirectories = [...TOOLCHAIN_DIRECTORIES, ...goPathDirectories(builder)];
  const runtimePath = pathWithout(contract.environment.get("PATH")?.value, toolchainDirectories);
  const started = findStartedProgram(program, builder, proven, runtimePath);
  if (started === "ambiguous")
    return api.refuse("start-ambiguous", startInstruction, { data: { program } });
  if (!started) return notBuilt(program, startInstruction, builder, api);

  if (started.repaired && isWithin(contract.workingDirectory ?? "/", started.target)) {
    return api.refuse("output-is-directory", startInstruction, {
      data: { path: started.target, written: started.source },
    });
  }
  const script = isSourceFile(started, builder, api);
  if (script) return api.refuse("start-is-script", startInstruction, { data: { program } });
  const programs = otherPrograms(started, builder, proven);
  if (start.kind === "shell") {
    const built = new Set([started.source, ...programs.map(([path]) => path)]);
    const foreign = start.programs.find(
      (name) => !runtime.programs.has(name) && !builtProgram(name, builder, built),
    );
    if (foreign !== undefined)
      return api.refuse("needs-shell", startInstruction, { data: { why: `it runs ${foreign}` } });
  }
  const facts = readAllSources([[started.source, started.build], ...programs], builder, place);
  const cgo = cgoNeed(facts.sources, api);
  if (cgo) return api.refuse("go-cgo-needed", started.build.instruction, cgo);

  const name = builderName(dockerfile, stage);
  const needs = findNeeds({
    builder,
    sources: facts.sources,
    repository: api.repository,
    contextDirectory,
    runtime,
    builderName: name,
    dockerfilePath: file.path,
    startArguments: words.slice(1),
  });
  if (needs.refusal)
    return api.refuse(needs.refusal.code, needs.refusal.at ?? startInstruction, needs.refusal);
  const newBodies = new Map<Instruction, string>();
  const healthcheck = healthcheckForm(
    contract,
    stage,
    runtimePath,
    (path) => path === started.target || programs.some(([other]) => other === path),
  );
  const missing =
    healthcheck?.kind === "needs-programs"
      ? healthcheck.programs.find((needed) => !runtime.programs.has(needed))
      : undefined;
  if (missing !== undefined)
    return api.refuse("healthcheck-needs-program", healthcheck!.instruction, {
      data: { program: missing, image: runtime.image },
    });
  if (
    stage.instructions.at(-1)?.unfinished &&
    ["RUN", "COPY", "ADD"].includes(stage.instructions.at(-1)!.keyword)
  ) {
    return api.refuse("unfinished-instruction", stage.instructions.at(-1));
  }

  const plan = api.plan(dockerfile);
  if (start.kind === "words" && start.converted?.instruction) {
    newBodies.set(start.converted.instruction, execForm(start.words));
    const field = start.converted === contract.entrypoint ? "entrypoint" : "command";
    plan.because("exec-form-start", start.converted.instruction, { allows: [field] });
  }
  if (healthcheck?.kind === "convertible") {
    newBodies.set(healthcheck.instruction, `CMD ${execForm(healthcheck.words)}`);
    plan.because("healthcheck-exec-form", healthcheck.instruction, { allows: ["healthcheck"] });
  }
  disableCgo(builder, plan);
  const artifactLines = [...programs, [started.source, started.build] as const].map(
    ([source]) =>
      `COPY --from=${name} ${pathWords(source, source === started.source ? started.target : source)}`,
  );
  const left = openRuntimeStage(
    dockerfile,
    stage,
    contract,
    {
      image: runtime.image,
      base: runtime.base,
      builderLines: needs.builderLines,
      systemLines: needs.systemLines,
      fileLines: [...needs.fileLines, ...artifactLines],
      newBodies,
      isToolchainVariable: (variable) =>
        TOOLCHAIN_VARIABLES.has(variable) && !facts.names.has(variable),
      toolchainDirectories,
      environmentReaders: builder.environmentReaders,
    },
    plan,
  );
  if (left) return api.refuse(left.code, left.at, { data: left.data });

  plan.because("artifact-copied", started.build.instruction, { data: { path: started.target } });
  if (started.throughPath)
    plan.because("found-through-path", startInstruction, {
      data: { path: started.source, target: started.target },
    });
  for (const [path, build] of programs)
    plan.because("programs-copied", build.instruction, { data: { path } });
  for (const need of needs.notes) plan.because(need.code, need.at, need);
  if (started.repaired)
    plan.because("original-would-not-start", startInstruction, {
      data: { source: started.source, program },
    });
  if (started.nameAssumed)
    plan.because("output-name-assumed", started.build.instruction, {
      data: { path: started.source },
    });
  if (!facts.complete) plan.because("sources-not-read", started.build.instruction);
  // Sources that start no program cannot start a tool of the build either.
  const runsNothing =
    facts.complete &&
    facts.sources.every(
      ({ program: { complete, runsPrograms } }) => complete && runsPrograms.length === 0,
    );
  const required = facts.sources
    .flatMap(({ program: { cgoRequirements } }) => cgoRequirements)
    .find(({ fallback }) => !fallback);
  if (required)
    plan.because("cgo-module-unused", started.build.instruction, {
      data: { module: required.module },
      evidence: [required.evidence],
    });
  if (api.repository && contextDirectory !== undefined) {
    const own = file.path.includes("/") ? file.path.slice(0, file.path.lastIndexOf("/")) : "";
    const starts = composeStarts(api.repository, ["", contextDirectory, own], contextDirectory);
    if (starts.length > 0)
      plan.because("compose-starts-otherwise", startInstruction, { evidence: starts.slice(0, 3) });
  }
  for (const { code, instruction, data } of builder.assumptions) {
    if (!(runsNothing && UNUSED_IF_NOTHING_RUNS.has(code)))
      plan.because(code, instruction, { data });
  }
  if (base.isMirror) plan.because("base-image-mirrored", stage.from, { data: { image: image! } });
  if (!["", "0", "root"].includes(runtime.base?.user ?? "") && contract.user === "")
    plan.because("runtime-user-differs", stage.from, {
      data: { image: runtime.image, user: runtime.base!.user },
      allows: ["user"],
    });
  if (!runtime.base)
    plan.because("runtime-image-unknown", stage.from, {
      data: { image: runtime.image },
      allows: ["env:*"],
    });
  return plan.build();
}

function severalStages(
  dockerfile: Dockerfile,
  stage: Stage,
  base: BaseImage | undefined,
  api: TransformApi,
): TransformResult {
  let root = stage;
  for (let parent = parentStage(dockerfile, root); parent; parent = parentStage(dockerfile, root))
    root = parent;
  const image = imageName(dockerfile, root) ?? root.image;
  const family = root === stage ? base?.family : baseImage(image)?.family;
  return family === "golang"
    ? api.refuse("final-stage-has-toolchain", stage.from, { data: { image } })
    : api.unchanged("already-multi-stage", stage.from);
}

/** A start that no runtime stage can have, whatever is built. */
function startRefusal(
  start: StartForm,
  builder: GoBuilder,
  runtime: Runtime,
  api: TransformApi,
): TransformResult {
  const { contract } = builder;
  const instruction = (contract.entrypoint?.instruction ??
    contract.command?.instruction) as Instruction;
  if (start.kind === "none" || start.kind === "inherited") return undefined;
  const [first, second] = start.kind === "words" ? start.words : [start.program];
  const program = first === undefined ? undefined : baseName(first);
  if (program !== undefined) {
    const command = [program, second].filter((word) => word !== undefined).join(" ");
    if (DEVELOPMENT_PROGRAMS.has(program))
      return api.refuse("development-image", instruction, { data: { program } });
    if (program === "go" && second !== "tool") {
      return second === "run"
        ? api.refuse("go-run-start", instruction, { data: { command } })
        : api.refuse(
            second === "build" || second === "install" ? "build-at-start" : "go-run-start",
            instruction,
            { data: { command } },
          );
    }
    if (program === "go-wrapper") return api.refuse("onbuild-triggers", instruction);
    if (["make", "task", "mage", "just"].includes(program))
      return api.refuse("build-at-start", instruction, { data: { command } });
    if (/\.(?:sh|bash|py|pl|js)$/.test(program))
      return api.refuse("start-is-script", instruction, { data: { program: first! } });
    if (START_WRAPPERS.has(program))
      return api.refuse("start-through-wrapper", instruction, { data: { program } });
  }
  if (start.kind === "words" && /^(?:ba|da|a)?sh$/.test(program ?? "")) {
    const script = start.words.slice(1).find((word) => !word.startsWith("-"));
    return start.words[1] === "-c"
      ? api.refuse("needs-shell", instruction, { data: { why: "it is a script of its own" } })
      : script === undefined
        ? api.unchanged("no-build", instruction)
        : api.refuse("start-is-script", instruction, { data: { program: script } });
  }
  // Alpine and Debian have sh; a variable of the toolchain has no value there.
  const hasItsShell =
    runtime.base?.hasShell && start.kind === "shell" && baseName(start.shell[0] ?? "") === "sh";
  const usesToolchain =
    start.kind === "shell" &&
    start.start.form === "shell" &&
    [...TOOLCHAIN_VARIABLES].some((name) =>
      new RegExp(`\\$\\{?${name}\\b`).test((start.start as { text: string }).text),
    );
  if (start.kind === "shell" && (!hasItsShell || usesToolchain || start.programs.length === 0))
    return api.refuse("needs-shell", start.start.instruction, { data: { why: start.why } });
  return undefined;
}

function notBuilt(
  program: string,
  at: Instruction,
  builder: GoBuilder,
  api: TransformApi,
): TransformResult {
  const path = resolvePath(builder.contract.workingDirectory, program);
  const inside = [...builder.artifacts.keys()].find(
    (artifact) =>
      path !== undefined &&
      artifact !== path &&
      isWithin(artifact, path) &&
      artifact.slice(path.length + 1).indexOf("/") < 0,
  );
  if (inside !== undefined)
    return api.refuse("output-is-directory", at, { data: { path: path!, written: inside } });
  const copied = builder.copies.find((copy) => copy.target === path);
  return copied
    ? api.refuse("start-is-script", at, { data: { program } })
    : api.refuse("start-not-built", at, { data: { program } });
}

/** A start whose name no build gives may be a file of the repository: a script. */
function isSourceFile(started: StartedProgram, builder: GoBuilder, api: TransformApi): boolean {
  if (builder.artifacts.has(started.source) || !api.repository) return false;
  const source = builder.repositoryPath(started.source);
  return source !== undefined && kindOf(api.repository, source) === "file";
}

/**
 * Programs that other builds make: they are kept where each of them ended up last. What may be a library, or is fetched
 * from elsewhere, is none.
 */
function otherPrograms(
  started: StartedProgram,
  builder: GoBuilder,
  proven: (build: GoBuild, name: string) => boolean,
): (readonly [string, GoBuild])[] {
  const paths = new Map<GoBuild, string>();
  for (const [path, build] of builder.artifacts) {
    if (build === started.build || path === started.source) continue;
    const isNamed =
      build.go.verb === "build" && build.go.flags.has("o") && build.packageDirectory !== undefined;
    if (proven(build, baseName(path)) || isNamed) paths.set(build, path);
  }
  return [...paths].map(([build, path]) => [path, build] as const);
}

/** The first built program of a start that keeps its shell, and all its arguments. */
function shellWords(start: ShellStartForm, builder: GoBuilder): string[] {
  const built = new Set(builder.artifacts.keys());
  const program =
    start.programs.find((name) => builtProgram(name, builder, built)) ?? start.program;
  return program === undefined ? [] : [program, ...start.words];
}

function builtProgram(name: string, builder: GoBuilder, built: ReadonlySet<string>): boolean {
  const { workingDirectory, environment } = builder.contract;
  return programCandidates(name, workingDirectory, environment.get("PATH")?.value).some((path) =>
    built.has(path),
  );
}

interface Facts {
  readonly sources: readonly SourceFacts[];
  /** The sources of every program were found. */
  readonly complete: boolean;
  /** All strings of the sources, to see which variables they may read. */
  readonly names: ReadonlySet<string>;
}

function readAllSources(
  programs: readonly (readonly [string, GoBuild])[],
  builder: GoBuilder,
  place: Parameters<typeof readSources>[3],
): Facts {
  const sources: SourceFacts[] = [];
  let complete = true;
  for (const [path, build] of programs) {
    const found = readSources(build, baseName(path), builder, place);
    if (found) sources.push(found);
    else complete = false;
  }
  return {
    sources,
    complete,
    names: new Set(sources.flatMap(({ program }) => program.literals.map(({ value }) => value))),
  };
}

function cgoNeed(sources: readonly SourceFacts[], api: TransformApi) {
  for (const { program } of sources) {
    const [own] = program.usesCgo;
    if (own) return { data: { why: 'import "C"' }, evidence: [own] };
    // Plugins are opened by the dynamic loader. Source: https://pkg.go.dev/plugin
    const plugin = program.imports.get("plugin");
    if (plugin) return { data: { why: "the package plugin" }, evidence: [plugin] };
    const known = program.cgoModules.find(({ fallback }) => !fallback);
    if (known) return { data: { why: known.module }, evidence: [known.evidence] };
    if (api.repository && program.module?.vendored) {
      const vendored = vendoredCgo(
        api.repository,
        below(program.module.directory, "vendor"),
        program.imports.keys(),
      );
      if (vendored) return { data: { why: "a vendored package" }, evidence: [vendored] };
    }
  }
  return undefined;
}

function goPathDirectories(builder: GoBuilder): string[] {
  const { environment } = builder.contract;
  const paths = (environment.get("GOPATH")?.value ?? "")
    .split(":")
    .filter((path) => path !== "")
    .map((path) => `${path.replace(/\/+$/, "")}/bin`);
  const root = environment.get("GOROOT")?.value;
  const bin = environment.get("GOBIN")?.value;
  return [...paths, ...(root ? [`${root}/bin`] : []), ...(bin ? [bin] : [])];
}

/** Puts CGO_ENABLED=0 in front of each build that leaves it open. */
function disableCgo(builder: GoBuilder, plan: PlanBuilder): void {
  const open = builder.builds.filter((build) => build.cgo === "unset");
  const exec = open.find(({ instruction }) => parseStringArray(instruction.body.text));
  if (exec) {
    // Exec form takes no environment prefix.
    plan.insertBefore(exec.instruction, ["ENV CGO_ENABLED=0"]);
    plan.because("static-binary", exec.instruction);
    return;
  }
  const commands = new Set<unknown>();
  for (const { go, instruction } of open) {
    // One command that builds several programs is one place.
    if (commands.has(go.command)) continue;
    commands.add(go.command);
    const [heredoc] = instruction.heredocs;
    const start = heredoc
      ? heredoc.content.start + go.command.start
      : sourceOffset(instruction.body, go.command.start);
    plan.replace({ start, end: start }, "CGO_ENABLED=0 ");
    plan.because("static-binary", instruction);
  }
}
