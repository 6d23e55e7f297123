#!/usr/bin/env node
import module from "node:module";

// Node.js 22.8 and later keep what they compiled; 20 has no such thing.
module.enableCompileCache?.();
await import("../dist/cli.js");
