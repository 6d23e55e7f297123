/** Codes that `openRuntimeStage` gives; a transform that uses it takes them into its own table. */
export const runtimeStageReasons = {
  "runtime-stage": {
    kind: "change",
    message: "the image is made from {image}, with what the program needs",
    page: `A second stage was opened for the image that is shipped. What the first stage holds beside the copied files (the
toolchain, sources, caches) is left out of it.`,
    source: "https://docs.docker.com/build/building/multi-stage/",
  },
  "builder-named": {
    kind: "change",
    message: "the build stage is named {name}",
    page: "The first stage gets a name, so that the second one can copy from it.",
    source: "https://docs.docker.com/build/building/multi-stage/#name-your-build-stages",
  },
  "stage-name-kept": {
    kind: "change",
    message: "the name {name} goes to the final stage",
    page: `The stage had a name already. Compose files, \`--target\` and CI mean the runnable image by it, so the name stays on the
final stage, and the build stage gets a free one.`,
    source: "https://docs.docker.com/reference/cli/docker/buildx/build/#target",
  },
  "configuration-moved": {
    kind: "change",
    message: "{keyword} configures the image and goes to its stage",
    page: "An instruction that configures the final image was moved, with its comment, into the stage that makes it.",
    source: "https://docs.docker.com/reference/dockerfile/",
  },
  "configuration-repeated": {
    kind: "change",
    message: "{keyword} counts for the build and for the image, and stands in both stages",
    page: `The instruction is read by the build, and the program may read it too: it stays in the builder and is repeated in the
final stage. An ARG that the final stage uses must be declared there again.`,
    source: "https://docs.docker.com/build/building/variables/#scoping",
  },
  "working-directory-kept": {
    kind: "change",
    message: "the working directory stays {directory}",
    page: `The final stage gets the same working directory, so that relative paths of the start command and of the program mean
the same. golang's images start in /go.`,
    source: "https://docs.docker.com/reference/dockerfile/#workdir",
  },
  "toolchain-environment-left": {
    kind: "change",
    message: "variables that only the toolchain reads stay in the builder: {names}",
    page: `GOPATH, GOLANG_VERSION and the like configure the toolchain, which the final image no longer holds. PATH loses the
toolchain's directories. A program that reads one of these variables itself would be a reason to set it again.`,
    source: "https://pkg.go.dev/cmd/go#hdr-Environment_variables",
  },
  "build-shell-left": {
    kind: "change",
    message: "SHELL counts for the build only and stays there",
    page: "SHELL says which shell runs shell forms. Nothing in the final stage is in shell form, so it has no use there.",
    source: "https://docs.docker.com/reference/dockerfile/#shell",
  },
} as const;
