import { describe, expect, test } from "vitest";
import { repositoryOf } from "../../src/core/repository.ts";
import {
  frontEndCommand,
  frontEndTools,
  isFrontEndBuild,
} from "../../src/repo/front-end-commands.ts";
import type { FrontEnd, FrontEndServer } from "../../src/repo/front-end-facts.ts";
import { frameworkRules } from "../../src/repo/front-end-rules.ts";
import { readFrontEnd, readFrontEndServer } from "../../src/repo/front-end.ts";

interface Case {
  readonly build: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly packages?: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly variable?: (name: string) => string | null | undefined;
}

function repositoryFor({
  files = {},
  packages = {},
  scripts = {},
  fields = {},
}: Omit<Case, "build">) {
  const manifest = JSON.stringify({ dependencies: packages, scripts, ...fields }, undefined, 2);
  return repositoryOf({ "web/package.json": manifest, ...files });
}

/** The front end of a package in `web/`. Commands of its build are parted by `&&`. */
function frontEnd(given: Case): FrontEnd | undefined {
  const commands = given.build.split("&&").map((command) => command.trim().split(/\s+/));
  return readFrontEnd(repositoryFor(given), "web", commands, given.variable);
}

function development(command: string, given: Omit<Case, "build"> = {}): FrontEndServer | undefined {
  return readFrontEndServer(repositoryFor(given), "web", command.split(" "), given.variable);
}

const PAGE = { "web/index.html": "<!doctype html>" };

function vite(config: string, build = "vite build"): Case {
  return { build, files: { ...PAGE, "web/vite.config.ts": config }, packages: { vite: "^5.0.0" } };
}

function angular(target: unknown, build = "ng build", workspace: object = {}): Case {
  const project = { projectType: "application", architect: { build: target } };
  return {
    build,
    files: {
      "web/angular.json": JSON.stringify({ projects: { shop: project }, ...workspace }),
      "web/src/index.html": '<base href="/">',
    },
  };
}

const BROWSER = "@angular-devkit/build-angular:browser";
const APPLICATION = "@angular/build:application";

function next(config: string, version = "^14.0.0"): Case {
  return {
    build: "next build",
    files: { "web/next.config.js": config },
    packages: { next: version },
  };
}

function nuxt(build: string, version: string, config = ""): Case {
  return {
    build,
    files: { "web/nuxt.config.js": `export default { ${config} }` },
    packages: { nuxt: version },
  };
}

function svelteKit(adapter: string, options = ""): Case {
  return {
    build: "vite build",
    files: {
      "web/vite.config.js":
        "import { sveltekit } from '@sveltejs/kit/vite'; export default { plugins: [sveltekit()] }",
      "web/svelte.config.js": `import adapter from '${adapter}'; export default { kit: { adapter: adapter(${options}) } }`,
    },
  };
}

const HTML_PLUGIN = "plugins: [new (require('html-webpack-plugin'))()]";

function webpack(config: string, build = "webpack", packages = {}): Case {
  return {
    build,
    files: { "web/webpack.config.js": `const path = require('path'); module.exports = ${config}` },
    packages,
  };
}

