import { readAngular, readAngularServer } from "./front-end-angular.ts";
import type { FrontEnd, FrontEndServer } from "./front-end-facts.ts";
import {
  readEmber,
  readExpo,
  readIce,
  readParcel,
  readQuasar,
  readQuasarServer,
  readRsbuild,
} from "./front-end-applications.ts";
import { readEleventy, readHexo, readVitePress, readVuePress } from "./front-end-documents.ts";
import { ionicCommand } from "./front-end-ionic.ts";
import {
  readAstro,
  readDocusaurus,
  readGatsby,
  readNext,
  readNuxt,
  readNuxtServer,
  readSolidStart,
} from "./front-end-renderers.ts";
import { readRollup } from "./front-end-rollup.ts";
import {
  atVersion,
  basePathOf,
  configurationIn,
  directoryOf,
  evidenceOfAll,
  firstOf,
  optionOf,
  settingAt,
  versionOf,
  type FrontEndPlace,
} from "./front-end-place.ts";
import type { FrameworkReading, ServerReading } from "./front-end-readings.ts";
import {
  frameworkRules,
  type FrameworkRule,
  type FrontEndSituation,
  type SettingRule,
} from "./front-end-rules.ts";
import { NO_SERVER, readServer } from "./front-end-server.ts";
import { configurationVariable, variableSetting } from "./front-end-variables.ts";
import { readSvelteKit, readVite } from "./front-end-vite.ts";
import {
  readEjectedReactScripts,
  readReactScripts,
  readReactServer,
  readVueCli,
  readVueTemplateServer,
  readWebpack,
} from "./front-end-webpack.ts";
import type { PlainValue } from "./javascript-configuration.ts";
import { textOf, type JavaScriptValue } from "./javascript-values.ts";

type FrameworkReader = (reading: FrameworkReading) => FrontEnd;

/** Frameworks that a rule does not say all of. */
const READERS: Readonly<Record<string, FrameworkReader>> = {
  vite: readVite,
  "vite-ssg": readVite,
  "react-router": readVite,
  remix: readVite,
  "react-scripts": readReactScripts,
  craco: readReactScripts,
  "react-app-rewired": readReactScripts,
  rescripts: readReactScripts,
  "react-scripts-ejected": readEjectedReactScripts,
  "vue-cli": readVueCli,
  webpack: readWebpack,
  rspack: readWebpack,
  next: readNext,
  nuxt: readNuxt,
  astro: readAstro,
  gatsby: readGatsby,
  docusaurus: readDocusaurus,
  sveltekit: readSvelteKit,
  vuepress: readVuePress,
  vitepress: readVitePress,
  quasar: readQuasar,
  rsbuild: readRsbuild,
  ember: readEmber,
  eleventy: readEleventy,
  hexo: readHexo,
  expo: readExpo,
  ice: readIce,
  parcel: readParcel,
  rollup: readRollup,
  "solid-start": readSolidStart,
  angular: readAngular,
};

/** What servers do that their rule does not say. */
type ServerReader = (reading: ServerReading) => FrontEndServer;

const SERVER_READERS: Readonly<Record<string, ServerReader>> = {
  "react-scripts": readReactServer,
  craco: readReactServer,
  "react-app-rewired": readReactServer,
  rescripts: readReactServer,
  "react-scripts-ejected": readReactServer,
  "vue-webpack-template": readVueTemplateServer,
  angular: readAngularServer,
  nuxt: readNuxtServer,
  quasar: readQuasarServer,
};

/** What a server of development, or one that shows the last build, does. */
export function readServerOf(
  place: FrontEndPlace,
  situation: "development" | "preview",
): FrontEndServer {
  const { framework } = place.command.tool;
  const rule = Object.hasOwn(frameworkRules, framework) ? frameworkRules[framework] : undefined;
  if (!rule || (situation === "preview" && !rule.preview)) return NO_SERVER;
  const mode =
    textOf(optionOf(place, ["--mode", "-m"])) ??
    (situation === "development" ? "development" : "production");
  const configuration = configurationReader(place, rule, mode)(situation);
  const server = readServer(rule[situation], place, configuration, mode);
  const reader = Object.hasOwn(SERVER_READERS, framework) ? SERVER_READERS[framework] : undefined;
  return reader ? reader({ place, configuration, situation, server }) : server;
}

/** The place of a server that is started without any options, but with the configuration of the build. */
function withoutOptions(place: FrontEndPlace, kind: "development" | "preview"): FrontEndPlace {
  const config = optionOf(place, ["--config", "-c"]);
  const words =
    config?.kind === "text" && place.command.tool.framework !== "angular"
      ? ["--config", config.text]
      : [];
  return { ...place, command: { ...place.command, kind, verb: "", words } };
}

