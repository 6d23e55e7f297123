/** What a distribution's package is for, when a Dockerfile installs it: data. */
import { programsOfPackage } from "./system-programs.ts";

/**
 * - `build`: compilers, build tools and headers, of no use to what they built.
 * - `certificates`, `zones`, `users`: files that a runtime stage gets in a way of its own.
 * - `program`: of use only to what runs one of its programs.
 * - `library`: shared libraries that a program linked against them loads, and what belongs to building with them.
 * - `data`: files that a program may read without being told to.
 */
export type PackageUse =
  | "build"
  | "certificates"
  | "zones"
  | "users"
  | "program"
  | "library"
  | "data"
  | "unknown";

/**
 * Packages by use, where neither the name nor the programs tell it.
 * Sources: https://packages.debian.org, https://pkgs.alpinelinux.org (descriptions and file lists).
 */
const PACKAGES_BY_USE: Readonly<Record<Exclude<PackageUse, "unknown">, string>> = {
  build: `abuild alpine-sdk apt-transport-https apt-utils autoconf autoconf-archive autogen automake autopoint
    autotools-dev bear binutils binutils-gold bison build-base build-dependencies build-essential
    bsd-compat-headers ccache checkinstall clang clang-dev clang-format cmake cpp cross-toolchain dejagnu
    debhelper devscripts dh-make dpkg-dev doxygen fakeroot flex fortify-headers g++ g++-multilib
    g++-mingw-w64 gcc gcc-go gcc-multilib gcc-mingw-w64 gcc-mingw-w64-x86-64 gccgo gfortran go go-bootstrap
    golang golang-any golang-go golang-src golang-goprotobuf-dev goprotobuf gperf intltool libc-dev libc-dev-bin
    libc-utils libc6-dev libc6-dev-i386 libprotobuf-dev libprotoc-dev libtool libtool-bin linux-headers
    linux-headers-amd64 linux-headers-generic linux-libc-dev lld llvm llvm-dev lsb-release make meson
    mingw-w64 mold musl-dev musl-tools nasm ninja ninja-build ninja-is-really-ninja node-gyp patchelf pkg-config
    pkgconf pkgconf-dev pkgconfig protobuf protobuf-compiler protobuf-dev protoc protoc-gen-go re2c
    rust cargo rustc samurai scons software-properties-common swig texinfo upx upx-ucl upx-ucl-beta
    vala valac xorg-sgml-doctools  yasm`,
  certificates: "ca-certificates ca-certificates-bundle ca-certificates-cacert",
  zones: "tzdata tzdata-doc tzdata-legacy tzdata-right tzdata-utils",
  users: "adduser login passwd shadow shadow-uidmap uidmap",
  program: "",
  library: `alsa-lib c-ares cairo cairo-gobject czmq device-mapper-libs eudev-libs expat freetds freetype
    gcompat gdal gdbm gdk-pixbuf geos giflib glib glfw gmp gtk+2.0 gtk+3.0 gtk4.0 harfbuzz icu icu-libs jansson lcms2
    leptonica leveldb lmdb mesa mesa-dri-gallium mesa-egl mesa-gbm mesa-gl mesa-gles mesa-va-gallium mpc1 mpfr mpfr4
    musl ncurses-libs nettle nss nspr ocl-icd-libopencl1 odbcinst odbcinst1debian2 olm oniguruma openblas opencv
    openjpeg opus opusfile orc pango pcre pcre2 pixman poppler poppler-glib portaudio proj protobuf-c qt5-qtbase re2
    readline rocksdb sdl2 sdl2_image sdl2_mixer sdl2_ttf snappy speex taglib talloc tdsodbc tiff
    tdb unixodbc vips vips-cpp vips-heif vips-jxl vips-magick vips-poppler webkit2gtk wiringpi x264-libs x265-libs yaml
    zeromq zlib zlib1g zlib-ng`,
  data: `adwaita-icon-theme alpine-baselayout-data aspell-en base-files cantarell-fonts ca-certificates-java
     dictionaries-common dns-root-data fontconfig fontconfig-config geoip geoip-database
    geoip-database-extra ghostscript-fonts gsfonts hicolor-icon-theme hunspell-en iana-etc icu-data-en icu-data-full
    icu-data iso-codes iso-codes-lang java-cacerts kbd-bkeymaps language-pack-en language-pack-ru language-pack-zh-hans
    locales locales-all mailcap media-types mime-support mime-types miscfiles msttcorefonts-installer musl-locales
    musl-locales-lang ncurses-base ncurses-terminfo ncurses-terminfo-base ncurses-term netbase openssl-config
    poppler-data publicsuffix shared-mime-info terminus-font ttf-mscorefonts-installer unicode-data usbids
    hwdata hwids pci-ids usb.ids wamerican wbritish words words-en xfonts-base xfonts-75dpi xfonts-100dpi
    xfonts-encodings xkeyboard-config xkb-data`,
};