describe("the build's output is found", () => {
  test.each<[string, Case, string | undefined]>([
    ["vite's default", { build: "vite build", files: PAGE }, "dist"],
    [
      "by vite's configuration",
      vite("export default { build: { outDir: '../static' } }"),
      "../static",
    ],
    [
      "by vite's option before the configuration",
      vite("export default { build: { outDir: 'a' } }", "tsc -b && vite build --outDir b"),
      "b",
    ],
    [
      "relative to vite's root",
      {
        ...vite("export default { root: 'src', build: { outDir: '../out' } }"),
        files: {
          "web/src/index.html": "",
          "web/vite.config.js": "export default { root: 'src', build: { outDir: '../out' } }",
        },
      },
      "out",
    ],
    [
      "in vite's root by default",
      { build: "vite build app", files: { "web/app/index.html": "" } },
      "app/dist",
    ],
    [
      "not where vite's configuration computes it",
      vite("export default { build: { outDir: process.env.OUT || 'out' } }"),
      undefined,
    ],
    [
      "where nothing sets the variable",
      {
        ...vite("export default { build: { outDir: process.env.OUT || 'out' } }"),
        variable: () => null,
      },
      "out",
    ],
    [
      "not by a configuration that is not there",
      { build: "vite build --config other.js", files: PAGE },
      undefined,
    ],
    ["not where there is no page", { build: "vite build" }, undefined],
    [
      "not with a plugin that takes the build over",
      vite(
        "import { tanstackStart } from '@tanstack/react-start/plugin/vite'; export default { plugins: [tanstackStart()] }",
      ),
      undefined,
    ],
    ["create-react-app's", { build: "react-scripts build" }, "build"],
    [
      "create-react-app's as a variable sets it",
      {
        build: "react-scripts build",
        variable: (name) => (name === "BUILD_PATH" ? "../public" : null),
      },
      "../public",
    ],
    [
      "create-react-app's as its script sets it",
      { build: "react-scripts build", scripts: { build: "BUILD_PATH=./out react-scripts build" } },
      "out",
    ],
    [
      "not where two scripts set it otherwise",
      {
        build: "react-scripts build",
        scripts: { a: "BUILD_PATH=a react-scripts build", b: "react-scripts build" },
      },
      undefined,
    ],
    [
      "create-react-app's as .env sets it",
      { build: "react-scripts build", files: { "web/.env": "PORT=1\nBUILD_PATH='./site' # here" } },
      "site",
    ],
    [
      "craco's",
      { build: "craco build", files: { "web/craco.config.js": "module.exports = { style: {} }" } },
      "build",
    ],
    [
      "not where craco moves it",
      {
        build: "craco build",
        files: {
          "web/craco.config.js":
            "module.exports = { webpack: { configure: (c, { paths }) => { paths.appBuild = c.output.path = 'x'; return c } } }",
        },
      },
      undefined,
    ],
    [
      "of an ejected create-react-app",
      {
        build: "node scripts/build.js",
        files: {
          "web/config/paths.js":
            "const path = require('path'); const fs = require('fs'); const app = fs.realpathSync(process.cwd()); const at = (p) => path.resolve(app, p); module.exports = { appBuild: at(process.env.BUILD_PATH || 'build') }".replace(
              "at(process.env.BUILD_PATH || 'build')",
              "at('build')",
            ),
        },
      },
      "build",
    ],
    [
      "of vue's webpack template",
      {
        build: "node build/build.js",
        files: {
          "web/config/index.js":
            "var path = require('path'); module.exports = { build: { assetsRoot: path.resolve(__dirname, '../dist'), assetsPublicPath: '/' } }",
        },
      },
      "dist",
    ],
    ["vue-cli's", { build: "vue-cli-service build" }, "dist"],
    [
      "vue-cli's as configured",
      {
        build: "vue-cli-service build",
        files: { "web/vue.config.js": "module.exports = { outputDir: 'out' }" },
      },
      "out",
    ],
    [
      "vue-cli's as its option says",
      { build: "vue-cli-service build --dest ../x --mode staging" },
      "../x",
    ],
    ["angular's", angular({ builder: BROWSER, options: { outputPath: "dist/shop" } }), "dist/shop"],
    [
      "angular's of the application builder",
      angular({ builder: APPLICATION, options: { outputPath: "dist/shop" } }),
      "dist/shop/browser",
    ],
    [
      "angular's when nothing is said",
      angular({ builder: APPLICATION, options: {} }),
      "dist/shop/browser",
    ],
    [
      "angular's as an object",
      angular({ builder: APPLICATION, options: { outputPath: { base: "dist", browser: "" } } }),
      "dist",
    ],
    [
      "angular's of a configuration",
      angular({
        builder: BROWSER,
        options: { outputPath: "a" },
        configurations: { production: { outputPath: "b" } },
        defaultConfiguration: "production",
      }),
      "b",
    ],
    [
      "angular's of the configuration that is asked for",
      angular(
        {
          builder: BROWSER,
          options: { outputPath: "a" },
          configurations: { stage: { outputPath: "c" } },
        },
        "ng build --configuration stage",
      ),
      "c",
    ],
    [
      "angular's as its option says",
      angular({ builder: BROWSER, options: { outputPath: "a" } }, "ng build shop --output-path=b"),
      "b",
    ],
    [
      "not of one of several projects",
      angular({ builder: BROWSER, options: { outputPath: "a" } }, "ng build", {
        projects: {
          a: { architect: { build: { builder: BROWSER, options: { outputPath: "a" } } } },
          b: { architect: { build: {} } },
        },
      }),
      undefined,
    ],
    [
      "of the default project",
      angular({}, "ng build", {
        defaultProject: "a",
        projects: {
          a: { architect: { build: { builder: BROWSER, options: { outputPath: "a" } } } },
          b: { architect: { build: {} } },
        },
      }),
      "a",
    ],
    [
      "not of a builder that is not known",
      angular({ builder: "mine:build", options: { outputPath: "a" } }),
      undefined,
    ],
    [
      "not of one site for each language",
      angular({ builder: BROWSER, options: { outputPath: "a", localize: true } }),
      undefined,
    ],
    [
      "webpack's",
      webpack(`{ output: { path: path.resolve(__dirname, 'public') }, ${HTML_PLUGIN} }`),
      "public",
    ],
    ["webpack's default", webpack(`{ ${HTML_PLUGIN} }`), "dist"],
    [
      "not where webpack writes no page",
      webpack("{ output: { path: __dirname + '/dist' } }"),
      undefined,
    ],
    [
      "beside a page of the repository",
      {
        ...webpack("{ output: { path: __dirname + '/public' } }"),
        files: {
          "web/webpack.config.js": "module.exports = { output: { path: __dirname + '/public' } }",
          "web/public/index.html": "",
        },
      },
      "public",
    ],
    [
      "webpack's by its mode",
      webpack(
        `(env, argv) => ({ output: { path: path.join(__dirname, argv.mode === 'production' ? 'dist' : 'tmp') }, ${HTML_PLUGIN} })`,
        "webpack --mode production",
      ),
      "dist",
    ],
    [
      "webpack's by its environment",
      webpack(
        `(env) => ({ output: { path: path.join(__dirname, env.out) }, ${HTML_PLUGIN} })`,
        "webpack --env out=x",
      ),
      "x",
    ],
    [
      "webpack's bundle by an old option",
      { ...webpack(`{ ${HTML_PLUGIN} }`, "webpack -o out/bundle.js", { "webpack-cli": "^3.3.0" }) },
      "out",
    ],
    [
      "webpack's directory by the option of today",
      { ...webpack(`{ ${HTML_PLUGIN} }`, "webpack -o out", { "webpack-cli": "^5.0.0" }) },
      "out",
    ],
    ["not of several configurations", webpack(`[{ ${HTML_PLUGIN} }, {}]`), undefined],
    ["parcel's", { build: "parcel build index.html" }, "dist"],
    ["parcel's as its option says", { build: "parcel build index.html -d out" }, "out"],
    [
      "not of parcel's own targets",
      { build: "parcel build index.html", fields: { targets: { web: { distDir: "x" } } } },
      undefined,
    ],
    ["gatsby's", { build: "gatsby build" }, "public"],
    ["docusaurus's", { build: "docusaurus build --out-dir site" }, "site"],
    [
      "astro's",
      {
        build: "astro build",
        files: { "web/astro.config.mjs": "export default { outDir: './out' }" },
      },
      "out",
    ],
    [
      "not astro's with an adapter",
      {
        build: "astro build",
        files: {
          "web/astro.config.mjs":
            "import node from '@astrojs/node'; export default { adapter: node() }",
        },
      },
      undefined,
    ],
    ["next's export", next("module.exports = { output: 'export' }"), "out"],
    [
      "next's export as configured",
      next("module.exports = { output: 'export', distDir: 'x' }"),
      "x",
    ],
    [
      "not next's export before there was one",
      next("module.exports = { output: 'export' }", "13.2.0"),
      undefined,
    ],
    ["next export's", { build: "next build && next export", packages: { next: "^12.0.0" } }, "out"],
    [
      "next export's as its option says",
      { build: "next build && next export -o site", packages: { next: "^12.0.0" } },
      "site",
    ],
    ["not next's server's", next("module.exports = {}"), undefined],
    ["nuxt 2's when it generates", nuxt("nuxt generate", "^2.15.0"), "dist"],
    ["nuxt 2's as configured", nuxt("nuxt generate", "^2.15.0", "generate: { dir: 'x' }"), "x"],
    ["nuxt 2's of a single page", nuxt("nuxt build", "^2.15.0", "ssr: false"), "dist"],
    ["not nuxt 2's server's", nuxt("nuxt build", "^2.15.0"), undefined],
    ["nuxt 3's when it generates", nuxt("nuxt generate", "^3.0.0"), ".output/public"],
    ["not nuxt 3's server's", nuxt("nuxi build", "^3.0.0", "ssr: false"), undefined],
    ["sveltekit's static adapter's", svelteKit("@sveltejs/adapter-static"), "build"],
    [
      "sveltekit's static adapter's as configured",
      svelteKit("@sveltejs/adapter-static", "{ pages: 'x' }"),
      "x",
    ],
    ["not sveltekit's server's", svelteKit("@sveltejs/adapter-node"), undefined],
    [
      "react-router's without a server",
      {
        build: "react-router build",
        files: {
          "web/react-router.config.ts": "export default { ssr: false } satisfies Config",
          "web/vite.config.ts":
            "import { reactRouter } from '@react-router/dev/vite'; export default { plugins: [reactRouter()] }",
        },
      },
      "build/client",
    ],
    [
      "svelte's template's",
      {
        build: "rollup -c",
        files: {
          "web/rollup.config.js": "export default { output: { file: 'public/build/bundle.js' } }",
          "web/public/index.html": "",
        },
      },
      "public",
    ],
    [
      "not of any other bundle",
      {
        build: "rollup -c",
        files: { "web/rollup.config.js": "export default { output: { file: 'dist/index.js' } }" },
      },
      undefined,
    ],
    ["vuepress's", { build: "vuepress build docs" }, "docs/.vuepress/dist"],
    [
      "vitepress's as configured",
      {
        build: "vitepress build docs",
        files: { "web/docs/.vitepress/config.mts": "export default { outDir: '../public' }" },
      },
      "public",
    ],
    ["quasar's", { build: "quasar build" }, "dist/spa"],
    ["quasar's of a mode", { build: "quasar build -m pwa" }, "dist/pwa"],
    ["ember's", { build: "ember build --environment=production" }, "dist"],
    [
      "eleventy's",
      {
        build: "eleventy",
        files: {
          "web/.eleventy.js":
            "module.exports = function (c) { c.addPassthroughCopy('x'); return { dir: { output: 'site' } } }",
        },
      },
      "site",
    ],
    [
      "hexo's",
      { build: "hexo generate", files: { "web/_config.yml": "public_dir: site\nroot: /blog/\n" } },
      "site",
    ],
    ["storybook's", { build: "storybook build -o sb" }, "sb"],
    ["umi's", { build: "umi build" }, "dist"],
    ["expo's", { build: "expo export -p web" }, "dist"],
    [
      "rsbuild's",
      {
        build: "rsbuild build",
        files: {
          "web/rsbuild.config.ts": "export default { output: { distPath: { root: 'out' } } }",
        },
      },
      "out",
    ],
    ["snowpack's", { build: "snowpack build" }, "build"],
    ["gulp's cannot be told", { build: "gulp build" }, undefined],
    [
      "where it is moved to",
      { build: "vite build && mv dist ../public", files: PAGE },
      "../public",
    ],
    [
      "not where a directory takes it in",
      { build: "vite build && mv dist ../public", files: { ...PAGE, "public/x": "" } },
      undefined,
    ],
    [
      "not after it was taken away",
      { build: "vite build && cp -r dist ../x && rm -rf dist", files: PAGE },
      undefined,
    ],
    [
      "of two builds that agree not",
      { build: "vite build && vite build --outDir b", files: PAGE },
      undefined,
    ],
  ])("%s", (_name, given, expected) => {
    expect(frontEnd(given)?.outputDirectory).toBe(expected);
  });

  test("in the root's package as well", () => {
    const repository = repositoryOf({ "package.json": "{}", "index.html": "" });
    expect(readFrontEnd(repository, "", [["vite", "build"]])?.outputDirectory).toBe("dist");
  });

  test("nowhere without a build, and without a package", () => {
    expect(frontEnd({ build: "tsc -b" })).toBeUndefined();
    expect(frontEnd({ build: "vite" })).toBeUndefined();
    expect(readFrontEnd(repositoryOf({}), "", [["vite", "build"]])).toBeUndefined();
  });

  test("Angular 5's, which is version 1 of its command", () => {
    const given = angular({});
    const files = {
      "web/.angular-cli.json": '{ "apps": [{ "outDir": "out" }] }',
      "web/src/index.html": "",
    };
    expect(
      frontEnd({ ...given, files, packages: { "@angular/cli": "^1.7.0" } })?.outputDirectory,
    ).toBe("out");
  });
});

