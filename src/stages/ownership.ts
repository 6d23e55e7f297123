import type { Instruction } from "../core/line-reader.ts";
import { isWithin } from "../core/path.ts";

/** A `chown`, `chgrp` or `chmod` of a build. */
export interface OwnerChange {
  /** Absolute path in the image. */
  readonly path: string;
  /** What a wildcard matches; without one, `path` itself. */
  readonly pattern: RegExp | undefined;
  readonly isRecursive: boolean;
  /** `app`, `app:app`, `:app` for a group alone; `undefined` when the change is one of the mode. */
  readonly owner: string | undefined;
  /** As chmod takes it; `undefined` when the change is one of the owner. */
  readonly mode: string | undefined;
  /** When it happened, among all that happened to files. */
  readonly order: number;
  readonly instruction: Instruction;
}

/** Who owns a path, and the mode that was given to it, in words of `chown` and `chmod`. */
export interface Ownership {
  /** `app:app`, `1000`; empty for root. */
  readonly owner: string;
  /** `undefined` when nobody changed it. */
  readonly mode: string | undefined;
}

/**
 * The owner and mode that a path has in the end.
 *
 * @param birth who made it, and when
 */
export function ownershipOf(
  path: string,
  birth: { readonly owner: string; readonly order: number },
  changes: readonly OwnerChange[],
): Ownership {
  let { owner } = birth;
  let mode: string | undefined;
  for (const change of changes) {
    if (change.order < birth.order || !reaches(change, path)) continue;
    if (change.owner !== undefined) owner = withOwner(owner, change.owner);
    if (change.mode !== undefined) mode = change.mode;
  }
  return { owner: isRootOwner(owner) ? "" : owner, mode };
}

function reaches({ path, pattern, isRecursive }: OwnerChange, target: string): boolean {
  if (!pattern) return isRecursive ? isWithin(target, path) : target === path;
  if (pattern.test(target)) return true;
  if (!isRecursive) return false;
  for (let slash = target.lastIndexOf("/"); slash > 0; slash = target.lastIndexOf("/", slash - 1))
    if (pattern.test(target.slice(0, slash))) return true;
  return false;
}

/** `app:` is app and its login group, `:staff` a group alone. Source: https://www.gnu.org/software/coreutils/chown */
function withOwner(owner: string, change: string): string {
  const [user = "", group] = change.replace(/^(\w+)\.(\w+)$/, "$1:$2").split(":");
  const [ownUser = "", ownGroup] = owner.split(":");
  const nextUser = user === "" ? ownUser || "root" : user;
  if (group === undefined) return ownGroup === undefined ? nextUser : `${nextUser}:${ownGroup}`;
  return group === "" ? `${nextUser}:${nextUser}` : `${nextUser}:${group}`;
}

function isRootOwner(owner: string): boolean {
  return /^(?:(?:0|root)?(?::(?:0|root))?)?$/.test(owner);
}

/** A mode that lets others than the owner write: `777`, `a+w`, `ugo+rwx`, `g=u`. */
export function givesWrite(mode: string): boolean {
  return /^\d{3,4}$/.test(mode)
    ? /[2367]$|[2367].$/.test(mode)
    : /(?:^|,)(?:[ugoa]*[goa][ugoa]*|)[+=](?:[rxXst]*w|[ugo]*u)/.test(mode);
}
