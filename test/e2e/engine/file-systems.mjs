/** Roots: folders that become a layer of an image or a package on the shelf. */
import { execFile, execFileSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { rootCertificates } from "node:tls";
import { promisify } from "node:util";

const run = promisify(execFile);

export const LIBRARIES = "usr/lib/x86_64-linux-gnu";
export const CERTIFICATES = "etc/ssl/certs/ca-certificates.crt";
export const GLIBC_LOADER = "/lib64/ld-linux-x86-64.so.2";
/** The kernel reads the repeated slashes as one; with them both names have the same length and can be swapped in place. */
export const MUSL_LOADER = "/lib////ld-musl-x86_64.so.1";

/** The links of a Debian root's merged /usr. */
const MERGED = ["bin", "sbin", "lib", "lib64"];

const EXCLUDED_FILES = [
  ...[
    "bash-completion",
    "bug",
    "doc",
    "doc-base",
    "gcc",
    "gitweb",
    "i18n",
    "info",
    "lintian",
    "locale",
    "man",
    "menu",
    "perl5/Debconf",
    "perl5/Debian/DebConf",
    "perl5/Git",
  ].map((folder) => `./usr/share/${folder}/*`),
  "./lib/systemd/*",
  "./usr/lib/systemd/*",
  "*/gconv/*",
  // gcc's link-time optimization and sanitizers, and the linkers that gcc does not call by default
  "*/lto1",
  "*/lto-wrapper",
  "*-lto-dump-*",
  "*/lib[alt]san*",
  "*/libubsan*",
  "*gold",
  "*-dwp",
  "*gprofng*",
  // what Debian's Go has and the official image has not, or no build reads
  "./usr/lib/go-1.19/pkg/linux_amd64/cmd/*",
  "./usr/share/go-1.19/test/*",
  "./usr/share/go-1.19/api/*",
  "./usr/share/go-1.19/src/*_test.go",
  "./usr/share/go-1.19/src/*/testdata/*",
  "./usr/share/go-1.19/src/cmd/*",
  "*/goboringcrypto_*.syso",
  "*/pkg/tool/linux_amd64/api",
  "*/pkg/tool/linux_amd64/pprof",
  "*/pkg/tool/linux_amd64/trace",
];

export function rootsBelow(folder, packages) {
  return {
    /** An empty root. A Debian root has a merged /usr: /bin, /lib, … are links, through which packages are unpacked. */
    newRoot(name, { mergedUsr = false } = {}) {
      const root = join(folder, name);
      rmSync(root, { recursive: true, force: true });
      mkdirSync(root, { recursive: true });
      for (const path of mergedUsr ? MERGED : []) {
        mkdirSync(join(root, "usr", path), { recursive: true });
        symlinkSync(`usr/${path}`, join(root, path));
      }
      return root;
    },

    /** Unpacks packages without running their scripts; `only` is a list of tar patterns. */
    async unpack(root, names, { only = [] } = {}) {
      const tars = [];
      for (const name of names) tars.push(await packages.tar(name));
      const script =
        'cat "${@:2:$1}" | tar -x -p --ignore-zeros --keep-directory-symlink --wildcards "${@:$1 + 2}"';
      const excluded = EXCLUDED_FILES.map((pattern) => `--exclude=${pattern}`);
      await run("bash", [
        // A shell whose input is a socket, as Node's pipes are, takes itself for a remote one and reads ~/.bashrc.
        "--norc",
        "-o",
        "pipefail",
        "-c",
        script,
        "unpack",
        String(tars.length),
        ...tars,
        "-C",
        root,
        ...excluded,
        ...only,
      ]);
    },
  };
}

export function write(root, path, content, { mode = 0o644, owner = 0, group = owner } = {}) {
  const target = join(root, path);
  mkdirSync(dirname(target), { recursive: true });
  rmSync(target, { force: true });
  writeFileSync(target, content);
  chmodSync(target, mode);
  chownSync(target, owner, group);
}

export function directories(root, paths, { mode = 0o755, owner = 0, group = owner } = {}) {
  for (const path of paths) {
    mkdirSync(join(root, path), { recursive: true });
    chmodSync(join(root, path), mode);
    chownSync(join(root, path), owner, group);
  }
}

export function link(root, path, target) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  rmSync(join(root, path), { recursive: true, force: true });
  symlinkSync(target, join(root, path));
}

export function copyTree(source, target) {
  mkdirSync(target, { recursive: true });
  execFileSync("cp", ["-a", `${source}/.`, target]);
}

/** The certificates that this machine trusts, a local authority among them; Node's own list where it has none. */
export function certificates(root) {
  const machines = `/${CERTIFICATES}`;
  write(
    root,
    CERTIFICATES,
    existsSync(machines) ? readFileSync(machines) : `${rootCertificates.join("\n")}\n`,
  );
}

/**
 * Saves a root as a tar file.
 * @param {{ renamed?: string, only?: string[] }} [options] `renamed`: a sed expression for the names; `only`: paths to take
 */
export async function save(root, file, { renamed, only = ["."] } = {}) {
  mkdirSync(dirname(file), { recursive: true });
  const isLink = (path) => lstatSync(join(root, path), { throwIfNoEntry: false })?.isSymbolicLink();
  // the links of a merged /usr belong to the Debian base alone
  const excluded =
    basename(root) === "debian" ? [] : MERGED.filter(isLink).map((path) => `--exclude=./${path}`);
  // r and h, not S: what links point to is left alone
  const transformed = renamed === undefined ? [] : [`--transform=flags=rh;${renamed}`];
  await run("tar", [
    "-C",
    root,
    "--numeric-owner",
    "--sort=name",
    ...excluded,
    ...transformed,
    "-cf",
    file,
    ...only,
  ]);
}

function* filesBelow(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    else if (entry.isFile()) yield path;
  }
}

/** Makes the dynamic programs below a root ask for the loader of musl. Their PT_INTERP lies in the first pages. */
export function moveToAlpine(root) {
  const wanted = Buffer.from(`${GLIBC_LOADER}\0`);
  const head = Buffer.alloc(8192);
  for (const file of filesBelow(root)) {
    const descriptor = openSync(file, "r+");
    const read = head.subarray(0, readSync(descriptor, head, 0, head.length, 0));
    const at = read.subarray(0, 4).equals(Buffer.from("\x7fELF")) ? read.indexOf(wanted) : -1;
    if (at > 0) writeSync(descriptor, MUSL_LOADER, at);
    closeSync(descriptor);
  }
}
