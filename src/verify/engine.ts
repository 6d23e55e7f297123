import type { Duplex, Readable } from "node:stream";
import type { ImageConfiguration } from "./image-configuration.ts";
import type { ListeningSocket } from "./sockets.ts";

export const engineNames = ["docker", "podman", "buildah"] as const;
export type EngineName = (typeof engineNames)[number];

/** What verification needs of a container engine. What fails throws an `EngineError`. */
export interface Engine {
  readonly name: EngineName;
  /** The server's version, where there is one, and the builder: `docker 26.1.5, BuildKit`. */
  readonly description: string;
  /** Builds an image and gives it the name of the request. */
  build(request: BuildRequest): Promise<void>;
  inspect(image: string, signal: AbortSignal): Promise<ImageFacts>;
  /** Creates a container and starts its program. */
  start(request: StartRequest): Promise<RunningContainer>;
  /** Calls back with the image's files as a tar stream. */
  readFiles<T>(image: string, read: (tar: Readable) => Promise<T>, signal: AbortSignal): Promise<T>;
  /** Takes names off their images, and with its last name an image goes. Never throws. */
  removeImages(images: readonly string[]): Promise<void>;
}

export interface BuildRequest {
  readonly image: string;
  /** Absolute paths. */
  readonly dockerfile: string;
  readonly context: string;
  /** The ignore file that belongs to this Dockerfile alone, where there is one. */
  readonly ignoreFile: string | undefined;
  readonly options: BuildOptions;
  /** In milliseconds. */
  readonly timeout: number;
  readonly signal: AbortSignal;
  readonly onLine: ((line: string) => void) | undefined;
}

/** What is passed on to the engine's build command as it is. */
export interface BuildOptions {
  readonly network?: string | undefined;
  readonly buildArguments?: readonly string[];
  readonly secrets?: readonly string[];
  readonly engineArguments?: readonly string[];
}

export interface ImageFacts {
  /** In bytes, as the engine counts. */
  readonly size: number;
  readonly configuration: ImageConfiguration;
}

export interface StartRequest {
  readonly image: string;
  readonly name: string;
  readonly configuration: ImageConfiguration;
  readonly options: RunOptions;
  readonly signal: AbortSignal;
}

export interface RunOptions {
  /** Of the container; `none` by default, so that nothing gets out or in. */
  readonly network?: string | undefined;
  /** `NAME=value`. */
  readonly environment?: readonly string[];
  /** In place of CMD. */
  readonly arguments?: readonly string[];
  /** An image with `cat` and `nc`, for a probe where this process may not enter the container's network. */
  readonly probeImage?: string | undefined;
}

export interface RunningContainer {
  /** The exit code of the program, once it has ended. */
  readonly ended: Promise<number>;
  output(): Promise<ProgramOutput>;
  /** What listens in the container's network. */
  sockets(): Promise<readonly ListeningSocket[]>;
  /** A connection to a port of the container, from inside of its network. */
  connect(port: number, address: string): Duplex;
  /** What the image's HEALTHCHECK says; `undefined` when there is none, or the engine can't run it. */
  health(): Promise<"starting" | "healthy" | "unhealthy" | undefined>;
  /** Ends the program and removes the container with its volumes. Never throws. */
  remove(): Promise<void>;
}

export interface ProgramOutput {
  readonly stdout: string;
  readonly stderr: string;
}

/** Limits for every container, where the engine can set them. A server that needs more at its start is rare; a runaway is not. */
export const limits = { memory: "1g", processes: 512, cpus: 1 } as const;

/** A command that is not there, or whose server does not answer. */
export interface Unavailable {
  readonly engine: EngineName;
  readonly problem: string;
}
