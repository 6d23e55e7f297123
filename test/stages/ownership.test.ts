import { expect, test } from "vitest";
import { readDocument, type Document } from "../../src/core/document.ts";
import { givesWrite, ownershipOf, type OwnerChange } from "../../src/stages/ownership.ts";

const [instruction] = (readDocument("FROM scratch\n") as Document).instructions;

function change(order: number, fields: Partial<OwnerChange>): OwnerChange {
  return {
    path: "/app",
    pattern: undefined,
    isRecursive: false,
    owner: undefined,
    mode: undefined,
    order,
    instruction: instruction!,
    ...fields,
  };
}

const born = { owner: "", order: 0 };

test("a path that nobody changed is root's", () => {
  expect(ownershipOf("/app", born, [])).toEqual({ owner: "", mode: undefined });
});

test("the user who makes a path owns it", () => {
  expect(ownershipOf("/app", { owner: "app", order: 3 }, []).owner).toBe("app");
});

test("chown counts for the path itself, and with -R for what is below", () => {
  expect(ownershipOf("/app", born, [change(1, { owner: "app:app" })]).owner).toBe("app:app");
  expect(ownershipOf("/app/data", born, [change(1, { owner: "app" })]).owner).toBe("");
  const recursive = change(1, { owner: "app", isRecursive: true });
  expect(ownershipOf("/app/data/log", born, [recursive]).owner).toBe("app");
});

test("a change before a path was made does not reach it", () => {
  const early = change(1, { owner: "app", isRecursive: true });
  expect(ownershipOf("/app/data", { owner: "", order: 2 }, [early]).owner).toBe("");
});

test("the last change counts, and chgrp keeps the user", () => {
  const changes = [change(1, { owner: "app:app" }), change(2, { owner: ":staff" })];
  expect(ownershipOf("/app", born, changes).owner).toBe("app:staff");
  expect(ownershipOf("/app", born, [...changes, change(3, { owner: "root:root" })]).owner).toBe("");
});

test.each([
  ["app:", "app:app"],
  ["app.staff", "app:staff"],
  ["1000:1000", "1000:1000"],
  ["0:0", ""],
])("chown %s gives %j", (written, owner) => {
  expect(ownershipOf("/app", born, [change(1, { owner: written })]).owner).toBe(owner);
});

test("a wildcard reaches what it matches, and what is below with -R", () => {
  const pattern = /^\/app\/[^/]*$/;
  expect(ownershipOf("/app/data", born, [change(1, { pattern, owner: "app" })]).owner).toBe("app");
  expect(ownershipOf("/app/data/x", born, [change(1, { pattern, owner: "app" })]).owner).toBe("");
  const recursive = change(1, { pattern, owner: "app", isRecursive: true });
  expect(ownershipOf("/app/data/x", born, [recursive]).owner).toBe("app");
});

test("the last mode is kept as it is written", () => {
  const changes = [change(1, { mode: "700" }), change(2, { mode: "g=u" })];
  expect(ownershipOf("/app", born, changes).mode).toBe("g=u");
});

test.each(["777", "1777", "775", "0770", "a+w", "ugo+rwx", "g+w", "g=u", "o=rwx", "u=rwx,g=rwx"])(
  "%s lets others write",
  (mode) => expect(givesWrite(mode)).toBe(true),
);

test.each(["755", "644", "0500", "+x", "u+w", "a+rx", "go-w", "u=rwx,go=rx"])(
  "%s lets nobody else write",
  (mode) => expect(givesWrite(mode)).toBe(false),
);
