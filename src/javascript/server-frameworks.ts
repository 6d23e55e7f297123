/** Frameworks whose build leaves a server: data, with sources. */

export interface ServerFramework {
  readonly name: string;
  /** npm packages that tell it: any of them among the dependencies. */
  readonly packages: readonly string[];
  /** Commands that build it, as they stand in scripts. */
  readonly builds: readonly string[];
  /** Commands that start what was built. */
  readonly starts: readonly string[];
  /** Commands that start it from source, with its development tools. */
  readonly developmentStarts: readonly string[];
  /** Directories that the build leaves and the server reads, by the defaults; none where the configuration alone says it. */
  readonly outputs: readonly string[];
  /** Files beside them that the server reads: configuration, static files. */
  readonly reads: readonly string[];
  /** Directories that it writes while it runs. */
  readonly writes: readonly string[];
  /** Whether the server needs node_modules; `own`: its output has a package.json of its own, to be installed there. */
  readonly modules: "needed" | "bundled" | "own";
  /** Variables that the server reads by itself. */
  readonly variables: readonly string[];
  readonly port: number;
  readonly source: string;
}

export const SERVER_FRAMEWORKS: readonly ServerFramework[] = [
  {
    name: "next",
    packages: ["next"],
    builds: ["next build"],
    starts: ["next start"],
    developmentStarts: ["next dev", "next"],
    outputs: [".next"],
    // next start reads next.config and public; `.env*` at start.
    reads: [
      "public",
      "next.config.js",
      "next.config.mjs",
      "next.config.ts",
      ".env",
      ".env.production",
      ".env.local",
      ".env.production.local",
    ],
    // Pages made anew (ISR) go to .next/server, pictures to .next/cache.
    writes: [".next/cache", ".next/server"],
    modules: "needed",
    variables: ["PORT", "HOSTNAME", "KEEP_ALIVE_TIMEOUT"],
    port: 3000,
    source: "https://nextjs.org/docs/app/api-reference/cli/next",
  },
  {
    name: "next-standalone",
    packages: ["next"],
    builds: ["next build"],
    starts: ["node .next/standalone/server.js", "node server.js"],
    developmentStarts: [],
    // static and public are not part of it: they are copied beside.
    outputs: [".next/standalone", ".next/static"],
    reads: ["public"],
    writes: [".next/cache", ".next/server"],
    modules: "bundled",
    variables: ["PORT", "HOSTNAME", "KEEP_ALIVE_TIMEOUT"],
    port: 3000,
    source: "https://nextjs.org/docs/app/api-reference/config/next-config-js/output",
  },
  {
    name: "nest",
    packages: ["@nestjs/core"],
    builds: ["nest build", "tsc -p tsconfig.build.json"],
    starts: ["node dist/main", "node dist/main.js", "node dist/src/main"],
    // `nest start` compiles first; it needs typescript and the compiler's configuration.
    developmentStarts: ["nest start"],
    outputs: ["dist"],
    reads: [],
    writes: [],
    modules: "needed",
    variables: [],
    port: 3000,
    source: "https://docs.nestjs.com/cli/usages",
  },
  {
    name: "nuxt",
    packages: ["nuxt", "nuxt3", "nuxt-edge", "nitropack", "nitro"],
    builds: ["nuxt build", "nuxi build", "nitro build", "nitropack build"],
    // nuxt preview reads .output as well, with nuxi itself.
    starts: ["node .output/server/index.mjs", "nuxt preview", "nuxi preview"],
    developmentStarts: ["nuxt dev", "nuxi dev", "nitro dev", "nitropack dev"],
    outputs: [".output"],
    reads: [],
    writes: [],
    modules: "bundled",
    variables: ["NITRO_PORT", "PORT", "NITRO_HOST", "HOST", "NITRO_SSL_CERT", "NITRO_SSL_KEY"],
    port: 3000,
    source: "https://nuxt.com/docs/getting-started/deployment#nodejs-server",
  },
  {
    name: "nuxt2",
    packages: ["nuxt", "nuxt-edge", "nuxt-start"],
    builds: ["nuxt build"],
    starts: ["nuxt start", "nuxt-start"],
    developmentStarts: ["nuxt", "nuxt dev"],
    outputs: [".nuxt"],
    reads: ["static", "nuxt.config.js", "nuxt.config.ts"],
    writes: [],
    modules: "needed",
    variables: ["NUXT_HOST", "HOST", "NUXT_PORT", "PORT"],
    port: 3000,
    source: "https://v2.nuxt.com/docs/get-started/commands",
  },
  {
    name: "remix",
    packages: ["@remix-run/serve", "@remix-run/node", "@remix-run/express"],
    builds: ["remix build", "remix vite:build"],
    starts: [
      "remix-serve build",
      "remix-serve build/index.js",
      "remix-serve ./build/server/index.js",
    ],
    developmentStarts: ["remix dev", "remix vite:dev"],
    // Up to version 1 and the classic compiler of 2: build and public/build; with Vite: build/server and build/client.
    outputs: ["build", "public"],
    reads: [],
    writes: [],
    modules: "needed",
    variables: ["PORT", "HOST"],
    port: 3000,
    source: "https://remix.run/docs/en/main/other-api/serve",
  },
  {
    name: "react-router",
    packages: ["@react-router/serve", "@react-router/node"],
    builds: ["react-router build"],
    starts: ["react-router-serve ./build/server/index.js"],
    developmentStarts: ["react-router dev"],
    outputs: ["build"],
    reads: [],
    writes: [],
    modules: "needed",
    variables: ["PORT", "HOST"],
    port: 3000,
    source: "https://reactrouter.com/start/framework/deploying",
  },
  {
    name: "sveltekit",
    packages: ["@sveltejs/adapter-node"],
    builds: ["vite build", "svelte-kit build"],
    starts: ["node build", "node build/index.js"],
    developmentStarts: ["vite dev", "svelte-kit dev"],
    outputs: ["build"],
    reads: [],
    writes: [],
    // Rollup bundles devDependencies alone; dependencies stay outside.
    modules: "needed",
    variables: ["PORT", "HOST", "ORIGIN", "SOCKET_PATH", "BODY_SIZE_LIMIT"],
    port: 3000,
    source: "https://svelte.dev/docs/kit/adapter-node",
  },
  {
    name: "astro",
    packages: ["@astrojs/node"],
    builds: ["astro build"],
    starts: ["node ./dist/server/entry.mjs"],
    developmentStarts: ["astro dev", "astro"],
    outputs: ["dist"],
    reads: [],
    writes: [],
    modules: "needed",
    variables: ["PORT", "HOST", "SERVER_CERT_PATH", "SERVER_KEY_PATH"],
    port: 4321,
    source: "https://docs.astro.build/en/guides/integrations-guide/node/",
  },
  {
    name: "solid-start",
    packages: ["@solidjs/start", "solid-start", "vinxi"],
    builds: ["vinxi build"],
    starts: ["vinxi start", "node .output/server/index.mjs"],
    developmentStarts: ["vinxi dev"],
    outputs: [".output"],
    reads: [],
    writes: [],
    modules: "bundled",
    variables: ["PORT", "HOST"],
    port: 3000,
    source: "https://docs.solidjs.com/solid-start/building-your-application/",
  },
  {
    name: "angular-ssr",
    packages: ["@angular/ssr", "@nguniversal/express-engine"],
    builds: ["ng build", "ng run"],
    starts: ["node dist/server/server.mjs", "node dist/server/main.js"],
    developmentStarts: ["ng serve"],
    outputs: ["dist"],
    reads: [],
    writes: [],
    // The application builder bundles all that is not named in externalDependencies.
    modules: "needed",
    variables: ["PORT"],
    port: 4000,
    source: "https://angular.dev/guide/ssr",
  },
  {
    name: "strapi",
    packages: ["@strapi/strapi", "strapi"],
    builds: ["strapi build"],
    starts: ["strapi start"],
    // It builds the administration anew, and watches.
    developmentStarts: ["strapi develop", "strapi dev"],
    // dist holds compiled TypeScript and, from version 4 on with it, the administration's build; JavaScript: build, up to 4.
    outputs: ["dist", "build"],
    reads: [
      "config",
      "src",
      "api",
      "components",
      "extensions",
      "plugins",
      "public",
      "database",
      "types",
      "favicon.ico",
      "favicon.png",
      ".env",
      "tsconfig.json",
    ],
    writes: ["public/uploads", ".tmp", ".cache", "database", "types"],
    modules: "needed",
    variables: ["HOST", "PORT", "APP_KEYS", "NODE_ENV", "ENV_PATH"],
    port: 1337,
    source: "https://docs.strapi.io/cms/project-structure",
  },
  {
    name: "adonis",
    packages: ["@adonisjs/core"],
    builds: ["node ace build", "node ace.js build", "node ace build --production"],
    starts: [
      "node server.js",
      "node build/server.js",
      "node bin/server.js",
      "node build/bin/server.js",
    ],
    developmentStarts: ["node ace serve", "adonis serve"],
    outputs: ["build"],
    reads: [".env"],
    writes: ["tmp", "build/tmp"],
    modules: "own",
    variables: ["PORT", "HOST", "APP_KEY", "NODE_ENV", "ENV_PATH"],
    port: 3333,
    source: "https://docs.adonisjs.com/guides/getting-started/deployment",
  },
  {
    name: "keystone",
    packages: ["@keystone-6/core", "@keystone-next/keystone"],
    builds: ["keystone build", "keystone-next build"],
    starts: ["keystone start", "keystone-next start"],
    developmentStarts: ["keystone dev", "keystone", "keystone-next dev"],
    outputs: [".keystone"],
    reads: ["keystone.ts", "schema.prisma", "schema.graphql", "migrations"],
    writes: [".keystone/admin/.next/cache"],
    modules: "needed",
    variables: ["PORT"],
    port: 3000,
    source: "https://keystonejs.com/docs/guides/cli",
  },
  {
    name: "medusa",
    packages: ["@medusajs/medusa"],
    builds: ["medusa build"],
    starts: ["medusa start"],
    developmentStarts: ["medusa develop"],
    // Version 2 leaves .medusa/server, with a package.json to be installed there; version 1 dist.
    outputs: [".medusa/server", "dist"],
    reads: ["medusa-config.js", "medusa-config.ts", "uploads", ".env"],
    writes: ["uploads", "static"],
    modules: "own",
    variables: ["PORT"],
    port: 9000,
    source: "https://docs.medusajs.com/learn/build",
  },
  {
    name: "directus",
    packages: ["directus"],
    builds: [],
    starts: ["directus start", "directus bootstrap"],
    developmentStarts: [],
    outputs: [],
    reads: ["extensions", "uploads", "templates", ".env", "snapshots"],
    writes: ["uploads", "database"],
    modules: "needed",
    variables: ["PORT", "HOST", "CONFIG_PATH"],
    port: 8055,
    source: "https://docs.directus.io/self-hosted/config-options.html",
  },
  {
    name: "payload",
    packages: ["payload"],
    builds: ["payload build", "next build"],
    starts: ["next start", "node dist/server.js"],
    developmentStarts: ["next dev"],
    outputs: [".next", "dist", "build"],
    reads: ["public", "media"],
    writes: ["media", ".next/cache", ".next/server"],
    modules: "needed",
    variables: ["PORT", "PAYLOAD_CONFIG_PATH"],
    port: 3000,
    source: "https://payloadcms.com/docs/production/deployment",
  },
  {
    name: "redwood",
    packages: ["@redwoodjs/core", "@redwoodjs/api-server"],
    builds: ["rw build", "redwood build", "yarn rw build"],
    starts: ["rw-server", "rw serve", "redwood serve"],
    developmentStarts: ["rw dev", "redwood dev"],
    outputs: ["api/dist", "web/dist"],
    reads: ["redwood.toml", "api/db", ".env.defaults", ".env"],
    writes: [],
    modules: "needed",
    variables: ["PORT", "REDWOOD_API_PORT", "REDWOOD_WEB_PORT"],
    port: 8911,
    source: "https://docs.redwoodjs.com/docs/docker/",
  },
  {
    name: "loopback",
    packages: ["@loopback/boot", "@loopback/core"],
    builds: ["lb-tsc"],
    starts: ["node .", "node -r source-map-support/register ."],
    developmentStarts: [],
    outputs: ["dist"],
    reads: ["public", "data"],
    writes: [],
    modules: "needed",
    variables: ["PORT", "HOST"],
    port: 3000,
    source: "https://loopback.io/doc/en/lb4/Deploying-to-IBM-Cloud.html",
  },
  {
    name: "egg",
    packages: ["egg"],
    builds: ["egg-ts-helper", "ets", "tsc"],
    starts: ["egg-scripts start"],
    developmentStarts: ["egg-bin dev"],
    outputs: [],
    reads: ["app", "config", "agent.js", "app.js"],
    writes: ["run", "logs"],
    modules: "needed",
    variables: ["PORT", "EGG_SERVER_ENV"],
    port: 7001,
    source: "https://www.eggjs.org/core/deployment",
  },
  {
    name: "sails",
    packages: ["sails"],
    builds: ["sails_ui grunt", "grunt build"],
    starts: ["sails lift", "node app.js"],
    developmentStarts: [],
    // Its hook for assets runs grunt at every start, into .tmp.
    outputs: [".tmp"],
    reads: ["api", "config", "views", "assets", "tasks", ".sailsrc", "Gruntfile.js"],
    writes: [".tmp"],
    modules: "needed",
    variables: ["PORT", "NODE_ENV"],
    port: 1337,
    source: "https://sailsjs.com/documentation/concepts/deployment",
  },
  {
    name: "moleculer",
    packages: ["moleculer"],
    builds: ["tsc"],
    starts: ["moleculer-runner"],
    developmentStarts: [],
    outputs: [],
    reads: ["services", "moleculer.config.js", "moleculer.config.ts"],
    writes: [],
    modules: "needed",
    variables: ["PORT", "SERVICES", "SERVICEDIR", "NAMESPACE"],
    port: 3000,
    source: "https://moleculer.services/docs/0.14/runner",
  },
  {
    name: "gatsby",
    packages: ["gatsby"],
    builds: ["gatsby build"],
    starts: ["gatsby serve"],
    developmentStarts: ["gatsby develop"],
    outputs: ["public", ".cache"],
    reads: ["gatsby-config.js", "gatsby-config.ts"],
    writes: [".cache"],
    modules: "needed",
    variables: ["PORT"],
    port: 9000,
    source: "https://www.gatsbyjs.com/docs/reference/gatsby-cli/",
  },
];

/**
 * The framework that a start command's first words are of, with whether it starts from source.
 *
 * @param dependencies names in package.json
 * @example frameworkStartedBy(["next", "start"], new Set(["next"]))?.framework.name // "next"
 */
export function frameworkStartedBy(
  words: readonly string[],
  dependencies: ReadonlySet<string>,
): { readonly framework: ServerFramework; readonly isFromSource: boolean } | undefined {
  let best: { framework: ServerFramework; isFromSource: boolean; length: number } | undefined;
  for (const framework of SERVER_FRAMEWORKS) {
    if (!framework.packages.some((name) => dependencies.has(name))) continue;
    for (const isFromSource of [false, true]) {
      const commands = isFromSource ? framework.developmentStarts : framework.starts;
      for (const command of commands) {
        const wanted = command.split(" ");
        const isIt = wanted.every((word, index) => bare(word) === bare(words[index] ?? ""));
        if (isIt && wanted.length > (best?.length ?? 0))
          best = { framework, isFromSource, length: wanted.length };
      }
    }
  }
  return best && { framework: best.framework, isFromSource: best.isFromSource };
}

function bare(word: string): string {
  return word.replace(/^\.\//, "").replace(/\/$/, "");
}
