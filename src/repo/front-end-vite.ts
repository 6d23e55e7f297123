import { kindOf } from "../core/repository.ts";
import type { FrontEnd } from "./front-end-facts.ts";
import type { FrameworkReading } from "./front-end-readings.ts";
import {
  directoryOf,
  evidenceOf,
  fileIn,
  firstOf,
  operandDirectory,
  optionOf,
  settingAt,
} from "./front-end-place.ts";
import { configurationIn, configurationNames } from "./front-end-place.ts";
import {
  booleanOf,
  entriesOf,
  itemsOf,
  textOf,
  valueAt,
  type CallValue,
  type JavaScriptValue,
} from "./javascript-values.ts";
import { resolveIn } from "./javascript-calls.ts";

/** Options of `vite build` that take a value. Source: https://vite.dev/guide/cli */
const VALUED = [
  "--outDir",
  "--assetsDir",
  "--assetsInlineLimit",
  "--config",
  "-c",
  "--base",
  "--logLevel",
  "-l",
  "--mode",
  "-m",
  "--target",
  "--minify",
  "--configLoader",
];

/** Plugins of Vite that take its build over, by their package. */
const FRAMEWORK_PLUGINS: readonly {
  readonly module: RegExp;
  readonly name?: RegExp;
  readonly read: (reading: FrameworkReading, call: CallValue | undefined) => FrontEnd;
}[] = [
  // https://svelte.dev/docs/kit/adapter-static
  { module: /^@sveltejs\/kit/, read: (reading) => readSvelteKit(reading) },
  // https://reactrouter.com/start/framework/rendering
  {
    module: /^@react-router\/dev/,
    read: (reading) => readReactRouter(reading, "react-router.config", undefined),
  },
  {
    module: /^@remix-run\/dev/,
    read: (reading, call) => readReactRouter(reading, undefined, call),
  },
  // These render on a server, unless they are told to do it beforehand; how is not read.
  {
    module:
      /^(?:vike|vite-plugin-ssr|@solidjs\/start|solid-start|@tanstack\/(?:react|solid)-start|@builder\.io\/qwik-city|@analogjs\/platform|nitro|honox|@hono\/vite-build|waku|@rakkasjs|rakkasjs|@redwoodjs|hydrogen|@shopify\/hydrogen|vinxi|vite-plugin-node|@vitejs\/plugin-rsc|fresh|elysia)/,
    read: ({ frontEnd }) => ({
      ...frontEnd,
      outputDirectory: undefined,
      isServerRendered: undefined,
    }),
  },
  // Writes somewhere else, or one file for all.
  {
    module:
      /^(?:laravel-vite-plugin|vite-plugin-ruby|vite-plugin-symfony|@crxjs\/vite-plugin|vite-plugin-electron|electron-vite|vite-plugin-web-extension|vite-plugin-dts|vite-plugin-lib-inject-css)/,
    read: ({ frontEnd }) => ({
      ...frontEnd,
      outputDirectory: undefined,
      isServerRendered: undefined,
    }),
  },
];

