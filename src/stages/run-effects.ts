import type { StageState } from "../core/image-contract.ts";
import type { Instruction } from "../core/line-reader.ts";
import { baseName, isWithin, resolvePath } from "../core/path.ts";
import type { ShellCommand } from "../core/shell.ts";
import { expand } from "../core/words.ts";
import type { FileOperation } from "./file-operations.ts";
import {
  addMade,
  covers,
  isStatePath,
  nextOrder,
  remove,
  transfer,
  type StageFiles,
} from "./stage-files.ts";
import { addObstacle, type StageRecord } from "./stage-record.ts";

/** What commands of RUN do to files and users, whatever toolchain runs beside them. */

export function mountedDirectories(instruction: Instruction, state: StageState): string[] {
  return instruction.flags.flatMap((flag) => {
    if (flag.name !== "mount") return [];
    const target = /(?:^|,)(?:target|dst|destination)=([^,]*)/.exec(flag.value ?? "")?.[1];
    const written = target === undefined ? undefined : expand(target, state.lookup).value;
    const mounted = written === undefined ? undefined : resolvePath(state.directory, written);
    return mounted === undefined ? [] : [mounted];
  });
}

/**
 * The home directory that `adduser` and `useradd` make. Debian's useradd makes none unless told to, and system users have none
 * of their own. Sources: man adduser, man useradd, busybox adduser.
 */
export function noteHome(record: StageRecord, { words }: ShellCommand): void {
  const program = baseName(words[0]!.value!);
  const texts = words.slice(1).map(({ value, text }) => value ?? text);
  const name = texts.findLast((text) => /^[a-z_][\w-]*$/.test(text));
  const isMade =
    program === "adduser"
      ? !texts.some((text) => /^-[a-zA-Z]*H|^--no-create-home$|^--system$/.test(text))
      : program === "useradd" && texts.some((text) => /^-[a-zA-Z]*m|^--create-home$/.test(text));
  if (!isMade || name === undefined) return;
  const option = texts.findIndex((text) => /^(?:-h|-d|--home|--home-dir)$/.test(text));
  const home = option < 0 ? `/home/${name}` : texts[option + 1];
  if (home?.startsWith("/"))
    record.files.homes.set(home, { owner: name, order: nextOrder(record.files) });
}

/** Files that the output of a command goes to. */
export function redirects(
  record: StageRecord,
  command: ShellCommand,
  instruction: Instruction,
  tested: string | undefined,
  { user }: StageState,
): void {
  for (const redirect of command.redirects) {
    if (!/^(?:>|>>|>\||&>)$/.test(redirect.operator)) continue;
    const value = redirect.target?.value;
    if (value?.startsWith("/dev/")) continue;
    const path = value === undefined ? undefined : resolvePath(command.directory, value);
    if (path === undefined || (command.conditional && path !== tested))
      addObstacle(record, "step-may-matter", instruction, {
        program: redirect.target?.text ?? ">",
      });
    else {
      if (/^\/etc\/apt\/(?:sources|keyrings|trusted)|^\/etc\/apk\/repositories$/.test(path))
        record.hasForeignPackages = true;
      addMade(record.files, path, "file", instruction, user);
    }
  }
}

/** A program or library that the distribution or the toolchain brings. */
function isSystemFile({ artifacts, made, copies }: StageFiles, path: string): boolean {
  return (
    /^\/(?:usr\/)?(?:s?bin|lib)\/|^\/usr\/local\/go\//.test(path) &&
    !artifacts.has(path) &&
    ![...made.keys()].some((own) => isWithin(path, own)) &&
    !copies.some((copy) => copy.target === path)
  );
}

export function fileOperation(
  record: StageRecord,
  operation: FileOperation,
  instruction: Instruction,
  user: string,
): void {
  const { files } = record;
  switch (operation.kind) {
    case "directory":
    case "file":
      addMade(files, operation.path, operation.kind, instruction, user);
      return;
    case "owner":
      files.ownerChanges.push({ ...operation, order: nextOrder(files), instruction });
      return;
    case "remove":
      remove(files, operation);
      return;
    default:
      if (isSystemFile(files, operation.source)) {
        // The toolchain stays in the builder; anything else of the system may be what a program needs at its new place.
        if (!isWithin(operation.source, "/usr/local/go"))
          addObstacle(record, "step-may-matter", instruction, { program: operation.kind });
        return;
      }
      transfer(files, operation, instruction, user);
  }
}

/** An operation on a condition that makes no difference: `[ -d X ] || mkdir X`, or a removal of what nobody needs. */
export function isHarmless(
  { files }: StageRecord,
  operation: FileOperation,
  tested: string | undefined,
): boolean {
  switch (operation.kind) {
    case "directory":
    case "file":
      return operation.path === tested || isStatePath(operation.path);
    case "owner":
      return true;
    case "remove":
      return ![
        ...files.artifacts.keys(),
        ...files.made.keys(),
        ...files.copies.map((copy) => copy.target),
        ...files.copies.map((copy) => copy.directory),
      ].some((path) => covers(operation, path) || isWithin(operation.path, path));
    default:
      return false;
  }
}

/** bash expands `{a,b}` and has `time` as a keyword; dash and busybox have neither. */
export function hasBash({ shell }: StageState): boolean {
  return shell[0]!.endsWith("bash");
}

export function testedPath(command: ShellCommand): string | undefined {
  const index = command.words.findIndex(({ text }) => /^-[defLs]$/.test(text));
  const value = index < 0 ? undefined : command.words[index + 1]?.value;
  return value === undefined ? undefined : resolvePath(command.directory, value);
}