/** What the place's command makes; `undefined` for a tool that nothing is known of. */
export function readFramework(
  place: FrontEndPlace,
  buildCommands: readonly (readonly string[])[],
): FrontEnd | undefined {
  const { framework } = place.command.tool;
  const inner = framework === "ionic" ? ionicCommand(place) : undefined;
  if (inner) return readFramework({ ...place, command: inner }, buildCommands);
  const rule = Object.hasOwn(frameworkRules, framework) ? frameworkRules[framework] : undefined;
  if (!rule) return undefined;
  const modeSetting = optionOf(place, ["--mode", "-m"]);
  const mode = textOf(modeSetting) ?? "production";
  const configuration = configurationReader(place, rule, mode)("build");
  const reading = { place, rule, mode, configuration, buildCommands };
  const frontEnd = readByRule(reading);
  const reader = Object.hasOwn(READERS, framework) ? READERS[framework] : undefined;
  return reader ? reader({ ...reading, frontEnd }) : frontEnd;
}

/** Reads the configuration as one of its commands sees it. */
function configurationReader(
  place: FrontEndPlace,
  rule: FrameworkRule,
  mode: string,
): (situation: FrontEndSituation) => JavaScriptValue | undefined {
  const named = optionOf(place, ["--config", "-c"]);
  return (situation) => {
    if (named && named.kind !== "text") return { ...named, kind: "unknown" };
    const names = named ? [named.text] : rule.configurationFiles;
    const found = configurationIn(place, names, {
      parameters: parametersOf(place, rule, situation, mode),
      variable: (name) => {
        const value = configurationVariable(place, name, mode);
        if (name !== "NODE_ENV" || typeof value === "string" || !rule.setsNodeEnvironment)
          return value;
        return situation === "development" ? "development" : "production";
      },
    });
    // A file that is named and not there.
    return found ?? (named ? { ...named, kind: "unknown" } : undefined);
  };
}

/** Options of `--env` for a configuration that is a function of it. Source: https://webpack.js.org/api/cli/#environment-options */
function webpackParameters(place: FrontEndPlace): readonly PlainValue[] {
  const { words } = place.command;
  const environment: Record<string, PlainValue> = {};
  for (const [index, word] of words.entries()) {
    const given = /^--env(?:[.=](.+))?$/.exec(word);
    const text = given && (given[1] ?? words[index + 1]);
    const [, name, value] = /^([\w.-]+)(?:=(.*))?$/.exec(text ?? "") ?? [];
    if (name !== undefined) environment[name] = value ?? true;
  }
  const mode = optionOf(place, ["--mode"]);
  const isProduction = words.includes("-p") && place.command.kind === "build";
  return [
    environment,
    { mode: textOf(mode) ?? (isProduction ? "production" : undefined), env: environment },
  ];
}

function parametersOf(
  place: FrontEndPlace,
  { parameters }: FrameworkRule,
  situation: FrontEndSituation,
  mode: string,
): readonly PlainValue[] {
  if (/^(?:webpack|rspack)$/.test(place.command.tool.framework)) return webpackParameters(place);
  const given = parameters?.[situation] ?? [];
  return given.map((one) => (typeof one === "object" && "mode" in one ? { ...one, mode } : one));
}

/** A setting of a build, wherever it is made. */
export function buildSetting(
  { options = [], variables = [], properties = [] }: SettingRule,
  place: FrontEndPlace,
  configuration: JavaScriptValue | undefined,
  mode: string,
): JavaScriptValue | undefined {
  return firstOf(
    optionOf(place, options),
    ...variables.map((name) => variableSetting(place, name, mode)),
    settingAt(configuration, ...properties),
  );
}

function readByRule(reading: Omit<FrameworkReading, "frontEnd">): FrontEnd {
  const { place, rule, mode, configuration } = reading;
  const version = versionOf(place, place.command.tool.packages);
  const output = buildSetting(rule.output, place, configuration, mode);
  const base = buildSetting(rule.base, place, configuration, mode);
  return {
    framework: place.command.tool.framework,
    outputDirectory: directoryOf(
      place,
      output,
      place.directory,
      atVersion(rule.output.fallback, version),
    ),
    basePath: basePathOf(base, rule.base.fallback),
    isServerRendered: rule.isServerRendered,
    isSinglePage: rule.isSinglePage,
    development: readServerOf(withoutOptions(place, "development"), "development"),
    preview: readServerOf(withoutOptions(place, "preview"), "preview"),
    publicPrefixes: rule.publicPrefixes,
    evidence: evidenceOfAll(output, base, configuration),
  };
}