describe("a server is told from a site", () => {
  test.each<[string, Case, boolean | undefined]>([
    ["vite's site", { build: "vite build", files: PAGE }, false],
    ["vite's build for a server", { build: "vite build --ssr src/server.ts", files: PAGE }, true],
    ["vite's library", vite("export default { build: { lib: { entry: 'x.ts' } } }"), true],
    [
      "angular's server",
      angular({ builder: APPLICATION, options: { ssr: { entry: "server.ts" }, server: "x" } }),
      true,
    ],
    [
      "angular's static output",
      angular({ builder: APPLICATION, options: { ssr: {}, outputMode: "static" } }),
      false,
    ],
    [
      "angular's pages that were rendered beforehand",
      angular({ builder: APPLICATION, options: { server: "x", prerender: true } }),
      undefined,
    ],
    ["next", next("module.exports = { output: 'standalone' }"), true],
    ["next without a configuration", { build: "next build" }, true],
    [
      "next whose output is computed",
      next("module.exports = { output: process.env.OUTPUT }"),
      undefined,
    ],
    ["nuxt 3", nuxt("nuxt build", "^3.0.0"), true],
    ["nuxt of an unknown version", nuxt("nuxt build", ">=2 <4"), undefined],
    [
      "astro's server",
      {
        build: "astro build",
        files: { "web/astro.config.mjs": "export default { output: 'server' }" },
      },
      true,
    ],
    ["sveltekit's node adapter", svelteKit("@sveltejs/adapter-node"), true],
    ["sveltekit's static adapter", svelteKit("@sveltejs/adapter-static"), false],
    ["webpack for node", webpack("{ target: 'node' }"), true],
    ["quasar's server", { build: "quasar build -m ssr" }, true],
    ["remix", { build: "remix build" }, true],
    ["a server beside a site", { build: "vite build && vite build --ssr x.ts", files: PAGE }, true],
  ])("%s", (_name, given, expected) => {
    expect(frontEnd(given)?.isServerRendered).toBe(expected);
  });
});

