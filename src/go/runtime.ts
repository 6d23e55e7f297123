import { baseImage, type BaseImage } from "../core/base-images.ts";

/** The base of the runtime stage. */
export interface Runtime {
  readonly image: string;
  /** `undefined` for an image that is in no table. */
  readonly base: BaseImage | undefined;
  /** Programs that a health check may use there. */
  readonly programs: ReadonlySet<string>;
}

/** Tools of busybox that health checks use. Source: https://pkgs.alpinelinux.org/contents?name=busybox-binsh, busybox --list */
const BUSYBOX = new Set([
  "sh",
  "wget",
  "nc",
  "test",
  "[",
  "true",
  "pgrep",
  "pidof",
  "ps",
  "grep",
  "cat",
  "ls",
  "exit",
  "netstat",
  "stat",
  "find",
  "kill",
  "echo",
]);
/** Debian's slim images have coreutils, grep and dash, and neither curl nor wget. Source: debuerreotype's package list */
const DEBIAN = new Set([
  "sh",
  "bash",
  "test",
  "[",
  "true",
  "grep",
  "cat",
  "ls",
  "exit",
  "stat",
  "find",
  "kill",
  "echo",
  "pidof",
]);

/**
 * The image for a choice of `--runtime-go`. alpine and debian take the builder's own release where its tag tells one.
 *
 * @param choice `scratch`, `distroless`, `alpine`, `debian` or an image's name
 */
export function chooseRuntime(choice: string, builder: BaseImage): Runtime {
  const image = runtimeImage(choice, builder);
  const base = baseImage(image);
  const programs = !base?.hasShell
    ? new Set<string>()
    : base.distribution === "alpine" || base.distribution === "busybox"
      ? BUSYBOX
      : DEBIAN;
  return { image, base, programs };
}

function runtimeImage(choice: string, builder: BaseImage): string {
  switch (choice) {
    case "distroless":
      return "gcr.io/distroless/static-debian12";
    case "alpine":
      return builder.distribution === "alpine" && builder.release
        ? `alpine:${builder.release}`
        : "alpine:3";
    case "debian":
      return `debian:${builder.distribution === "debian" && builder.release ? builder.release : "bookworm"}-slim`;
    default:
      return choice;
  }
}
