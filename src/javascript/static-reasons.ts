import type { ReasonTable } from "../core/transform.ts";
import { runtimeStageReasons } from "../stages/runtime-reasons.ts";
import { only, sharedReasons } from "../stages/shared-reasons.ts";
import { nodeReasons } from "./node-reasons.ts";

/** Every code of node-static. */
export const staticReasons = {
  ...only(
    runtimeStageReasons,
    "runtime-stage",
    "builder-named",
    "stage-name-kept",
    "configuration-moved",
    "configuration-repeated",
    "build-shell-left",
    "toolchain-environment-left",
  ),
  ...only(
    sharedReasons,
    "compose-mounts-sources",
    "copied-source-absent",
    "windows-image",
    "onbuild-triggers",
    "development-image",
    "healthcheck-needs-program",
    "start-is-script",
    "builder-variable-used",
    "unfinished-instruction",
    "original-broken",
    "already-multi-stage",
  ),
  ...only(nodeReasons, "not-node"),

  // Changes
  "served-by-nginx": {
    kind: "change",
    message: "nginx serves the site in place of {command}, on the same port {port}",
    page: `A built front end is a directory of files, which needs no Node. nginx listens on the port that the old server listened on, and answers
paths, unknown paths and headers as that one did. Its own default of 80 stays exposed by its image. A server whose port comes from PORT at
start listens on the port it has without.`,
    source: "https://nginx.org/en/docs/beginners_guide.html#static",
  },
  "site-copied": {
    kind: "change",
    message: "{path} of the builder is served from {target}",
    page: "What the build writes is copied from the builder, never from the build context, where an older build may lie.",
    source: "https://hub.docker.com/_/nginx",
  },
  "single-page-fallback": {
    kind: "change",
    message: "unknown paths get the root's page, as before",
    page: "A site of one page does its own routing: the server answers every path that is no file with the same page (try_files).",
    source: "https://nginx.org/en/docs/http/ngx_http_core_module.html#try_files",
  },
  "port-not-exposed": {
    kind: "change",
    message: "the server listens on {port}, and the file exposes {exposed}: both stay as they are",
    page: "EXPOSE only tells what is meant. The port that the old server really listened on is kept.",
    source: "https://docs.docker.com/reference/dockerfile/#expose",
  },
  "port-fixed": {
    kind: "change",
    message: "{name} no longer decides the port when the container starts: it is {port}",
    page: "The old server took its port from a variable, where one was given at start. nginx's configuration is written when the image is built.",
    source: "https://docs.docker.com/reference/cli/docker/container/run/#env",
  },
  "unprivileged-server": {
    kind: "change",
    message: "the user was {user}: {image} runs nginx without root",
    page: "The image ran as a user other than root. nginx's unprivileged image does so too, by a user of its own.",
    source: "https://github.com/nginxinc/docker-nginx-unprivileged",
  },

  "nginx-kept": {
    kind: "change",
    message: "nginx goes on serving the site, in {image} without Node",
    page: `The image held Node to build with and nginx to serve with. The final stage is nginx's own image with the same configuration file and the
directories that it serves.`,
    source: "https://hub.docker.com/_/nginx",
  },
  "nginx-install-dropped": {
    kind: "change",
    message: "the builder needs no nginx",
    page: "The instruction did nothing but install nginx, which the final stage's base has.",
  },

  // Assumptions
  "built-output-served": {
    kind: "assumption",
    message: "{path}, which this file builds, is served in place of what the build context holds",
    remedy: "If the files of the context are meant, take the build out of the file.",
    page: `The file builds the site and then copies the same directory from the build context: an older build, or none. The builder's own output is
served.`,
    source: "https://docs.docker.com/build/concepts/context/",
  },
  "dev-server-replaced": {
    kind: "assumption",
    message: "{command} is replaced: {build} makes the site, and nginx serves it",
    remedy:
      "Build it once and look at the site: a build may fail, or need variables, where the server for development did not.",
    page: `Servers for development compile at every start, and are slow and large. The production build of the same package is served instead. What only
development does (source maps, mocks, hot reload) is gone.`,
    source: "https://vite.dev/guide/build",
  },
  "output-assumed": {
    kind: "assumption",
    message:
      "the site is taken to lie in {path}: nothing that was read says that the build writes there",
    remedy: "Run msb-migrate in the repository, or look at what the build writes.",
    page: "The start names the directory. Which directory the build writes to stands in its configuration, which was not there to be read.",
  },
  "mode-values-differ": {
    kind: "assumption",
    message: "{name} has another value in production than the server for development gave the site",
    remedy: "See that the value for production is the one that this image should have.",
    page: "Servers for development read .env.development, builds read .env.production.",
    source: "https://vite.dev/guide/env-and-mode#env-files",
  },
  "healthcheck-address": {
    kind: "change",
    message:
      "the health check asks 127.0.0.1: localhost may stand for ::1, on which nginx does not listen here",
    page: "Servers of Node listen on IPv6 as well where there is any. busybox's wget takes the first address that localhost has and tries no other.",
    source: "https://nodejs.org/api/net.html#serverlistenport-host-backlog-callback",
  },
  "served-locally": {
    kind: "assumption",
    message: "{command} answers within the container only; nginx answers on every address",
    remedy: "If that was meant, publish no port of the container.",
    page: "The old server listened on the loopback address, so a published port led nowhere. Most likely that was a mistake, and nginx repairs it.",
  },
  "proxy-kept": {
    kind: "assumption",
    message:
      "requests to {path} are passed on to {target}, which nginx must be able to resolve when it starts",
    remedy: "See that the name is known where the container runs, before it starts.",
    page: "The old server looked the name up with each request. nginx looks it up when it starts, and does not start without an answer.",
    source: "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_pass",
  },

  // Refusals
  "start-does-more": {
    kind: "refusal",
    message: "the container starts more than a server of files: {what}",
    remedy: "Do it in RUN, or start the server alone.",
    page: "A build, a script or a value that is put into the files at start cannot run in an image that only has nginx.",
  },
  "static-server-option": {
    kind: "refusal",
    message: "{server} is told {option}, which nginx is not known to do the same way",
    remedy: "Leave the option out, or write nginx's configuration by hand.",
    page: "Every option of the old server has to be understood before another one can take its place.",
  },
  "serve-config": {
    kind: "refusal",
    message: "the configuration of {server} holds what is not put into nginx's: {why}",
    remedy: "Simplify it, or write nginx's configuration by hand.",
    page: "Rewrites, headers and redirects of the old server's own configuration are put into nginx's where they are plain.",
    source: "https://github.com/vercel/serve-handler#options",
  },
  "dev-proxy": {
    kind: "refusal",
    message:
      "{server} passes requests on in a way that is not put into nginx's configuration: {why}",
    remedy:
      "Write nginx's configuration by hand, or let the site call its backend by an address of its own.",
    page: "A proxy of the server for development decides by what a request accepts, computes its target, or points into the container itself.",
    source: "https://create-react-app.dev/docs/proxying-api-requests-in-development/",
  },
  "nginx-configuration": {
    kind: "refusal",
    message: "nginx's configuration cannot be taken to its own image: {why}",
    remedy: "Use paths and modules that nginx's official image has.",
    page: "The distributions' nginx has other users, modules and directories than the official image.",
    source: "https://github.com/nginxinc/docker-nginx",
  },
  "compose-runs-otherwise": {
    kind: "refusal",
    message:
      "a compose file runs the container with {what}, which an image of nginx does not take the same way",
    remedy: "Take it out of the compose file, or write nginx's stage by hand.",
    page: "nginx serves the site from a directory of its own, by users of its own. What is mounted over the old directory would have no effect, and another user cannot write what nginx writes.",
    source: "https://docs.docker.com/reference/compose-file/services/",
  },
  "port-given-at-start": {
    kind: "refusal",
    message: "{name} is set when the container starts, and says which port the server listens on",
    remedy: "Set it in the Dockerfile, or tell the server its port in the start.",
    page: "nginx's configuration is written when the image is built.",
  },
  "values-at-start": {
    kind: "refusal",
    message:
      "{name} is set when the container starts, and the build writes its value into the site",
    remedy: "Declare it with ARG before the build, and pass it with build.args.",
    page: `A server for development reads such variables at start. A production build writes their values into the files, so they must be known when the
image is built.`,
    source: "https://vite.dev/guide/env-and-mode",
  },
  "packages-not-installed": {
    kind: "refusal",
    message:
      "no packages are installed in {path} after its package.json was copied, so a build could not run",
    remedy: "Install the packages in RUN before the start is looked at.",
    page: "The server for development runs with packages from elsewhere: a mount, or the machine that builds the image.",
    source: "https://docs.npmjs.com/cli/v10/commands/npm-install",
  },
  "build-packages-omitted": {
    kind: "refusal",
    message: "packages for development are not installed here, and the build may need them",
    remedy: "Install them in the build stage.",
    page: "The build's tools stand among the development packages as a rule.",
    source: "https://docs.npmjs.com/cli/v10/commands/npm-install",
  },
  "server-rendered": {
    kind: "refusal",
    message:
      "{framework} may render pages in a server, so the build is not known to be a site of files",
    remedy: "Build in RUN and start the production server.",
    page: "The configuration does not say for certain that the build writes files alone.",
  },
  "no-build-script": {
    kind: "refusal",
    message: "{command} serves what no script of package.json is known to build",
    remedy: "Add a script named build.",
    page: "A production build has to be known before nginx can serve it.",
  },
  "output-unknown": {
    kind: "refusal",
    message: "it cannot be told where {framework} writes the site",
    remedy: "Write the output directory into its configuration as plain text.",
    page: "The output directory is computed, or the tool is not known.",
  },
  "serves-packages": {
    kind: "refusal",
    message: "{path} is served, and packages are installed in it",
    remedy: "Serve the directory of the site alone.",
    page: "The whole directory would be copied, packages, sources and all.",
  },
  "lists-directories": {
    kind: "refusal",
    message: "{path} has no index.html, so the server shows the list of its files",
    remedy: "Add a page, or write nginx's configuration by hand (autoindex).",
    page: "Lists of directories look different with every server.",
    source: "https://nginx.org/en/docs/http/ngx_http_autoindex_module.html",
  },

  // Unchanged
  "site-not-built": {
    kind: "unchanged",
    message: "the site is built elsewhere, and this image only holds it",
    page: "The directory that is served comes from the build context, and neither is it in the repository nor does this file build it. Start from nginx's image, and copy the directory there.",
  },
  "not-static": {
    kind: "unchanged",
    isForeign: true,
    message: "the start serves no site of files",
    page: "Servers are node-server's.",
  },
} as const satisfies ReasonTable;
