import type { Evidence } from "../core/outcome.ts";
import type { Repository } from "../core/repository.ts";
import type { FrontEnd, FrontEndProxy } from "../repo/front-end-facts.ts";

/** How a site of files is served. */
export interface StaticSite {
  /** The program that serves it: `serve`, `http-server`, `vite preview`, … */
  readonly server: string;
  /** A server made for it, one that shows the last build, or one that builds as it goes. */
  readonly kind: "static" | "preview" | "development";
  /** Absolute path in the image; `undefined`: what the front end's build writes. */
  readonly directory: string | undefined;
  readonly port: number;
  /** It answers on the loopback address only, so that nothing outside the container gets an answer. */
  readonly isLocal: boolean;
  /** What an unknown path gets: the root's page, or status 404. */
  readonly fallback: "index" | "not-found";
  /** `/about` gives `about.html`. */
  readonly hasCleanUrls: boolean;
  readonly compresses: boolean;
  /** Headers of every answer. */
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly proxies: readonly FrontEndProxy[];
  /** The path that it is served under: `/` as a rule, otherwise it ends in `/`. */
  readonly basePath: string;
  readonly evidence: readonly Evidence[];
}

export type StaticServer =
  | { readonly kind: "site"; readonly site: StaticSite }
  | {
      readonly kind: "refused";
      readonly code: string;
      readonly data: Readonly<Record<string, string>>;
      readonly evidence: readonly Evidence[];
    };

/** What is known where a server is started. */
export interface ServerPlace {
  /** The directory that it is started in. */
  readonly directory: string;
  /** A variable's value at the start; `undefined` when nothing sets it. */
  readonly variable: (name: string) => string | undefined;
  /** The version that is installed, as far as it can be told: `14.2.0`, `^13`, `undefined` for the newest. */
  readonly versionOf: (packageName: string) => string | undefined;
  readonly repository: Repository | undefined;
  /** Absolute path in the image → path in the repository. */
  readonly repositoryPath: (path: string) => string | undefined;
  readonly frontEnd: FrontEnd | undefined;
}
