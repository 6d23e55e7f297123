import type { Evidence } from "../core/outcome.ts";
import type { FrontEnd, FrontEndServer } from "./front-end-facts.ts";
import type { FrameworkReading, ServerReading } from "./front-end-readings.ts";
import {
  basePathOf,
  directoryOf,
  evidenceOf,
  fileIn,
  firstOf,
  optionOf,
  versionOf,
} from "./front-end-place.ts";
import { definedNames, moduleOf, pluginsOf } from "./front-end-vite.ts";
import { middlewareProxies } from "./front-end-middleware.ts";
import { variableSetting } from "./front-end-variables.ts";
import {
  entriesOf,
  isTruthy,
  itemsOf,
  textOf,
  unknownAt,
  valueAt,
  type JavaScriptValue,
} from "./javascript-values.ts";

/** Create React App, and what changes its configuration: https://create-react-app.dev/docs/proxying-api-requests-in-development/ */
export function readReactScripts(reading: FrameworkReading): FrontEnd {
  const { place, mode, configuration } = reading;
  const { frontEnd } = reading;
  const { manifest } = place;
  const home = manifest.fields["homepage"];
  const isPublic = variableSetting(place, "PUBLIC_URL", mode) !== undefined;
  const basePath =
    isPublic || typeof home !== "string"
      ? frontEnd.basePath
      : basePathOf({ file: manifest.path, line: 1, source: home, kind: "text", text: home }, "/");
  const changed = configuration ? changesOutput(configuration) : undefined;
  return {
    ...frontEnd,
    basePath,
    outputDirectory: changed ? undefined : frontEnd.outputDirectory,
    evidence: [...frontEnd.evidence, ...(changed ? [changed] : [])],
  };
}

/** `config/paths.js` may have BUILD_PATH with a default: it counts where nothing sets it. */
export function readEjectedReactScripts(reading: FrameworkReading): FrontEnd {
  const { place, configuration, mode } = reading;
  const output = valueAt(configuration, ["appBuild"]);
  const isDefault =
    output?.kind === "unknown" && variableSetting(place, "BUILD_PATH", mode) === undefined;
  const frontEnd = readReactScripts({ ...reading, configuration: undefined });
  return isDefault && output.otherwise
    ? {
        ...frontEnd,
        outputDirectory: directoryOf(place, output.otherwise, place.directory, undefined),
      }
    : frontEnd;
}

/** Where a configuration over react-scripts' own writes its output elsewhere. */
function changesOutput(configuration: JavaScriptValue): Evidence | undefined {
  const isChanged = /\bappBuild\b|\boutput\b[^]{0,40}\bpath\b|\bpaths\b[^]{0,20}=>/.test(
    wholeSource(configuration),
  );
  return isChanged ? evidenceOf(configuration) : undefined;
}

function wholeSource(value: JavaScriptValue): string {
  if (value.kind === "object")
    return [value.source, ...[...entriesOf(value).values()].map(wholeSource)].join("\n");
  return value.source;
}

/** https://create-react-app.dev/docs/proxying-api-requests-in-development/ */
export function readReactServer({ place, server }: ServerReading): FrontEndServer {
  const { proxy } = place.manifest.fields;
  const beyond: Evidence[] = [...server.beyond];
  // A text stands for every request that is not for a page: what a server of files cannot know.
  if (proxy !== undefined)
    beyond.push({
      path: place.manifest.path,
      text: `"proxy": ${JSON.stringify(proxy)}`.slice(0, 120),
    });
  const setup = ["src/setupProxy.js", "src/setupProxy.ts", "src/setupProxy.cjs"].find((name) =>
    fileIn(place, name),
  );
  if (setup === undefined) return { ...server, beyond };
  const read = middlewareProxies(place, setup);
  return {
    ...server,
    proxies: [...server.proxies, ...read.proxies],
    beyond: [...beyond, ...read.beyond],
  };
}

/** Its server before it was webpack-dev-server listens on all addresses. Source: its `build/dev-server.js` */
export function readVueTemplateServer({
  place,
  configuration,
  server,
}: ServerReading): FrontEndServer {
  const isOwn =
    fileIn(place, "build/dev-server.js") && valueAt(configuration, ["dev", "host"]) === undefined;
  return isOwn ? { ...server, isOpen: true } : server;
}

/** https://cli.vuejs.org/config/#pages */
export function readVueCli({ place, configuration, frontEnd }: FrameworkReading): FrontEnd {
  const pages = valueAt(configuration, ["pages"]);
  const several = pages?.kind === "object" ? pages.entries.size > 1 : pages !== undefined;
  const target = optionOf(place, ["--target"]);
  const isSite = target === undefined || textOf(target) === "app";
  const index = valueAt(configuration, ["indexPath"]);
  return {
    ...frontEnd,
    outputDirectory:
      !isSite || (index !== undefined && textOf(index) !== "index.html")
        ? undefined
        : frontEnd.outputDirectory,
    isServerRendered: isSite ? frontEnd.isServerRendered : undefined,
    isSinglePage: !several,
  };
}

