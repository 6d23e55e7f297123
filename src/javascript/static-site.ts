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
  /** Its port is taken from this variable, which may be given anew when the container is started. */
  readonly portVariable: string | undefined;
  /** It answers on the loopback address only, so that nothing outside the container gets an answer. */
  readonly isLocal: boolean;
  /** What an unknown path gets: the root's page, or status 404. */
  readonly fallback: "index" | "not-found";
  /** With `fallback: "index"`: what an unknown path gets whose last element has a dot, as `/app.js`. */
  readonly missingFile: "index" | "not-found";
  /** What status 404 comes with, as a path below the root: `404.html`. It need not be there. */
  readonly notFoundPage: string | undefined;
  /** `/about` gives `about.html`. */
  readonly hasCleanUrls: boolean;
  /**
   * What `/docs` gets where `docs/index.html` is: that page (`direct`), a way to `/docs/` (`redirect`), or what an unknown path
   * gets (`none`).
   */
  readonly directoryIndex: "direct" | "redirect" | "none";
  /** A directory without a page is answered with its list of files, which nginx does not do. */
  readonly listsDirectories: boolean;
  readonly compresses: boolean;
  /** Texts are said to be in UTF-8. */
  readonly namesCharset: boolean;
  /** `app.js.gz` is sent for `app.js` where it is there. */
  readonly hasCompressedFiles: boolean;
  /** Names of its files may end in `.mjs`, which nginx takes for no script. */
  readonly hasModuleFiles: boolean;
  /** Where two set the same header for a path, the later one counts. */
  readonly headers: readonly SiteHeader[];
  readonly redirects: readonly SiteRedirect[];
  readonly proxies: readonly FrontEndProxy[];
  /** The path that it is served under: `/` as a rule, otherwise it begins and ends with `/`. */
  readonly basePath: string;
  readonly evidence: readonly Evidence[];
}

export interface SiteHeader {
  readonly name: string;
  readonly value: string;
  /** Errors have it too. */
  readonly isAlways: boolean;
  /** An expression that the path of the file matches; `undefined`: every answer has it. */
  readonly paths: string | undefined;
}

export interface SiteRedirect {
  readonly path: string;
  readonly target: string;
  readonly status: number;
}

/** A site of which nothing else is known than what is given: no clean URLs, no headers, not found is not found. */
export function staticSite(
  given: Pick<StaticSite, "server" | "port"> & Partial<StaticSite>,
): StaticSite {
  return {
    kind: "static",
    directory: undefined,
    portVariable: undefined,
    isLocal: false,
    fallback: "not-found",
    missingFile: given.fallback ?? "not-found",
    notFoundPage: "404.html",
    hasCleanUrls: false,
    directoryIndex: "redirect",
    listsDirectories: false,
    compresses: false,
    namesCharset: true,
    hasCompressedFiles: false,
    hasModuleFiles: false,
    headers: [],
    redirects: [],
    proxies: [],
    basePath: "/",
    evidence: [],
    ...given,
  };
}

export type StaticServer = { readonly kind: "site"; readonly site: StaticSite } | RefusedServer;

export interface RefusedServer {
  readonly kind: "refused";
  readonly code: "static-server-option" | "dev-proxy" | "serve-config";
  readonly data: Readonly<Record<string, string>>;
  readonly evidence: readonly Evidence[];
}

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
