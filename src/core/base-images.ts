/**
 * What base images bring along before the first instruction of a Dockerfile: data, each family with the
 * source it was read from. Values that change with every release (GOLANG_VERSION) are left open.
 */

/** The default PATH of docker.io's Debian and Alpine images, and what engines give an image that sets none. */
export const DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

export type Distribution = "alpine" | "debian" | "ubuntu" | "busybox" | "windows" | "none";

export interface BaseImage {
  /** The family's name: `golang`, `alpine`, … */
  readonly family: string;
  readonly tag: string;
  readonly distribution: Distribution;
  /** Debian's code name or Alpine's version (`3.19`) when the tag or the release table tells. */
  readonly release: string | undefined;
  /** The leading version of the tag: `1.22` of `1.22.3-alpine`. */
  readonly version: string | undefined;
  /** Defaults of the image's configuration. A value of `undefined`: set, but to what the tag does not tell. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** `undefined` on Windows, whose paths are other ones. */
  readonly workingDirectory: string | undefined;
  readonly entrypoint: readonly string[] | undefined;
  readonly command: readonly string[] | undefined;
  readonly user: string;
  readonly exposedPorts: readonly string[];
  readonly stopSignal: string | undefined;
  readonly hasShell: boolean;
  /** The image carries triggers that run in the Dockerfile built on it. */
  readonly hasTriggers: boolean;
  /** The registry path is not docker.io's own: a mirror, taken to hold the same image. */
  readonly isMirror: boolean;
}

type Version = string | undefined;

interface Family {
  readonly name: string;
  /** Repositories after `docker.io/library/` and the like are taken off. */
  readonly repositories: readonly (string | RegExp)[];
  readonly environment?: (version: Version, tag: string) => Record<string, string | undefined>;
  readonly workingDirectory?: (tag: string) => string;
  readonly entrypoint?: (version: Version, tag: string) => readonly string[] | undefined;
  readonly command?:
    | readonly string[]
    | ((distribution: Distribution) => readonly string[] | undefined);
  readonly user?: (tag: string) => string;
  readonly exposedPorts?: (version: Version) => readonly string[];
  readonly stopSignal?: (version: Version) => string | undefined;
  readonly hasShell?: boolean;
  readonly distribution?: Distribution;
  /** Distribution of a tag that names none. */
  readonly defaultDistribution?: Distribution;
  /** What tags that name no release stand on. */
  readonly releases?: Partial<Record<Distribution, Timeline<string>>>;
  readonly source: string;
}

/** Values by the version that brought them, oldest first; each holds up to the next one's version. */
type Timeline<Value> = readonly (readonly [version: string, value: Value])[];

/**
 * The value a timeline gives for a version. A tag such as `1.20` moves on to the last patch and `latest` to the last
 * version, so what a version leaves open counts as the highest there is.
 */
function valueAt<Value>(timeline: Timeline<Value>, version: Version): Value | undefined {
  return timeline.findLast(([since]) => {
    const [major = 0, minor = 0, patch = 0] = since.split(".").map(Number);
    return isAtLeast(version, major, minor, patch);
  })?.[1];
}

const shellOf = (distribution: Distribution): readonly string[] | undefined =>
  distribution === "windows"
    ? undefined
    : distribution === "alpine"
      ? ["/bin/sh"]
      : distribution === "ubuntu"
        ? ["/bin/bash"]
        : ["bash"];

/**
 * Debian releases and Alpine versions of tags that name none, told from the whole history of
 * https://github.com/docker-library/official-images `library/golang`, `library/node` and `library/nginx`.
 */
