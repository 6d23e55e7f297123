import { buildOf, shellBuilds, type NamedBuild } from "./build-commands.ts";
import { knownPath, pathIn } from "./loose-shell.ts";
import {
  entriesOf,
  itemsOf,
  readYaml,
  textOf,
  type YamlEntry,
  type YamlNode,
  type YamlScalar,
} from "./yaml-file.ts";

/** What files of CI and of build tools that are YAML say of builds. */

type Entries = ReadonlyMap<string, YamlEntry>;

/** Keys that say where the commands beside or below them run. Sources: GitHub Actions, Azure Pipelines, CircleCI, Taskfile and Cloud Build. */
const DIRECTORY_KEYS = ["working-directory", "workingDirectory", "working_directory", "dir"];

/** Keys of one job whose commands run in one shell, in this order. Sources: GitLab CI, Travis CI. */
const SCRIPT_KEYS = [
  "before_install",
  "install",
  "before_script",
  "script",
  "after_success",
  "deploy",
];

/**
 * The builds in the commands of a CI file, wherever they stand in it, and those of well known steps that build.
 *
 * @param directory where its commands run
 */
export function ciBuilds(text: string, directory: string, fileDirectory: string): NamedBuild[] {
  const found: NamedBuild[] = [];
  const seen = new Set<YamlNode>();
  for (const document of readYaml(text) ?? []) walk(document, directory);
  return found;

  function walk(node: YamlNode, at: string | undefined): void {
    // An alias is read where its anchor stands.
    if (seen.has(node)) return;
    seen.add(node);
    if (node.kind === "scalar") run([node], at);
    else if (node.kind === "list") walkItems(node.items, at);
    else walkEntries(node.entries, at);
  }

  function walkItems(items: readonly YamlNode[], at: string | undefined): void {
    run(
      items.filter((item) => item.kind === "scalar"),
      at,
    );
    for (const item of items) if (item.kind !== "scalar") walk(item, at);
  }

  function walkEntries(entries: Entries, at: string | undefined): void {
    for (const step of STEPS) found.push(...step(entries, at, directory));
    const inside = directoryIn(entries, at);
    run(
      SCRIPT_KEYS.flatMap((key) => scalarsOf(entries.get(key)?.value)),
      inside,
    );
    for (const [key, { value }] of entries) {
      // A task's commands have a shell each.
      if (key === "cmds") for (const item of itemsOf(value)) walk(item, inside);
      else if (!SCRIPT_KEYS.includes(key) || value.kind === "map") walk(value, inside);
      else for (const item of itemsOf(value)) if (item.kind !== "scalar") walk(item, inside);
    }
  }

  function run(scalars: readonly YamlScalar[], at: string | undefined): void {
    const texts = scalars.map((scalar) => ({ text: `${scalar.text ?? ""}\n`, line: scalar.line }));
    if (texts.some((one) => /\b(?:build|bud|executor)\b/.test(one.text)))
      found.push(...shellBuilds(texts, { directory: at, fileDirectory }));
  }

  function directoryIn(entries: Entries, at: string | undefined): string | undefined {
    const defaults = entriesOf(entriesOf(entries.get("defaults")?.value).get("run")?.value);
    const written = [
      ...DIRECTORY_KEYS.map((key) => entries.get(key)),
      defaults.get("working-directory"),
    ]
      .map((entry) => textOf(entry?.value))
      .find((one) => one !== undefined);
    if (written === undefined) return at;
    const path = knownPath(written, fileDirectory);
    return path === undefined ? undefined : pathIn(directory, path);
  }
}

function scalarsOf(node: YamlNode | undefined): readonly YamlScalar[] {
  if (node?.kind === "scalar") return [node];
  return itemsOf(node).filter((item) => item.kind === "scalar");
}

/** Steps that build by what their keys say; they are given the directory of commands at their place and that of the file's. */
const STEPS: readonly ((entries: Entries, at: string | undefined, root: string) => NamedBuild[])[] =
  [buildPushAction, dockerArguments, dronePlugin, azureTask];

/** Source: https://github.com/docker/build-push-action#inputs */
function buildPushAction(entries: Entries, _at: string | undefined, root: string): NamedBuild[] {
  const uses = entries.get("uses");
  if (!uses || !/^docker\/build-push-action@/i.test(textOf(uses.value) ?? "")) return [];
  const inputs = entriesOf(entries.get("with")?.value);
  const written = textOf(inputs.get("context")?.value)?.trim() || "{{defaultContext}}";
  const isGit = /^\{\{\s*defaultContext\s*\}\}:?/.exec(written);
  const context = pathAt(root, isGit ? `./${written.slice(isGit[0].length)}` : written);
  const file = textOf(inputs.get("file")?.value);
  return keyedBuild(context, isGit ? context : root, file, uses.line);
}

