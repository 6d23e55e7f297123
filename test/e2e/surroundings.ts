import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import type { Engine, EngineName } from "../../src/verify/engine.ts";
import { findEngine } from "../../src/verify/find-engine.ts";
import { findingMessage, kindOf } from "../../src/verify/findings.ts";
import { verify } from "../../src/verify/verify.ts";
import type { Verification, VerifyOptions, VerifyRequest } from "../../src/verify/verify.ts";

/** What start-engine.ts found out. */
export const buildNetwork = process.env["MSB_E2E_BUILD_NETWORK"];
export const usesStandIns = process.env["MSB_E2E_BASES"] !== "real";

const engines = new Map<EngineName, Promise<Engine>>();

export function engine(name: EngineName = "docker"): Promise<Engine> {
  let found = engines.get(name);
  if (!found) engines.set(name, (found = findEngine(name, new AbortController().signal)));
  return found;
}

export type Files = Readonly<Record<string, string>>;

export type OnTestFinished = (callback: () => void) => void;

/**
 * A directory with these files, gone when the test is over.
 *
 * @param under of the test's own context, where tests run side by side
 */
export function createContext(files: Files, under: OnTestFinished = onTestFinished): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), "msb-migrate-e2e-")));
  under(() => rmSync(directory, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), text);
  }
  return directory;
}

/** Compares two texts over a context, by default with docker and as a hand-written change. */
export async function verifyTexts(
  request: Partial<VerifyRequest> & Pick<VerifyRequest, "before" | "after" | "context">,
  options: VerifyOptions = {},
  name: EngineName = "docker",
): Promise<Verification> {
  return verify(
    { path: "Dockerfile", isMigration: false, ...request },
    await engine(name),
    { startTimeout: 10_000, ...options, build: { network: buildNetwork, ...options.build } },
    { signal: new AbortController().signal },
  );
}

export function codesOf({ findings }: Verification): string[] {
  return findings.map(({ code }) => code);
}

/** What is held against the migration, with what was said, so that a failed expectation shows it. */
export function faultsOf({ findings }: Verification): string[] {
  return findings.flatMap((entry) => {
    if (!["worse", "unknown"].includes(kindOf(entry))) return [];
    return [`${entry.code}: ${findingMessage(entry)}`, ...entry.lines];
  });
}
