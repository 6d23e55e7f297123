import { directoryName } from "../core/path.ts";
import type { CommandImage, CommandRules } from "../stages/run-time-commands.ts";
import type { GoBuilder } from "./builder.ts";
import {
  DESKTOP_PROGRAMS,
  DEVELOPMENT_PROGRAMS,
  RECIPE_PROGRAMS,
  TOOLCHAIN_VARIABLES,
} from "./knowledge.ts";

/** What Go's toolchain means for commands of the final image. */
export const GO_COMMAND_RULES: CommandRules = {
  variables: TOOLCHAIN_VARIABLES,
  desktopPrograms: DESKTOP_PROGRAMS,
  refusalOf(name, [verb], refusal) {
    if (refusal !== undefined && /^(?:go|gofmt|gcc|g\+\+|make)$/.test(name))
      return { code: refusal, data: { program: name, image: "the final image" } };
    const command = [name, verb].filter((word) => word !== undefined).join(" ");
    if (DEVELOPMENT_PROGRAMS.has(name))
      return { code: "development-image", data: { program: name } };
    if (/^go(?:1\.\d+)?$/.test(name)) {
      const code = verb === "build" || verb === "install" ? "build-at-start" : "go-run-start";
      return { code, data: { command } };
    }
    if (name === "gofmt" || name === "gcc" || name === "g++")
      return { code: "runs-programs", data: { programs: name, image: "the final image" } };
    if (name === "go-wrapper") return { code: "onbuild-triggers" };
    return RECIPE_PROGRAMS.has(name) ? { code: "build-at-start", data: { command } } : undefined;
  },
};

/** The image that a Go stage makes, as the reader of run-time commands sees it. */
export function commandImage(builder: GoBuilder): CommandImage {
  return {
    contract: builder.contract,
    installed: builder.installed,
    made: builder.made,
    copies: builder.copies,
    tools: builder.tools,
    sourceDirectories: builder.builds.map(({ directory }) => directory),
    isBuilt(path) {
      if (builder.artifacts.has(path)) return "yes";
      const isUnnamed = builder.builds.some(
        ({ output }) =>
          (output.kind === "unnamed" || output.kind === "many") &&
          output.directory === directoryName(path),
      );
      return isUnnamed ? "maybe" : "no";
    },
    textEdited: builder.textEdited,
    repositoryPath: builder.repositoryPath,
    imagePaths: builder.imagePaths,
  };
}
