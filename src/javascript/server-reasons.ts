import type { ReasonTable } from "../core/transform.ts";
import { runtimeStageReasons } from "../stages/runtime-reasons.ts";
import { only, sharedReasons } from "../stages/shared-reasons.ts";
import { nodeReasons } from "./node-reasons.ts";

/** Every code of node-server. */
export const serverReasons = {
  ...only(
    runtimeStageReasons,
    "runtime-stage",
    "builder-named",
    "stage-name-kept",
    "configuration-moved",
    "configuration-repeated",
    "working-directory-kept",
  ),
  ...only(
    sharedReasons,
    "program-provided",
    "packages-kept",
    "users-copied",
    "files-copied",
    "made-file-copied",
    "shell-kept",
    "base-image-mirrored",
    "compose-mounts-sources",
    "argument-default-assumed",
    "copied-source-absent",
    "program-absent",
    "programs-assumed",
    "tool-kept",
    "windows-image",
    "onbuild-triggers",
    "opaque-build",
    "development-image",
    "build-at-start",
    "start-is-script",
    "healthcheck-needs-program",
    "no-start",
    "source-not-in-context",
    "copy-unknown",
    "runtime-packages",
    "runs-programs",
    "step-may-matter",
    "two-toolchains",
    "builder-variable-used",
    "unfinished-instruction",
    "already-multi-stage",
    "original-broken",
  ),
  ...nodeReasons,

  // Changes
  "application-copied": {
    kind: "change",
    message: "{path} comes from the builder as a whole",
    page: `What a program of Node reads at run time cannot be told from its sources: packages read files of their own. The directory of the
application is copied whole, at the same path, after packages that only development needs were taken out where that is proved.`,
    source: "https://nodejs.org/api/modules.html#loading-from-node_modules-folders",
  },
  "slim-image": {
    kind: "change",
    message:
      "{image} has the same release of Node on the same release of Debian, without compilers and headers",
    page: `The image without a suffix stands on buildpack-deps: compilers, headers, git, python and more, close to a gigabyte. The slim image has
what Node itself needs. What the application uses beside that is installed.`,
    source: "https://github.com/docker-library/docs/tree/master/node#image-variants",
  },
  "full-image-kept": {
    kind: "change",
    message: "{image} stays, since its slim variant cannot get what is needed: {why}",
    page: "The packages of an old release of Debian lie in an archive, where apt-get does not look, or it is not known which package is meant.",
    source: "https://www.debian.org/distrib/archive",
  },
  "development-packages-pruned": {
    kind: "change",
    message: "{command}: {packages} and what only they need stay in the builder",
    page: `The start, its scripts and the sources were read, and none of them loads or names one of the development packages. They are taken away
before the application is copied.`,
    source: "https://docs.npmjs.com/cli/v10/commands/npm-prune",
  },
  "development-packages-kept": {
    kind: "change",
    message: "development packages are copied too: {why}",
    page: `Development packages stay where the start or the sources use one of them, or where it cannot be told. The image is larger than it could
be, and runs as before.`,
    source: "https://docs.npmjs.com/cli/v10/configuring-npm/package-json#devdependencies",
  },
  "global-packages-kept": {
    kind: "change",
    message: "{packages}: installed in the final stage too, since the start uses it",
    page: "Packages that are installed for the whole image lie with Node itself, not in the application's directory. Those that the start runs are installed again.",
    source: "https://docs.npmjs.com/cli/v10/configuring-npm/folders#global-installation",
  },
  "module-needs": {
    kind: "change",
    message: "{module} uses {needs} at run time: {packages} is installed in {image}",
    page: `Some packages of npm run programs of the system or load its libraries, which the image without a suffix has and the slim one has not.
A table says which.`,
  },

  // Assumptions
  "dependencies-not-locked": {
    kind: "assumption",
    message:
      "{path} has no lockfile: which packages are installed beside those it names, and what they need of the system, is not known",
    remedy: "Commit a lockfile.",
    page: "Packages that other packages bring may run programs or load libraries that the slim image lacks. A lockfile names them all.",
    source: "https://docs.npmjs.com/cli/v10/configuring-npm/package-lock-json",
  },
  "started-by-compose": {
    kind: "assumption",
    message:
      "the file says nowhere what starts: what a compose file starts is taken for all that does",
    remedy: "Add a CMD.",
    page: "Without ENTRYPOINT or CMD the image starts Node's prompt. The new image has what the command of the compose file needs.",
    source: "https://docs.docker.com/reference/compose-file/services/#command",
  },
  "application-spread": {
    kind: "assumption",
    message: "the application lies in /, beside the system: its files are copied by their names",
    remedy: "Give it a directory of its own: WORKDIR /app before it is copied.",
    page: "What a COPY brings into the root, its packages and what the start names are copied one by one. A file that the build makes beside them under another name would be missing.",
    source: "https://docs.docker.com/reference/dockerfile/#workdir",
  },
  "native-module-assumed": {
    kind: "assumption",
    message:
      "{module} is built when it is installed: it is taken to need no library that the slim image lacks",
    remedy: "Start the new image and use what loads it.",
    page: "The package compiles or fetches native code, and stands in no table that says what this needs of the system.",
  },

  // Refusals
  "application-directory": {
    kind: "refusal",
    message: "the application lies in {path}, beside what belongs to the image itself",
    remedy: "Give it a directory of its own: WORKDIR /app before it is copied.",
    page: "The application's directory is copied to the final stage. Where it is a directory of the system, that would bring the builder's own files along.",
    source: "https://docs.docker.com/reference/dockerfile/#workdir",
  },
  "packages-elsewhere": {
    kind: "refusal",
    message: "{manager} keeps what it installs in the home directory of the build",
    remedy:
      "Keep it within the application's directory: nodeLinker: node-modules, PUPPETEER_CACHE_DIR, PLAYWRIGHT_BROWSERS_PATH.",
    page: `Yarn's plug-and-play keeps packages, and puppeteer and playwright keep browsers, below the home directory of the user that builds. What of it
the program uses cannot be told from the file.`,
    source: "https://yarnpkg.com/configuration/yarnrc#enableGlobalCache",
  },

  // Unchanged
  "no-benefit": {
    kind: "unchanged",
    message: "a second stage would make the image no smaller: {why}",
    page: "No compiler, no development package and no build tool would stay behind, so the image would be the same.",
  },
  "static-site": {
    kind: "unchanged",
    message: "the start serves a site of files: see node-static",
    page: "A server of files needs no Node: node-static decides about this file.",
  },
} as const satisfies ReasonTable;
