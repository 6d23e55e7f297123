import { describe, expect, test } from "vitest";
import { classifyBuildFailure, lastLines } from "../../src/verify/build-failures.ts";

/** What engines said: docker 26.1.5 with buildx 0.13.1, buildah 1.28.2, docker's legacy builder. */
const said = [
  [
    "base-image-unavailable",
    "BuildKit without a registry",
    `#2 [internal] load metadata for docker.io/library/nosuchimage:1
#2 ERROR: failed to do request: Head "https://registry-1.docker.io/v2/library/nosuchimage/manifests/1": dial tcp: lookup registry-1.docker.io on 10.255.255.53:53: no such host
------
 > [internal] load metadata for docker.io/library/nosuchimage:1:
------
Dockerfile:1
--------------------
   1 | >>> FROM nosuchimage:1
--------------------
ERROR: failed to solve: nosuchimage:1: failed to resolve source metadata for docker.io/library/nosuchimage:1: failed to do request: Head "https://registry-1.docker.io/v2/library/nosuchimage/manifests/1": dial tcp: lookup registry-1.docker.io on 10.255.255.53:53: no such host`,
  ],
  [
    "base-image-unavailable",
    "BuildKit and a private image",
    "ERROR: failed to solve: corp/base:1: failed to resolve source metadata for docker.io/corp/base:1: pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed",
  ],
  [
    "base-image-unavailable",
    "buildah without a registry",
    `STEP 1/2: FROM quay.io/nosuch:1
Trying to pull quay.io/nosuch:1...
Error: creating build container: initializing source docker://quay.io/nosuch:1: pinging container registry quay.io: Get "https://quay.io/v2/": dial tcp: lookup quay.io on 10.255.255.53:53: no such host`,
  ],
  [
    "base-image-unavailable",
    "buildah and a short name",
    `Error: creating build container: short-name "golang:1.22" did not resolve to an alias and no unqualified-search registries are defined in "/etc/containers/registries.conf"`,
  ],
  [
    "tls",
    "a registry with a certificate of one's own",
    `ERROR: failed to solve: registry.local/base: failed to resolve source metadata for registry.local/base:latest: failed to do request: Head "https://registry.local/v2/base/manifests/latest": tls: failed to verify certificate: x509: certificate signed by unknown authority`,
  ],
  [
    "tls",
    "curl in a step",
    `#5 0.191 curl: (60) SSL certificate problem: unable to get local issuer certificate
#5 ERROR: process "/bin/sh -c curl -sS https://example.com/" did not complete successfully: exit code: 60
ERROR: failed to solve: process "/bin/sh -c curl -sS https://example.com/" did not complete successfully: exit code: 60`,
  ],
  [
    "tls",
    "npm in a step",
    `npm error code SELF_SIGNED_CERT_IN_CHAIN
ERROR: failed to solve: process "/bin/sh -c npm ci" did not complete successfully: exit code: 1`,
  ],
  [
    "network-unavailable",
    "a daemon without a bridge",
    `#5 ERROR: process "/bin/sh -c go build -o server ." did not complete successfully: network bridge not found
ERROR: failed to solve: process "/bin/sh -c go build -o server ." did not complete successfully: network bridge not found`,
  ],
  [
    "network-unavailable",
    "a step without a name server",
    `#5 0.191 curl: (6) Could not resolve host: self-signed.badssl.com
ERROR: failed to solve: process "/bin/sh -c curl -sS https://self-signed.badssl.com/" did not complete successfully: exit code: 6`,
  ],
  [
    "secret-missing",
    "BuildKit and a secret",
    "#5 ERROR: secret foo: not found\nERROR: failed to solve: secret foo: not found",
  ],
  [
    "disk-full",
    "a step",
    "#9 1.2 write /tmp/go-build: no space left on device\nERROR: failed to solve: process ... exit code: 1",
  ],
  [
    "build-step-failed",
    "a step of BuildKit",
    `#5 [2/2] RUN echo hello && false
#5 0.187 hello
#5 ERROR: process "/bin/sh -c echo hello && false" did not complete successfully: exit code: 1
------
 > [2/2] RUN echo hello && false:
0.187 hello
------
ERROR: failed to solve: process "/bin/sh -c echo hello && false" did not complete successfully: exit code: 1`,
  ],
  [
    "build-step-failed",
    "a file that is not in the context",
    `ERROR: failed to solve: failed to compute cache key: failed to calculate checksum of ref 19e52b2b::yk3k: "/nothere": not found`,
  ],
  [
    "build-step-failed",
    "an unknown instruction",
    "ERROR: failed to solve: dockerfile parse error on line 2: unknown instruction: RUNN (did you mean RUN?)",
  ],
  [
    "build-step-failed",
    "a step of buildah",
    `subprocess exited with status 1\nsubprocess exited with status 1\nError: building at STEP "RUN false": exit status 1`,
  ],
  [
    "build-step-failed",
    "a file that buildah does not find",
    `Error: building at STEP "COPY no /x": checking on sources under "/tmp/vp/app": copier: stat: "/no": no such file or directory`,
  ],
] as const;

describe("a failed build", () => {
  const end = (stderr: string) => ({ exitCode: 1, stdout: "", stderr, timedOut: false });

  test.each(said)("%s: %s", (code, _engine, stderr) => {
    const problem = classifyBuildFailure(end(stderr), 1000);
    expect(problem.code).toBe(code);
    expect(problem.lines.length).toBeGreaterThan(0);
    expect(problem.detail).not.toMatch(/^(?:#\d|ERROR|Error|error)/);
  });

  test("is told by the step that failed, whatever earlier ones said", () => {
    const lines = [
      "#4 1.0 testing: x509: certificate signed by unknown authority",
      ...Array.from({ length: 30 }, (_, index) => `#5 ${index}.0 line ${index}`),
    ];
    expect(
      classifyBuildFailure(end(`${lines.join("\n")}\nERROR: failed to solve: exit code: 1`), 1000)
        .code,
    ).toBe("build-step-failed");
  });

  test("that took too long says how long", () => {
    expect(classifyBuildFailure({ ...end("#5 CANCELED"), timedOut: true }, 90_000)).toMatchObject({
      code: "build-timed-out",
      detail: "90 s",
    });
  });
});

test("the last lines leave out what is progress only", () => {
  expect(
    lastLines("#1 DONE 0.0s\n#3 transferring context: 2B done\n#5 0.187 hello\n\n#4 CACHED\n", 5),
  ).toEqual(["#5 0.187 hello"]);
});
