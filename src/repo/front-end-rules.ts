import { configurationNames, type ByVersion } from "./front-end-place.ts";
import {
  VITE_PROXIES,
  VUE_CLI_PROXIES,
  WEBPACK_PROXIES,
  type ProxyDialect,
} from "./front-end-proxies.ts";
import type { PlainValue } from "./javascript-configuration.ts";

/** What frameworks do when nothing is set, and where it is set: as data. */
export interface FrameworkRule {
  readonly configurationFiles: readonly string[];
  /** What a configuration that is a function is called with. */
  readonly parameters?: Readonly<Record<FrontEndSituation, readonly PlainValue[]>>;
  /** It sets NODE_ENV before it reads its configuration. */
  readonly setsNodeEnvironment: boolean;
  readonly output: SettingRule & { readonly fallback: ByVersion<string | undefined> };
  readonly base: SettingRule & { readonly fallback?: string };
  readonly development?: ServerRule;
  readonly preview?: ServerRule;
  /** `undefined`: the configuration says it, and a reader of its own reads it. */
  readonly isServerRendered: boolean | undefined;
  readonly isSinglePage: boolean;
  readonly publicPrefixes: readonly string[];
  readonly source: string;
}

export type FrontEndSituation = "build" | "development" | "preview";

/** Where a setting is made: options of the command win over variables, and those over the configuration's properties. */
export interface SettingRule {
  readonly options?: readonly string[];
  readonly variables?: readonly string[];
  readonly properties?: readonly (readonly string[])[];
}

export interface ServerRule {
  /** Packages whose version decides; the framework's own when there are none. */
  readonly packages?: readonly string[];
  readonly port: SettingRule & { readonly fallback: ByVersion<number | undefined> };
  readonly host: SettingRule & { readonly isOpen: ByVersion<boolean> };
  readonly proxy?: {
    readonly properties: readonly (readonly string[])[];
    readonly dialect: ProxyDialect;
  };
  /** Properties that a static server has no counterpart for. */
  readonly beyond?: readonly (readonly string[])[];
}

/** The same for all versions. */
function always<T>(value: T): ByVersion<T> {
  return [[[0, 0], value]];
}

/** `server.port host.name` → the paths of properties. */
function properties(text: string): readonly (readonly string[])[] {
  return text.split(" ").map((path) => path.split("."));
}

const VITE_FILES = configurationNames("vite.config");

/** Up to 2.2 it listened on all addresses. Source: `packages/vite/src/node/server/index.ts` of v2.2.0 and v2.3.0 */
const VITE_OPEN: ByVersion<boolean> = [
  [[2, 3], false],
  [[0, 0], true],
];

const VITE_DEVELOPMENT: ServerRule = {
  packages: ["vite"],
  port: {
    properties: properties("server.port"),
    // 3.0: https://github.com/vitejs/vite/blob/main/packages/vite/CHANGELOG.md
    fallback: [
      [[3, 0], 5173],
      [[0, 0], 3000],
    ],
  },
  host: { properties: properties("server.host"), isOpen: VITE_OPEN },
  proxy: { properties: properties("server.proxy"), dialect: VITE_PROXIES },
  beyond: properties("server.https server.middlewareMode server.headers"),
};

const VITE_PREVIEW: ServerRule = {
  packages: ["vite"],
  port: {
    properties: properties("preview.port"),
    fallback: [
      [[2, 9], 4173],
      [[0, 0], 5000],
    ],
  },
  // What is not said for the preview is what holds for development, but for the port.
  host: { properties: properties("preview.host server.host"), isOpen: VITE_OPEN },
  proxy: { properties: properties("preview.proxy server.proxy"), dialect: VITE_PROXIES },
  beyond: properties("preview.https server.https preview.headers"),
};

/** https://vite.dev/config/ */
const VITE: FrameworkRule = {
  configurationFiles: VITE_FILES,
  parameters: {
    build: [
      {
        command: "build",
        mode: "production",
        isSsrBuild: false,
        ssrBuild: false,
        isPreview: false,
      },
    ],
    development: [
      {
        command: "serve",
        mode: "development",
        isSsrBuild: false,
        ssrBuild: false,
        isPreview: false,
      },
    ],
    preview: [
      { command: "serve", mode: "production", isSsrBuild: false, ssrBuild: false, isPreview: true },
    ],
  },
  setsNodeEnvironment: true,
  output: {
    options: ["--outDir", "--out-dir"],
    properties: properties("build.outDir"),
    fallback: always("dist"),
  },
  base: { options: ["--base"], properties: properties("base"), fallback: "/" },
  development: VITE_DEVELOPMENT,
  preview: VITE_PREVIEW,
  isServerRendered: undefined,
  isSinglePage: true,
  publicPrefixes: ["VITE_"],
  source: "https://vite.dev/config/",
};

