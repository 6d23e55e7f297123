import { baseName } from "../core/path.ts";

/** What commands of front-end tools do: build a site, serve it while it is worked on, or show the last build. */

export interface FrontEndTool {
  /** The name that `FrontEnd.framework` has for it. */
  readonly framework: string;
  /** Names of its program. */
  readonly programs: readonly string[];
  /** Packages that bring the program, for `node node_modules/vite/bin/vite.js` and for its version. */
  readonly packages: readonly string[];
  /** The words behind the program that build; `""` stands for none. */
  readonly build: readonly string[];
  /** The words behind the program that start the server for development. */
  readonly development: readonly string[];
  /** The words behind the program that show the last build. */
  readonly preview: readonly string[];
  readonly source: string;
}

function tool(
  framework: string,
  [programs, packages]: readonly [string, string],
  [build, development, preview]: readonly [string, string, string],
  source: string,
): FrontEndTool {
  const words = (text: string): string[] => text.split(" ").filter(Boolean);
  const verbs = (text: string): string[] => words(text).map((word) => (word === "." ? "" : word));
  return {
    framework,
    programs: words(programs),
    packages: words(packages),
    build: verbs(build),
    development: verbs(development),
    preview: verbs(preview),
    source,
  };
}

/** `.` stands for the program without a verb. */
export const frontEndTools: readonly FrontEndTool[] = [
  tool(
    "vite",
    ["vite", "vite rolldown-vite"],
    ["build", ". dev serve", "preview"],
    "https://vite.dev/guide/cli",
  ),
  tool(
    "react-scripts",
    ["react-scripts react-scripts-ts", "react-scripts react-scripts-ts"],
    ["build", "start", ""],
    "https://create-react-app.dev/docs/available-scripts/",
  ),
  tool("craco", ["craco", "@craco/craco"], ["build", "start", ""], "https://craco.js.org/docs/"),
  tool(
    "react-app-rewired",
    ["react-app-rewired", "react-app-rewired"],
    ["build", "start", ""],
    "https://github.com/timarney/react-app-rewired",
  ),
  tool(
    "rescripts",
    ["rescripts", "@rescripts/cli"],
    ["build", "start", ""],
    "https://github.com/harrysolovay/rescripts",
  ),
  tool(
    "vue-cli",
    ["vue-cli-service", "@vue/cli-service"],
    ["build", "serve", ""],
    "https://cli.vuejs.org/guide/cli-service.html",
  ),
  tool(
    "angular",
    ["ng", "@angular/cli"],
    ["build b", "serve s dev", ""],
    "https://angular.dev/cli",
  ),
  tool(
    "webpack",
    ["webpack webpack-cli", "webpack webpack-cli"],
    [". build b bundle", "serve server s", ""],
    "https://webpack.js.org/api/cli/",
  ),
  tool(
    "webpack",
    ["webpack-dev-server", "webpack-dev-server"],
    ["", ".", ""],
    "https://webpack.js.org/configuration/dev-server/",
  ),
  tool(
    "rspack",
    ["rspack", "@rspack/cli"],
    [". build b", "serve server s dev", "preview"],
    "https://rspack.rs/api/cli",
  ),
  tool(
    "rsbuild",
    ["rsbuild", "@rsbuild/core"],
    ["build", ". dev", "preview"],
    "https://rsbuild.rs/guide/basic/cli",
  ),
  tool(
    "parcel",
    ["parcel", "parcel parcel-bundler"],
    ["build", ". serve", ""],
    "https://parceljs.org/features/cli/",
  ),
  tool(
    "gatsby",
    ["gatsby", "gatsby"],
    ["build", "develop", "serve"],
    "https://www.gatsbyjs.com/docs/reference/gatsby-cli/",
  ),
  tool(
    "docusaurus",
    ["docusaurus", "@docusaurus/core"],
    ["build", "start", "serve"],
    "https://docusaurus.io/docs/cli",
  ),
  tool(
    "docusaurus-1",
    ["docusaurus-build", "docusaurus"],
    [".", "", ""],
    "https://v1.docusaurus.io/docs/en/commands",
  ),
  tool(
    "astro",
    ["astro", "astro"],
    ["build", "dev", "preview"],
    "https://docs.astro.build/en/reference/cli-reference/",
  ),
  tool(
    "next",
    ["next", "next"],
    ["build export", ". dev", ""],
    "https://nextjs.org/docs/app/api-reference/cli/next",
  ),
  tool(
    "nuxt",
    ["nuxt nuxi nuxt-ts nuxt-edge", "nuxt nuxi nuxt3 nuxt-edge @nuxt/typescript-runtime"],
    ["build generate", ". dev", "preview"],
    "https://nuxt.com/docs/api/commands/build",
  ),
  tool(
    "sveltekit",
    ["svelte-kit", "@sveltejs/kit"],
    ["build", "dev", "preview"],
    "https://github.com/sveltejs/kit",
  ),
  tool(
    "rollup",
    ["rollup", "rollup"],
    [".", "", ""],
    "https://rollupjs.org/command-line-interface/",
  ),
  tool(
    "vuepress",
    ["vuepress vuepress-vite vuepress-webpack", "vuepress"],
    ["build", "dev", ""],
    "https://v1.vuepress.vuejs.org/api/cli.html",
  ),
  tool(
    "vitepress",
    ["vitepress", "vitepress"],
    ["build", "dev .", "preview serve"],
    "https://vitepress.dev/reference/cli",
  ),
  tool(
    "quasar",
    ["quasar", "@quasar/cli @quasar/app @quasar/app-vite @quasar/app-webpack"],
    ["build", "dev", "serve"],
    "https://quasar.dev/quasar-cli-vite/commands-list",
  ),
  tool(
    "ionic",
    ["ionic", "@ionic/cli"],
    ["build", "serve s", ""],
    "https://ionicframework.com/docs/cli/commands/build",
  ),
  tool(
    "ember",
    ["ember", "ember-cli"],
    ["build b", "serve s server", ""],
    "https://cli.emberjs.com/release/basic-use/cli-commands/",
  ),
  tool(
    "preact",
    ["preact", "preact-cli"],
    ["build", "watch", ""],
    "https://github.com/preactjs/preact-cli",
  ),
  tool(
    "eleventy",
    ["eleventy", "@11ty/eleventy"],
    [".", "", ""],
    "https://www.11ty.dev/docs/usage/",
  ),
  tool(
    "hexo",
    ["hexo", "hexo hexo-cli"],
    ["generate g", "server s", ""],
    "https://hexo.io/docs/commands",
  ),
  tool(
    "storybook",
    ["build-storybook", "@storybook/cli"],
    [".", "", ""],
    "https://storybook.js.org/docs/api/cli-options",
  ),
  tool(
    "storybook",
    ["storybook sb", "storybook"],
    ["build", "dev", ""],
    "https://storybook.js.org/docs/api/cli-options",
  ),
  tool(
    "umi",
    ["umi max", "umi @umijs/max"],
    ["build", "dev", "preview"],
    "https://umijs.org/en-US/docs/api/commands",
  ),
  tool(
    "ice",
    ["ice icejs", "@ice/app ice.js"],
    ["build", "start", ""],
    "https://ice.work/docs/guide/basic/cli/",
  ),
  tool(
    "expo",
    ["expo expo-cli", "expo expo-cli"],
    ["export export:web build:web", "start", ""],
    "https://docs.expo.dev/more/expo-cli/",
  ),
  tool(
    "snowpack",
    ["snowpack", "snowpack"],
    ["build", "dev", ""],
    "https://www.snowpack.dev/reference/cli-command-line-interface",
  ),
  tool(
    "vite-ssg",
    ["vite-ssg", "vite-ssg"],
    ["build", "", ""],
    "https://github.com/antfu-collective/vite-ssg",
  ),
  tool(
    "vite-ssr",
    ["vite-ssr", "vite-ssr"],
    ["build", ". dev", ""],
    "https://github.com/frandiox/vite-ssr",
  ),
  tool(
    "react-router",
    ["react-router", "@react-router/dev"],
    ["build", "dev", ""],
    "https://reactrouter.com/start/framework/deploying",
  ),
  tool(
    "remix",
    ["remix", "@remix-run/dev"],
    ["build vite:build", "dev vite:dev", ""],
    "https://v2.remix.run/docs/other-api/dev",
  ),
  tool("vike", ["vike", "vike"], ["build", "dev .", "preview"], "https://vike.dev/cli"),
  tool(
    "solid-start",
    ["solid-start vinxi", "solid-start vinxi"],
    ["build", "dev", "start"],
    "https://docs.solidjs.com/solid-start",
  ),
  tool(
    "gridsome",
    ["gridsome", "gridsome"],
    ["build", "develop", ""],
    "https://gridsome.org/docs/directory-structure/",
  ),
  tool("razzle", ["razzle", "razzle"], ["build", "start", ""], "https://razzlejs.org/"),
  tool(
    "elm",
    ["elm-app", "create-elm-app"],
    ["build", "start", ""],
    "https://github.com/halfzebra/create-elm-app",
  ),
  tool(
    "gulp",
    ["gulp", "gulp gulp-cli"],
    [". build default dist production prod", "serve watch", ""],
    "https://gulpjs.com/docs/en/getting-started/quick-start",
  ),
  tool(
    "grunt",
    ["grunt", "grunt grunt-cli"],
    [". build default dist production prod", "serve", ""],
    "https://gruntjs.com/getting-started",
  ),
  tool(
    "brunch",
    ["brunch", "brunch"],
    ["build b", "watch w", ""],
    "https://brunch.io/docs/commands",
  ),
];

