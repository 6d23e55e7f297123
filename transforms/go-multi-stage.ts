import { baseImage } from "../src/core/base-images.ts";
import type { Stage } from "../src/core/document.ts";
import { applyEdits } from "../src/core/edits.ts";
import { imageName, walkStage } from "../src/core/image-contract.ts";
import type { Instruction } from "../src/core/line-reader.ts";
import { baseName, isWithin } from "../src/core/path.ts";
import type { Place } from "../src/core/plan.ts";
import type { Dockerfile } from "../src/core/query.ts";
import type {
  SourceFile,
  TransformApi,
  TransformMeta,
  TransformOptions,
  TransformResult,
} from "../src/core/transform.ts";
import { assumptionsOf } from "../src/go/assumptions.ts";
import { readGoBuilder } from "../src/go/builder.ts";
import type { BuildPlace } from "../src/stages/copy-sources.ts";
import { cgoNeed, disableCgo } from "../src/go/cgo.ts";
import { commandImage, GO_COMMAND_RULES } from "../src/go/command-rules.ts";
import { readComposeStarts } from "../src/go/compose-starts.ts";
import { readComposeUse } from "../src/stages/compose-use.ts";
import {
  developmentStart,
  finalStart,
  readHealthcheck,
  readStart,
  usesShell,
} from "../src/go/final-start.ts";
import { TOOLCHAIN_DIRECTORIES, TOOLCHAIN_VARIABLES } from "../src/go/knowledge.ts";
import { findNeeds, type Need } from "../src/go/needs.ts";
import { withTriggers } from "../src/go/onbuild.ts";
import { misplacedSources, originalBreak } from "../src/go/original-break.ts";
import { isNodeProgram } from "../src/go/front-end-steps.ts";
import { separateFrontEnd, type SeparatedText } from "../src/go/front-end-text.ts";
import type { GoBuild } from "../src/go/outputs.ts";
import { cgoRequirement, packageNeeds } from "../src/go/package-needs.ts";
import { readProgramStarts } from "../src/go/program-starts.ts";
import { keptVariables, readAllSources, readSources } from "../src/go/programs.ts";
import { goReasons } from "../src/go/reasons.ts";
import { distinctNeeds } from "../src/stages/need.ts";
import { readRunTimeCommands } from "../src/stages/run-time-commands.ts";
import {
  findStarted,
  installDirectories,
  otherPrograms,
  unbuiltStart,
} from "../src/go/started-program.ts";
import { namedContexts } from "../src/repo/context-evidence.ts";
import { healthcheckForm } from "../src/stages/healthcheck-form.ts";
import { pathWithout } from "../src/stages/runtime-environment.ts";
import { chooseRuntime, installLines } from "../src/stages/runtime-ladder.ts";
import { openRuntimeStage } from "../src/stages/runtime-stage.ts";
import { stageChain, withInherited } from "../src/stages/stage-chain.ts";
import { builderName } from "../src/stages/stage-names.ts";
import { execForm, type StartForm } from "../src/stages/start-form.ts";

