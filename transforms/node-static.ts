import { commandText } from "../src/javascript/command-walk.ts";
import { baseImage, DEFAULT_PATH, type BaseImage } from "../src/core/base-images.ts";
import { imageName, isRootUser, type ImageContract } from "../src/core/image-contract.ts";
import type { Document } from "../src/core/document.ts";
import type { Instruction } from "../src/core/line-reader.ts";
import { linesOf } from "../src/core/plan.ts";
import type {
  SourceFile,
  TransformApi,
  TransformMeta,
  TransformOptions,
  TransformResult,
} from "../src/core/transform.ts";
import { readNginxSite } from "../src/javascript/nginx-site.ts";
import { configurationInstruction, nginxServer } from "../src/javascript/nginx-server.ts";
import { readNodeImage } from "../src/javascript/node-image.ts";
import { siteOutput } from "../src/javascript/site-output.ts";
import {
  brokenOriginal,
  composeProblem,
  contextAssumptions,
  healthcheckProblem,
  mountedSite,
  siteAssumptions,
  siteRefusal,
} from "../src/javascript/static-decisions.ts";
import { staticReasons } from "../src/javascript/static-reasons.ts";
import { pathWords } from "../src/stages/path-words.ts";
import { openRuntimeStage } from "../src/stages/runtime-stage.ts";
import { builderName } from "../src/stages/stage-names.ts";
import { execForm } from "../src/stages/start-form.ts";

export const meta = {
  name: "node-static",
  description: "Turns a single-stage Dockerfile of a front end into a builder and an nginx stage",
  options: {
    runtimeStatic: {
      flag: "--runtime-static",
      value: "IMAGE",
      description:
        "base of the stage that serves a front end: nginx:alpine, nginxinc/nginx-unprivileged:alpine, or another image of nginx",
      default: "nginx:alpine",
    },
  },
  reasons: staticReasons,
} as const satisfies TransformMeta;

/** Where nginx's images keep the site and its configuration. Source: https://github.com/nginxinc/docker-nginx */
const WEB_ROOT = "/usr/share/nginx/html";
const SITE_FILE = "/etc/nginx/conf.d/default.conf";
const NGINX_START = ["nginx", "-g", "daemon off;"];
/** The image for sites that are served by a user other than root. Source: https://github.com/nginxinc/docker-nginx-unprivileged */
const UNPRIVILEGED = "nginxinc/nginx-unprivileged:alpine";

