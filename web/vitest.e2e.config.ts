import { defineConfig } from "vitest/config";

// Browser tests run against a real server: its address and an administrator's
// credentials come from the environment (see e2e/browser.ts).
export default defineConfig({
  test: {
    environment: "node",
    include: ["e2e/**/*.test.ts"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    fileParallelism: false,
    retry: 0,
  },
});
