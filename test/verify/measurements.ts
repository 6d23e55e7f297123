import type { Comparison, Measurement } from "../../src/verify/compare.ts";
import type { Answer } from "../../src/verify/http-answer.ts";
import { imageConfiguration } from "../../src/verify/image-configuration.ts";
import type { RawConfiguration } from "../../src/verify/image-configuration.ts";
import type { Observation } from "../../src/verify/probe.ts";

/** Measurements to compare, made up. */

export const silent = { hash: "", length: 0 };

export const serving: Observation = {
  problem: undefined,
  exitCode: undefined,
  sockets: [{ protocol: "tcp", port: 8080, scope: "any", address: "127.0.0.1" }],
  answers: [{ port: 8080, path: "/", answer: answer() }],
  health: undefined,
  stdout: silent,
  lastLines: [],
};

export const ended: Observation = {
  ...serving,
  exitCode: 0,
  sockets: [],
  answers: [],
  stdout: { hash: "a", length: 3 },
};

export function answer(changes: Partial<Extract<Answer, { kind: "http" }>> = {}): Answer {
  return {
    kind: "http",
    status: 200,
    contentType: "text/html",
    location: "",
    bodyHash: "one",
    bodyLength: 3,
    ...changes,
  };
}

export function measurement(
  observation: Partial<Observation> = {},
  configuration: RawConfiguration = {},
  size = 1_050_000_000,
): Measurement {
  return {
    problem: undefined,
    image: {
      size,
      configuration: imageConfiguration({ ExposedPorts: { "8080/tcp": {} }, ...configuration }),
    },
    observation: { ...serving, ...observation },
    files: { leftovers: [], startProblem: undefined },
    buildTime: 1000,
    withoutSyntaxImage: false,
  };
}

export function comparison(changes: Partial<Comparison>): Comparison {
  return {
    before: measurement(),
    after: measurement({}, {}, 11_800_000),
    again: undefined,
    named: new Set(),
    expectsSmaller: true,
    probes: [],
    ...changes,
  };
}
