import { defineConfig } from "vitest/config";

/** The tests against a real container engine: `npm run test:e2e`. */
export default defineConfig({
  test: {
    include: ["test/e2e/**/*.test.ts"],
    globalSetup: ["test/e2e/start-engine.ts"],
    // Builds are what takes the time, and two of them use two cores; the files come one after the other.
    maxConcurrency: 2,
    fileParallelism: false,
    // One line for each test as it ends: the whole takes minutes.
    reporters: ["verbose"],
    // A real engine on a busy machine now and then misses a deadline; a test that fails twice is broken.
    retry: 1,
    testTimeout: 300_000,
    hookTimeout: 600_000,
  },
});
