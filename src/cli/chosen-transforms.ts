import { builtInTransforms } from "../../transforms/index.ts";
import type { Transform } from "../core/transform.ts";
import { loadTransform } from "../node/load-transform.ts";

/**
 * The transforms that a command line asks for: all built-in ones when it names none.
 *
 * @param custom those that were loaded for their options already, by their paths
 */
export async function chosenTransforms(
  names: readonly string[],
  custom: ReadonlyMap<string, Transform>,
): Promise<readonly Transform[]> {
  if (names.length === 0) return builtInTransforms;
  const chosen: Transform[] = [];
  for (const name of names) {
    chosen.push(custom.get(name) ?? (await loadTransform(name, { builtIn: builtInTransforms })));
  }
  return chosen;
}
