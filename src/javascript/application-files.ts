import type { CopiedFile } from "../core/copied-files.ts";
import { isRootUser } from "../core/image-contract.ts";
import { directoryName, isWithin } from "../core/path.ts";
import type { Need } from "../stages/need.ts";
import { beside } from "../repo/package-manifest.ts";
import { givesWrite } from "../stages/ownership.ts";
import { pathWords } from "../stages/path-words.ts";
import { isFileSource, type BuildPlace } from "../stages/copy-sources.ts";
import type { NodeStage } from "./node-stage.ts";

/** What goes to the final stage: the application's directory, and what lies beside it. */
export interface ApplicationFiles {
  readonly lines: readonly string[];
  readonly notes: readonly Need[];
  readonly refusal: Need | undefined;
  /** The application's directory; the working directory as a rule, or the one above it that everything was copied to. */
  readonly directory: string;
  /** WORKDIR is made for the user in force. */
  readonly userOwnsDirectory: boolean;
}

/** Directories that hold Node or the system itself, so that copying them would bring the builder back. */
const SYSTEM_DIRECTORIES = new Set(
  "/ /bin /boot /dev /etc /home /lib /lib64 /media /mnt /opt /proc /run /sbin /srv /sys /usr /usr/bin /usr/lib /usr/local /usr/local/bin /usr/local/lib /usr/local/share /usr/sbin /usr/share /var /var/lib".split(
    " ",
  ),
);
/** Of these, the ones that are empty in node's images, so that all in them is the application's. */
const EMPTY_DIRECTORIES = new Set(["/srv", "/media", "/mnt"]);

/** Where package managers and the distribution keep what only the build uses. */
const OF_THE_BUILD =
  /^\/(?:var\/(?:cache\/(?:apt|apk|debconf)|lib\/(?:apt|dpkg))|etc\/(?:apt|apk)|root\/\.(?:npm|cache|ssh|netrc|npmrc|gitconfig|yarn\w*|config\/yarn)|usr\/(?:lib|include|share\/man)|lib)(?:\/|$)|^\/tmp$/;

export function applicationFiles(
  stage: NodeStage,
  place: BuildPlace,
  builderName: string,
  started: readonly string[],
): ApplicationFiles {
  const { contract } = stage;
  const working = contract.workingDirectory ?? "/";
  const notes: Need[] = [];
  let refusal: Need | undefined;
  const directory = applicationDirectory(stage, working);
  const spread = directory === "/" ? spreadFiles(stage, place, started) : undefined;
  if (SYSTEM_DIRECTORIES.has(directory) && !EMPTY_DIRECTORIES.has(directory) && !spread)
    refusal = { code: "application-directory", data: { path: directory } };
  const root = stage.ownershipOf(directory);
  const content = contentOwner(stage, directory);
  const isOwn = root.owner !== "" && root.owner === content;
  const isUsers =
    root.owner !== "" &&
    !isRootUser(contract.user) &&
    root.owner.split(":")[0] === contract.user.split(":")[0];
  const targets = new Map<string, Need>();
  for (const copy of stage.copies) {
    const target = targetOf(copy, place);
    if (isWithin(target, directory) || stage.isRemoved(target, copy)) continue;
    if (/^\/root\/\.(?:ssh|npmrc|netrc)/.test(target)) continue;
    if (SYSTEM_DIRECTORIES.has(target)) refusal ??= { code: "copy-unknown", at: copy.instruction };
    else
      targets.set(target, { code: "files-copied", at: copy.instruction, data: { path: target } });
  }
  for (const [path, { instruction, isDownload }] of stage.made) {
    if (OF_THE_BUILD.test(path) || isWithin(path, directory) || isWithin(directory, path)) continue;
    if (stage.links.some(({ target }) => target === path)) continue;
    if (isHolder(path)) continue;
    if (SYSTEM_DIRECTORIES.has(path)) {
      refusal ??= { code: "step-may-matter", at: instruction, data: { program: path } };
      continue;
    }
    targets.set(
      path,
      isDownload
        ? {
            code: "tool-kept",
            at: instruction,
            data: { program: path, source: "a download", image: "the final image" },
          }
        : { code: "made-file-copied", at: instruction, data: { path } },
    );
  }
  for (const [path] of stage.files.homes)
    if (path !== directory && !isWithin(directory, path) && !isWithin(path, directory))
      targets.set(path, { code: "made-file-copied", data: { path } });
  const lines: string[] = [];
  const kept = [...targets.keys()].filter(
    (path) => ![...targets.keys()].some((parent) => parent !== path && isWithin(path, parent)),
  );
  for (const path of kept.sort()) {
    lines.push(copyLine(path));
    const { mode } = stage.ownershipOf(path);
    if (mode !== undefined && givesWrite(mode)) lines.push(`RUN chmod ${mode} ${pathWord(path)}`);
    notes.push(targets.get(path)!);
  }
  for (const { source, target, instruction } of stage.links) {
    if (isWithin(target, directory)) continue;
    lines.push(`RUN ln -sf ${pathWord(source)} ${pathWord(target)}`);
    notes.push({ code: "made-file-copied", at: instruction, data: { path: target } });
  }
  if (spread) {
    const inRoot = spread.files.filter((path) => directoryName(path) === "/");
    if (inRoot.length > 0)
      lines.push(`COPY --from=${builderName} ${inRoot.map(pathWord).join(" ")} /`);
    for (const path of spread.files) if (!inRoot.includes(path)) lines.push(copyLine(path));
    for (const path of spread.directories) lines.push(copyLine(path));
    notes.push({ code: "application-spread" });
  } else lines.push(copyLine(directory));
  if (root.owner !== "" && !isUsers) lines.push(`RUN chown ${root.owner} ${pathWord(directory)}`);
  if (root.mode !== undefined && givesWrite(root.mode))
    lines.push(`RUN chmod ${root.mode} ${pathWord(directory)}`);
  return {
    lines,
    notes,
    refusal,
    directory,
    // COPY leaves the owner of a directory that is there as it is.
    userOwnsDirectory: isUsers && working === directory,
  };

  function copyLine(path: string): string {
    const { owner } =
      path === directory ? { owner: isOwn ? root.owner : "" } : stage.ownershipOf(path);
    const chown = owner === "" ? "" : ` --chown=${owner}`;
    return `COPY --from=${builderName}${chown} ${pathWords(path, path)}`;
  }

  /** A directory that only holds what is copied by itself. */
  function isHolder(path: string): boolean {
    return (
      stage.made.get(path)?.kind === "directory" &&
      ([...stage.made.keys()].some((other) => other !== path && isWithin(other, path)) ||
        stage.copies.some(
          (copy) => copy.directory !== path && isWithin(targetOf(copy, place), path),
        ))
    );
  }
}

