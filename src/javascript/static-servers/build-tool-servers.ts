import type { FrameworkEntry } from "./framework-server.ts";
import type { OptionRule } from "./server-rule.ts";

/** Servers that come with the tools that build a front end. */

/** Source: https://vite.dev/guide/cli, vitejs/vite `packages/vite/src/node/cli.ts` */
const viteOptions: readonly OptionRule[] = [
  ["--port", "value", "port"],
  ["--host", "maybe", "host"],
  ["--base", "value", "base"],
  ["-m --mode", "value", "mode"],
  ["--strictPort --strict-port --cors --force --clearScreen --profile", "flag", "ignored"],
  ["--open -d --debug", "maybe", "ignored"],
  ["-l --logLevel -f --filter", "value", "ignored"],
  ["--https -c --config --configLoader --app", "maybe", "refused"],
];

/** Source: facebook/create-react-app `packages/react-scripts/scripts/start.js`, `config/env.js` */
const reactScripts = {
  kind: "development",
  packageName: "react-scripts",
  grammar: "commander",
  defaultPort: () => 3000,
  isOpen: () => true,
  portVariable: "PORT",
  hostVariable: "HOST",
  environmentFiles: [".env.development.local", ".env.local", ".env.development", ".env"],
  refusedVariables: { HTTPS: "false" },
  fallback: "index",
  answers: { compresses: true },
} as const satisfies Partial<FrameworkEntry>;

