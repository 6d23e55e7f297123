import { isAtLeast, type BaseImage } from "../core/base-images.ts";
import type { Instruction } from "../core/line-reader.ts";
import type { Evidence } from "../core/outcome.ts";
import { isRootUser } from "../core/image-contract.ts";
import { directoryName, isWithin, resolvePath } from "../core/path.ts";
import type { Repository } from "../core/repository.ts";
import type { GoBuilder } from "./builder.ts";
import { neededFiles } from "./needed-files.ts";
import type { SourceFacts } from "./programs.ts";

/** One thing that the program needs at run time, and how it is met. */
export interface Need {
  readonly code: string;
  readonly at?: Instruction;
  readonly data?: Readonly<Record<string, string>>;
  readonly evidence?: readonly Evidence[];
  /** Differences of the image contract that meeting it makes. */
  readonly allows?: readonly string[];
}

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
}

const CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt";
/** golang's images hold Go's own zone database. Source: lib/time/README in the Go distribution. */
const ZONES = "lib/time/zoneinfo.zip";
/** Users that the distributions' base images have. Source: base-passwd (Debian), alpine-baselayout (Alpine). */
const COMMON_USERS = new Set(["root", "daemon", "bin", "nobody", "www-data"]);

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
  const copy = (source: string, target = source): string =>
    `COPY --from=${builderName} ${pathWords(source, target)}`;
  const family = runtime.base?.family;
  const bareRuntime = family === "scratch" || family === "distroless";

  if (family !== "distroless") {
    systemLines.push(copy(CERTIFICATES, `${directoryName(CERTIFICATES)}/`));
    notes.push({
      code: "certificates-copied",
      evidence: sources.flatMap(({ program }) => program.tlsClients).slice(0, 1),
    });
  }
  zones();
  users();
  programs();
  writtenDirectories();
  ownership();
  const files = neededFiles(options, copy);
  if (files.refusal) refuse(files.refusal);
  return {
    refusal,
    systemLines,
    fileLines: files.lines,
    builderLines,
    notes: [...notes, ...files.notes],
  };

  function zones(): void {
    const zone = sources.flatMap(({ program }) => program.zones);
    const variable = contract.environment.get("TZ")?.instruction;
    const embedded = sources.length > 0 && sources.every(({ program }) => program.embedsZones);
    if (
      embedded ||
      family === "distroless" ||
      (zone.length === 0 && !variable && !builder.zonePackage)
    )
      return;
    // A program built with -trimpath does not know where its GOROOT was, and looks in /usr/share/zoneinfo only.
    const isTrimmed = [...builder.artifacts.values()].some(({ go }) => go.flags.has("trimpath"));
    const root = isAtLeast(contract.base?.version, 1, 5) ? "/usr/local/go" : "/usr/src/go";
    const archive = `${root}/${ZONES}`;
    const at = builder.zonePackage ?? variable;
    if (builder.zonePackage || (isTrimmed && contract.base?.distribution === "debian"))
      systemLines.push(copy("/usr/share/zoneinfo"));
    else if (isTrimmed) return; // there are none in the image as it is
    else if (builder.isRemoved(archive)) {
      refuse({ code: "step-may-matter", data: { program: "rm" } });
      return;
    } else systemLines.push(copy(archive));
    notes.push({ code: "zones-copied", ...(at ? { at } : {}), evidence: zone.slice(0, 2) });
  }

  function users(): void {
    const named = contract.user.split(":").filter((part) => part !== "" && !/^\d+$/.test(part));
    const lookups = [...sources.flatMap(({ program }) => program.userLookups), ...homeReads()];
    const provided =
      !bareRuntime && runtime.base !== undefined && named.every((name) => COMMON_USERS.has(name));
    if ((named.length === 0 && lookups.length === 0) || (provided && lookups.length === 0)) return;
    systemLines.push(`COPY --from=${builderName} /etc/passwd /etc/group /etc/`);
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

  function programs(): void {
    const started = sources.flatMap(({ program }) => program.runsPrograms);
    // os/exec without a call that could be read, and packages that run the go command.
    const imported = sources.flatMap(({ program }) => {
      const exec = started.length === 0 ? program.imports.get("os/exec") : undefined;
      // A call that was read and found harmless: the program starts itself.
      const isRead =
        exec !== undefined &&
        /\bexec\.Command(?:Context)?\(/.test(options.repository?.read(exec.path) ?? "");
      const toolchain = RUNS_TOOLCHAIN.map((path) => program.imports.get(path)).find(
        (evidence) => evidence !== undefined,
      );
      return [isRead ? undefined : exec, toolchain].flatMap((evidence) =>
        evidence ? [evidence] : [],
      );
    });
    if (started.length === 0 && imported.length === 0) return;
    const names = [
      ...new Set([
        ...started.map(({ program }) => program ?? "a computed name"),
        ...(imported.length > 0 ? ["a computed name"] : []),
      ]),
    ].join(", ");
    const need: Need = {
      code: "runs-programs",
      data: { programs: names },
      evidence: [...started.map(({ evidence }) => evidence), ...imported].slice(0, 3),
    };
    if (bareRuntime) refuse(need);
    else notes.push({ ...need, code: "programs-assumed" });
  }

  /** Directories that every distribution has and scratch has not, where the program writes. */
  function writtenDirectories(): void {
    if (family !== "scratch") return;
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
    const home =
      sources
        .flatMap(({ program }) => program.userLookups)
        .find(({ text }) => text?.includes("HomeDir")) ?? homeReads()[0];
    if (home && isRootUser(contract.user)) written.set("/root", home);
    const hasTemporary = written.delete("/tmp") || temporary.length > 0;
    if (!hasTemporary && written.size === 0) return;
    if (!isRootUser(builder.lastUser)) {
      refuse({
        code: "ownership",
        data: { user: builder.lastUser },
        evidence: temporary.slice(0, 1),
      });
      return;
    }
    const assembly = ["/runtime", "/runtime-root", "/runtime-files"].find((name) => !isUsed(name))!;
    // COPY makes the directory itself root's with mode 0755; what is nested keeps owner and mode.
    const paths = [...(hasTemporary ? ["/tmp"] : []), ...written.keys()].map(
      (path) => `${assembly}${path}`,
    );
    builderLines.push(
      `RUN mkdir -p ${paths.join(" ")}${hasTemporary ? ` && chmod 1777 ${assembly}/tmp` : ""}`,
    );
    systemLines.push(`COPY --from=${builderName} ${assembly}/ /`);
    if (hasTemporary) notes.push({ code: "temp-directory-made", evidence: temporary.slice(0, 2) });
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
      if (directory !== undefined) written.set(directory, evidence);
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

  /** What a user other than root may write to depends on who made it. */
  function ownership(): void {
    if (isRootUser(contract.user)) return;
    const writes =
      sources.length === 0 ||
      sources.some(({ program }) => !program.complete || program.writesFiles.length > 0);
    const home = sources
      .flatMap(({ program }) => program.userLookups)
      .find(({ text }) => text?.includes("HomeDir"));
    const inHome =
      builder.userMaker !== undefined && (contract.workingDirectory ?? "").startsWith("/home/");
    if (inHome && writes)
      refuse({ code: "ownership", at: builder.userMaker!, data: { user: contract.user } });
    else if (home) refuse({ code: "ownership", data: { user: contract.user }, evidence: [home] });
  }
}

/** Directories of every distribution's base image; the innermost first. Source: https://refspecs.linuxfoundation.org/fhs.shtml */
const STATE_DIRECTORIES = [
  "/var/log",
  "/var/lib",
  "/var/run",
  "/var/cache",
  "/var/tmp",
  "/run",
  "/tmp",
];
const BASE_DIRECTORIES = [
  ...STATE_DIRECTORIES,
  "/root",
  "/srv",
  "/opt",
  "/mnt",
  "/home",
  "/usr/share",
  "/usr/local/share",
  "/usr/local/etc",
  "/etc",
];

/** Packages that run the go command. Sources: their documentation on pkg.go.dev. */
const RUNS_TOOLCHAIN = [
  "golang.org/x/tools/go/packages",
  "golang.org/x/tools/go/loader",
  "go/build",
];

/** Modules that look for files in the home directory. Sources: their documentation on pkg.go.dev. */
const READS_HOME = [
  "github.com/mitchellh/go-homedir",
  "github.com/aws/aws-sdk-go",
  "github.com/aws/aws-sdk-go-v2/config",
  "k8s.io/client-go",
  "github.com/docker/docker",
  "github.com/docker/cli",
  "golang.org/x/oauth2/google",
  "cloud.google.com/go",
];

/** The two paths of a COPY; in JSON form when one holds a blank. */
export function pathWords(source: string, target: string): string {
  return /\s/.test(source + target)
    ? JSON.stringify([source, target]).replace('","', '", "')
    : `${source} ${target}`;
}
