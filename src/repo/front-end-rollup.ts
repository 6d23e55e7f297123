import type { FrontEnd } from "./front-end-facts.ts";
import type { FrameworkReading } from "./front-end-readings.ts";
import {
  configurationIn,
  configurationNames,
  directoryOf,
  evidenceOf,
  fileIn,
  optionOf,
} from "./front-end-place.ts";
import { textOf, valueAt, type JavaScriptValue } from "./javascript-values.ts";

/**
 * A bundle that is written beside a page of the repository, as Svelte's template does it: https://github.com/sveltejs/template.
 * The site is the directory of that page, with the bundle in it.
 */
export function readRollup({ place, frontEnd }: FrameworkReading): FrontEnd {
  const named = optionOf(place, ["-c", "--config"]);
  const names = configurationNames("rollup.config", "js mjs cjs ts");
  const configuration = configurationIn(
    place,
    textOf(named) === undefined ? names : [textOf(named)!],
  );
  const output = bundleOf(configuration);
  const path = output && directoryOf(place, output, place.directory, undefined);
  if (path === undefined || !output) return { ...frontEnd, isServerRendered: undefined };
  let directory =
    textOf(valueAt(configuration, ["output", "dir"])) === undefined ? parentOf(path) : path;
  while (directory !== "" && !fileIn(place, `${directory}/index.html`))
    directory = parentOf(directory);
  return {
    ...frontEnd,
    outputDirectory: directory === "" ? undefined : directory,
    isServerRendered: directory === "" ? undefined : false,
    evidence: [evidenceOf(output)],
  };
}

function bundleOf(configuration: JavaScriptValue | undefined): JavaScriptValue | undefined {
  const one =
    configuration?.kind === "list" && configuration.items.length === 1
      ? configuration.items[0]
      : configuration;
  const output = valueAt(one, ["output"]);
  const first = output?.kind === "list" && output.items.length === 1 ? output.items[0] : output;
  return valueAt(first, ["file"]) ?? valueAt(first, ["dir"]);
}

function parentOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "" : path.slice(0, slash);
}
