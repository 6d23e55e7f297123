import type { Comparison } from "./compare.ts";
import { finding, problemFinding } from "./findings.ts";
import type { Finding } from "./findings.ts";
import type { Answer } from "./http-answer.ts";
import type { Observation, ProbeAnswer } from "./probe.ts";
import type { ListeningSocket } from "./sockets.ts";

/** What is wrong with the original, whatever became of it. */
export function originalFindings({ before, probes }: Comparison): Finding[] {
  const { observation, image } = before;
  if (!observation || !image) return [];
  const { problem, exitCode } = observation;
  if (problem) return [problemFinding("original-does-not-start", problem, observation.lastLines)];
  const exposesPorts = image.configuration.exposedPorts.length > 0 || probes.length > 0;
  if (exitCode !== undefined && exposesPorts) {
    return [
      finding(
        "original-ends",
        { code: String(exitCode), said: observation.lastLines.at(-1) ?? "" },
        observation.lastLines,
      ),
    ];
  }
  return probes.flatMap((probe) => {
    const answer = answerOf(observation, probe)?.answer;
    if (answer?.kind === "http") return [];
    return [
      finding("original-does-not-answer", {
        probe: probeName(probe),
        problem: silence(answer, observation, probe.port),
      }),
    ];
  });
}

/** What the migrated image does otherwise. */
export function behaviourFindings(comparison: Comparison, isBroken: boolean): Finding[] {
  const before = comparison.before.observation;
  const after = comparison.after.observation;
  if (!after) return [];
  const said = after.lastLines.at(-1) ?? "";
  if (isBroken || !before) {
    if (after.problem) return [];
    if (after.exitCode === undefined || !before) return [finding("after-starts")];
    const isSame = after.exitCode === before.exitCode && after.stdout.hash === before.stdout.hash;
    return isSame
      ? []
      : [finding("after-ends-otherwise", { code: String(after.exitCode), said }, after.lastLines)];
  }
  if (after.problem) return [problemFinding("does-not-start", after.problem, after.lastLines)];
  if (before.exitCode === undefined && after.exitCode !== undefined) {
    return [finding("ends-early", { code: String(after.exitCode), said }, after.lastLines)];
  }
  if (before.exitCode !== undefined && after.exitCode === undefined) {
    return [finding("keeps-running", { code: String(before.exitCode) }, after.lastLines)];
  }
  return before.exitCode === undefined
    ? servingFindings(comparison, before, after)
    : endingFindings(before, after, comparison.again, said);
}

/** Two programs that ended by themselves. */
function endingFindings(
  before: Observation,
  after: Observation,
  again: Observation | undefined,
  said: string,
): Finding[] {
  const found: Finding[] = [];
  if (before.exitCode !== after.exitCode) {
    const codes = { before: String(before.exitCode), after: String(after.exitCode), said };
    found.push(finding("exit-code-differs", codes, after.lastLines));
  } else if (before.exitCode !== 0) {
    found.push(finding("both-end", { code: String(before.exitCode) }, after.lastLines));
  }
  if (before.stdout.hash === after.stdout.hash) return found;
  const varies = again !== undefined && again.stdout.hash !== before.stdout.hash;
  const lengths = { before: String(before.stdout.length), after: String(after.stdout.length) };
  return [
    ...found,
    varies ? finding("output-varies") : finding("output-differs", lengths, after.lastLines),
  ];
}

/** Two programs that keep running. */
function servingFindings(
  { before: { image }, again }: Comparison,
  before: Observation,
  after: Observation,
): Finding[] {
  const found: Finding[] = [];
  for (const socket of before.sockets) {
    const port = `${socket.port}/${socket.protocol}`;
    const other = after.sockets.find((candidate) => samePort(candidate, socket));
    // Until the second look at the original, a port it opened late would be missed in its favour only.
    if (!other) found.push(finding("port-not-served", { port }, after.lastLines));
    else if (socket.scope === "any" && other.scope === "loopback")
      found.push(finding("port-on-loopback-only", { port }));
  }
  for (const port of image?.configuration.exposedPorts ?? []) {
    const isServed = [...before.sockets, ...after.sockets].some(
      (socket) => `${socket.port}/${socket.protocol}` === port,
    );
    if (!isServed) found.push(finding("exposed-port-not-served", { port }));
  }
  if (before.sockets.length === 0 && after.sockets.length === 0)
    found.push(finding("nothing-observed"));
  for (const own of before.answers)
    found.push(
      ...answerFindings(
        own,
        answerOf(after, own)?.answer,
        again && answerOf(again, own)?.answer,
        after,
      ),
    );
  if (before.health === "healthy" && after.health !== "healthy") {
    found.push(finding("health-check-fails", { after: after.health ?? "gone" }, after.lastLines));
  } else if (before.health === "unhealthy" && after.health === "unhealthy")
    found.push(finding("original-unhealthy"));
  return found;
}

function answerFindings(
  own: ProbeAnswer,
  other: Answer | undefined,
  again: Answer | undefined,
  after: Observation,
): Finding[] {
  const probe = probeName(own);
  const { answer } = own;
  // What speaks no HTTP is compared by its port alone.
  if (answer.kind !== "http") return [];
  if (other?.kind !== "http")
    return [
      finding("no-answer", { probe, problem: silence(other, after, own.port) }, after.lastLines),
    ];
  if (answer.status !== other.status) {
    return [
      finding(
        "status-differs",
        { probe, before: String(answer.status), after: String(other.status) },
        after.lastLines,
      ),
    ];
  }
  const found: Finding[] = [];
  if (mediaType(answer.contentType) !== mediaType(other.contentType)) {
    found.push(
      finding("content-type-differs", {
        probe,
        before: answer.contentType || "none",
        after: other.contentType || "none",
      }),
    );
  }
  if (answer.location !== other.location) {
    found.push(
      finding("redirect-differs", {
        probe,
        before: answer.location || "nowhere",
        after: other.location || "nowhere",
      }),
    );
  }
  if (answer.bodyHash !== other.bodyHash) {
    found.push(
      finding("body-differs", {
        probe,
        before: String(answer.bodyLength),
        after: String(other.bodyLength),
      }),
    );
  }
  if (found.length === 0 || again?.kind !== "http") return found;
  const varies = again.bodyHash !== answer.bodyHash || again.location !== answer.location;
  if (!varies) return found;
  return [
    ...found.filter(({ code }) => code === "content-type-differs"),
    finding("answer-varies", { probe }),
  ];
}

function samePort(a: ListeningSocket, b: ListeningSocket): boolean {
  return a.port === b.port && a.protocol === b.protocol;
}

function answerOf(
  observation: Observation,
  { port, path }: { port: number; path: string },
): ProbeAnswer | undefined {
  return observation.answers.find((answer) => answer.port === port && answer.path === path);
}

function probeName({ port, path }: { port: number; path: string }): string {
  return `${port}${path}`;
}

function silence(answer: Answer | undefined, { sockets }: Observation, port: number): string {
  if (answer?.kind === "timed-out")
    return "it takes the request and says nothing (probe-timed-out)";
  if (answer?.kind === "no-http") return `it speaks no HTTP: ${answer.error}`;
  return sockets.some((socket) => socket.port === port)
    ? "it opened the port too late"
    : `nothing listens on ${port} (probe-timed-out)`;
}

/** Types and names of character sets are the same in either case. Source: https://www.rfc-editor.org/rfc/rfc9110#section-8.3 */
function mediaType(contentType: string): string {
  return contentType.toLowerCase().replace(/\s*;\s*/g, "; ");
}
