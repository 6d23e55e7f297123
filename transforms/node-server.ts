import { baseImage } from "../src/core/base-images.ts";
import { imageName } from "../src/core/image-contract.ts";
import { baseName } from "../src/core/path.ts";
import type {
  SourceFile,
  TransformApi,
  TransformMeta,
  TransformOptions,
  TransformResult,
} from "../src/core/transform.ts";
import { applicationFiles } from "../src/javascript/application-files.ts";
import { keptGlobals } from "../src/javascript/global-packages.ts";
import { startedPaths } from "../src/javascript/node-start.ts";
import { readNodeImage } from "../src/javascript/node-image.ts";
import { moduleRequirements } from "../src/javascript/module-requirements.ts";
import { packageNeeds } from "../src/javascript/package-needs.ts";
import { decidePruning } from "../src/javascript/pruning.ts";
import { nodeRuntime } from "../src/javascript/runtime-image.ts";
import { serverAssumptions, serverRefusal } from "../src/javascript/server-decisions.ts";
import { serverReasons } from "../src/javascript/server-reasons.ts";
import { isFullNode } from "../src/stages/system-program.ts";
import { installLines } from "../src/stages/runtime-ladder.ts";
import { openRuntimeStage } from "../src/stages/runtime-stage.ts";
import { builderName } from "../src/stages/stage-names.ts";

export const meta = {
  name: "node-server",
  description:
    "Turns a single-stage Dockerfile of a Node server into a builder and a slim runtime stage",
  options: {},
  reasons: serverReasons,
} as const satisfies TransformMeta;

/** Brings the packages of the final stage's base up to date, as the file does with the builder's. */
const UPGRADE = {
  alpine: "RUN apk upgrade --no-cache",
  debian: "RUN apt-get update && apt-get upgrade -y && rm -rf /var/lib/apt/lists/*",
};