const GOLANG_DEBIAN: Timeline<string> = [
  ["1.4", "jessie"],
  ["1.9", "stretch"],
  ["1.11.12", "buster"],
  ["1.12", "stretch"],
  ["1.12.7", "buster"],
  ["1.16.7", "bullseye"],
  ["1.19.10", "bookworm"],
  ["1.20", "bullseye"],
  ["1.20.5", "bookworm"],
  ["1.24.6", "trixie"],
];
const GOLANG_ALPINE: Timeline<string> = [
  ["1.7", "3.4"],
  ["1.8", "3.5"],
  ["1.9", "3.6"],
  ["1.9.7", "3.8"],
  ["1.10", "3.7"],
  ["1.10.3", "3.8"],
  ["1.10.8", "3.9"],
  ["1.11", "3.8"],
  ["1.11.5", "3.9"],
  ["1.11.11", "3.10"],
  ["1.12", "3.9"],
  ["1.12.6", "3.10"],
  ["1.12.14", "3.11"],
  ["1.13", "3.10"],
  ["1.13.5", "3.11"],
  ["1.13.12", "3.12"],
  ["1.14", "3.11"],
  ["1.14.4", "3.12"],
  ["1.14.13", "3.13"],
  ["1.15", "3.12"],
  ["1.15.6", "3.13"],
  ["1.15.13", "3.14"],
  ["1.16", "3.13"],
  ["1.16.5", "3.14"],
  ["1.16.10", "3.15"],
  ["1.17", "3.14"],
  ["1.17.3", "3.15"],
  ["1.17.10", "3.16"],
  ["1.18", "3.15"],
  ["1.18.2", "3.16"],
  ["1.18.8", "3.17"],
  ["1.19", "3.16"],
  ["1.19.3", "3.17"],
  ["1.19.9", "3.18"],
  ["1.20", "3.17"],
  ["1.20.4", "3.18"],
  ["1.20.12", "3.19"],
  ["1.21", "3.18"],
  ["1.21.5", "3.19"],
  ["1.21.10", "3.20"],
  ["1.22", "3.19"],
  ["1.22.3", "3.20"],
  ["1.22.10", "3.21"],
  ["1.23", "3.20"],
  ["1.23.4", "3.21"],
  ["1.23.9", "3.22"],
  ["1.24", "3.21"],
  ["1.24.3", "3.22"],
  ["1.24.11", "3.23"],
  ["1.25", "3.22"],
  ["1.25.5", "3.23"],
  ["1.25.11", "3.24"],
  ["1.26", "3.23"],
  ["1.26.4", "3.24"],
];
const NODE_DEBIAN: Timeline<string> = [
  ["4", "jessie"],
  ["6.14.4", "stretch"],
  ["7", "jessie"],
  ["8.13", "stretch"],
  ["9", "jessie"],
  ["10.13", "stretch"],
  ["14.19.3", "buster"],
  ["15", "stretch"],
  ["16", "buster"],
  ["17", "bullseye"],
  ["18.16", "bookworm"],
  ["19", "bullseye"],
  ["20.3", "bookworm"],
  ["26", "trixie"],
];
const NGINX_DEBIAN: Timeline<string> = [
  ["1.7", "jessie"],
  ["1.12", "stretch"],
  ["1.16.1", "buster"],
  ["1.17", "stretch"],
  ["1.17.2", "buster"],
  ["1.22.1", "bullseye"],
  ["1.25.1", "bookworm"],
  ["1.28.1", "trixie"],
  ["1.29", "bookworm"],
  ["1.29.2", "trixie"],
];

/** Node's long-term releases by code name, as they stand in tags. Source: https://github.com/nodejs/Release */
const NODE_CODE_NAMES: Readonly<Record<string, string>> = {
  argon: "4",
  boron: "6",
  carbon: "8",
  dubnium: "10",
  erbium: "12",
  fermium: "14",
  gallium: "16",
  hydrogen: "18",
  iron: "20",
  jod: "22",
  krypton: "24",
};

/** When docker-node's images got their entrypoint (2019-05). */
const NODE_ENTRYPOINT: Timeline<readonly string[] | undefined> = [
  ["8.16", ["docker-entrypoint.sh"]],
  ["9", undefined],
  ["10.16", ["docker-entrypoint.sh"]],
  ["11", undefined],
  ["11.15", ["docker-entrypoint.sh"]],
  ["12", undefined],
  ["12.3.1", ["docker-entrypoint.sh"]],
];

const NGINX_ENTRYPOINT: Timeline<readonly string[]> = [["1.17.10", ["/docker-entrypoint.sh"]]];
const NGINX_STOP_SIGNAL: Timeline<string> = [
  ["1.11.13", "SIGQUIT"],
  ["1.12", "SIGTERM"],
  ["1.18", "SIGQUIT"],
  ["1.19", "SIGTERM"],
  ["1.19.4", "SIGQUIT"],
];

