import type { FrontEnd, FrontEndServer } from "./front-end-facts.ts";
import type { FrameworkReading, ServerReading } from "./front-end-readings.ts";
import {
  basePathOf,
  configurationIn,
  configurationNames,
  directoryOf,
  evidenceOf,
  fileIn,
  firstOf,
  operandsOf,
  operandDirectory,
  optionOf,
  settingAt,
  versionOf,
  type PackageVersion,
} from "./front-end-place.ts";
import { readProxies, WEBPACK_PROXIES } from "./front-end-proxies.ts";
import { SERVER_OPTIONS } from "./front-end-rules.ts";
import { isOpenHost, portOf } from "./front-end-server.ts";
import { readSvelteKit } from "./front-end-vite.ts";
import { readRollup } from "./front-end-rollup.ts";
import { resolveIn } from "./javascript-calls.ts";
import { booleanOf, isTruthy, textOf, valueAt, type JavaScriptValue } from "./javascript-values.ts";
import { entriesOf as yamlEntriesOf, readYaml, textOf as yamlTextOf } from "./yaml-file.ts";

type Reader = (reading: FrameworkReading) => FrontEnd;

const READERS: Readonly<Record<string, Reader>> = {
  next: readNext,
  nuxt: readNuxt,
  astro: readAstro,
  gatsby: readGatsby,
  docusaurus: readDocusaurus,
  sveltekit: readOldSvelteKit,
  vuepress: readVuePress,
  vitepress: readVitePress,
  quasar: readQuasar,
  ember: readEmber,
  eleventy: readEleventy,
  hexo: readHexo,
  expo: readExpo,
  ice: readIce,
  parcel: readParcel,
  rollup: readRollup,
  "solid-start": readSolidStart,
};

/** Frameworks that bring their own way of building; what their rule says holds where there is no reader. */
export function readMetaFramework(reading: FrameworkReading): FrontEnd {
  const { framework } = reading.frontEnd;
  return Object.hasOwn(READERS, framework) ? READERS[framework]!(reading) : reading.frontEnd;
}

function withEvidence(
  frontEnd: FrontEnd,
  ...values: readonly (JavaScriptValue | undefined)[]
): FrontEnd {
  return {
    ...frontEnd,
    evidence: [
      ...frontEnd.evidence,
      ...values.flatMap((value) => (value ? [evidenceOf(value)] : [])),
    ],
  };
}

function isBefore(version: PackageVersion | undefined, major: number): boolean | undefined {
  return version === undefined ? undefined : version !== "newest" && version[0] < major;
}

/** https://nextjs.org/docs/app/guides/static-exports; `next export` is gone since 14 */
function readNext(reading: FrameworkReading): FrontEnd {
  const { place, configuration, frontEnd, buildCommands } = reading;
  const exporting = buildCommands.find(
    (words) => words.includes("next") && words.includes("export"),
  );
  const output = valueAt(configuration, ["output"]);
  // From 13.3 on: https://github.com/vercel/next.js/pull/47376
  const version = versionOf(place, ["next"]);
  const isOld = isBefore(version, 14);
  const root = operandDirectory(place, ["-o", "--outdir"]);
  if (
    textOf(output) === "export" &&
    version !== undefined &&
    (version === "newest" || version[0] > 13 || (version[0] === 13 && version[1] >= 3))
  ) {
    const distribution = valueAt(configuration, ["distDir"]);
    const isDefault = distribution === undefined || textOf(distribution) === ".next";
    return withEvidence(
      {
        ...frontEnd,
        isServerRendered: false,
        outputDirectory: directoryOf(place, isDefault ? undefined : distribution, root, "out"),
      },
      output,
    );
  }
  if (exporting && isOld !== false) {
    const at = exporting.findIndex((word) => /^(?:-o|--outdir)$/.test(word));
    const named = at < 0 ? undefined : exporting[at + 1];
    return {
      ...frontEnd,
      isServerRendered: isOld ? false : undefined,
      outputDirectory: directoryOf(
        place,
        undefined,
        named === undefined ? root : place.directory,
        named ?? "out",
      ),
    };
  }
  const isServer = output === undefined || (output.kind === "text" && output.text !== "export");
  return withEvidence(
    { ...frontEnd, outputDirectory: undefined, isServerRendered: isServer ? true : undefined },
    output,
  );
}

