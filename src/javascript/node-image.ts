import type { Stage } from "../core/document.ts";
import type { Repository } from "../core/repository.ts";
import type { Dockerfile } from "../core/query.ts";
import type { TransformApi } from "../core/transform.ts";
import { namedContexts } from "../repo/context-evidence.ts";
import { readComposeUse, type ComposeUse } from "../stages/compose-use.ts";
import type { BuildPlace } from "../stages/copy-sources.ts";
import { readNodeStage, type NodeStage } from "./node-stage.ts";
import { readNodeStart, withoutOwnEntrypoint, type NodeStart } from "./node-start.ts";
import { readProgramSources, type ProgramSources } from "./program-sources.ts";
import { readServedSite, type ServedSite } from "./served-site.ts";

/** A single-stage image of Node, its start, and what its repository says. */
export interface NodeImage {
  readonly place: BuildPlace;
  readonly repository: Repository | undefined;
  readonly stage: NodeStage;
  readonly compose: ComposeUse;
  readonly start: NodeStart;
  /** Sources of the package that is started; `undefined` without a repository. */
  readonly sources: ProgramSources | undefined;
  /** It serves a site of files, and how. */
  readonly site: ServedSite | undefined;
}

/** Reads what both transforms of Node decide by. */
export function readNodeImage(
  dockerfile: Dockerfile,
  stage: Stage,
  path: string,
  api: TransformApi,
): NodeImage {
  const { repository } = api;
  const contextDirectory = api.contextDirectory(dockerfile, namedContexts);
  const place = { repository, contextDirectory, dockerfilePath: path };
  const read = readNodeStage(dockerfile, stage, place);
  const compose = readComposeUse(withoutOwnEntrypoint(read.contract), place);
  const start = readNodeStart(read, compose, repository);
  const working = read.contract.workingDirectory;
  const source = working === undefined ? undefined : read.repositoryPath(working);
  let sources: ProgramSources | undefined;
  return {
    place,
    repository,
    stage: read,
    compose,
    start,
    // Reading all sources is dear, and only some decisions ask for it.
    get sources() {
      if (!repository || source === undefined) return undefined;
      return (sources ??= readProgramSources(repository, source));
    },
    site: readServedSite(read, start, repository),
  };
}
