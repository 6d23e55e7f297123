import { join } from "node:path";
import { createContext, runInContext } from "node:vm";
import { rolldown } from "rolldown";
import { expect, test } from "vitest";

test("the main export migrates where there is no process, require, fs or console", async () => {
  const bundle = await rolldown({
    input: join(import.meta.dirname, "..", "src/index.ts"),
    platform: "browser",
    resolve: { mainFields: ["module", "main"] },
    logLevel: "silent",
  });
  const { output } = await bundle.generate({ format: "iife", name: "msbMigrate" });
  await bundle.close();
  expect(output).toHaveLength(1);
  expect(output[0].imports).toEqual([]);

  // A bare realm: what a browser's window has of it is put in by hand.
  const realm = createContext({ TextEncoder, TextDecoder, URL });
  const status: unknown = runInContext(
    `${output[0].code}
    const source = "FROM golang:1.22\\nWORKDIR /app\\nCOPY . .\\nRUN go build -o app .\\nCMD [\\"./app\\"]\\n";
    const repository = msbMigrate.repositoryOf({ "go.mod": "module example.com/app\\n", "main.go": "package main\\n\\nfunc main() {}\\n" });
    const outcome = msbMigrate.migrate({ path: "Dockerfile", source }, { transforms: msbMigrate.builtInTransforms, repository });
    outcome.status + " " + outcome.safety;`,
    realm,
  );
  expect(status).toBe("changed safe");
});