describe("one page is told from several", () => {
  test.each<[string, Case, boolean]>([
    ["vite", { build: "vite build", files: PAGE }, true],
    [
      "vite's several pages",
      vite(
        "import { resolve } from 'path'; export default { build: { rollupOptions: { input: { a: resolve(__dirname, 'a.html'), b: resolve(__dirname, 'b.html') } } } }",
      ),
      false,
    ],
    ["vite without the fallback", vite("export default { appType: 'mpa' }"), false],
    ["create-react-app", { build: "react-scripts build" }, true],
    [
      "vue-cli's pages",
      {
        build: "vue-cli-service build",
        files: { "web/vue.config.js": "module.exports = { pages: { a: 'a.js', b: 'b.js' } }" },
      },
      false,
    ],
    [
      "webpack with the fallback",
      webpack(`{ devServer: { historyApiFallback: true }, ${HTML_PLUGIN} }`),
      true,
    ],
    ["webpack without it", webpack(`{ ${HTML_PLUGIN} }`), false],
    ["gatsby", { build: "gatsby build" }, false],
    ["astro", { build: "astro build" }, false],
    ["next's export", next("module.exports = { output: 'export' }"), false],
    [
      "sveltekit's fallback",
      svelteKit("@sveltejs/adapter-static", "{ fallback: 'index.html' }"),
      true,
    ],
    ["parcel's one page", { build: "parcel build src/index.html" }, true],
    ["parcel's pages", { build: "parcel build a.html b.html" }, false],
  ])("%s", (_name, given, expected) => {
    expect(frontEnd(given)?.isSinglePage).toBe(expected);
  });
});

