import type { Evidence } from "../core/outcome.ts";
import { baseName } from "../core/path.ts";
import { isShellProgram } from "../core/query.ts";
import type { Repository } from "../core/repository.ts";
import type { Need } from "./needs.ts";
import type { SourceFacts } from "./programs.ts";
import type { RunTimeCommandReader } from "../stages/run-time-commands.ts";

/** Packages that run the go command. Sources: their documentation on pkg.go.dev. */
const RUNS_TOOLCHAIN = [
  "golang.org/x/tools/go/packages",
  "golang.org/x/tools/go/loader",
  "go/build",
];

/**
 * Gives the programs that the sources start to the reader of run-time commands.
 *
 * @returns what cannot be met by any image
 */
export function readProgramStarts(
  sources: readonly SourceFacts[],
  repository: Repository | undefined,
  commands: RunTimeCommandReader,
): Need | undefined {
  for (const { program } of sources) {
    for (const { program: name, script, words, evidence } of program.runsPrograms) {
      const place = { evidence, isSource: true };
      if (name === undefined) commands.computed("a computed name", place);
      else if (!isShellProgram(baseName(name))) commands.program(name, place);
      else if (script === undefined) {
        commands.words([name, ...(words ?? [])], place);
        if (!words || words.length === 0) commands.computed(`what ${name} is given`, place);
      } else commands.shell(script, name, place);
    }
    const toolchain = first(RUNS_TOOLCHAIN.map((path) => program.imports.get(path)));
    if (toolchain)
      return {
        code: "runs-programs",
        data: { programs: "go", image: "a small image" },
        evidence: [toolchain],
      };
    // os/exec without a call that could be read, in which the program starts itself, is not known.
    const exec = program.runsPrograms.length === 0 ? program.imports.get("os/exec") : undefined;
    if (exec && !/\bexec\.Command(?:Context)?\(/.test(repository?.read(exec.path) ?? ""))
      commands.computed("a computed name", { evidence: exec });
  }
  return undefined;
}

function first(found: readonly (Evidence | undefined)[]): Evidence | undefined {
  return found.find((one) => one !== undefined);
}
