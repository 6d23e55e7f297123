/** What the commands that run in the final image need: its start, entry scripts, health checks, and programs that the program starts. */
import type { Instruction } from "../core/line-reader.ts";
import type { Evidence } from "../core/outcome.ts";
import { baseName, isWithin, resolvePath } from "../core/path.ts";
import { kindOf, type Repository } from "../core/repository.ts";
import { quoted } from "../core/shell.ts";
import { interpreterOf, readScript, type ScriptCommand } from "../core/shell-script.ts";
import { programCandidates } from "../core/start.ts";
import type { CopiedFile } from "../core/copied-files.ts";
import type { Need } from "./need.ts";
import type { Requirement } from "./runtime-ladder.ts";
import type { Made } from "./stage-files.ts";
import { providedProgram, type PackagedImage } from "./system-program.ts";
import { SYSTEM_PROGRAMS, type PackageDistribution } from "./system-programs.ts";

/** The image that commands run in, as the stage makes it. Paths are absolute paths in it. */
export interface CommandImage extends PackagedImage {
  readonly made: ReadonlyMap<string, Made>;
  readonly copies: readonly CopiedFile[];
  /** Programs of elsewhere that the build installs, by their path, and where they come from. */
  readonly tools: ReadonlyMap<string, { readonly source: string }>;
  /** Directories that hold sources, where scripts may lie beside them. */
  readonly sourceDirectories: readonly string[];
  /** Whether the stage builds a program, or may build it under a name that is not known. */
  isBuilt(path: string): "yes" | "maybe" | "no";
  textEdited(path: string): boolean;
  repositoryPath(path: string): string | undefined;
  imagePaths(path: string): readonly string[];
}

/** What a toolchain means for commands that run in the final image. */
export interface CommandRules {
  /** Variables of the toolchain, which the final image does not have. */
  readonly variables: ReadonlySet<string>;
  /** Programs of desktops and other systems, which nobody misses. */
  readonly desktopPrograms: ReadonlySet<string>;
  /** Takes a command that the toolchain's own readers follow. */
  take?(name: string, words: readonly (string | undefined)[], place: CommandPlace): boolean;
  /** Why a program can run in no final image: the toolchain itself, builds, reloaders. */
  refusalOf(
    name: string,
    words: readonly (string | undefined)[],
    refusal: string | undefined,
  ): Pick<Need, "code" | "data"> | undefined;
}

/** Where a command stands, for reasons. */
export interface CommandPlace {
  readonly at?: Instruction;
  readonly evidence?: Evidence;
  /** Code of the refusal when the final image does not have what the command is. */
  readonly refusal?: string;
  /** The program's own sources start it. */
  readonly isSource?: boolean;
  /** The script reads other files, which may define functions. */
  readonly mayBeFunction?: boolean;
  /** The absolute directory that it runs in, where that is not the image's own. */
  readonly directory?: string;
}

/** A file that is run or read at run time, by its absolute path in the builder. */
export interface CarriedFile {
  readonly source: string;
  readonly target: string;
  readonly need: Need;
}

/** What was found on the way through run-time commands. */
export interface RunTimeCommands {
  readonly requirements: readonly Requirement[];
  /** Names of programs, as they are started, that nothing but a build of the file can have made; in their order. */
  readonly programs: readonly string[];
  readonly files: readonly CarriedFile[];
  /** Words of scripts that may name files. */
  readonly literals: readonly { readonly value: string; readonly evidence: Evidence | undefined }[];
  /** Files that scripts write. */
  readonly written: readonly string[];
  readonly notes: readonly Need[];
  /** The first thing that no image can run. */
  refusal(): Need | undefined;
  /** A name or script is computed: which programs run cannot be told. */
  readonly isComputed: boolean;
  /** Programs of the system that are run, by their name. */
  readonly systemPrograms: ReadonlySet<string>;
}

/** Collects what commands need. */
export interface RunTimeCommandReader extends RunTimeCommands {
  /** Words that the engine starts without a shell. */
  words(words: readonly string[], place: CommandPlace): void;
  /** Shell text, run by a shell of the image. */
  shell(text: string, shell: string, place: CommandPlace): void;
  /** A program by its name. */
  program(name: string, place: CommandPlace): void;
  /** Which program runs cannot be told. */
  computed(what: string, place: CommandPlace): void;
}

