import { baseName } from "../core/path.ts";
import type { ServerPlace, StaticServer } from "./static-site.ts";
import { refusedOption } from "./static-servers/answers.ts";
import { readOptions } from "./static-servers/command-words.ts";
import { serverRules } from "./static-servers/server-rules.ts";
import type { ServerRule } from "./static-servers/server-rule.ts";
import { mayHoldModuleFiles } from "./static-servers/module-files.ts";
import { readVersion } from "./static-servers/version.ts";

/**
 * What site a command serves.
 *
 * @param words the command with npm's scripts, npx and the like taken away, and with variables put in where a shell does so
 * @returns `undefined` when it is no server of files
 * @example readStaticServer(["serve", "-s", "build"], place)
 */
export function readStaticServer(
  words: readonly string[],
  place: ServerPlace,
): StaticServer | undefined {
  const [program, version, rest] = programOf(words);
  const ruled = serverRules.flatMap((rule) => {
    if (!rule.programs.includes(program)) return [];
    const own = readVersion(version ?? place.versionOf(rule.packageName));
    if (rule.isFor && !rule.isFor(own)) return [];
    const after = afterCommand(rule, rest);
    return after === undefined ? [] : [{ rule, version: own, after }];
  })[0];
  if (!ruled) return undefined;
  const { rule, after } = ruled;
  // What a variable holds is known to whoever runs it, and not here.
  const unknown = after.find((word) => word.includes("$"));
  if (unknown !== undefined) return refusedOption(rule.server, unknown);
  const { settings, positionals, refused } = readOptions(after, rule);
  if (refused !== undefined) return refusedOption(rule.server, refused);
  const read = rule.read({
    server: rule.server,
    version: ruled.version,
    place,
    settings,
    positionals,
  });
  return read.kind === "site"
    ? { kind: "site", site: { ...read.site, hasModuleFiles: mayHoldModuleFiles(place) } }
    : read;
}

/** The program's own files, where it is started by one of them. */
const programFiles: Readonly<Record<string, string>> = {
  "serve/build/main.js": "serve",
  "sirv-cli/bin.js": "sirv",
};

/** `node_modules/.bin/serve`, `serve@13`, `node node_modules/vite/bin/vite.js` → the program, its version, what follows. */
function programOf(
  words: readonly string[],
): readonly [program: string, version: string | undefined, rest: readonly string[]] {
  const isScript =
    /(?:^|\/)node(?:js)?$/.test(words[0] ?? "") && /(?:^|\/)node_modules\//.test(words[1] ?? "");
  const word = words[isScript ? 1 : 0] ?? "";
  const rest = words.slice(isScript ? 2 : 1);
  const file = Object.entries(programFiles).find(([path]) => word.endsWith(`/${path}`));
  const [, name, version] = /^(@?[^@]+)(?:@(.+))?$/.exec(word) ?? [];
  // A package of another name than its program: `@angular/cli` is `ng`.
  const known = serverRules.find(({ packageName }) => packageName === name)?.programs[0];
  return [file?.[1] ?? known ?? baseName(name ?? "").replace(/\.[cm]?js$/, ""), version, rest];
}

/** The words behind the server's command, `undefined` when another is given. */
function afterCommand(
  { commands, otherCommands }: ServerRule,
  words: readonly string[],
): readonly string[] | undefined {
  if (!commands) return words;
  const first = words[0];
  if (first !== undefined && first !== "" && commands.includes(first)) return words.slice(1);
  const isNone =
    first === undefined || first.startsWith("-") || otherCommands?.includes(first) === false;
  return isNone && commands.includes("") ? words : undefined;
}
