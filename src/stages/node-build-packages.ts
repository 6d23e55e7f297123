/** Packages of a distribution that the build of a front end may use: data. */

/**
 * What node-gyp, dependencies from git, and the scripts of packages run or link against. Sources:
 * https://github.com/nodejs/node-gyp#on-unix, https://github.com/nodejs/docker-node/blob/main/docs/BestPractices.md#node-gyp-alpine
 */
const BUILDS_PACKAGES = new Set(
  `git openssh openssh-client bash curl wget ca-certificates gnupg tar zip unzip gzip bzip2 xz xz-utils rsync jq sed
  coreutils findutils grep util-linux python python2 python3 py3-pip py3-setuptools make cmake g++ gcc build-base
  build-essential musl-dev libc-dev libc6-dev libc6-compat gcompat autoconf automake libtool nasm pkgconfig pkgconf
  pkg-config zlib zlib-dev zlib1g-dev libpng-dev libjpeg-turbo-dev vips vips-dev optipng gifsicle brotli`.split(
    /\s+/,
  ),
);

/**
 * What node's Debian images have already. Source: https://github.com/docker-library/buildpack-deps (the images that they
 * are made from)
 */
const IN_DEBIAN_IMAGES = new Set(
  `git openssh-client curl wget ca-certificates gnupg dirmngr tar gzip bzip2 xz-utils unzip sed coreutils findutils grep
  util-linux python3 make g++ gcc build-essential libc6-dev autoconf automake libtool zlib1g-dev libpng-dev pkgconf
  pkg-config bash`.split(/\s+/),
);

/** Whether the builder of a front end is to have a package. */
export function buildsFrontEnd(name: string, isDebian: boolean): boolean {
  return BUILDS_PACKAGES.has(name) && !(isDebian && IN_DEBIAN_IMAGES.has(name));
}
