/**
 * What the programs that RUN instructions start leave behind in the image, as far as a runtime stage cares.
 * Data; a program that is not listed may leave anything.
 */
export type CommandEffect =
  /** Reads, prints, checks, or changes only the toolchain's own state. */
  | "none"
  /** Writes files, sources as a rule, whose names its arguments do not tell. */
  | "generator"
  /** Installs or removes packages of the distribution. */
  | "packages"
  /** Makes, copies, moves or removes files named by its arguments. */
  | "files"
  /** Makes users or groups. */
  | "users"
  /** Runs recipes from files of the repository. */
  | "recipe"
  /** Another language's toolchain. */
  | "toolchain"
  /** Brings files from elsewhere. */
  | "download";

function table(effect: CommandEffect, names: string): [string, CommandEffect][] {
  return names
    .trim()
    .split(/\s+/)
    .map((name) => [name, effect]);
}

export const COMMAND_EFFECTS: ReadonlyMap<string, CommandEffect> = new Map([
  // POSIX utilities that write nothing but their output.
  // Source: https://pubs.opengroup.org/onlinepubs/9699919799/idx/utilities.html
  ...table(
    "none",
    `: true false echo printf cat ls pwd date env printenv which type uname test [ [[ sleep set export unset cd umask whoami id
    head tail wc sort uniq cut tr file du df stat readlink realpath basename dirname hash sync wait exit return nproc shopt getent ldd nm size tree read local`,
  ),
  // Work on text files in their place, or filter. Sources: man pages of sed, awk, dos2unix.
  ...table(
    "none",
    "sed awk gawk dos2unix pkg-config pkgconf locale-gen localedef ldconfig gpg gpg2 gpgconf ssh-keyscan ssh-agent ssh-add base64 sha256sum sha512sum md5sum cmp diff seq expr tput sysctl free ps kill nohup",
  ),
  // Search only; `-delete` and `-exec` are looked at by the caller.
  ...table("none", "grep egrep fgrep"),
  // Work on a file in its place: the same path, another content. Sources: man pages of binutils, upx, libcap.
  ...table("none", "strip upx setcap"),
  // The certificate bundle is copied whole in its last state. Source: man update-ca-certificates
  ...table("none", "update-ca-certificates"),
  // Go's checkers and old dependency managers.
  ...table(
    "none",
    `gofmt goimports golint golangci-lint staticcheck gosec govulncheck errcheck ginkgo richgo gotestsum dep glide govendor godep gvt gopm govend trash`,
  ),
  // Go's code generators.
  ...table(
    "generator",
    `protoc buf swag sqlc wire mockgen mockery go-bindata go-bindata-assetfs statik packr packr2 rice esc templ gqlgen oapi-codegen easyjson
    stringer xo genny qtc vfsgendev fileb0x pkger jade hero fyne revel ent goyacc ragel thrift flatc`,
  ),
  ...table(
    "packages",
    "apk apt-get apt yum dnf microdnf aptitude dpkg rpm apt-key add-apt-repository",
  ),
  ...table("files", "mkdir touch cp mv ln rm rmdir install chown chgrp chmod unlink"),
  ...table("users", "adduser addgroup useradd groupadd usermod passwd chpasswd deluser delgroup"),
  ...table(
    "recipe",
    "make gmake task mage just bazel bazelisk ninja cmake sh bash dash ash zsh gox goreleaser gb xgo ko scons rake ant gradle mvn goxc",
  ),
  ...table(
    "toolchain",
    "npm npx yarn pnpm bun node corepack bower gulp grunt webpack vite pip pip3 python python3 gem bundle cargo rustc composer php elm",
  ),
  ...table("download", "curl wget git svn hg bzr aria2c rsync scp tar unzip gunzip"),
]);
