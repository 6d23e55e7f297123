import { dirname } from "node:path";

export type GitAnswer =
  | { readonly kind: "answer"; readonly exitCode: number; readonly output: string }
  | { readonly kind: "no-answer"; readonly error: string };

/**
 * Variables that would point git at another repository than the one it runs in, as they do inside a git hook.
 * From `git rev-parse --local-env-vars`.
 */
const repositoryVariables = [
  "GIT_ALTERNATE_OBJECT_DIRECTORIES",
  "GIT_COMMON_DIR",
  "GIT_DIR",
  "GIT_INDEX_FILE",
  "GIT_OBJECT_DIRECTORY",
  "GIT_PREFIX",
  "GIT_WORK_TREE",
];

/** Asks git about a repository. Never changes it: optional locks are off. */
export function askGit(root: string, args: readonly string[], input = ""): GitAnswer {
  const environment: NodeJS.ProcessEnv = {
    ...process.env,
    // A broken `.git` must not make git answer for a repository further up.
    GIT_CEILING_DIRECTORIES: dirname(root),
    LC_ALL: "C",
  };
  for (const name of repositoryVariables) delete environment[name];
  // Loaded here, since most runs never ask git and the module takes 6 ms.
  const { spawnSync } = process.getBuiltinModule("node:child_process");
  const result = spawnSync("git", ["--no-optional-locks", "-C", root, ...args], {
    input,
    encoding: "utf8",
    env: environment,
    maxBuffer: 1 << 30,
    windowsHide: true,
  });
  if (result.error) {
    const missing = "code" in result.error && result.error.code === "ENOENT";
    return { kind: "no-answer", error: missing ? "git is not installed" : result.error.message };
  }
  // `git check-ignore` answers "none of them" with 1; everything above is a fault.
  if (result.status === null || result.status > 1) {
    return { kind: "no-answer", error: result.stderr.trim().split("\n", 1)[0] || "git failed" };
  }
  return { kind: "answer", exitCode: result.status, output: result.stdout };
}
