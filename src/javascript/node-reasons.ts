import type { ReasonTable } from "../core/transform.ts";

/** Codes that both transforms of Node give. */
export const nodeReasons = {
  "package-not-read": {
    kind: "assumption",
    message:
      "the package.json of {path} is not there to be read: what its scripts and packages need is not known",
    remedy: "Run msb-migrate in the repository, with the Dockerfile's build context.",
    page: "Scripts, packages and sources decide what an image needs. Without them the file alone is gone by.",
  },
  "dev-server-start": {
    kind: "refusal",
    message: "the container starts {command}, a server for development",
    remedy: "Build in RUN and start the production server.",
    page: "A server for development compiles as it goes, and is slower and more talkative than what production should run. It needs all development packages.",
  },
  "build-packages-left": {
    kind: "change",
    message: "left in the builder: {packages}",
    page: "The package serves builds: compilers, headers, what packages are fetched with. Nothing that runs in the container was found to use it.",
  },
  "not-node": {
    kind: "unchanged",
    isForeign: true,
    message: "nothing in the file builds or starts an application of Node",
    page: "The image's base is none of node's.",
  },
} as const satisfies ReasonTable;
