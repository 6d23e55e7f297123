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
  readonly workingDirectory: string;
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

interface Family {
  readonly name: string;
  /** Repositories after `docker.io/library/` and the like are taken off. */
  readonly repositories: readonly string[];
  readonly environment?: (version: string | undefined) => Record<string, string | undefined>;
  readonly workingDirectory?: string;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[] | ((distribution: Distribution) => readonly string[] | undefined);
  readonly user?: (tag: string) => string;
  readonly exposedPorts?: readonly string[];
  readonly stopSignal?: string;
  readonly hasShell?: (tag: string) => boolean;
  readonly distribution?: Distribution;
  /** Distribution of a tag that names none. */
  readonly defaultDistribution?: Distribution;
  readonly source: string;
}

const shellOf = (distribution: Distribution): readonly string[] =>
  distribution === "alpine" ? ["/bin/sh"] : distribution === "ubuntu" ? ["/bin/bash"] : ["bash"];

const FAMILIES: readonly Family[] = [
  {
    name: "golang",
    repositories: ["golang"],
    environment: (version) => ({
      PATH: `/go/bin:/usr/local/go/bin:${DEFAULT_PATH}`,
      GOPATH: "/go",
      GOLANG_VERSION: undefined,
      ...(isAtLeast(version, 1, 21) ? { GOTOOLCHAIN: "local" } : {}),
    }),
    workingDirectory: "/go",
    command: shellOf,
    defaultDistribution: "debian",
    source: "https://github.com/docker-library/golang/blob/master/Dockerfile-linux.template",
  },
  {
    name: "node",
    repositories: ["node"],
    environment: () => ({ PATH: DEFAULT_PATH, NODE_VERSION: undefined, YARN_VERSION: undefined }),
    entrypoint: ["docker-entrypoint.sh"],
    command: ["node"],
    defaultDistribution: "debian",
    source: "https://github.com/nodejs/docker-node/blob/main/Dockerfile-debian.template",
  },
  {
    name: "nginx",
    repositories: ["nginx"],
    environment: () => ({ PATH: DEFAULT_PATH, NGINX_VERSION: undefined, NJS_VERSION: undefined, PKG_RELEASE: undefined }),
    entrypoint: ["/docker-entrypoint.sh"],
    command: ["nginx", "-g", "daemon off;"],
    exposedPorts: ["80/tcp"],
    stopSignal: "SIGQUIT",
    defaultDistribution: "debian",
    source: "https://github.com/nginxinc/docker-nginx/blob/master/Dockerfile-debian.template",
  },
  {
    name: "nginx-unprivileged",
    repositories: ["nginxinc/nginx-unprivileged"],
    environment: () => ({ PATH: DEFAULT_PATH, NGINX_VERSION: undefined, NJS_VERSION: undefined, PKG_RELEASE: undefined }),
    entrypoint: ["/docker-entrypoint.sh"],
    command: ["nginx", "-g", "daemon off;"],
    user: () => "101",
    exposedPorts: ["8080/tcp"],
    stopSignal: "SIGQUIT",
    defaultDistribution: "debian",
    source: "https://github.com/nginxinc/docker-nginx-unprivileged/blob/main/Dockerfile-debian.template",
  },
  {
    name: "alpine",
    repositories: ["alpine"],
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
    name: "distroless",
    repositories: ["gcr.io/distroless/static", "gcr.io/distroless/static-debian11", "gcr.io/distroless/static-debian12", "gcr.io/distroless/static-debian13", "gcr.io/distroless/base", "gcr.io/distroless/base-debian11", "gcr.io/distroless/base-debian12", "gcr.io/distroless/base-debian13"],
    environment: () => ({ PATH: DEFAULT_PATH, SSL_CERT_FILE: "/etc/ssl/certs/ca-certificates.crt" }),
    user: (tag) => (tag.includes("nonroot") ? "65532" : ""),
    hasShell: (tag) => tag.includes("debug"),
    distribution: "debian",
    source: "https://github.com/GoogleContainerTools/distroless/blob/main/base/base.bzl",
  },
  {
    name: "scratch",
    repositories: ["scratch"],
    // BuildKit gives an image without a base the default PATH (`emptyImage` in dockerfile2llb/image.go).
    environment: () => ({ PATH: DEFAULT_PATH }),
    hasShell: () => false,
    distribution: "none",
    source: "https://github.com/moby/buildkit/blob/master/frontend/dockerfile/dockerfile2llb/image.go",
  },
];