/** `args` of a container that is docker or kaniko. Source: https://cloud.google.com/build/docs/building/build-containers */
function dockerArguments(entries: Entries, at: string | undefined, root: string): NamedBuild[] {
  const name = textOf(entries.get("name")?.value) ?? textOf(entries.get("image")?.value) ?? "";
  const program = /(?:^|\/)docker(?:[:@]|$)/.test(name)
    ? "docker"
    : name.includes("kaniko")
      ? "/kaniko/executor"
      : undefined;
  const args = entries.get("args");
  if (program === undefined || args?.value.kind !== "list") return [];
  const words = args.value.items.map((item) => knownPath(textOf(item) ?? "$", ""));
  const written = textOf(entries.get("dir")?.value);
  const directory = written === undefined ? at : pathAt(root, written);
  const build = buildOf({ words: [program, ...words], directory, line: args.line });
  return build ? [build] : [];
}

/** Source: https://plugins.drone.io/plugins/docker */
function dronePlugin(entries: Entries, _at: string | undefined, root: string): NamedBuild[] {
  const image = entries.get("image");
  if (
    !image ||
    !/^(?:plugins\/|woodpeckerci\/plugin-|.*(?:docker-buildx|kaniko))/.test(
      textOf(image.value) ?? "",
    )
  )
    return [];
  const settings = entries.has("settings") ? entriesOf(entries.get("settings")!.value) : entries;
  if (!["repo", "dockerfile", "context"].some((key) => settings.has(key))) return [];
  const context = pathAt(root, textOf(settings.get("context")?.value) ?? ".");
  return keyedBuild(
    context,
    root,
    textOf(settings.get("dockerfile")?.value) ?? "Dockerfile",
    image.line,
  );
}

/** Source: https://learn.microsoft.com/azure/devops/pipelines/tasks/reference/docker-v2 */
function azureTask(entries: Entries, _at: string | undefined, root: string): NamedBuild[] {
  const task = entries.get("task");
  if (!task || !textOf(task.value)?.startsWith("Docker@")) return [];
  const inputs = entriesOf(entries.get("inputs")?.value);
  const file = textOf((inputs.get("Dockerfile") ?? inputs.get("dockerfile"))?.value);
  if (file === undefined || file.includes("*")) return [];
  const written = textOf((inputs.get("buildContext") ?? inputs.get("buildcontext"))?.value) ?? "**";
  // Its `**` is the Dockerfile's directory.
  const context = pathAt(root, written === "**" ? `${file}/..` : written);
  return keyedBuild(context, root, file, task.line);
}

/** Source: https://skaffold.dev/docs/references/yaml/#build-artifacts */
export function skaffoldBuilds(text: string, directory: string): NamedBuild[] {
  const documents = readYaml(text) ?? [];
  return documents.flatMap((document) => {
    const top = entriesOf(document);
    const profiles = itemsOf(top.get("profiles")?.value).map(entriesOf);
    return [top, ...profiles].flatMap((part) =>
      itemsOf(entriesOf(part.get("build")?.value).get("artifacts")?.value).flatMap((item) => {
        const artifact = entriesOf(item);
        // One of the other builders.
        if (["ko", "jib", "bazel", "buildpacks", "custom"].some((key) => artifact.has(key)))
          return [];
        const builder = entriesOf((artifact.get("docker") ?? artifact.get("kaniko"))?.value);
        const context = pathAt(directory, textOf(artifact.get("context")?.value) ?? ".");
        return keyedBuild(context, context, textOf(builder.get("dockerfile")?.value), item.line);
      }),
    );
  });
}

/** Source: https://docs.docker.com/build/bake/reference/#target */
export function bakeJsonBuilds(text: string, directory: string): NamedBuild[] {
  const documents = readYaml(text) ?? [];
  return documents.flatMap((document) =>
    [...entriesOf(entriesOf(document).get("target")?.value)].flatMap(([, { line, value }]) => {
      const target = entriesOf(value);
      if (target.has("dockerfile-inline") || (target.has("inherits") && !target.has("context")))
        return [];
      const context = pathAt(directory, textOf(target.get("context")?.value) ?? ".");
      return keyedBuild(context, context, textOf(target.get("dockerfile")?.value), line);
    }),
  );
}

function pathAt(directory: string, written: string): string | undefined {
  const path = knownPath(written, "");
  return path === undefined ? undefined : pathIn(directory, path);
}

/** @param base what the file's path is relative to */
function keyedBuild(
  context: string | undefined,
  base: string | undefined,
  file: string | undefined,
  line: number,
): NamedBuild[] {
  if (context === undefined || base === undefined) return [];
  const dockerfile = file === undefined ? pathIn(context, "Dockerfile") : pathAt(base, file);
  return dockerfile === undefined ? [] : [{ context, dockerfiles: [dockerfile], line }];
}