/** What `vite build` makes. */
export function readVite(reading: FrameworkReading): FrontEnd {
  const { place, configuration, rule } = reading;
  const { frontEnd } = reading;
  // https://vite.dev/config/shared-options#root
  const from = operandDirectory(place, VALUED);
  const rootSetting = from === place.directory ? valueAt(configuration, ["root"]) : undefined;
  const root = rootSetting
    ? directoryOf(place, rootSetting, place.directory, undefined)
    : undefined;
  const base = rootSetting
    ? root === undefined
      ? undefined
      : resolveIn(place.directory, root)
    : from;
  const output = firstOf(
    optionOf(place, rule.output.options ?? []),
    valueAt(configuration, ["build", "outDir"]),
  );
  const plain: FrontEnd = {
    ...frontEnd,
    outputDirectory:
      base === undefined && output?.kind !== "path" && !textOf(output)?.startsWith("/")
        ? undefined
        : directoryOf(place, output, base ?? "", "dist"),
    isServerRendered: isServerBuild(reading),
    isSinglePage: rule.isSinglePage && isSinglePage(configuration),
    publicPrefixes: [
      ...new Set([
        ...publicPrefixes(configuration, rule.publicPrefixes),
        ...definedVariables(configuration),
      ]),
    ],
  };
  const plugins = pluginsOf(configuration);
  for (const { module, read } of FRAMEWORK_PLUGINS) {
    const call = plugins.find((plugin) => module.test(moduleOf(plugin)));
    if (call) return read({ ...reading, frontEnd: plain }, call.kind === "call" ? call : undefined);
  }
  const { tool, verb } = place.command;
  if (tool.framework === "vite" && !hasPage(reading, base))
    return {
      ...plain,
      outputDirectory: undefined,
      isServerRendered: plain.isServerRendered === true ? true : undefined,
    };
  if (tool.framework === "vite" || tool.framework === "vite-ssg") return plain;
  // Remix's own compiler makes a server. Source: https://v2.remix.run/docs/guides/spa-mode
  const isServer = tool.framework === "remix" && verb === "build" && configuration === undefined;
  return { ...plain, outputDirectory: undefined, isServerRendered: isServer ? true : undefined };
}

/** A build for a server, or of a library; `undefined` when that cannot be told. */
function isServerBuild({ place, configuration }: FrameworkReading): boolean | undefined {
  const settings = [
    optionOf(place, ["--ssr"]),
    valueAt(configuration, ["build", "ssr"]),
    valueAt(configuration, ["build", "lib"]),
  ];
  const set = settings.filter((value) => value !== undefined && booleanOf(value) !== false);
  if (set.some((value) => value?.kind !== "unknown")) return true;
  return set.length > 0 ? undefined : false;
}

/**
 * Vite builds what pages refer to. Where there is none, something else makes the pages: a server, or a plugin that is not
 * known. Source: https://vite.dev/guide/#index-html-and-project-root
 */
function hasPage({ place, configuration }: FrameworkReading, root: string | undefined): boolean {
  const inputs = inputsOf(configuration);
  const named =
    inputs?.kind === "text" || inputs?.kind === "path"
      ? [inputs]
      : [...entriesOf(inputs).values(), ...itemsOf(inputs)];
  const paths = named.map((value) => (value.kind === "path" ? value.path : textOf(value)));
  if (paths.some((path) => path?.endsWith(".html"))) return true;
  if (inputs !== undefined || root === undefined) return false;
  return kindOf(place.repository, resolveIn(root, "index.html")) === "file";
}

function inputsOf(configuration: JavaScriptValue | undefined): JavaScriptValue | undefined {
  return settingAt(
    configuration,
    ["build", "rollupOptions", "input"],
    ["build", "rolldownOptions", "input"],
  );
}

/** https://vite.dev/config/shared-options#apptype, https://vite.dev/guide/build#multi-page-app */
function isSinglePage(configuration: JavaScriptValue | undefined): boolean {
  const type = valueAt(configuration, ["appType"]);
  if (type !== undefined && textOf(type) !== "spa" && configuration?.kind !== "unknown")
    return false;
  const inputs = inputsOf(configuration);
  const pages = [...entriesOf(inputs).values(), ...itemsOf(inputs)];
  return pages.length < 2;
}

/** https://vite.dev/config/shared-options#envprefix */
function publicPrefixes(
  configuration: JavaScriptValue | undefined,
  fallback: readonly string[],
): readonly string[] {
  const setting = valueAt(configuration, ["envPrefix"]);
  const given = [setting, ...itemsOf(setting)].flatMap((value) => textOf(value) ?? []);
  return given.length > 0 ? given : fallback;
}

/** Variables whose values are written into the site by name: `define: { __API__: process.env.API }`. */
function definedVariables(configuration: JavaScriptValue | undefined): string[] {
  return definedNames(valueAt(configuration, ["define"]));
}

