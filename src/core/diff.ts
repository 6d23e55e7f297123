import { createTwoFilesPatch, FILE_HEADERS_ONLY } from "diff";

/**
 * The unified diff between two texts of the file at `path`, as `git apply` takes it.
 *
 * @param path relative to the directory that `git apply` runs in, separated by `/`; the library quotes it as git does
 */
export function unifiedDiff(path: string, before: string, after: string): string {
  return createTwoFilesPatch(`a/${path}`, `b/${path}`, before, after, undefined, undefined, {
    context: 3,
    headerOptions: FILE_HEADERS_ONLY,
  });
}
