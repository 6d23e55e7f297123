/**
 * What Debian's images of node hold, computed with apt-get's dependency resolver for bullseye, bookworm and trixie from the
 * package lists of https://github.com/docker-library/buildpack-deps and those that debian-slim is made of.
 * Sources: https://github.com/nodejs/docker-node (Dockerfile-debian.template, Dockerfile-slim.template).
 */

/** Packages, without libraries, of the image `node` in one of these releases that `node:slim` lacks. */
export const FULL_IMAGE_PACKAGES: ReadonlySet<string> = new Set(
  `adduser autoconf automake binutils binutils-common binutils-x86-64-linux-gnu bzip2 ca-certificates cpp
    cpp-10 cpp-12 cpp-14 cpp-14-x86-64-linux-gnu cpp-x86-64-linux-gnu curl dirmngr file fontconfig
    fontconfig-config fonts-dejavu-core fonts-dejavu-mono g++ g++-10 g++-12 g++-14 g++-14-x86-64-linux-gnu
    g++-x86-64-linux-gnu gcc gcc-10 gcc-12 gcc-14 gcc-14-x86-64-linux-gnu gcc-x86-64-linux-gnu
    girepository-tools git git-man gnupg gnupg-l10n gnupg-utils gpg gpg-agent gpg-wks-client gpg-wks-server
    gpgconf gpgsm hicolor-icon-theme icu-devtools imagemagick imagemagick-6-common imagemagick-6.q16
    imagemagick-7-common imagemagick-7.q16 krb5-multidev libtool m4 make mariadb-common media-types mercurial
    mercurial-common mysql-common netbase openssh-client openssl pango1.0-tools patch perl perl-modules-5.32
    perl-modules-5.40 pinentry-curses pkg-config pkgconf pkgconf-bin procps python3 python3-distutils
    python3-lib2to3 python3-minimal python3-packaging python3.11 python3.11-minimal python3.13
    python3.13-minimal python3.9 python3.9-minimal readline-common rpcsvc-proto sensible-utils shared-mime-info
    sq subversion ucf unzip wget x11-common xorg-sgml-doctools xz-utils`.split(/\s+/),
);

/** Packages to build with libraries that the image `node` has in one of these releases: their libraries are there. */
export const FULL_IMAGE_DEVELOPMENT_PACKAGES: ReadonlySet<string> = new Set(
  `autotools-dev comerr-dev default-libmysqlclient-dev dpkg-dev libblkid-dev libbrotli-dev libbz2-dev libc6-dev
    libcairo2-dev libcrypt-dev libcurl4-openssl-dev libdatrie-dev libdav1d-dev libdb-dev libdb5.3-dev
    libdeflate-dev libdjvulibre-dev libevent-dev libexif-dev libexpat1-dev libffi-dev libfftw3-dev
    libfontconfig-dev libfontconfig1-dev libfreetype-dev libfreetype6-dev libfribidi-dev libgdbm-dev
    libgdk-pixbuf-2.0-dev libgio-2.0-dev libglib2.0-dev libgmp-dev libgnutls28-dev libgraphite2-dev
    libharfbuzz-dev libice-dev libicu-dev libidn2-dev libilmbase-dev libimath-dev libjbig-dev libjpeg-dev
    libjpeg62-turbo-dev libkrb5-dev liblcms2-dev libldap-dev liblerc-dev liblqr-1-0-dev libltdl-dev liblzma-dev
    libmagickcore-6.q16-dev libmagickcore-7.q16-dev libmagickcore-dev libmagickwand-6.q16-dev
    libmagickwand-7.q16-dev libmagickwand-dev libmariadb-dev libmaxminddb-dev libmount-dev libncurses-dev
    libncurses5-dev libncursesw5-dev libnghttp2-dev libnghttp3-dev libnsl-dev libopenexr-dev libopenjp2-7-dev
    libp11-kit-dev libpango1.0-dev libpcre2-dev libpcre3-dev libpixman-1-dev libpng-dev libpq-dev libpsl-dev
    libpthread-stubs0-dev libreadline-dev librsvg2-dev librtmp-dev libselinux1-dev libsepol-dev libsepol1-dev
    libsharpyuv-dev libsm-dev libsqlite3-dev libssh2-1-dev libssl-dev libsysprof-capture-4-dev libtasn1-6-dev
    libthai-dev libtiff-dev libtirpc-dev libwebp-dev libwmf-dev libx11-dev libxau-dev libxcb-render0-dev
    libxcb-shm0-dev libxcb1-dev libxdmcp-dev libxext-dev libxft-dev libxml2-dev libxrender-dev libxslt1-dev
    libxt-dev libyaml-dev libzstd-dev linux-libc-dev nettle-dev uuid-dev x11proto-core-dev x11proto-dev
    x11proto-xext-dev xtrans-dev zlib1g-dev`.split(/\s+/),
);

/** Libraries that debian-slim has, by release: only such as native modules are linked against. */
export const SLIM_IMAGE_LIBRARIES: Readonly<Record<string, string>> = {
  bullseye: `libssl1.1 libgssapi-krb5-2 libkrb5-3 libk5crypto3 libkrb5support0 libkeyutils1 libpcre3 zlib1g libzstd1
    liblz4-1 libudev1 libuuid1 libbz2-1.0 liblzma5 libgmp10 libffi7 libblkid1 libmount1 libselinux1 libpcre2-8-0
    libdb5.3 libcrypt1 libgcrypt20 libgnutls30 libp11-kit0 libidn2-0 libtirpc3 libnsl2 libstdc++6 libgcc-s1
    libcom-err2 libtinfo6 libacl1 libattr1 libsystemd0`,
  bookworm: `zlib1g libzstd1 liblz4-1 libudev1 libuuid1 libbz2-1.0 liblzma5 libgmp10 libffi8 libblkid1 libmount1
    libselinux1 libpcre2-8-0 libdb5.3 libcrypt1 libgcrypt20 libgnutls30 libp11-kit0 libidn2-0 libstdc++6
    libgcc-s1 libcom-err2 libtinfo6 libacl1 libattr1 libsystemd0`,
  trixie: `libssl3t64 libsqlite3-0 zlib1g libzstd1 liblz4-1 libudev1 libuuid1 libbz2-1.0 liblzma5 libgmp10 libblkid1
    libmount1 libselinux1 libpcre2-8-0 libdb5.3t64 libcrypt1 libstdc++6 libgcc-s1 libtinfo6 libacl1 libattr1
    libsystemd0`,
};
