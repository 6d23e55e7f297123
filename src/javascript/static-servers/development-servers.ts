import { refusedOption } from "./answers.ts";
import { buildToolServers } from "./build-tool-servers.ts";
import { readFrameworkServer } from "./framework-server.ts";
import type { ServerRule } from "./server-rule.ts";
import { siteGeneratorServers } from "./site-generator-servers.ts";

/** Servers that come with a framework: those that show the last build, and those that build as they go. */
export const developmentServers: readonly ServerRule[] = [
  ...buildToolServers,
  ...siteGeneratorServers,
].map((entry) => ({
  ...entry,
  read(call) {
    const other = entry.takesEntries ? undefined : call.positionals[0];
    return other === undefined
      ? readFrameworkServer(call, entry)
      : refusedOption(entry.server, other);
  },
}));