export default function transform(
  file: SourceFile,
  api: TransformApi,
  _options: TransformOptions,
): TransformResult {
  // A scan before the file is read: most files of a repository have nothing to do with Node.
  if (!/node/i.test(file.source)) return api.unchanged("not-node");
  const dockerfile = api.dockerfile(file);
  const stage = dockerfile.stages.at(-1)!;
  const image = imageName(dockerfile, stage);
  const base = image === undefined ? undefined : baseImage(image);
  if (dockerfile.stages.length > 1) return api.unchanged("already-multi-stage", stage.from);
  if (image === undefined || base?.family !== "node") return api.unchanged("not-node");
  if (base.distribution === "windows")
    return api.refuse("windows-image", stage.from, { data: { image } });
  if (base.hasTriggers) return api.refuse("onbuild-triggers", stage.from, { data: { image } });

  // What the stage does, and what the image runs.
  const node = readNodeImage(dockerfile, stage, file.path, api);
  if (node.site || node.start.reader.systemPrograms.has("nginx"))
    return api.unchanged("static-site", node.start.instruction);
  const refusal = serverRefusal(node);
  if (refusal) return api.refuse(refusal.code, refusal.at ?? stage.from, refusal);

  // What it needs.
  const name = builderName(dockerfile, stage);
  const files = applicationFiles(node.stage, node.place, name, startedPaths(node.start));
  if (files.refusal)
    return api.refuse(files.refusal.code, files.refusal.at ?? stage.from, files.refusal);
  const globals = keptGlobals(node.stage, node.start);
  const pruning = decidePruning(node.stage, node.start, node.sources, api.repository, node.compose);
  const modules = moduleRequirements(node, files.directory, pruning.kind === "kept");
  const packages = packageNeeds(node.stage, modules.uses);
  if (packages.refusal)
    return api.refuse(packages.refusal.code, packages.refusal.at ?? stage.from, packages.refusal);
  const requirements = [
    ...node.start.reader.requirements,
    ...modules.requirements,
    ...packages.requirements,
  ];
  const runtime = nodeRuntime(stage, image, base, requirements);
  // Where the distribution's packages come from was changed for the builder alone.
  const edited = node.stage.edits.find(({ path }) => /^\/etc\/(?:apt|apk)\//.test(path));
  if (edited && runtime.packages.length > 0)
    return api.refuse("step-may-matter", edited.instruction, { data: { program: "sed" } });
  const isSmaller =
    runtime.isSlim ||
    pruning.kind === "command" ||
    pruning.kind === "done" ||
    packages.left.length > 0 ||
    (globals.left.length > 0 && !isFullNode(base));
  if (!isSmaller && runtime.unmet) {
    const { refusal: code, at, data, evidence } = runtime.unmet;
    return api.refuse(code, at ?? stage.from, {
      data: { ...data, image: "the slim image" },
      evidence: evidence ?? [],
    });
  }
  if (!isSmaller)
    return api.unchanged("no-benefit", stage.from, {
      data: {
        why:
          pruning.kind === "kept"
            ? `development packages stay, since ${pruning.why}`
            : "it is slim already, and nothing in it serves the build alone",
      },
      evidence: pruning.kind === "kept" ? pruning.evidence : [],
    });
  const last = stage.instructions.at(-1);
  if (last?.unfinished && ["RUN", "COPY", "ADD"].includes(last.keyword))
    return api.refuse("unfinished-instruction", last);

  // The new stage.
  const plan = api.plan(dockerfile);
  const { contract } = node.stage;
  const isUserCopied = node.stage.changesUsers !== undefined;
  const left = openRuntimeStage(
    dockerfile,
    stage,
    contract,
    {
      image: runtime.image,
      base: runtime.base,
      builderLines: pruning.kind === "command" ? [`RUN ${pruning.command}`] : [],
      usesShell: true,
      buildsAtEnd: false,
      systemLines: [
        ...(node.stage.upgrade
          ? [UPGRADE[base.distribution === "alpine" ? "alpine" : "debian"]]
          : []),
        ...installLines({ ...runtime, unmet: undefined }),
        ...(isUserCopied ? [`COPY --from=${name} /etc/passwd /etc/group /etc/`] : []),
        ...globals.lines(name),
      ],
      fileLines: files.lines,
      newBodies: new Map(),
      keptVariables: new Map(),
      userOwnsDirectory: files.userOwnsDirectory,
      isToolchainVariable: () => false,
      toolchainDirectories: [],
      environmentReaders: node.stage.environmentReaders,
    },
    plan,
  );
  if (left) return api.refuse(left.code, left.at, { data: left.data });

  if (files.directory !== "/")
    plan.because("application-copied", stage.from, { data: { path: files.directory } });
  if (runtime.unmet)
    plan.because("full-image-kept", stage.from, {
      data: { image, why: runtime.unmet.data["why"] ?? runtime.unmet.data["packages"] ?? "" },
      evidence: runtime.unmet.evidence ?? [],
    });
  if (runtime.isSlim) plan.because("slim-image", stage.from, { data: { image: runtime.image } });
  if (pruning.kind === "command")
    plan.because("development-packages-pruned", node.stage.installs[0]?.instruction, {
      data: { command: pruning.command, packages: pruning.packages.slice(0, 6).join(", ") },
    });
  if (pruning.kind === "kept")
    plan.because("development-packages-kept", node.stage.installs[0]?.instruction, {
      data: { why: pruning.why },
      evidence: pruning.evidence,
    });
  if (node.stage.upgrade)
    plan.because("packages-kept", node.stage.upgrade, {
      data: { packages: "newer versions", image: runtime.image },
    });
  if (isUserCopied)
    plan.because("users-copied", node.stage.changesUsers, {
      data: { user: contract.user || "root" },
    });
  for (const note of globals.notes) plan.because(note.code, note.at, note);
  for (const { code, at, data, evidence, isOfFile } of requirements)
    if (runtime.isSlim || isOfFile)
      plan.because(code, at, { data: { ...data, image: runtime.image }, evidence: evidence ?? [] });
  const unused = [
    ...packages.left.map((one) => ({ name: one.name, instruction: one.instruction })),
    ...globals.left.map(({ command, instruction }) => ({
      name: command.packages.join(", "),
      instruction,
    })),
  ];
  if (unused[0])
    plan.because("build-packages-left", unused[0].instruction, {
      data: { packages: unused.map(({ name: one }) => one).join(", ") },
    });
  const isNoted = new Set(
    requirements.map(({ code, data }) => `${code} ${baseName(data["program"] ?? "")}`),
  );
  for (const note of [
    ...files.notes.filter(
      ({ code, data }) => !isNoted.has(`${code} ${baseName(data?.["program"] ?? "")}`),
    ),
    ...serverAssumptions(node, { base, image, isSlim: runtime.isSlim, modules }),
  ])
    plan.because(note.code, note.at, note);
  return plan.build();
}