describe("the path that the site is under is read", () => {
  test.each<[string, Case, string | undefined]>([
    [
      "vite's",
      vite("export default ({ command }) => ({ base: command === 'build' ? '/app' : '/' })"),
      "/app/",
    ],
    ["vite's option", vite("export default {}", "vite build --base=/x/"), "/x/"],
    ["a relative one fits everywhere", vite("export default { base: './' }"), "/"],
    ["a computed one", vite("export default { base: process.env.BASE }"), undefined],
    [
      "create-react-app's homepage",
      { build: "react-scripts build", fields: { homepage: "https://x.github.io/app" } },
      "/app/",
    ],
    [
      "create-react-app's variable",
      {
        build: "react-scripts build",
        fields: { homepage: "/app" },
        variable: (name) => (name === "PUBLIC_URL" ? "/y" : null),
      },
      "/y/",
    ],
    [
      "vue-cli's by NODE_ENV",
      {
        build: "vue-cli-service build",
        files: {
          "web/vue.config.js":
            "module.exports = { publicPath: process.env.NODE_ENV === 'production' ? '/p/' : '/' }",
        },
      },
      "/p/",
    ],
    [
      "angular's page's",
      {
        ...angular({ builder: BROWSER, options: { outputPath: "d", index: "src/index.html" } }),
        files: {
          "web/src/index.html": '<base href="/shop/">',
          "web/angular.json": JSON.stringify({
            projects: {
              shop: {
                architect: {
                  build: {
                    builder: BROWSER,
                    options: { outputPath: "d", index: "src/index.html" },
                  },
                },
              },
            },
          }),
        },
      },
      "/shop/",
    ],
    [
      "angular's option",
      angular({ builder: BROWSER, options: { outputPath: "d" } }, "ng build --base-href /x/"),
      "/x/",
    ],
    ["next's", next("module.exports = { output: 'export', basePath: '/docs' }"), "/docs/"],
    [
      "docusaurus's",
      {
        build: "docusaurus build",
        files: { "web/docusaurus.config.js": "module.exports = { baseUrl: '/d/' }" },
      },
      "/d/",
    ],
    [
      "gatsby's, which counts when it is asked for",
      {
        build: "gatsby build --prefix-paths",
        files: { "web/gatsby-config.js": "module.exports = { pathPrefix: '/g' }" },
      },
      "/g/",
    ],
    [
      "hexo's",
      { build: "hexo generate", files: { "web/_config.yml": "root: /blog/\n" } },
      "/blog/",
    ],
  ])("%s", (_name, given, expected) => {
    expect(frontEnd(given)?.basePath).toBe(expected);
  });
});

