import type { Evidence } from "../core/outcome.ts";
import { baseName, isWithin } from "../core/path.ts";
import { beside } from "../repo/package-manifest.ts";
import { surroundingDirectories } from "../repo/context-evidence.ts";
import type { ComposeUse } from "../stages/compose-use.ts";
import type { BuildPlace } from "../stages/copy-sources.ts";
import type { NodeStage } from "./node-stage.ts";

/**
 * Files that use an image to work on its sources while it runs, by the text that says so.
 * Sources: https://skaffold.dev/docs/filesync/, https://docs.tilt.dev/live_update_reference,
 * https://www.jenkins.io/doc/book/pipeline/docker/, https://docs.docker.com/compose/how-tos/file-watch/
 */
const DEVELOPMENT_FILES: readonly (readonly [RegExp, RegExp])[] = [
  [/^skaffold.*\.ya?ml$/, /^\s*sync:/m],
  [/^Tiltfile$/, /\blive_update\b/],
  [/^Jenkinsfile/, /\bagent\s*\{\s*dockerfile\b/],
  [
    /^(?:[\w.-]+[._-])?(?:docker-)?compose(?:[._-][\w.-]+)?\.ya?ml$/i,
    /^\s*develop:\s*$[^]*?^\s*watch:/m,
  ],
];
const DEVELOPMENT_NAME = /(?:^|[._-])(?:dev|devel|development|local)(?:[._-]|$)/i;

/**
 * What says that an image is one to develop in: the Dockerfile's name, mounts over its sources, or tools that put changed
 * sources into its container.
 */
export function developmentUse(
  stage: NodeStage,
  compose: ComposeUse,
  { repository, dockerfilePath, contextDirectory }: BuildPlace,
): Evidence | undefined {
  if (DEVELOPMENT_NAME.test(baseName(dockerfilePath))) return { path: dockerfilePath };
  const mount = compose.sourceMount ?? partialMount(stage, compose);
  if (mount) return mount;
  if (!repository || contextDirectory === undefined) return undefined;
  for (const directory of surroundingDirectories(repository, dockerfilePath, contextDirectory)) {
    for (const { name, kind } of repository.list(directory) ?? []) {
      const pattern = DEVELOPMENT_FILES.find(([file]) => file.test(name))?.[1];
      if (!pattern || kind !== "file") continue;
      const path = beside(directory, name);
      const text = repository.read(path) ?? "";
      const match = pattern.exec(text);
      if (!match || !mentions(text, contextDirectory)) continue;
      const line = text.slice(0, match.index).split("\n").length;
      return { path, line, text: match[0].trim().split("\n")[0]!.slice(0, 80) };
    }
  }
  return undefined;
}

/** A file of the root may be about other images only. */
function mentions(text: string, contextDirectory: string): boolean {
  return contextDirectory === "" || text.includes(baseName(contextDirectory));
}

/** A directory of the repository that lies over a part of the copied sources. */
export function partialMount(stage: NodeStage, { mounts }: ComposeUse): Evidence | undefined {
  const working = stage.contract.workingDirectory ?? "/";
  return mounts.find(
    ({ kind, target, source }) =>
      kind === "bind" &&
      source !== undefined &&
      isWithin(target, working) &&
      target !== working &&
      !/\.(?:json|ya?ml|env|conf|toml|ini|pem|crt|key)$|\/\.env/.test(target) &&
      stage.copiedPath(target) !== undefined,
  )?.evidence;
}
