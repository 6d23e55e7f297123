/** Where variables of make get their values from. https://www.gnu.org/software/make/manual/make.html#Values */
import { assigned, type Assignment } from "./make-assignments.ts";
import { quoted } from "./make-text.ts";
import {
  DIRECTORY,
  UNKNOWN,
  isKnown,
  unknownVariable,
  type Lookup,
  type MakeVariable,
} from "./make-values.ts";

/** Variables that hold for a target and for what is made for it, and whether its recipes see them in their environment. */
export interface Scope {
  readonly variables: ReadonlyMap<string, MakeVariable>;
  readonly exports: ReadonlyMap<string, boolean | undefined>;
}

export const globalScope: Scope = { variables: new Map(), exports: new Map() };

export interface VariableTable {
  readonly lookup: Lookup;
  assign(name: string, assignment: Assignment, expandNow: (text: string) => string): void;
  /** `export NAME`, or of every variable; `undefined` when a condition decides it. */
  setExport(name: string | undefined, state: boolean | undefined): void;
  /** From here on other files may have set what this one does not. */
  includeOthers(): void;
  /** The variables of a target, on top of those of the target it is made for. */
  scopeOf(assignments: readonly Assignment[], parent: Scope, withPrivate: boolean): Scope;
  /** What make adds to the environment of a recipe. */
  exportedTo(scope: Scope, valueOf: (name: string) => string): Map<string, string | undefined>;
}

/** Variables that make sets before it reads a makefile, as far as recipes of Go programs use them. */
const defaults = new Map(
  Object.entries({ AR: "ar", AS: "as", CC: "cc", CXX: "g++", LD: "ld", RM: "rm -f" }).map(
    ([name, text]) => [name, { text, simple: false }],
  ),
);

/** Those that the environment does not change. */
const fixed = new Map(
  Object.entries({
    GNUMAKEFLAGS: "",
    MAKE: "make",
    MAKEFILE_LIST: UNKNOWN,
    MAKEFLAGS: "",
    MAKELEVEL: "0",
    MAKE_COMMAND: "make",
    MAKE_VERSION: UNKNOWN,
    SHELL: "/bin/sh",
    ".SHELLFLAGS": "-c",
  }).map(([name, text]) => [name, { text, simple: true }]),
);

const NAME = /^[A-Za-z_]\w*$/;

/** The variables outside targets: of the command line, the makefile, the environment and make, in this order. */
export function variableTable(
  goals: readonly string[],
  given: ReadonlyMap<string, string | undefined>,
  environment: (name: string) => string | null | undefined,
): VariableTable {
  const own = new Map<string, MakeVariable>();
  const overridden = new Set<string>();
  const exports = new Map<string, boolean | undefined>();
  let exportsAll: boolean | undefined = false;
  let includesOthers = false;

  function fromOutside(value: string | undefined): MakeVariable {
    return value === undefined ? unknownVariable : { text: value, simple: false };
  }

  function lookup(name: string): MakeVariable | undefined {
    const set = own.get(name);
    if (set) return set;
    if (given.has(name)) return fromOutside(given.get(name));
    if (name === "PWD" || name === "CURDIR") return fromOutside(environment("PWD") ?? DIRECTORY);
    if (name === "MAKECMDGOALS") return fromOutside(goals.join(" "));
    const preset = fixed.get(name);
    if (preset) return preset;
    const value = NAME.test(name) ? environment(name) : null;
    if (value !== null) return fromOutside(value);
    const isOwn = /^(?:\W[DF]?|\d+|\..*)$/.test(name);
    return defaults.get(name) ?? (includesOthers && !isOwn ? unknownVariable : undefined);
  }

  function assign(name: string, assignment: Assignment, expandNow: (text: string) => string): void {
    if (assignment.isExported) exports.set(name, assignment.isCertain ? true : undefined);
    if (!assignment.isOverride && (given.has(name) || overridden.has(name))) return;
    const previous = lookup(name);
    const next = assigned(previous, assignment, expandNow);
    if (next === previous) return;
    own.set(name, assignment.isCertain ? next : unknownVariable);
    if (assignment.isOverride) overridden.add(name);
  }

  function scopeOf(assignments: readonly Assignment[], parent: Scope, withPrivate: boolean): Scope {
    if (assignments.length === 0) return parent;
    const scope = { variables: new Map(parent.variables), exports: new Map(parent.exports) };
    for (const assignment of assignments) {
      const { name, isCertain } = assignment;
      if (assignment.isPrivate && !withPrivate) continue;
      if (assignment.isExported) scope.exports.set(name, isCertain ? true : undefined);
      if (given.has(name) && !assignment.isOverride) continue;
      const before = scope.variables.get(name) ?? lookup(name);
      // What is appended for a target is expanded when it is used, whatever it is appended to.
      const previous = before?.simple ? { text: quoted(before.text), simple: false } : before;
      const next = assigned(previous, assignment, String);
      if (next !== previous) scope.variables.set(name, isCertain ? next : unknownVariable);
    }
    return scope;
  }

  function isExported(name: string, scope: Scope): boolean | undefined {
    if (scope.exports.has(name)) return scope.exports.get(name);
    if (exports.has(name)) return exports.get(name);
    const outside = environment(name);
    if (given.has(name) || typeof outside === "string") return true;
    return outside === null || exportsAll ? exportsAll : undefined;
  }

  function exportedTo(
    scope: Scope,
    valueOf: (name: string) => string,
  ): Map<string, string | undefined> {
    const exported = new Map<string, string | undefined>();
    const names = [given, own, exports, scope.variables].flatMap((map) => [...map.keys()]);
    for (const name of new Set(names)) {
      if (!NAME.test(name) || fixed.has(name)) continue;
      const state = isExported(name, scope);
      // What is taken out of the environment is not known either.
      if (state === false && environment(name) === null) continue;
      const value = state ? valueOf(name) : UNKNOWN;
      exported.set(name, isKnown(value) ? value : undefined);
    }
    return exported;
  }

  return {
    lookup,
    assign,
    setExport(name, state) {
      if (name === undefined) exportsAll = state;
      else exports.set(name, state);
    },
    includeOthers() {
      includesOthers = true;
    },
    scopeOf,
    exportedTo,
  };
}