describe("servers listen where their version and configuration say", () => {
  test.each<[string, string, Omit<Case, "build">, number | undefined, boolean]>([
    ["vite 5", "vite", { packages: { vite: "^5.1.0" } }, 5173, false],
    ["vite 2", "vite", { packages: { vite: "~2.9.0" } }, 3000, false],
    [
      "vite of a version that is not known",
      "vite",
      { packages: { vite: ">=2 <5" } },
      undefined,
      false,
    ],
    ["vite's newest", "vite", { packages: { vite: "latest" } }, 5173, false],
    [
      "vite's locked version",
      "vite",
      {
        packages: { vite: "latest" },
        files: {
          "package-lock.json": '{ "packages": { "node_modules/vite": { "version": "2.9.1" } } }',
        },
      },
      3000,
      false,
    ],
    ["vite's options", "vite --host --port 80", {}, 80, true],
    [
      "vite's configuration",
      "vite",
      {
        files: {
          "web/vite.config.js": "export default { server: { port: 3001, host: '0.0.0.0' } }",
        },
      },
      3001,
      true,
    ],
    ["vite's preview", "vite preview", { packages: { vite: "^4.0.0" } }, 4173, false],
    [
      "vite's preview, which has the server's host and not its port",
      "vite preview",
      {
        packages: { vite: "^4.0.0" },
        files: { "web/vite.config.js": "export default { server: { port: 3001, host: true } }" },
      },
      4173,
      true,
    ],
    [
      "a port that is computed",
      "vite",
      { files: { "web/vite.config.js": "export default { server: { port: +process.env.PORT } }" } },
      undefined,
      false,
    ],
    ["create-react-app", "react-scripts start", {}, 3000, true],
    [
      "create-react-app's variable",
      "react-scripts start",
      { scripts: { start: "cross-env PORT=8080 react-scripts start" } },
      8080,
      true,
    ],
    [
      "create-react-app's variable that a shell does not set",
      "react-scripts start",
      { scripts: { start: "set PORT=8080 && react-scripts start" } },
      3000,
      true,
    ],
    ["vue-cli", "vue-cli-service serve --port 90", {}, 90, true],
    [
      "vue-cli's configuration",
      "vue-cli-service serve",
      {
        files: {
          "web/vue.config.js": "module.exports = { devServer: { port: 91, host: 'localhost' } }",
        },
      },
      91,
      false,
    ],
    ["angular", "ng serve", {}, 4200, false],
    ["angular's options", "ng serve --host 0.0.0.0 --port=4300", {}, 4300, true],
    [
      "webpack-dev-server 3",
      "webpack-dev-server",
      { packages: { "webpack-dev-server": "^3.11.0" } },
      8080,
      false,
    ],
    [
      "webpack-dev-server 4",
      "webpack serve",
      { packages: { "webpack-dev-server": "^4.0.0" } },
      8080,
      true,
    ],
    ["next", "next dev -p 4000", {}, 4000, true],
    [
      "nuxt",
      "nuxt",
      { files: { "web/nuxt.config.js": "export default { server: { host: '0', port: 8000 } }" } },
      8000,
      true,
    ],
    ["gatsby", "gatsby develop -H 0.0.0.0", {}, 8000, true],
    ["astro 4", "astro dev", { packages: { astro: "^4.0.0" } }, 4321, false],
    ["astro 2", "astro dev", { packages: { astro: "^2.0.0" } }, 3000, false],
    ["parcel", "parcel index.html", {}, 1234, true],
  ])("%s", (_name, command, given, port, isOpen) => {
    expect(development(command, given)).toMatchObject({ port, isOpen });
  });

  test("a build is no server", () => {
    expect(development("vite build")).toBeUndefined();
  });
});