/** webpack-dev-server up to 3 answers on localhost alone. Sources: its `bin/options.js` of 3.11.3, `lib/Server.js` of 4 and 5 */
const WEBPACK_DEVELOPMENT: ServerRule = {
  packages: ["webpack-dev-server"],
  port: { properties: properties("devServer.port"), fallback: always(8080) },
  host: {
    properties: properties("devServer.host"),
    isOpen: [
      [[4, 0], true],
      [[0, 0], false],
    ],
  },
  proxy: { properties: properties("devServer.proxy"), dialect: WEBPACK_PROXIES },
  beyond: properties(
    "devServer.https devServer.server devServer.before devServer.after devServer.setup devServer.setupMiddlewares devServer.onBeforeSetupMiddleware devServer.onAfterSetupMiddleware devServer.headers",
  ),
};

const REACT_SCRIPTS: FrameworkRule = {
  configurationFiles: [],
  setsNodeEnvironment: true,
  output: { variables: ["BUILD_PATH"], fallback: always("build") },
  base: { variables: ["PUBLIC_URL"], fallback: "/" },
  development: {
    port: { variables: ["PORT"], fallback: always(3000) },
    host: { variables: ["HOST"], isOpen: always(true) },
  },
  isServerRendered: false,
  isSinglePage: true,
  publicPrefixes: ["REACT_APP_"],
  source: "https://create-react-app.dev/docs/advanced-configuration/",
};

const STATIC = { setsNodeEnvironment: true, isServerRendered: false, isSinglePage: false } as const;

/** A site whose command has its output directory as an option, and which has no server of development worth reading. */
function plainSite(
  source: string,
  output: FrameworkRule["output"],
  rest: Partial<FrameworkRule> = {},
): FrameworkRule {
  return {
    ...STATIC,
    configurationFiles: [],
    output,
    base: { fallback: "/" },
    publicPrefixes: [],
    source,
    ...rest,
  };
}

/** Options of the commands of servers. */
export const SERVER_OPTIONS = {
  port: ["--port", "-p", "-P"],
  host: ["--host", "--hostname", "-H"],
  beyond: ["--proxy", "--https", "--experimental-https"],
} as const;

function server(port: number, isOpen: boolean, rest: Partial<ServerRule> = {}): ServerRule {
  return { port: { fallback: always(port) }, host: { isOpen: always(isOpen) }, ...rest };
}

const UNKNOWN_OUTPUT = { fallback: always(undefined) };

/** From 2 on it listens on localhost. Source: rsbuild `packages/core/src/defaultConfig.ts` of v2.0.0, `constants.ts` of v1.7.0 */
const RSBUILD_OPEN: ByVersion<boolean> = [
  [[2, 0], false],
  [[0, 0], true],
];

