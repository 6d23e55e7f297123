import type { FrontEnd, FrontEndServer } from "./front-end-facts.ts";
import {
  basePathOf,
  configurationIn,
  configurationNames,
  directoryOf,
  fileIn,
  firstOf,
  operandsOf,
  optionOf,
  withEvidence,
} from "./front-end-place.ts";
import { readProxies, WEBPACK_PROXIES } from "./front-end-proxies.ts";
import type { FrameworkReading, ServerReading } from "./front-end-readings.ts";
import { SERVER_OPTIONS } from "./front-end-rules.ts";
import { portOf } from "./front-end-server.ts";
import { isTruthy, textOf, valueAt } from "./javascript-values.ts";

/** Frameworks with a build of their own that make an application of one page. */

/** https://quasar.dev/quasar-cli-vite/quasar-config-file#build */
export function readQuasar({ place, configuration, frontEnd }: FrameworkReading): FrontEnd {
  const mode =
    textOf(optionOf(place, ["-m", "--mode"])) ??
    (optionOf(place, ["-m", "--mode"]) ? undefined : "spa");
  const output = valueAt(configuration, ["build", "distDir"]);
  const isSite = mode === "spa" || mode === "pwa";
  return withEvidence(
    {
      ...frontEnd,
      isServerRendered: isSite ? false : mode === "ssr" ? true : undefined,
      outputDirectory: isSite
        ? directoryOf(place, output, place.directory, `dist/${mode}`)
        : undefined,
      basePath: basePathOf(valueAt(configuration, ["build", "publicPath"]), "/"),
    },
    output,
  );
}

/** The default depends on the mode and the version; the address is all of them. */
export function readQuasarServer({ place, configuration, server }: ServerReading): FrontEndServer {
  const port = firstOf(
    optionOf(place, SERVER_OPTIONS.port),
    valueAt(configuration, ["devServer", "port"]),
  );
  const proxy = readProxies(valueAt(configuration, ["devServer", "proxy"]), WEBPACK_PROXIES);
  return { ...server, ...proxy, port: port && portOf(port), isOpen: true };
}

/** https://cli.emberjs.com/release/advanced-use/build-targets/ */
export function readEmber({ place, frontEnd }: FrameworkReading): FrontEnd {
  const configuration = configurationIn(place, ["config/environment.js"], {
    parameters: ["production"],
  });
  const base =
    configuration &&
    firstOf(valueAt(configuration, ["rootURL"]), valueAt(configuration, ["baseURL"]));
  const isRendered =
    place.manifest.dependencies.has("ember-cli-fastboot") ||
    place.manifest.developmentDependencies.has("ember-cli-fastboot");
  return {
    ...frontEnd,
    basePath: configuration ? basePathOf(base, "/") : undefined,
    isServerRendered: isRendered ? undefined : false,
  };
}

/** https://docs.expo.dev/workflow/web/ */
export function readExpo({ place, frontEnd }: FrameworkReading): FrontEnd {
  const { verb } = place.command;
  if (verb !== "export")
    return {
      ...frontEnd,
      outputDirectory: directoryOf(place, undefined, place.directory, "web-build"),
    };
  const platform = textOf(optionOf(place, ["-p", "--platform"]));
  const manifest = configurationIn(place, ["app.json"]);
  const isComputed = ["app.config.js", "app.config.ts"].some((name) => fileIn(place, name));
  const output = valueAt(manifest, ["expo", "web", "output"]);
  const kind = output === undefined ? "single" : textOf(output);
  const isSite = platform === "web" && !isComputed && (kind === "single" || kind === "static");
  return {
    ...frontEnd,
    outputDirectory: isSite ? frontEnd.outputDirectory : undefined,
    isServerRendered: isSite ? false : kind === "server" ? true : undefined,
    isSinglePage: isSite && kind === "single",
  };
}

/** https://v3.ice.work/docs/guide/basic/config#outputdir */
export function readIce({ place, frontEnd }: FrameworkReading): FrontEnd {
  const configuration = configurationIn(place, [
    ...configurationNames("ice.config", "mts ts mjs js"),
    "build.json",
  ]);
  return {
    ...frontEnd,
    outputDirectory: directoryOf(
      place,
      valueAt(configuration, ["outputDir"]),
      place.directory,
      "build",
    ),
    basePath: basePathOf(valueAt(configuration, ["publicPath"]), "/"),
    isServerRendered:
      valueAt(configuration, ["ssr"]) === undefined ||
      isTruthy(valueAt(configuration, ["ssr"])!) === false
        ? false
        : undefined,
  };
}

/** https://parceljs.org/features/targets/ */
export function readParcel({ place, frontEnd }: FrameworkReading): FrontEnd {
  const pages = operandsOf(place, [
    "--dist-dir",
    "-d",
    "--out-dir",
    "--public-url",
    "--target",
    "-t",
    "--cache-dir",
    "--log-level",
    "--config",
    "-o",
    "--out-file",
  ]);
  const { targets, source } = place.manifest.fields;
  const entries = pages.length > 0 ? pages : [source].flat();
  const isPage = entries.every(
    (entry) => typeof entry === "string" && /\.(?:html?|pug)$/.test(entry),
  );
  const isOwn = targets !== undefined && !optionOf(place, ["--dist-dir", "-d"]);
  return {
    ...frontEnd,
    outputDirectory: isOwn || !isPage ? undefined : frontEnd.outputDirectory,
    isServerRendered: isPage ? false : undefined,
    isSinglePage: entries.length === 1 && isPage,
  };
}

/** https://rsbuild.rs/config/output/target, https://rsbuild.rs/guide/basic/html-template */
export function readRsbuild({ configuration, frontEnd }: FrameworkReading): FrontEnd {
  const target = valueAt(configuration, ["output", "target"]);
  const entries = valueAt(configuration, ["source", "entry"]);
  const isOne = valueAt(configuration, ["environments"]) === undefined;
  const isSite = isOne && (target === undefined || textOf(target) === "web");
  return {
    ...frontEnd,
    outputDirectory: isSite ? frontEnd.outputDirectory : undefined,
    isServerRendered: isSite ? false : textOf(target) === "node" ? true : undefined,
    isSinglePage:
      entries === undefined || (entries.kind === "object" && entries.entries.size === 1),
  };
}