describe("proxies are read, and what cannot be", () => {
  function proxies(table: string): FrontEndServer | undefined {
    return development("vite", {
      files: { "web/vite.config.js": `export default { server: { proxy: ${table} } }` },
    });
  }

  test.each<[string, string, object]>([
    [
      "a target alone",
      "{ '/api': 'http://api:80' }",
      { path: "/api", target: "http://api:80", stripsPath: false, changesOrigin: true },
    ],
    [
      "an object",
      "{ '/api': { target: 'http://api', changeOrigin: true, ws: true, secure: false } }",
      { stripsPath: false, changesOrigin: true, hasWebSockets: true },
    ],
    [
      "one that takes its path off",
      String.raw`{ '/api': { target: 'http://api', rewrite: (path) => path.replace(/^\/api/, '') } }`,
      { stripsPath: true, changesOrigin: false },
    ],
    [
      "one that does so in a function",
      String.raw`{ '/api': { target: 'http://api', rewrite: function (p) { return p.replace('/api', ''); } } }`,
      { stripsPath: true },
    ],
    [
      "one that leaves it",
      "{ '/api': { target: 'http://api', rewrite: (path) => path } }",
      { stripsPath: false },
    ],
    ["an expression of a beginning", "{ '^/api/.*': { target: 'http://api' } }", { path: "/api" }],
    [
      "a listener that writes to the console",
      "{ '/api': { target: 'http://api', configure: (proxy) => { proxy.on('error', (e) => { console.log(e) }) } } }",
      { path: "/api" },
    ],
  ])("%s", (_name, table, expected) => {
    expect(proxies(table)).toMatchObject({ proxies: [expected], beyond: [] });
  });

  test.each([
    ["a target that is computed", "{ '/api': process.env.API }"],
    [
      "a path that is changed otherwise",
      "{ '/api': { target: 'http://api', rewrite: (path) => path.replace('/api', '/v1') } }",
    ],
    ["an expression", "{ '^/(a|b)': 'http://api' }"],
    ["an option that is not known", "{ '/api': { target: 'http://api', bypass() {} } }"],
    [
      "a listener that changes the request",
      "{ '/api': { target: 'http://api', configure: (proxy) => proxy.on('proxyReq', (r) => r.setHeader('x', 'y')) } }",
    ],
    ["a web socket's target", "{ '/ws': { target: 'ws://api', ws: true } }"],
    ["a table that is computed", "tables.proxy"],
    ["a path that is computed", "{ [process.env.PATH]: 'http://api' }"],
  ])("not %s", (_name, table) => {
    const server = proxies(table);
    expect(server?.proxies).toEqual([]);
    expect(server?.beyond.length).toBeGreaterThan(0);
    expect(server?.beyond[0]).toMatchObject({ path: "web/vite.config.js", line: 1 });
  });

  test("vite's preview has those of its server, unless it has its own", () => {
    const config = "export default { server: { proxy: { '/a': 'http://a' } } }";
    const found = frontEnd(vite(config));
    expect(found?.preview.proxies).toMatchObject([{ path: "/a" }]);
    const own = vite(
      "export default { server: { proxy: { '/a': 'http://a' } }, preview: { proxy: {} } }",
    );
    expect(frontEnd(own)?.preview.proxies).toEqual([]);
  });

  test("vue-cli's change the origin, and one for everything cannot be told", () => {
    const config = (proxy: string) => ({
      files: { "web/vue.config.js": `module.exports = { devServer: { proxy: ${proxy} } }` },
    });
    expect(
      development(
        "vue-cli-service serve",
        config("{ '^/api': { target: 'http://a', pathRewrite: { '^/api': '' } } }"),
      ),
    ).toMatchObject({
      proxies: [{ path: "/api", stripsPath: true, changesOrigin: true, hasWebSockets: true }],
      beyond: [],
    });
    expect(development("vue-cli-service serve", config("'http://a'"))?.beyond).toHaveLength(1);
  });

  test("webpack's may be a list with several paths", () => {
    const config =
      "module.exports = { devServer: { proxy: [{ context: ['/a', '/b/**'], target: 'http://x' }] } }";
    expect(
      development("webpack serve", { files: { "web/webpack.config.js": config } }),
    ).toMatchObject({
      proxies: [{ path: "/a" }, { path: "/b" }],
      beyond: [],
    });
  });

  test("angular's stand in a file of their own", () => {
    const files = {
      "web/proxy.conf.json":
        '{ "/api": { "target": "http://a", "secure": false, "pathRewrite": { "^/api": "" } } }',
    };
    expect(
      development("ng serve --proxy-config proxy.conf.json", { files })?.proxies,
    ).toMatchObject([
      { path: "/api", stripsPath: true, evidence: { path: "web/proxy.conf.json", line: 1 } },
    ]);
    expect(development("ng serve --proxy-config other.json", { files })?.beyond).toHaveLength(1);
    const target = {
      serve: { options: { proxyConfig: "proxy.conf.json" } },
      build: { builder: BROWSER, options: { outputPath: "d" } },
    };
    const workspace = JSON.stringify({ projects: { shop: { architect: target } } });
    const found = frontEnd({
      build: "ng build",
      files: { ...files, "web/angular.json": workspace },
    });
    expect(found?.development.proxies).toHaveLength(1);
  });

  test("create-react-app's is for everything that is no page", () => {
    const found = frontEnd({
      build: "react-scripts build",
      fields: { proxy: "http://localhost:5000" },
    });
    expect(found?.development.beyond).toEqual([
      { path: "web/package.json", text: '"proxy": "http://localhost:5000"' },
    ]);
  });

  test.each<[string, string, string, object | undefined]>([
    [
      "with a path",
      "app.use(createProxyMiddleware('/api', { target: 'http://a' }))",
      "^2.0.0",
      { path: "/api", stripsPath: false },
    ],
    [
      "with a wildcard",
      "app.use(createProxyMiddleware('/api/**', { target: 'http://a' }))",
      "^2.0.0",
      { path: "/api" },
    ],
    [
      "mounted, up to 2",
      "app.use('/api', createProxyMiddleware({ target: 'http://a' }))",
      "^2.0.0",
      { stripsPath: false },
    ],
    [
      "mounted, from 3 on",
      "app.use('/api', createProxyMiddleware({ target: 'http://a' }))",
      "^3.0.0",
      { stripsPath: true },
    ],
    [
      "with a filter",
      "app.use(createProxyMiddleware({ pathFilter: '/api', target: 'http://a' }))",
      "^3.0.0",
      { path: "/api", stripsPath: false },
    ],
    [
      "for everything",
      "app.use(createProxyMiddleware({ target: 'http://a' }))",
      "^3.0.0",
      undefined,
    ],
    ["behind something else", "app.use(other())", "^3.0.0", undefined],
    [
      "under a condition",
      "if (x) app.use(createProxyMiddleware('/api', { target: 'http://a' }))",
      "^2.0.0",
      undefined,
    ],
  ])("create-react-app's middleware %s", (_name, body, version, expected) => {
    const text = `const { createProxyMiddleware } = require('http-proxy-middleware');\nmodule.exports = function (app) {\n  ${body}\n}`;
    const server = development("react-scripts start", {
      files: { "web/src/setupProxy.js": text },
      packages: { "http-proxy-middleware": version },
    });
    expect(server?.proxies).toMatchObject(expected ? [expected] : []);
    expect(server?.beyond).toHaveLength(expected ? 0 : 1);
  });
});