/** https://webpack.js.org/configuration/ */
export function readWebpack(reading: FrameworkReading): FrontEnd {
  const { place, configuration, frontEnd, rule } = reading;
  const given = webpackConfiguration(reading);
  if (configuration && !given)
    return { ...frontEnd, isServerRendered: undefined, outputDirectory: undefined };
  const target = valueAt(given, ["target"]);
  const output = firstOf(outputOption(reading), valueAt(given, ["output", "path"]));
  const base = firstOf(
    optionOf(place, rule.base.options ?? []),
    valueAt(given, ["output", "publicPath"]),
  );
  const plugins = valueAt(given, ["plugins"]);
  const pages = pluginsOf(given).filter(isPagePlugin);
  const fallback = valueAt(given, ["devServer", "historyApiFallback"]);
  const directory = directoryOf(place, output, place.directory, "dist");
  const isPageThere = directory !== undefined && hasPage(reading, directory, pages, plugins);
  return {
    ...frontEnd,
    outputDirectory: isPageThere ? directory : undefined,
    basePath: textOf(base) === "auto" ? "/" : basePathOf(base, "/"),
    isServerRendered: isServerBuild(target, isPageThere),
    publicPrefixes: [...new Set([...rule.publicPrefixes, ...definedBy(pluginsOf(given))])],
    isSinglePage: pages.length < 2 && fallback !== undefined && isTruthy(fallback) === true,
  };
}

/** https://webpack.js.org/configuration/target/; what has no page may be anything. */
function isServerBuild(target: JavaScriptValue | undefined, hasPage: boolean): boolean | undefined {
  const text = textOf(target);
  if (text !== undefined && /node/.test(text)) return true;
  const isForBrowsers =
    target === undefined || (text !== undefined && /^(?:web|browserslist|es\d+)/.test(text));
  return isForBrowsers && hasPage ? false : undefined;
}

/** Variables that plugins write into the site: https://webpack.js.org/plugins/environment-plugin/, https://webpack.js.org/plugins/define-plugin/ */
function definedBy(plugins: readonly JavaScriptValue[]): readonly string[] {
  return plugins.flatMap((plugin) => {
    if (plugin.kind !== "call") return [];
    const name = plugin.callee?.name ?? "";
    if (name.endsWith("DefinePlugin")) return definedNames(plugin.values[0]);
    if (!name.endsWith("EnvironmentPlugin")) return [];
    return plugin.values.flatMap((value) => [
      ...itemsOf(value).flatMap((item) => textOf(item) ?? []),
      ...entriesOf(value).keys(),
      ...(textOf(value) ?? "").split(" ").filter(Boolean),
    ]);
  });
}

function isPagePlugin(plugin: JavaScriptValue): boolean {
  const module = moduleOf(plugin);
  if (module === "@rspack/core")
    return plugin.kind === "call" && plugin.callee?.name === "HtmlRspackPlugin";
  return /^(?:html-webpack-plugin|html-rspack-plugin)$/.test(module);
}

/** Whether the output has the site's page: one that a plugin writes, or one that lies there already. */
function hasPage(
  { place }: FrameworkReading,
  directory: string,
  pages: readonly JavaScriptValue[],
  plugins: JavaScriptValue | undefined,
): boolean {
  const names = pages.map((page) =>
    valueAt(page.kind === "call" ? page.values[0] : undefined, ["filename"]),
  );
  if (names.some((name) => name === undefined || /^(?:\.\/)?index\.html$/.test(textOf(name) ?? "")))
    return true;
  const isKnown = plugins === undefined || plugins.kind === "list";
  return isKnown && fileIn(place, directory === "." ? "index.html" : `${directory}/index.html`);
}

/** Up to webpack-cli 3, `-o` names the bundle, from 4 on its directory. Source: webpack-cli's CHANGELOG, 4.0.0 */
function outputOption({ place }: FrameworkReading): JavaScriptValue | undefined {
  const option = optionOf(place, ["--output-path", "-o", "--output"]);
  if (option?.kind !== "text" || option.source.startsWith("--output-path")) return option;
  const version = versionOf(place, ["webpack-cli"]) ?? versionOf(place, ["webpack"]);
  if (version === undefined) return unknownAt(option);
  if (version === "newest" || version[0] > 3) return option;
  return { ...option, text: option.text.replace(/\/?[^/]*$/, "") || "." };
}

/** The one configuration of a build; a list of several is not told apart. */
function webpackConfiguration({ configuration }: FrameworkReading): JavaScriptValue | undefined {
  if (configuration?.kind === "list")
    return configuration.items.length === 1 ? configuration.items[0] : undefined;
  return configuration?.kind === "object" ? configuration : undefined;
}
