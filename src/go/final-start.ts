/** What the final image starts, as the reader of run-time commands gets it, and which instructions must say it anew. */
import { stageCopies, type CopiedFile } from "../core/copied-files.ts";
import type { Document, Stage } from "../core/document.ts";
import type { ImageContract, Start } from "../core/image-contract.ts";
import type { Instruction } from "../core/line-reader.ts";
import { baseName, isWithin } from "../core/path.ts";
import { startupOf } from "../core/start.ts";
import { parseStringArray } from "../core/string-array.ts";
import { healthcheckNeedsShell } from "../core/verify.ts";
import type { HealthcheckForm } from "../stages/healthcheck-form.ts";
import { startForm, type StartForm } from "../stages/start-form.ts";
import type { GoBuilder } from "./builder.ts";
import type { ComposeUse } from "../stages/compose-use.ts";
import type { BuildPlace } from "../stages/copy-sources.ts";
import { DEVELOPMENT_PROGRAMS, TOOLCHAIN_VARIABLES } from "./knowledge.ts";
import type { Need } from "./needs.ts";
import { goWrapperWords } from "./onbuild.ts";
import type { RunTimeCommandReader } from "../stages/run-time-commands.ts";
import { startBuild, throughMake, type StartBuild } from "./start-build.ts";

export interface FinalStart {
  readonly form: StartForm;
  /** The build that takes the place of `go run`. */
  readonly added: StartBuild | undefined;
  /** What `go-wrapper run` starts. */
  readonly wrapped: readonly string[] | undefined;
}

export function finalStart(
  document: Document,
  stage: Stage,
  contract: ImageContract,
  place: BuildPlace,
): FinalStart {
  const written = startForm(contract, (name) =>
    TOOLCHAIN_VARIABLES.has(name) ? contract.environment.get(name)?.value : undefined,
  );
  if (written.kind !== "words") return { form: written, added: undefined, wrapped: undefined };
  const copies = (): readonly CopiedFile[] => stageCopies(document, stage);
  const added = startBuild(throughMake(written.words, contract, copies, place), contract);
  const wrapped = goWrapperWords(written.words, contract, place);
  const words = added ? [added.program, ...added.words] : wrapped;
  return { form: words ? { kind: "words", words, converted: undefined } : written, added, wrapped };
}

/** Gives the image's start to the reader of run-time commands. */
export function readStart(
  form: StartForm,
  contract: ImageContract,
  commands: RunTimeCommandReader,
): void {
  const at = (contract.entrypoint?.instruction ?? contract.command?.instruction) as Instruction;
  if (form.kind === "words") commands.words(form.words, { at });
  else if (form.kind === "shell") {
    const startup = startupOf(contract);
    if (startup.kind === "exec") commands.words(startup.words, { at });
    else if (startup.kind === "shell" && startup.start.form === "shell")
      commands.shell(startup.text, startup.start.shell[0]!, { at });
  }
}

/** Gives a health check that needs more than the program to the reader of run-time commands. */
export function readHealthcheck(
  form: HealthcheckForm | undefined,
  { healthcheck, shell }: ImageContract,
  commands: RunTimeCommandReader,
): void {
  if (form?.kind !== "needs-programs") return;
  const place = { at: form.instruction, refusal: "healthcheck-needs-program" };
  const body = (healthcheck ?? "").replace(/^(?:--\S+\s+)*/, "").replace(/^CMD\s*/i, "");
  const array = parseStringArray(body);
  if (array) commands.words(array.values, place);
  else commands.shell(body, shell[0]!, place);
}

/** Whether the final image runs something in shell form, given the bodies that are written anew. */
export function usesShell(
  contract: ImageContract,
  newBodies: ReadonlyMap<Instruction, string>,
): boolean {
  const isShell = (start: Start | undefined): boolean =>
    start?.form === "shell" && !newBodies.has(start.instruction);
  return (
    isShell(contract.entrypoint) || isShell(contract.command) || healthcheckNeedsShell(contract)
  );
}

/** A start that compiles and is meant to: without sources of its own, over mounted ones, or beside a reloader. */
export function developmentStart(
  { added }: FinalStart,
  { builder, compose }: { readonly builder: GoBuilder; readonly compose: ComposeUse },
): Need | undefined {
  if (!added) return undefined;
  const need = (program: string, evidence: Need["evidence"] = []): Need => ({
    code: "development-image",
    at: added.instruction,
    data: { program },
    evidence,
  });
  const directory = builder.contract.workingDirectory ?? "/";
  const hasSources = builder.copies.some(
    (copy) =>
      !/(?:^|\/)go\.(?:mod|sum|\*)$/.test(copy.source) &&
      (isWithin(directory, copy.directory) || isWithin(copy.directory, directory)),
  );
  if (!hasSources) return need(added.command);
  if (compose.sourceMount) return need(added.command, [compose.sourceMount]);
  const reloader = [...builder.tools.keys()]
    .map(baseName)
    .find((name) => DEVELOPMENT_PROGRAMS.has(name));
  return reloader === undefined ? undefined : need(reloader);
}
