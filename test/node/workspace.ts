import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

export interface Workspace {
  readonly directory: string;
  /** Where a file of it is. */
  path(name: string): string;
  write(name: string, content: string | Uint8Array): string;
  read(name: string): string;
  git(...args: readonly string[]): string;
}

/** A temporary directory with these files, gone when the test is over. */
export function createWorkspace(
  files: Readonly<Record<string, string | Uint8Array>> = {},
): Workspace {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), "msb-migrate-test-")));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const workspace: Workspace = {
    directory,
    path: (name) => join(directory, name),
    write(name, content) {
      const file = join(directory, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
      return file;
    },
    read: (name) => readFileSync(join(directory, name), "utf8"),
    git: (...args) => {
      const identity = [
        "-c",
        "user.name=t",
        "-c",
        "user.email=t@example.com",
        "-c",
        "core.autocrlf=false",
      ];
      return execFileSync("git", [...identity, ...args], {
        cwd: directory,
        encoding: "utf8",
        stdio: ["pipe", "pipe", "pipe"],
      });
    },
  };
  for (const [name, content] of Object.entries(files)) workspace.write(name, content);
  return workspace;
}

/** A workspace that is a git repository in which these files are committed. */
export function createRepository(files: Readonly<Record<string, string | Uint8Array>>): Workspace {
  const workspace = createWorkspace(files);
  workspace.git("init", "-q");
  workspace.git("add", "-A");
  workspace.git("commit", "-qm", "start");
  return workspace;
}

/**
 * A transform that names the stage of a golang image. A comment in the file has it do something else: `# guess` makes the
 * change one of safety `review`, `# stop` refuses, `# throw` throws.
 */
export const namingTransform = `
export const meta = {
  name: "name-stage",
  description: "names the stage",
  options: { stage: { flag: "--stage-name", value: "name", description: "the name of the stage" } },
  reasons: {
    "stage-named": { kind: "change", message: "the stage has a name", page: "." },
    "name-guessed": { kind: "assumption", message: "the name is a guess", remedy: "Look at it.", page: "." },
    "stop-said": { kind: "refusal", message: "the file says stop", remedy: "Remove the comment.", page: "." },
    "no-golang": { kind: "unchanged", message: "there is no unnamed golang stage", page: "." },
  },
};

export default function transform(file, api, options) {
  if (file.source.includes("# throw")) throw new Error("thrown on purpose");
  const document = api.dockerfile(file);
  const from = document.find("FROM")[0];
  const lines = file.source.split(/(?<=\\n)/);
  const at = lines.findIndex((line) => /^\\ufeff?FROM golang\\S*\\r?\\n?$/.test(line));
  if (at < 0) return api.unchanged("no-golang", from);
  if (file.source.includes("# stop")) return api.refuse("stop-said", from);
  const start = lines.slice(0, at).join("").length + lines[at].trimEnd().length;
  const plan = api.plan(document).replace({ start, end: start }, " AS " + (options.stage ?? "builder"));
  plan.because("stage-named", from, { evidence: [{ path: "go.mod", line: 1, text: api.repository?.read("go.mod")?.split("\\n")[0] }] });
  if (file.source.includes("# guess")) plan.because("name-guessed", from);
  return plan.build();
}
`;

export const goDockerfile =
  'FROM golang:1.22\nWORKDIR /app\nCOPY . .\nRUN go build -o app .\nCMD ["./app"]\n';