/** The application's own files and directories in the root, by their names; `undefined` where they cannot be told. */
function spreadFiles(
  stage: NodeStage,
  place: BuildPlace,
  started: readonly string[],
): { readonly files: readonly string[]; readonly directories: readonly string[] } | undefined {
  const { repository, contextDirectory } = place;
  if (!repository || contextDirectory === undefined || stage.open.length > 0) return undefined;
  if (stage.absentSources().length > 0) return undefined;
  // What a build makes is known as far as the start names it.
  if (stage.commands.length > 0 && started.length === 0) return undefined;
  // A file of variables that git ignores lies in some checkouts and not in others.
  if (stage.manifestOf("/")?.dependencies.has("dotenv")) return undefined;
  const kinds = new Map<string, "file" | "directory">();
  for (const copy of stage.copies) {
    if (copy.from !== undefined) return undefined;
    if (isFileSource(copy, place)) kinds.set(copy.target, "file");
    else if (copy.directory !== "/") kinds.set(copy.directory, "directory");
    else {
      const source = stage.repositoryPath("/") ?? contextDirectory;
      for (const { name, kind } of repository.list(source) ?? [])
        if (!UNNEEDED.test(name) && stage.imagePaths(beside(source, name)).includes(`/${name}`))
          kinds.set(`/${name}`, kind === "directory" ? "directory" : "file");
    }
  }
  if (stage.installs.some(({ directory }) => directory === "/"))
    kinds.set("/node_modules", "directory");
  for (const file of started) {
    const [, first = ""] = /^\/([^/]+)\//.exec(file) ?? [];
    if (first !== "") kinds.set(`/${first}`, "directory");
    else if (
      ![...kinds.keys()].some(
        (path) => path.replace(/\.[cm]?[jt]s$/, "") === file.replace(/\.[cm]?[jt]s$/, ""),
      )
    )
      return undefined;
  }
  const isOfSystem = [...kinds.keys()].some(
    (path) => SYSTEM_DIRECTORIES.has(path) || path === "/root" || path === "/tmp",
  );
  if (kinds.size === 0 || isOfSystem) return undefined;
  const of = (kind: string): string[] =>
    [...kinds].flatMap(([path, one]) => (one === kind ? [path] : [])).sort();
  return { files: of("file"), directories: of("directory") };
}

/** What no program reads, though it lies in the context. */
const UNNEEDED =
  /^(?:\.git|\.github|\.vscode|\.idea|node_modules|Dockerfile.*|docker-compose.*|\.dockerignore|\.gitignore|README.*|LICENSE.*)$/i;

/** The topmost directory that files were copied to and that holds the working directory. */
function applicationDirectory(stage: NodeStage, working: string): string {
  let directory = working;
  for (const { directory: copied } of stage.copies)
    if (isWithin(directory, copied)) directory = copied;
  for (const { directory: installed } of stage.installs)
    if (installed !== undefined && isWithin(directory, installed)) directory = installed;
  return directory;
}

/** Who owns what was copied or installed last in a directory. */
function contentOwner(stage: NodeStage, directory: string): string {
  const copy = stage.copies.findLast(({ directory: copied }) => isWithin(copied, directory));
  if (!copy) return stage.ownershipOf(directory).owner;
  return stage.ownershipOf(`${copy.directory === "/" ? "" : copy.directory}/package.json`).owner;
}

function targetOf(copy: CopiedFile, place: BuildPlace): string {
  return isFileSource(copy, place) ? copy.target : copy.directory;
}

function pathWord(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path}'`;
}
