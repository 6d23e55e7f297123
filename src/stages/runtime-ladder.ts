import { baseImage, type BaseImage } from "../core/base-images.ts";
import type { Instruction } from "../core/line-reader.ts";
import type { Evidence } from "../core/outcome.ts";

/** Something that the final image must hold beside copied files: why the smallest image, scratch, does not do. */
export interface Requirement {
  /** Code of the reason when it is met. */
  readonly code: string;
  /** Code of the refusal when no runtime, or not the chosen one, meets it. */
  readonly refusal: string;
  readonly at?: Instruction;
  readonly data: Readonly<Record<string, string>>;
  readonly evidence?: readonly Evidence[];
  /**
   * Packages that meet it, by distribution. An empty list: the base image meets it. Absent: nothing that is known does.
   */
  readonly packages: {
    readonly alpine?: readonly string[];
    readonly debian?: readonly string[];
  };
  /** Only the builder's own distribution and release are proven to meet it. */
  readonly isOwn: boolean;
  /** Packages that others recommend are part of it. */
  readonly hasRecommended?: boolean;
  /** The file itself installs its packages. */
  readonly isOfFile?: boolean;
}

/** The base of the runtime stage, and what is installed in it. */
export interface Runtime {
  readonly image: string;
  /** `undefined` for an image that is in no table. */
  readonly base: BaseImage | undefined;
  readonly packages: readonly string[];
  readonly hasRecommended: boolean;
  /** The first requirement that it does not meet. */
  readonly unmet: Requirement | undefined;
}

/** The builder's image, as far as the choice depends on it. */
export interface BuilderImage {
  readonly base: BaseImage;
  /** As FROM names it. */
  readonly reference: string;
  /** The file installs packages itself, so the release's package index is there. */
  readonly installsPackages: boolean;
}

/** Releases whose packages moved to an archive, so that `apt-get update` fails. Source: https://www.debian.org/releases/ */
export const ARCHIVED_RELEASES: ReadonlySet<string> = new Set([
  "wheezy",
  "jessie",
  "stretch",
  "buster",
]);

/**
 * Chooses the runtime image: the smallest that meets all requirements (scratch, alpine, the slim image of the builder's
 * own distribution), or the one that was asked for.
 *
 * @param choice `smallest`, `scratch`, `distroless`, `alpine`, `debian` or an image's name
 */
export function chooseRuntime(
  choice: string,
  builder: BuilderImage,
  requirements: readonly Requirement[],
): Runtime {
  const rungs = choice === "smallest" ? ladder(builder) : [runtimeImage(choice, builder)];
  let last: Runtime | undefined;
  for (const image of rungs) {
    const runtime = fitted(image, builder, requirements);
    if (!runtime.unmet) return runtime;
    last = runtime;
  }
  return last!;
}

function ladder(builder: BuilderImage): string[] {
  const own = ownImage(builder);
  const images = ["scratch", runtimeImage("alpine", builder)];
  return own === undefined || images.includes(own) ? images : [...images, own];
}

/** The small image of the builder's own distribution and release; `undefined` when the release is not known. */
function ownImage(builder: BuilderImage): string | undefined {
  const image = ownImageName(builder);
  return image && ofArchitecture(image, builder);
}

/** `arm32v7/golang` is an image for another processor, and so must the runtime's be. Source: https://github.com/docker-library/official-images#architectures-other-than-amd64 */
function ofArchitecture(image: string, { reference }: BuilderImage): string {
  const prefix =
    /^(?:docker\.io\/)?((?:amd64|arm64v8|arm32v[567]|i386|ppc64le|s390x|riscv64)\/)/.exec(
      reference,
    )?.[1];
  return prefix === undefined ? image : prefix + image;
}

function ownImageName({ base }: BuilderImage): string | undefined {
  const { distribution, release, family, tag } = base;
  // A system's own image without a release in its name is the same image again.
  if (family === "alpine" && !release) return `alpine:${tag}`;
  if (family === "debian" && !release) return `debian:${tag}`;
  if (distribution === "alpine") return release ? `alpine:${release}` : undefined;
  if (distribution === "debian") return release ? `debian:${release}-slim` : undefined;
  return distribution === "ubuntu" && family === "ubuntu" ? `ubuntu:${tag}` : undefined;
}

function runtimeImage(choice: string, builder: BuilderImage): string {
  const { base } = builder;
  switch (choice) {
    case "distroless":
      return "gcr.io/distroless/static-debian12";
    case "alpine":
      return (
        (base.distribution === "alpine" ? ownImage(builder) : undefined) ??
        ofArchitecture("alpine:3", builder)
      );
    case "debian":
      return (
        (base.distribution === "debian" ? ownImage(builder) : undefined) ??
        ofArchitecture("debian:bookworm-slim", builder)
      );
    default:
      return choice;
  }
}

function fitted(
  image: string,
  builder: BuilderImage,
  requirements: readonly Requirement[],
): Runtime {
  const base = baseImage(image);
  const common = { image, base, packages: [], hasRecommended: false, unmet: undefined };
  // Nothing is known of an image of one's own: it is taken to have what is needed.
  if (!base) return common;
  const [first] = requirements;
  if (!base.hasShell) return { ...common, unmet: first };
  const kind =
    base.distribution === "alpine" || base.distribution === "busybox" ? "alpine" : "debian";
  const isOwn =
    base.distribution === builder.base.distribution &&
    base.release === builder.base.release &&
    (base.release !== undefined || image === ownImage(builder));
  const packages = new Set<string>();
  let hasRecommended = false;
  for (const requirement of requirements) {
    const needed = requirement.packages[kind];
    if (needed === undefined || (requirement.isOwn && !isOwn))
      return { ...common, unmet: requirement };
    if (needed.length > 0 && !canInstall(base, builder)) return { ...common, unmet: requirement };
    for (const name of needed) packages.add(name);
    hasRecommended ||= requirement.hasRecommended === true && needed.length > 0;
  }
  return { ...common, packages: [...packages].sort(), hasRecommended };
}

function canInstall({ distribution, release }: BaseImage, builder: BuilderImage): boolean {
  if (distribution === "busybox") return false;
  return !ARCHIVED_RELEASES.has(release ?? "") || builder.installsPackages;
}

/** The RUN instruction that installs a runtime's packages; none when there are none. */
export function installLines({ base, packages, hasRecommended }: Runtime): string[] {
  if (packages.length === 0) return [];
  const names = packages.join(" ");
  if (base?.distribution === "alpine") return [`RUN apk add --no-cache ${names}`];
  const recommends = hasRecommended ? "" : " --no-install-recommends";
  return [
    `RUN apt-get update && apt-get install -y${recommends} ${names} && rm -rf /var/lib/apt/lists/*`,
  ];
}
