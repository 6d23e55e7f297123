import type { CommandEnd } from "./command.ts";
import type { Problem, ProblemCode } from "./problems.ts";

/** Texts by which failures are told apart, the most telling first. Each was seen with the engines named. */
const signs: readonly { readonly code: ProblemCode; readonly pattern: RegExp }[] = [
  // Go's crypto/tls (the engines themselves, and go in a step), OpenSSL (curl, git, apt-get), Node.
  {
    code: "tls",
    pattern:
      /.*(?:x509: |tls: failed to verify|certificate signed by unknown authority|SSL certificate problem|SELF_SIGNED_CERT|UNABLE_TO_(?:GET_ISSUER|VERIFY)_|unable to get local issuer certificate|certificate verify failed).*/,
  },
  // overlay2 and every tool.
  { code: "disk-full", pattern: /.*no space left on device.*/ },
  // BuildKit; buildah.
  {
    code: "secret-missing",
    pattern:
      /.*(?:secret \S+: not found|unable to find secret|secret required but no secret|no such secret).*/i,
  },
  {
    code: "base-image-unavailable",
    pattern:
      /.*(?:failed to resolve source metadata for|pull access denied|manifest unknown|manifest for \S+ not found|did not resolve to an alias|initializing source docker:|pinging container registry|no match for platform in manifest|repository does not exist|failed to do request: Head).*/,
  },
  // dockerd without a bridge; BuildKit where host networking is not granted; what steps say that find no name server.
  {
    code: "network-unavailable",
    pattern:
      /.*(?:network bridge not found|network\.host is not allowed|Could not resolve host|Temporary failure (?:in name resolution|resolving)|dial tcp: lookup .*no such host|EAI_AGAIN|Network is unreachable).*/,
  },
  {
    code: "engine-failed",
    pattern:
      /.*(?:Cannot connect to the Docker daemon|error during connect|unknown (?:flag|shorthand flag)|permission denied while trying to connect|additional instances of driver).*/,
  },
];

/** Lines of BuildKit's plain progress that say nothing of the failure. */
const noise =
  /^#\d+ (?:\[|DONE|CACHED|transferring|sha256:|extracting|exporting|writing|naming|building with|resolve )|^#\d+ [\d.]+ *$|^$|^-+$/;

/** Says of a build that failed what failed. */
export function classifyBuildFailure(end: CommandEnd, timeout: number): Problem {
  // buildah and the legacy builder print the output of the steps on standard output.
  const lines = lastLines(`${end.stdout}\n${end.stderr}`, 25);
  // What earlier steps said is not why this one failed.
  const text = lines.join("\n");
  if (end.timedOut)
    return { code: "build-timed-out", detail: `${Math.round(timeout / 1000)} s`, lines };
  for (const { code, pattern } of signs) {
    const seen = pattern.exec(text)?.[0];
    if (seen !== undefined) return { code, detail: withoutPrefix(seen), lines };
  }
  return {
    code: "build-step-failed",
    detail: withoutPrefix(lines.at(-1) ?? `exit code ${end.exitCode}`),
    lines,
  };
}

/** The last lines that say something. */
export function lastLines(text: string, count: number): string[] {
  return text
    .split(/\r?\n|\r/)
    .map((line) => line.trimEnd())
    .filter((line) => !noise.test(line))
    .slice(-count);
}

/** Without `#5 0.191 `, `ERROR: `, `Error: ` and the names of the engine's parts in front. */
function withoutPrefix(line: string): string {
  return line
    .replace(/^#\d+ (?:[\d.]+ )?/, "")
    .replace(/^(?:(?:ERROR|Error|error): )+(?:failed to solve: )?/, "")
    .trim();
}
