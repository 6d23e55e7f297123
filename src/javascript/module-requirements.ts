import { baseName } from "../core/path.ts";
import type { Evidence } from "../core/outcome.ts";
import type { Repository } from "../core/repository.ts";
import { readLockfile, type Lockfile } from "../repo/lockfile.ts";
import type { PackageManifest } from "../repo/package-manifest.ts";
import type { Need } from "../stages/need.ts";
import type { Requirement } from "../stages/runtime-ladder.ts";
import { readShell } from "../core/shell.ts";
import { isFullNode } from "../stages/system-program.ts";
import {
  BUILDPACK_PROGRAMS,
  GOLANG_DEBIAN_PROGRAMS,
  packageOf,
  type PackageDistribution,
} from "../stages/system-programs.ts";
import { SYSTEM_FILES } from "./module-knowledge.ts";
import { needsOfModule } from "./module-needs.ts";
import { isNativeMarker, SELF_CONTAINED_MODULES } from "./native-modules.ts";
import type { NodeImage } from "./node-image.ts";
import { installedNames, packageName } from "./node-start.ts";
import type { ProgramUses } from "./package-needs.ts";

/** What the packages and the sources need of the system that the full image has and the slim one has not. */
export interface ModuleRequirements {
  readonly requirements: readonly Requirement[];
  readonly assumptions: readonly Need[];
  readonly uses: ProgramUses;
}

