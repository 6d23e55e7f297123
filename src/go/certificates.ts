import { isAtLeast } from "../core/base-images.ts";
import type { GoBuilder } from "./builder.ts";

/**
 * Whether the builder has the certificates' bundle: golang's images bring it, an operating system may not, and may get it as
 * what git, curl or wget recommend.
 */
export function hasCertificates({ contract, installed }: GoBuilder): "there" | "perhaps" | "none" {
  const { base } = contract;
  if (base?.family === "golang") return "there";
  if (["ca-certificates", "ca-certificates-bundle"].some((name) => installed.has(name)))
    return "there";
  if (["git", "curl", "wget", "golang", "golang-go"].some((name) => installed.has(name)))
    return "perhaps";
  // Source: ca-certificates-bundle is a dependency of Alpine's base since 3.10 (apk-tools' libtls-standalone).
  return base?.family === "alpine" && isAtLeast(base.version, 3, 13) ? "there" : "none";
}
