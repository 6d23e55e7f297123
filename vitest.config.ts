import { defineConfig } from "vitest/config";

/** The tests that need nothing but this folder; those with a real engine are in vitest.e2e.config.ts. */
export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/e2e/**"],
    testTimeout: 30_000,
  },
});
