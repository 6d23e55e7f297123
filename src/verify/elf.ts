/** What of an executable's ELF headers decides whether it starts. Source: the System V ABI, https://refspecs.linuxfoundation.org/elf/gabi4+/contents.html */
export interface ElfHeader {
  readonly bits: 32 | 64;
  /** `e_machine`: 62 is x86-64, 183 is AArch64. */
  readonly machine: number;
  /** The dynamic loader the program asks for; `undefined` for a static one. */
  readonly interpreter: string | undefined;
}

const PT_INTERP = 3;

/**
 * Reads the beginning of a file.
 *
 * @returns `undefined` when it is no ELF file, or its interpreter's name lies behind what is given
 */
export function readElf(head: Uint8Array): ElfHeader | undefined {
  if (
    head.length < 64 ||
    head[0] !== 0x7f ||
    head[1] !== 0x45 ||
    head[2] !== 0x4c ||
    head[3] !== 0x46
  )
    return undefined;
  const bits = head[4] === 2 ? 64 : 32;
  const little = head[5] !== 2;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const word = (at: number) =>
    bits === 64 ? Number(view.getBigUint64(at, little)) : view.getUint32(at, little);
  const machine = view.getUint16(18, little);
  const tableStart = word(bits === 64 ? 32 : 28);
  const entrySize = view.getUint16(bits === 64 ? 54 : 42, little);
  const entries = view.getUint16(bits === 64 ? 56 : 44, little);
  for (let index = 0; index < entries; index++) {
    const at = tableStart + index * entrySize;
    if (at + entrySize > head.length || entrySize < 32) return undefined;
    if (view.getUint32(at, little) !== PT_INTERP) continue;
    const start = word(at + (bits === 64 ? 8 : 4));
    const end = start + word(at + (bits === 64 ? 32 : 16));
    if (end > head.length) return undefined;
    const name = new TextDecoder().decode(head.subarray(start, end));
    return { bits, machine, interpreter: name.replace(/\0.*$/s, "") };
  }
  return { bits, machine, interpreter: undefined };
}
