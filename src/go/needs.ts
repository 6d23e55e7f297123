import { isAtLeast, type BaseImage } from "../core/base-images.ts";
import type { Evidence } from "../core/outcome.ts";
import { isRootUser } from "../core/image-contract.ts";
import { directoryName, isWithin, resolvePath } from "../core/path.ts";
import type { Repository } from "../core/repository.ts";
import type { GoBuilder } from "./builder.ts";
import { quoted } from "../core/shell.ts";
import { givesWrite } from "../stages/ownership.ts";
import { neededFiles } from "./needed-files.ts";
import type { SourceFacts } from "./programs.ts";
import { hasCertificates } from "./certificates.ts";
import { pathWords } from "../stages/path-words.ts";
import type { Need } from "../stages/need.ts";
import type { CarriedFile } from "../stages/run-time-commands.ts";
import {
  BASE_DIRECTORIES,
  READS_HOME,
  STATE_DIRECTORIES,
  SWITCHES_USER,
} from "./system-knowledge.ts";

export type { Need };

export interface Needs {
  /** The first that cannot be met: the file is refused. */
  readonly refusal: Need | undefined;
  /** Lines of the runtime stage before WORKDIR. */
  readonly systemLines: readonly string[];
  /** Lines of the runtime stage after WORKDIR, without the programs themselves. */
  readonly fileLines: readonly string[];
  /** Lines that the builder gets at its end. */
  readonly builderLines: readonly string[];
  readonly notes: readonly Need[];
  /** The COPY of a path from the builder, with its owner where that matters. */
  copy(source: string, target?: string): string;
  /** The whole working directory is copied, and what is in it with it. */
  isCopied(path: string): boolean;
  /** The working directory is the user's own: USER stands before it. */
  readonly userOwnsDirectory: boolean;
}

export interface NeedsOptions {
  readonly builder: GoBuilder;
  readonly sources: readonly SourceFacts[];
  readonly repository: Repository | undefined;
  readonly contextDirectory: string | undefined;
  /** The runtime image; `undefined` base for one that is in no table. */
  readonly runtime: { readonly image: string; readonly base: BaseImage | undefined };
  readonly builderName: string;
  readonly dockerfilePath: string;
  /** Words of the start behind the program's name. */
  readonly startArguments: readonly string[];
  /** Words of scripts and health checks that may name files. */
  readonly scriptWords: readonly {
    readonly value: string;
    readonly evidence: Evidence | undefined;
  }[];
  /** Values that compose files give the container: its environment, its arguments. */
  readonly composeValues: readonly { readonly value: string; readonly evidence: Evidence }[];
  /** The user that a compose file runs the container as. */
  readonly composeUser: string | undefined;
  /** Compose files set the time zone. */
  readonly composeZone: Evidence | undefined;
  /** Files that scripts write when the container starts. */
  readonly scriptOutputs: readonly string[];
  /** Scripts and programs that are run beside the built ones. */
  readonly carriedFiles: readonly CarriedFile[];
  /** Programs of the system that run in the final image. */
  readonly systemPrograms: ReadonlySet<string>;
}

const CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt";
/** golang's images hold Go's own zone database. Source: lib/time/README in the Go distribution. */
const ZONES = "lib/time/zoneinfo.zip";
/** Users that base images have, with the same number in all of them. Source: base-passwd (Debian), alpine-baselayout (Alpine). */
const COMMON_USERS = new Set(["root", "nobody"]);
/** Users that a distribution's base images have. */
const DISTRIBUTION_USERS = new Set([
  "daemon",
  "bin",
  "mail",
  "www-data",
  "games",
  "man",
  "news",
  "sync",
]);