describe("variables that are written into the site", () => {
  test.each<[string, Case, readonly string[]]>([
    ["vite's", { build: "vite build", files: PAGE }, ["VITE_"]],
    ["vite's own beginning", vite("export default { envPrefix: ['APP_'] }"), ["APP_"]],
    [
      "vite's constants",
      vite("export default { define: { __API__: JSON.stringify(process.env.API_URL) } }"),
      ["VITE_", "API_URL"],
    ],
    [
      "the whole environment",
      vite("export default { define: { 'process.env': process.env } }"),
      ["VITE_", ""],
    ],
    ["create-react-app's", { build: "react-scripts build" }, ["REACT_APP_"]],
    [
      "webpack's",
      webpack(`{ plugins: [new (require('webpack').EnvironmentPlugin)(['A', 'B'])] }`),
      ["A", "B"],
    ],
    ["parcel's are all", { build: "parcel build index.html" }, [""]],
  ])("%s", (_name, given, expected) => {
    expect(frontEnd(given)?.publicPrefixes).toEqual(expected);
  });
});

describe("commands", () => {
  test.each([
    ["vite build", "build"],
    ["vite", "development"],
    ["vite --host 0.0.0.0", "development"],
    ["vite preview", "preview"],
    ["vite build --watch", undefined],
    ["vite optimize", undefined],
    ["node node_modules/vite/bin/vite.js build", "build"],
    ["node --max-old-space-size=4096 ./node_modules/@angular/cli/bin/ng build --prod", "build"],
    ["./node_modules/.bin/react-scripts start", "development"],
    ["react-scripts test", undefined],
    ["ng build", "build"],
    ["ng serve", "development"],
    ["ng lint", undefined],
    ["webpack", "build"],
    ["webpack --mode production", "build"],
    ["webpack --config webpack.prod.js", "build"],
    ["webpack serve", "development"],
    ["webpack-dev-server --open", "development"],
    ["webpack --watch", undefined],
    ["next start", undefined],
    ["next", "development"],
    ["nuxt start", undefined],
    ["nuxt generate", "build"],
    ["rollup -c -w", undefined],
    ["storybook dev -p 6006", "development"],
    ["build-storybook", "build"],
    ["tsc -b", undefined],
    ["node server.js", undefined],
    ["", undefined],
  ])("%s", (command, kind) => {
    const words = command.split(" ").filter(Boolean);
    expect(frontEndCommand(words)?.kind).toBe(kind);
    expect(isFrontEndBuild(words)).toBe(kind === "build");
  });

  test("every tool that builds has a rule for what it makes, and a source", () => {
    const without = frontEndTools.filter(
      ({ framework, build, source }) =>
        (build.length > 0 && !Object.hasOwn(frameworkRules, framework)) ||
        !source.startsWith("https://"),
    );
    expect(without).toEqual([]);
  });
});