export const frameworkRules: Readonly<Record<string, FrameworkRule>> = {
  vite: VITE,
  "vite-ssg": { ...VITE, isServerRendered: false, isSinglePage: false },
  "react-scripts": REACT_SCRIPTS,
  craco: {
    ...REACT_SCRIPTS,
    configurationFiles: [
      "craco.config.js",
      "craco.config.ts",
      "craco.config.cjs",
      ".cracorc.js",
      ".cracorc",
    ],
  },
  "react-app-rewired": { ...REACT_SCRIPTS, configurationFiles: ["config-overrides.js"] },
  rescripts: {
    ...REACT_SCRIPTS,
    configurationFiles: [".rescriptsrc.js", ".rescriptsrc.json", ".rescriptsrc"],
  },
  "react-scripts-ejected": {
    ...REACT_SCRIPTS,
    configurationFiles: ["config/paths.js"],
    output: { properties: properties("appBuild"), fallback: always(undefined) },
  },
  "vue-webpack-template": {
    configurationFiles: ["config/index.js"],
    setsNodeEnvironment: true,
    output: { properties: properties("build.assetsRoot"), fallback: always(undefined) },
    base: { properties: properties("build.assetsPublicPath"), fallback: "/" },
    development: {
      port: {
        variables: ["PORT"],
        properties: properties("dev.port"),
        fallback: always(undefined),
      },
      // Its own server listens on all addresses, webpack-dev-server on what is set, and on localhost otherwise.
      host: { variables: ["HOST"], properties: properties("dev.host"), isOpen: always(false) },
      proxy: { properties: properties("dev.proxyTable"), dialect: WEBPACK_PROXIES },
    },
    isServerRendered: false,
    isSinglePage: true,
    publicPrefixes: [],
    source: "https://vuejs-templates.github.io/webpack/",
  },
  "vue-cli": {
    configurationFiles: ["vue.config.js", "vue.config.cjs", "vue.config.mjs"],
    setsNodeEnvironment: true,
    output: { options: ["--dest"], properties: properties("outputDir"), fallback: always("dist") },
    base: {
      options: ["--public-path"],
      properties: properties("publicPath baseUrl"),
      fallback: "/",
    },
    development: {
      ...WEBPACK_DEVELOPMENT,
      packages: ["@vue/cli-service"],
      port: {
        variables: ["PORT"],
        properties: properties("devServer.port configureWebpack.devServer.port"),
        fallback: always(8080),
      },
      host: {
        variables: ["HOST"],
        properties: properties("devServer.host configureWebpack.devServer.host"),
        isOpen: always(true),
      },
      proxy: {
        properties: properties("devServer.proxy configureWebpack.devServer.proxy"),
        dialect: VUE_CLI_PROXIES,
      },
    },
    isServerRendered: false,
    isSinglePage: true,
    publicPrefixes: ["VUE_APP_"],
    source: "https://cli.vuejs.org/config/",
  },
  angular: plainSite("https://angular.dev/reference/configs/workspace-config", UNKNOWN_OUTPUT, {
    base: {},
    isServerRendered: undefined,
    isSinglePage: true,
  }),
  webpack: {
    configurationFiles: [
      "webpack.config.js",
      "webpack.config.ts",
      "webpack.config.cjs",
      "webpack.config.mjs",
      "webpackfile.js",
    ],
    setsNodeEnvironment: false,
    output: {
      options: ["--output-path", "-o"],
      properties: properties("output.path"),
      fallback: always("dist"),
    },
    base: {
      options: ["--output-public-path"],
      properties: properties("output.publicPath"),
      fallback: "/",
    },
    development: WEBPACK_DEVELOPMENT,
    isServerRendered: undefined,
    isSinglePage: false,
    publicPrefixes: [],
    source: "https://webpack.js.org/configuration/output/",
  },
  rspack: {
    configurationFiles: configurationNames("rspack.config"),
    setsNodeEnvironment: true,
    output: {
      options: ["--output-path", "-o"],
      properties: properties("output.path"),
      fallback: always("dist"),
    },
    base: {
      options: ["--public-path"],
      properties: properties("output.publicPath"),
      fallback: "/",
    },
    development: {
      ...WEBPACK_DEVELOPMENT,
      packages: ["@rspack/cli"],
      host: { properties: properties("devServer.host"), isOpen: always(true) },
    },
    isServerRendered: undefined,
    isSinglePage: false,
    publicPrefixes: [],
    source: "https://rspack.rs/config/output",
  },
  rsbuild: {
    configurationFiles: configurationNames("rsbuild.config"),
    parameters: {
      build: [{ command: "build", env: "production", envMode: "production" }],
      development: [{ command: "dev", env: "development", envMode: "development" }],
      preview: [{ command: "preview", env: "production", envMode: "production" }],
    },
    setsNodeEnvironment: true,
    output: {
      options: ["--dist-path"],
      properties: properties("output.distPath.root output.distPath"),
      fallback: always("dist"),
    },
    base: {
      options: ["--base"],
      properties: properties("server.base output.assetPrefix"),
      fallback: "/",
    },
    development: {
      port: { properties: properties("server.port"), fallback: always(3000) },
      host: { properties: properties("server.host"), isOpen: RSBUILD_OPEN },
      proxy: { properties: properties("server.proxy"), dialect: WEBPACK_PROXIES },
      beyond: properties("server.https dev.setupMiddlewares server.headers"),
    },
    preview: {
      port: { properties: properties("server.port"), fallback: always(3000) },
      host: { properties: properties("server.host"), isOpen: RSBUILD_OPEN },
      proxy: { properties: properties("server.proxy"), dialect: WEBPACK_PROXIES },
      beyond: properties("server.https server.headers"),
    },
    isServerRendered: false,
    isSinglePage: true,
    publicPrefixes: ["PUBLIC_"],
    source: "https://rsbuild.rs/config/",
  },
  parcel: plainSite(
    "https://parceljs.org/features/targets/",
    { options: ["--dist-dir", "-d", "--out-dir"], fallback: always("dist") },
    {
      base: { options: ["--public-url"], fallback: "/" },
      isSinglePage: true,
      development: server(1234, true, { port: { variables: ["PORT"], fallback: always(1234) } }),
      // `process.env.X` in the sources is replaced, whatever its name.
      publicPrefixes: [""],
    },
  ),
  gatsby: plainSite(
    "https://www.gatsbyjs.com/docs/reference/gatsby-cli/",
    { fallback: always("public") },
    {
      configurationFiles: configurationNames("gatsby-config", "js ts mjs"),
      publicPrefixes: ["GATSBY_"],
      development: server(8000, false, {
        port: { variables: ["PORT"], fallback: always(8000) },
        beyond: properties("proxy developMiddleware"),
      }),
      preview: server(9000, false),
    },
  ),
  docusaurus: plainSite(
    "https://docusaurus.io/docs/api/docusaurus-config",
    { options: ["--out-dir"], fallback: always("build") },
    {
      configurationFiles: configurationNames("docusaurus.config"),
      base: { properties: properties("baseUrl"), fallback: "/" },
      development: server(3000, false),
      preview: server(3000, false),
    },
  ),
  "docusaurus-1": plainSite("https://v1.docusaurus.io/docs/en/commands", UNKNOWN_OUTPUT),
  astro: plainSite(
    "https://docs.astro.build/en/reference/configuration-reference/",
    {
      options: ["--outDir", "--out-dir"],
      properties: properties("outDir"),
      fallback: always("dist"),
    },
    {
      configurationFiles: configurationNames("astro.config"),
      base: { options: ["--base"], properties: properties("base"), fallback: "/" },
      isServerRendered: undefined,
      publicPrefixes: ["PUBLIC_"],
      development: {
        port: {
          properties: properties("server.port"),
          fallback: [
            [[3, 0], 4321],
            [[0, 0], 3000],
          ],
        },
        host: { properties: properties("server.host"), isOpen: always(false) },
        proxy: { properties: properties("vite.server.proxy"), dialect: VITE_PROXIES },
      },
      preview: {
        port: {
          properties: properties("server.port"),
          fallback: [
            [[3, 0], 4321],
            [[0, 0], 3000],
          ],
        },
        host: { properties: properties("server.host"), isOpen: always(false) },
        proxy: {
          properties: properties("vite.preview.proxy vite.server.proxy"),
          dialect: VITE_PROXIES,
        },
      },
    },
  ),
  next: plainSite(
    "https://nextjs.org/docs/app/guides/static-exports",
    { fallback: always("out") },
    {
      configurationFiles: configurationNames("next.config"),
      parameters: {
        build: ["phase-production-build", { defaultConfig: {} }],
        development: ["phase-development-server", { defaultConfig: {} }],
        preview: ["phase-production-server", { defaultConfig: {} }],
      },
      base: { properties: properties("basePath"), fallback: "/" },
      isServerRendered: undefined,
      publicPrefixes: ["NEXT_PUBLIC_"],
      development: {
        port: { variables: ["PORT"], fallback: always(3000) },
        host: { isOpen: always(true) },
        beyond: properties("rewrites"),
      },
    },
  ),
  nuxt: plainSite(
    "https://nuxt.com/docs/getting-started/deployment#static-hosting",
    UNKNOWN_OUTPUT,
    {
      configurationFiles: configurationNames("nuxt.config"),
      isServerRendered: undefined,
      publicPrefixes: [],
    },
  ),
  sveltekit: {
    ...VITE,
    isServerRendered: undefined,
    isSinglePage: false,
    publicPrefixes: ["PUBLIC_", "VITE_"],
  },
  rollup: plainSite("https://github.com/sveltejs/template", UNKNOWN_OUTPUT),
  vuepress: plainSite(
    "https://v1.vuepress.vuejs.org/config/",
    { options: ["--dest", "-d"], fallback: always(".vuepress/dist") },
    {
      development: server(8080, true),
    },
  ),
  vitepress: plainSite(
    "https://vitepress.dev/reference/site-config",
    { options: ["--outDir"], fallback: always(".vitepress/dist") },
    {
      development: { ...server(5173, false), packages: ["vitepress"] },
      preview: server(4173, true),
      publicPrefixes: ["VITE_"],
    },
  ),
  quasar: plainSite("https://quasar.dev/quasar-cli-vite/quasar-config-file", UNKNOWN_OUTPUT, {
    configurationFiles: [
      "quasar.config.js",
      "quasar.config.ts",
      "quasar.config.mjs",
      "quasar.config.cjs",
      "quasar.conf.js",
    ],
    parameters: {
      build: [{ prod: true, dev: false }],
      development: [{ prod: false, dev: true }],
      preview: [{ prod: true, dev: false }],
    },
    isServerRendered: undefined,
    isSinglePage: true,
  }),
  ionic: plainSite("https://ionicframework.com/docs/cli/commands/build", UNKNOWN_OUTPUT, {
    isSinglePage: true,
  }),
  ember: plainSite(
    "https://cli.emberjs.com/release/basic-use/cli-commands/",
    { options: ["--output-path", "-output-path", "-o"], fallback: always("dist") },
    { isSinglePage: true, base: {}, development: server(4200, true) },
  ),
  preact: plainSite(
    "https://github.com/preactjs/preact-cli",
    { options: ["--dest"], fallback: always("build") },
    {
      isSinglePage: true,
      publicPrefixes: ["PREACT_APP_"],
      development: server(8080, true),
    },
  ),
  eleventy: plainSite(
    "https://www.11ty.dev/docs/config/#output-directory",
    { options: ["--output"], fallback: always("_site") },
    {
      base: { options: ["--pathprefix"], fallback: "/" },
      development: server(8080, true),
    },
  ),
  hexo: plainSite("https://hexo.io/docs/configuration", UNKNOWN_OUTPUT),
  storybook: plainSite(
    "https://storybook.js.org/docs/api/cli-options",
    { options: ["--output-dir", "-o"], fallback: always("storybook-static") },
    { isSinglePage: true, publicPrefixes: ["STORYBOOK_"], development: server(6006, true) },
  ),
  umi: plainSite(
    "https://umijs.org/en-US/docs/api/config",
    { properties: properties("outputPath"), fallback: always("dist") },
    {
      configurationFiles: [".umirc.ts", ".umirc.js", "config/config.ts", "config/config.js"],
      base: { properties: properties("base"), fallback: "/" },
      isSinglePage: true,
      publicPrefixes: ["UMI_APP_"],
      development: {
        ...server(8000, true),
        proxy: { properties: properties("proxy"), dialect: WEBPACK_PROXIES },
      },
    },
  ),
  ice: plainSite("https://v3.ice.work/docs/guide/basic/config", UNKNOWN_OUTPUT, {
    isSinglePage: true,
  }),
  expo: plainSite(
    "https://docs.expo.dev/workflow/web/",
    { options: ["--output-dir"], fallback: always("dist") },
    {
      isSinglePage: true,
      publicPrefixes: ["EXPO_PUBLIC_"],
    },
  ),
  snowpack: plainSite(
    "https://www.snowpack.dev/reference/configuration",
    {
      options: ["--out", "-o"],
      properties: properties("buildOptions.out"),
      fallback: always("build"),
    },
    {
      configurationFiles: [...configurationNames("snowpack.config", "mjs cjs js json")],
      base: { properties: properties("buildOptions.baseUrl"), fallback: "/" },
      publicPrefixes: ["SNOWPACK_PUBLIC_"],
      development: {
        port: { properties: properties("devOptions.port"), fallback: always(8080) },
        host: { properties: properties("devOptions.hostname"), isOpen: always(false) },
      },
    },
  ),
  "react-router": { ...VITE, isSinglePage: true },
  remix: { ...VITE, isSinglePage: true },
  gridsome: plainSite(
    "https://gridsome.org/docs/config/",
    { properties: properties("outputDir outDir"), fallback: always("dist") },
    {
      configurationFiles: ["gridsome.config.js"],
      base: { properties: properties("pathPrefix"), fallback: "/" },
      publicPrefixes: ["GRIDSOME_"],
      development: server(8080, true),
    },
  ),
  elm: plainSite(
    "https://github.com/halfzebra/create-elm-app",
    { fallback: always("build") },
    {
      isSinglePage: true,
      publicPrefixes: ["ELM_APP_"],
      development: server(3000, true),
    },
  ),
  "vite-ssr": plainSite("https://github.com/frandiox/vite-ssr", UNKNOWN_OUTPUT, {
    isServerRendered: true,
  }),
  vike: plainSite("https://vike.dev/", UNKNOWN_OUTPUT, { isServerRendered: undefined }),
  "solid-start": plainSite(
    "https://docs.solidjs.com/solid-start/reference/config/define-config",
    UNKNOWN_OUTPUT,
    { isServerRendered: undefined },
  ),
  razzle: plainSite("https://razzlejs.org/", UNKNOWN_OUTPUT, { isServerRendered: true }),
  gulp: plainSite("https://gulpjs.com/", UNKNOWN_OUTPUT, { base: {}, isServerRendered: undefined }),
  grunt: plainSite("https://gruntjs.com/", UNKNOWN_OUTPUT, {
    base: {},
    isServerRendered: undefined,
  }),
  brunch: plainSite("https://brunch.io/docs/config", UNKNOWN_OUTPUT, {
    base: {},
    isServerRendered: undefined,
  }),
};