export const meta = {
  name: "go-multi-stage",
  description: "Turns a single-stage Go Dockerfile into a builder and a small runtime stage",
  options: {
    runtimeGo: {
      flag: "--runtime-go",
      value: "IMAGE",
      description:
        "base of the runtime stage: smallest (scratch, alpine or a slim image, as needed), scratch, distroless, alpine, debian, or an image of your own",
      default: "smallest",
    },
    artifact: {
      flag: "--artifact",
      value: "PATH",
      description:
        "what an unreadable build makes: the program's path in the image, relative to the last WORKDIR",
    },
  },
  reasons: goReasons,
} as const satisfies TransformMeta;

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
  const own = dockerfile.stages.at(-1)!;
  const stage = withInherited(dockerfile, own);
  const image = imageName(dockerfile, stage);
  const base = image === undefined ? undefined : baseImage(image);
  const isLast = dockerfile.stages.length > 1;
  const isGo = base?.family === "golang" || (base !== undefined && buildsGo(dockerfile));
  if (isLast && !isGo) return api.unchanged("already-multi-stage", stage.from);
  if (base?.family === "node" && own === stage && buildsGo(dockerfile)) {
    const place = placeOfBuild(file, dockerfile, api);
    const apart = separateFrontEnd(dockerfile, stage, base, place);
    if (apart?.kind === "separated")
      return besideFrontEnd(file, dockerfile, stage, apart, api, options);
    if (apart)
      return api.refuse("two-toolchains", apart.at, {
        data: { program: "node", why: apart.why },
        evidence: apart.evidence,
      });
  }
  if (base === undefined || !BUILDER_FAMILIES.has(base.family)) {
    const mayBuild =
      buildsGo(dockerfile) ||
      (base === undefined && /golang|(?:^|[/-])go(?:$|[:-])/i.test(stage.image));
    return mayBuild
      ? api.refuse("base-image-unknown", stage.from, { data: { image: image ?? stage.image } })
      : api.unchanged("not-go");
  }
  if (base.family !== "golang" && !buildsGo(dockerfile)) return api.unchanged("not-go");
  if (base.distribution === "windows")
    return api.refuse("windows-image", stage.from, { data: { image: image! } });
  if (base.hasTriggers && own !== stage)
    return api.refuse("final-stage-has-toolchain", stage.from, { data: { image: image! } });
  if (base.hasTriggers) return withoutTriggers(file, dockerfile, stage, api, options);

  const place = placeOfBuild(file, dockerfile, api);
  const { repository, contextDirectory } = place;
  const frontEnd = own === stage ? separateFrontEnd(dockerfile, stage, base, place) : undefined;
  if (frontEnd?.kind === "separated")
    return besideFrontEnd(file, dockerfile, stage, frontEnd, api, options);

  // What is built, and what the image runs.
  const contract = walkStage(dockerfile, stage);
  const start = finalStart(dockerfile, stage, contract, place);
  const { form, added, wrapped } = start;
  const given = typeof options["artifact"] === "string" ? options["artifact"] : undefined;
  const builder = readGoBuilder(dockerfile, stage, place, { added, artifact: given });
  const commands = readRunTimeCommands(commandImage(builder), GO_COMMAND_RULES, repository);
  readStart(form, contract, commands);
  const unfit = commands.refusal();
  if (unfit && REFUSED_WITHOUT_BUILD.has(unfit.code))
    return api.refuse(unfit.code, unfit.at, unfit);
  const broken = originalBreak(builder, stage, base, place);
  const misused = stage.instructions.find(
    (instruction) =>
      /^(?:CMD|ENTRYPOINT)$/.test(instruction.keyword) &&
      instruction !== contract.entrypoint?.instruction &&
      instruction !== contract.command?.instruction &&
      BUILDS_IN_TEXT.test(instruction.body.text),
  );
  if (misused) return api.refuse("command-builds", misused, { data: { keyword: misused.keyword } });
  const obstacle =
    builder.builds.length > 0
      ? builder.obstacles[0]
      : builder.obstacles.find(({ code }) => HIDES_BUILDS.has(code));
  if (obstacle?.code === "two-toolchains" && frontEnd)
    return api.refuse(obstacle.code, frontEnd.at, {
      data: { ...obstacle.data, why: frontEnd.why },
      evidence: frontEnd.evidence,
    });
  if (obstacle) return api.refuse(obstacle.code, obstacle.instruction, obstacle);
  if (broken && !broken.isByTag) return api.refuse("original-broken", broken.at, broken);
  if (builder.builds.length === 0)
    return isLast
      ? api.refuse("final-stage-has-toolchain", stage.from, { data: { image: image! } })
      : api.unchanged("no-build", stage.from);
  if (form.kind === "inherited" || form.kind === "none") return api.refuse("no-start", stage.from);
  if (unfit) return api.refuse(unfit.code, unfit.at, unfit);
  const startPrograms = [...commands.programs];
  const compose = readComposeUse(contract, place);
  const composeStarts = readComposeStarts(compose, commands);
  const elsewhere = commands.refusal();
  if (elsewhere)
    return api.refuse("compose-needs-more", stage.from, {
      data: { why: elsewhere.data?.["command"] ?? elsewhere.data?.["program"] ?? elsewhere.code },
      evidence: elsewhere.evidence ?? [],
    });
  const development = developmentStart(start, { builder, compose });
  if (development) return api.refuse(development.code, development.at, development);

  // The program that is started, and those built beside it.
  const startInstruction = (contract.entrypoint?.instruction ?? contract.command?.instruction)!;
  const proven = (build: GoBuild, name: string): boolean =>
    readSources(build, name, builder, place) !== undefined;
  const toolchainDirectories = [...TOOLCHAIN_DIRECTORIES, ...installDirectories(contract)];
  const runtimePath = pathWithout(contract.environment.get("PATH")?.value, toolchainDirectories);
  const found = findStarted(startPrograms, builder, proven, runtimePath);
  if (found.kind === "none")
    return refused(
      unbuiltStart(startPrograms[0] ?? startText(form), builder),
      startInstruction,
      api,
    );
  if (found.kind === "ambiguous")
    return api.refuse("start-ambiguous", startInstruction, { data: { program: found.program } });
  const { started, program } = found;
  if (started.repaired && isWithin(contract.workingDirectory ?? "/", started.target)) {
    return api.refuse("output-is-directory", startInstruction, {
      data: { path: started.target, written: started.source },
    });
  }
  if (form.kind !== "words" && started.throughPath && program !== baseName(program))
    return api.refuse("start-not-built", startInstruction, { data: { program } });
  const programs = otherPrograms(started, builder, proven);
  const facts = readAllSources([[started.source, started.build], ...programs], builder, place);

  const misplaced = misplacedSources(facts, builder);
  if (misplaced) return refused(misplaced, started.build.instruction, api);

  // What they need, and the smallest image that has it.
  const toolchain = readProgramStarts(facts.sources, repository, commands);
  if (toolchain) return api.refuse(toolchain.code, started.build.instruction, toolchain);
  const cgo = cgoNeed(facts.sources, builder, repository);
  if (cgo?.refusal) return api.refuse("go-cgo-needed", started.build.instruction, cgo);
  const isKept = (path: string): boolean =>
    path === started.target || programs.some(([other]) => other === path);
  const healthcheck = healthcheckForm(contract, stage, runtimePath, isKept);
  readHealthcheck(healthcheck, contract, commands);
  const inner = commands.refusal();
  if (inner) return api.refuse(inner.code, inner.at ?? startInstruction, inner);
  const packages = packageNeeds(builder, {
    isComplete: facts.isProved,
    isComputed: commands.isComputed,
    systemPrograms: commands.systemPrograms,
  });
  const requirements = [
    ...(cgo
      ? [cgoRequirement(builder, { why: cgo.data.why, at: cgo.at, evidence: cgo.evidence })]
      : []),
    ...commands.requirements,
    ...packages.requirements,
  ];
  const runtime = chooseRuntime(
    String(options["runtimeGo"] ?? meta.options.runtimeGo.default),
    { base, reference: image!, installsPackages: builder.installed.size > 0 },
    requirements,
  );
  if (runtime.unmet) {
    const { refusal, at, data, evidence, isOwn } = runtime.unmet;
    if (isOwn && base.family === "golang" && base.release === undefined)
      return api.refuse("release-unknown", stage.from, {
        data: { image: image!, why: data["why"] ?? "" },
        evidence: evidence ?? [],
      });
    return api.refuse(refusal, at ?? startInstruction, {
      data: { ...data, image: runtime.image },
      evidence: evidence ?? [],
    });
  }
  const edited = builder.editedSystemFiles();
  if (edited && runtime.packages.length > 0)
    return api.refuse("step-may-matter", edited.instruction, { data: { program: edited.program } });
  const name = builderName(dockerfile, stage);
  const needs = findNeeds({
    builder,
    sources: facts.sources,
    repository,
    contextDirectory,
    runtime,
    builderName: name,
    dockerfilePath: file.path,
    startArguments:
      form.kind === "words" && form.words.includes(program)
        ? form.words.slice(form.words.indexOf(program) + 1)
        : [],
    scriptWords: commands.literals,
    composeValues: compose.values,
    composeUser: compose.user,
    composeZone: compose.zone,
    scriptOutputs: commands.written,
    carriedFiles: commands.files,
    systemPrograms: commands.systemPrograms,
  });
  if (needs.refusal)
    return api.refuse(needs.refusal.code, needs.refusal.at ?? startInstruction, needs.refusal);
  const last = stage.instructions.at(-1);
  if (last?.unfinished && ["RUN", "COPY", "ADD"].includes(last.keyword))
    return api.refuse("unfinished-instruction", last);

  // The new stage.
  const plan = api.plan(dockerfile);
  const newBodies = new Map<Instruction, string>();
  const hasShell = runtime.base?.hasShell === true;
  // `$GOPATH/bin/app` would be another path where nothing sets GOPATH.
  const usesVariable =
    form.kind === "words" && form.converted?.form === "shell" && form.converted.text.includes("$");
  if (!hasShell || usesVariable) {
    if (form.kind === "words" && form.converted?.instruction) {
      newBodies.set(form.converted.instruction, execForm(form.words));
      const field = form.converted === contract.entrypoint ? "entrypoint" : "command";
      plan.because("exec-form-start", form.converted.instruction, { allows: [field] });
    }
    if (!hasShell && healthcheck?.kind === "convertible") {
      newBodies.set(healthcheck.instruction, `CMD ${execForm(healthcheck.words)}`);
      plan.because("healthcheck-exec-form", healthcheck.instruction, { allows: ["healthcheck"] });
    }
  }
  if (!cgo) disableCgo(builder, plan);
  if (added) {
    if (!cgo) plan.because("static-binary", added.instruction);
    newBodies.set(added.instruction, execForm([added.program, ...added.words]));
    plan.because("start-built", added.instruction, {
      data: { command: added.command, path: added.program },
      allows: [added.field],
    });
  }
  if (wrapped) {
    const field = contract.entrypoint?.instruction ? "entrypoint" : "command";
    newBodies.set(startInstruction, execForm(wrapped));
    plan.because("go-wrapper-left", startInstruction, {
      data: { program: wrapped[0]! },
      allows: [field],
    });
  }
  const buildLines = added
    ? [`RUN ${cgo || started.build.cgo === "off" ? "" : "CGO_ENABLED=0 "}${added.text}`]
    : [];
  const artifacts = [
    ...programs.map(([path]) => [path, path] as const),
    [started.source, started.target] as const,
  ];
  const left = openRuntimeStage(
    dockerfile,
    stage,
    contract,
    {
      image: runtime.image,
      base: runtime.base,
      builderLines: [...buildLines, ...needs.builderLines],
      usesShell: usesShell(contract, newBodies),
      buildsAtEnd: added !== undefined,
      systemLines: [...installLines(runtime), ...needs.systemLines],
      fileLines: [
        ...needs.fileLines,
        ...artifacts
          .filter(([source, target]) => source !== target || !needs.isCopied(source))
          .map(([source, target]) => needs.copy(source, target)),
      ],
      newBodies,
      keptVariables: keptVariables(contract, facts),
      userOwnsDirectory: needs.userOwnsDirectory,
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
  for (const { code, at, data, evidence } of requirements)
    plan.because(code, at, { data: { ...data, image: runtime.image }, evidence: evidence ?? [] });
  const assumptions = assumptionsOf({
    builder,
    base,
    reference: image!,
    stage,
    startInstruction,
    started,
    program,
    sources: facts,
    usesCgo: cgo !== undefined,
    commands,
    compose,
    composeStarts,
    isKept,
    runtimePath,
    runtime,
    broken,
  });
  for (const need of distinctNeeds([
    ...needs.notes,
    // What is started is there, at another place.
    ...commands.notes.filter(
      ({ code, data }) => code !== "program-absent" || data?.["program"] !== baseName(program),
    ),
    ...packages.notes,
    ...assumptions,
  ]))
    plan.because(need.code, need.at, need);
  return plan.build();
}

function placeOfBuild(file: SourceFile, dockerfile: Dockerfile, api: TransformApi): BuildPlace {
  const contextDirectory = api.contextDirectory(dockerfile, namedContexts);
  return { repository: api.repository, contextDirectory, dockerfilePath: file.path };
}

/** The triggers of golang's onbuild images are written out first; what is decided then is about that text. */
function withoutTriggers(
  file: SourceFile,
  dockerfile: Dockerfile,
  stage: Stage,
  api: TransformApi,
  options: TransformOptions,
): TransformResult {
  const expanded = withTriggers(dockerfile, stage);
  const result = transform({ path: file.path, source: expanded.source }, api, options);
  if (!result || typeof result === "string") return result;
  /** The same instruction in the file as it is. */
  const placeOf = (at: Place | undefined): Place => {
    const line = at && "line" in at ? at.line - expanded.lines : 0;
    return dockerfile.instructions.find((instruction) => instruction.line === line) ?? stage.from;
  };
  if (result.kind !== "plan") return { ...result, note: { ...result.note, at: stage.from } };
  const plan = api.plan(dockerfile);
  const { source } = dockerfile;
  plan.replace({ start: 0, end: source.length }, applyEdits(expanded.source, result.edits));
  for (const note of result.notes) plan.because(note.code, placeOf(note.at), note);
  plan.because("onbuild-expanded", stage.from, {
    data: { image: expanded.image },
    allows: [...result.allows, "workdir", "command"],
  });
  return plan.build();
}

/** The front end gets a builder of its own first; what is decided then is about the text with both stages. */
function besideFrontEnd(
  file: SourceFile,
  dockerfile: Dockerfile,
  stage: Stage,
  frontEnd: SeparatedText,
  api: TransformApi,
  options: TransformOptions,
): TransformResult {
  const separated = { path: file.path, source: frontEnd.source };
  const result = transform(separated, api, options);
  if (!result || typeof result === "string") return result;
  const last = api.dockerfile(separated).stages.at(-1)!;
  /** The same instruction in the file as it is. */
  const placeOf = (at: Place | undefined): Place => {
    const index = last.instructions.findIndex((instruction) => instruction === at);
    return frontEnd.origins[index] ?? stage.from;
  };
  // There is one stage in the file, and it builds no Go program.
  if (result.kind === "refused" && result.note.code === "final-stage-has-toolchain")
    return api.refuse("two-toolchains", frontEnd.last, {
      data: {
        program: "node",
        why: "no Go program is built with it that a small image could start",
      },
    });
  if (result.kind !== "plan")
    return { ...result, note: { ...result.note, at: placeOf(result.note.at) } };
  const run = result.notes.find(
    ({ code, data }) =>
      code === "programs-assumed" ||
      (code === "program-absent" && isNodeProgram(data["program"] ?? "")),
  );
  if (run)
    return api.refuse("two-toolchains", placeOf(run.at), {
      data: {
        program: "node",
        why: "the program may run Node.js, which a small image does not have",
      },
      evidence: run.evidence,
    });
  const plan = api.plan(dockerfile);
  plan.replace(
    { start: 0, end: dockerfile.source.length },
    applyEdits(frontEnd.source, result.edits),
  );
  for (const note of result.notes) plan.because(note.code, placeOf(note.at), note);
  const { image, name, node, outputs, goImage } = frontEnd;
  plan.because("front-end-stage", node.instruction, { data: { image, name } });
  // docker-entrypoint.sh starts a program as it is; only what is no program is given to node.
  if (goImage !== undefined)
    plan.because("go-image", stage.from, {
      data: { image: goImage },
      allows: ["entrypoint", "env:NODE_VERSION", "env:YARN_VERSION"],
    });
  plan.because("front-end-copied", frontEnd.last, {
    data: { paths: outputs.join(", "), name },
    allows: [...result.allows],
  });
  const why =
    node.argument !== undefined
      ? `${node.argument} has it for its default`
      : "the distribution's package has that version";
  if (node.argument !== undefined || node.isPackaged)
    plan.because("node-version-assumed", node.instruction, { data: { image, why } });
  return plan.build();
}

function refused(need: Need, at: Instruction, api: TransformApi): TransformResult {
  return api.refuse(need.code, need.at ?? at, need);
}

/** Images that a build with Go may stand on. */
const BUILDER_FAMILIES = new Set(["golang", "alpine", "debian", "ubuntu"]);

/** What may hold a build that cannot be seen. */
const HIDES_BUILDS = new Set([
  "opaque-build",
  "conditional-build",
  "source-not-in-context",
  "two-toolchains",
  "onbuild-triggers",
]);

/** A CMD that was meant to be a RUN, in shell or exec form. */
const BUILDS_IN_TEXT = /\bgo["', ]+(?:build|install|get|mod)\b|\bmake\b|\bdep["', ]+ensure\b/;

/** Starts that say what kind of image this is, whether or not it builds anything. */
const REFUSED_WITHOUT_BUILD = new Set([
  "development-image",
  "go-run-start",
  "build-at-start",
  "onbuild-triggers",
]);

/** Whether the last stage, or one that it is built on, builds or runs Go code. */
function buildsGo(dockerfile: Dockerfile): boolean {
  const chain = stageChain(dockerfile, dockerfile.stages.at(-1)!);
  return dockerfile
    .commands("go")
    .some(
      ({ command, stage }) =>
        chain.includes(stage) &&
        ["build", "install", "run"].includes(command.words[1]?.value ?? ""),
    );
}

function startText(form: StartForm): string {
  return form.kind === "words" ? form.words.join(" ") : "what the shell runs";
}
