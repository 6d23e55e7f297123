import type { ReasonTable } from "../core/transform.ts";

/** Codes that transforms of several toolchains give. */
export const sharedReasons = {
  "base-image-mirrored": {
    kind: "assumption",
    message: "{image} is taken for a copy of docker.io's image of that name",
    page: "The image comes from another registry but ends in the official image's name. Its defaults (environment, working directory, entry point) are taken to be the same.",
  },
  "compose-mounts-sources": {
    kind: "assumption",
    message:
      "a compose file mounts a directory over the working directory: what the image holds there is hidden, today as before",
    remedy: "Take the mount out where the image is to run as it was built.",
    page: "A bind mount over the working directory is a way to develop in a container. It hides what the image holds there, and a toolchain that could build it again is not in the new image.",
    source: "https://docs.docker.com/reference/compose-file/services/#volumes",
  },
  "argument-default-assumed": {
    kind: "assumption",
    message: "{name} is a build argument: paths were worked out with its default value",
    page: "A build argument stands in a path. A build that gives it another value would put files elsewhere.",
    source: "https://docs.docker.com/reference/dockerfile/#arg",
  },
  "copied-source-absent": {
    kind: "assumption",
    message:
      "{source} is copied from the build context, and the repository does not hold it: it is taken to be put there before the build",
    remedy: "If nothing makes it, the image as it is cannot be built.",
    page: "A COPY or ADD names a file or directory that the checkout does not have: CI puts it there, git ignores it, or the build fails. What is in it was not read.",
    source: "https://docs.docker.com/build/concepts/context/",
  },
  "program-absent": {
    kind: "assumption",
    message:
      "{program} is started, and neither the image as it is nor the new one is known to have it",
    remedy:
      "If it is mounted, or comes from elsewhere, check that the new image has what it needs.",
    page: "A program's name stands in the sources or in a script, and no package, no COPY and no build of the file brings it: that call fails today, or its program is mounted.",
  },
  "programs-assumed": {
    kind: "assumption",
    message: "{programs} is started at run time: {image} is taken to have what it needs",
    remedy:
      "Look at the place named. If it needs more, choose a runtime that has it with --runtime-go IMAGE.",
    page: `Which program runs is computed, so it cannot be told what it needs. The runtime is the slim image of the builder's own distribution,
with the packages that the file installs and that are no tools of builds.`,
  },
  "tool-kept": {
    kind: "assumption",
    message: "{program} ({source}) runs in the container, and is copied to {image}",
    page: `A program that the build fetches, and not one it compiles from this repository, runs in the container. What it was linked against is
not known, so the runtime is the slim image of the builder's own distribution and release. Which programs and files it needs itself was not
looked at.`,
  },
  "builder-variable-used": {
    kind: "refusal",
    message: "{keyword} uses {name}, which only the build stage sets",
    remedy: "Write the value out.",
    page: "An instruction of the final image refers to a variable of the toolchain or of the golang image, which the final stage does not have.",
  },
  "windows-image": {
    kind: "refusal",
    message: "{image} is a Windows image",
    page: "Windows images need a Windows runtime; this transform makes Linux ones.",
  },
  "onbuild-triggers": {
    kind: "refusal",
    message:
      "ONBUILD triggers make this an image that others build on, or one that runs another's triggers",
    remedy: "Write the triggers' instructions out in this file.",
    page: "A file with ONBUILD of its own is a base for other files, and what they build does not stand here.",
    source: "https://docs.docker.com/reference/dockerfile/#onbuild",
  },
  "opaque-build": {
    kind: "refusal",
    message: "what this step builds cannot be followed: {why}",
    remedy:
      "Write the commands out in the RUN instruction itself; for Go, say what is built with --artifact PATH.",
    page: "What decides what is built and where cannot be followed: eval, a program that is not known, a Makefile or script that is not there or computes its commands. Plain Makefiles and shell scripts of the repository are read.",
  },
  "development-image": {
    kind: "refusal",
    message:
      "{program} compiles, reloads or debugs while the container runs: this is an image for development",
    remedy: "Keep it, and write another Dockerfile for production.",
    page: "Hot reload and debuggers need the toolchain and the sources in the image.",
  },
  "build-at-start": {
    kind: "refusal",
    message: "the container starts with {command}, which builds or runs recipes when it starts",
    remedy: "Build in RUN and start the program itself.",
    page: "A make target or a build command as the start needs the toolchain in the image.",
  },
  "start-is-script": {
    kind: "refusal",
    message: "the container starts {program}, which cannot be followed: {why}",
    remedy: "Start the program itself, or write the script so that what it runs stands in it.",
    page: "A script needs a shell and whatever it calls. Scripts of the repository are read; this one holds code whose meaning does not stand in it (eval, a pipe into a shell), or is not there.",
  },
  "healthcheck-needs-program": {
    kind: "refusal",
    message: "the health check runs {program}, which {image} does not have",
    remedy: "Let the program check itself, or choose a runtime that has it.",
    page: "HEALTHCHECK runs inside the container, so the shell and the tool it uses must be in the final image.",
    source: "https://docs.docker.com/reference/dockerfile/#healthcheck",
  },
  "no-start": {
    kind: "refusal",
    message: "the file says nowhere what starts",
    remedy: "Add an ENTRYPOINT or CMD.",
    page: "Without ENTRYPOINT or CMD the image starts what its base starts: a shell, or Node's prompt. What is run in it stands elsewhere, if at all.",
  },
  "source-not-in-context": {
    kind: "refusal",
    message: "sources come from elsewhere: {source}",
    remedy: "Copy them from the build context.",
    page: "What is built is fetched during the build (git clone, ADD of a URL), so it cannot be looked at.",
  },
  "copy-unknown": {
    kind: "refusal",
    message: "it cannot be told what this instruction copies to which path",
    page: "A variable without a known value, an archive, or a directory that holds more than what is copied there.",
  },
  "runtime-packages": {
    kind: "refusal",
    message: "{packages}: the program may need this at run time",
    remedy:
      "Leave --runtime-go out; for a package from elsewhere, name an image that has it with --runtime-go IMAGE.",
    page: "A package that is not known as a tool of builds would have to be in the final image too, and cannot be installed there as it was: it comes from another repository or a file, or another distribution was chosen.",
  },
  "runs-programs": {
    kind: "refusal",
    message: "{programs} runs in the container, and {image} is not known to have it",
    remedy:
      "Leave --runtime-go out, or name an image that has it. What needs the toolchain keeps the file as it is.",
    page: "The sources, a script or the start run another program. No image that could be chosen, or not the one that was, is known to have the same one.",
    source: "https://pkg.go.dev/os/exec",
  },
  "step-may-matter": {
    kind: "refusal",
    message: "{program} may leave something in the image that the program needs",
    remedy:
      "Give it plain paths, or move it to a script outside the image if only the build needs it.",
    page: "A command of the build is not known, or writes to a place that cannot be told.",
  },
  "unfinished-instruction": {
    kind: "refusal",
    message: "the file ends in a continuation, so nothing can be put behind its last instruction",
    remedy: "Take the backslash at the end of the file away.",
    page: "The last line ends with the escape character. A line put behind it would become part of the instruction.",
  },
  "already-multi-stage": {
    kind: "unchanged",
    message: "the file has several stages already",
    page: "The final stage does not ship the toolchain.",
  },
  "original-broken": {
    kind: "refusal",
    message: "the image as it is cannot be built, or does not start: {why}",
    remedy: "Repair it first; then run msb-migrate again.",
    page: "What stands in the file and in the repository does not go together: a version that the base image does not have, a script or file that is not there. A rewritten file would fail in the same way.",
    source: "https://go.dev/ref/mod#mod-commands",
  },
  "program-provided": {
    kind: "change",
    message: "{program} runs in the container: {image} has it, or gets its package",
    page: `The program, a script or a health check starts another program, which the image as it is has. The runtime is one that has it, or
gets its package. For Go that is alpine where the tool is the same, else the slim image of the builder's own distribution and release.`,
    source: "https://pkgs.alpinelinux.org/contents",
  },
  "packages-kept": {
    kind: "change",
    message: "{packages}: installed in {image} as well, since the program may need it",
    page: `The file installs a package that is not known as a tool of builds. It is installed in the runtime too, in the same distribution and
release, so that the program finds what it found before.`,
  },
  "users-copied": {
    kind: "change",
    message: "/etc/passwd and /etc/group come from the builder: the user is {user}",
    page: `A container whose USER is a name does not start when /etc/passwd lacks that name (\`unable to find user\`), and the program
looks users up there.`,
    source: "https://docs.docker.com/reference/dockerfile/#user",
  },
  "files-copied": {
    kind: "change",
    message: "{path} is read at run time and comes from the builder",
    page: `The sources or the start command name this file or directory of the build context, or a COPY put it outside the source tree,
where only the program can want it. It is copied to the same path.`,
  },
  "made-file-copied": {
    kind: "change",
    message: "{path} was made by RUN and comes from the builder",
    page: "A RUN instruction made this file or directory outside of what the build itself produces, so the program may need it.",
  },
  "shell-kept": {
    kind: "change",
    message: "the start, a script or a health check needs a shell, which {image} has",
    page: `A shell-form start with variables, several commands or redirections, an entry script, or a shell-form health check runs in a
shell. alpine is the smallest image that has one; a script for bash gets bash.`,
    source: "https://docs.docker.com/reference/dockerfile/#shell-and-exec-form",
  },
  "two-toolchains": {
    kind: "refusal",
    message: "{program} belongs to a second toolchain: {why}",
    remedy:
      "Build the other part in a stage of its own, from that toolchain's image, and copy what it makes with COPY --from.",
    page: `The stage holds a second toolchain (a front end, scripts in another language). Each needs a builder of its own. A front end
that is built with Node.js beside a Go program gets one when the version of Node.js, its steps and what they make can be told, and neither
side needs what the other makes at the wrong time.`,
  },
} as const satisfies ReasonTable;

/**
 * Some entries of a table: a transform lists the codes that it can give, and no others.
 *
 * @example only(sharedReasons, "no-start", "opaque-build")
 */
export function only<Table extends ReasonTable, Code extends keyof Table>(
  table: Table,
  ...codes: readonly Code[]
): Pick<Table, Code> {
  return Object.fromEntries(codes.map((code) => [code, table[code]])) as Pick<Table, Code>;
}
