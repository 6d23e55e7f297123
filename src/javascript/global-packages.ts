import { isRootUser } from "../core/image-contract.ts";
import { baseName } from "../core/path.ts";
import { quoted } from "../core/shell.ts";
import type { Need } from "../stages/need.ts";
import type { NodeStage, PackageInstall } from "./node-stage.ts";
import { packageName, type NodeStart } from "./node-start.ts";
import { packageOfBin } from "./package-bins.ts";
import { managerCommand } from "./package-managers.ts";

/** Packages that are installed for the whole image, and package managers that corepack brings. */
export interface GlobalPackages {
  /** Lines of the final stage that install those that it needs. */
  lines(builder: string): readonly string[];
  /** Installs that only the build needs. */
  readonly left: readonly PackageInstall[];
  readonly notes: readonly Need[];
}

/**
 * Packages that people install for the whole image to build with. Any other one is kept: something beside the start may run it.
 * Sources: each package's README
 */
const BUILD_PACKAGES = new Set(
  `typescript @nestjs/cli @angular/cli angular-cli @vue/cli @vue/cli-service @vue/cli-init vue-cli create-react-app react-scripts gulp
  gulp-cli grunt grunt-cli webpack webpack-cli webpack-dev-server node-gyp node-pre-gyp eslint prettier rimraf bower lerna turbo nx sass node-sass
  less npm-check-updates tsc tsup esbuild rollup vite parcel parcel-bundler @babel/cli babel-cli gatsby-cli @ionic/cli ionic ember-cli nodemon
  ts-node-dev expo-cli @quasar/cli jest mocha yarn pnpm`.split(/\s+/),
);

/** Variables that decide where npm fetches packages from, and puts them. Source: https://docs.npmjs.com/cli/v10/using-npm/config#environment-variables */
const NPM_VARIABLE =
  /^(?:npm_config_\w+|https?_proxy|no_proxy|NODE_EXTRA_CA_CERTS|NODE_AUTH_TOKEN|NPM_TOKEN)$/i;

/** Where corepack keeps package managers. Source: https://github.com/nodejs/corepack#environment-variables */
function corepackHome(
  stage: NodeStage,
): { readonly path: string; readonly owner: string } | undefined {
  const own = stage.contract.environment.get("COREPACK_HOME");
  const user = stage.installs.at(-1)?.user ?? "";
  const [name = ""] = user.split(":");
  if (own)
    return own.value === undefined
      ? undefined
      : { path: own.value, owner: isRootUser(user) ? "" : user };
  // Another user than the one that built finds none today, and fetches its own.
  if (isRootUser(user))
    return isRootUser(stage.contract.user)
      ? { path: "/root/.cache/node/corepack", owner: "" }
      : undefined;
  return name === stage.contract.user.split(":")[0] && /^[a-z]/.test(name)
    ? { path: `/home/${name}/.cache/node/corepack`, owner: user }
    : undefined;
}

export function keptGlobals(stage: NodeStage, start: NodeStart): GlobalPackages {
  const used = new Set(start.runners.map(baseName));
  for (const { words } of start.leaves) for (const word of words) used.add(baseName(word));
  const isOpen = start.open.length > 0 || start.reader.isComputed;
  const kept: PackageInstall[] = [];
  const left: PackageInstall[] = [];
  for (const install of stage.globals) {
    const names = install.command.packages.map(packageName);
    const isUsed =
      isOpen ||
      [...used].some((name) => {
        const owner = packageOfBin(name, new Set(names));
        return owner !== undefined;
      });
    const isOfBuilds = names.every((name) => BUILD_PACKAGES.has(name));
    (isUsed || !isOfBuilds ? kept : left).push(install);
  }
  const corepack = stage.settings.filter(({ words }) => baseName(words[0] ?? "") === "corepack");
  const usesManager = [...used].some((name) => /^(?:yarn|pnpm|pnpx)$/.test(name));
  const lines: string[] = [];
  const notes: Need[] = [];
  const npmSettings = stage.settings.filter(
    ({ words }) =>
      managerCommand(words)?.kind === "setting" && baseName(words[0] ?? "") !== "corepack",
  );
  if (kept.length > 0) {
    const texts = [
      ...npmSettings.map(({ words }) => words.join(" ")),
      ...new Set(kept.map(({ command }) => `${command.manager} ${command.words.join(" ")}`)),
    ];
    // ENV comes later in the final stage.
    const settings = [...stage.contract.environment].flatMap(([name, { value, instruction }]) =>
      instruction && value !== undefined && NPM_VARIABLE.test(name)
        ? [`export ${name}=${quoted(value)}`]
        : [],
    );
    lines.push(`RUN ${[...settings, ...texts].join(" && ")}`);
    for (const { instruction, command } of kept)
      notes.push({
        code: "global-packages-kept",
        at: instruction,
        data: { packages: command.packages.join(" ") },
      });
  }
  const needsCorepack = corepack.length > 0 && (usesManager || isOpen);
  if (needsCorepack)
    notes.push({
      code: "global-packages-kept",
      at: corepack[0]!.instruction,
      data: { packages: "corepack's package managers" },
    });
  return {
    lines: (builder) => {
      if (!needsCorepack) return lines;
      const home = corepackHome(stage);
      const chown = home?.owner ? ` --chown=${home.owner}` : "";
      return [
        ...lines,
        "RUN corepack enable",
        ...(home ? [`COPY --from=${builder}${chown} ${home.path} ${home.path}`] : []),
      ];
    },
    left,
    notes,
  };
}