/** Works out what the final image must hold beside the program. */
export function findNeeds(options: NeedsOptions): Needs {
  const { builder, sources, runtime, builderName } = options;
  const { contract } = builder;
  const systemLines: string[] = [];
  const builderLines: string[] = [];
  const notes: Need[] = [];
  let refusal: Need | undefined;
  const refuse = (need: Need): void => {
    refusal ??= need;
  };
  /** Owners matter where the program is not root, or may become another user. */
  const drops = [...options.systemPrograms].some((name) => SWITCHES_USER.has(name));
  const hasOwners = !isRootUser(contract.user) || drops;
  const copy = (source: string, target = source): string => {
    const { owner } = hasOwners ? builder.ownershipOf(source) : { owner: "" };
    if (owner !== "") owners.add(owner);
    const chown = owner === "" ? "" : ` --chown=${owner}`;
    return `COPY --from=${builderName}${chown} ${pathWords(source, target)}`;
  };
  const owners = new Set<string>();
  /** Files of the toolchain that are copied when they are there. */
  const systemOptional: string[] = [];
  /** Directories that are made anew, below one that is copied whole, since COPY gives the named one to root. */
  const madeAnew = new Map<string, { owner: string; mode: string | undefined }>();
  const family = runtime.base?.family;
  const bareRuntime = family === "scratch" || family === "distroless";

  const certificates = family === "distroless" ? "there" : hasCertificates(builder);
  if (certificates === "perhaps") systemOptional.push(CERTIFICATES);
  if (family !== "distroless" && certificates !== "none") {
    if (certificates === "there")
      systemLines.push(copy(CERTIFICATES, `${directoryName(CERTIFICATES)}/`));
    notes.push({
      code: "certificates-copied",
      evidence: sources.flatMap(({ program }) => program.tlsClients).slice(0, 1),
    });
  }
  const reads = homeReads();
  const homeUses = [...homeLookups(), ...reads];
  zones();
  const files = neededFiles(options, copy, (path) => {
    if (!hasOwners) return;
    const { owner, mode } = builder.ownershipOf(path);
    if (mode !== undefined && givesWrite(mode)) madeAnew.set(path, { owner, mode });
  });
  if (files.refusal) refuse(files.refusal);
  const userOwnsDirectory = ownedDirectories();
  writtenDirectories();
  users();
  return {
    refusal,
    systemLines,
    fileLines: files.lines,
    builderLines,
    notes: [...notes, ...files.notes],
    copy,
    isCopied: files.isCopied,
    userOwnsDirectory,
  };

  function zones(): void {
    const zone = sources.flatMap(({ program }) => program.zones);
    const variable = contract.environment.get("TZ")?.instruction;
    const embedded = sources.length > 0 && sources.every(({ program }) => program.embedsZones);
    if (
      embedded ||
      family === "distroless" ||
      (zone.length === 0 && !variable && !builder.zonePackage && !options.composeZone)
    )
      return;
    // A program built with -trimpath does not know where its GOROOT was, and looks in /usr/share/zoneinfo only.
    const isTrimmed = [...builder.artifacts.values()].some(({ go }) => go.flags.has("trimpath"));
    const archive = `${toolchainRoot()}/${ZONES}`;
    const isOfSystem = contract.base?.family !== "golang" && !builder.hasToolchainArchive;
    const at = builder.zonePackage ?? variable;
    if (builder.zonePackage || (isTrimmed && contract.base?.distribution === "debian"))
      systemLines.push(copy("/usr/share/zoneinfo"));
    else if (isTrimmed) return; // there are none in the image as it is
    else if (isOfSystem) {
      // The distribution's own Go may bring the archive, and may be gone by the end.
      systemOptional.push(
        contract.base?.distribution === "alpine" ? archive : "/usr/share/zoneinfo",
      );
      return;
    } else if (builder.isRemoved(archive)) {
      refuse({ code: "step-may-matter", data: { program: "rm" } });
      return;
    } else systemLines.push(copy(archive));
    notes.push({ code: "zones-copied", ...(at ? { at } : {}), evidence: zone.slice(0, 2) });
  }

  /** GOROOT of the images, of an archive that was unpacked, or of the distribution's package. */
  function toolchainRoot(): string {
    if (contract.base?.family === "golang")
      return isAtLeast(contract.base.version, 1, 5) ? "/usr/local/go" : "/usr/src/go";
    return builder.hasToolchainArchive ? "/usr/local/go" : "/usr/lib/go";
  }

  function users(): void {
    const named = [contract.user, options.composeUser ?? "", ...owners]
      .flatMap((user) => user.split(":"))
      .filter((part) => part !== "" && !/^\d+$/.test(part));
    const lookups = [...sources.flatMap(({ program }) => program.userLookups), ...reads];
    const isSame = runtime.base?.distribution === contract.base?.distribution;
    const provided =
      !bareRuntime &&
      runtime.base !== undefined &&
      named.every((name) => COMMON_USERS.has(name) || (isSame && DISTRIBUTION_USERS.has(name)));
    // A distribution's own file has root, which is all that a look-up needs when no other user is named.
    const isNeeded =
      (named.length > 0 && !provided) || (lookups.length > 0 && bareRuntime) || drops;
    if (!isNeeded) return;
    // Owners are looked up in the stage that gets the files, so this comes first.
    systemLines.unshift(`COPY --from=${builderName} /etc/passwd /etc/group /etc/`);
    notes.push({
      code: "users-copied",
      data: { user: contract.user || "root" },
      evidence: lookups.slice(0, 2),
    });
  }

  /** Engines set HOME from /etc/passwd: without it, it is `/`. */
  function homeReads(): Evidence[] {
    return sources.flatMap(({ program }) => [
      ...program.literals
        .filter(({ value }) => value === "HOME" || /\$\{?HOME\b/.test(value))
        .map(({ evidence }) => evidence),
      ...[...program.imports]
        .filter(([path]) =>
          READS_HOME.some((module) => path === module || path.startsWith(`${module}/`)),
        )
        .map(([, evidence]) => evidence),
    ]);
  }

  /** Directories that every distribution has and scratch has not, where the program writes; and those that are made anew. */
  function writtenDirectories(): void {
    const isBare = family === "scratch" || family === "busybox";
    if (!isBare && madeAnew.size === 0 && files.optional.length + systemOptional.length === 0)
      return;
    const temporary = sources.flatMap(({ program }) => program.tempFiles);
    const written = new Map<string, Evidence>();
    for (const { call, literal, evidence } of sources.flatMap(
      ({ program }) => program.writesFiles,
    )) {
      // MkdirAll makes what is above as well.
      if (literal !== undefined && !call.endsWith("MkdirAll"))
        note(literal, BASE_DIRECTORIES, evidence);
    }
    // Sockets, pid files and logs are often opened by a call of a library.
    for (const { value, evidence } of sources.flatMap(({ program }) => program.literals))
      note(value, STATE_DIRECTORIES, evidence);
    const [home] = homeUses;
    if (home && isRootUser(contract.user)) written.set("/root", home);
    const hasTemporary = written.delete("/tmp") || (isBare && temporary.length > 0);
    if (!isBare) written.clear();
    const optional = [...files.optional, ...systemOptional];
    if (!hasTemporary && written.size === 0 && madeAnew.size === 0 && optional.length === 0) return;
    // What a user other than root makes lies where that user may write.
    const isRoot = isRootUser(builder.lastUser);
    const names = isRoot
      ? ["/runtime", "/runtime-root", "/runtime-files"]
      : ["/tmp/runtime", "/tmp/runtime-root"];
    const assembly = names.find((name) => !isUsed(name))!;
    // COPY makes the directory itself root's with mode 0755; what is nested keeps owner and mode.
    const paths = new Set([
      ...(hasTemporary ? ["/tmp"] : []),
      ...written.keys(),
      ...madeAnew.keys(),
      ...optional.map(directoryName),
    ]);
    const commands = [`mkdir -p ${[...paths].map((path) => assembly + path).join(" ")}`];
    if (hasTemporary) commands.push(`chmod 1777 ${assembly}/tmp`);
    for (const [path, { owner, mode }] of madeAnew) {
      if (owner !== "" && isRoot) commands.push(`chown ${owner} ${assembly}${path}`);
      if (mode !== undefined) commands.push(`chmod ${mode} ${assembly}${path}`);
      if (owner !== "") owners.add(owner);
    }
    // What is not there when the image is built is not missed: COPY alone would fail.
    for (const path of optional)
      commands.push(
        `{ [ ! -e ${quoted(path)} ] || cp -a ${quoted(path)} ${quoted(`${assembly}${directoryName(path)}/`)}; }`,
      );
    builderLines.push(`RUN ${commands.join(" && ")}`);
    systemLines.push(`COPY --from=${builderName} ${assembly}/ /`);
    if (hasTemporary) notes.push({ code: "temp-directory-made", evidence: temporary.slice(0, 2) });
    if (madeAnew.size > 0)
      notes.push({ code: "owner-kept", data: { paths: [...madeAnew.keys()].join(", ") } });
    if (written.size > 0)
      notes.push({
        code: "system-directory-made",
        data: { paths: [...written.keys()].join(", ") },
        evidence: [...written.values()].slice(0, 2),
      });

    function note(path: string, bases: readonly string[], evidence: Evidence): void {
      if (!path.startsWith("/")) return;
      const resolved = resolvePath("/", path)!;
      const directory = bases.find((base) => resolved !== base && isWithin(resolved, base));
      if (directory !== undefined && !files.isCopied(resolved)) written.set(directory, evidence);
    }

    function isUsed(name: string): boolean {
      const paths = [
        contract.workingDirectory ?? "/",
        ...builder.copies.map((entry) => entry.directory),
        ...builder.made.keys(),
        ...builder.artifacts.keys(),
      ];
      return paths.some((path) => isWithin(path, name));
    }
  }

  /**
   * What a user other than root may write to depends on who made it.
   *
   * @returns whether the working directory is the user's own
   */
  function ownedDirectories(): boolean {
    if (!hasOwners) return false;
    const directory = contract.workingDirectory ?? "/";
    const [name = ""] = contract.user.split(":");
    const { owner, mode } = builder.ownershipOf(directory);
    const isOwn = owner !== "" && owner.split(":")[0] === name;
    if (directory !== "/" && !files.isCopied(directory)) {
      const isWritable = mode !== undefined && givesWrite(mode);
      if (isWritable || (owner !== "" && !isOwn)) madeAnew.set(directory, { owner, mode });
    }
    for (const [user, home] of builder.homes) {
      if (homeUses.length === 0 || (user !== name && !drops)) continue;
      const isInside = isWithin(directory, home) && directory !== home;
      if (!files.isCopied(home) && directory !== home && !isInside)
        madeAnew.set(home, { owner: user, mode: undefined });
    }
    // The copied directory of optional files would be there first, and root's.
    const isFilled = files.optional.some((path) => isWithin(path, directory));
    if (isOwn && isFilled) madeAnew.set(directory, { owner, mode });
    return isOwn && !isFilled;
  }

  function homeLookups(): Evidence[] {
    return sources
      .flatMap(({ program }) => program.userLookups)
      .filter(({ path }) => /HomeDir\b/.test(options.repository?.read(path) ?? "HomeDir"));
  }
}