/** A call that starts a program, with the text of its first argument. Source: https://nodejs.org/api/child_process.html */
const STARTS =
  /\b(?:execaCommandSync|execaCommand|execaSync|execa|execFileSync|execFile|execSync|exec|spawnSync|spawn|which|\$)(?!\w)\s*\(?\s*(?:(["'`])((?:\\.|(?!\1).)*)\1|([\w$.]+))/g;

/** Packages that build others, and have no native code of their own. Sources: each package.json */
const BUILDERS = new Set([
  "npm",
  "npm-lifecycle",
  "@npmcli/run-script",
  "@vercel/nft",
  "electron-rebuild",
]);

/** Files that are read by their path, by the names that `SYSTEM_FILES` has for them. */
const SYSTEM_PATHS: readonly (readonly [string, string])[] = [
  ["/etc/ssl/certs", "certificates"],
  ["/usr/share/ca-certificates", "certificates"],
  ["/usr/share/fonts", "fonts"],
  ["/etc/fonts", "fonts"],
];

/**
 * @param directory the application's directory in the image
 * @param hasDevelopment packages for development go to the final stage, too
 */
export function moduleRequirements(
  image: NodeImage,
  directory: string,
  hasDevelopment: boolean,
): ModuleRequirements {
  const { stage, start, repository, sources } = image;
  const { base } = stage.contract;
  const distribution: PackageDistribution = base?.distribution === "alpine" ? "alpine" : "debian";
  const system = { distribution, release: base?.release };
  const isFull = base !== undefined && isFullNode(base);
  const manifests = new Set<PackageManifest>();
  for (const place of [directory, ...stage.installs.map((install) => install.directory)]) {
    const manifest = place === undefined ? undefined : stage.manifestOf(place);
    if (manifest) manifests.add(manifest);
  }
  const versions = new Map<
    string,
    { version: string | undefined; evidence: Evidence | undefined }
  >();
  const assumptions: Need[] = [];
  let fetchesByGit = false;
  const direct = new Set(installedNames(stage));
  for (const manifest of manifests) {
    const lockfile = repository && lockfileOf(repository, manifest.directory);
    if (lockfile?.packages) {
      const evidence = { path: lockfile.path };
      for (const [name, { version, isDevelopment }] of lockfile.packages)
        if (isDevelopment !== true || hasDevelopment) versions.set(name, { version, evidence });
      fetchesByGit ||= /\bgit(?:\+ssh|\+https)?:\/\/|codeload\.github\.com/.test(
        repository!.read(lockfile.path) ?? "",
      );
    } else if (isFull)
      assumptions.push({
        code: "dependencies-not-locked",
        data: { path: manifest.path },
        evidence: [{ path: manifest.path }],
      });
    const evidence = { path: manifest.path };
    for (const [name, version] of [...manifest.dependencies, ...manifest.optionalDependencies]) {
      fetchesByGit ||= /^(?:git|github:|[\w-]+\/[\w.-]+(?:#|$))/.test(version);
      if (!versions.has(name)) versions.set(name, { version, evidence });
    }
  }
  const others = hasDevelopment
    ? installedNames(stage)
    : new Set(
        [...stage.globals, ...stage.installs].flatMap(({ command }) =>
          command.packages.map(packageName),
        ),
      );
  for (const name of others)
    if (!versions.has(name)) versions.set(name, { version: undefined, evidence: undefined });
  for (const { command } of [...stage.globals, ...stage.installs])
    for (const written of command.packages)
      versions.set(packageName(written), {
        version: written.slice(packageName(written).length + 1) || undefined,
        evidence: undefined,
      });

  const requirements: Requirement[] = [];
  const known = new Set<string>();
  for (const [name, { version, evidence }] of versions) {
    for (const need of needsOfModule(name, version, system)) {
      const key = `${need.kind} ${need.name}`;
      // Its package brings the library.
      if (need.name === "libssl-dev" && known.has("program openssl")) continue;
      if (need.isOccasional && !direct.has(name)) continue;
      if (need.besides !== undefined && !need.besides.some((one) => stage.onceInstalled.has(one)))
        continue;
      if (!need.isInImage || need.packages?.length === 0 || known.has(key)) continue;
      known.add(key);
      requirements.push({
        code: "module-needs",
        refusal: "runtime-packages",
        data: {
          module: name,
          needs: need.kind === "libraries" ? "libraries" : need.name,
          packages: (need.packages ?? [need.name]).join(" "),
        },
        packages: need.packages === undefined ? {} : { [distribution]: need.packages },
        isOwn: true,
        ...(evidence ? { evidence: [evidence] } : {}),
      });
    }
    if (
      isFull &&
      versionsDependencies(image, manifests, name).some(isNativeMarker) &&
      !SELF_CONTAINED_MODULES.has(name) &&
      !isNativeMarker(name) &&
      !BUILDERS.has(name) &&
      needsOfModule(name, version, system).length === 0
    )
      assumptions.push({
        code: "native-module-assumed",
        data: { module: name },
        ...(evidence ? { evidence: [evidence] } : {}),
      });
  }

  // Programs that the sources start.
  const mentioned = new Set<string>();
  let computed: Evidence | undefined;
  for (const { path, evidence, literals } of sources?.starters ?? []) {
    for (const literal of literals) {
      const [first = "", ...rest] = literal.trim().split(/\s+/);
      if (!/^[\w./-]+$/.test(first)) continue;
      const program = baseName(first);
      mentioned.add(program);
      // Whichever function it is given to: people wrap `exec` in functions of their own.
      if (isFull && isOnlyInFull(program) && (rest.length > 0 || !COMMON_WORDS.has(program)))
        start.reader.program(first, {
          evidence: { ...evidence, text: literal.slice(0, 80) },
          isSource: true,
        });
    }
    const text = repository?.read(path) ?? "";
    for (const match of text.matchAll(STARTS)) {
      const [, , literal, identifier] = match;
      if (isMethodOfOther(text, match.index)) continue;
      const line = text.slice(0, match.index).split("\n").length;
      const here = { path, line, text: match[0].slice(0, 80) };
      if (literal !== undefined) {
        for (const program of programsIn(literal))
          start.reader.program(program, { evidence: here, isSource: true });
      } else if (identifier !== "process.execPath" && match[0].includes("(")) computed ??= here;
    }
  }
  for (const [path, evidence] of sources?.systemPaths ?? []) {
    if (/^\/(?:usr\/)?(?:local\/)?s?bin\/./.test(path))
      start.reader.program(path, { evidence, isSource: true });
    else addSystemFiles(path, evidence);
  }
  for (const [name, { value, instruction }] of stage.contract.environment)
    if (instruction && value !== undefined)
      addSystemFiles(value, {
        path: image.place.dockerfilePath,
        line: instruction.line,
        text: name,
      });
  for (const { value, evidence } of image.compose.values) addSystemFiles(value, evidence);
  for (const { words, evidence } of start.leaves)
    if (words.some((word) => /^--use-(?:openssl|system)-ca$/.test(word)))
      addSystemFiles("/etc/ssl/certs", evidence ?? { path: image.place.dockerfilePath });
  if (computed && isFull)
    assumptions.push({
      code: "programs-assumed",
      data: { programs: "a program by a computed name", image: "the final image" },
      evidence: [computed],
    });
  const isUnknown =
    sources === undefined || !sources.isComplete || computed !== undefined || start.open.length > 0;
  function addSystemFiles(path: string, evidence: Evidence): void {
    const files = SYSTEM_PATHS.find(([prefix]) => path.startsWith(prefix))?.[1];
    if (!isFull || files === undefined || known.has(`files ${files}`)) return;
    known.add(`files ${files}`);
    const packages = SYSTEM_FILES[files]?.debian ?? [];
    requirements.push({
      code: "module-needs",
      refusal: "runtime-packages",
      data: { module: path, needs: files, packages: packages.join(" ") },
      packages: { debian: packages },
      isOwn: true,
      evidence: [evidence],
    });
  }

  return {
    requirements,
    assumptions,
    uses: {
      fetchesByGit,
      mayRun: (program) =>
        mentioned.has(program) ||
        start.reader.systemPrograms.has(program) ||
        (isUnknown && sources === undefined) ||
        (computed !== undefined && [...mentioned].some((name) => name.startsWith(program))) ||
        [...versions].some(([name, { version }]) =>
          needsOfModule(name, version, system).some(
            (need) => need.kind === "program" && need.name === program,
          ),
        ),
    },
  };
}

/** A member of a workspace has the lockfile of its root. */
function lockfileOf(repository: Repository, directory: string): Lockfile | undefined {
  for (let at = directory; ; at = at.slice(0, Math.max(0, at.lastIndexOf("/")))) {
    const found = readLockfile(repository, at);
    if (found || at === "") return found;
  }
}

/** Programs that buildpack-deps brings and the slim image has not. */
function isOnlyInFull(program: string): boolean {
  return (
    (GOLANG_DEBIAN_PROGRAMS.has(program) || BUILDPACK_PROGRAMS.has(program)) &&
    packageOf(program, "debian") !== "base"
  );
}

/** Names of programs that are words as well. */
const COMMON_WORDS = new Set(
  "as compare convert file free import make patch size stream strip top w watch ucf display select uptime".split(
    " ",
  ),
);

/** `/x/.exec(text)` and `database.exec(query)` run no program. */
function isMethodOfOther(text: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - 24), at);
  return (
    /[.)\]/]\s*$/.test(before) &&
    !/\b(?:shell|shelljs|sh|cp|proc|process|child_process|childProcess|child)\.$/.test(before)
  );
}

/** Programs that a command line runs. */
function programsIn(text: string): string[] {
  const body = readShell(text, undefined, () => undefined);
  if (body.kind === "opaque") return [];
  return body.commands.flatMap(({ words }) => {
    const name = words[0]?.value;
    return name !== undefined && /^[\w./-]+$/.test(name) && !BUILTINS.has(name) ? [name] : [];
  });
}

const BUILTINS = new Set("cd export set echo printf true false test [ exit unset read".split(" "));

function versionsDependencies(
  { repository }: NodeImage,
  manifests: ReadonlySet<PackageManifest>,
  name: string,
): readonly string[] {
  for (const manifest of manifests) {
    const locked = repository && readLockfile(repository, manifest.directory)?.packages?.get(name);
    if (locked) return locked.dependencies;
  }
  return [];
}