export default function transform(
  file: SourceFile,
  api: TransformApi,
  options: TransformOptions,
): TransformResult {
  // A scan before the file is read: most files of a repository have nothing to do with front ends.
  if (!/node|nginx|npm|yarn|pnpm/i.test(file.source)) return api.unchanged("not-node");
  const dockerfile = api.dockerfile(file);
  const stage = dockerfile.stages.at(-1)!;
  if (dockerfile.stages.length > 1) return api.unchanged("already-multi-stage", stage.from);
  const image = imageName(dockerfile, stage);
  const base = image === undefined ? undefined : baseImage(image);
  if (base?.distribution === "windows" || (!base && /windows|nanoserver/i.test(image ?? "")))
    return api.refuse("windows-image", stage.from, { data: { image: image! } });
  if (base?.hasTriggers) return api.refuse("onbuild-triggers", stage.from);

  const node = readNodeImage(dockerfile, stage, file.path, api);
  const { contract } = node.stage;
  const nginx = readNginxSite(dockerfile, stage, node, base);
  if (!nginx && !node.site) return api.unchanged("not-static");

  const broken = brokenOriginal(node);
  if (broken) return api.refuse(broken.code, broken.at ?? stage.from, broken);
  const wanted = String(options["runtimeStatic"] ?? meta.options.runtimeStatic.default);
  const isDefault = wanted === meta.options.runtimeStatic.default;
  const wantedBase = baseImage(wanted);
  if (wantedBase && !wantedBase.family.startsWith("nginx"))
    return api.refuse("static-server-option", stage.from, {
      data: { server: "--runtime-static", option: wanted },
    });
  const last = stage.instructions.at(-1);
  if (last?.unfinished && ["RUN", "COPY", "ADD"].includes(last.keyword))
    return api.refuse("unfinished-instruction", last);
  const name = builderName(dockerfile, stage);
  const plan = api.plan(dockerfile);
  const common = {
    usesShell: true,
    newBodies: new Map<Instruction, string>(),
    keptVariables: new Map<string, string>(),
    userOwnsDirectory: false,
    isToolchainVariable: (variable: string) => !isReferenced(stage.instructions, variable),
    toolchainDirectories: (contract.environment.get("PATH")?.value ?? "")
      .split(":")
      .filter((directory) => !DEFAULT_PATH.split(":").includes(directory)),
    environmentReaders: node.stage.environmentReaders,
    isForeign: true,
  };

  if (nginx) {
    if (nginx.kind === "refused") return api.refuse(nginx.code, nginx.at ?? stage.from, nginx);
    const runtimeImage = nginx.image ?? wanted;
    const check = healthcheckProblem(node, runtimeImage) ?? composeProblem(node);
    if (check) return api.refuse(check.code, check.at ?? stage.from, check);
    for (const { source, target } of nginx.roots) {
      const mounted = source === target ? undefined : mountedSite(node, source);
      if (mounted) return api.refuse(mounted.code, stage.from, mounted);
    }
    const runtimeBase = baseImage(runtimeImage);
    const problem = openRuntimeStage(
      dockerfile,
      stage,
      contract,
      {
        ...common,
        ...(nginx.isOfNginx ? { isToolchainVariable: () => false, toolchainDirectories: [] } : {}),
        image: runtimeImage,
        base: runtimeBase,
        builderLines: [],
        buildsAtEnd: false,
        systemLines: nginx.lines,
        fileLines: [
          ...nginx.files.map((path) => `COPY --from=${name} ${pathWords(path, path)}`),
          ...nginx.roots.flatMap(({ source, target, stale }) => [
            ...(stale ? commentLines(dockerfile, stale) : []),
            `COPY --from=${name} ${pathWords(source, target)}`,
          ]),
        ],
        left: nginx.left,
      },
      plan,
    );
    if (problem) return api.refuse(problem.code, problem.at, { data: problem.data });
    plan.because("nginx-kept", node.start.instruction ?? stage.from, {
      data: { image: runtimeImage },
      allows: [...FOREIGN_DIFFERENCES, ...portDifferences(runtimeBase, contract)],
    });
    for (const instruction of nginx.installs) plan.because("nginx-install-dropped", instruction);
    for (const instruction of nginx.moved)
      plan.because("configuration-moved", instruction, { data: { keyword: instruction.keyword } });
    for (const { source, target, stale } of nginx.roots) {
      plan.because("site-copied", stage.from, { data: { path: source, target } });
      if (stale) plan.because("built-output-served", stale, { data: { path: source } });
    }
    if (!api.repository)
      plan.because("output-assumed", stage.from, { data: { path: nginx.roots[0]?.source ?? "" } });
    for (const note of contextAssumptions(node, nginx.left)) plan.because(note.code, note.at, note);
    return plan.build();
  }

  const served = node.site!;
  const isRoot = isRootUser(contract.user);
  const runtimeImage = isDefault && !isRoot ? UNPRIVILEGED : wanted;
  const runtimeBase = baseImage(runtimeImage);
  const refusal = siteRefusal(node, served, runtimeImage);
  if (refusal) return api.refuse(refusal.code, refusal.at ?? stage.from, refusal);
  const { server } = served;
  if (server.kind === "refused") return api.refuse(server.code, stage.from, server);
  const { site } = server;
  const output = siteOutput(node, served);
  if (output.kind === "unbuilt") return api.unchanged("site-not-built", node.start.instruction);
  if (output.kind === "refused")
    return api.refuse(output.code, node.start.instruction ?? stage.from, output);

  const mounted = mountedSite(node, output.path);
  if (mounted) return api.refuse(mounted.code, node.start.instruction ?? stage.from, mounted);

  const { left, newBodies } = replacedStart(stage.instructions);
  if (/\bwget\b/.test(contract.healthcheck ?? "") && node.stage.healthcheckInstruction) {
    const check = node.stage.healthcheckInstruction;
    const body = check.body.text.replaceAll(/\blocalhost(?=[:/\s"']|$)/g, "127.0.0.1");
    if (body !== check.body.text) {
      newBodies.set(check, body);
      plan.because("healthcheck-address", check, { allows: ["healthcheck"] });
    }
  }
  if (!isRoot) replaceUser(stage.instructions, left, newBodies);
  const problem = openRuntimeStage(
    dockerfile,
    stage,
    contract,
    {
      ...common,
      image: runtimeImage,
      base: runtimeBase,
      builderLines: output.build === undefined ? [] : [`RUN ${output.build}`],
      usesShell: false,
      buildsAtEnd: output.build !== undefined,
      systemLines: configurationInstruction(
        nginxServer(site, WEB_ROOT),
        SITE_FILE,
        dockerfile.escape,
      ).split("\n"),
      fileLines: [`COPY --from=${name} ${pathWords(output.path, WEB_ROOT)}`],
      newBodies,
      left,
    },
    plan,
  );
  if (problem) return api.refuse(problem.code, problem.at, { data: problem.data });

  plan.because("served-by-nginx", node.start.instruction, {
    data: { command: commandText(served.leaf), port: String(site.port) },
    evidence: site.evidence,
    allows: [...FOREIGN_DIFFERENCES, ...portDifferences(runtimeBase, contract)],
  });
  plan.because("site-copied", stage.from, {
    data: { path: output.path, target: WEB_ROOT },
    evidence: output.evidence,
  });
  if (site.portVariable !== undefined)
    plan.because("port-fixed", node.start.instruction, {
      data: { name: site.portVariable, port: String(site.port) },
    });
  if (site.fallback === "index") plan.because("single-page-fallback", node.start.instruction);
  if (contract.exposedPorts.length > 0 && !contract.exposedPorts.includes(`${site.port}/tcp`))
    plan.because(
      "port-not-exposed",
      stage.instructions.find(({ keyword }) => keyword === "EXPOSE"),
      { data: { port: String(site.port), exposed: contract.exposedPorts.join(", ") } },
    );
  if (!isRoot)
    plan.because(
      "unprivileged-server",
      stage.instructions.findLast(({ keyword }) => keyword === "USER"),
      { data: { user: contract.user, image: runtimeImage } },
    );
  for (const note of [
    ...siteAssumptions(node, served, site, output),
    ...contextAssumptions(node, left),
  ])
    plan.because(note.code, note.at, note);
  return plan.build();
}

/** Comments of an instruction that goes. */
function commentLines(document: Document, instruction: Instruction): string[] {
  return linesOf(document, instruction).slice(0, instruction.leadingComments.length);
}

/** Of the image's configuration, what nginx's image has of its own in place of Node's. */
const FOREIGN_DIFFERENCES = [
  "entrypoint",
  "command",
  "workdir",
  "env:*",
  "stopsignal",
  "user",
  "shell",
];

/** The user of the unprivileged image is its own; a USER of the builder stays there, since it counts for its steps. */
function replaceUser(
  instructions: readonly Instruction[],
  left: Set<Instruction>,
  newBodies: Map<Instruction, string>,
): void {
  const lastBuild = instructions.findLastIndex(({ keyword }) =>
    ["RUN", "COPY", "ADD"].includes(keyword),
  );
  for (const instruction of instructions.slice(lastBuild + 1)) {
    if (instruction.keyword !== "USER") continue;
    if (isCommented(instruction)) newBodies.set(instruction, "101");
    else left.add(instruction);
  }
}

function isCommented({ leadingComments, innerComments }: Instruction): boolean {
  return leadingComments.length + innerComments.length > 0;
}

/** Starts go, or, where comments stand with them, become nginx's own. */
function replacedStart(instructions: readonly Instruction[]): {
  readonly left: Set<Instruction>;
  readonly newBodies: Map<Instruction, string>;
} {
  const left = new Set<Instruction>();
  const newBodies = new Map<Instruction, string>();
  const starts = instructions.filter(({ keyword }) => /^(?:CMD|ENTRYPOINT)$/.test(keyword));
  const commented = starts.filter(isCommented);
  const entrypoint = commented.find(({ keyword }) => keyword === "ENTRYPOINT");
  for (const instruction of starts) {
    if (!commented.includes(instruction)) left.add(instruction);
    else if (!entrypoint) newBodies.set(instruction, execForm(NGINX_START));
    else
      newBodies.set(
        instruction,
        execForm(
          instruction.keyword === "ENTRYPOINT" ? NGINX_START.slice(0, 1) : NGINX_START.slice(1),
        ),
      );
  }
  if (entrypoint && !commented.some(({ keyword }) => keyword === "CMD"))
    newBodies.set(entrypoint, execForm(NGINX_START));
  return { left, newBodies };
}

/** Whether configuration that goes to the final stage names a variable. */
function isReferenced(instructions: readonly Instruction[], name: string): boolean {
  return instructions.some(
    ({ keyword, body }) =>
      /^(?:LABEL|HEALTHCHECK)$/.test(keyword) && new RegExp(`\\$\\{?${name}\\b`).test(body.text),
  );
}

/** Ports that nginx's image exposes by itself. */
function portDifferences(own: BaseImage | undefined, { exposedPorts }: ImageContract): string[] {
  return (own?.exposedPorts ?? [])
    .filter((port) => !exposedPorts.includes(port))
    .map((port) => `port:${port}`);
}