/** Names of the variables that the values of a table of constants read; `""` for all, where the whole environment is one. */
export function definedNames(value: JavaScriptValue | undefined): string[] {
  const values = value?.kind === "object" ? [...value.entries.values()] : value ? [value] : [];
  return values.flatMap(({ source }) => {
    const names = [...source.matchAll(/\benv(?:\.|\[["'])([A-Za-z_]\w*)/g)].map(
      (match) => match[1]!,
    );
    const isWhole = /\bprocess\.env\s*(?:[,)}]|$)/.test(source);
    return [...names.filter((name) => name !== "NODE_ENV"), ...(isWhole ? [""] : [])];
  });
}

export function pluginsOf(configuration: JavaScriptValue | undefined): readonly JavaScriptValue[] {
  const flat = (values: readonly JavaScriptValue[]): JavaScriptValue[] =>
    values.flatMap((value) => (value.kind === "list" ? flat(value.items) : [value]));
  return flat(itemsOf(valueAt(configuration, ["plugins"])));
}

export function moduleOf(value: JavaScriptValue): string {
  return value.kind === "call"
    ? (value.callee?.module ?? "")
    : value.kind === "reference"
      ? value.module
      : "";
}

/** https://svelte.dev/docs/kit/configuration, https://svelte.dev/docs/kit/adapter-static */
export function readSvelteKit(reading: FrameworkReading): FrontEnd {
  const { place, frontEnd } = reading;
  const configuration = configurationIn(
    place,
    configurationNames("svelte.config", "js ts mjs cjs"),
  );
  const adapter = valueAt(configuration, ["kit", "adapter"]);
  const module = adapter ? moduleOf(adapter) : "";
  const paths = valueAt(configuration, ["kit", "paths", "base"]);
  const site: FrontEnd = {
    ...frontEnd,
    framework: "sveltekit",
    outputDirectory: undefined,
    isSinglePage: false,
    basePath:
      paths === undefined
        ? "/"
        : textOf(paths) === undefined
          ? undefined
          : `/${textOf(paths)!.replace(/^\/|\/$/g, "")}/`.replace("//", "/"),
    publicPrefixes: ["PUBLIC_", ...frontEnd.publicPrefixes],
    evidence: [...frontEnd.evidence, ...(adapter ? [evidenceOf(adapter)] : [])],
  };
  if (module === "@sveltejs/adapter-static" && adapter?.kind === "call") {
    const [options] = adapter.values;
    const pages = valueAt(options, ["pages"]);
    const fallback = valueAt(options, ["fallback"]);
    return {
      ...site,
      outputDirectory: directoryOf(place, pages, place.directory, "build"),
      isServerRendered: false,
      isSinglePage: textOf(fallback) === "index.html",
    };
  }
  const isServer =
    /adapter-(?:node|vercel|netlify|cloudflare|auto)|svelte-adapter-(?:bun|deno)/.test(module);
  return { ...site, isServerRendered: isServer ? true : undefined };
}

/** https://reactrouter.com/how-to/spa, https://v2.remix.run/docs/guides/spa-mode */
function readReactRouter(
  reading: FrameworkReading,
  file: string | undefined,
  call: CallValue | undefined,
): FrontEnd {
  const { place, frontEnd } = reading;
  const configuration =
    file === undefined
      ? call?.values[0]
      : configurationIn(place, configurationNames(file, "ts js mts mjs"));
  const directory = directoryOf(
    place,
    valueAt(configuration, ["buildDirectory"]),
    place.directory,
    "build",
  );
  const renders = valueAt(configuration, ["ssr"]);
  const beforehand = valueAt(configuration, ["prerender"]);
  const isSite = booleanOf(renders) === false;
  return {
    ...frontEnd,
    framework: file === undefined ? "remix" : "react-router",
    outputDirectory: isSite && directory !== undefined ? `${directory}/client` : undefined,
    isServerRendered: isSite
      ? false
      : renders === undefined || booleanOf(renders) === true
        ? true
        : undefined,
    isSinglePage: isSite && beforehand === undefined && fileIn(place, "package.json"),
    evidence: [...frontEnd.evidence, ...(renders ? [evidenceOf(renders)] : [])],
  };
}
