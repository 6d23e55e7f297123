import type { Evidence } from "../core/outcome.ts";
import type { Repository } from "../core/repository.ts";

const COMPOSE_FILE = /^(?:docker-)?compose(?:[.-][\w.-]+)?\.ya?ml$/;

/**
 * Lines of compose files that start something else than the image says (`command:`, `entrypoint:`) in a service that is
 * built, or that set TZ for one. They hold for the image as it is, and a smaller one may lack what they use.
 *
 * Compose files are read by their indentation only: enough to find the keys of a service, whatever their values.
 * Source: https://docs.docker.com/reference/compose-file/services/
 *
 * @param directories where to look: the repository's root, the build context, the Dockerfile's directory
 */
export function composeStarts(
  repository: Repository,
  directories: readonly string[],
  context: string,
): Evidence[] {
  const found: Evidence[] = [];
  for (const directory of new Set(directories)) {
    for (const { name, kind } of repository.list(directory) ?? []) {
      if (kind === "directory" || !COMPOSE_FILE.test(name)) continue;
      const path = directory === "" ? name : `${directory}/${name}`;
      found.push(...startsOf(repository.read(path) ?? "", path, directory, context));
    }
  }
  return found;
}

function startsOf(text: string, path: string, directory: string, context: string): Evidence[] {
  const found: Evidence[] = [];
  let service: { indent: number; builds: boolean; starts: Evidence[] } | undefined;
  let servicesIndent = -1;
  const close = (): void => {
    if (service?.builds) found.push(...service.starts);
  };
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const match = /^(\s*)([\w.-]+)\s*:(.*)$/.exec(line);
    if (!match || line.trim().startsWith("#")) continue;
    const [, blanks = "", key = "", rest = ""] = match;
    const indent = blanks.length;
    if (indent === 0) {
      close();
      service = undefined;
      servicesIndent = key === "services" ? 0 : -1;
    } else if (servicesIndent === 0 && (!service || indent <= service.indent)) {
      close();
      service = { indent, builds: false, starts: [] };
    } else if (service && key === "build")
      service.builds = rest.trim() === "" || isSame(directory, rest, context);
    else if (service && key === "context") service.builds = isSame(directory, rest, context);
    else if (service && (key === "command" || key === "entrypoint"))
      service.starts.push({ path, line: index + 1, text: line.trim() });
  }
  close();
  return found;
}

/** Whether a build's directory, as a compose file has it, is the context. */
function isSame(directory: string, value: string, context: string): boolean {
  const written = value
    .trim()
    .replace(/^["']|["']$/g, "")
    .replace(/\s+#.*$/, "");
  const parts: string[] = directory === "" ? [] : directory.split("/");
  for (const part of written.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts.join("/") === context;
}
