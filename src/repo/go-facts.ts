/** The run-time facts of a Go program, as plain data: each with the place it was seen at. */
import type { Evidence } from "../core/outcome.ts";
import type { Origin } from "./go-expressions.ts";
import type { GoModule } from "./go-module.ts";

export interface GoProgram {
  /** `undefined` when no go.mod stands at or above the package in the build context. */
  readonly module: GoModule | undefined;
  /** The program's own packages, the main package first. Paths are relative to the repository's root. */
  readonly packages: readonly { readonly directory: string; readonly files: readonly string[] }[];
  readonly isMain: boolean;
  /** `false` when own imports could not be read (see `missing`): generated code, a replacement outside the context. */
  readonly complete: boolean;
  readonly missing: readonly Evidence[];
  /** Own imports whose path is not the one that the sources lie at below GOPATH: they must be fetched. */
  readonly misplaced: readonly Evidence[];
  /** `import "C"` in own packages. */
  readonly usesCgo: readonly Evidence[];
  /** Known cgo modules that own packages import. */
  readonly cgoModules: readonly KnownCgoModule[];
  /** Known cgo modules that go.mod requires while no own package imports them: another module may. */
  readonly cgoRequirements: readonly KnownCgoModule[];
  /** Import paths that are not the program's own, standard library included, with their first place. */
  readonly imports: ReadonlyMap<string, Evidence>;
  /** The strings that could be a path or a part of one; those of generated files only where a known call takes them. */
  readonly literals: readonly ProgramLiteral[];
  readonly embeds: readonly {
    readonly directory: string;
    readonly pattern: string;
    readonly evidence: Evidence;
  }[];
  readonly readsFiles: readonly FileAccess[];
  readonly writesFiles: readonly FileAccess[];
  readonly runsPrograms: readonly StartedProgram[];
  readonly userLookups: readonly Evidence[];
  readonly zones: readonly Evidence[];
  /** `import _ "time/tzdata"`: the zone database is in the binary. */
  readonly embedsZones: boolean;
  readonly tlsClients: readonly Evidence[];
  readonly tempFiles: readonly Evidence[];
  /** Files that modules read by a name of their own, relative to the working directory; most need not exist. */
  readonly implicitFiles: readonly ImplicitAccess[];
  /** Modules that read files in the module cache beside their own source. */
  readonly readsModuleSources: readonly Evidence[];
}

export interface KnownCgoModule {
  readonly module: string;
  /** Whether the same work is done with CGO_ENABLED=0. */
  readonly fallback: boolean;
  readonly evidence: Evidence;
}

export interface ProgramLiteral {
  readonly value: string;
  readonly evidence: Evidence;
  /** `os.Open` (by import path), `.LoadHTMLGlob` (a method), `readConfig` (a function of the package). */
  readonly call?: string;
  readonly argument?: number;
  /** A `+` stands before it: the value's beginning is elsewhere. */
  readonly appended?: boolean;
  /** The file finds out where its own source is (`runtime.Caller`): the path may be relative to its directory. */
  readonly besideSource?: boolean;
}

export interface FileAccess {
  readonly call: string;
  /** What the path may be, `*` standing for what is computed; absent when nothing of it is known. */
  readonly literal?: string;
  /** Where the path comes from: `literal` is also a constant, a variable or what callers pass. */
  readonly origin: Origin;
  readonly evidence: Evidence;
}

export interface ImplicitAccess {
  readonly paths: readonly string[];
  readonly evidence: Evidence;
}

export interface StartedProgram {
  /** Absent when the name is computed. */
  readonly program?: string;
  /** The script of `sh -c`. */
  readonly script?: string;
  /** The literal arguments, when all of them are. */
  readonly words?: readonly string[];
  readonly evidence: Evidence;
}