const nginxEnvironment = (): Record<string, string | undefined> => ({
  PATH: DEFAULT_PATH,
  NGINX_VERSION: undefined,
  NJS_VERSION: undefined,
  NJS_RELEASE: undefined,
  PKG_RELEASE: undefined,
  DYNPKG_RELEASE: undefined,
  ACME_VERSION: undefined,
});

/** `debug`, `nonroot`, `debug-nonroot`, `nonroot-amd64`. Source: USER_VARIANTS and static_image in static/static.bzl */
const DISTROLESS = {
  environment: (_: Version, tag: string) => ({
    PATH: /\bdebug\b/.test(tag) ? `${DEFAULT_PATH}:/busybox` : DEFAULT_PATH,
    SSL_CERT_FILE: "/etc/ssl/certs/ca-certificates.crt",
  }),
  workingDirectory: (tag: string) => (/\bnonroot\b/.test(tag) ? "/home/nonroot" : "/"),
  user: (tag: string) => (/\bnonroot\b/.test(tag) ? "65532" : "0"),
  // The debug variants' shell is /busybox/sh: shell forms, which start /bin/sh, fail there too.
  hasShell: false,
  distribution: "debian",
} as const satisfies Partial<Family>;

const FAMILIES: readonly Family[] = [
  {
    name: "golang",
    repositories: ["golang"],
    environment: (version, tag) => ({
      PATH: `/go/bin:${isAtLeast(version, 1, 5) || tag.includes("alpine") ? "/usr/local/go/bin" : "/usr/src/go/bin"}:${DEFAULT_PATH}`,
      GOPATH: "/go",
      GOLANG_VERSION: undefined,
      ...(isAtLeast(version, 1, 21, 1) ? { GOTOOLCHAIN: "local" } : {}),
    }),
    workingDirectory: () => "/go",
    command: shellOf,
    defaultDistribution: "debian",
    releases: { debian: GOLANG_DEBIAN, alpine: GOLANG_ALPINE },
    source: "https://github.com/docker-library/golang/blob/master/Dockerfile-linux.template",
  },
  {
    name: "node",
    repositories: ["node"],
    environment: (version) => ({
      PATH: DEFAULT_PATH,
      NODE_VERSION: undefined,
      ...(isAtLeast(version, 26) && version !== undefined ? {} : { YARN_VERSION: undefined }),
      ...(version !== undefined && !isAtLeast(version, 8)
        ? { NPM_CONFIG_LOGLEVEL: undefined }
        : {}),
    }),
    entrypoint: (version) => valueAt(NODE_ENTRYPOINT, version),
    command: ["node"],
    defaultDistribution: "debian",
    releases: { debian: NODE_DEBIAN },
    source: "https://github.com/nodejs/docker-node/blob/main/Dockerfile-debian.template",
  },
  {
    name: "nginx",
    repositories: ["nginx"],
    environment: nginxEnvironment,
    entrypoint: (version) => valueAt(NGINX_ENTRYPOINT, version),
    command: ["nginx", "-g", "daemon off;"],
    exposedPorts: (version) => (isAtLeast(version, 1, 11, 13) ? ["80/tcp"] : ["80/tcp", "443/tcp"]),
    stopSignal: (version) => valueAt(NGINX_STOP_SIGNAL, version),
    defaultDistribution: "debian",
    releases: { debian: NGINX_DEBIAN },
    source: "https://github.com/nginx/docker-nginx/blob/master/Dockerfile-debian.template",
  },
  {
    name: "nginx-unprivileged",
    repositories: [
      "nginxinc/nginx-unprivileged",
      "ghcr.io/nginxinc/nginx-unprivileged",
      "ghcr.io/nginx/nginx-unprivileged",
    ],
    environment: nginxEnvironment,
    entrypoint: (version) => valueAt(NGINX_ENTRYPOINT, version),
    command: ["nginx", "-g", "daemon off;"],
    user: () => "101",
    exposedPorts: () => ["8080/tcp"],
    stopSignal: (version) => valueAt(NGINX_STOP_SIGNAL, version),
    defaultDistribution: "debian",
    releases: { debian: NGINX_DEBIAN },
    source:
      "https://github.com/nginx/docker-nginx-unprivileged/blob/main/Dockerfile-debian.template",
  },
  {
    name: "alpine",
    repositories: ["alpine", "gliderlabs/alpine"],
    environment: () => ({ PATH: DEFAULT_PATH }),
    command: ["/bin/sh"],
    distribution: "alpine",
    source: "https://github.com/alpinelinux/docker-alpine/blob/master/Dockerfile",
  },
  {
    name: "debian",
    repositories: ["debian"],
    environment: () => ({ PATH: DEFAULT_PATH }),
    command: ["bash"],
    distribution: "debian",
    source: "https://github.com/debuerreotype/docker-debian-artifacts",
  },
  {
    name: "ubuntu",
    repositories: ["ubuntu"],
    environment: () => ({ PATH: DEFAULT_PATH }),
    command: ["/bin/bash"],
    distribution: "ubuntu",
    source: "https://git.launchpad.net/cloud-images/+oci/ubuntu-base",
  },
  {
    name: "busybox",
    repositories: ["busybox"],
    environment: () => ({ PATH: DEFAULT_PATH }),
    command: ["sh"],
    distribution: "busybox",
    source: "https://github.com/docker-library/busybox/blob/master/Dockerfile-builder.template",
  },
  {
    ...DISTROLESS,
    name: "distroless",
    repositories: [/^gcr\.io\/distroless\/(?:static|base|base-nossl|cc)(?:-debian\d+)?$/],
    entrypoint: (_, tag) => (/\bdebug\b/.test(tag) ? ["/busybox/sh"] : undefined),
    source: "https://github.com/GoogleContainerTools/distroless/blob/main/static/static.bzl",
  },
  {
    ...DISTROLESS,
    name: "distroless-nodejs",
    repositories: [/^gcr\.io\/distroless\/nodejs\d*(?:-debian\d+)?$/],
    entrypoint: () => ["/nodejs/bin/node"],
    source: "https://github.com/GoogleContainerTools/distroless/blob/main/nodejs/nodejs.bzl",
  },
  {
    name: "scratch",
    repositories: ["scratch"],
    // BuildKit gives an image without a base the default PATH (`emptyImage` in dockerfile2llb/image.go).
    environment: () => ({ PATH: DEFAULT_PATH }),
    hasShell: false,
    distribution: "none",
    source:
      "https://github.com/moby/buildkit/blob/master/frontend/dockerfile/dockerfile2llb/image.go",
  },
];

