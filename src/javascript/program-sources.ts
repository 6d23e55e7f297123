import type { Evidence } from "../core/outcome.ts";
import type { Repository } from "../core/repository.ts";
import { packageOfModule, sourceWords } from "../repo/javascript-words.ts";
import { beside } from "../repo/package-manifest.ts";

/** What the sources of a package name, tests and the configuration of build tools left out. */
export interface ProgramSources {
  /** Packages whose modules are loaded, with the first place. */
  readonly packages: ReadonlyMap<string, Evidence>;
  /** Every other string that may be a package's name or begin with one, with its first place. */
  readonly names: ReadonlyMap<string, Evidence>;
  /** Files that may start programs, and the strings in them. */
  readonly starters: readonly {
    readonly path: string;
    readonly evidence: Evidence;
    readonly literals: readonly string[];
  }[];
  /** Absolute paths of the system that they name: `/usr/bin/git`, `/etc/ssl/certs`. */
  readonly systemPaths: ReadonlyMap<string, Evidence>;
  /** Some file was too large or there were too many to be read. */
  readonly isComplete: boolean;
}

const SOURCE_FILE = /\.(?:[cm]?[jt]sx?|vue|svelte|astro|mdx|coffee)$/;
/** JSON and the like that name modules: babel's and knex's settings, nodemon.json. */
const SETTINGS_FILE =
  /^(?:\.babelrc|\.sequelizerc|\.mocharc|\.taprc|ormconfig\.(?:json|ya?ml)|ecosystem\.(?:json|ya?ml)|pm2\.json|processes?\.json|nodemon\.json)$/;
const LEFT_DIRECTORIES = new Set(
  "node_modules bower_components .git .github .gitlab .vscode .idea .husky .circleci .next .nuxt .output .svelte-kit .cache coverage __tests__ __test__ __mocks__ __fixtures__ test tests spec specs e2e cypress .storybook stories docs examples example".split(
    " ",
  ),
);
const TEST_FILE =
  /^(?:test|tests|spec|setupTests)\.[cm]?[jt]sx?$|(?:[._-](?:test|tests|spec|e2e-spec|stories|story|cy|bench)\.[cm]?[jt]sx?$)|\.d\.[cm]?ts$/;
/**
 * Configuration that only build, test and lint tools load.
 * Sources: the documentation of each tool.
 */
const TOOL_SETTINGS =
  /^(?:\.?(?:jest|vitest|vite|webpack|rollup|rspack|rsbuild|esbuild|tsup|tsdown|unbuild|karma|protractor|cypress|playwright|eslint|prettier|stylelint|tslint|commitlint|lint-?staged|release|renovate|tailwind|postcss|windi|uno|svelte|snowpack|parcel|metro|craco|vue|nightwatch|wdio|codecept|gruntfile|gulpfile|Gruntfile|Gulpfile|rolldown|biome|size-limit|plop|plopfile|graphql|codegen|typedoc|jsdoc|nyc|c8|syncpack|knip|depcruise|dependency-cruiser)(?:[.-]\w+)*(?:\.config|rc|\.conf)?\.[cm]?[jt]s)$/;
const BABEL_SETTINGS = /^(?:babel\.config\.[cm]?js(?:on)?|\.babelrc(?:\.[cm]?js(?:on)?)?)$/;
const MOST_FILES = 4000;

/** Modules that start programs. Source: https://nodejs.org/api/child_process.html, and each module's README */
const STARTERS = new Set([
  "child_process",
  "node:child_process",
  "execa",
  "shelljs",
  "cross-spawn",
  "zx",
  "zx/globals",
  "node-cmd",
  "tinyexec",
  "nano-spawn",
  "spawn-sync",
  "child-process-promise",
  "promisify-child-process",
  "node-pty",
  "@lydell/node-pty",
  "bun",
]);

const known = new WeakMap<Repository, Map<string, ProgramSources>>();

/**
 * Reads the sources below a directory of the repository.
 *
 * @param directory the package's directory, `""` for the root
 */
export function readProgramSources(repository: Repository, directory: string): ProgramSources {
  let remembered = known.get(repository);
  if (!remembered) known.set(repository, (remembered = new Map()));
  let sources = remembered.get(directory);
  if (!sources) remembered.set(directory, (sources = collect(repository, directory)));
  return sources;
}

function collect(repository: Repository, root: string): ProgramSources {
  const packages = new Map<string, Evidence>();
  const names = new Map<string, Evidence>();
  const starters: { path: string; evidence: Evidence; literals: readonly string[] }[] = [];
  const systemPaths = new Map<string, Evidence>();
  const babel: string[] = [];
  let isComplete = true;
  let count = 0;
  const pending = [root];
  for (let directory = pending.pop(); directory !== undefined; directory = pending.pop()) {
    for (const { name, kind } of repository.list(directory) ?? []) {
      const path = beside(directory, name);
      if (kind === "directory") {
        if (!LEFT_DIRECTORIES.has(name)) pending.push(path);
      } else if (kind === "file") {
        if (BABEL_SETTINGS.test(name)) babel.push(path);
        else if (
          SETTINGS_FILE.test(name) ||
          (SOURCE_FILE.test(name) && !TEST_FILE.test(name) && !TOOL_SETTINGS.test(name))
        )
          read(path);
      }
    }
  }
  // Babel's settings count where it runs beside the program.
  if (
    [...packages.keys(), ...names.keys()].some((name) =>
      /^(?:@babel\/(?:register|node)|babel-register)/.test(name),
    )
  )
    for (const path of babel) read(path);
  // Where nothing was read nothing is known.
  return { packages, names, starters, systemPaths, isComplete: isComplete && count > 0 };

  function read(path: string): void {
    if (++count > MOST_FILES) {
      isComplete = false;
      return;
    }
    const text = repository.read(path);
    if (text === undefined) {
      isComplete = false;
      return;
    }
    // Bundled libraries are long lines of code that load nothing of node_modules.
    if (/\.min\.[cm]?js$/.test(path)) return;
    const words = sourceWords(text);
    for (const { value, line } of words.modules) {
      const name = packageOfModule(value);
      if (name !== undefined && !packages.has(name))
        packages.set(name, { path, line, text: value });
    }
    for (const { value, line } of words.literals)
      if (/^\/(?:usr|etc|bin|sbin|lib)\/[\w./-]+$/.test(value) && !systemPaths.has(value))
        systemPaths.set(value, { path, line, text: value });
    for (const { value, line } of words.literals)
      if (/^@?[a-z0-9][\w./-]*$/i.test(value) && value.length < 100 && !names.has(value))
        names.set(value, { path, line, text: value });
    const starter = words.modules.find(({ value }) => STARTERS.has(value));
    if (starter)
      starters.push({
        path,
        evidence: { path, line: starter.line, text: starter.value },
        literals: words.literals.map(({ value }) => value),
      });
  }
}