/** Names that end or begin a certain way; the first that fits counts. */
const USES_BY_NAME: readonly (readonly [RegExp, PackageUse])[] = [
  [/-(?:doc|docs|man|dbg|dbgsym|bash-completion|openrc|source|headers)$/, "build"],
  [/(?<!^busybox|^qemu-user)-static$/, "build"],
  [/^(?:fonts?|ttf|otf|texlive-fonts)-|-fonts?$|^font$/, "data"],
  [/^(?:hunspell|aspell|myspell|mythes|hyphen)-[a-z]{2}/, "data"],
  [/^tesseract-ocr-(?!dev$)/, "data"],
  [/^(?:language-pack|icu-data|geoip-database|task-\w+-language)/, "data"],
  [/-dev$/, "library"],
  [/^(?:gcc|g\+\+|clang|llvm|binutils|golang|go|lld)-\d|^libstdc\+\+-\d+-dev$|-cross$/, "build"],
];

/**
 * Packages that bring the programs of another: its names in the other distribution's or other releases' words,
 * and metapackages.
 */
const SAME_PROGRAMS: Readonly<Record<string, string>> = {
  "apache2-bin": "apache2",
  "bind9-utils": "bind9",
  bind9utils: "bind9",
  "apk-tools": "",
  breezy: "",
  bsdmainutils: "bsdextrautils",
  "busybox-static": "busybox",
  bzr: "",
  "chromium-browser": "chromium",
  "chromium-swiftshader": "chromium",
  dnsutils: "bind9-dnsutils",
  "docker-ce-cli": "docker-cli",
  "docker-ce": "docker-cli",
  docker: "docker-cli",
  "git-core": "git",
  "git-daemon": "git",
  gpg: "gnupg",
  "gpg-agent": "gnupg",
  "gnuplot-nox": "gnuplot",
  "inetutils-ping": "iputils-ping",
  "inetutils-telnet": "telnet",
  "iproute2-ss": "",
  "iproute2-minimal": "iproute2",
  "libreoffice-common": "libreoffice",
  "libreoffice-core": "libreoffice",
  "libreoffice-writer": "libreoffice",
  "libreoffice-calc": "libreoffice",
  "libreoffice-impress": "libreoffice",
  "mariadb-client-core": "mariadb-client",
  "mysql-client": "mariadb-client",
  "default-mysql-client-core": "mariadb-client",
  netcat: "netcat-openbsd",
  "netcat-traditional": "netcat-openbsd",
  "nginx-core": "nginx",
  "nginx-extras": "nginx",
  "nginx-full": "nginx",
  "nginx-light": "nginx",
  "nodejs-current": "nodejs",
  openssh: "openssh-client",
  "openssh-client-common": "openssh-client",
  "openssh-client-default": "openssh-client",
  "7zip": "p7zip-full",
  "postgresql-client-common": "postgresql-client",
  postgresql: "postgresql-client",
  "procps-ng": "procps",
  python: "python3",
  "python3-minimal": "python3",
  "python3-venv": "python3",
  "texlive-latex-recommended": "texlive-latex-base",
  "vim-nox": "vim",
  "vim-tiny": "vim",
  "vim-gtk": "vim",
};

const USES: ReadonlyMap<string, PackageUse> = new Map(
  Object.entries(PACKAGES_BY_USE).flatMap(([use, names]) =>
    wordsOf(names).map((name) => [name, use as PackageUse] as const),
  ),
);

/**
 * What a distribution package is for.
 *
 * @example packageUse("postgresql-client") // "program"
 */
export function packageUse(name: string): PackageUse {
  const listed = USES.get(name);
  if (listed !== undefined) return listed;
  const named = USES_BY_NAME.find(([pattern]) => pattern.test(name))?.[1];
  if (named !== undefined) return named;
  if (programsOf(name).length > 0 || Object.hasOwn(SAME_PROGRAMS, name)) return "program";
  // Debian's policy and Alpine's practice: a package named lib… holds shared libraries, …-libs those of another.
  return /^lib(?!reoffice)|-libs$|^so:/.test(name) ? "library" : "unknown";
}

const programsByPackage = new Map<string, readonly string[]>();

/** The programs that a package brings, as far as `SYSTEM_PROGRAMS` tells. */
export function programsOf(packageName: string): readonly string[] {
  let programs = programsByPackage.get(packageName);
  if (!programs) programsByPackage.set(packageName, (programs = findPrograms(packageName)));
  return programs;
}

function findPrograms(packageName: string): readonly string[] {
  const programs = programsOfPackage(packageName);
  if (programs.length > 0) return programs;
  const same = Object.hasOwn(SAME_PROGRAMS, packageName)
    ? SAME_PROGRAMS[packageName]!
    : withoutVersion(packageName);
  return same === undefined ? [] : programsOfPackage(same);
}

/** `postgresql-client` of `postgresql-client-15` and `postgresql16-client`, `python3` of `python3.11`. */
function withoutVersion(name: string): string | undefined {
  const match = /^(postgresql|mysql|mariadb)-?[\d.]*-client(?:-core)?(?:-[\d.]+)?$/.exec(name);
  if (match) return match[1] === "postgresql" ? "postgresql-client" : "mariadb-client";
  return /^python3\.\d+(?:-minimal|-venv)?$/.test(name) ? "python3" : undefined;
}

function wordsOf(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}