/** https://nuxt.com/docs/getting-started/deployment#static-hosting, https://v2.nuxt.com/docs/get-started/commands */
function readNuxt(reading: FrameworkReading): FrontEnd {
  const { place, configuration, frontEnd } = reading;
  const version = versionOf(place, place.command.tool.packages);
  const isSecond = isBefore(version, 3);
  const root = operandDirectory(place, [
    "--config-file",
    "-c",
    "--preset",
    "--envName",
    "--dotenv",
  ]);
  const base = valueAt(configuration, isSecond === false ? ["app", "baseURL"] : ["router", "base"]);
  const site: FrontEnd = {
    ...frontEnd,
    basePath: isSecond === undefined ? undefined : basePathOf(base, "/"),
    isServerRendered: undefined,
    outputDirectory: undefined,
    publicPrefixes: isSecond ? ["NUXT_ENV_"] : ["NUXT_PUBLIC_"],
  };
  if (isSecond === undefined) return site;
  const isGenerating = place.command.verb === "generate";
  if (!isSecond) {
    const preset = firstOf(
      optionOf(place, ["--preset"]),
      valueAt(configuration, ["nitro", "preset"]),
    );
    const isStatic =
      isGenerating ||
      optionOf(place, ["--prerender"]) !== undefined ||
      /^(?:static|github-pages|github_pages)$/.test(textOf(preset) ?? "");
    const moved = firstOf(
      valueAt(configuration, ["nitro", "output"]),
      preset && !textOf(preset) ? preset : undefined,
    );
    if (!isStatic)
      return { ...site, isServerRendered: preset && !textOf(preset) ? undefined : true };
    return {
      ...site,
      isServerRendered: false,
      outputDirectory: moved ? undefined : directoryOf(place, undefined, root, ".output/public"),
    };
  }
  const renders = valueAt(configuration, ["ssr"]);
  const mode = valueAt(configuration, ["mode"]);
  const isOnePage =
    booleanOf(renders) === false ||
    textOf(mode) === "spa" ||
    optionOf(place, ["--spa"]) !== undefined;
  const target = valueAt(configuration, ["target"]);
  const isUnclear = [
    renders && booleanOf(renders) === undefined,
    mode && textOf(mode) === undefined,
    target && textOf(target) === undefined,
  ].includes(true);
  // A single page is generated by `nuxt build` as well. Source: nuxt/nuxt v2.15.8 `packages/cli/src/commands/build.js`
  const isGenerated =
    isGenerating ||
    (isOnePage && textOf(target) !== "static" && !optionOf(place, ["--no-generate"]));
  if (isUnclear || !isGenerated)
    return withEvidence(
      {
        ...site,
        isServerRendered: isUnclear || isOnePage || textOf(target) === "static" ? undefined : true,
      },
      renders,
    );
  return withEvidence(
    {
      ...site,
      isServerRendered: false,
      isSinglePage: isOnePage,
      outputDirectory: directoryOf(
        place,
        valueAt(configuration, ["generate", "dir"]),
        root,
        "dist",
      ),
    },
    renders,
  );
}