/** Debian's code names by major version. Source: https://www.debian.org/releases/ */
const DEBIAN_RELEASES: Readonly<Record<string, string>> = {
  "7": "wheezy",
  "8": "jessie",
  "9": "stretch",
  "10": "buster",
  "11": "bullseye",
  "12": "bookworm",
  "13": "trixie",
};
const DEBIAN_STABLE = "13";

const DOCKER_HUB =
  /^(?:(?:index\.|registry-1\.)?docker\.io\/)?(?:(?:library|amd64|arm64v8|arm32v[567]|i386|ppc64le|s390x|riscv64)\/)?/;
/** Public mirrors of docker.io. Sources: ECR Public's docker/library, Google's mirror.gcr.io. */
const MIRRORS = /^(?:public\.ecr\.aws\/docker\/library\/|mirror\.gcr\.io\/(?:library\/)?)/;

export interface ImageReference {
  readonly repository: string;
  readonly tag: string;
  readonly digest: string | undefined;
}

/** Splits `registry/name:tag@digest`. The tag is `latest` when there is none, and empty when a digest alone says which. */
export function parseImageReference(reference: string): ImageReference {
  const at = reference.indexOf("@");
  const named = at < 0 ? reference : reference.slice(0, at);
  const colon = named.lastIndexOf(":");
  const hasTag = colon > named.lastIndexOf("/");
  return {
    repository: hasTag ? named.slice(0, colon) : named,
    tag: hasTag ? named.slice(colon + 1) : at < 0 ? "latest" : "",
    digest: at < 0 ? undefined : reference.slice(at + 1),
  };
}

/**
 * What is known of a base image, or `undefined` for one that is in no table.
 *
 * @example baseImage("golang:1.22-alpine3.19")?.release // "3.19"
 */
