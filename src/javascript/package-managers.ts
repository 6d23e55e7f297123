import { baseName } from "../core/path.ts";

/** What a command of npm, yarn, pnpm, bun or corepack does. Sources: the command line documentation of each. */
export type ManagerCommand =
  | InstallCommand
  /** Runs a script of package.json. */
  | {
      readonly kind: "script";
      readonly manager: Manager;
      readonly name: string;
      /** Words that the script gets behind its own. */
      readonly words: readonly string[];
      /** `--prefix DIR`, `--cwd DIR`. */
      readonly directory: string | undefined;
      /** Packages of a workspace are named: `-w api`, `--filter api`. */
      readonly isElsewhere: boolean;
      /** `--if-present` */
      readonly isOptional: boolean;
      /** It may be a program of a package as well: `yarn tsc`. */
      readonly mayBeProgram: boolean;
    }
  /** Runs a program of a package. */
  | {
      readonly kind: "program";
      readonly manager: Manager;
      readonly words: readonly string[];
      readonly isElsewhere: boolean;
    }
  /** Takes packages away again. */
  | { readonly kind: "prune"; readonly manager: Manager }
  /** Sets what later commands do: `npm config set`, `corepack enable`. */
  | { readonly kind: "setting"; readonly manager: Manager; readonly words: readonly string[] }
  /** Changes nothing in the image but caches. */
  | { readonly kind: "nothing"; readonly manager: Manager }
  | { readonly kind: "other"; readonly manager: Manager; readonly verb: string };

export interface InstallCommand {
  readonly kind: "install";
  readonly manager: Manager;
  readonly isGlobal: boolean;
  /** Packages that are named, with their versions: `pm2@5`. Without any, those of package.json. */
  readonly packages: readonly string[];
  readonly omitsDevelopment: boolean;
  /** Development packages are asked for, whatever NODE_ENV says. */
  readonly includesDevelopment: boolean;
  readonly directory: string | undefined;
  /** As written, without the program. */
  readonly words: readonly string[];
}

export type Manager = "npm" | "yarn" | "pnpm" | "bun" | "corepack";

const VALUE_OPTIONS = new Set(
  `--prefix -C --dir --cwd --registry --loglevel --cache --network-timeout --mutex --userconfig --globalconfig --workspace -w
  --filter -F --network-concurrency --cache-folder --modules-folder --store-dir --virtual-store-dir --target --arch
  --platform --tag --fetch-timeout --fetch-retries --child-concurrency --omit --include --only --reporter --use-yarnrc
  --global-folder --install-directory --cpu --os --libc --maxsockets --script-shell`.split(/\s+/),
);
const SWITCHES_WITH_W = new Set(["pnpm", "yarn"]); // -w: the workspace's root, -W: no check

/** Verbs of npm that run the script of their name. Source: https://docs.npmjs.com/cli/v10/using-npm/scripts */
const SCRIPT_VERBS = new Set(["start", "test", "t", "stop", "restart"]);
const INSTALL_VERBS: Readonly<Record<Manager, string>> = {
  npm: "install i in ins inst isntall isnt add ci clean-install ic install-clean install-ci-test cit install-test it update up upgrade udpate",
  yarn: "install add upgrade up",
  pnpm: "install i add update up ci install-test it",
  bun: "install i add a update",
  corepack: "",
};
const QUIET_VERBS = new Set(
  `cache cacache audit outdated view info show search ls list la ll ping doctor whoami root bin prefix fund why explain query
  help version -v --version -h --help pack licenses store check policies versions node-gyp completion logout login
  dedupe store-prune`.split(/\s+/),
);
const RUNNERS = new Map<string, Manager>([
  ["npx", "npm"],
  ["pnpx", "pnpm"],
  ["pnpm-dlx", "pnpm"],
  ["bunx", "bun"],
]);

/**
 * Reads a command of a package manager; `undefined` for any other program.
 *
 * @example managerCommand(["npm", "run", "build"]) // { kind: "script", name: "build", … }
 */
