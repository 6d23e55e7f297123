import type { Instruction } from "../core/line-reader.ts";
import type { ShellCommand } from "../core/shell.ts";
import { packageUse, type PackageUse } from "./package-uses.ts";
import { packageAction, type NamedPackage } from "./packages.ts";
import { addObstacle, type StageRecord } from "./stage-record.ts";

/** A package of the distribution that is there at the end of the stage. */
export interface InstalledPackage extends NamedPackage {
  readonly use: PackageUse;
  readonly instruction: Instruction;
  readonly isForeign: boolean;
  readonly hasRecommended: boolean;
}

/** What apt, apk and the like install and remove. */
export function packageCommand(
  record: StageRecord,
  command: ShellCommand,
  program: string,
  instruction: Instruction,
): void {
  if (program === "apt-key" || program === "add-apt-repository") {
    record.hasForeignPackages = true;
    return;
  }
  const action = packageAction(command);
  if (!action || (/^(?:dpkg|rpm)$/.test(program) && command.words[1]?.text.includes("i"))) {
    addObstacle(record, "runtime-packages", instruction, {
      packages: action ? "a package file" : "packages named by a variable",
    });
    return;
  }
  const { installed, onceInstalled, virtualPackages } = record;
  if (action.action === "remove") {
    const removed = new Set(
      action.packages.flatMap(({ name }) => [name, ...(virtualPackages.get(name) ?? [])]),
    );
    for (const [name, { use }] of installed) {
      if (!removed.has(name)) continue;
      installed.delete(name);
      if (use === "zones") record.zonesRemoved = true;
    }
    if (removed.has("tzdata")) record.zonesRemoved = true;
    return;
  }
  if (action.action !== "install") return;
  if (action.group !== undefined)
    virtualPackages.set(
      action.group,
      action.packages.map(({ name }) => name),
    );
  for (const { name, written } of action.packages) {
    const one: InstalledPackage = {
      name,
      written,
      use: packageUse(name),
      instruction,
      isForeign: action.isForeign || record.hasForeignPackages,
      hasRecommended: action.hasRecommended,
    };
    installed.set(name, one);
    onceInstalled.set(name, one);
  }
}