export type FrontEndCommandKind = "build" | "development" | "preview";

export interface FrontEndCommand {
  readonly tool: FrontEndTool;
  readonly kind: FrontEndCommandKind;
  /** The words behind the program and its verb. */
  readonly words: readonly string[];
  /** `build`, `generate`; `""` when there is none. */
  readonly verb: string;
}

/** Options that make of a build something that runs on, or that only tells about itself. */
const NO_BUILD = /^(?:-w|--watch|-h|--help|-v|--version|--serve)(?:=true)?$/;

/**
 * What a command does for a front end, or `undefined` for any other command.
 *
 * @param words of the command, after scripts, `npx` and the like were unwrapped
 * @example frontEndCommand(["vite", "build", "--outDir", "out"])
 */
export function frontEndCommand(words: readonly string[]): FrontEndCommand | undefined {
  const [program, rest] = programOf(words);
  for (const tool of frontEndTools) {
    const isMeant = program.isPackage
      ? tool.packages.includes(program.name)
      : tool.programs.includes(program.name);
    if (!isMeant) continue;
    const at = rest.findIndex((word) => !word.startsWith("-"));
    const verb = at < 0 ? "" : rest[at]!;
    for (const kind of ["build", "preview", "development"] as const) {
      const known = tool[kind];
      const isVerb = verb !== "" && known.includes(verb);
      if (isVerb && rest.slice(0, at).every((word) => !takesValue(word))) {
        const behind = [...rest.slice(0, at), ...rest.slice(at + 1)];
        if (kind === "build" && behind.some((word) => NO_BUILD.test(word))) return undefined;
        return { tool, kind, verb, words: behind };
      }
    }
    const kind = (["build", "preview", "development"] as const).find((one) =>
      tool[one].includes(""),
    );
    const isOther = (["build", "preview", "development"] as const).some((one) =>
      tool[one].includes(verb),
    );
    if (kind === undefined || (isOther && verb !== "")) continue;
    // A program that has verbs but was given one that is not known, as in `webpack init`.
    if (at === 0 && isForeignVerb(tool, verb)) continue;
    if (kind === "build" && rest.some((word) => NO_BUILD.test(word))) {
      if (tool.framework === "webpack" || !tool.development.length) return undefined;
    }
    return { tool, kind, verb: "", words: rest };
  }
  return undefined;
}

