import { baseName } from "../core/path.ts";
import { frontEndCommand } from "./front-end-commands.ts";
import { fileIn, type FrontEndPlace } from "./front-end-place.ts";
import type { JavaScriptValue, Place } from "./javascript-values.ts";
import { beside } from "./package-manifest.ts";

/**
 * Variables that a front end's tool reads: those of its environment, those that the script which runs it sets, those of `.env`
 * files. Sources: https://create-react-app.dev/docs/adding-custom-environment-variables/,
 * https://cli.vuejs.org/guide/mode-and-env.html, https://nextjs.org/docs/app/guides/environment-variables
 */

/** Tools that put what is in `.env` files into the environment before they read their configuration. */
const FILE_READERS =
  /^(?:react-scripts|craco|react-app-rewired|rescripts|vue-cli|next|nuxt|rsbuild|umi|ice|expo)$/;

/** The files that are read for a mode; what stands in an earlier one counts. */
function environmentFiles(mode: string): readonly string[] {
  return [`.env.${mode}.local`, ".env.local", `.env.${mode}`, ".env"];
}

/**
 * The value of a variable; `undefined` when it is set nowhere that can be seen, `unknown` when it is set to something that
 * cannot be told.
 */
export function variableSetting(
  place: FrontEndPlace,
  name: string,
  mode: string,
): JavaScriptValue | undefined {
  const top: Place = { file: place.manifest.path, line: 1, source: name };
  const given = place.variable(name);
  const found =
    scriptSetting(place, name) ??
    (typeof given === "string" ? ({ ...top, kind: "text", text: given } as const) : undefined) ??
    (FILE_READERS.test(place.command.tool.framework) ? fileSetting(place, name, mode) : undefined);
  return found?.kind === "text" && found.text === "" ? undefined : found;
}

/** What `process.env` has for a configuration file. */
export function configurationVariable(
  place: FrontEndPlace,
  name: string,
  mode: string,
): string | null | undefined {
  const setting = variableSetting(place, name, mode);
  if (setting === undefined) return place.variable(name) === null ? null : undefined;
  return setting.kind === "text" ? setting.text : undefined;
}

/** What the scripts that run the same tool set the variable to: `cross-env NODE_ENV=production webpack`. */
function scriptSetting(place: FrontEndPlace, name: string): JavaScriptValue | undefined {
  const { manifest } = place;
  const found = [...manifest.scripts.values()].flatMap(({ text, line }) => {
    const value = assignedIn(text, name, place);
    return value === undefined ? [] : [{ ...value, line, text }];
  });
  const first = found.find(({ value }) => value !== undefined);
  if (!first) return undefined;
  const at: Place = { file: manifest.path, line: first.line, source: first.text };
  const isSame = found.every(({ value }) => value === first.value) && !/[$`]/.test(first.value!);
  return isSame ? { ...at, kind: "text", text: first.value! } : { ...at, kind: "unknown" };
}

/** The assignment that holds where a script runs the tool; `undefined` when it does not run it. */
function assignedIn(
  script: string,
  name: string,
  { command }: FrontEndPlace,
): { readonly value: string | undefined } | undefined {
  let value: string | undefined;
  for (const part of script.split(/&&|\|\||[;&|]/)) {
    const words = (part.match(/(?:"[^"]*"|'[^']*'|\\.|[^\s"'])+/g) ?? []).map((word) =>
      word.replace(/["']/g, ""),
    );
    const at = words.findIndex((word) => command.tool.programs.includes(baseName(word)));
    // What is set in front of another program, or by `set` in a POSIX shell, is not there any more.
    const isKept = words[0] === "export" || (at >= 0 && words[0] !== "set");
    const assignment = isKept
      ? words.slice(0, at < 0 ? words.length : at).findLast((word) => word.startsWith(`${name}=`))
      : undefined;
    if (assignment !== undefined) value = assignment.slice(name.length + 1);
    if (at >= 0 && frontEndCommand(words.slice(at))?.kind === command.kind) return { value };
  }
  return undefined;
}

function fileSetting(
  { repository, directory, ...rest }: FrontEndPlace,
  name: string,
  mode: string,
): JavaScriptValue | undefined {
  for (const file of environmentFiles(mode)) {
    if (!fileIn({ repository, directory, ...rest }, file)) continue;
    const path = beside(directory, file);
    const lines = (repository.read(path) ?? "").split(/\r?\n/);
    const index = lines.findLastIndex((line) =>
      new RegExp(`^\\s*(?:export\\s+)?${name}\\s*=`).test(line),
    );
    if (index < 0) continue;
    const source = lines[index]!;
    const text = source
      .slice(source.indexOf("=") + 1)
      .replace(/\s+#.*$/, "")
      .trim()
      .replace(/^(["'`])(.*)\1$/, "$2");
    const at: Place = { file: path, line: index + 1, source };
    return text.includes("$") ? { ...at, kind: "unknown" } : { ...at, kind: "text", text };
  }
  return undefined;
}
