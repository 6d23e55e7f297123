/** Commands that packages bring under another name than their own: data, the `bin` of each package's package.json. */

/**
 * Packages by what a command is called; the first that is installed counts. Several stand for one that changed its name.
 * Source: `bin` of each package.json
 */
const PACKAGES_BY_BIN: Readonly<Record<string, string>> = {
  // Compilers and bundlers
  tsc: "typescript",
  tsserver: "typescript",
  tsgo: "@typescript/native-preview",
  "ts-node-esm": "ts-node",
  "ts-node-cwd": "ts-node",
  "ts-node-script": "ts-node",
  "ts-node-transpile-only": "ts-node",
  "ts-script": "ts-node",
  tsnd: "ts-node-dev",
  tspc: "ts-patch",
  ttsc: "ttypescript",
  esmo: "esno",
  esr: "esbuild-runner",
  babel: "@babel/cli babel-cli",
  "babel-node": "@babel/node babel-cli",
  "babel-external-helpers": "@babel/cli babel-cli",
  swc: "@swc/cli",
  swcx: "@swc/cli",
  spack: "@swc/cli",
  webpack: "webpack-cli webpack",
  rspack: "@rspack/cli",
  rsbuild: "@rsbuild/core",
  ncc: "@vercel/ncc @zeit/ncc",
  parcel: "parcel parcel-bundler",
  preconstruct: "@preconstruct/cli",
  sass: "sass sass-embedded",
  lessc: "less",
  postcss: "postcss-cli",
  tailwind: "tailwindcss",
  tailwindcss: "@tailwindcss/cli tailwindcss",
  pug: "pug-cli",
  coffee: "coffeescript coffee-script",
  lsc: "livescript LiveScript",
  gulp: "gulp gulp-cli",
  grunt: "grunt grunt-cli",
  bazel: "@bazel/bazelisk @bazel/bazel",
  nx: "nx @nrwl/cli",
  rush: "@microsoft/rush",
  "api-extractor": "@microsoft/api-extractor",
  buf: "@bufbuild/buf",
  grpc_tools_node_protoc: "grpc-tools",
  pbjs: "protobufjs-cli protobufjs",
  pbts: "protobufjs-cli protobufjs",
  "graphql-codegen": "@graphql-codegen/cli",
  "gql-gen": "@graphql-codegen/cli",
  "openapi-generator-cli": "@openapitools/openapi-generator-cli",
  "swagger-cli": "@apidevtools/swagger-cli swagger-cli",
  redocly: "@redocly/cli",

  // Frameworks
  nest: "@nestjs/cli",
  ng: "@angular/cli",
  nuxt: "nuxt nuxi @nuxt/cli",
  nuxi: "nuxi nuxt",
  "nuxt-ts": "@nuxt/typescript-runtime",
  nitro: "nitro nitropack",
  remix: "@remix-run/dev",
  "remix-serve": "@remix-run/serve",
  "react-router": "@react-router/dev",
  "react-router-serve": "@react-router/serve",
  "svelte-kit": "@sveltejs/kit",
  qwik: "@builder.io/qwik @qwik.dev/core",
  "vue-cli-service": "@vue/cli-service",
  vue: "@vue/cli",
  quasar: "@quasar/cli @quasar/app-vite @quasar/app-webpack @quasar/app",
  ember: "ember-cli",
  docusaurus: "@docusaurus/core",
  "docusaurus-start": "docusaurus",
  redwood: "@redwoodjs/cli @redwoodjs/core",
  rw: "@redwoodjs/cli @redwoodjs/core",
  "rw-server": "@redwoodjs/api-server",
  "rw-serve-api": "@redwoodjs/api-server",
  strapi: "@strapi/strapi strapi",
  medusa: "@medusajs/cli @medusajs/medusa @medusajs/medusa-cli",
  keystone: "@keystone-6/core @keystone-next/keystone @keystonejs/keystone",
  "keystone-next": "@keystone-next/keystone",
  adonis: "@adonisjs/cli",
  node_ace: "@adonisjs/core",
  feathers: "@feathersjs/cli",
  lb: "@loopback/cli loopback-cli",
  "lb-tsc": "@loopback/build",
  "lb-clean": "@loopback/build",
  "lb-mocha": "@loopback/build",
  cds: "@sap/cds-dk @sap/cds",
  "cds-serve": "@sap/cds",
  "cds-deploy": "@sap/cds",
  mw: "@midwayjs/cli",
  "midway-bin": "@midwayjs/cli midway-bin",
  mwtsc: "@midwayjs/mwtsc",
  ets: "egg-ts-helper",
  moleculer: "moleculer-cli",
  "moleculer-runner": "moleculer",
  "functions-framework": "@google-cloud/functions-framework",
  func: "azure-functions-core-tools",
  sls: "serverless",
  eleventy: "@11ty/eleventy",
  storybook: "storybook @storybook/cli",
  "start-storybook": "@storybook/react @storybook/vue @storybook/angular",
  "build-storybook": "@storybook/react @storybook/vue @storybook/angular",
  expo: "expo @expo/cli expo-cli",
  fastify: "fastify-cli",
  modern: "@modern-js/app-tools",
  umi: "umi @umijs/max",
  max: "@umijs/max",
  "node-red-pi": "node-red",

  // Databases
  sequelize: "sequelize-cli",
  "typeorm-ts-node-commonjs": "typeorm",
  "typeorm-ts-node-esm": "typeorm",
  "mikro-orm": "@mikro-orm/cli",
  "mikro-orm-esm": "@mikro-orm/cli",
  kysely: "kysely-ctl",
  postgrator: "postgrator-cli",
  "mongo-migrate": "mongodb-migrations",
  mm: "mongodb-migrations",
  zenstack: "zenstack @zenstackhq/cli",
  zen: "@zenstackhq/cli",

  // Runners and process managers
  "cross-env-shell": "cross-env",
  dotenv: "dotenv-cli",
  dotenvx: "@dotenvx/dotenvx",
  conc: "concurrently",
  "run-s": "npm-run-all2 npm-run-all",
  "run-p": "npm-run-all2 npm-run-all",
  "npm-run-all": "npm-run-all2 npm-run-all",
  "run-os": "run-script-os",
  bnr: "better-npm-run",
  "pm2-runtime": "pm2",
  "pm2-docker": "pm2",
  "pm2-dev": "pm2",
  "node-supervisor": "supervisor",
  "server-test": "start-server-and-test",
  "start-test": "start-server-and-test",
  "react-env": "@beam-australia/react-env react-env",
  infisical: "@infisical/cli",
  "sentry-cli": "@sentry/cli",

  // Files
  cpx: "cpx cpx2",
  del: "del-cli",
  trash: "trash-cli",
  touch: "touch-cli",
  nodetouch: "touch",

  // Servers of files
  hs: "http-server",
  ws: "local-web-server",
  sirv: "sirv-cli",
  "http-proxy": "http-proxy-cli",
  lite: "lite-server",

  // Checks and hooks
  biome: "@biomejs/biome",
  jest: "jest jest-cli",
  _mocha: "mocha",
  playwright: "@playwright/test playwright playwright-core",
  "husky-run": "husky",
  commitlint: "@commitlint/cli",
  release: "semantic-release",
  changeset: "@changesets/cli",
  ngcc: "@angular/compiler-cli",
  ngc: "@angular/compiler-cli",
};

/**
 * The package that brings a command; `undefined` when none of the known ones is seen to. Without an entry of its own, a command
 * has its package's name, or what stands behind the package's scope.
 *
 * @param known names of packages that are installed
 * @example packageOfBin("tsc", new Set(["typescript"])) // "typescript"
 */
export function packageOfBin(name: string, known: ReadonlySet<string>): string | undefined {
  if (Object.hasOwn(PACKAGES_BY_BIN, name))
    return PACKAGES_BY_BIN[name]!.split(" ").find((each) => known.has(each));
  if (known.has(name)) return name;
  const scoped = [...known].filter(
    (each) => each.startsWith("@") && !each.startsWith("@types/") && each.endsWith(`/${name}`),
  );
  return scoped.length === 1 ? scoped[0] : undefined;
}

/**
 * The package that most likely brings a command, installed or not.
 *
 * @example likelyPackageOfBin("tsc") // "typescript"
 */
export function likelyPackageOfBin(name: string): string {
  return Object.hasOwn(PACKAGES_BY_BIN, name) ? PACKAGES_BY_BIN[name]!.split(" ")[0]! : name;
}
