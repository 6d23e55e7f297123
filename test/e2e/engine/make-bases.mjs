#!/usr/bin/env node
/**
 * Makes the files of the stand-in base images from Debian packages and this machine's Node.
 *
 *     make-bases.mjs PACKAGES OUT
 *
 * PACKAGES is a folder that holds the .deb files of every package named below and of what they depend on, and an index, Packages. Nothing is taken from
 * the machine but its `node`, its `npm` and its certificates. What is made:
 *
 *     OUT/layers/NAME.tar                       layers of the images that images.mjs lists
 *     OUT/shelf/{debian,alpine}/PACKAGE.tar     what the stand-ins of apt-get and apk install
 *     OUT/versions.json                         the versions that the images' environment names
 *
 * Two families that can't run each other's programs, as in real life:
 *
 *     debian   glibc behind its usual loader name, /lib64/ld-linux-x86-64.so.2
 *     alpine   busybox, and the same glibc behind the loader name of musl, /lib/ld-musl-x86_64.so.1
 */
import { execFile, execFileSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { basename, delimiter, dirname, join, resolve } from "node:path";
import { promisify } from "node:util";

import { readPackages } from "./debian-packages.mjs";
import {
  CERTIFICATES,
  certificates,
  copyTree,
  directories,
  GLIBC_LOADER,
  LIBRARIES,
  link,
  moveToAlpine,
  MUSL_LOADER,
  rootsBelow,
  save,
  write,
} from "./file-systems.mjs";
import { storedZip } from "./stored-zip.mjs";

const run = promisify(execFile);
const [packagesFolder, out] = process.argv.slice(2).map((path) => resolve(path));
const here = dirname(new URL(import.meta.url).pathname);

/** What debian:bookworm-slim holds, as far as builds look at it. */
const DEBIAN_BASE = [
  "adduser",
  "base-files",
  "base-passwd",
  "bash",
  "coreutils",
  "dash",
  "debianutils",
  "dpkg",
  "findutils",
  "grep",
  "gzip",
  "hostname",
  "libc-bin",
  "login",
  "mawk",
  "ncurses-base",
  "passwd",
  "perl-base",
  "sed",
  "sysvinit-utils",
  "tar",
  "tzdata",
  "util-linux",
];
/** What the full (not slim) official images add to it. */
const BUILD_TOOLS = [
  "curl",
  "gcc-12",
  "git",
  "libc6-dev",
  "make",
  "openssl",
  "patch",
  "pkg-config",
  "procps",
  "unzip",
  "wget",
];
/** What an alpine has already, or has in another form. */
const NOT_ON_ALPINE = new Set([
  "base-files",
  "debconf",
  "debianutils",
  "dpkg",
  "gcc-12-base",
  "libc6",
  "libgcc-s1",
  "perl-base",
  "tar",
]);
const FAMILIES = ["debian", "alpine"];
/** Packages that `apt-get install` and `apk add` really bring. `nodejs`, `npm`, `nginx`, `ca-certificates` are made apart. */
const SHELF = [
  { debian: "bash" },
  { debian: "curl", certificates: true },
  { debian: "git" },
  { debian: "make" },
  { debian: "openssl" },
  { debian: "tini", alpineLinks: { "sbin/tini": "/usr/bin/tini" } },
  { debian: "tzdata" },
  { debian: "wget" },
  {
    debian: "gettext-base",
    aliases: { debian: ["gettext"], alpine: ["gettext", "gettext-envsubst", "envsubst"] },
  },
  // a library for programs with cgo, which golang:alpine can't build
  { debian: "libsqlite3-dev", families: ["debian"] },
  { debian: "libsqlite3-0", families: ["debian"] },
];

const packages = readPackages(packagesFolder, join(out, "scratch/packages"));
const { newRoot, unpack } = rootsBelow(join(out, "scratch/roots"), packages);
const debianBase = packages.withDependencies(DEBIAN_BASE);

function shim(root, path, name) {
  write(root, path, readFileSync(join(here, "shims", name)), { mode: 0o755 });
}

/** What the package ca-certificates brings. */
function certificatesPackage(root) {
  certificates(root);
  directories(root, ["usr/local/share/ca-certificates"]);
  shim(root, "usr/sbin/update-ca-certificates", "update-ca-certificates");
}

function saveLayer(root, name) {
  return save(root, join(out, "layers", `${name}.tar`));
}

async function savePackage(root, family, name, { aliases = [], ...options } = {}) {
  const folder = join(out, "shelf", family);
  await save(root, join(folder, `${name}.tar`), options);
  for (const alias of aliases) link(folder, `${alias}.tar`, `${name}.tar`);
}

// Accounts

const ALPINE_ACCOUNTS = {
  passwd: `root:x:0:0:root:/root:/bin/sh
bin:x:1:1:bin:/bin:/sbin/nologin
daemon:x:2:2:daemon:/sbin:/sbin/nologin
www-data:x:82:82::/var/www:/sbin/nologin
guest:x:405:100:guest:/dev/null:/sbin/nologin
nobody:x:65534:65534:nobody:/:/sbin/nologin
`,
  group: `root:x:0:root
bin:x:1:root,bin,daemon
daemon:x:2:root,bin,daemon
tty:x:5:
www-data:x:82:
users:x:100:games
nogroup:x:65533:
nobody:x:65534:
`,
};

/** The accounts of a family's base, and one more where `account` names it. */
async function accountsOf(family, account) {
  let accounts = ALPINE_ACCOUNTS;
  if (family === "debian") {
    const root = newRoot(`accounts-${account?.name ?? "debian"}`);
    await unpack(root, ["base-passwd"]);
    const master = (name) =>
      readFileSync(join(root, `usr/share/base-passwd/${name}.master`), "utf8").replaceAll(
        ":*:",
        ":x:",
      );
    accounts = { passwd: master("passwd"), group: master("group") };
  }
  if (!account) return accounts;
  const { name, id, rest } = account;
  return {
    passwd: `${accounts.passwd}${name}:x:${id}:${id}:${rest}\n`,
    group: `${accounts.group}${name}:x:${id}:\n`,
  };
}

function writeAccounts(root, { passwd, group }) {
  write(root, "etc/passwd", passwd);
  write(root, "etc/group", group);
}

// The bases

async function makeAlpine() {
  const root = newRoot("alpine");
  directories(root, [
    "bin",
    "dev",
    "etc/apk",
    "home",
    "lib",
    "media",
    "mnt",
    "opt",
    "proc",
    "root",
    "run",
    "sbin",
    "srv",
    "sys",
    "usr/bin",
    "usr/lib",
    "usr/local/bin",
    "usr/sbin",
    "usr/share",
    "var/cache",
    "var/lib",
    "var/log",
  ]);
  directories(root, ["tmp", "var/tmp"], { mode: 0o1777 });
  link(root, "var/run", "/run");

  await unpack(root, ["busybox-static"], { only: ["./bin/busybox"] });
  const applets = execFileSync(join(root, "bin/busybox"), ["--list"], { encoding: "utf8" })
    .trim()
    .split("\n");
  const absent = new Set(["busybox", "dpkg", "dpkg-deb", "httpd", "rpm", "rpm2cpio"]);
  for (const applet of applets.filter((name) => !absent.has(name)))
    link(root, `bin/${applet}`, "/bin/busybox");
  link(root, "usr/bin/env", "/bin/busybox");

  const glibc = newRoot("alpine-glibc", { mergedUsr: true });
  await unpack(glibc, ["libc6", "libgcc-s1"]);
  for (const name of [
    "libc",
    "libm",
    "libdl",
    "libpthread",
    "libresolv",
    "librt",
    "libnss_dns",
    "libnss_files",
    "libgcc_s",
  ]) {
    const file = readdirSync(join(glibc, LIBRARIES)).find((entry) =>
      entry.startsWith(`${name}.so.`),
    );
    write(root, join(LIBRARIES, file), readFileSync(join(glibc, LIBRARIES, file)), { mode: 0o755 });
  }
  write(root, MUSL_LOADER, readFileSync(join(glibc, LIBRARIES, "ld-linux-x86-64.so.2")), {
    mode: 0o755,
  });

  writeAccounts(root, await accountsOf("alpine"));
  write(root, "etc/shadow", "root:*::0:::::\n", { mode: 0o640 });
  write(root, "etc/nsswitch.conf", "hosts: files dns\n");
  write(root, "etc/hosts", "127.0.0.1 localhost\n");
  write(root, "etc/alpine-release", "3.20.0\n");
  write(
    root,
    "etc/os-release",
    'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.20.0\nPRETTY_NAME="Alpine Linux v3.20 (stand-in)"\n',
  );
  write(
    root,
    "etc/profile",
    "export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n",
  );
  certificates(root);
  for (const name of ["adduser", "addgroup", "deluser", "delgroup"])
    shim(root, `usr/sbin/${name}`, name);
  shim(root, "sbin/apk", "apk");
  await saveLayer(root, "alpine");
}

async function makeDebian() {
  const root = newRoot("debian", { mergedUsr: true });
  await unpack(root, debianBase);
  directories(root, [
    "dev",
    "etc",
    "home",
    "mnt",
    "opt",
    "proc",
    "root",
    "run",
    "srv",
    "sys",
    "usr/local/bin",
    "usr/local/sbin",
    "var/cache/apt",
    "var/lib/apt/lists",
    "var/lib/dpkg",
    "var/log",
  ]);
  directories(root, ["tmp", "var/tmp"], { mode: 0o1777 });
  link(root, "var/run", "/run");

  // what the packages' own scripts would have done
  for (const [name, target] of [
    ["awk", "mawk"],
    ["nawk", "mawk"],
    ["which", "which.debianutils"],
  ])
    link(root, `usr/bin/${name}`, target);
  writeAccounts(root, await accountsOf("debian"));
  write(root, "etc/shadow", "root:*:19000:0:99999:7:::\n", { mode: 0o640 });
  write(root, "etc/gshadow", "root:*::\n", { mode: 0o640 });
  write(
    root,
    "etc/nsswitch.conf",
    "passwd: files\ngroup: files\nshadow: files\nhosts: files dns\n",
  );
  for (const type of ["auth", "account", "password", "session"])
    write(root, `etc/pam.d/common-${type}`, `${type} required pam_unix.so\n`);
  write(root, "var/lib/dpkg/status", "");
  link(root, "etc/localtime", "/usr/share/zoneinfo/Etc/UTC");
  write(root, "etc/timezone", "Etc/UTC\n");
  write(
    root,
    "etc/os-release",
    'PRETTY_NAME="Debian GNU/Linux 12 (bookworm, stand-in)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\nID=debian\n',
  );

  // the stand-in of apt-get fetches and unpacks with a program that no layer above can break
  const busybox = newRoot("busybox");
  await unpack(busybox, ["busybox-static"], { only: ["./bin/busybox"] });
  write(root, "usr/lib/stand-in/busybox", readFileSync(join(busybox, "bin/busybox")), {
    mode: 0o755,
  });
  for (const name of ["apt-get", "apt"]) shim(root, `usr/bin/${name}`, "apt-get");
  await saveLayer(root, "debian");
}

async function makeUbuntu() {
  const root = newRoot("ubuntu");
  write(
    root,
    "etc/os-release",
    'PRETTY_NAME="Ubuntu 22.04 (stand-in)"\nNAME="Ubuntu"\nVERSION_ID="22.04"\nVERSION_CODENAME=jammy\nID=ubuntu\nID_LIKE=debian\n',
  );
  await saveLayer(root, "ubuntu");
}

async function makeBuildTools() {
  const root = newRoot("build-tools", { mergedUsr: true });
  await unpack(root, packages.withDependencies(BUILD_TOOLS, debianBase));
  for (const name of ["gcc", "cc", "x86_64-linux-gnu-gcc"]) link(root, `usr/bin/${name}`, "gcc-12");
  certificatesPackage(root);
  await saveLayer(root, "build-tools");
}

async function makeGo() {
  const unpacked = newRoot("go-unpacked");
  await unpack(unpacked, ["golang-1.19-go", "golang-1.19-src"]);
  const root = newRoot("go");
  const go = join(root, "usr/local/go");
  mkdirSync(dirname(go), { recursive: true });
  renameSync(join(unpacked, "usr/lib/go-1.19"), go);
  // Debian keeps what does not depend on the processor below /usr/share; the official image has all of it in one place
  for (const name of ["src", "misc", "pkg/include"]) {
    rmSync(join(go, name));
    renameSync(join(unpacked, "usr/share/go-1.19", name), join(go, name));
  }
  for (const name of ["api", "test"]) rmSync(join(go, name));
  rmSync(join(go, "pkg/linux_amd64/cmd"), { recursive: true });

  const zones = newRoot("zones");
  await unpack(zones, ["tzdata"]);
  write(go, "lib/time/zoneinfo.zip", storedZip(zoneFiles(join(zones, "usr/share/zoneinfo"))));
  directories(root, ["go", "go/src", "go/bin"], { mode: 0o1777 });
  const cached = makeGoCache(go);
  await saveLayer(root, "go");
  await cached;

  // on alpine the `go` command itself is dynamic, and cgo's archive says which loader its programs ask for
  const alpine = newRoot("go-alpine");
  write(alpine, "usr/local/go/bin/go", readFileSync(join(go, "bin/go")), { mode: 0o755 });
  moveToAlpine(alpine);
  certificatesPackage(alpine);
  const cgo = readFileSync(join(go, "pkg/linux_amd64/runtime/cgo.a"), "latin1");
  if (!cgo.includes(GLIBC_LOADER))
    throw new Error("runtime/cgo.a names no loader; the alpine family would run glibc programs");
  write(
    alpine,
    "usr/local/go/pkg/linux_amd64/runtime/cgo.a",
    Buffer.from(cgo.replaceAll(GLIBC_LOADER, MUSL_LOADER), "latin1"),
  );
  await saveLayer(alpine, "go-alpine");
}

/** The standard packages that depend on cgo where there is cgo, as far as small programs use them; what uses those is built with them. */
const DEPENDENT_ON_CGO = [
  "net/http/...",
  "net/smtp",
  "log/syslog",
  "expvar",
  "archive/tar",
  "os/user",
];
/** Go deletes what it last used five days ago, so a cache as old as its image must look newer; with that it need not note the use either. */
const NEVER_TRIMMED = new Date("2038-01-01T00:00:00Z");

/**
 * A layer with the build cache that a first `CGO_ENABLED=0 go build` would leave. Go brings its standard library compiled with cgo only, so
 * every build would compile these packages again. What the cache is asked for depends on neither the place of GOROOT nor the environment.
 */
async function makeGoCache(go) {
  const root = newRoot("go-cache");
  const cache = join(root, "root/.cache/go-build");
  directories(root, ["root"], { mode: 0o700 });
  const environment = {
    PATH: process.env.PATH,
    HOME: root,
    GOROOT: go,
    GOCACHE: cache,
    GOENV: "off",
    GO111MODULE: "off",
    CGO_ENABLED: "0",
  };
  await run(join(go, "bin/go"), ["build", ...DEPENDENT_ON_CGO], {
    cwd: join(go, "src"),
    env: environment,
  });
  for (const name of readdirSync(cache, { recursive: true }))
    utimesSync(join(cache, name), NEVER_TRIMMED, NEVER_TRIMMED);
  rmSync(join(cache, "trim.txt"), { force: true });
  await saveLayer(root, "go-cache");
}

/** Name and content of each zone, as Go's own lib/time/zoneinfo.zip has them. */
function zoneFiles(folder) {
  const zones = [];
  for (const path of execFileSync(
    "find",
    [
      ".",
      "(",
      "-name",
      "posix",
      "-o",
      "-name",
      "right",
      ")",
      "-prune",
      "-o",
      "!",
      "-type",
      "d",
      "-printf",
      "%P\n",
    ],
    { cwd: folder, encoding: "utf8" },
  )
    .trim()
    .split("\n")
    .sort()) {
    const content = existsSync(join(folder, path))
      ? readFileSync(join(folder, path))
      : Buffer.alloc(0);
    if (content.subarray(0, 4).toString() === "TZif") zones.push({ name: path, content });
  }
  return zones;
}

/** The folder of the machine's own npm: where the `npm` on PATH really lies. */
function npmFolder() {
  const command = process.env.PATH.split(delimiter)
    .map((folder) => join(folder, "npm"))
    .find((path) => existsSync(path));
  if (!command) throw new Error("no npm on PATH");
  return dirname(dirname(realpathSync(command)));
}

const NPM_CONFIGURATION = `cafile=/${CERTIFICATES}\nfund=false\naudit=false\nupdate-notifier=false\n`;

async function makeNode() {
  const node = newRoot("node", { mergedUsr: true });
  mkdirSync(join(node, "usr/local/bin"), { recursive: true });
  copyFileSync(realpathSync(process.execPath), join(node, "usr/local/bin/node"));
  const libraries =
    execFileSync("ldd", [process.execPath], { encoding: "utf8" }).match(/\S+\.so[.\d]*(?= =>)/g) ??
    [];
  const unknown = libraries.filter(
    (name) => !/^(linux-vdso|lib(c|m|dl|rt|pthread|stdc\+\+|gcc_s))\.so/.test(name),
  );
  if (unknown.length > 0)
    throw new Error(
      `${process.execPath} needs ${unknown.join(", ")}; use a Node from nodejs.org, which brings its own`,
    );
  const alpine = newRoot("node-alpine");
  copyTree(join(node, "usr/local"), join(alpine, "usr/local"));
  await unpack(node, ["libstdc++6"]);
  await unpack(alpine, ["libstdc++6"]);
  moveToAlpine(alpine);

  const common = newRoot("node-common");
  const npm = npmFolder();
  for (const folder of [npm, join(dirname(npm), "corepack")].filter((path) => existsSync(path))) {
    cpSync(folder, join(common, "usr/local/lib/node_modules", basename(folder)), {
      recursive: true,
      verbatimSymlinks: true,
    });
  }
  rmSync(join(common, "usr/local/lib/node_modules/npm/npmrc"), { force: true });
  for (const [name, target] of [
    ["npm", "npm/bin/npm-cli.js"],
    ["npx", "npm/bin/npx-cli.js"],
    ["corepack", "corepack/dist/corepack.js"],
  ]) {
    if (existsSync(join(common, "usr/local/lib/node_modules", target)))
      link(common, `usr/local/bin/${name}`, `../lib/node_modules/${target}`);
  }
  link(common, "usr/local/bin/nodejs", "node");
  write(common, "usr/local/etc/npmrc", NPM_CONFIGURATION);
  await addYarn(common);
  shim(common, "usr/local/bin/docker-entrypoint.sh", "node-entrypoint");
  directories(common, ["home/node"], { owner: 1000 });
  certificates(common);
  execFileSync("chown", ["-R", "0:0", join(common, "usr")]);
  await saveLayer(common, "node-common");

  writeAccounts(
    node,
    await accountsOf("debian", { name: "node", id: 1000, rest: ":/home/node:/bin/bash" }),
  );
  writeAccounts(
    alpine,
    await accountsOf("alpine", { name: "node", id: 1000, rest: ":/home/node:/bin/sh" }),
  );
  await saveLayer(node, "node-debian");
  await saveLayer(alpine, "node-alpine");
  await save(node, join(out, "layers/distroless-nodejs.tar"), {
    renamed: "s,^./usr/local/bin,./nodejs/bin,",
    only: ["./usr/local/bin"],
  });

  const packaged = { renamed: "s,^./usr/local/,./usr/," };
  for (const [family, root] of [
    ["debian", node],
    ["alpine", alpine],
  ])
    await savePackage(root, family, "nodejs", { ...packaged, only: ["./usr"] });
  const npmFiles = ["node_modules/npm", "../bin/npm", "../bin/npx", "../etc/npmrc"].map((path) =>
    join("./usr/local/lib", path),
  );
  for (const family of FAMILIES)
    await savePackage(common, family, "npm", {
      ...packaged,
      only: [...npmFiles, CERTIFICATES].map((path) => `./${path}`),
    });
}

const YARN = "1.22.22";

/** Yarn, as the official images have it; they have it from its site, here npm's registry is asked, and a failure is only told. */
async function addYarn(root) {
  const folder = join(out, "downloads");
  const archive = join(folder, `yarn-${YARN}.tgz`);
  const target = join(root, `opt/yarn-v${YARN}`);
  try {
    mkdirSync(folder, { recursive: true });
    if (!existsSync(archive))
      await run("npm", ["pack", "--silent", `yarn@${YARN}`], { cwd: folder });
    mkdirSync(target, { recursive: true });
    await run("tar", ["-xzf", archive, "-C", target, "--strip-components=1", "--no-same-owner"]);
  } catch (error) {
    console.error(`the node images have no yarn: ${error.message}`);
    rmSync(target, { recursive: true, force: true });
    return;
  }
  chmodSync(join(target, "bin/yarn.js"), 0o755);
  for (const name of ["yarn", "yarnpkg"])
    link(root, `usr/local/bin/${name}`, `/opt/yarn-v${YARN}/bin/yarn.js`);
}

const WELCOME =
  "<!DOCTYPE html>\n<html><head><title>Welcome to nginx!</title></head><body><h1>Welcome to nginx!</h1></body></html>\n";

function nginxConfiguration({ user, pid = "/run/nginx.pid", state, includes }) {
  return `${user === undefined ? "" : `user  ${user};\n`}worker_processes  1;
error_log  /var/log/nginx/error.log notice;
pid        ${pid};
events {
    worker_connections  256;
}
http {
    include       /etc/nginx/mime.types;
    default_type  application/octet-stream;
    access_log  /var/log/nginx/access.log;
    sendfile        on;
    keepalive_timeout  65;
${["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `    ${name}_temp_path ${state}/${name}_temp;\n`).join("")}${includes.map((path) => `    include ${path};\n`).join("")}}
`;
}

/** nginx's program, its libraries and MIME types, in the layout of one family. */
async function nginxRoot(name, family) {
  const root = newRoot(name, { mergedUsr: family === "debian" });
  const needed = packages.withDependencies(
    ["nginx"],
    family === "debian" ? debianBase : NOT_ON_ALPINE,
  );
  await unpack(
    root,
    [...needed].filter((entry) => /^(nginx|lib|zlib)/.test(entry) && entry !== "nginx-common"),
  );
  await unpack(root, ["nginx-common"], {
    only: ["./etc/nginx/mime.types", "./etc/nginx/*_params", "./etc/nginx/fastcgi.conf"],
  });
  if (family === "alpine") moveToAlpine(root);
  certificates(root);
  directories(root, ["var/log/nginx", "var/lib/nginx"]);
  return root;
}

const NGINX_ACCOUNTS = {
  debian: { name: "nginx", id: 101, rest: "nginx user:/nonexistent:/bin/false" },
  alpine: { name: "nginx", id: 101, rest: "nginx:/var/cache/nginx:/sbin/nologin" },
};

function defaultServer(port) {
  return `server {
    listen       ${port};
    server_name  localhost;
    location / {
        root   /usr/share/nginx/html;
        index  index.html index.htm;
    }
    error_page   500 502 503 504  /50x.html;
    location = /50x.html {
        root   /usr/share/nginx/html;
    }
}
`;
}

/** The official images: the same layout on both families. */
async function makeNginx(family) {
  const root = await nginxRoot(`nginx-${family}`, family);
  certificatesPackage(root);
  const includes = ["/etc/nginx/conf.d/*.conf"];
  write(
    root,
    "etc/nginx/nginx.conf",
    nginxConfiguration({ user: "nginx", state: "/var/cache/nginx", includes }),
  );
  write(root, "etc/nginx/conf.d/default.conf", defaultServer(80));
  write(root, "usr/share/nginx/html/index.html", WELCOME);
  write(root, "usr/share/nginx/html/50x.html", "<h1>An error occurred.</h1>\n");
  writeAccounts(root, await accountsOf(family, NGINX_ACCOUNTS[family]));
  shim(root, "docker-entrypoint.sh", "nginx-entrypoint");
  shim(root, "docker-entrypoint.d/20-envsubst-on-templates.sh", "nginx-envsubst");
  shim(root, "usr/local/bin/envsubst", "envsubst");
  directories(root, ["var/cache/nginx"], { owner: 101 });
  link(root, "var/log/nginx/access.log", "/dev/stdout");
  link(root, "var/log/nginx/error.log", "/dev/stderr");
  await saveLayer(root, `nginx-${family}`);
}

/** What nginxinc/nginx-unprivileged has in other ways: no account to change to, and nothing that root alone may write. */
async function makeNginxUnprivileged() {
  const root = newRoot("nginx-unprivileged");
  directories(root, ["etc/nginx", "etc/nginx/conf.d", "var/cache/nginx"], {
    mode: 0o775,
    owner: 101,
    group: 0,
  });
  const includes = ["/etc/nginx/conf.d/*.conf"];
  write(
    root,
    "etc/nginx/nginx.conf",
    nginxConfiguration({ pid: "/tmp/nginx.pid", state: "/tmp", includes }),
    { mode: 0o664, owner: 101, group: 0 },
  );
  write(root, "etc/nginx/conf.d/default.conf", defaultServer(8080), {
    mode: 0o664,
    owner: 101,
    group: 0,
  });
  await saveLayer(root, "nginx-unprivileged");
}

/** The distributions' own nginx packages, which put their files elsewhere. */
async function makeNginxPackages() {
  const debian = await nginxRoot("package-debian-nginx", "debian");
  write(
    debian,
    "etc/nginx/nginx.conf",
    nginxConfiguration({
      user: "www-data",
      state: "/var/lib/nginx",
      includes: ["/etc/nginx/conf.d/*.conf", "/etc/nginx/sites-enabled/*"],
    }),
  );
  write(
    debian,
    "etc/nginx/sites-available/default",
    "server {\n\tlisten 80 default_server;\n\troot /var/www/html;\n\tindex index.html index.htm index.nginx-debian.html;\n\tserver_name _;\n\tlocation / { try_files $uri $uri/ =404; }\n}\n",
  );
  link(debian, "etc/nginx/sites-enabled/default", "/etc/nginx/sites-available/default");
  write(debian, "var/www/html/index.nginx-debian.html", WELCOME);
  directories(debian, ["etc/nginx/conf.d"]);
  await savePackage(debian, "debian", "nginx");

  const alpine = await nginxRoot("package-alpine-nginx", "alpine");
  write(
    alpine,
    "etc/nginx/nginx.conf",
    nginxConfiguration({
      user: "nginx",
      pid: "/run/nginx/nginx.pid",
      state: "/var/lib/nginx",
      includes: ["/etc/nginx/http.d/*.conf"],
    }),
  );
  write(
    alpine,
    "etc/nginx/http.d/default.conf",
    "server {\n\tlisten 80 default_server;\n\tlocation / {\n\t\treturn 404;\n\t}\n}\n",
  );
  write(alpine, "var/lib/nginx/html/index.html", WELCOME);
  directories(alpine, ["run/nginx"]);
  write(
    alpine,
    ".post-install",
    "addgroup -S nginx 2>/dev/null\nadduser -S -D -H -h /var/lib/nginx -s /sbin/nologin -G nginx -g nginx nginx 2>/dev/null\nchown -R nginx:nginx /var/lib/nginx /var/log/nginx\n",
  );
  await savePackage(alpine, "alpine", "nginx");
}

async function makeShelf() {
  for (const {
    debian: name,
    aliases = {},
    alpineLinks = {},
    certificates: withCertificates = false,
    families = FAMILIES,
  } of SHELF) {
    for (const family of families) {
      const root = newRoot(`package-${family}-${name}`, { mergedUsr: family === "debian" });
      const wanted = packages.withDependencies(
        [name],
        family === "debian"
          ? new Set([...debianBase].filter((entry) => entry !== name))
          : NOT_ON_ALPINE,
      );
      await unpack(root, wanted);
      if (withCertificates) certificates(root);
      if (family === "alpine") {
        moveToAlpine(root);
        for (const [path, target] of Object.entries(alpineLinks)) link(root, path, target);
      }
      await savePackage(root, family, name, { aliases: aliases[family] });
    }
  }
  const certificatesOnly = newRoot("package-ca-certificates");
  certificatesPackage(certificatesOnly);
  for (const family of FAMILIES) await savePackage(certificatesOnly, family, "ca-certificates");
  // with this package a glibc program does start on alpine, as it (mostly) does in real life
  const compatibility = newRoot("package-gcompat");
  link(compatibility, GLIBC_LOADER, MUSL_LOADER);
  await savePackage(compatibility, "alpine", "gcompat", { aliases: ["libc6-compat"] });
}

async function makeDistroless() {
  const root = newRoot("distroless-static");
  await unpack(root, ["tzdata"]);
  directories(root, ["dev", "etc", "home", "proc", "root", "sys", "usr/share", "var"]);
  directories(root, ["tmp"], { mode: 0o1777 });
  directories(root, ["home/nonroot"], { mode: 0o700, owner: 65532 });
  write(
    root,
    "etc/passwd",
    "root:x:0:0:root:/root:/sbin/nologin\nnobody:x:65534:65534:nobody:/nonexistent:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n",
  );
  write(root, "etc/group", "root:x:0:\nnobody:x:65534:\nnonroot:x:65532:\n");
  write(root, "etc/nsswitch.conf", "hosts: files dns\n");
  write(
    root,
    "etc/os-release",
    'NAME="Debian GNU/Linux"\nID=debian\nVERSION_ID="12"\nPRETTY_NAME="Distroless (stand-in)"\n',
  );
  certificates(root);
  await saveLayer(root, "distroless-static");

  const base = newRoot("distroless-base");
  await unpack(base, ["libc6", "libssl3"]);
  await saveLayer(base, "distroless-base");

  const cc = newRoot("distroless-cc");
  await unpack(cc, ["libgcc-s1", "libstdc++6"]);
  await saveLayer(cc, "distroless-cc");
}

// All of it, the long ones first

const started = performance.now();
await Promise.all(
  Object.entries({
    go: makeGo,
    buildTools: makeBuildTools,
    node: makeNode,
    debian: makeDebian,
    alpine: makeAlpine,
    shelf: makeShelf,
    nginxUnprivileged: makeNginxUnprivileged,
    ubuntu: makeUbuntu,
    nginxDebian: () => makeNginx("debian"),
    nginxAlpine: () => makeNginx("alpine"),
    nginxPackages: makeNginxPackages,
    distroless: makeDistroless,
  }).map(async ([name, make]) => {
    await make();
    console.error(`${((performance.now() - started) / 1000).toFixed(1).padStart(6)} s  ${name}`);
  }),
);
await run("rm", ["-rf", join(out, "scratch")]);
writeFileSync(
  join(out, "versions.json"),
  JSON.stringify({
    GOLANG_VERSION: packages.version("golang-1.19-go"),
    NGINX_VERSION: packages.version("nginx"),
    NODE_VERSION: process.versions.node,
    YARN_VERSION: YARN,
  }),
);