const SHELL = /^(?:\/(?:usr\/)?bin\/)?(?:ba|da|a)?sh$/;
/** Programs that run what their configuration says. */
const SUPERVISORS = new Set(["cron", "crond", "supervisord", "runsvdir", "s6-svscan", "monit"]);
/** Shells at the path, or under the name, that both distributions have them. */
const COMMON_SHELL = /^(?:(?:\/bin\/)?(?:sh|bash|ash)|\/usr\/bin\/env)$/;
/** Scripts that start scripts that start scripts. */
const DEEPEST = 8;

export function readRunTimeCommands(
  builder: CommandImage,
  rules: CommandRules,
  repository: Repository | undefined,
): RunTimeCommandReader {
  const { contract } = builder;
  const distribution: PackageDistribution =
    contract.base?.distribution === "alpine" ? "alpine" : "debian";
  const path = contract.environment.get("PATH")?.value;
  const requirements: Requirement[] = [];
  const programs: string[] = [];
  const files = new Map<string, CarriedFile>();
  const literals: { value: string; evidence: Evidence | undefined }[] = [];
  const written: string[] = [];
  const notes: Need[] = [];
  const systemPrograms = new Set<string>();
  const seen = new Set<string>();
  let refusal: Need | undefined;
  let isComputed = false;
  let depth = 0;

  return {
    requirements,
    programs,
    literals,
    written,
    notes,
    systemPrograms,
    get files() {
      return [...files.values()];
    },
    refusal: () => refusal,
    get isComputed() {
      return isComputed;
    },
    words(words, place) {
      // Without a shell the first word is a program, whatever is in it.
      const [first = "", ...rest] = words;
      const program = first.includes("=") ? `'${first.replaceAll("'", "")}'` : wordText(first);
      runScript([program, ...rest.map(wordText)].join(" "), [], place);
    },
    shell(text, shell, place) {
      requireShell(shell, place);
      if (usesToolchain(text))
        refuse({
          code: "needs-shell",
          ...places(place),
          data: { why: "it uses a variable of the toolchain" },
        });
      runScript(text, [], place);
    },
    program: (name, place) => command(name, [], place, false),
    computed: (what, place) => computed(what, place),
  };

  function refuse(need: Need): void {
    refusal ??= need;
  }

  function places({ at, evidence }: CommandPlace): Pick<Need, "at" | "evidence"> {
    return { ...(at ? { at } : {}), ...(evidence ? { evidence: [evidence] } : {}) };
  }

  function requireShell(shell: string, place: CommandPlace): void {
    const name = baseName(shell);
    if (!COMMON_SHELL.test(shell) && distribution === "debian" && !seen.has(shell)) {
      seen.add(shell);
      requireOwn("program-provided", { program: shell }, place);
    }
    if (name === "bash") command("bash", [], place, false);
    else if (seen.has("sh")) return;
    seen.add("sh");
    requirements.push({
      code: "shell-kept",
      refusal: place.refusal ?? "needs-shell",
      ...places(place),
      data: { program: "sh", programs: "sh", why: "it is shell code" },
      packages: { alpine: [], debian: [] },
      isOwn: false,
    });
  }

  function usesToolchain(text: string): boolean {
    return [...rules.variables].some((name) => {
      const setting = contract.environment.get(name);
      return setting !== undefined && new RegExp(`\\$\\{?${name}\\b`).test(text);
    });
  }

  function computed(what: string, place: CommandPlace): void {
    if (!isComputed)
      requirements.push({
        code: "programs-assumed",
        refusal: place.refusal ?? "runs-programs",
        ...places(place),
        data: { programs: what, program: what, why: `it runs ${what}` },
        packages: { alpine: [], debian: [] },
        isOwn: true,
      });
    isComputed = true;
  }

  /**
   * @param passed what the script gets as its arguments
   * @param file the script's absolute path
   */
  function runScript(
    text: string,
    passed: readonly (string | undefined)[],
    place: CommandPlace,
    file?: string,
  ): void {
    const directory = place.directory ?? contract.workingDirectory;
    const script = readScript(text, { directory, ...(file === undefined ? {} : { script: file }) });
    if (script.kind === "opaque") {
      refuse({
        code: "start-is-script",
        ...places(place),
        data: { program: "shell code", why: script.why },
      });
      return;
    }
    const { evidence } = place;
    literals.push(...script.literals.map((value) => ({ value, evidence })));
    written.push(...script.written.filter((path) => path !== undefined));
    // What a sourced file defines is a function, not a program.
    const here = script.sourced.length > 0 ? { ...place, mayBeFunction: true } : place;
    for (const one of script.commands) scriptCommand(one, here);
    for (const name of script.sourced) source(name, passed, place);
    if (script.runsArguments && passed.length > 0) {
      // A script may take words of its own off first: `wait-for.sh db:5432 -- ./server`.
      const first = passed.findIndex((word) => word !== undefined && isOfTheImage(word));
      const { argumentsDirectory } = script;
      runScript(passed.slice(Math.max(0, first)).map(wordText).join(" "), [], {
        ...place,
        ...(argumentsDirectory === undefined ? {} : { directory: argumentsDirectory }),
      });
    }
  }

  function scriptCommand(one: ScriptCommand, place: CommandPlace): void {
    const evidence = place.evidence
      ? {
          path: place.evidence.path,
          line: (place.evidence.line ?? 1) + one.line - 1,
          text: one.text.slice(0, 160),
        }
      : undefined;
    const here = {
      ...place,
      ...(evidence ? { evidence } : {}),
      ...(one.directory === undefined ? {} : { directory: one.directory }),
    };
    // A directory that is gone into must be there.
    if (one.directory !== undefined && one.directory !== contract.workingDirectory)
      literals.push({ value: one.directory, evidence });
    const isRelative = one.program !== undefined && /^[^/]+\//.test(one.program);
    if (isRelative && one.directory === undefined)
      refuse({
        code: "start-is-script",
        ...places(here),
        data: { program: one.program!, why: "the directory that it runs in is not known" },
      });
    if (one.program === undefined) computed(one.text.slice(0, 40), here);
    else command(one.program, one.words, here, one.isProbe);
  }

  function source(
    name: string | undefined,
    passed: readonly (string | undefined)[],
    place: CommandPlace,
  ): void {
    if (name === undefined) {
      computed("a sourced file", place);
      return;
    }
    const target = resolvePath(contract.workingDirectory, name);
    if (target === undefined) return;
    const text = copiedText(target);
    if (text === undefined && /^\/(?:etc|usr)\//.test(target) && !builder.made.has(target)) return;
    carry(target, target, place);
    if (text === undefined) computed(`the sourced file ${name}`, place);
    else nested(target, () => runScript(text, passed, place));
  }

  function nested(key: string, walk: () => void): void {
    if (depth >= DEEPEST || seen.has(key)) return;
    seen.add(key);
    depth++;
    walk();
    depth--;
  }

  function command(
    name: string,
    words: readonly (string | undefined)[],
    place: CommandPlace,
    isProbe: boolean,
  ): void {
    if (rules.take?.(name, words, place)) return;
    const base = baseName(name);
    const directory = place.directory ?? contract.workingDirectory;
    const candidates = programCandidates(name, directory, path);
    // As it is seen from the image's own directory.
    const seenPath =
      directory === contract.workingDirectory || !name.includes("/")
        ? name
        : (resolvePath(directory, name) ?? name);
    if (candidates.some(isBuilt)) {
      programs.push(seenPath);
      return;
    }
    if (!name.includes("/") && toolchainRefusal(base, words, place)) return;
    for (const candidate of candidates) {
      const tool = builder.tools.get(candidate);
      if (tool) {
        const target = name.includes("/") ? candidate : `/usr/local/bin/${base}`;
        carry(candidate, target, place);
        requireOwn("tool-kept", { program: base, source: tool.source }, place);
        return;
      }
      if (copiedFile(candidate) !== undefined) {
        copiedProgram(candidate, words, place);
        return;
      }
      const unpacked = [...builder.made].find(
        ([path, { kind, isDownload }]) =>
          kind === "directory" && isDownload && isWithin(candidate, path),
      );
      if (unpacked && !Object.hasOwn(SYSTEM_PROGRAMS, base)) {
        requireOwn("tool-kept", { program: base, source: "a download" }, place);
        return;
      }
      const made = builder.made.get(candidate);
      if (made?.kind === "file") {
        carry(candidate, candidate, place);
        if (made.isDownload)
          requireOwn("tool-kept", { program: base, source: "a download" }, place);
        else computed(base, place);
        return;
      }
    }
    if (place.isSource && name.includes("/") && repositoryScript(base) !== undefined) {
      refuse({
        code: "runs-programs",
        data: { programs: name, image: "the final image" },
        evidence: [...(place.evidence ? [place.evidence] : []), { path: repositoryScript(base)! }],
      });
      return;
    }
    if (name.includes("/") && !/^\/(?:usr\/(?:local\/)?)?s?bin\//.test(name)) {
      programs.push(seenPath);
      return;
    }
    systemProgram(name, words, place, isProbe);
  }

  function isBuilt(candidate: string): boolean {
    const built = builder.isBuilt(candidate);
    if (built !== "maybe") return built === "yes";
    return !(
      builder.made.has(candidate) ||
      copiedFile(candidate) !== undefined ||
      Object.hasOwn(SYSTEM_PROGRAMS, baseName(candidate))
    );
  }

  /** Whether a word names a program that the file builds, copies or fetches, or one of the system. */
  function isOfTheImage(name: string): boolean {
    return (
      providedProgram(name, builder, distribution) !== undefined ||
      programCandidates(name, contract.workingDirectory, path).some(
        (candidate) =>
          isBuilt(candidate) ||
          builder.tools.has(candidate) ||
          copiedFile(candidate) !== undefined ||
          builder.made.get(candidate)?.kind === "file",
      )
    );
  }

  function systemProgram(
    written: string,
    words: readonly (string | undefined)[],
    place: CommandPlace,
    isProbe: boolean,
  ): void {
    const name = baseName(written);
    if (toolchainRefusal(name, words, place)) return;
    const provided = providedProgram(written, builder, distribution);
    if (!provided) {
      const script = repositoryScript(name);
      if (script !== undefined)
        refuse({
          code: "runs-programs",
          data: { programs: name, image: "the final image" },
          evidence: [...(place.evidence ? [place.evidence] : []), { path: script }],
        });
      const isSure =
        (place.mayBeFunction === true && !written.includes("/")) ||
        isProbe ||
        rules.desktopPrograms.has(name) ||
        seen.has(`absent ${name}`);
      seen.add(`absent ${name}`);
      // A bare name that is no program of a distribution may be one that a build of the file makes.
      if (!Object.hasOwn(SYSTEM_PROGRAMS, name)) programs.push(name);
      if (!isSure)
        notes.push({ code: "program-absent", ...places(place), data: { program: name } });
      return;
    }
    if (SHELL.test(name)) {
      const script = words.findIndex((word) => word === undefined || !/^[-+]/.test(word));
      const isText = words.some((word, index) => index < script && /^-\w*c/.test(word ?? ""));
      const file = words[script];
      if (script >= 0 && !isText && file !== undefined)
        scriptFile(file, words.slice(script + 1), name, place);
      else if (script >= 0 && !isText) computed(`a script of ${name}`, place);
      if (name !== "bash") {
        requireShell(written, place);
        return;
      }
    }
    systemPrograms.add(name);
    if (SUPERVISORS.has(name)) computed(`what ${name} runs`, place);
    if (seen.has(`program ${written}`)) return;
    seen.add(`program ${written}`);
    requirements.push({
      code: "program-provided",
      refusal: place.refusal ?? "runs-programs",
      ...places(place),
      data: { program: name, programs: name, why: `it runs ${name}` },
      ...provided,
      isOwn: false,
    });
  }

  /** A program of the repository's own that PATH leads to at run time, in a way that was not followed. */
  function repositoryScript(name: string): string | undefined {
    const contexts = new Set(
      ["/", contract.workingDirectory ?? "/", ...builder.sourceDirectories].map((directory) =>
        builder.repositoryPath(directory),
      ),
    );
    return [...contexts]
      .flatMap((context) =>
        context === undefined
          ? []
          : ["", "bin/", "scripts/", "script/", "tools/"].map(
              (inner) => `${context === "" ? "" : `${context}/`}${inner}${name}`,
            ),
      )
      .find((path) => repository && kindOf(repository, path) === "file");
  }

  function toolchainRefusal(
    name: string,
    words: readonly (string | undefined)[],
    place: CommandPlace,
  ): boolean {
    const refusal = rules.refusalOf(name, words, place.refusal);
    if (!refusal) return false;
    refuse({ ...refusal, ...places(place) });
    return true;
  }

  /** A script or a finished program that COPY brought. */
  function copiedProgram(
    target: string,
    words: readonly (string | undefined)[],
    place: CommandPlace,
  ): void {
    carry(target, target, place);
    const file = copiedFile(target)!;
    const text = copiedText(target);
    if (text === undefined) {
      if (repository) requireOwn("tool-kept", { program: baseName(target), source: file }, place);
      else
        refuse({
          code: "start-is-script",
          ...places(place),
          data: { program: target, why: "it is not there to be read" },
        });
      return;
    }
    const interpreter = interpreterOf(text);
    const program = interpreter?.program ?? "sh";
    const evidence: Evidence = { path: file, line: 1, text: text.split("\n", 1)[0]!.slice(0, 160) };
    const here = { ...place, evidence };
    if (!SHELL.test(program)) {
      command(program, [], here, false);
      return;
    }
    runFile(target, text, program, words, here);
  }

  /** `sh FILE …`: the file's first line does not count. */
  function scriptFile(
    name: string,
    words: readonly (string | undefined)[],
    shell: string,
    place: CommandPlace,
  ): void {
    const target = resolvePath(place.directory ?? contract.workingDirectory, name);
    const file = target === undefined ? undefined : copiedFile(target);
    if (target === undefined || file === undefined) {
      const isMade = target !== undefined && builder.made.get(target)?.kind === "file";
      if (isMade) carry(target, target, place);
      computed(`the script ${name}`, place);
      return;
    }
    carry(target, target, place);
    const text = repository?.read(file);
    if (text === undefined)
      refuse({
        code: "start-is-script",
        ...places(place),
        data: { program: name, why: "it is not there to be read" },
      });
    else
      runFile(target, text, shell, words, {
        ...place,
        evidence: { path: file, line: 1, text: text.split("\n", 1)[0]!.slice(0, 160) },
      });
  }

  function runFile(
    target: string,
    text: string,
    shell: string,
    words: readonly (string | undefined)[],
    place: CommandPlace,
  ): void {
    nested(target, () => {
      requireShell(shell, place);
      const body = builder.textEdited(target) ? text.replaceAll("\r\n", "\n") : text;
      if (usesToolchain(body))
        refuse({
          code: "needs-shell",
          ...places(place),
          data: { why: "it uses a variable of the toolchain" },
        });
      runScript(body, words, place, target);
    });
  }

  /** The repository's file that lies at an absolute path of the image. */
  function copiedFile(target: string): string | undefined {
    const file = builder.repositoryPath(target);
    if (file === undefined) return undefined;
    if (!repository)
      return builder.copies.some((copy) => copy.target === target) ? file : undefined;
    return kindOf(repository, file) === "file" && builder.imagePaths(file).includes(target)
      ? file
      : undefined;
  }

  function copiedText(target: string): string | undefined {
    const file = copiedFile(target);
    return file === undefined ? undefined : repository?.read(file);
  }

  function carry(source: string, target: string, place: CommandPlace): void {
    if (files.has(source)) return;
    const need = { code: "files-copied", ...places(place), data: { path: target } };
    files.set(source, { source, target, need });
  }

  /** A program of which nothing is known but that it runs on the builder's distribution. */
  function requireOwn(
    code: string,
    data: Readonly<Record<string, string>>,
    place: CommandPlace,
  ): void {
    requirements.push({
      code,
      refusal: place.refusal ?? "runs-programs",
      ...places(place),
      data: { ...data, programs: data["program"] ?? "", why: `it runs ${data["program"]}` },
      packages: { alpine: [], debian: [] },
      isOwn: true,
    });
  }
}

/** A word that is not known stays so. */
function wordText(word: string | undefined): string {
  return word === undefined ? '"$msb_unknown"' : quoted(word);
}
