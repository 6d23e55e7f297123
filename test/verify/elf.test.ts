import { closeSync, openSync, readSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readElf } from "../../src/verify/elf.ts";

function headOf(file: string, length: number): Uint8Array {
  const head = new Uint8Array(length);
  const descriptor = openSync(file, "r");
  readSync(descriptor, head);
  closeSync(descriptor);
  return head;
}

/** A header with one program header of a type. */
function elf({
  bits,
  little = true,
  type,
  interpreter = "",
}: {
  bits: 32 | 64;
  little?: boolean;
  type: number;
  interpreter?: string;
}): Uint8Array {
  const bytes = new Uint8Array(512);
  const view = new DataView(bytes.buffer);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, bits === 64 ? 2 : 1, little ? 1 : 2]);
  view.setUint16(18, 183, little);
  const [table, entry, start, length] = bits === 64 ? [64, 56, 8, 32] : [52, 32, 4, 16];
  if (bits === 64) view.setBigUint64(32, BigInt(table), little);
  else view.setUint32(28, table, little);
  view.setUint16(bits === 64 ? 54 : 42, entry, little);
  view.setUint16(bits === 64 ? 56 : 44, 1, little);
  view.setUint32(table, type, little);
  const text = new TextEncoder().encode(`${interpreter}\0`);
  bytes.set(text, 300);
  if (bits === 64) {
    view.setBigUint64(table + start, 300n, little);
    view.setBigUint64(table + length, BigInt(text.length), little);
  } else {
    view.setUint32(table + start, 300, little);
    view.setUint32(table + length, text.length, little);
  }
  return bytes;
}

describe("the interpreter of an executable", () => {
  test.runIf(process.platform === "linux" && process.arch === "x64")(
    "is read from a real one",
    () => {
      expect(readElf(headOf(process.execPath, 4096))).toEqual({
        bits: 64,
        machine: 62,
        interpreter: "/lib64/ld-linux-x86-64.so.2",
      });
    },
  );

  test.each([
    { bits: 64, little: true },
    { bits: 64, little: false },
    { bits: 32, little: true },
    { bits: 32, little: false },
  ] as const)("is read with $bits bits, little-endian: $little", ({ bits, little }) => {
    const head = elf({ bits, little, type: 3, interpreter: "/lib/ld-musl-aarch64.so.1" });
    expect(readElf(head)).toEqual({ bits, machine: 183, interpreter: "/lib/ld-musl-aarch64.so.1" });
  });

  test("is none for a static one", () => {
    expect(readElf(elf({ bits: 64, type: 1 }))).toMatchObject({ interpreter: undefined });
  });

  test("is not known when the file is none, or the name lies further behind", () => {
    expect(readElf(new TextEncoder().encode("#!/bin/sh\n".padEnd(100)))).toBeUndefined();
    expect(
      readElf(elf({ bits: 64, type: 3, interpreter: "/lib/ld.so" }).subarray(0, 200)),
    ).toBeUndefined();
    expect(readElf(new Uint8Array())).toBeUndefined();
  });
});
