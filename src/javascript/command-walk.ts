import type { Evidence } from "../core/outcome.ts";
import { directoryName, resolvePath } from "../core/path.ts";
import { readShell } from "../core/shell.ts";
import type { Lookup } from "../core/words.ts";
import type { PackageManifest } from "../repo/package-manifest.ts";
import { unwrapCommand } from "./command-wrappers.ts";
import { managerCommand, type Manager } from "./package-managers.ts";

/** A command as it runs in the end, behind npm scripts and programs that only run another one. */
export interface LeafCommand {
  /** A word that cannot be told stands as it is written. */
  readonly words: readonly string[];
  readonly hasUnknownWords: boolean;
  readonly assignments: ReadonlyMap<string, string | undefined>;
  /** Absolute path in the image. */
  readonly directory: string | undefined;
  /** The package whose scripts led here. */
  readonly manifest: PackageManifest | undefined;
  readonly evidence: Evidence | undefined;
  /** It may not run, or runs beside others. */
  readonly isConditional: boolean;
  /** npx and the like run it: it is a package's program, which is fetched where it is not installed. */
  readonly isOfPackage: boolean;
}

export interface WalkedCommand {
  readonly leaves: readonly LeafCommand[];
  /** Programs on the way that must be there to get to the leaves: `npm`, `yarn`, `cross-env`, `concurrently`. */
  readonly runners: readonly string[];
  /** What could not be followed. */
  readonly open: readonly { readonly why: string; readonly evidence: Evidence | undefined }[];
}

/** A command to follow. */
export interface GivenCommand {
  readonly words: readonly string[];
  readonly hasUnknownWords?: boolean;
  readonly assignments?: ReadonlyMap<string, string | undefined>;
  readonly directory: string | undefined;
  readonly isConditional?: boolean;
  readonly isOfPackage?: boolean;
  readonly evidence?: Evidence | undefined;
}

/** What the image says of variables, and the package of a directory in it. */
export interface WalkSurroundings {
  readonly lookup: Lookup;
  readonly manifestOf: (directory: string) => PackageManifest | undefined;
  /** The text of a file, by its absolute path in the image. */
  readonly readText: (path: string) => string | undefined;
}

/** Scripts that run scripts that run scripts. */
const DEEPEST = 12;

/**
 * Follows commands through scripts of package.json with their `pre` and `post` hooks, npx, cross-env, concurrently and the
 * like.
 *
 * Source: https://docs.npmjs.com/cli/v10/using-npm/scripts#pre--post-scripts
 * @example walkCommands([{ words: ["npm", "start"], directory: "/app" }], surroundings).leaves // node server.js
 */
