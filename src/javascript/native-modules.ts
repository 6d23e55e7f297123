/** npm packages with compiled code: data. */

/**
 * Native packages that need nothing of the system but the C and C++ libraries, zlib and libudev, which debian-slim and
 * alpine with node have: they are compiled with their own sources of what they stand on, or come prebuilt so.
 * Sources: the libraries that `readelf -d` names for those whose npm package holds the binary, each binding.gyp otherwise.
 */
export const SELF_CONTAINED_MODULES: ReadonlySet<string> = new Set(
  // Databases and stores
  (
    `better-sqlite3 better-sqlite3-multiple-ciphers sqlite3 @vscode/sqlite3 sqlite-vec leveldown classic-level rocksdb
    level-rocksdb lmdb node-lmdb realm hiredis libsql duckdb @duckdb/node-bindings couchbase @lancedb/lancedb
    vectordb @sap/hana-client mongodb-client-encryption aerospike lz4-napi hnswlib-node usearch
    faiss-node msgpackr-extract cbor-extract bson-ext
    ` +
    // Passwords, hashes, ciphers
    `bcrypt argon2 @node-rs/argon2 @node-rs/bcrypt @node-rs/crc32 @node-rs/jsonwebtoken @node-rs/jieba @node-rs/xxhash
    @node-rs/deno-lint scrypt sodium sodium-native @napi-rs/blake-hash blake3 blake2 keccak sha3 secp256k1
    bigint-buffer farmhash metrohash murmurhash-native xxhash xxhash-addon node-forge-native tiny-secp256k1 bls-signatures
    eccrypto utp-native crc32c sse4_crc32 fast-crc32c @mongodb-js/zstd iltorb snappy lz4 node-zopfli node-zopfli-es
    zlib-sync lzma-native zstd-napi @foxglove/wasm-zstd node-liblzma xxh3-ts
    ` +
    // Sockets and messages
    `bufferutil utf-8-validate uws uWebSockets.js grpc @grpc/grpc-native-core zeromq unix-dgram raw-socket epoll
    node-datachannel wrtc @roamhq/wrtc mediasoup nice-napi @napi-rs/nice @confluentinc/kafka-javascript
    @temporalio/core-bridge aws-crt @datadog/libdatadog
    ` +
    // Pictures, sound, models: libraries of their own in the package
    `sharp canvas @napi-rs/canvas skia-canvas @resvg/resvg-js @napi-rs/image imagescript @squoosh/lib jpeg-turbo
    node-webpmux @discordjs/opus node-opus sodium-javascript-native onnxruntime-node @tensorflow/tfjs-node
    node-llama-cpp nodehun nodejieba node-expat libxmljs libxmljs2 node-libxslt libxslt libxml-xsd gdal gdal-async
    gdal-next mapnik muhammara hummus re2 cld iconv node-icu-tokenizer spellchecker tree-sitter
    tree-sitter-json oniguruma ffmpeg-static ffprobe-static beamcoder
    ` +
    // Compilers and bundlers
    `esbuild @swc/core @swc/html @swc/css lightningcss @parcel/css @parcel/source-map @parcel/watcher @parcel/rust
    @parcel/optimizer-image rolldown @rolldown/binding rollup @rollup/rollup-linux-x64-gnu @rspack/core @rspack/binding
    oxc-parser oxc-transform oxc-resolver oxc-minify @oxc-resolver/binding @biomejs/biome sass-embedded node-sass
    @tailwindcss/oxide @ast-grep/napi turbo nx unrs-resolver @unrs/resolver-binding @napi-rs/simple-git
    @bufbuild/buf @typescript/native-preview @next/swc-linux-x64-gnu @img/sharp-linux-x64 dprint deno bun workerd
    ` +
    // Processes, files, measuring
    `fsevents cpu-features node-pty node-pty-prebuilt-multiarch pty.js deasync fibers sleep microtime usage
    heapdump v8-profiler v8-profiler-next v8-profiler-node8 memwatch-next node-memwatch @airbnb/node-memwatch gc-stats
    event-loop-stats nodejs-event-loop appmetrics segfault-handler node-segfault-handler @datadog/pprof pprof
    @datadog/native-metrics @datadog/native-appsec @datadog/native-iast-taint-tracking @datadog/sketches-js
    @newrelic/native-metrics @contrast/fn-inspect @sentry/profiling-node @sentry-internal/node-cpu-profiler
    @instana/autoprofile @pyroscope/nodejs dtrace-provider posix userid fs-ext fs-xattr ioctl inotify diskusage
    drivelist native-watchdog @vscode/ripgrep @vscode/spdlog spdlog node-addon-sqlite ref ref-napi ref-struct-napi
    ref-array-napi i2c-bus spi-device rpio onoff pigpio-client usb serialport @serialport/bindings
    @serialport/bindings-cpp bluetooth-hci-socket @abandonware/bluetooth-hci-socket node-machine-id-native
    isolated-vm vm2-native weak weak-napi ursa ursa-optional x509 node-webcrypto-ossl authenticate-pam get-windows
    abstract-socket bare-fs bare-os keyv-native kcp node-snap7 time modern-syslog syslog-client-native unix-timestamp`
  )
    .split(/\s+/)
    .filter((name) => name !== ""),
);

/** Native packages that load whatever library a program names: what they need is in the program. Source: each README */
export const FOREIGN_CALLS: ReadonlySet<string> = new Set([
  "ffi",
  "ffi-napi",
  "@breush/ffi-napi",
  "ffi-rs",
  "koffi",
  "fastcall",
  "sbffi",
  "pkcs11js",
  "graphene-pk11",
  "node-gtk",
  "edge-js",
  "node-api-dotnet",
]);

/** Packages that compile or load an addon: one that depends on any of them is native. Source: https://nodejs.org/api/addons.html */
const NATIVE_MARKERS: ReadonlySet<string> = new Set([
  "@discordjs/node-pre-gyp",
  "@mapbox/node-pre-gyp",
  "@mongodb-js/native-utils",
  "@napi-rs/cli",
  "@neon-rs/load",
  "@phc/pre-gyp",
  "bindings",
  "cargo-cp-artifact",
  "cmake-js",
  "cmake-ts",
  "detect-libc",
  "nan",
  "napi-macros",
  "napi-postinstall",
  "neon-cli",
  "node-addon-api",
  "node-addon-loader",
  "node-gyp",
  "node-gyp-build",
  "node-gyp-build-optional-packages",
  "node-pre-gyp",
  "pkg-prebuilds",
  "prebuild",
  "prebuild-install",
  "prebuildify",
  "require-addon",
]);

/**
 * Whether a dependency of this name tells that a package is native.
 *
 * @example isNativeMarker("node-gyp-build") // true
 */
export function isNativeMarker(name: string): boolean {
  return NATIVE_MARKERS.has(name) || name.startsWith("@napi-rs/triples");
}

/**
 * A package that holds the compiled code of another one for one platform, listed in its optionalDependencies.
 *
 * @example isPlatformPackage("@esbuild/linux-x64") // true
 */
export function isPlatformPackage(name: string): boolean {
  return /(?:^|[/-])(?:linux|linuxmusl|darwin|win32|freebsd|android|openbsd|sunos|aix)-?(?:x64|ia32|arm64|arm|armv7l|ppc64|ppc64le|s390x|riscv64|loong64|mips64el|universal)(?:$|-)/.test(
    name,
  );
}
