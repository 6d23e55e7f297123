import type { ReasonTable } from "../core/transform.ts";
import { runtimeStageReasons } from "../stages/runtime-reasons.ts";
import { sharedReasons } from "../stages/shared-reasons.ts";

/** Every code of go-multi-stage. The pages are what `msb-migrate explain CODE` prints and what docs/codes.md holds. */
export const goReasons = {
  ...runtimeStageReasons,
  ...sharedReasons,

  // Changes
  "static-binary": {
    kind: "change",
    message: "CGO_ENABLED=0 makes the program static, so that it runs without a C library",
    page: `A program that was linked against the builder's C library does not start where that library is missing (\`exec …: no such
file or directory\` on scratch). With CGO_ENABLED=0 Go links statically. The sources were checked for cgo, as far as they could be read.`,
    source: "https://pkg.go.dev/cmd/cgo",
  },
  "artifact-copied": {
    kind: "change",
    message: "the program {path} comes from the builder",
    page: "The program is copied to the path that the start command names, which is the path it had before.",
    source: "https://docs.docker.com/build/building/multi-stage/",
  },
  "found-through-path": {
    kind: "change",
    message: "{path} was found through golang's PATH; it goes to {target}",
    page: `The start names the program without a directory, and it stood in GOPATH/bin, which golang's images have in their PATH and
the final image has not. It is copied to /usr/local/bin, where every image looks.`,
    source: "https://github.com/docker-library/golang",
  },
  "exec-form-start": {
    kind: "change",
    message: "the start is one plain command and is written in exec form",
    page: `A shell-form start runs through /bin/sh, which scratch does not have. The command holds nothing that a shell has to do, so it
is written as a JSON array. The program then is process 1 and gets the stop signal itself. Arguments of \`docker run\`, which a shell-form
ENTRYPOINT ignores, reach it.`,
    source: "https://docs.docker.com/reference/dockerfile/#shell-and-exec-form",
  },
  "healthcheck-exec-form": {
    kind: "change",
    message: "the health check is one plain command and is written in exec form",
    page: "A shell-form HEALTHCHECK needs a shell, which scratch does not have; this one starts the copied program only.",
    source: "https://docs.docker.com/reference/dockerfile/#healthcheck",
  },
  "certificates-copied": {
    kind: "change",
    message: "CA certificates come from the builder, for TLS connections that the program makes",
    page: `Without CA certificates every TLS connection that the program opens fails (\`x509: certificate signed by unknown
authority\`). They are copied by default: 200 KB against a failure that shows in production only.`,
    source: "https://pkg.go.dev/crypto/x509#SystemCertPool",
  },
  "zones-copied": {
    kind: "change",
    message: "time zones come from the builder",
    page: `time.LoadLocation and a TZ variable need the zone database. Go looks for it in /usr/share/zoneinfo, and then in
lib/time/zoneinfo.zip of the Go tree it was built with, which is copied to the same path.`,
    source: "https://pkg.go.dev/time#LoadLocation",
  },
  "temp-directory-made": {
    kind: "change",
    message:
      "a /tmp that everyone may write to is made in the builder and copied: the program makes temporary files",
    page: `scratch has no /tmp, and os.CreateTemp fails without one. COPY makes a copied directory itself root's with mode 0755, so its
parent is copied, which keeps mode 1777.`,
    source: "https://pkg.go.dev/os#TempDir",
  },
  "system-directory-made": {
    kind: "change",
    message:
      "{paths}: made in the builder and copied, since the program may write there and scratch has no directories",
    page: "The sources write to files in a directory that every distribution has. scratch is empty, so the directory is made.",
    source:
      "https://docs.docker.com/build/building/base-images/#create-a-minimal-base-image-using-scratch",
  },
  "file-copied-if-there": {
    kind: "change",
    message: "{path} comes from the builder if it is there when the image is built",
    page: `The program names a file beside its sources that the repository does not hold, or that git ignores: a \`.env\`, a local configuration.
COPY takes it along when it lies in the build context. A COPY of that very file would fail where it does not, so a RUN of the builder copies it on
that condition.`,
  },
  "stage-files-copied": {
    kind: "change",
    message: "{path}, which an earlier stage made, comes from the builder",
    page: `The builder got this file or directory from an earlier stage by COPY --from, and it is not (or not only) embedded into the
program, so the running program may read or serve it.`,
    source: "https://docs.docker.com/build/building/multi-stage/",
  },
  "front-end-stage": {
    kind: "change",
    message: "the front end is built in a stage of its own, {name}, from {image}",
    page: `The stage held Go and Node.js. Each toolchain gets a builder from its own official image: the instructions that install
Node.js go, and the steps that run it are in the new stage, over the same files at the same paths.`,
    source: "https://docs.docker.com/build/building/multi-stage/#use-multi-stage-builds",
  },
  "go-image": {
    kind: "change",
    message: "the Go program is built in {image}, not with an archive in node's image",
    page: `The stage stood on node's image and unpacked Go there. The official image of the same version builds the program. What node's
image sets beside that (NODE_VERSION, YARN_VERSION, and an entry point that starts the command as it is) is of no use to a Go program.`,
    source: "https://github.com/nodejs/docker-node/blob/main/docker-entrypoint.sh",
  },
  "front-end-copied": {
    kind: "change",
    message: "{paths} comes from the stage {name}, with all that the front end's build makes",
    page: `What stands there after the front end's build is put where the Go build, and the program, find it. The directory of the package
is copied whole; when its scripts or its configuration name directories beside or above it, the whole source tree is.`,
  },
  "programs-copied": {
    kind: "change",
    message: "{path} is built beside the started program and is kept",
    page: "The file builds several programs. All of them are kept at their paths: they may be started by `docker exec`, by compose or by each other.",
  },
  "packages-left": {
    kind: "change",
    message:
      "{packages} stays in the builder: nothing that runs in the container was found to use it",
    page: `The package brings programs that builds use as well. The program's sources were read and start none of them, and neither does the start,
a script or a health check. What people run by \`docker exec\` does not stand in the repository.`,
  },
  "c-library-kept": {
    kind: "change",
    message: "{image} and not scratch: the program needs cgo ({why})",
    page: `A program built with cgo is linked against the C library of the builder's distribution, and against the libraries of the -dev packages
that the build installs. It runs where the same distribution and release is, with the run-time packages of these libraries. CGO_ENABLED stays
as it is.`,
    source: "https://pkg.go.dev/cmd/cgo",
  },
  "owner-kept": {
    kind: "change",
    message: "{paths}: made in the builder with owner and mode, and copied",
    page: `The program does not run as root and may write here, since RUN or COPY gave the directory to its user or opened its mode. COPY makes a
directory that it is given root's with mode 0755; what lies below it keeps owner and mode.`,
    source: "https://docs.docker.com/reference/dockerfile/#copy---chown---chmod",
  },
  "working-directory-copied": {
    kind: "change",
    message: "{path} is copied whole: the program reads or serves all of it",
    page: `A call such as http.Dir(".") takes everything in the working directory, or a generator writes files there whose names do not stand in
the file. So the directory is copied as it is, sources included: larger, and right.`,
  },
  "go-wrapper-left": {
    kind: "change",
    message: "go-wrapper run started {program}, which is started itself now",
    page: "go-wrapper is a script of golang's images up to Go 1.9. `go-wrapper run` starts the program that `go-wrapper install` put into GOPATH/bin, which is named for the working directory.",
    source: "https://github.com/docker-library/golang/blob/b2d6c7ed/1.8/go-wrapper",
  },
  "onbuild-expanded": {
    kind: "assumption",
    message: "the triggers of the onbuild image are written out on top of {image}",
    remedy: "Move to a current version of Go and to modules when you can.",
    page: `golang:onbuild copies the context to /go/src/app, fetches and installs by triggers of its own. The variants ended with Go 1.9, and
their triggers cannot be told to build without cgo, so the same steps stand in the file now.`,
    source: "https://github.com/docker-library/golang/blob/b2d6c7ed/1.8/onbuild/Dockerfile",
  },
  "node-version-assumed": {
    kind: "assumption",
    message: "the Node.js of the front end is taken to be that of {image}: {why}",
    remedy:
      "Build the front end once and look at it, or pin the image that it is known to work with.",
    page: `A release of a distribution keeps one major version of Node.js, but its npm may be another one than the official image's, and a
tag such as \`golang:alpine\` moves on to the next release. A build argument may be given another value than its default.`,
    source: "https://pkgs.alpinelinux.org/packages?name=nodejs",
  },
  "artifact-given": {
    kind: "assumption",
    message: "{path} is what this step makes, as --artifact says: {why}",
    page: `With --artifact you named the program that a build makes which cannot be followed. What else it leaves behind, and whether it sets CGO_ENABLED
itself, was not looked at.`,
  },
  "start-built": {
    kind: "assumption",
    message:
      "the container starts with {command}: the program is built in the builder now, and {path} is started",
    remedy: "If the sources are mounted over the image for development, keep the file as it is.",
    page: `\`go run\` compiles at every start and needs the toolchain in the image. The same packages with the same flags are built by a RUN
instruction instead, and the program is started with the same arguments in the same directory.`,
    source: "https://pkg.go.dev/cmd/go#hdr-Compile_and_run_Go_program",
  },

  // Assumptions
  "sources-not-read": {
    kind: "assumption",
    message:
      "the program's sources were not read: it is assumed to need no files, programs, zones or cgo beside what the Dockerfile shows",
    remedy: "Run msb-migrate in the repository, or name the build context with --context.",
    page: `What a program needs at run time stands in its sources: templates and configuration that it reads, programs that it starts,
time zones, users, temporary files, cgo. They were not given, or could not be found through what the Dockerfile copies.`,
  },
  "cgo-module-unused": {
    kind: "assumption",
    message:
      "go.mod requires {module}, which needs cgo, and no package of the program imports it: it is taken to be unused",
    remedy: "If a dependency imports it, the program needs cgo and this change is wrong.",
    page: `A module that needs cgo stands in go.mod without being imported by the program's own packages. Most often only tests of a
dependency want it; another module could import it, and its sources were not read.`,
    source: "https://go.dev/ref/mod#go-mod-file-require",
  },
  "original-would-not-build": {
    kind: "assumption",
    message: "the image as it is cannot be built with the current release of its base: {why}",
    remedy: "Name the version of Go that it was written for in FROM.",
    page: `The base image's tag moves with Go's releases, and what the file does worked with an older one only. The rewritten file builds where this one
does.`,
    source: "https://go.dev/blog/go116-module-changes",
  },
  "original-would-not-start": {
    kind: "assumption",
    message:
      "the image as it is builds {source} and starts {program}, so it never started; the program is put where it is started",
    remedy: "Check that this is the program that was meant.",
    page: `The start command names a path at which nothing is built. Exactly one of the built programs has that name, so it is copied to
the path that is started.`,
  },
  "output-name-assumed": {
    kind: "assumption",
    message:
      "the name of the built program does not stand in the Dockerfile or in readable sources; {path}, which is started, is taken for it",
    remedy: "Name the output with -o, or run msb-migrate in the repository.",
    page: `Without \`-o\`, Go names a program for the last element of its import path. Where that cannot be read, the path that the image
starts is taken: if the image works today, that file is there.`,
    source: "https://pkg.go.dev/cmd/go#hdr-Compile_packages_and_dependencies",
  },
  "build-tools-assumed": {
    kind: "assumption",
    message: "{packages}: taken for tools of the build, since the start does not use them",
    remedy:
      "Run msb-migrate in the repository, so that it can see what the program starts; or name an image that has it with --runtime-go IMAGE.",
    page: "The package can be of use to a build as well as to a running program, and nothing shows that the program uses it.",
  },
  "tools-assumed": {
    kind: "assumption",
    message: "{tools} is fetched as a tool or dependency of the build and stays in the builder",
    page: "`go get` and `go install PACKAGE@VERSION` fetch dependencies, or build tools from elsewhere. Nothing that is started comes from them.",
  },
  "runtime-image-unknown": {
    kind: "assumption",
    message:
      "nothing is known of {image}: it is taken to have no ENTRYPOINT, user or variables of its own that matter",
    page: "The image was named with --runtime-go and is in no table, so what it brings along cannot be compared.",
  },
  "runtime-user-differs": {
    kind: "assumption",
    message: "{image} runs as user {user}, and the image as it is runs as root",
    remedy:
      "Check that the program needs no rights of root: ports below 1024, files that root owns.",
    page: "The runtime image that was chosen sets a user of its own, and the file sets none.",
    source: "https://github.com/GoogleContainerTools/distroless#debug-images",
  },
  "compose-starts-otherwise": {
    kind: "assumption",
    message:
      "a compose file starts this image in another way: what it uses (a shell, go, other programs) is taken to be in the new image",
    remedy: "Check the line: the program it starts lies elsewhere in the new image.",
    page: "A compose service that builds this file has a `command` or `entrypoint` of its own, so the image's start is not the only one that must work.",
    source: "https://docs.docker.com/reference/compose-file/services/#command",
  },
  "named-file-absent": {
    kind: "assumption",
    message:
      "the program names {path}, which the repository does not hold: it is taken to be mounted, or not needed",
    remedy: "If it lies beside the sources when the image is built, add a COPY --from for it.",
    page: `The sources or the start name a file in the copied source tree, and the checkout that was read does not have it: a \`.env\` or a
configuration that git ignores, or that is mounted. A COPY of a file that is not there would break the build.`,
  },
  "system-file-read": {
    kind: "assumption",
    message: "the program reads {path}, which a distribution brings along and scratch does not",
    remedy: "If it is needed, choose a runtime that has it: --runtime-go alpine.",
    page: "A path below /etc or /usr that nothing in the file puts there: it comes from the base image, or is mounted.",
  },
  "computed-file-paths": {
    kind: "assumption",
    message:
      "the program reads files whose paths are computed: they are taken to be given at run time",
    remedy:
      "Look at the places named; what lies in the repository and is read must be copied as well.",
    page: "A call that reads files gets its path from a flag, the environment, an argument or a computation that no string in the sources explains.",
  },

  // Refusals
  "base-image-unknown": {
    kind: "refusal",
    message: "{image} is in no table of base images, so what it brings along is not known",
    remedy:
      "Build from an official golang image, or from alpine, debian or ubuntu with Go installed.",
    page: "The file builds a Go program in an image of somebody's own, or in another operating system. Which defaults and libraries it brings cannot be told.",
  },
  "release-unknown": {
    kind: "refusal",
    message:
      "which release of its distribution {image} stands on is not known, and the program needs the same one: {why}",
    remedy: "Name the release in the tag: golang:1.22-bookworm, golang:1.22-alpine3.20.",
    page: `A program that is linked against the builder's C library, or runs what the build brought along, needs the same distribution and release in the
final image. Which one a tag stands for comes from the history of the official images; this tag is not in it.`,
    source: "https://github.com/docker-library/official-images/blob/master/library/golang",
  },
  "command-builds": {
    kind: "refusal",
    message:
      "this {keyword} builds, but another one behind it is what runs: it was meant to be a RUN",
    remedy: "Write RUN in its place.",
    page: "Only the last CMD or ENTRYPOINT counts, and none runs when the image is built. What stands here never happens, so the image as it is lacks what it would make.",
    source: "https://docs.docker.com/reference/dockerfile/#cmd",
  },
  "compose-needs-more": {
    kind: "refusal",
    message: "a compose file starts this image with {why}, which a small image does not have",
    remedy:
      "Give that service a `build.target` of its own (the builder), or a Dockerfile for development.",
    page: "A compose service that is built from this file starts the Go toolchain, a reloader or something that cannot be followed. It works today because the image holds all of the builder.",
    source: "https://docs.docker.com/reference/compose-file/build/#target",
  },
  "go-cgo-needed": {
    kind: "refusal",
    message: "the program needs cgo: {why}",
    remedy:
      "Use a pure Go replacement (such as modernc.org/sqlite for go-sqlite3) and CGO_ENABLED=0.",
    page: `cgo links against the C library of the builder's distribution. Turning it off would break the build, or worse, the program
when it first uses what is missing.`,
    source: "https://pkg.go.dev/cmd/cgo",
  },
  "go-build-mode": {
    kind: "refusal",
    message: "-buildmode={mode} does not make a static program",
    page: "Plugins and shared or archived libraries are no programs that a container starts.",
    source: "https://pkg.go.dev/cmd/go#hdr-Build_modes",
  },
  "go-cross-compiled": {
    kind: "refusal",
    message: "the program is built for {system}, not for the image's own system",
    page: "GOOS names another system than linux, so the output is not what a Linux container runs.",
  },
  "conditional-build": {
    kind: "refusal",
    message: "the program is built on a condition",
    remedy: "Build it without `||`, `if`, loops or pipes around go build.",
    page: "The build stands in an `if`, a loop, a pipe or behind `||`, so it cannot be told whether and how often it runs.",
  },
  "output-unknown": {
    kind: "refusal",
    message: "where the program is written cannot be told",
    remedy: "Give -o a plain path.",
    page: "The output path holds a variable without a known value, or names one file for several packages.",
  },
  "go-run-start": {
    kind: "refusal",
    message: "the container starts with {command}: it builds whenever it starts",
    remedy: "Build the program with RUN go build and start it.",
    page: "`go run` compiles at every start and needs the toolchain in the image.",
    source: "https://pkg.go.dev/cmd/go#hdr-Compile_and_run_Go_program",
  },
  "needs-shell": {
    kind: "refusal",
    message: "the start needs a shell: {why}",
    remedy:
      "Leave --runtime-go out, or choose one that has a shell; write out the values of GOPATH and the like.",
    page: "The start, a script or a health check is shell code, and the runtime that was chosen has no shell; or it uses a variable of the toolchain, which the final image does not have.",
    source: "https://docs.docker.com/reference/dockerfile/#shell-form",
  },
  "start-not-built": {
    kind: "refusal",
    message: "{program} is started, and no build in the file makes it",
    remedy: "Correct the path, or name the output with -o.",
    page: "No go build or go install of the file writes the started program, under that name or at that path.",
  },
  "start-ambiguous": {
    kind: "refusal",
    message: "{program} is started, and several builds make a program of that name",
    remedy: "Give the start the program's full path.",
    page: "The started path holds nothing that is built, and more than one built program has its name.",
  },
  "start-names-file": {
    kind: "refusal",
    message: "the start passes {argument}, which may be a file of the build context",
    remedy: "Run msb-migrate in the repository, so that it can see whether the file is there.",
    page: "An argument of the start looks like a file that COPY may have brought. Copying a file that is not there would break the build, leaving it out would break the start.",
  },
  "output-is-directory": {
    kind: "refusal",
    message:
      "{path} is a directory when the program is built: Go writes {written}, and the start names the directory",
    remedy: "Give -o another path.",
    page: "When -o names an existing directory, Go puts the program into it under its own name. The image as it is does not start.",
    source: "https://pkg.go.dev/cmd/go#hdr-Compile_packages_and_dependencies",
  },
  "reads-working-directory": {
    kind: "refusal",
    message:
      "the program reads or serves its whole working directory, which is one of the system or the toolchain",
    remedy: "Give the program a WORKDIR of its own.",
    page: 'A call such as http.Dir(".") takes everything in the working directory. Where that is /, /go or the like, it cannot be copied whole.',
  },
  "reads-generated-files": {
    kind: "refusal",
    message: "the program reads {path}, which the repository does not hold and this step may make",
    remedy: "Commit the generated files, or embed them with go:embed.",
    page: "A generator runs in the build, and the sources name a path that is not in the repository. What the generator writes and where does not stand in the file.",
  },
  "reads-module-sources": {
    kind: "refusal",
    message: "a module of the program reads files beside its own sources",
    page: "The module finds files in the module cache or GOPATH at run time, which stay in the builder.",
  },
  "final-stage-has-toolchain": {
    kind: "refusal",
    message: "the file has several stages, and the last one still is {image}",
    remedy:
      "Give the last stage a small image, such as alpine, and copy the program into it with COPY --from.",
    page: "The final stage of a multi-stage file ships the toolchain, and the program that it starts is built in another stage.",
  },

  // Nothing to do
  "not-go": {
    kind: "unchanged",
    isForeign: true,
    message: "the file builds no Go program",
    page: "Neither the base image nor a command has to do with Go.",
  },
  "no-build": {
    kind: "unchanged",
    message:
      "nothing is built here: the image is the toolchain itself, or packs what was built before",
    page: "A golang image without a go build or go install of its own: a tool box, a CI image, or one that copies a finished program.",
  },
} as const satisfies ReasonTable;
