import type { BaseImage } from "../core/base-images.ts";
import type { Stage } from "../core/document.ts";
import type { Instruction } from "../core/line-reader.ts";
import type { Evidence } from "../core/outcome.ts";
import { programCandidates } from "../core/start.ts";
import type { Runtime } from "../stages/runtime-ladder.ts";
import type { GoBuilder } from "./builder.ts";
import type { ComposeUse } from "../stages/compose-use.ts";
import type { Need } from "./needs.ts";
import type { OriginalBreak } from "./original-break.ts";
import type { AllSources } from "./programs.ts";
import type { RunTimeCommands } from "../stages/run-time-commands.ts";
import type { StartedProgram } from "./started-program.ts";

/** What an offered change rests on, beside what its needs say themselves. */
export interface Grounds {
  readonly builder: GoBuilder;
  readonly base: BaseImage;
  /** As FROM names it. */
  readonly reference: string;
  readonly stage: Stage;
  readonly startInstruction: Instruction;
  readonly started: StartedProgram;
  /** As it is started. */
  readonly program: string;
  readonly sources: AllSources;
  readonly usesCgo: boolean;
  readonly commands: RunTimeCommands;
  readonly compose: ComposeUse;
  readonly composeStarts: readonly {
    readonly programs: readonly string[];
    readonly evidence: Evidence;
  }[];
  readonly isKept: (path: string) => boolean;
  readonly runtimePath: string;
  readonly runtime: Runtime;
  readonly broken: OriginalBreak | undefined;
}

/** Each assumption of a change, with its place. */
export function assumptionsOf(grounds: Grounds): Need[] {
  const { builder, started, startInstruction, sources } = grounds;
  const found: Need[] = [];
  if (started.repaired)
    found.push({
      code: "original-would-not-start",
      at: startInstruction,
      data: { source: started.source, program: grounds.program },
    });
  if (started.nameAssumed)
    found.push({
      code: "output-name-assumed",
      at: started.build.instruction,
      data: { path: started.source },
    });
  if (!sources.complete) found.push({ code: "sources-not-read", at: started.build.instruction });
  found.push(...ofModules(grounds), ...ofCompose(grounds), ...ofBuild(grounds));
  for (const { instruction, source } of builder.absentSources())
    found.push({ code: "copied-source-absent", at: instruction, data: { source } });
  return [...found, ...ofImages(grounds)];
}

function ofModules({ sources, usesCgo, started }: Grounds): Need[] {
  const required = sources.sources
    .flatMap(({ program: { cgoRequirements } }) => cgoRequirements)
    .find(({ fallback }) => !fallback);
  if (!required || usesCgo) return [];
  return [
    {
      code: "cgo-module-unused",
      at: started.build.instruction,
      data: { module: required.module },
      evidence: [required.evidence],
    },
  ];
}

function ofCompose({
  builder: { contract },
  compose,
  composeStarts,
  isKept,
  runtimePath,
  startInstruction,
  stage,
}: Grounds): Need[] {
  const found: Need[] = [];
  const missed = composeStarts.filter(({ programs }) =>
    programs.some(
      (one) => !programCandidates(one, contract.workingDirectory, runtimePath).some(isKept),
    ),
  );
  if (missed.length > 0)
    found.push({
      code: "compose-starts-otherwise",
      at: startInstruction,
      evidence: missed.slice(0, 3).map(({ evidence }) => evidence),
    });
  if (compose.sourceMount)
    found.push({
      code: "compose-mounts-sources",
      at: stage.from,
      evidence: [compose.sourceMount],
    });
  return found;
}

function ofBuild({ builder, commands, sources, broken }: Grounds): Need[] {
  // Sources that start no program cannot start a tool of the build either.
  const runsNothing =
    sources.isProved && commands.systemPrograms.size === 0 && !commands.isComputed;
  const found = builder.assumptions
    .filter(({ code }) => !(runsNothing && code === "tools-assumed"))
    .map(({ code, instruction, data, evidence }): Need => ({
      code,
      at: instruction,
      data,
      evidence,
    }));
  if (broken) found.push({ code: "original-would-not-build", at: broken.at, data: broken.data });
  return found;
}

function ofImages({ base, reference, runtime, builder: { contract }, stage }: Grounds): Need[] {
  const found: Need[] = [];
  const at = stage.from;
  if (base.isMirror) found.push({ code: "base-image-mirrored", at, data: { image: reference } });
  const user = runtime.base?.user ?? "";
  if (!["", "0", "root"].includes(user) && contract.user === "")
    found.push({
      code: "runtime-user-differs",
      at,
      data: { image: runtime.image, user },
      allows: ["user"],
    });
  if (!runtime.base)
    found.push({
      code: "runtime-image-unknown",
      at,
      data: { image: runtime.image },
      allows: ["env:*"],
    });
  return found;
}
