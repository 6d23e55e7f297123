import { describe, expect, test } from "vitest";
import { likelyPackageOfBin, packageOfBin } from "../../src/javascript/package-bins.ts";

function packageAmong(name: string, ...known: string[]): string | undefined {
  return packageOfBin(name, new Set(known));
}

describe("the package that brings a command", () => {
  test("has another name", () => {
    expect(packageAmong("tsc", "typescript", "express")).toBe("typescript");
    expect(packageAmong("pm2-runtime", "pm2")).toBe("pm2");
    expect(packageAmong("run-s", "npm-run-all")).toBe("npm-run-all");
    expect(packageAmong("nest", "@nestjs/cli", "@nestjs/core")).toBe("@nestjs/cli");
    expect(packageAmong("sequelize", "sequelize", "sequelize-cli")).toBe("sequelize-cli");
  });

  test("is the one of several that is installed", () => {
    expect(packageAmong("babel", "babel-cli")).toBe("babel-cli");
    expect(packageAmong("babel-node", "@babel/node", "@babel/cli")).toBe("@babel/node");
    expect(packageAmong("strapi", "strapi")).toBe("strapi");
    expect(packageAmong("webpack", "webpack")).toBe("webpack");
  });

  test("has the command's name, or that behind its scope", () => {
    expect(packageAmong("next", "next", "react")).toBe("next");
    expect(packageAmong("knex", "@our/knex")).toBe("@our/knex");
  });

  test("is none where the name is only alike", () => {
    expect(packageAmong("tsc", "express")).toBeUndefined();
    expect(packageAmong("vue", "vue")).toBeUndefined();
    expect(packageAmong("sequelize", "sequelize")).toBeUndefined();
    expect(packageAmong("mocha", "@types/mocha")).toBeUndefined();
    expect(packageAmong("cli", "@a/cli", "@b/cli")).toBeUndefined();
    expect(packageAmong("constructor", "express")).toBeUndefined();
  });

  test("can be told without any", () => {
    expect(likelyPackageOfBin("tsc")).toBe("typescript");
    expect(likelyPackageOfBin("knex")).toBe("knex");
  });
});
