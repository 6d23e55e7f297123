/** The strings of Go sources that a program may use as paths. */
import type { Evidence } from "../core/outcome.ts";
import { literalsIn, splitArguments } from "./go-syntax.ts";
import type { CallName } from "./go-calls.ts";
import type { ProgramLiteral } from "./go-facts.ts";
import { zoneInText, zoneName } from "./go-knowledge.ts";
import { evidenceAt, type GoFile } from "./go-packages.ts";
import type { GoCall } from "./go-tokens.ts";

const joins = new Set(["path/filepath.Join", "path.Join"]);
/** Longer strings are texts, not paths (PATH_MAX of linux is 4096; names in sources are short). */
const longestPath = 255;

/** Collects the strings of a file that could be paths, and what else strings tell. */
export function readLiterals(
  file: GoFile,
  names: readonly CallName[],
  program: { literals: ProgramLiteral[]; zones: Evidence[]; tempFiles: Evidence[] },
): void {
  // What a generator wrote down is where it read, not where the program does.
  const generated = /^\/\/ Code generated .* DO NOT EDIT\.$/m.test(file.source.slice(0, 4000));
  const besideSource = file.calls.some(({ selector }) => selector === "runtime.Caller");
  const joined = new Set<number>();
  for (const { value, line, start, call, argument, appended } of file.literals) {
    if (value === "" || value.length > longestPath || value.includes("\n")) {
      if (zoneInText.test(value)) program.zones.push(evidenceAt(file, line, start));
      continue;
    }
    if (generated || isCompared(file, start, value)) continue;
    const name = call === undefined ? undefined : names[call]!;
    if (zoneName.test(value) || (value.includes("=") && zoneInText.test(value)))
      program.zones.push(evidenceAt(file, line, start));
    if (value === "/tmp" || value.startsWith("/tmp/"))
      program.tempFiles.push(evidenceAt(file, line, start));
    if (name?.qualified !== undefined && joins.has(name.qualified)) {
      // The strings of one Join are one path: `filepath.Join("web", "templates")` does not name all of web.
      if (!joined.has(call!)) {
        joined.add(call!);
        for (const run of joinedRuns(file, file.calls[call!]!))
          program.literals.push(
            literalOf(file, run, line, start, name, argument, appended, besideSource),
          );
      }
      continue;
    }
    program.literals.push(
      literalOf(file, value, line, start, name, argument, appended, besideSource),
    );
  }
}

/** A bare word that something is compared with is no path: `if mode == "static"`, `case "static":`. */
function isCompared({ source }: GoFile, start: number, value: string): boolean {
  if (!/^[\w-]+$/.test(value)) return false;
  const before = source.slice(Math.max(0, start - 8), start);
  const after = source.slice(start + value.length + 2, start + value.length + 8);
  return /(?:[=!]=\s*|\bcase\s+)$/.test(before) || /^\s*[=!]=/.test(after);
}

function literalOf(
  file: GoFile,
  value: string,
  line: number,
  start: number,
  name: CallName | undefined,
  argument: number,
  appended: boolean,
  besideSource: boolean,
): ProgramLiteral {
  return {
    value,
    evidence: evidenceAt(file, line, start),
    ...(name && { call: name.plain, argument }),
    ...(appended && { appended }),
    ...(besideSource && { besideSource }),
  };
}

/** The paths that neighbouring strings of a Join make, cut where an argument is computed. */
function joinedRuns(file: GoFile, call: GoCall): string[] {
  const runs: string[][] = [[]];
  for (const span of splitArguments(file, call)) {
    const inside = literalsIn(file, span);
    const text = file.source.slice(span.start, span.end).trim();
    if (inside.length === 1 && inside[0]!.end - inside[0]!.start === text.length)
      runs.at(-1)!.push(inside[0]!.value);
    else {
      const direct = inside.filter(
        (one) => one.call !== undefined && file.calls[one.call] === call,
      );
      runs.push(...direct.map((one) => [one.value]), []);
    }
  }
  return runs
    .filter((run) => run.some((part) => part !== ""))
    .map((run) => run.join("/").replace(/\/{2,}/g, "/"));
}
