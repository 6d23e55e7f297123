import type { ServerPlace, StaticServer } from "../static-site.ts";
import type { Version } from "./version.ts";

/** What is known of a program that serves files: its options as data, and what they come to. */
export interface ServerRule {
  /** As messages name it. */
  readonly server: string;
  /** What it is called by. */
  readonly programs: readonly string[];
  /** Its second word; `""` where none is needed, and every other second word makes it something else than this server. */
  readonly commands?: readonly string[];
  /** Where a second word may as well be a file or a directory: those that are commands. */
  readonly otherCommands?: readonly string[];
  /** The package that its version is asked of. */
  readonly packageName: string;
  /** The rule is about versions that this says yes to; the first rule that fits is taken. */
  readonly isFor?: (version: Version) => boolean;
  readonly grammar: Grammar;
  readonly options: readonly OptionRule[];
  readonly read: (call: ServerCall) => StaticServer;
}

/**
 * How a command line is cut up.
 * - `arg` (https://github.com/vercel/arg): `-sl 3000`, `--listen=3000`; a value may not begin with a dash.
 * - `minimist` (https://github.com/minimistjs/minimist): every option takes the next word that is no option, so that
 *   `http-server -s dist` serves no `dist`; `-p8080`, `-c-1`, `-gb`.
 * - `mri` (vite, sirv): as `minimist`, but knows which options take nothing.
 * - `commander` (also yargs): `-p8080`, `-p 8080`, `--port=8080`.
 * - `equals`: live-server takes `--port=8080` and nothing else.
 */
export type Grammar = "arg" | "minimist" | "mri" | "commander" | "equals";

/**
 * Names, what follows, and what it sets. `ignored` has no say in the answers, `refused` is something that nginx does not do the
 * same way.
 */
export type OptionRule = readonly [
  names: string,
  takes: "flag" | "value" | "maybe",
  sets: Setting | "ignored" | "refused",
];

export type Setting =
  | "base"
  | "brotli"
  | "cache"
  | "clean"
  | "configuration"
  | "cors"
  | "directory"
  | "fallback"
  | "gzip"
  | "host"
  | "listing"
  | "local"
  | "maxAge"
  | "immutable"
  | "mode"
  | "noCompression"
  | "notFound"
  | "port"
  | "proxy"
  | "single";

/** A command line that has been understood. */
export interface ServerCall {
  readonly server: string;
  readonly version: Version;
  readonly place: ServerPlace;
  /** The value of each setting, every one that was given; `""` for a flag. */
  readonly settings: ReadonlyMap<Setting, readonly string[]>;
  readonly positionals: readonly string[];
}
