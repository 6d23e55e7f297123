import type { ImageConfiguration } from "./image-configuration.ts";
import { readElf } from "./elf.ts";
import { readTar } from "./tar.ts";
import type { FileEntry } from "./tar.ts";

/** Files that belong to the build and not to what runs, of one kind. */
export interface Leftover {
  readonly code: LeftoverCode;
  readonly count: number;
  /** In bytes. */
  readonly size: number;
  /** One of them, absolute. */
  readonly example: string;
}

/** What is wrong with the program that the image starts, seen from its files. */
export interface StartProblem {
  readonly code: "start-file-missing" | "interpreter-missing";
  /** Absolute, or as it is written in the configuration when it was not found. */
  readonly file: string;
  readonly interpreter: string | undefined;
}

export interface FileFacts {
  readonly leftovers: readonly Leftover[];
  readonly startProblem: StartProblem | undefined;
}

/** Each kind by its paths, without a slash in front. The first that fits counts. */
const leftoverKinds = [
  { code: "leftover-git", paths: /(?:^|\/)\.git\// },
  {
    code: "leftover-env-file",
    paths: /(?:^|\/)\.env(?:\.(?!example$|sample$|template$|dist$)[^/]+)?$/,
  },
  // Where golang images, Debian's and Alpine's packages have it.
  { code: "leftover-go-toolchain", paths: /^usr\/(?:local\/go|lib\/go(?:-[\d.]+)?)\// },
  // Go's module and build caches; npm's, yarn's and pnpm's; what bundlers keep.
  {
    code: "leftover-cache",
    paths:
      /^(?:go\/pkg\/|root\/go\/pkg\/|(?:root|home\/[^/]+)\/\.(?:cache\/go-build|npm\/_cacache|cache\/yarn|yarn\/cache|local\/share\/pnpm\/store)\/)|(?:^|\/)node_modules\/\.cache\//,
  },
  {
    code: "leftover-compiler",
    paths:
      /^usr\/(?:bin\/(?:[\w.-]*-)?(?:gcc|g\+\+|cc|clang)(?:-\d+)?|libexec\/gcc\/.*\/cc1\w*|lib\/gcc\/.*\/cc1\w*)$/,
  },
  // In packages, sources are part of what runs.
  {
    code: "leftover-sources",
    paths:
      /^(?!usr\/|opt\/|lib\/|var\/lib\/)(?!.*(?:^|\/)node_modules\/)(?!.*\.d\.[cm]?ts$).*\.(?:go|[cm]?tsx?|vue|svelte)$/,
  },
] as const;

export type LeftoverCode = (typeof leftoverKinds)[number]["code"];

/** Reads an image's files, as `docker export` gives them. */
export async function readFileFacts(
  tar: AsyncIterable<Uint8Array>,
  configuration: ImageConfiguration,
): Promise<FileFacts> {
  const files = new Map<string, FileEntry>();
  const leftovers = new Map<LeftoverCode, { -readonly [Key in keyof Leftover]: Leftover[Key] }>();
  for await (const entry of readTar(tar)) {
    files.set(entry.path, entry);
    if (entry.kind !== "file") continue;
    const kind = leftoverKinds.find(({ paths }) => paths.test(entry.path));
    if (!kind) continue;
    const found = leftovers.get(kind.code);
    if (found) {
      found.count++;
      found.size += entry.size;
    } else
      leftovers.set(kind.code, {
        code: kind.code,
        count: 1,
        size: entry.size,
        example: `/${entry.path}`,
      });
  }
  return { leftovers: [...leftovers.values()], startProblem: startProblem(configuration, files) };
}

type Files = ReadonlyMap<string, FileEntry>;

/** Looks for what the kernel will look for: the program, and the interpreter that it names. */
export function startProblem(
  configuration: ImageConfiguration,
  files: Files,
): StartProblem | undefined {
  const [program] = [...configuration.entrypoint, ...configuration.command];
  if (program === undefined) return undefined;
  const candidates = program.includes("/")
    ? [program.startsWith("/") ? program : `${configuration.workingDirectory}/${program}`]
    : searchPath(configuration).map((directory) => `${directory}/${program}`);
  const file = candidates
    .map((path) => resolveLinks(path, files))
    .find((path) => path !== undefined);
  if (file === undefined)
    return { code: "start-file-missing", file: program, interpreter: undefined };
  const head = files.get(file)?.head;
  const interpreter = head && interpreterOf(head);
  if (interpreter === undefined || resolveLinks(interpreter, files) !== undefined) return undefined;
  return { code: "interpreter-missing", file: `/${file}`, interpreter };
}

/** What engines take where an image sets none. */
const defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

function searchPath({ environment, workingDirectory }: ImageConfiguration): string[] {
  const directories = (environment["PATH"] ?? defaultPath).split(":");
  return directories.map((directory) =>
    directory.startsWith("/") ? directory : `${workingDirectory}/${directory}`,
  );
}

function interpreterOf(head: Uint8Array): string | undefined {
  if (head[0] !== 0x23) return readElf(head)?.interpreter;
  const line = new TextDecoder().decode(head.subarray(2)).split("\n", 1)[0]!;
  return line.trim().split(/[ \t]/, 1)[0] || undefined;
}

/** The kernel's limit. Source: path_resolution(7) */
const mostLinks = 40;

/** The path of the file a path leads to, without a slash in front; `undefined` when it leads nowhere. */
function resolveLinks(path: string, files: Files): string | undefined {
  const rest = path.split("/");
  let at: string[] = [];
  for (let links = 0; rest.length > 0;) {
    const part = rest.shift()!;
    if (part === "" || part === ".") continue;
    if (part === "..") {
      at.pop();
      continue;
    }
    const entry = files.get([...at, part].join("/"));
    if (entry?.kind !== "symlink" || entry.target === undefined) {
      at.push(part);
      continue;
    }
    if (++links > mostLinks) return undefined;
    if (entry.target.startsWith("/")) at = [];
    rest.unshift(...entry.target.split("/"));
  }
  const found = at.join("/");
  return files.get(found)?.kind === "file" ? found : undefined;
}
