import type { BuildRequest } from "./engine.ts";

export type Builder = "buildx" | "docker-buildkit" | "docker-legacy" | "podman" | "buildah";

/** The arguments of the engine's command that builds an image. The Dockerfile lies outside of the context, which is only read. */
export function buildArguments(builder: Builder, request: BuildRequest): string[] {
  const { options } = request;
  return [
    ...commands[builder],
    `--file=${request.dockerfile}`,
    `--tag=${request.image}`,
    ...(options.network === undefined ? [] : [`--network=${options.network}`]),
    ...(options.buildArguments ?? []).map((pair) => `--build-arg=${pair}`),
    ...(options.secrets ?? []).map((secret) => `--secret=${secret}`),
    // BuildKit finds `Dockerfile.dockerignore` beside the Dockerfile by itself.
    ...(request.ignoreFile === undefined || builder === "buildx" || builder.startsWith("docker")
      ? []
      : [`--ignorefile=${request.ignoreFile}`]),
    ...(options.engineArguments ?? []),
    request.context,
  ];
}

/** `--load`: a builder in a container of its own keeps the image otherwise. `--format docker`: OCI's format has no HEALTHCHECK, SHELL or ONBUILD. */
const commands: Readonly<Record<Builder, readonly string[]>> = {
  buildx: ["buildx", "build", "--progress", "plain", "--load"],
  "docker-buildkit": ["build", "--progress", "plain"],
  "docker-legacy": ["build", "--force-rm"],
  podman: ["build", "--format", "docker", "--force-rm", "--layers=false"],
  buildah: ["build", "--format", "docker"],
};
