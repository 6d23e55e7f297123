import { resolvePath } from "../../core/path.ts";
import type { Repository } from "../../core/repository.ts";
import type { ServerPlace } from "../static-site.ts";

/** Packages whose users put a file that ends in `.mjs` beside their own, unpacked: workers that are loaded by their address. */
const packages = [
  "pdfjs-dist",
  "react-pdf",
  "onnxruntime-web",
  "@huggingface/transformers",
  "ng2-pdf-viewer",
];

/** Folders that builds copy as they are. */
const folders = ["public", "static", "src/assets"];

/** Of folders in each other. */
const deepest = 4;

/** Whether a front end's site may hold files that end in `.mjs`, as far as its package and its folders tell. */
export function mayHoldModuleFiles(place: ServerPlace): boolean {
  const project = place.repositoryPath(place.directory);
  const { repository } = place;
  if (!repository || project === undefined) return false;
  const manifest = repository.read(inside(project, "package.json")) ?? "";
  if (packages.some((name) => manifest.includes(`"${name}"`))) return true;
  return folders.some((folder) => holds(repository, inside(project, folder), deepest));
}

function holds(repository: Repository, directory: string, depth: number): boolean {
  return (repository.list(directory) ?? []).some(({ name, kind }) =>
    kind === "directory"
      ? depth > 0 && holds(repository, inside(directory, name), depth - 1)
      : name.endsWith(".mjs"),
  );
}

function inside(directory: string, name: string): string {
  return resolvePath(`/${directory}`, name)!.slice(1);
}
