import type { FrontEnd, FrontEndServer } from "./front-end-facts.ts";
import type { FrameworkReading, ServerReading } from "./front-end-readings.ts";
import {
  basePathOf,
  configurationIn,
  directoryOf,
  evidenceOf,
  firstOf,
  operandsOf,
  optionOf,
  versionOf,
  type FrontEndPlace,
} from "./front-end-place.ts";
import { readProxies, WEBPACK_PROXIES } from "./front-end-proxies.ts";
import { isOpenHost, portOf } from "./front-end-server.ts";
import { resolveIn } from "./javascript-calls.ts";
import {
  booleanOf,
  entriesOf,
  overlaid,
  textOf,
  valueAt,
  type JavaScriptValue,
} from "./javascript-values.ts";

/** Options of `ng build` that take a value. Source: https://angular.dev/cli/build */
const VALUED = [
  "--output-path",
  "--configuration",
  "-c",
  "--base-href",
  "--deploy-url",
  "--project",
  "--output-hashing",
  "--op",
  "-op",
  "--env",
  "-e",
  "--environment",
  "--localize",
];

/** https://angular.dev/reference/configs/workspace-config */
export function readAngular(reading: FrameworkReading): FrontEnd {
  const { place, frontEnd } = reading;
  const workspace = configurationIn(place, ["angular.json", ".angular.json"]);
  if (!workspace) return readFirstAngular(reading);
  const project = projectOf(place, workspace);
  const nothing: FrontEnd = {
    ...frontEnd,
    outputDirectory: undefined,
    basePath: undefined,
    isServerRendered: undefined,
  };
  if (!project) return { ...nothing, evidence: [evidenceOf(workspace)] };
  const target = targetIn(project.value, "build");
  const builder = textOf(valueAt(target, ["builder"]));
  const names =
    optionOf(place, ["--configuration", "-c"]) ??
    productionSwitch(place) ??
    valueAt(target, ["defaultConfiguration"]);
  const options = optionsOf(target, names);
  if (!builder || !options) return nothing;
  const output = firstOf(
    optionOf(place, ["--output-path", "--outputPath"]),
    valueAt(options, ["outputPath"]),
  );
  const base = firstOf(
    optionOf(place, ["--base-href", "--baseHref"]),
    valueAt(options, ["baseHref"]),
  );
  const localize = firstOf(optionOf(place, ["--localize"]), valueAt(options, ["localize"]));
  const isLocalized = localize !== undefined && booleanOf(localize) !== false;
  return {
    ...frontEnd,
    outputDirectory: isLocalized ? undefined : outputOf(place, builder, output, project.name),
    basePath: isLocalized
      ? undefined
      : (basePathOf(base, undefined) ?? (base ? undefined : pageBase(place, options))),
    ...rendering(reading, builder, options),
    evidence: [output, base, valueAt(target, ["builder"])].flatMap((value) =>
      value ? [evidenceOf(value)] : [],
    ),
  };
}

function productionSwitch(place: FrontEndPlace): JavaScriptValue | undefined {
  const found = optionOf(place, ["--prod", "-prod", "--prod=true"]);
  return (
    found && {
      file: found.file,
      line: found.line,
      source: found.source,
      kind: "text",
      text: "production",
    }
  );
}

/** The project that is named, the default one, or the only one. */
function projectOf(
  place: FrontEndPlace,
  workspace: JavaScriptValue,
): { readonly name: string; readonly value: JavaScriptValue } | undefined {
  const projects = entriesOf(valueAt(workspace, ["projects"]));
  const applications = [...projects].filter(
    ([, project]) =>
      textOf(valueAt(project, ["projectType"])) !== "library" && targetIn(project, "build"),
  );
  const named = textOf(optionOf(place, ["--project"])) ?? operandsOf(place, VALUED)[0];
  const standard = textOf(valueAt(workspace, ["defaultProject"]));
  const name =
    named ?? (projects.size === 1 || applications.length === 1 ? applications[0]?.[0] : standard);
  const value = name === undefined ? undefined : projects.get(name);
  return name === undefined || !value ? undefined : { name, value };
}

function targetIn(project: JavaScriptValue, name: string): JavaScriptValue | undefined {
  return valueAt(project, ["architect", name]) ?? valueAt(project, ["targets", name]);
}

/** Options with those of the named configurations over them. */
function optionsOf(
  target: JavaScriptValue | undefined,
  names: JavaScriptValue | undefined,
): JavaScriptValue | undefined {
  let options = valueAt(target, ["options"]);
  if (target && !options)
    options = {
      file: target.file,
      line: target.line,
      source: "",
      kind: "object",
      entries: new Map(),
      isComplete: true,
    };
  if (names && names.kind !== "text") return undefined;
  for (const name of names?.text.split(",") ?? []) {
    const over = valueAt(target, ["configurations", name.trim()]);
    if (options?.kind === "object" && over) options = overlaid(options, over);
  }
  return options;
}

/** `application` puts the site into a directory of its own. Source: angular-cli `packages/angular/build/src/builders/application/options.ts` */
function outputOf(
  place: FrontEndPlace,
  builder: string,
  output: JavaScriptValue | undefined,
  project: string,
): string | undefined {
  const kind = builder.slice(builder.lastIndexOf(":") + 1);
  const isApplication = kind === "application";
  if (!isApplication && !/^(?:browser|browser-esbuild|dev-server|webpack-browser)$/.test(kind))
    return undefined;
  if (output?.kind === "object") {
    const base = directoryOf(place, valueAt(output, ["base"]), place.directory, undefined);
    const browser = valueAt(output, ["browser"]);
    const name = browser === undefined ? "browser" : textOf(browser);
    if (base === undefined || name === undefined || !isApplication) return undefined;
    return name === "" ? base : `${base}/${name}`;
  }
  const base = directoryOf(
    place,
    output,
    place.directory,
    isApplication ? `dist/${project}` : undefined,
  );
  return base === undefined || !isApplication ? base : `${base.replace(/\/$/, "")}/browser`;
}

