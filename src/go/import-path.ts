import { isWithin } from "../core/path.ts";
import { findGoModule } from "../repo/go-module.ts";
import { repositoryPath } from "../stages/copy-sources.ts";
import type { GoStageRecord } from "./stage-record.ts";

/** An import path, and whether a module gives it. */
export interface ImportPath {
  readonly path: string;
  readonly moduleMode: boolean;
}

/** The import path of the package in an absolute directory of the image. */
export function importPath(record: GoStageRecord, directory: string): ImportPath | undefined {
  const { copies, place } = record.files;
  for (const [root, name] of record.moduleNames) {
    if (isWithin(directory, root))
      return { path: name + directory.slice(root === "/" ? 0 : root.length), moduleMode: true };
  }
  const inRepository = place.repository && repositoryPath(copies, place, directory);
  const module =
    inRepository === undefined
      ? undefined
      : findGoModule(place.repository!, {
          contextDirectory: place.contextDirectory!,
          directory: inRepository,
        });
  if (module) {
    const below =
      inRepository === module.directory
        ? ""
        : inRepository!.slice(module.directory === "" ? 0 : module.directory.length + 1);
    return { path: below ? `${module.path}/${below}` : module.path, moduleMode: true };
  }
  // GOPATH mode: the directory below GOPATH/src is the import path; with a go.mod that cannot be seen the last element is most often the same.
  const match = /^\/go\/src\/(.+)$/.exec(directory);
  return match ? { path: match[1]!, moduleMode: false } : undefined;
}