/** https://nuxt.com/docs/api/commands/dev; Nuxt 2: `packages/config/src/config/server.js` */
export function readNuxtServer({
  place,
  configuration,
  situation,
  server,
}: ServerReading): FrontEndServer {
  if (situation === "preview") return server;
  const setting = (options: readonly string[], name: string): JavaScriptValue | undefined =>
    firstOf(
      optionOf(place, options),
      settingAt(configuration, ["server", name], ["devServer", name]),
    );
  const port = setting(SERVER_OPTIONS.port, "port");
  const host = setting(SERVER_OPTIONS.host, "host");
  const beyond = ["proxy", "serverMiddleware", "axios", "nitro", "routeRules"].flatMap((name) => {
    const value = valueAt(configuration, [name]);
    return value && value.kind !== "unknown" && /prox|iddleware/i.test(`${name} ${value.source}`)
      ? [evidenceOf(value)]
      : [];
  });
  return {
    port: port === undefined ? 3000 : portOf(port),
    isOpen: host !== undefined && isOpenHost(host),
    proxies: [],
    beyond,
  };
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

/** https://docs.astro.build/en/guides/on-demand-rendering/ */
function readAstro(reading: FrameworkReading): FrontEnd {
  const { place, configuration, frontEnd, rule } = reading;
  const output = firstOf(optionOf(place, ["--output"]), valueAt(configuration, ["output"]));
  const adapter = valueAt(configuration, ["adapter"]);
  const rootSetting = firstOf(optionOf(place, ["--root"]), valueAt(configuration, ["root"]));
  const root = directoryOf(place, rootSetting, place.directory, ".");
  const isSite = (output === undefined || textOf(output) === "static") && adapter === undefined;
  const isServer = textOf(output) === "server" || textOf(output) === "hybrid";
  const directory = firstOf(
    optionOf(place, rule.output.options ?? []),
    valueAt(configuration, ["outDir"]),
  );
  return withEvidence(
    {
      ...frontEnd,
      isServerRendered: isSite ? false : isServer ? true : undefined,
      outputDirectory:
        !isSite || root === undefined
          ? undefined
          : directoryOf(place, directory, resolveIn(place.directory, root), "dist"),
    },
    output,
    adapter,
  );
}

/** https://www.gatsbyjs.com/docs/how-to/previews-deploys-hosting/path-prefix/ */
function readGatsby({ place, configuration, frontEnd }: FrameworkReading): FrontEnd {
  const isPrefixed =
    optionOf(place, ["--prefix-paths"]) !== undefined || place.variable("PREFIX_PATHS") === "true";
  const hasFunctions = place.repository.list(resolveIn(place.directory, "src/api")) !== undefined;
  return {
    ...frontEnd,
    basePath: isPrefixed ? basePathOf(valueAt(configuration, ["pathPrefix"]), "/") : "/",
    isServerRendered: hasFunctions ? undefined : false,
  };
}

/** `docusaurus build [siteDir]` */
function readDocusaurus({ place, frontEnd, configuration }: FrameworkReading): FrontEnd {
  const root = operandDirectory(place, ["--out-dir", "--config", "-c", "--locale", "-l"]);
  const output = optionOf(place, ["--out-dir"]);
  return {
    ...frontEnd,
    outputDirectory: directoryOf(place, output, root, "build"),
    basePath: configuration === undefined ? undefined : frontEnd.basePath,
  };
}

/** SvelteKit before it was built by Vite's own command. */
function readOldSvelteKit(reading: FrameworkReading): FrontEnd {
  return readSvelteKit(reading);
}

/** https://v1.vuepress.vuejs.org/config/#dest, https://vuepress.vuejs.org/reference/config.html#dest */
function readVuePress({ place, frontEnd }: FrameworkReading): FrontEnd {
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
function readVitePress({ place, frontEnd }: FrameworkReading): FrontEnd {
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

/** https://quasar.dev/quasar-cli-vite/quasar-config-file#build */
function readQuasar({ place, configuration, frontEnd }: FrameworkReading): FrontEnd {
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

/** https://cli.emberjs.com/release/advanced-use/build-targets/ */
function readEmber({ place, frontEnd }: FrameworkReading): FrontEnd {
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

/** https://www.11ty.dev/docs/config/ */
function readEleventy({ place, frontEnd }: FrameworkReading): FrontEnd {
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
function readHexo({ place, frontEnd }: FrameworkReading): FrontEnd {
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

/** https://docs.expo.dev/workflow/web/ */
function readExpo({ place, frontEnd }: FrameworkReading): FrontEnd {
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
function readIce({ place, frontEnd }: FrameworkReading): FrontEnd {
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
function readParcel({ place, frontEnd }: FrameworkReading): FrontEnd {
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

/** https://docs.solidjs.com/solid-start/reference/config/define-config */
function readSolidStart({ place, frontEnd }: FrameworkReading): FrontEnd {
  const configuration = configurationIn(place, configurationNames("app.config", "ts js mjs"));
  const preset = valueAt(configuration, ["server", "preset"]);
  const isSite =
    textOf(preset) === "static" && booleanOf(valueAt(configuration, ["ssr"])) === false;
  return withEvidence(
    {
      ...frontEnd,
      outputDirectory: isSite ? ".output/public" : undefined,
      isServerRendered: isSite ? false : configuration && preset === undefined ? true : undefined,
    },
    preset,
  );
}
