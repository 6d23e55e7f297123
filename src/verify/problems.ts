/**
 * What can go wrong between us and a container engine, told apart by code. Data: `explain` and the reports make prose of it.
 */
export const problems = {
  "no-engine": {
    message: "no container engine answers: {detail}",
    remedy: "Start docker, or install podman or buildah; --engine chooses one.",
  },
  "engine-failed": {
    message: "the engine failed: {detail}",
    remedy: "Run the same build by hand to see what the engine needs.",
  },
  "no-build-context": {
    message: "no directory holds what the Dockerfile copies",
    remedy: "Name the build context with --context.",
  },
  "base-image-unavailable": {
    message: "a base image can't be had: {detail}",
    remedy: "Check the image's name, the network and the login to its registry.",
  },
  tls: {
    message: "a certificate is not trusted: {detail}",
    remedy:
      "Give the engine, or the base image of the build, the certificate authority in use here.",
  },
  "network-unavailable": {
    message: "the build has no network: {detail}",
    remedy: "Choose another one for the build: --network host.",
  },
  "secret-missing": {
    message: "the build needs a secret: {detail}",
    remedy: "Pass it on: --secret id=NAME,src=FILE.",
  },
  "disk-full": {
    message: "the disk is full: {detail}",
    remedy: "Make room, for instance with docker system prune.",
  },
  "build-step-failed": { message: "a step of the build failed: {detail}", remedy: undefined },
  "build-timed-out": {
    message: "the build took longer than {detail}",
    remedy: "Allow more time with --timeout.",
  },
  "start-failed": { message: "the image does not start: {detail}", remedy: undefined },
  "probe-timed-out": {
    message: "no answer in time: {detail}",
    remedy: "Allow more time with --start-timeout, or probe another port with --probe.",
  },
} as const satisfies Readonly<
  Record<string, { readonly message: string; readonly remedy: string | undefined }>
>;

export type ProblemCode = keyof typeof problems;

export interface Problem {
  readonly code: ProblemCode;
  readonly detail: string;
  /** The last lines of what the engine or the step said. */
  readonly lines: readonly string[];
}

/** The problems that are neither Dockerfile's fault: with one of them nothing is known about the migration. */
const surroundings: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  "no-engine",
  "engine-failed",
  "no-build-context",
  "base-image-unavailable",
  "tls",
  "network-unavailable",
  "secret-missing",
  "disk-full",
  "build-timed-out",
]);

export function isOfTheSurroundings(problem: Problem): boolean {
  return surroundings.has(problem.code);
}

/** The problem as one sentence. */
export function problemMessage({ code, detail }: Problem): string {
  return problems[code].message.replace("{detail}", detail);
}

export class EngineError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problemMessage(problem));
    this.name = "EngineError";
    this.problem = problem;
  }
}
