import { resolvePath } from "../../core/path.ts";
import type { RefusedServer, StaticSite } from "../static-site.ts";
import { directoryFrom, refusedConfiguration } from "./answers.ts";
import { lineOf, parseJson, recordOf, recordsOf } from "./json-file.ts";
import type { ServerCall } from "./server-rule.ts";

export type HostingAnswers = Pick<
  StaticSite,
  "directory" | "fallback" | "missingFile" | "hasCleanUrls" | "directoryIndex" | "evidence"
>;

const names = ["superstatic.json", "firebase.json"];

/**
 * superstatic's configuration, a part of firebase.json: the one page for every path, and nothing that is not plain.
 * Source: firebase/superstatic `src/loaders/config-file.js`, https://firebase.google.com/docs/hosting/full-config
 */
export function readHosting(
  call: ServerCall,
  given: string | undefined,
): HostingAnswers | RefusedServer {
  const { repository, repositoryPath, directory } = call.place;
  const found = (given === undefined ? names : [given]).flatMap((name) => {
    const path = repositoryPath(resolvePath(directory, name)!);
    const text = path === undefined ? undefined : repository?.read(path);
    return path === undefined || text === undefined ? [] : [{ path, text }];
  })[0];
  if (!found && given !== undefined)
    return refusedConfiguration(call.server, `${given} is not known`);
  const whole = found ? recordOf(parseJson(found.text)) : {};
  const hosting = whole && (whole["hosting"] === undefined ? whole : recordOf(whole["hosting"]));
  if (!hosting)
    return refusedConfiguration(call.server, "hosting", found ? [{ path: found.path }] : []);
  const understood: Readonly<Record<string, (held: unknown) => boolean>> = {
    public: (held) => typeof held === "string",
    ignore: () => true,
    cleanUrls: (held) => held === false,
    rewrites: (held) =>
      recordsOf(held)?.every(
        ({ source, destination }) => source === "**" && destination === "/index.html",
      ) ?? false,
  };
  for (const [key, held] of Object.entries(hosting)) {
    if (!understood[key]?.(held))
      return refusedConfiguration(call.server, key, found ? [lineOf(found, key)] : []);
  }
  const base = directoryFrom(call, call.positionals[0]);
  const folder = hosting["public"];
  const isIndex = (recordsOf(hosting["rewrites"]) ?? []).length > 0;
  return {
    directory: typeof folder === "string" ? resolvePath(base, folder) : base,
    fallback: isIndex ? "index" : "not-found",
    missingFile: isIndex ? "index" : "not-found",
    hasCleanUrls: false,
    directoryIndex: "redirect",
    evidence: found ? [{ path: found.path, line: 1 }] : [],
  };
}
