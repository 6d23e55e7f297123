import { isWithin, resolvePath } from "../../core/path.ts";
import type { RefusedServer } from "../static-site.ts";
import { refusedConfiguration } from "./answers.ts";
import { parseJson, recordOf, type JsonFile, type JsonRecord } from "./json-file.ts";
import type { ServerCall } from "./server-rule.ts";

export interface ServeRequest {
  /** What the command names, absolute in the image. */
  readonly directory: string;
  /** The value of `--config`, which is relative to that directory. */
  readonly given: string | undefined;
  readonly isSingle: boolean;
}

export type ServeFile = JsonFile & { readonly value: JsonRecord };

/** Folders of a project that a build copies into the site as they are. */
const copiedFolders = ["public", "static"];

/** Where `loadConfiguration` of vercel/serve looks, and where a build takes from what lies there. */
export function findConfiguration(
  call: ServerCall,
  { directory, given }: ServeRequest,
): ServeFile | RefusedServer | undefined {
  const { repository, repositoryPath } = call.place;
  if (given !== undefined) {
    const path = repositoryPath(resolvePath(directory, given) ?? "");
    const text = path === undefined ? undefined : repository?.read(path);
    if (path === undefined || text === undefined)
      return refusedConfiguration(call.server, `${given} is not known`);
    return parsed(call, path, text, (value) => value);
  }
  for (const [name, part] of configurationNames(call)) {
    for (const folder of foldersOf(call, directory)) {
      // A build makes no package.json out of the project's.
      if (name === "package.json" && folder !== repositoryPath(directory)) continue;
      const path = folder === "" ? name : `${folder}/${name}`;
      const text = repository?.read(path);
      if (text === undefined) continue;
      const result = parsed(call, path, text, part);
      if (result !== undefined) return result;
    }
  }
  return undefined;
}

type Part = (value: JsonRecord) => unknown;

/** The files in the order that they are looked for, and the part of each that counts. */
function configurationNames(call: ServerCall): readonly (readonly [string, Part])[] {
  const ofNow: Part = ({ now }) => recordOf(now)?.["static"];
  const ofFile: Part = (value) => value["static"];
  return [
    ["serve.json", (value) => value],
    ["now.json", call.version.major >= 14 ? ofNow : ofFile],
    ["package.json", call.version.major >= 14 ? ofFile : ofNow],
  ];
}

/** The folders of the repository that end up in the directory that is served, or are it. */
function foldersOf(call: ServerCall, directory: string): readonly string[] {
  const { place } = call;
  const served = place.repositoryPath(directory);
  const project = place.repositoryPath(place.directory);
  const isBuilt = directory !== place.directory && isWithin(directory, place.directory);
  return [
    ...(served === undefined ? [] : [served]),
    ...(isBuilt && project !== undefined
      ? copiedFolders.map((folder) => (project === "" ? folder : `${project}/${folder}`))
      : []),
  ];
}

function parsed(
  call: ServerCall,
  path: string,
  text: string,
  part: Part,
): ServeFile | RefusedServer | undefined {
  const whole = recordOf(parseJson(text));
  if (!whole) return refusedConfiguration(call.server, `${path} is not JSON`, [{ path }]);
  const counted = recordOf(part(whole));
  return counted && { path, text, value: counted };
}
