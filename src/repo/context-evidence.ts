import type { NamedContext } from "../core/build-context.ts";
import type { Repository } from "../core/repository.ts";
import type { NamedBuild } from "./build-commands.ts";
import { BUILD_FILES, MENTIONS_BUILD, type BuildFile } from "./build-files.ts";
import { composeServices, servicesOf } from "./compose.ts";

/** Directories of the root, by name, that hold compose files, build scripts or CI files in many repositories. */
const WORK_DIRECTORIES = [
  ".ci",
  ".circleci",
  ".docker",
  ".github/workflows",
  ".woodpecker",
  ".buildkite",
  ".semaphore",
  "bin",
  "build",
  "ci",
  "compose",
  "deploy",
  "deployment",
  "deployments",
  "dev",
  "docker",
  "hack",
  "infra",
  "ops",
  "script",
  "scripts",
  "tools",
];

/** In UTF-16 units. What is larger was written by no one. */
const LARGEST = 200_000;

/** A build and where it is said. */
interface PlacedBuild extends NamedBuild {
  readonly path: string;
  readonly text: string;
}

const buildsByDirectory = new WeakMap<Repository, Map<string, readonly PlacedBuild[]>>();

/**
 * The directories that files of the repository build a Dockerfile in, with where they say so: compose files, CI files,
 * Makefiles and scripts in the root, its usual directories for them, and from the Dockerfile's directory upwards. Only what
 * names exactly this Dockerfile counts.
 *
 * Each directory is listed and each file read once for a repository.
 *
 * @example namedContexts(repository, "build/Dockerfile") // [{ directory: "", evidence: { path: "Makefile", line: 3, … } }]
 */
export function namedContexts(
  repository: Repository,
  dockerfilePath: string,
): readonly NamedContext[] {
  const directories = [...directoriesAbove(dockerfilePath), ...workDirectories(repository)];
  const services = servicesOf(composeServices(repository, directories), dockerfilePath);
  const found = services.map(({ name, build }) => ({
    directory: build!.context!,
    evidence: { path: build!.path, line: build!.line, text: `${name}: build` },
    isStated: true,
  }));
  for (const directory of new Set(directories)) {
    for (const { context, dockerfiles, path, line, text } of buildsIn(repository, directory)) {
      if (dockerfiles.includes(dockerfilePath))
        found.push({ directory: context, evidence: { path, line, text }, isStated: false });
    }
  }
  return found;
}

/**
 * Directories in which files say how an image is built and run: those above the Dockerfile and the context, and those that
 * people keep such files in.
 */
export function surroundingDirectories(
  repository: Repository,
  dockerfilePath: string,
  contextDirectory: string,
): readonly string[] {
  const inner = (repository.list(contextDirectory) ?? []).map(({ name }) => name);
  const below = WORK_DIRECTORIES.filter((name) => inner.includes(name)).map((name) =>
    contextDirectory === "" ? name : `${contextDirectory}/${name}`,
  );
  return [
    ...new Set([
      "",
      contextDirectory,
      ...directoriesAbove(dockerfilePath),
      ...directoriesAbove(`${contextDirectory}/x`),
      ...workDirectories(repository),
      ...below.flatMap((directory) => [
        directory,
        ...(repository.list(directory) ?? [])
          .filter(({ kind }) => kind === "directory")
          .map(({ name }) => `${directory}/${name}`),
      ]),
    ]),
  ];
}

/** The Dockerfile's directory and those above it, the root last. */
function directoriesAbove(path: string): string[] {
  const parts = path.split("/").slice(0, -1);
  return [...parts.map((_, index) => parts.slice(0, parts.length - index).join("/")), ""];
}

function workDirectories(repository: Repository): readonly string[] {
  const names = new Set((repository.list("") ?? []).map(({ name }) => name));
  return WORK_DIRECTORIES.filter((directory) => names.has(directory.split("/")[0]!));
}

function buildsIn(repository: Repository, directory: string): readonly PlacedBuild[] {
  let remembered = buildsByDirectory.get(repository);
  if (!remembered) buildsByDirectory.set(repository, (remembered = new Map()));
  let builds = remembered.get(directory);
  if (!builds) remembered.set(directory, (builds = readDirectory(repository, directory)));
  return builds;
}

function readDirectory(repository: Repository, directory: string): readonly PlacedBuild[] {
  return (repository.list(directory) ?? []).flatMap(({ name, kind }) => {
    const file =
      kind === "directory"
        ? undefined
        : BUILD_FILES.find(
            (one) => one.name.test(name) && (one.directory?.test(directory) ?? true),
          );
    const path = directory === "" ? name : `${directory}/${name}`;
    const text = file && repository.read(path);
    return file && text !== undefined && text.length <= LARGEST && MENTIONS_BUILD.test(text)
      ? readFile(file, path, text, directory)
      : [];
  });
}

function readFile(file: BuildFile, path: string, text: string, directory: string): PlacedBuild[] {
  const lines = text.split("\n");
  const found = new Map<string, PlacedBuild>();
  // A script of a directory may be started in that directory as well; only one of the two names a Dockerfile that is there.
  for (const start of file.isRunFromRoot && directory !== "" ? ["", directory] : [directory]) {
    for (const build of file.read(text, start, directory)) {
      const { context, dockerfiles, line } = build;
      const said = (lines[line - 1] ?? "").trim();
      found.set(`${context}:${dockerfiles.join(":")}:${line}`, { ...build, path, text: said });
    }
  }
  return [...found.values()];
}