/** Pages that are rendered beforehand make of the site more than one page. */
function rendering(
  { buildCommands }: FrameworkReading,
  builder: string,
  options: JavaScriptValue,
): Pick<FrontEnd, "isServerRendered" | "isSinglePage"> {
  const isMore = buildCommands.some(
    (words) =>
      words.includes("run") &&
      words.some((word) => /^[^:]+:(?:server|prerender|app-shell|ssr)/.test(word)),
  );
  if (isMore) return { isServerRendered: undefined, isSinglePage: false };
  if (!builder.endsWith(":application")) return { isServerRendered: false, isSinglePage: true };
  const isOn = (name: string): boolean => {
    const value = valueAt(options, [name]);
    return value !== undefined && booleanOf(value) !== false;
  };
  if (textOf(valueAt(options, ["outputMode"])) === "static")
    return { isServerRendered: false, isSinglePage: false };
  if (isOn("ssr") || isOn("outputMode")) return { isServerRendered: true, isSinglePage: false };
  const isBeforehand = ["server", "prerender", "appShell"].some(isOn);
  return { isServerRendered: isBeforehand ? undefined : false, isSinglePage: !isBeforehand };
}

/** `<base href>` of the page that the site is built from. */
function pageBase(
  { repository, directory }: FrontEndPlace,
  options: JavaScriptValue,
): string | undefined {
  const index = valueAt(options, ["index"]);
  const path =
    textOf(index) ?? textOf(valueAt(index, ["input"])) ?? (index ? undefined : "src/index.html");
  const text = path === undefined ? undefined : repository.read(resolveIn(directory, path));
  if (text === undefined) return undefined;
  const href = /<base\b[^>]*\bhref\s*=\s*["']([^"']*)["']/i.exec(
    text.replace(/<!--[^]*?-->/g, ""),
  )?.[1];
  return basePathOf(
    href === undefined
      ? undefined
      : { file: path!, line: 1, source: href, kind: "text", text: href },
    "/",
  );
}

/** `ng serve`: https://angular.dev/tools/cli/serve */
export function readAngularServer({ place }: ServerReading): FrontEndServer {
  const workspace = configurationIn(place, ["angular.json", ".angular.json"]);
  const project = workspace && projectOf(place, workspace);
  const target = project && targetIn(project.value, "serve");
  const named = firstOf(
    optionOf(place, ["--configuration", "-c"]),
    productionSwitch(place),
    valueAt(target, ["defaultConfiguration"]),
  );
  const options = optionsOf(target, named);
  const port = firstOf(optionOf(place, ["--port"]), valueAt(options, ["port"]));
  const host = firstOf(optionOf(place, ["--host", "-H"]), valueAt(options, ["host"]));
  const ssl = firstOf(optionOf(place, ["--ssl"]), valueAt(options, ["ssl"]));
  const file = firstOf(
    optionOf(place, ["--proxy-config", "--proxyConfig", "-pc"]),
    valueAt(options, ["proxyConfig"]),
  );
  const table = file?.kind === "text" ? configurationIn(place, [file.text]) : undefined;
  const { proxies, beyond } = file
    ? readProxies(
        table ?? { file: file.file, line: file.line, source: file.source, kind: "unknown" },
        WEBPACK_PROXIES,
      )
    : { proxies: [], beyond: [] };
  return {
    port: port ? portOf(port) : 4200,
    isOpen: host ? isOpenHost(host) : false,
    proxies,
    beyond: [...beyond, ...(ssl && booleanOf(ssl) !== false ? [evidenceOf(ssl)] : [])],
  };
}

/** Angular up to 5. Source: https://github.com/angular/angular-cli/wiki/angular-cli */
function readFirstAngular(reading: FrameworkReading): FrontEnd {
  const { place, frontEnd } = reading;
  const workspace = configurationIn(place, [".angular-cli.json", "angular-cli.json"]);
  const version = versionOf(place, ["@angular/cli"]);
  if (!workspace || version === undefined || version === "newest" || version[0] > 5)
    return {
      ...frontEnd,
      outputDirectory: undefined,
      basePath: undefined,
      isServerRendered: undefined,
    };
  const apps = valueAt(workspace, ["apps"]);
  const isOne = apps?.kind === "list" && apps.items.length === 1;
  const output = firstOf(optionOf(place, ["--output-path", "-op"]), valueAt(apps, [0, "outDir"]));
  const base = firstOf(optionOf(place, ["--base-href", "-bh"]), valueAt(apps, [0, "baseHref"]));
  const root = textOf(valueAt(apps, [0, "root"])) ?? "src";
  const page = { file: "", line: 1, source: "", kind: "text", text: `${root}/index.html` } as const;
  const options: JavaScriptValue = {
    ...page,
    kind: "object",
    entries: new Map([["index", page]]),
    isComplete: true,
  };
  return {
    ...frontEnd,
    outputDirectory: isOne ? directoryOf(place, output, place.directory, "dist") : undefined,
    basePath: base ? basePathOf(base, undefined) : pageBase(place, options),
    isServerRendered: textOf(valueAt(apps, [0, "platform"])) === "server",
    isSinglePage: true,
    evidence: [evidenceOf(output ?? workspace)],
  };
}
