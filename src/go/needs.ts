import type { BaseImage } from "../core/base-images.ts";
import type { CopiedFile } from "../core/copied-files.ts";
import type { Instruction } from "../core/line-reader.ts";
import type { Evidence } from "../core/outcome.ts";
import { baseName, directoryName, isWithin, resolvePath } from "../core/path.ts";
import { kindOf, type Repository } from "../core/repository.ts";
import { runTimeFiles } from "../repo/go-files.ts";
import type { GoBuilder } from "./builder.ts";
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
const ZONES = "/usr/local/go/lib/time/zoneinfo.zip";
/** Users that the distributions' base images have. Source: base-passwd (Debian), alpine-baselayout (Alpine). */
const COMMON_USERS = new Set(["root", "daemon", "bin", "nobody", "www-data"]);

/** Works out what the final image must hold beside the program. */
export function findNeeds(options: NeedsOptions): Needs {
  const { builder, sources, runtime, builderName } = options;
  const { contract } = builder;
  const systemLines: string[] = [];
  const fileLines: string[] = [];
  const builderLines: string[] = [];
  const notes: Need[] = [];
  let refusal: Need | undefined;
  const refuse = (need: Need): void => {
    refusal ??= need;
  };
  const copy = (source: string, target = source): string => `COPY --from=${builderName} ${pathWords(source, target)}`;
  const family = runtime.base?.family;
  const bareRuntime = family === "scratch" || family === "distroless";

  if (family !== "distroless") {
    systemLines.push(copy(CERTIFICATES, `${directoryName(CERTIFICATES)}/`));
    notes.push({ code: "certificates-copied", evidence: sources.flatMap(({ program }) => program.tlsClients).slice(0, 1) });
  }
  zones();
  users();
  programs();
  writtenDirectories();
  ownership();
  const fileTargets: string[] = [];
  const carried = madeFiles();
  carried.push(...outsideCopies());
  assets();
  namedAssets();
  return { refusal, systemLines, fileLines, builderLines, notes };

  function zones(): void {
    const zone = sources.flatMap(({ program }) => program.zones);
    const variable = contract.environment.get("TZ")?.instruction;
    const embedded = sources.length > 0 && sources.every(({ program }) => program.embedsZones);
    if (embedded || family === "distroless" || (zone.length === 0 && !variable && !builder.zonePackage)) return;
    const trimmed = [...builder.artifacts.values()].some(({ go }) => go.flags.has("trimpath")) || /-trimpath/.test(contract.environment.get("GOFLAGS")?.value ?? "");
    const at = builder.zonePackage ?? variable;
    if (builder.zonePackage) systemLines.push(copy("/usr/share/zoneinfo"));
    else {
      systemLines.push(copy(ZONES));
      // A program built with -trimpath does not know where its GOROOT was.
      if (trimmed) systemLines.push(`ENV ZONEINFO=${ZONES}`);
    }
    notes.push({ code: "zones-copied", ...(at ? { at } : {}), evidence: zone.slice(0, 2), ...(trimmed ? { allows: ["env:ZONEINFO"] } : {}) });
  }

  function users(): void {
    const user = contract.user.split(":");
    const named = user.filter((part) => part !== "" && !/^\d+$/.test(part));
    const lookups = sources.flatMap(({ program }) => program.userLookups);
    const provided = !bareRuntime && runtime.base !== undefined && named.every((name) => COMMON_USERS.has(name));
    if ((named.length === 0 && lookups.length === 0) || (provided && lookups.length === 0)) return;
    systemLines.push(`COPY --from=${builderName} /etc/passwd /etc/group /etc/`);
    notes.push({ code: "users-copied", data: { user: contract.user || "root" }, evidence: lookups.slice(0, 2) });
  }

  function programs(): void {
    const started = sources.flatMap(({ program }) => program.runsPrograms);
    const [first] = started;
    if (!first) return;
    const names = [...new Set(started.map(({ program }) => program ?? "a computed name"))].join(", ");
    const need: Need = { code: "runs-programs", data: { programs: names }, evidence: started.map(({ evidence }) => evidence).slice(0, 3) };
    if (bareRuntime) refuse(need);
    else notes.push({ ...need, code: "programs-assumed" });
  }

  /** Directories that every distribution has and scratch has not, where the program writes. */
  function writtenDirectories(): void {
    if (family !== "scratch") return;
    const temporary = sources.flatMap(({ program }) => program.tempFiles);
    const written = new Map<string, Evidence>();
    for (const { call, literal, evidence } of sources.flatMap(({ program }) => program.writesFiles)) {
      if (literal === undefined || !literal.startsWith("/")) continue;
      const path = resolvePath("/", literal)!;
      // MkdirAll makes what is above as well.
      const directory = BASE_DIRECTORIES.find((base) => path !== base && isWithin(path, base));
      if (directory !== undefined && !call.endsWith("MkdirAll")) written.set(directory, evidence);
    }
    const hasTemporary = temporary.length > 0 || written.delete("/tmp");
    if (!hasTemporary && written.size === 0) return;
    if (!isRootUser(builder.lastUser)) {
      refuse({ code: "ownership", data: { user: builder.lastUser }, evidence: temporary.slice(0, 1) });
      return;
    }
    // COPY makes the directory itself root's with mode 0755; what is nested keeps owner and mode.
    const paths = [...(hasTemporary ? ["/tmp"] : []), ...written.keys()].map((path) => `/runtime${path}`);
    builderLines.push(`RUN mkdir -p ${paths.join(" ")}${hasTemporary ? " && chmod 1777 /runtime/tmp" : ""}`);
    systemLines.push(`COPY --from=${builderName} /runtime/ /`);
    if (hasTemporary) notes.push({ code: "temp-directory-made", evidence: temporary.slice(0, 2) });
    if (written.size > 0) notes.push({ code: "system-directory-made", data: { paths: [...written.keys()].join(", ") }, evidence: [...written.values()].slice(0, 2) });
  }

  /** What a user other than root may write to depends on who made it. */
  function ownership(): void {
    if (isRootUser(contract.user)) return;
    const writes = sources.length === 0 || sources.some(({ program }) => !program.complete || program.writesFiles.length > 0);
    const home = sources.flatMap(({ program }) => program.userLookups).find(({ text }) => text?.includes("HomeDir"));
    const inHome = builder.userMaker !== undefined && (contract.workingDirectory ?? "").startsWith("/home/");
    if (inHome && writes) refuse({ code: "ownership", at: builder.userMaker!, data: { user: contract.user } });
    else if (home) refuse({ code: "ownership", data: { user: contract.user }, evidence: [home] });
  }

  function madeFiles(): string[] {
    const kept: string[] = [];
    const artifactDirectories = [...builder.artifacts.keys()].map(directoryName);
    for (const [path, { kind, instruction }] of builder.made) {
      const holds = (inner: string | undefined): boolean => inner !== undefined && isWithin(inner, path);
      if (/\.go$|(?:^|\/)(?:go\.(?:mod|sum)|vendor)$/.test(path)) continue;
      if (kind === "directory" && (holds(contract.workingDirectory) || artifactDirectories.some(holds) || builder.builds.some(({ directory }) => holds(directory)) || builder.copies.some(({ directory }) => holds(directory)))) continue;
      if (builder.builds.some(({ output }) => output.kind !== "file" && "directory" in output && isWithin(output.directory, path))) continue;
      if (kept.some((parent) => isWithin(path, parent))) continue;
      kept.push(path);
      fileLines.push(copy(path));
      notes.push({ code: "made-file-copied", at: instruction, data: { path } });
    }
    const owned = builder.ownerChanges[0] ?? builder.made.get(kept[0] ?? "")?.instruction;
    if (!isRootUser(contract.user) && owned) refuse({ code: "ownership", at: owned, data: { user: contract.user } });
    return kept;
  }

  /** Files that were copied to places outside the source tree are there for the program. */
  function outsideCopies(): string[] {
    const kept: string[] = [];
    const roots = builder.builds.flatMap(({ directory, packageDirectory }) => [directory, packageDirectory ?? directory]);
    const sourceRoots = builder.copies.map((entry) => entry.directory).filter((directory) => roots.some((root) => isWithin(root, directory)));
    const isSource = (entry: CopiedFile): boolean =>
      [...sourceRoots, ...roots, "/go/src", "/usr/local/share/ca-certificates", "/root/.ssh", "/etc/ssl/certs"].some((root) => isWithin(entry.target, root) || isWithin(entry.directory, root));
    for (const entry of builder.copies) {
      if (isSource(entry) || builder.removed.some((gone) => isWithin(entry.target, gone))) continue;
      const target = imageTarget(entry);
      if (target === undefined) refuse({ code: "copy-unknown", at: entry.instruction });
      else if (/(?:^|\/)s?bin\//.test(target)) refuse({ code: "runtime-packages", at: entry.instruction, data: { packages: target } });
      else if (!kept.includes(target)) {
        kept.push(target);
        fileLines.push(copy(target));
        notes.push({ code: "files-copied", at: entry.instruction, data: { path: target } });
      }
    }
    return kept;
  }

  /**
   * COPY instructions that bring nothing but assets into the source tree. Where the sources do not show what is
   * read, they were written for the running program.
   */
  function namedAssets(): void {
    const isProved = sources.length > 0 && !notes.some(({ code }) => code === "computed-file-paths" || code === "sources-not-read");
    if (isProved) return;
    const embedded = sources.flatMap(({ program }) => program.embeds.map(({ pattern }) => pattern.replace(/^all:/, "").split("/")[0]));
    for (const entry of builder.copies) {
      const name = baseName(entry.source.replace(/\/+$/, ""));
      if (!isAssetName(name) || embedded.includes(name) || builder.removed.some((gone) => isWithin(entry.target, gone))) continue;
      const isFile = kindOfSource(entry) === "file" || (kindOfSource(entry) === undefined && /\.\w+$/.test(name) && !/[*?[]/.test(name));
      const target = isFile ? (entry.intoDirectory ? entry.target : entry.directory) : entry.directory;
      // `COPY *.html ./`: the directory holds the sources as well.
      const holdsSources = !isFile && builder.builds.some(({ directory }) => isWithin(directory, target));
      if (holdsSources) {
        notes.push({ code: "sources-not-read", at: entry.instruction });
        continue;
      }
      if ([...carried, ...fileTargets].some((parent) => isWithin(target, parent))) continue;
      fileTargets.push(target);
      fileLines.push(copy(target));
      notes.push({ code: "files-copied", at: entry.instruction, data: { path: target } });
    }
  }

  /** The file or directory in the image that a COPY makes; `undefined` when it cannot be told which. */
  function imageTarget(entry: CopiedFile): string | undefined {
    if (/\.(?:tar|tgz|tar\.\w+|tbz2?|txz)$/.test(entry.source) && entry.instruction.keyword === "ADD") return undefined;
    const isShared = SHARED_DIRECTORIES.has(entry.directory);
    // `COPY file /etc` without a slash: the directory is there, so the file goes into it.
    if (!entry.intoDirectory && !isShared) return entry.directory;
    if (/[*?[]/.test(entry.source) || kindOfSource(entry) === "directory") return isShared ? undefined : entry.directory;
    if (kindOfSource(entry) === "file" || /\.\w+$/.test(baseName(entry.source))) return resolvePath(entry.directory, baseName(entry.source));
    return isShared ? undefined : entry.directory;
  }

  function kindOfSource(entry: CopiedFile): string | undefined {
    const { repository, contextDirectory } = options;
    if (!repository || contextDirectory === undefined || entry.from !== undefined) return undefined;
    const source = entry.source.replace(/^\.?\/+/, "").replace(/\/+$/, "");
    return kindOf(repository, [contextDirectory, source].filter((part) => part !== "").join("/"));
  }

  /** Files of the context that the sources or the start's arguments name. */
  function assets(): void {
    const { repository, contextDirectory } = options;
    const wanted = new Map<string, readonly Evidence[]>();
    const settings = [...contract.environment.values()].flatMap(({ instruction, value }) => (instruction && value ? [value] : []));
    const evidence = { path: options.dockerfilePath };
    const values = [...settings, ...options.startArguments].map((value) => ({ value, evidence }));
    if (repository && contextDirectory !== undefined) {
      const inContext = (path: string): string | undefined => {
        const found = builder.repositoryPath(path);
        if (found === undefined || contextDirectory === "") return found;
        return found === contextDirectory ? "" : found.startsWith(`${contextDirectory}/`) ? found.slice(contextDirectory.length + 1) : undefined;
      };
      const pathInRepository = (path: string): string => [contextDirectory, path].filter((part) => part !== "").join("/");
      for (const { program } of sources) {
        const files = runTimeFiles(repository, program, {
          contextDirectory,
          workingDirectoryInContext: contract.workingDirectory === undefined ? undefined : inContext(contract.workingDirectory),
          toContext: inContext,
          values,
        });
        for (const { path, evidence } of files.files) {
          for (const target of builder.imagePaths(pathInRepository(path))) wanted.set(target, evidence);
        }
        const all = files.computed.find(({ origin }) => origin === "working-directory");
        if (all) refuse({ code: "reads-working-directory", evidence: [all] });
        const computed = files.computed.filter(({ origin }) => origin !== "working-directory");
        if (computed.length > 0) notes.push({ code: "computed-file-paths", evidence: computed.slice(0, 3).map(({ path, line, text }) => ({ path, ...(line === undefined ? {} : { line }), ...(text === undefined ? {} : { text }) })) });
        if (program.readsModuleSources.length > 0) refuse({ code: "reads-module-sources", evidence: program.readsModuleSources.slice(0, 2) });
        if (!program.complete) notes.push({ code: "sources-not-read", evidence: program.missing.slice(0, 2) });
      }
    }
    const inRepository = (path: string): boolean => {
      const source = repository && builder.repositoryPath(path);
      return source !== undefined && kindOf(repository!, source) !== undefined && builder.imagePaths(source).includes(path);
    };
    // What the image already holds in a volume's directory is what the volume starts with.
    for (const value of [...settings, ...contract.volumes]) {
      const path = startArgumentPath(value, contract.workingDirectory);
      if (path !== undefined && path !== contract.workingDirectory && inRepository(path)) wanted.set(path, []);
    }
    for (const argument of options.startArguments) {
      const path = startArgumentPath(argument, contract.workingDirectory);
      if (path === undefined) continue;
      if (repository && contextDirectory !== undefined) {
        if (inRepository(path)) wanted.set(path, []);
      } else if (builder.copies.some((entry) => isWithin(path, entry.directory)) && !carried.some((parent) => isWithin(path, parent))) {
        refuse({ code: "start-names-file", data: { argument } });
      }
    }
    const targets = [...wanted.keys()].sort();
    for (const target of targets) {
      if (carried.some((parent) => isWithin(target, parent)) || targets.some((parent) => parent !== target && isWithin(target, parent))) continue;
      if (builder.removed.some((gone) => isWithin(target, gone))) continue;
      fileTargets.push(target);
      fileLines.push(copy(target));
      notes.push({ code: "files-copied", data: { path: target }, evidence: wanted.get(target)! });
    }
  }
}

/** Directories that hold more than what one COPY puts there. */
const SHARED_DIRECTORIES = new Set(["/", "/etc", "/usr", "/usr/local", "/usr/share", "/var", "/var/lib", "/opt", "/home", "/root", "/bin", "/usr/bin", "/usr/local/bin", "/srv", "/tmp", "/go"]);

/** Directories of every distribution's base image; the innermost first. Source: https://refspecs.linuxfoundation.org/fhs.shtml */
const BASE_DIRECTORIES = ["/var/log", "/var/lib", "/var/run", "/var/cache", "/var/tmp", "/run", "/tmp", "/root", "/srv", "/opt", "/mnt", "/home", "/usr/share", "/usr/local/share", "/usr/local/etc", "/etc"];

function isRootUser(user: string): boolean {
  const [name = ""] = user.split(":");
  return name === "" || name === "root" || name === "0";
}

/** Names of files and directories that hold no Go code. */
function isAssetName(name: string): boolean {
  return (
    /^(?:templates?|tmpl|views?|static|public|assets?|web|www|html|css|js|dist|build|frontend|client|ui|images?|img|fonts?|media|uploads?|data|db|migrations?|sql|schemas?|configs?|conf|config|etc|locales?|i18n|lang|languages|translations|certs?|keys|secrets|docs|swagger|resources?|res|files|fixtures|seeds?|\.env.*)$/i.test(name) ||
    /\.(?:html?|tmpl|gohtml|tpl|css|js|json|ya?ml|toml|ini|conf|cfg|env|properties|xml|txt|csv|sql|db|sqlite3?|pem|crt|key|png|jpe?g|gif|svg|ico|ttf|woff2?|mmdb|dat)$/i.test(name)
  ) && !/^(?:package(?:-lock)?\.json|tsconfig\.json|docker-compose.*|\.golangci.*|Gopkg\.toml|glide\.ya?ml|README.*|LICENSE.*)$/i.test(name);
}

/** An argument that names a file: it holds a slash, or ends like a file of configuration. */
function startArgumentPath(argument: string, workingDirectory: string | undefined): string | undefined {
  const value = argument.replace(/^--?[\w.-]+=/, "");
  if (value === "" || value.startsWith("-") || /^[a-z][a-z0-9+.-]*:\/\//i.test(value)) return undefined;
  if (!value.includes("/") && !/\.(?:ya?ml|json|toml|ini|conf|cfg|env|properties|xml|txt|tmpl|html|sql|db|pem|crt|key|hcl|csv)$/i.test(value)) return undefined;
  return resolvePath(workingDirectory, value);
}

/** The two paths of a COPY; in JSON form when one holds a blank. */
export function pathWords(source: string, target: string): string {
  return /\s/.test(source + target) ? JSON.stringify([source, target]).replace('","', '", "') : `${source} ${target}`;
}