export function managerCommand(words: readonly string[]): ManagerCommand | undefined {
  const program = baseName(words[0] ?? "");
  const runner = RUNNERS.get(program);
  if (runner) return runnerCommand(runner, words.slice(1));
  if (!["npm", "yarn", "yarnpkg", "pnpm", "bun", "corepack", "cnpm"].includes(program))
    return undefined;
  const manager = (
    program === "yarnpkg" ? "yarn" : program === "cnpm" ? "npm" : program
  ) as Manager;
  if (manager === "corepack") return corepackCommand(words.slice(1));
  const options = readOptions(manager, words.slice(1));
  const { operands, flags, values } = options;
  const directory = ["--prefix", "-C", "--dir", "--cwd"]
    .map((name) => values.get(name))
    .find((value) => value !== undefined);
  const isElsewhere =
    ["--workspace", "--filter", "-F"].some((name) => values.has(name)) ||
    (manager === "npm" && values.has("-w")) ||
    ["-r", "--recursive", "--workspaces", "--ws", "-ws"].some((flag) => flags.has(flag));
  const isGlobal =
    flags.has("-g") || flags.has("--global") || values.get("--location") === "global";
  const [verb, ...rest] = operands;
  const install = (packages: readonly string[], global: boolean): InstallCommand => ({
    kind: "install",
    manager,
    isGlobal: global,
    packages,
    omitsDevelopment: omitsDevelopment(manager, options),
    includesDevelopment:
      values.get("--include") === "dev" ||
      flags.has("--include=dev") ||
      flags.has("--production=false") ||
      flags.has("--prod=false") ||
      flags.has("--also=dev") ||
      flags.has("--also=development") ||
      flags.has("--only=dev"),
    directory,
    words: words.slice(1),
  });
  if (verb === undefined) {
    if (flags.has("-v") || flags.has("--version")) return { kind: "nothing", manager };
    return manager === "yarn"
      ? install([], false)
      : { kind: "other", manager, verb: [...flags][0] ?? "" };
  }
  if (manager === "yarn" && verb === "global")
    return rest[0] === "add"
      ? install(rest.slice(1), true)
      : { kind: rest[0] === "bin" ? "nothing" : "other", manager, verb: "global" };
  if (manager === "yarn" && verb === "workspace") {
    const inner = managerCommand([program, ...rest.slice(1)]);
    return inner && "isElsewhere" in inner
      ? { ...inner, isElsewhere: true }
      : { kind: "other", manager, verb };
  }
  if (manager === "yarn" && verb === "workspaces") return { kind: "other", manager, verb };
  if (INSTALL_VERBS[manager].split(" ").includes(verb)) return install(rest, isGlobal);
  const script = (name: string, mayBeProgram: boolean): ManagerCommand => ({
    kind: "script",
    manager,
    name,
    words: options.behind(name),
    directory,
    isElsewhere,
    isOptional: flags.has("--if-present"),
    mayBeProgram,
  });
  if (/^(?:run|run-script|rum|urn)$/.test(verb))
    return rest[0] === undefined
      ? { kind: "nothing", manager }
      : script(rest[0], manager === "yarn" || manager === "bun");
  if (SCRIPT_VERBS.has(verb)) return script(verb === "t" ? "test" : verb, false);
  if (/^(?:exec|x|dlx)$/.test(verb))
    return runnerCommand(manager, words.slice(words.indexOf(verb) + 1), isElsewhere);
  if (verb === "prune") return { kind: "prune", manager };
  if (/^(?:config|c|set|get|pkg|setup|import|plugin|set-script|env)$/.test(verb))
    return { kind: "setting", manager, words: words.slice(1) };
  if (QUIET_VERBS.has(verb)) return { kind: "nothing", manager };
  // `yarn build`, `pnpm build`: a script, or a program of a package.
  if (manager === "yarn" || manager === "pnpm" || manager === "bun") {
    if (
      [
        "remove",
        "rm",
        "uninstall",
        "link",
        "unlink",
        "deploy",
        "patch",
        "rebuild",
        "unplug",
        "init",
        "create",
        "publish",
        "fetch",
        "pm",
        "generate-lock-entry",
        "autoclean",
      ].includes(verb)
    )
      return { kind: "other", manager, verb };
    return script(verb, true);
  }
  return { kind: "other", manager, verb };
}

