import type { Instruction } from "../core/line-reader.ts";
import type { ShellCommand } from "../core/shell.ts";
import { installedPackages } from "../stages/packages.ts";
import { AMBIGUOUS_PACKAGES, PACKAGES } from "./knowledge.ts";
import { addAssumption, addObstacle, type StageRecord } from "./stage-record.ts";

/** What apt, apk and the like install and remove, as far as the program may need it. */
export function packageCommand(
  record: StageRecord,
  command: ShellCommand,
  program: string,
  instruction: Instruction,
): void {
  if (
    program.startsWith("apt-key") ||
    program.startsWith("add-apt") ||
    program === "dpkg" ||
    program === "rpm"
  )
    return;
  const names = installedPackages(command);
  if (!names) {
    addObstacle(record, "runtime-packages", instruction, {
      packages: "packages named by a variable",
    });
    return;
  }
  const group = command.words.find((_, index) =>
    ["-t", "--virtual"].includes(command.words[index - 1]?.text ?? ""),
  )?.value;
  if (group !== undefined) record.virtualPackages.set(group, names);
  if (removedPackages(record, command).includes("tzdata")) {
    record.zonePackage = undefined;
    record.zonesRemoved = true;
  }
  const unknown: string[] = [];
  const ambiguous: string[] = [];
  for (const name of names) {
    const use = Object.hasOwn(PACKAGES, name) ? PACKAGES[name] : undefined;
    if (use === "zones") record.zonePackage = instruction;
    if (AMBIGUOUS_PACKAGES.has(name)) ambiguous.push(name);
    else if (use === undefined) unknown.push(name);
  }
  if (unknown.length > 0)
    addObstacle(record, "runtime-packages", instruction, { packages: unknown.join(", ") });
  if (ambiguous.length > 0)
    addAssumption(record, "build-tools-assumed", instruction, { packages: ambiguous.join(", ") });
}

/** Packages that a command removes, those of a virtual one among them. */
function removedPackages({ virtualPackages }: StageRecord, command: ShellCommand): string[] {
  if (!command.words.some(({ value }) => /^(?:del|purge|remove|autoremove)$/.test(value ?? "")))
    return [];
  return command.words.flatMap(({ value }) => [
    value ?? "",
    ...(virtualPackages.get(value ?? "") ?? []),
  ]);
}
