import { shellBuilds, type NamedBuild } from "./build-commands.ts";
import { bakeJsonBuilds, ciBuilds, skaffoldBuilds } from "./ci-files.ts";
import { pathIn, valueSetIn, withKnownDirectories } from "./loose-shell.ts";

/** A kind of file, beside compose files, that says how images are built. */
export interface BuildFile {
  readonly name: RegExp;
  /** It only counts in these directories. */
  readonly directory?: RegExp;
  /** Its commands run in the repository's root as a rule, whatever directory it stands in. */
  readonly isRunFromRoot: boolean;
  /** What it says, when its commands run in `directory` and it stands in `fileDirectory`. */
  readonly read: (text: string, directory: string, fileDirectory: string) => readonly NamedBuild[];
}

export const BUILD_FILES: readonly BuildFile[] = [
  { name: /^(?:GNUm|M|m)akefile$/, isRunFromRoot: false, read: makefileBuilds },
  { name: /\.mk$/, isRunFromRoot: true, read: makefileBuilds },
  { name: /\.(?:sh|bash)$/, isRunFromRoot: true, read: scriptBuilds },
  {
    name: /^(?:build|docker|image|publish|release)[\w-]*$/,
    directory: /^(?:script|scripts|bin|hack|ci)$/,
    isRunFromRoot: true,
    read: scriptBuilds,
  },
  { name: /^Jenkinsfile/, isRunFromRoot: true, read: jenkinsBuilds },
  { name: /^docker-bake(?:\.[\w-]+)?\.hcl$/, isRunFromRoot: false, read: bakeBuilds },
  { name: /^docker-bake(?:\.[\w-]+)?\.json$/, isRunFromRoot: false, read: bakeJsonBuilds },
  { name: /^package\.json$/, isRunFromRoot: false, read: packageBuilds },
  { name: /^skaffold[\w.-]*\.ya?ml$/, isRunFromRoot: false, read: skaffoldBuilds },
  { name: /^[Tt]askfile(?:\.dist)?\.ya?ml$/, isRunFromRoot: false, read: ciBuilds },
  {
    name: /^(?:\.?(?:gitlab-ci|travis|drone|woodpecker|appveyor|semaphore)|(?:azure-pipelines|cloudbuild|bitbucket-pipelines|buildspec)[\w.-]*)\.ya?ml$/,
    isRunFromRoot: true,
    read: ciBuilds,
  },
  {
    name: /\.ya?ml$/,
    directory: /^(?:\.github\/workflows|\.circleci|\.woodpecker|\.buildkite|\.semaphore)$/,
    isRunFromRoot: true,
    read: ciBuilds,
  },
];

/** In UTF-16 units. */
const LONGEST_BLOCK = 20_000;

/** What no file that says something of builds is without. */
export const MENTIONS_BUILD = /docker|podman|buildah|nerdctl|kaniko/i;

function scriptBuilds(text: string, directory: string, fileDirectory: string): NamedBuild[] {
  return shellBuilds([{ text, line: 1 }], { directory, fileDirectory });
}

/** Source: https://www.gnu.org/software/make/manual/make.html#Setting */
function makefileBuilds(text: string, directory: string, fileDirectory: string): NamedBuild[] {
  const variables = new Map<string, string>();
  const known = withKnownDirectories(text, fileDirectory);
  for (const [, name, value] of known.matchAll(
    /^(?:export +)?([A-Za-z_][\w.]*)[ \t]*[:?]{0,2}=[ \t]*([^#\r\n]*)/gm,
  )) {
    const expanded = value!.replace(
      /\$[({]([\w.]+)[)}]/g,
      (written, inner: string) => variables.get(inner) ?? written,
    );
    if (!variables.has(name!)) variables.set(name!, valueSetIn(directory, expanded.trim()));
  }
  for (const [name, value] of variables) if (value.includes("$")) variables.delete(name);
  return shellBuilds([{ text: known, line: 1 }], {
    directory,
    fileDirectory,
    isLineByLine: true,
    variables,
  });
}

/** Source: https://www.jenkins.io/doc/book/pipeline/docker/#building-containers */
function jenkinsBuilds(text: string, directory: string, fileDirectory: string): NamedBuild[] {
  const script = text.replace(
    /\bdocker\.build\(([^,()]{0,200})(?:,\s*(["'])(.{0,500}?)\2)?\s*\)/g,
    (_all, _image, _quote, words?: string) => `; docker build ${words ?? "."} ;`,
  );
  return scriptBuilds(withSubshells(script), directory, fileDirectory);
}

/** `dir('api') { … }` is what `(cd api; …)` is to a shell. Source: https://www.jenkins.io/doc/pipeline/steps/ */
function withSubshells(script: string): string {
  const characters = script.split("");
  for (const match of script.matchAll(/\bdir\s*\(\s*["']([\w./-]+)["']\s*\)\s*\{/g)) {
    const open = match.index + match[0].length - 1;
    let depth = 0;
    let close = open;
    const last = Math.min(script.length, open + LONGEST_BLOCK);
    for (; close < last; close++) {
      if (script[close] === "{") depth++;
      else if (script[close] === "}" && --depth === 0) break;
    }
    for (let at = match.index; at <= open; at++) if (characters[at] !== "\n") characters[at] = "";
    characters[match.index] = `(cd ${match[1]};`;
    if (close < last) characters[close] = ")";
  }
  return characters.join("");
}

/** Source: https://docs.docker.com/build/bake/reference/#target */
function bakeBuilds(text: string, directory: string): NamedBuild[] {
  const found: NamedBuild[] = [];
  for (const match of text.matchAll(
    /^[ \t]*target[ \t]+"[^"]*"[ \t]*\{([^]{0,5000}?)^[ \t]*\}/gm,
  )) {
    const block = match[1]!;
    const valueOf = (key: string): string | undefined =>
      new RegExp(`^[ \\t]*${key}[ \\t]*=[ \\t]*"([^"]*)"`, "m").exec(block)?.[1];
    // What it inherits is not looked up.
    if (/^[ \t]*(?:dockerfile-inline|context[ \t]*=[ \t]*[^" \t])/m.test(block)) continue;
    const written = valueOf("context") ?? (/^[ \t]*inherits\b/m.test(block) ? undefined : ".");
    const context = written === undefined ? undefined : pathIn(directory, written);
    const file =
      context === undefined ? undefined : pathIn(context, valueOf("dockerfile") ?? "Dockerfile");
    if (context === undefined || file === undefined || `${context}${file}`.includes("$")) continue;
    found.push({ context, dockerfiles: [file], line: lineOf(text, match.index) });
  }
  return found;
}

function packageBuilds(text: string, directory: string, fileDirectory: string): NamedBuild[] {
  let scripts: unknown;
  try {
    scripts = (JSON.parse(text) as { readonly scripts?: unknown } | null)?.scripts;
  } catch {
    return [];
  }
  return Object.entries(scripts ?? {}).flatMap(([name, script]: [string, unknown]) => {
    if (typeof script !== "string" || !MENTIONS_BUILD.test(script)) return [];
    const line = lineOf(text, Math.max(text.indexOf(`${JSON.stringify(name)}:`), 0));
    return shellBuilds([{ text: script.replace(/\n/g, " "), line }], { directory, fileDirectory });
  });
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}
