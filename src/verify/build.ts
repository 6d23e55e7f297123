import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { BuildOptions, Engine } from "./engine.ts";
import { EngineError } from "./problems.ts";
import type { Problem } from "./problems.ts";

export interface BuildJob {
  readonly engine: Engine;
  /** The name that the image gets. */
  readonly image: string;
  /** The Dockerfile's text. It is built from a directory of its own, so that the context stays as it is. */
  readonly text: string;
  readonly directory: string;
  readonly context: string;
  /** An ignore file that counts for this Dockerfile in place of the context's. */
  readonly ignoreFile: string | undefined;
  readonly options: BuildOptions;
  /** `false`: the `# syntax=` line is taken out before the build. */
  readonly usesSyntaxImage: boolean;
  /** In milliseconds. */
  readonly timeout: number;
  readonly signal: AbortSignal;
  readonly onLine: ((line: string) => void) | undefined;
}

export interface BuildEnd {
  readonly problem: Problem | undefined;
  /** In milliseconds. */
  readonly time: number;
  readonly withoutSyntaxImage: boolean;
}

/**
 * Builds a Dockerfile's text. Where the image of its `# syntax=` line can't be had, as without a registry, it is built once
 * more without that line, by the frontend that the engine brings along.
 */
export async function build(job: BuildJob): Promise<BuildEnd> {
  const start = performance.now();
  const end = (problem: Problem | undefined, withoutSyntaxImage: boolean): BuildEnd => ({
    problem,
    time: Math.round(performance.now() - start),
    withoutSyntaxImage,
  });
  const syntaxImage = syntaxImageOf(job.text);
  const bare = withoutSyntaxLine(job.text);
  if (syntaxImage === undefined || !job.usesSyntaxImage) {
    return end(await buildText(job, bare), syntaxImage !== undefined);
  }
  const problem = await buildText(job, job.text);
  const lacksSyntaxImage =
    problem !== undefined &&
    ["base-image-unavailable", "tls", "network-unavailable"].includes(problem.code) &&
    problem.lines.some((line) => line.includes(syntaxImage) || line.includes("# syntax"));
  return lacksSyntaxImage ? end(await buildText(job, bare), true) : end(problem, false);
}

async function buildText(job: BuildJob, text: string): Promise<Problem | undefined> {
  await mkdir(job.directory, { recursive: true });
  const dockerfile = join(job.directory, "Dockerfile");
  await writeFile(dockerfile, text);
  const ignoreFile = job.ignoreFile === undefined ? undefined : `${dockerfile}.dockerignore`;
  if (job.ignoreFile !== undefined) await copyFile(job.ignoreFile, ignoreFile!);
  try {
    const { image, context, options, timeout, signal, onLine } = job;
    await job.engine.build({
      image,
      dockerfile,
      context,
      ignoreFile,
      options,
      timeout,
      signal,
      onLine,
    });
    return undefined;
  } catch (error) {
    if (error instanceof EngineError) return error.problem;
    throw error;
  }
}

/** Directives stand first, in comments of one form. Source: https://docs.docker.com/reference/dockerfile/#parser-directives */
const directive = /^(?:\ufeff)?[ \t]*#[ \t]*([A-Za-z][A-Za-z0-9]*)[ \t]*=[ \t]*(.*?)[ \t]*\r?$/;

/** The image of BuildKit's frontend that a Dockerfile asks for. */
export function syntaxImageOf(text: string): string | undefined {
  return syntaxLine(text)?.image;
}

/** The text without its `# syntax=` line; the directives around it stay in force. */
export function withoutSyntaxLine(text: string): string {
  const found = syntaxLine(text);
  if (!found) return text;
  const lines = text.split("\n");
  lines.splice(found.index, 1);
  return lines.join("\n");
}

function syntaxLine(text: string): { index: number; image: string } | undefined {
  const lines = text.split("\n");
  for (let index = 0; index < lines.length; index++) {
    const match = directive.exec(lines[index]!);
    if (!match) return undefined;
    if (match[1]!.toLowerCase() === "syntax") return { index, image: match[2]! };
  }
  return undefined;
}

/** The ignore file that an engine prefers to the context's. Source: https://docs.docker.com/build/concepts/context/#filename-and-location */
export function ownIgnoreFile(dockerfile: string): string | undefined {
  const file = `${dockerfile}.dockerignore`;
  return existsSync(file) ? file : undefined;
}
