import type { ImageContract } from "../core/image-contract.ts";
import { baseName, resolvePath } from "../core/path.ts";
import type { ShellCommand } from "../core/shell.ts";
import { mainPackages, packagesOf } from "./main-packages.ts";
import { nextOrder } from "../stages/stage-files.ts";
import { addAssumption, type GoStageRecord } from "./stage-record.ts";

/** What a person can know better: which program comes out of a step, and that nothing else matters. */
const SAID_BY_ARTIFACT = new Set([
  "opaque-build",
  "conditional-build",
  "output-unknown",
  "step-may-matter",
]);

/** Takes a program as made by the steps that could not be followed. */
export function takeArtifact(record: GoStageRecord, path: string, contract: ImageContract): void {
  const { obstacles, files, builds } = record;
  const target = resolvePath(contract.workingDirectory, path);
  const said = obstacles.filter(({ code }) => SAID_BY_ARTIFACT.has(code));
  const [first] = said;
  if (target === undefined || !first || files.artifacts.has(target)) return;
  for (const { code, instruction, data } of said)
    addAssumption(record, "artifact-given", instruction, {
      path: target,
      why: data["why"] ?? code,
    });
  obstacles.splice(0, obstacles.length, ...obstacles.filter((one) => !said.includes(one)));
  const directory = contract.workingDirectory ?? "/";
  const command: ShellCommand = {
    words: [],
    assignments: [],
    redirects: [],
    start: 0,
    end: 0,
    directory,
    exported: new Map(),
    conditional: false,
    piped: false,
  };
  const cgo = contract.environment.get("CGO_ENABLED")?.value;
  const go = {
    verb: "build",
    flags: new Map(),
    operands: [{ text: "./...", value: "./...", literal: true, start: 0, end: 0 }],
    isUnclear: false,
    command,
  };
  const mains = mainPackages(record, packagesOf(record, go, directory) ?? []);
  const own =
    mains.find(({ name }) => name === baseName(target)) ??
    (mains.length === 1 ? mains[0] : undefined);
  const build = {
    go,
    instruction: first.instruction,
    directory,
    cgo: cgo === "0" ? ("off" as const) : cgo ? ("on" as const) : ("unset" as const),
    cgoDemand: cgo && cgo !== "0" ? `CGO_ENABLED=${cgo}` : undefined,
    modules: undefined,
    recipe: command,
    output: { kind: "file" as const, path: target },
    packageDirectory: own?.directory,
  };
  builds.push(build);
  files.artifacts.set(target, build);
  files.builders.set(build, { owner: "", order: nextOrder(files) });
}
