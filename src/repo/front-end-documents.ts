import type { FrontEnd } from "./front-end-facts.ts";
import {
  basePathOf,
  configurationIn,
  configurationNames,
  directoryOf,
  fileIn,
  firstOf,
  operandDirectory,
  optionOf,
  withEvidence,
} from "./front-end-place.ts";
import type { FrameworkReading } from "./front-end-readings.ts";
import { resolveIn } from "./javascript-calls.ts";
import { textOf, valueAt } from "./javascript-values.ts";
import { entriesOf as yamlEntriesOf, readYaml, textOf as yamlTextOf } from "./yaml-file.ts";

/** Generators of sites from documents. */

/** https://v1.vuepress.vuejs.org/config/#dest, https://vuepress.vuejs.org/reference/config.html#dest */
export function readVuePress({ place, frontEnd }: FrameworkReading): FrontEnd {
  const root = operandDirectory(place, [
    "--dest",
    "-d",
    "--temp",
    "-t",
    "--cache",
    "-c",
    "--config",
  ]);
  const configuration = configurationIn(
    place,
    configurationNames(".vuepress/config", "ts js mjs cjs").flatMap((name) => [
      relativeTo(place.directory, root, name),
    ]),
  );
  const destination = firstOf(optionOf(place, ["--dest", "-d"]), valueAt(configuration, ["dest"]));
  return withEvidence(
    {
      ...frontEnd,
      outputDirectory: destination
        ? directoryOf(place, destination, place.directory, undefined)
        : directoryOf(place, undefined, root, ".vuepress/dist"),
      basePath: basePathOf(valueAt(configuration, ["base"]), "/"),
    },
    destination,
  );
}

function relativeTo(directory: string, root: string, name: string): string {
  return resolveIn(root.slice(directory.length), name);
}

/** https://vitepress.dev/reference/site-config#outdir */
export function readVitePress({ place, frontEnd }: FrameworkReading): FrontEnd {
  const root = operandDirectory(place, ["--outDir", "--base", "--mode"]);
  const configuration = configurationIn(
    place,
    configurationNames(".vitepress/config", "ts js mts mjs cts cjs").flatMap((name) => [
      relativeTo(place.directory, root, name),
      relativeTo(place.directory, root, name.replace("config.", "config/index.")),
    ]),
  );
  const output = firstOf(optionOf(place, ["--outDir"]), valueAt(configuration, ["outDir"]));
  const base = firstOf(optionOf(place, ["--base"]), valueAt(configuration, ["base"]));
  return withEvidence(
    {
      ...frontEnd,
      outputDirectory: directoryOf(place, output, root, ".vitepress/dist"),
      basePath: basePathOf(base, "/"),
    },
    output,
    base,
  );
}

/** https://www.11ty.dev/docs/config/ */
export function readEleventy({ place, frontEnd }: FrameworkReading): FrontEnd {
  const named = textOf(optionOf(place, ["--config"]));
  const names = [
    ".eleventy.js",
    "eleventy.config.js",
    "eleventy.config.mjs",
    "eleventy.config.cjs",
  ];
  const file = (named === undefined ? names : [named]).find((name) => fileIn(place, name));
  const text =
    file === undefined ? "" : (place.repository.read(resolveIn(place.directory, file)) ?? "");
  const configuration = file === undefined ? undefined : configurationIn(place, [file]);
  const option = optionOf(place, ["--output"]);
  const output = firstOf(option, valueAt(configuration, ["dir", "output"]));
  // The object beside the function, and a call of the configuration's own method, say it as well.
  const isSaidElsewhere =
    /setOutputDirectory|export\s+const\s+config\b/.test(text) ||
    (configuration?.kind === "unknown" && !option);
  return withEvidence(
    {
      ...frontEnd,
      outputDirectory:
        isSaidElsewhere && !option
          ? undefined
          : directoryOf(place, output, place.directory, "_site"),
    },
    output,
  );
}

/** https://hexo.io/docs/configuration */
export function readHexo({ place, frontEnd }: FrameworkReading): FrontEnd {
  const path = resolveIn(place.directory, "_config.yml");
  const text = place.repository.read(path);
  const [document] = (text === undefined ? undefined : readYaml(text)) ?? [];
  if (!document) return frontEnd;
  const entries = yamlEntriesOf(document);
  const setting = (name: string, fallback: string): string =>
    yamlTextOf(entries.get(name)?.value) ?? fallback;
  return {
    ...frontEnd,
    outputDirectory: setting("public_dir", "public"),
    basePath: basePathOf(
      { file: path, line: 1, source: "root", kind: "text", text: setting("root", "/") },
      "/",
    ),
    evidence: [{ path, line: entries.get("public_dir")?.line ?? 1 }],
  };
}
