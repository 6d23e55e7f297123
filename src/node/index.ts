/**
 * `msb-migrate/node`: the migration over files and directories of this machine.
 *
 * @module
 */
export { discover, isDockerfileName } from "./discovery.ts";
export type { DiscoverOptions, Discovery, FoundFile } from "./discovery.ts";
export { isTransformPath, loadTransform, TransformLoadError } from "./load-transform.ts";
export type { LoadTransformOptions } from "./load-transform.ts";
export { migrateFile, migrateFiles, migrateFound, writeChanges } from "./migrate-files.ts";
export type {
  MigratedFile,
  MigrateFilesOptions,
  WriteChangesOptions,
  WrittenFile,
} from "./migrate-files.ts";
export { decodeSource, readSource } from "./read-source.ts";
export type { SourceOrProblem } from "./read-source.ts";
export { fileReasons } from "./reasons.ts";
export type { FileProblem, FileReasonCode } from "./reasons.ts";
export { directoryRepository } from "./repository-reader.ts";
export { writeAtomically } from "./write-atomic.ts";
export type { WriteOptions } from "./write-atomic.ts";
