import { isAtLeast, type BaseImage } from "../core/base-images.ts";
import type { Stage } from "../core/document.ts";
import type { Instruction } from "../core/line-reader.ts";
import { resolvePath } from "../core/path.ts";
import { kindOf } from "../core/repository.ts";
import type { GoBuilder } from "./builder.ts";
import type { BuildPlace } from "../stages/copy-sources.ts";
import type { Need } from "./needs.ts";
import type { GoBuild } from "./outputs.ts";
import type { AllSources } from "./programs.ts";

/** Why the image as it is cannot be built, and where. */
export interface OriginalBreak {
  readonly at: Instruction;
  readonly data: { readonly why: string };
  /** The tag moves with Go's releases: the file was written for an older one, which some registry may still give it. */
  readonly isByTag: boolean;
}

/**
 * Breaks that the file and the repository show without building: a migration of such a file would be one of something
 * that never worked.
 */
export function originalBreak(
  builder: GoBuilder,
  stage: Stage,
  base: BaseImage,
  place: BuildPlace,
): OriginalBreak | undefined {
  const wrapper =
    base.family !== "golang"
      ? undefined
      : stage.instructions.find(
          ({ keyword, body }) =>
            /^(?:RUN|CMD|ENTRYPOINT)$/.test(keyword) && /\bgo-wrapper\b/.test(body.text),
        );
  // Source: https://github.com/docker-library/golang/pull/172
  if (wrapper && isAtLeast(base.version, 1, 10))
    return {
      at: wrapper,
      data: { why: "golang's images have no go-wrapper since Go 1.10" },
      isByTag: isMoving(base),
    };
  for (const build of builder.builds) {
    const found = buildBreak(build, builder, base, place);
    if (found) return { at: build.instruction, ...found };
  }
  return undefined;
}

/** Packages of the program that are imported by a path at which nothing lies below GOPATH, and nothing fetches. */
export function misplacedSources({ sources }: AllSources, builder: GoBuilder): Need | undefined {
  const [found] = builder.fetchesSources ? [] : sources.flatMap(({ program }) => program.misplaced);
  if (!found) return undefined;
  const why = "its own packages are imported by another path than the one that they are copied to";
  return { code: "original-broken", data: { why }, evidence: [found] };
}

function buildBreak(
  { go, directory, modules, recipe }: GoBuild,
  builder: GoBuilder,
  base: BaseImage,
  { repository, contextDirectory }: BuildPlace,
): Omit<OriginalBreak, "at"> | undefined {
  if (!repository || contextDirectory === undefined || builder.generator) return undefined;
  const files = go.operands.filter(({ value }) => value?.endsWith(".go"));
  for (const { value } of files) {
    if (recipe || /[*?]/.test(value!)) continue;
    const path = resolvePath(directory, value!)!;
    const source = builder.repositoryPath(path);
    const isThere =
      source === undefined || kindOf(repository, source) !== undefined || builder.made.has(path);
    const isWhole = builder.copies.some(
      (copy) => copy.from === undefined && (copy.source === "." || copy.source === "./"),
    );
    if (!isThere && isWhole)
      return { data: { why: `${value} is not in the repository` }, isByTag: false };
  }
  // Since Go 1.16 packages are built in modules unless that is turned off. Source: https://go.dev/blog/go116-module-changes
  const isModule = buildsInModules(base) && (modules === null || modules === "on");
  if (!isModule || files.length > 0 || go.operands.some(({ value }) => value?.includes("@")))
    return undefined;
  // What is unpacked or written there may hold a go.mod.
  const isOpen = [...builder.made.values()].some(({ isDownload }) => isDownload);
  if (builder.hasModule(directory) || (isOpen && builder.repositoryPath(directory) === undefined))
    return undefined;
  const tag =
    base.version === undefined || base.family !== "golang"
      ? "the current version of Go"
      : `Go ${base.version}`;
  const why = `there is no go.mod, and ${tag} builds packages in modules only`;
  return { data: { why }, isByTag: isMoving(base) };
}

/**
 * Whether the image's Go is 1.16 or later. Sources: https://pkgs.alpinelinux.org/package/v3.14/community/x86_64/go,
 * https://packages.debian.org/golang-go, https://packages.ubuntu.com/golang-go
 */
function buildsInModules({ family, version, release }: BaseImage): boolean {
  switch (family) {
    case "golang":
      return isAtLeast(version, 1, 16);
    case "alpine":
      return isAtLeast(version, 3, 14);
    case "debian":
      return release === "bookworm" || release === "trixie";
    default:
      return false;
  }
}

/** `latest`, `alpine`, `1`: tags that go on to the next release of Go. */
function isMoving({ version }: BaseImage): boolean {
  return version === undefined || !version.includes(".");
}