export const buildToolServers: readonly FrameworkEntry[] = [
  {
    server: "vite preview",
    kind: "preview",
    programs: ["vite"],
    commands: ["preview"],
    packageName: "vite",
    grammar: "mri",
    options: [...viteOptions, ["--outDir --out-dir", "value", "directory"]],
    // 2.9 took 4173. Source: `packages/vite/src/node/preview.ts` of each version
    defaultPort: ({ major, minor }) => (major > 2 || (major === 2 && minor >= 9) ? 4173 : 5000),
    isOpen: () => false,
    fallback: "front-end",
    // Its fallback page has a plain type. Source: `packages/vite/src/node/server/middlewares/indexHtml.ts`
    answers: { hasCleanUrls: true, compresses: true, namesCharset: false },
  },
  {
    server: "vite",
    kind: "development",
    programs: ["vite"],
    commands: ["", "dev", "serve"],
    otherCommands: ["build", "optimize", "preview"],
    packageName: "vite",
    grammar: "mri",
    options: viteOptions,
    defaultPort: ({ major }) => (major >= 3 ? 5173 : 3000),
    isOpen: () => false,
    fallback: "front-end",
    // Its fallback page has a plain type. Source: `packages/vite/src/node/server/middlewares/indexHtml.ts`
    answers: { hasCleanUrls: true, compresses: true, namesCharset: false },
  },
  {
    ...reactScripts,
    server: "react-scripts start",
    programs: ["react-scripts"],
    commands: ["start"],
    options: [],
  },
  {
    ...reactScripts,
    server: "react-app-rewired start",
    programs: ["react-app-rewired"],
    commands: ["start"],
    options: [],
  },
  {
    ...reactScripts,
    server: "craco start",
    programs: ["craco"],
    commands: ["start"],
    options: [["--verbose", "flag", "ignored"]],
  },
  {
    // Source: https://cli.vuejs.org/guide/cli-service.html#vue-cli-service-serve
    server: "vue-cli-service serve",
    kind: "development",
    programs: ["vue-cli-service"],
    commands: ["serve"],
    packageName: "@vue/cli-service",
    grammar: "minimist",
    options: [
      ["--port", "value", "port"],
      ["--host", "value", "host"],
      ["--mode", "value", "mode"],
      ["--open --copy --stdin --public --dashboard --watch", "maybe", "ignored"],
      ["--https --skip-plugins", "maybe", "refused"],
    ],
    defaultPort: () => 8080,
    isOpen: () => true,
    portVariable: "PORT",
    hostVariable: "HOST",
    // Those of the mode are read first, and a variable that is set stays.
    environmentFiles: [".env.development.local", ".env.development", ".env.local", ".env"],
    fallback: "front-end",
    answers: { compresses: true },
  },
  {
    // Source: https://angular.dev/cli/serve, `dev-server/schema.json` in angular/angular-cli
    server: "ng serve",
    kind: "development",
    programs: ["ng"],
    commands: ["serve", "s", "dev"],
    packageName: "@angular/cli",
    grammar: "commander",
    options: [
      ["--port", "value", "port"],
      ["--host", "value", "host"],
      ["--proxy-config --proxyConfig", "value", "proxy"],
      ["-c --configuration", "value", "mode"],
      ["--prod -o --open --aot --no-open --no-live-reload --no-watch --no-hmr", "flag", "ignored"],
      ["--live-reload --liveReload --watch --hmr --verbose --progress", "flag", "ignored"],
      ["--disable-host-check --disableHostCheck --allowed-hosts --no-progress", "flag", "ignored"],
      ["--poll --public-host --publicHost", "value", "ignored"],
      ["--ssl --ssl-key --ssl-cert --serve-path --servePath --base-href", "maybe", "refused"],
    ],
    defaultPort: () => 4200,
    isOpen: () => false,
    fallback: "index",
    answers: {},
  },
  {
    // Source: webpack/webpack-dev-server `bin/options.js` (3), `bin/cli-flags.js` and `lib/Server.js` (4, 5)
    server: "webpack-dev-server",
    kind: "development",
    programs: ["webpack-dev-server"],
    packageName: "webpack-dev-server",
    grammar: "commander",
    options: webpackOptions(),
    defaultPort: () => 8080,
    isOpen: ({ major }) => major >= 4,
    fallback: "front-end",
    answers: {},
  },
  {
    server: "webpack serve",
    kind: "development",
    programs: ["webpack", "webpack-cli"],
    commands: ["serve", "server", "s"],
    packageName: "webpack-dev-server",
    grammar: "commander",
    options: webpackOptions(),
    defaultPort: () => 8080,
    isOpen: ({ major }) => major >= 4,
    fallback: "front-end",
    answers: {},
  },
  {
    // Sources: https://parceljs.org/features/cli/, parcel-bundler 1.12 `src/cli.js`
    server: "parcel",
    kind: "development",
    programs: ["parcel"],
    commands: ["serve", ""],
    otherCommands: ["build", "watch", "help", "info"],
    packageName: "parcel",
    grammar: "commander",
    options: [
      ["-p --port", "value", "port"],
      ["--host", "value", "host"],
      ["--public-url", "value", "base"],
      ["-d --dist-dir --out-dir", "value", "directory"],
      ["--hmr-port --hmr-host --hmr-hostname --cache-dir --log-level", "value", "ignored"],
      [
        "--no-hmr --no-cache --no-autoinstall --no-source-maps --watch-for-stdin",
        "flag",
        "ignored",
      ],
      ["--open --lazy", "maybe", "ignored"],
      ["--https --cert --key --target -t --config --out-file -o", "maybe", "refused"],
    ],
    takesEntries: true,
    defaultPort: () => 1234,
    isOpen: () => true,
    portVariable: "PORT",
    fallback: "index",
    answers: {},
  },
];

function webpackOptions(): readonly OptionRule[] {
  return [
    ["--port", "value", "port"],
    ["--host", "value", "host"],
    ["--history-api-fallback", "flag", "single"],
    ["--mode", "value", "mode"],
    ["--hot --inline --progress --color --colors --compress --live-reload", "flag", "ignored"],
    [
      "--no-hot --no-inline --no-color --no-open --no-live-reload --quiet --info",
      "flag",
      "ignored",
    ],
    ["--disable-host-check --watch-poll --no-info --client-overlay", "flag", "ignored"],
    ["--open --hot-only -d --devtool", "maybe", "ignored"],
    ["--public --allowed-hosts --client-log-level --stats", "value", "ignored"],
    ["--https --config -c --env --content-base --static -w --watch", "maybe", "refused"],
  ];
}