export function walkCommands(
  given: readonly GivenCommand[],
  { lookup, manifestOf, readText }: WalkSurroundings,
): WalkedCommand {
  const leaves: LeafCommand[] = [];
  const runners = new Set<string>();
  const open: { why: string; evidence: Evidence | undefined }[] = [];
  for (const command of given) follow(command, undefined, 0);
  return { leaves, runners: [...runners], open };

  function follow(
    command: GivenCommand,
    manifest: PackageManifest | undefined,
    depth: number,
  ): void {
    const { words, evidence, directory } = command;
    if (words.length === 0) return;
    if (depth > DEEPEST) {
      open.push({ why: "scripts run each other", evidence });
      return;
    }
    const managed = managerCommand(words);
    if (managed?.kind === "script") {
      if (managed.isElsewhere) {
        runners.add(words[0]!);
        open.push({
          why: `${words.slice(0, 4).join(" ")} runs in packages of a workspace`,
          evidence,
        });
        return;
      }
      const place =
        managed.directory === undefined ? directory : resolvePath(directory, managed.directory);
      const owner = place === undefined ? undefined : manifestOf(place);
      const script = owner?.scripts.get(managed.name);
      if (owner && script) {
        runners.add(words[0]!);
        followScript(command, owner, managed, packageDirectory(place!, manifestOf), depth);
        return;
      }
      if (managed.mayBeProgram && (owner === undefined || managed.manager !== "npm")) {
        runners.add(words[0]!);
        if (owner)
          follow(
            { ...command, words: [managed.name, ...managed.words], isOfPackage: true },
            owner,
            depth + 1,
          );
        else open.push({ why: `${words.slice(0, 3).join(" ")} has no package.json`, evidence });
        return;
      }
      // npm's `start` without a script runs `node server.js`.
      if (owner && managed.name === "start" && managed.manager === "npm") {
        runners.add(words[0]!);
        leaf({ ...command, words: ["node", "server.js"], directory: place }, owner);
        return;
      }
      runners.add(words[0]!);
      if (!managed.isOptional)
        open.push({
          why: owner
            ? `package.json has no script ${managed.name}`
            : "package.json is not there to be read",
          evidence: owner ? { path: owner.path } : evidence,
        });
      return;
    }
    if (managed?.kind === "program") {
      runners.add(words[0]!);
      if (managed.isElsewhere) open.push({ why: "it runs in packages of a workspace", evidence });
      else
        follow(
          { ...command, words: managed.words, isOfPackage: true },
          manifest ?? ownerOf(directory),
          depth + 1,
        );
      return;
    }
    const owner = manifest ?? ownerOf(directory);
    const wrapped = managed
      ? undefined
      : unwrapCommand(words, {
          scripts: owner?.scripts.keys() ?? [],
          readText: (path) => {
            const absolute = resolvePath(directory, path);
            return absolute === undefined ? undefined : readText(absolute);
          },
        });
    switch (wrapped?.kind) {
      case "command":
        runners.add(words[0]!);
        follow(
          {
            ...command,
            words: wrapped.words,
            assignments: new Map([...(command.assignments ?? []), ...wrapped.assignments]),
          },
          manifest,
          depth + 1,
        );
        return;
      case "texts":
        runners.add(words[0]!);
        for (const text of wrapped.texts) shell(text, command, manifest, depth + 1);
        return;
      case "scripts": {
        runners.add(words[0]!);
        for (const name of wrapped.scripts)
          follow({ ...command, words: ["npm", "run", name] }, owner, depth + 1);
        return;
      }
      case "open":
        runners.add(words[0]!);
        open.push({ why: wrapped.why, evidence });
        return;
      case undefined:
        leaf(command, manifest ?? ownerOf(directory));
    }
  }

  function followScript(
    command: GivenCommand,
    owner: PackageManifest,
    { name, words, manager }: { name: string; words: readonly string[]; manager: Manager },
    directory: string,
    depth: number,
  ): void {
    for (const part of [`pre${name}`, name, `post${name}`]) {
      const script = owner.scripts.get(part);
      if (!script) continue;
      const rest = part === name ? words.map(shellWord).join(" ") : "";
      const evidence = {
        path: owner.path,
        line: script.line,
        text: `${part}: ${script.text}`.slice(0, 160),
      };
      runners.add(manager);
      shell(
        rest === "" ? script.text : `${script.text} ${rest}`,
        { ...command, directory, evidence },
        owner,
        depth + 1,
      );
    }
  }

  function shell(
    text: string,
    around: GivenCommand,
    manifest: PackageManifest | undefined,
    depth: number,
  ): void {
    const { evidence, directory, isConditional = false } = around;
    const body = readShell(text, directory, (name) =>
      around.assignments?.has(name) ? around.assignments.get(name) : lookup(name),
    );
    if (body.kind === "opaque") {
      open.push({ why: body.why, evidence });
      return;
    }
    for (const inner of body.commands) {
      if (inner.words.length === 0) continue;
      follow(
        {
          words: inner.words.map(({ value, text: written }) => value ?? written),
          hasUnknownWords: inner.words.some(({ value }) => value === undefined),
          assignments: new Map([
            ...(around.assignments ?? []),
            ...inner.exported,
            ...inner.assignments.map(({ name, value }) => [name, value] as const),
          ]),
          directory: inner.directory,
          isConditional: isConditional || inner.conditional,
          evidence,
        },
        manifest,
        depth,
      );
    }
  }

  function leaf(command: GivenCommand, manifest: PackageManifest | undefined): void {
    leaves.push({
      words: command.words,
      hasUnknownWords: command.hasUnknownWords === true,
      assignments: command.assignments ?? new Map(),
      directory: command.directory,
      manifest,
      evidence: command.evidence,
      isConditional: command.isConditional === true,
      isOfPackage: command.isOfPackage === true,
    });
  }

  function ownerOf(directory: string | undefined): PackageManifest | undefined {
    return directory === undefined ? undefined : manifestOf(directory);
  }
}

/**
 * The directory that the package.json of a directory lies in: there, or above. Scripts run in it.
 *
 * @param directory absolute path in the image
 */
export function packageDirectory(
  directory: string,
  manifestOf: WalkSurroundings["manifestOf"],
): string {
  const manifest = manifestOf(directory);
  let at = directory;
  while (manifest && at !== "/" && manifestOf(directoryName(at)) === manifest)
    at = directoryName(at);
  return at;
}

function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A command as a reason shows it. */
export function commandText({ words }: Pick<LeafCommand, "words">): string {
  const text = words.join(" ");
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`;
}
