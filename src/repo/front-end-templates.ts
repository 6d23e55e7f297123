import { kindOf, type Repository } from "../core/repository.ts";
import type { FrontEndCommand, FrontEndTool } from "./front-end-commands.ts";
import { resolveIn } from "./javascript-calls.ts";

/** Projects whose build is a script of their own, written by a template or when a tool was ejected. */
interface Template {
  readonly tool: FrontEndTool;
  readonly scripts: Readonly<Record<"build" | "development", string>>;
  /** The file that shows it. */
  readonly configuration: string;
  /** What stands in it. */
  readonly mark: string;
}

function templateTool(
  framework: string,
  packages: readonly string[],
  source: string,
): FrontEndTool {
  return { framework, programs: [], packages, build: [], development: [], preview: [], source };
}

const TEMPLATES: readonly Template[] = [
  {
    tool: templateTool(
      "vue-webpack-template",
      ["vue"],
      "https://github.com/vuejs-templates/webpack",
    ),
    scripts: { build: "build/build.js", development: "build/dev-server.js" },
    configuration: "config/index.js",
    mark: "assetsRoot",
  },
  {
    tool: templateTool(
      "react-scripts-ejected",
      ["react-scripts"],
      "https://create-react-app.dev/docs/available-scripts/#npm-run-eject",
    ),
    scripts: { build: "scripts/build.js", development: "scripts/start.js" },
    configuration: "config/paths.js",
    mark: "appBuild",
  },
];

/** What `node build/build.js` and its like do, in a package that was made by a known template. */
export function templateCommand(
  repository: Repository,
  directory: string,
  words: readonly string[],
): FrontEndCommand | undefined {
  const at = words.findIndex((word, index) => index > 0 && !word.startsWith("-"));
  if (!/(?:^|\/)node(?:js)?$/.test(words[0] ?? "") || at < 0) return undefined;
  const script = resolveIn("", words[at]!.replace(/(?<!\.js)$/, ".js"));
  for (const { tool, scripts, configuration, mark } of TEMPLATES) {
    const kind = (["build", "development"] as const).find((one) => scripts[one] === script);
    const path = resolveIn(directory, configuration);
    if (kind && kindOf(repository, path) === "file" && repository.read(path)?.includes(mark))
      return { tool, kind, verb: "", words: words.slice(at + 1) };
  }
  return undefined;
}