/** `npx [-y] [-p package] program …` */
function runnerCommand(
  manager: Manager,
  words: readonly string[],
  isElsewhere = false,
): ManagerCommand {
  let from = 0;
  for (; from < words.length && words[from]!.startsWith("-"); from++) {
    if (words[from] === "--") {
      from++;
      break;
    }
    if (/^(?:-p|--package|-c|--call)$/.test(words[from]!)) from++;
  }
  const inner = words.slice(from);
  // `npx tsc@5 …` names a version.
  const [first = "", ...rest] = inner;
  const name = first.replace(/(?<=.)@[^/]*$/, "");
  return inner.length === 0
    ? { kind: "other", manager, verb: "exec" }
    : { kind: "program", manager, words: [name, ...rest], isElsewhere };
}

function corepackCommand(words: readonly string[]): ManagerCommand {
  const [verb = ""] = words;
  if (/^(?:enable|disable|prepare|install|use|up|hydrate)$/.test(verb))
    return { kind: "setting", manager: "corepack", words };
  if (/^(?:npm|yarn|pnpm)(?:@|$)/.test(verb)) {
    const inner = managerCommand([verb.replace(/@.*/, ""), ...words.slice(1)]);
    if (inner) return inner;
  }
  return words.some((word) => /^-{1,2}(?:v|version|h|help)$/.test(word))
    ? { kind: "nothing", manager: "corepack" }
    : { kind: "other", manager: "corepack", verb };
}

interface Options {
  readonly operands: readonly string[];
  readonly flags: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, string>;
  /** Words that come behind an operand, options among them, without a `--` that only parts them off. */
  readonly behind: (operand: string) => readonly string[];
}

function readOptions(manager: Manager, words: readonly string[]): Options {
  const operands: string[] = [];
  const flags = new Set<string>();
  const values = new Map<string, string>();
  let isOpen = true;
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!;
    if (word === "--") isOpen = false;
    else if (!isOpen || !word.startsWith("-")) operands.push(word);
    else {
      flags.add(word);
      const [name, value] = splitOption(word);
      if (value !== undefined) values.set(name, value);
      else if (
        VALUE_OPTIONS.has(word) &&
        !(word === "-w" && SWITCHES_WITH_W.has(manager)) &&
        words[index + 1] !== undefined
      )
        values.set(word, words[++index]!);
    }
  }
  return {
    operands,
    flags,
    values,
    behind: (operand) => {
      const rest = words.slice(words.indexOf(operand) + 1);
      // npm takes options for itself unless `--` stands before them; the others pass everything on.
      if (manager !== "npm") return rest[0] === "--" ? rest.slice(1) : rest;
      const marker = rest.indexOf("--");
      const before = (marker < 0 ? rest : rest.slice(0, marker)).filter(
        (word, index, all) => !word.startsWith("-") && !VALUE_OPTIONS.has(all[index - 1] ?? ""),
      );
      return [...before, ...(marker < 0 ? [] : rest.slice(marker + 1))];
    },
  };
}

function splitOption(word: string): [string, string | undefined] {
  const at = word.indexOf("=");
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
}

/** Sources: `omit`, `only` and `production` of https://docs.npmjs.com/cli/v10/using-npm/config, `--prod` of yarn, pnpm and bun. */
function omitsDevelopment(manager: Manager, { flags, values }: Options): boolean {
  return (
    ["--production", "--prod", "--production=true", "--prod=true"].some((flag) =>
      flags.has(flag),
    ) ||
    (manager === "pnpm" && flags.has("-P")) ||
    values.get("--omit") === "dev" ||
    (values.get("--only") ?? "").startsWith("prod")
  );
}