export function baseImage(reference: string): BaseImage | undefined {
  const { repository, tag } = parseImageReference(reference);
  const bare = repository.replace(MIRRORS, "").replace(DOCKER_HUB, "");
  const direct = familyOf(bare);
  // A private registry's `…/golang` is taken for its copy of docker.io's image, and said to be.
  const copied = /^(?:localhost|[^/]+[.:][^/]*)\/(?:.*\/)?([^/]+)$/.exec(bare)?.[1];
  const family =
    direct ?? (copied === undefined || copied === "scratch" ? undefined : familyOf(copied));
  // Which variant a bare digest stands for is not known.
  if (!family || (tag === "" && family.distribution === undefined)) return undefined;
  const version = versionOf(family, tag);
  const distribution =
    family.distribution ?? distributionOf(tag, family.defaultDistribution ?? "debian");
  const environment = family.environment?.(version, tag) ?? {};
  return {
    family: family.name,
    tag,
    distribution,
    release: releaseOf(family, bare, tag, distribution, version),
    version,
    environment:
      distribution === "windows"
        ? Object.fromEntries(Object.keys(environment).map((name) => [name, undefined]))
        : environment,
    workingDirectory:
      distribution === "windows" ? undefined : (family.workingDirectory?.(tag) ?? "/"),
    entrypoint: family.entrypoint?.(version, tag),
    command: typeof family.command === "function" ? family.command(distribution) : family.command,
    user: family.user?.(tag) ?? "",
    exposedPorts: family.exposedPorts?.(version) ?? [],
    stopSignal: family.stopSignal?.(version),
    hasShell: family.hasShell ?? true,
    hasTriggers: /(?:^|-)onbuild(?:-|$)/.test(tag),
    isMirror: family !== direct || bare !== repository.replace(DOCKER_HUB, ""),
  };
}

function familyOf(repository: string): Family | undefined {
  return FAMILIES.find((family) =>
    family.repositories.some((name) =>
      typeof name === "string" ? name === repository : name.test(repository),
    ),
  );
}

/** The version that a tag begins with, or that Node's code name in it stands for. */
function versionOf(family: Family, tag: string): string | undefined {
  const written = /^v?(\d+(?:\.\d+)*)/.exec(tag)?.[1];
  // The onbuild variants ended with Go 1.8.
  if (written === undefined && family.name === "golang" && tag === "onbuild") return "1.8";
  if (written !== undefined || family.name !== "node") return written;
  return NODE_CODE_NAMES[tag.split("-")[0]!];
}

function distributionOf(tag: string, fallback: Distribution): Distribution {
  if (/alpine/.test(tag)) return "alpine";
  if (/windowsservercore|nanoserver|windows/.test(tag)) return "windows";
  return fallback;
}

function releaseOf(
  family: Family,
  repository: string,
  tag: string,
  distribution: Distribution,
  version: Version,
): string | undefined {
  if (distribution === "alpine") {
    const written =
      family.name === "alpine"
        ? /^\d+\.\d+/.exec(version ?? "")?.[0]
        : /alpine(\d+\.\d+)/.exec(tag)?.[1];
    return written ?? defaultRelease(family, distribution, tag, version);
  }
  if (distribution !== "debian") return undefined;
  const written = Object.values(DEBIAN_RELEASES).find((release) =>
    tag.split(/[-_.]/).includes(release),
  );
  if (written) return written;
  const inRepository = /-debian(\d+)$/.exec(repository)?.[1];
  if (inRepository) return DEBIAN_RELEASES[inRepository];
  if (family.name === "debian")
    return DEBIAN_RELEASES[
      version?.split(".")[0] ?? (/^(?:latest|stable)\b/.test(tag) ? DEBIAN_STABLE : "")
    ];
  return defaultRelease(family, distribution, tag, version);
}

function defaultRelease(
  family: Family,
  distribution: Distribution,
  tag: string,
  version: Version,
): string | undefined {
  // `lts` and `stable` are at neither end of a timeline.
  if (version === undefined && !/^(?:latest|current|mainline|alpine|slim)(?:-|$)/.test(tag))
    return undefined;
  return valueAt(family.releases?.[distribution] ?? [], version);
}

/** Whether a version such as `1.22.3` is at least `major.minor.patch`; what it leaves open counts as current. */
export function isAtLeast(
  version: string | undefined,
  major: number,
  minor = 0,
  patch = 0,
): boolean {
  if (version === undefined) return true;
  const own = version.split(".").map(Number);
  for (const [index, wanted] of [major, minor, patch].entries()) {
    const part = own[index];
    if (part === undefined || part > wanted) return true;
    if (part < wanted) return false;
  }
  return true;
}
