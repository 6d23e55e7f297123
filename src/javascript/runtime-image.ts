import { baseImage, parseImageReference, type BaseImage } from "../core/base-images.ts";
import type { Stage } from "../core/document.ts";
import { isFullNode } from "../stages/system-program.ts";
import { ARCHIVED_RELEASES, type Requirement } from "../stages/runtime-ladder.ts";

/** The image of the final stage: the same release of Node on the same distribution. */
export interface NodeRuntime {
  /** As FROM names it. */
  readonly image: string;
  readonly base: BaseImage;
  /** Packages to install, sorted. */
  readonly packages: readonly string[];
  readonly hasRecommended: boolean;
  /** It is smaller than the builder's own. */
  readonly isSlim: boolean;
  /** Why the slim image does not do, where the file's own image stands on the full one. */
  readonly unmet: Requirement | undefined;
}

/**
 * The slim image where it has, or can install, all that is needed; else the builder's own once more.
 *
 * @param image the reference with ARGs put in
 */
export function nodeRuntime(
  stage: Stage,
  image: string,
  base: BaseImage,
  requirements: readonly Requirement[],
): NodeRuntime {
  const slim = slimReference(stage.image, image, base);
  const slimBase =
    slim === undefined ? undefined : baseImage(slimReference(image, image, base) ?? image);
  const unmet = slimBase ? requirements.find((one) => !isMet(one, base)) : undefined;
  const isSlim = slim !== undefined && slimBase !== undefined && !unmet;
  const needed = isSlim ? requirements : requirements.filter(({ isOfFile }) => isOfFile);
  const packages = needed.flatMap(
    (one) => one.packages[base.distribution === "alpine" ? "alpine" : "debian"] ?? [],
  );
  return {
    image: isSlim ? slim : stage.image,
    base: isSlim ? slimBase : base,
    packages: [...new Set(packages)].sort(),
    hasRecommended: needed.some(({ hasRecommended }) => hasRecommended),
    isSlim,
    unmet,
  };
}

function isMet({ packages, isOfFile }: Requirement, { distribution, release }: BaseImage): boolean {
  const needed = packages[distribution === "alpine" ? "alpine" : "debian"];
  if (needed === undefined) return false;
  // What the file installs today can be installed again.
  return needed.length === 0 || isOfFile === true || !ARCHIVED_RELEASES.has(release ?? "");
}

/**
 * The slim image of the same release, as FROM would name it; `undefined` for one that has none: Alpine, one that is slim already,
 * one by its digest alone, and a private registry's.
 *
 * Source: https://github.com/docker-library/docs/tree/master/node#image-variants
 * @example slimReference("node:20-bookworm", …) // "node:20-bookworm-slim"
 */
function slimReference(written: string, image: string, base: BaseImage): string | undefined {
  const { digest, repository } = parseImageReference(image);
  if (!isFullNode(base) || digest !== undefined || base.hasTriggers) return undefined;
  if (
    base.isMirror &&
    !/^(?:public\.ecr\.aws\/docker\/library|mirror\.gcr\.io(?:\/library)?)\//.test(repository)
  )
    return undefined;
  const colon = written.lastIndexOf(":");
  const hasTag = colon > written.lastIndexOf("/") && !/[${}]/.test(written.slice(0, colon));
  if (!hasTag) return written.includes("$") ? undefined : `${written}:slim`;
  return written.endsWith(":latest") ? `${written.slice(0, colon)}:slim` : `${written}-slim`;
}