/** Debian releases by code name, as they stand in image tags. Source: https://www.debian.org/releases/ */
const DEBIAN_RELEASES = ["wheezy", "jessie", "stretch", "buster", "bullseye", "bookworm", "trixie"];

const DOCKER_HUB = /^(?:(?:index\.|registry-1\.)?docker\.io\/)?(?:library\/)?/;
/** Public mirrors of docker.io. Sources: ECR Public's docker/library, Google's mirror.gcr.io. */
const MIRRORS = /^(?:public\.ecr\.aws\/docker\/library\/|mirror\.gcr\.io\/(?:library\/)?)/;

export interface ImageReference {
  readonly repository: string;
  readonly tag: string;
  readonly digest: string | undefined;
}

/** Splits `registry/name:tag@digest`. The tag is `latest` when there is none. */
export function parseImageReference(reference: string): ImageReference {
  const at = reference.indexOf("@");
  const named = at < 0 ? reference : reference.slice(0, at);
  const colon = named.lastIndexOf(":");
  const hasTag = colon > named.lastIndexOf("/");
  return {
    repository: hasTag ? named.slice(0, colon) : named,
    tag: hasTag ? named.slice(colon + 1) : "latest",
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
  // A private registry's `…/golang` is taken for its copy of docker.io's image, and said to be.
  const copied = /^[^/]+[.:][^/]*\/(?:.*\/)?([^/]+)$/.exec(bare)?.[1];
  const direct = FAMILIES.find((family) => family.repositories.includes(bare));
  const family = direct ?? FAMILIES.find((candidate) => copied !== undefined && candidate.name !== "scratch" && candidate.repositories.includes(copied));
  if (!family) return undefined;
  const version = /^v?(\d+(?:\.\d+)*)/.exec(tag)?.[1];
  const distribution = family.distribution ?? distributionOf(tag, family.defaultDistribution ?? "debian");
  const command = typeof family.command === "function" ? family.command(distribution) : family.command;
  return {
    family: family.name,
    tag,
    distribution,
    release: releaseOf(family, tag, distribution, version),
    version,
    environment: family.environment?.(version) ?? {},
    workingDirectory: family.workingDirectory ?? "/",
    entrypoint: family.entrypoint,
    command,
    user: family.user?.(tag) ?? "",
    exposedPorts: family.exposedPorts ?? [],
    stopSignal: family.stopSignal,
    hasShell: family.hasShell?.(tag) ?? true,
    hasTriggers: /(?:^|-)onbuild(?:-|$)/.test(tag),
    isMirror: family !== direct || bare !== repository.replace(DOCKER_HUB, ""),
  };
}

function distributionOf(tag: string, fallback: Distribution): Distribution {
  if (/alpine/.test(tag)) return "alpine";
  if (/windowsservercore|nanoserver|windows/.test(tag)) return "windows";
  return fallback;
}

function releaseOf(family: Family, tag: string, distribution: Distribution, version: string | undefined): string | undefined {
  if (distribution === "alpine") {
    if (family.name === "alpine") return /^\d+\.\d+/.exec(version ?? "")?.[0];
    return /alpine(\d+\.\d+)/.exec(tag)?.[1];
  }
  return DEBIAN_RELEASES.find((release) => tag.split(/[-_.]/).includes(release));
}

/** Whether a version such as `1.22.3` is at least `major.minor`; a version that is not known counts as current. */
export function isAtLeast(version: string | undefined, major: number, minor: number): boolean {
  if (version === undefined) return true;
  const [ownMajor = 0, ownMinor] = version.split(".").map(Number);
  if (ownMajor !== major) return ownMajor > major;
  return ownMinor === undefined || ownMinor >= minor;
}
