import { developmentServers } from "./development-servers.ts";
import { httpServers } from "./http-server.ts";
import { liveServer } from "./live-server.ts";
import { oldServe, serve } from "./serve.ts";
import type { ServerRule } from "./server-rule.ts";
import { sirv } from "./sirv.ts";
import { smallServers } from "./small-servers.ts";

/** Every server that is known; of those with one name the first that fits is taken. */
export const serverRules: readonly ServerRule[] = [
  serve,
  oldServe,
  ...httpServers,
  sirv,
  liveServer,
  ...smallServers,
  ...developmentServers,
];
