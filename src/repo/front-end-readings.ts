import type { FrontEnd, FrontEndServer } from "./front-end-facts.ts";
import type { FrontEndPlace } from "./front-end-place.ts";
import type { FrameworkRule, FrontEndSituation } from "./front-end-rules.ts";
import type { JavaScriptValue } from "./javascript-values.ts";

/** What a framework's own reader works on: its rule, its configuration as a build sees it, and what the rule alone makes of them. */
export interface FrameworkReading {
  readonly place: FrontEndPlace;
  readonly rule: FrameworkRule;
  readonly mode: string;
  readonly configuration: JavaScriptValue | undefined;
  readonly buildCommands: readonly (readonly string[])[];
  /** By the rule alone. */
  readonly frontEnd: FrontEnd;
}

/** What the reader of a server works on. */
export interface ServerReading {
  /** Its command is the server's. */
  readonly place: FrontEndPlace;
  readonly configuration: JavaScriptValue | undefined;
  readonly situation: FrontEndSituation;
  /** By the rule alone. */
  readonly server: FrontEndServer;
}