/** Whether a command builds a site: `vite build`, `ng build`. */
export function isFrontEndBuild(words: readonly string[]): boolean {
  return frontEndCommand(words)?.kind === "build";
}

/** Verbs of programs that do something without one as well. */
const FOREIGN_VERBS: Readonly<Record<string, RegExp>> = {
  vite: /^(?:optimize)$/,
  webpack:
    /^(?:init|info|configtest|help|version|watch|w|plugin|loader|migrate|generate-\w+|t|i|v)$/,
  rspack: /^(?:help|version|w|watch)$/,
  rsbuild: /^(?:inspect)$/,
  parcel: /^(?:watch|help|info)$/,
  next: /^(?:lint|telemetry|info|start|typegen|upgrade|analyze|experimental\S*)$/,
  nuxt: /^(?:start|analyze|prepare|typecheck|init|upgrade|cleanup|info|add|module|build-module|webpack|test|telemetry|devtools)$/,
  vitepress: /^(?:init)$/,
  vike: /^(?:prerender)$/,
};

function isForeignVerb({ framework }: FrontEndTool, verb: string): boolean {
  return FOREIGN_VERBS[framework]?.test(verb) ?? false;
}

/** Options in front of a verb that would take it for their value. */
function takesValue(word: string): boolean {
  return /^(?:-c|--config|--mode|-m|--root|-r|--base|--env|--environment|-e|--prefix|--port|-p|--host)$/.test(
    word,
  );
}

function programOf(
  words: readonly string[],
): readonly [{ readonly name: string; readonly isPackage: boolean }, readonly string[]] {
  let rest = words;
  while (/^[A-Za-z_]\w*=/.test(rest[0] ?? "")) rest = rest.slice(1);
  const name = baseName(rest[0] ?? "");
  if (!/^(?:node|nodejs|bun)$/.test(name)) return [{ name, isPackage: false }, rest.slice(1)];
  const at = rest.findIndex((word, index) => index > 0 && !word.startsWith("-"));
  const script = rest[at] ?? "";
  const behind = at < 0 ? [] : rest.slice(at + 1);
  if (/(?:^|\/)node_modules\/\.bin\//.test(script))
    return [{ name: baseName(script), isPackage: false }, behind];
  const owner = /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(script)?.[1];
  return [{ name: owner ?? "", isPackage: true }, behind];
}
