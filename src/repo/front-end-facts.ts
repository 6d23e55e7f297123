import type { Evidence } from "../core/outcome.ts";

/** What a front end's package says about its build and its servers: read from source, never executed. */
export interface FrontEnd {
  /** The tool that builds it: `vite`, `react-scripts`, `vue-cli`, `angular`, `next`, … */
  readonly framework: string;
  /**
   * Where the build writes the site, relative to the package's directory (`dist`, `../static`), or absolute in the image where
   * the configuration has it so; `undefined` when that cannot be told.
   */
  readonly outputDirectory: string | undefined;
  /** The path that the site expects to be served under, `/` as a rule; `undefined` when it is computed. */
  readonly basePath: string | undefined;
  /** The build makes a server, not a site of files; `undefined` when that cannot be told. */
  readonly isServerRendered: boolean | undefined;
  /** The site is one page that does its own routing; `false`: several pages, an unknown path is not found. */
  readonly isSinglePage: boolean;
  readonly development: FrontEndServer;
  /** What `vite preview` and its like do. */
  readonly preview: FrontEndServer;
  /**
   * Variables whose values the build writes into the site, by their beginning: `VITE_`, or the whole name of one that the
   * configuration names. `""`: any variable may be.
   */
  readonly publicPrefixes: readonly string[];
  readonly evidence: readonly Evidence[];
}

export interface FrontEndServer {
  /** As the configuration sets it, or the default of that version; `undefined` when it is computed. */
  readonly port: number | undefined;
  /** It answers on other addresses than the loopback one. */
  readonly isOpen: boolean;
  readonly proxies: readonly FrontEndProxy[];
  /** What the configuration does beside that, and a static server cannot: middleware, computed proxies, https. */
  readonly beyond: readonly Evidence[];
}

/** Requests below a path that are passed on. */
export interface FrontEndProxy {
  /** `/api` */
  readonly path: string;
  /** `http://backend:5000`; a path in it comes before that of the request. */
  readonly target: string;
  /** The path's beginning is taken off before it is passed on. */
  readonly stripsPath: boolean;
  /** The target sees its own host name. */
  readonly changesOrigin: boolean;
  /** Upgrades to web sockets are passed on as well. */
  readonly hasWebSockets?: boolean;
  readonly evidence: Evidence;
}
