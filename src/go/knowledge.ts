/** What is known of builds with Go: data, with sources. */

/** Variables that only the toolchain reads; they stay in the builder. Sources: `go help environment`, `go env`. */
export const TOOLCHAIN_VARIABLES = new Set([
  "GOPATH", "GOROOT", "GOBIN", "GOCACHE", "GOMODCACHE", "GOENV", "GOEXE", "GOFLAGS", "GO111MODULE", "GOPROXY", "GOPRIVATE", "GONOPROXY",
  "GONOSUMDB", "GONOSUMCHECK", "GOSUMDB", "GOINSECURE", "GOVCS", "GOWORK", "GOOS", "GOARCH", "GOARM", "GOAMD64", "GO386", "GOMIPS",
  "GOEXPERIMENT", "GOTOOLCHAIN", "GOTOOLDIR", "GOTMPDIR", "GOHOSTOS", "GOHOSTARCH", "GOLANG_VERSION", "GO_VERSION", "GOLANG_GOOS",
  "CGO_ENABLED", "CGO_CFLAGS", "CGO_CPPFLAGS", "CGO_CXXFLAGS", "CGO_LDFLAGS", "CGO_CFLAGS_ALLOW", "CGO_LDFLAGS_ALLOW",
  "CC", "CXX", "AR", "LD", "PKG_CONFIG", "PKG_CONFIG_PATH", "DEBIAN_FRONTEND", "BUILD_DEPS", "BUILD_PACKAGES",
]);

/** Directories on PATH that hold the toolchain, or what it installs. */
export const TOOLCHAIN_DIRECTORIES = ["/usr/local/go/bin", "/go/bin"];

/** Programs that rebuild and restart on change, or debug. Sources: each project's README. */
export const DEVELOPMENT_PROGRAMS = new Set([
  "air", "reflex", "CompileDaemon", "fresh", "realize", "gin", "modd", "dlv", "nodemon", "watchexec", "entr", "wgo", "gow", "bee",
  "gaper", "arelo", "rerun", "watcher", "godo", "gomon", "buffalo", "inotifywait", "looper", "kool",
]);

/** Programs that start another one as its parent. */
export const START_WRAPPERS = new Set([
  "tini", "dumb-init", "gosu", "su-exec", "sudo", "env", "nice", "time", "timeout", "supervisord", "s6-svscan", "runit", "pm2", "wait-for-it.sh",
  "wait-for", "dockerize", "forego", "goreman", "hivemind", "overmind", "strace", "xvfb-run", "envconsul", "chamber", "aws-env",
]);

export type PackageUse = "build" | "certificates" | "zones" | "users";

/**
 * Distribution packages that a Go build needs and a Go program does not, and those whose files the
 * migration carries over in another way. Anything not listed counts as needed at run time.
 * Sources: https://packages.debian.org, https://pkgs.alpinelinux.org (descriptions and file lists).
 */
export const PACKAGES: Readonly<Record<string, PackageUse>> = {
  // version control and fetching of modules
  git: "build", mercurial: "build", bzr: "build", breezy: "build", subversion: "build", "openssh": "build", "openssh-client": "build",
  "openssh-client-default": "build", "openssh-keygen": "build",
  // compilers and build tools
  gcc: "build", "g++": "build", "musl-dev": "build", "libc-dev": "build", "libc6-dev": "build", "build-base": "build", "build-essential": "build",
  make: "build", cmake: "build", autoconf: "build", automake: "build", libtool: "build", binutils: "build", "binutils-gold": "build",
  "linux-headers": "build", "pkg-config": "build", pkgconfig: "build", pkgconf: "build", clang: "build", lld: "build", llvm: "build", "gcc-multilib": "build",
  patch: "build", m4: "build", bison: "build", flex: "build", upx: "build", "upx-ucl": "build", go: "build", golang: "build", "golang-go": "build",
  protobuf: "build", "protobuf-dev": "build", "protobuf-compiler": "build", protoc: "build", "libprotobuf-dev": "build", "software-properties-common": "build", "apt-transport-https": "build",
  "apt-utils": "build", gnupg: "build", gnupg2: "build", "dirmngr": "build", "lsb-release": "build", file: "build",
  // unpacking
  tar: "build", unzip: "build", zip: "build", gzip: "build", "xz-utils": "build", xz: "build", bzip2: "build",
  // carried in another way
  "ca-certificates": "certificates", "ca-certificates-bundle": "certificates", openssl: "build", tzdata: "zones", shadow: "users", libcap: "build", "libcap2-bin": "build",
};

/** Packages that scripts of the build often need, and that a program could start: taken as build tools when the sources start no program. */
export const AMBIGUOUS_PACKAGES = new Set([
  "bash", "curl", "wget", "jq", "vim", "nano", "less", "tree", "htop", "procps", "net-tools", "iputils-ping", "telnet", "netcat", "nodejs", "npm", "python3", "python", "sed", "gawk", "grep", "findutils", "coreutils", "lsof", "strace", "iproute2", "dnsutils", "sudo", "apk-tools", "libc6-compat", "gcompat", "locales", "rsync", "busybox-extras", "inotify-tools", "entr",
]);
