import { createBuildahEngine } from "./buildah-engine.ts";
import { createDockerEngine } from "./docker-engine.ts";
import { engineNames } from "./engine.ts";
import type { Engine, EngineName, Unavailable } from "./engine.ts";
import { EngineError } from "./problems.ts";

/**
 * The first engine whose server answers.
 *
 * @throws EngineError `no-engine` with what each of them said
 */
export async function findEngine(
  name: EngineName | undefined,
  signal: AbortSignal,
): Promise<Engine> {
  const refused: Unavailable[] = [];
  for (const candidate of name === undefined ? engineNames : [name]) {
    const engine =
      candidate === "buildah"
        ? await createBuildahEngine(signal)
        : await createDockerEngine(candidate, signal);
    if ("build" in engine) return engine;
    refused.push(engine);
  }
  const said = refused.map(({ engine, problem }) => `${engine}: ${problem}`);
  throw new EngineError({ code: "no-engine", detail: said.join("; "), lines: [] });
}
