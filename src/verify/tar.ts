/** A file of an image. Paths have no slash in front. */
export interface FileEntry {
  readonly path: string;
  readonly kind: "file" | "directory" | "symlink" | "other";
  /** In bytes. */
  readonly size: number;
  readonly mode: number;
  /** Where a symbolic link leads, as it is written there. */
  readonly target: string | undefined;
  /** The first bytes of a file with something to execute. */
  readonly head: Uint8Array | undefined;
}

const block = 512;
/** In bytes. Enough for the headers of an ELF file, and for where linkers put the interpreter's name. */
const headLength = 4096;

/**
 * Reads the headers of a tar stream: POSIX (ustar and pax) with the extensions of GNU tar, which is what engines write.
 * Source: https://www.gnu.org/software/tar/manual/html_node/Standard.html
 */
export async function* readTar(
  stream: AsyncIterable<Uint8Array>,
): AsyncGenerator<FileEntry, void, undefined> {
  const bytes = byteReader(stream);
  const links = new Map<string, FileEntry>();
  let long: { path?: string; target?: string; size?: number } = {};
  for (;;) {
    const header = await bytes.take(block);
    if (header.length < block) return;
    if (header[0] === 0) continue; // the end, or padding before it
    const size = long.size ?? numberAt(header, 124, 12);
    const type = String.fromCharCode(header[156]!);
    if (type === "L" || type === "K" || type === "x" || type === "g") {
      const text = await bytes.take(size);
      await bytes.skip(padding(size));
      if (type === "L") long.path = textOf(text);
      if (type === "K") long.target = textOf(text);
      if (type === "x") Object.assign(long, paxRecords(text));
      continue;
    }
    const path = normalized(long.path ?? pathOf(header));
    const target = long.target ?? textOf(header.subarray(157, 257));
    long = {};
    const mode = numberAt(header, 100, 8);
    const isFile = type === "0" || type === "\0" || type === "7";
    const data = isFile ? await bytes.take(Math.min(size, headLength)) : new Uint8Array();
    await bytes.skip(
      (isFile || type === "1" ? size - data.length : 0) + padding(isFile ? size : 0),
    );
    const linked = type === "1" ? links.get(normalized(target)) : undefined;
    const entry: FileEntry = {
      path,
      kind:
        isFile || linked ? "file" : type === "5" ? "directory" : type === "2" ? "symlink" : "other",
      size: linked ? 0 : size,
      mode,
      target: type === "2" ? target : undefined,
      head: linked?.head ?? (isFile && startsProgram(data) ? Uint8Array.from(data) : undefined),
    };
    if (entry.kind === "file" && entry.head) links.set(path, entry);
    yield entry;
  }
}

/** An ELF file or a script. */
function startsProgram(head: Uint8Array): boolean {
  return (
    (head[0] === 0x7f && head[1] === 0x45 && head[2] === 0x4c && head[3] === 0x46) ||
    (head[0] === 0x23 && head[1] === 0x21)
  );
}

function padding(size: number): number {
  return (block - (size % block)) % block;
}

function pathOf(header: Uint8Array): string {
  const name = textOf(header.subarray(0, 100));
  const isPosix = textOf(header.subarray(257, 263)) === "ustar";
  const prefix = isPosix ? textOf(header.subarray(345, 500)) : "";
  return prefix === "" ? name : `${prefix}/${name}`;
}

function normalized(path: string): string {
  return path.replace(/^(?:\.?\/)+/, "").replace(/\/+$/, "");
}

function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}

/** Octal digits, or with the first bit set a big-endian number. */
function numberAt(header: Uint8Array, start: number, length: number): number {
  if (header[start]! & 0x80) {
    let value = header[start]! & 0x7f;
    for (let index = start + 1; index < start + length; index++)
      value = value * 256 + header[index]!;
    return value;
  }
  return Number.parseInt(textOf(header.subarray(start, start + length)).trim() || "0", 8);
}

/** `LENGTH KEY=VALUE\n` each. */
function paxRecords(bytes: Uint8Array): { path?: string; target?: string; size?: number } {
  const found: { path?: string; target?: string; size?: number } = {};
  let at = 0;
  while (at < bytes.length) {
    const blank = bytes.indexOf(0x20, at);
    const length = blank < 0 ? 0 : Number(new TextDecoder().decode(bytes.subarray(at, blank)));
    if (!(length > 0)) break;
    const record = new TextDecoder().decode(bytes.subarray(blank + 1, at + length - 1));
    const equals = record.indexOf("=");
    const value = record.slice(equals + 1);
    const key = record.slice(0, equals);
    if (key === "path") found.path = value;
    if (key === "linkpath") found.target = value;
    if (key === "size") found.size = Number(value);
    at += length;
  }
  return found;
}

/** Reads exact numbers of bytes; fewer at the end of the stream. */
function byteReader(stream: AsyncIterable<Uint8Array>) {
  const chunks = stream[Symbol.asyncIterator]();
  let chunk: Uint8Array = new Uint8Array();
  async function next(): Promise<boolean> {
    const { done, value } = await chunks.next();
    chunk = done ? new Uint8Array() : value;
    return !done;
  }
  return {
    async take(length: number): Promise<Uint8Array> {
      if (chunk.length >= length) {
        const taken = chunk.subarray(0, length);
        chunk = chunk.subarray(length);
        return taken;
      }
      const taken = new Uint8Array(length);
      let filled = 0;
      while (filled < length) {
        if (chunk.length === 0 && !(await next())) break;
        const part = chunk.subarray(0, length - filled);
        taken.set(part, filled);
        filled += part.length;
        chunk = chunk.subarray(part.length);
      }
      return taken.subarray(0, filled);
    },
    async skip(length: number): Promise<void> {
      while (length > 0) {
        if (chunk.length === 0 && !(await next())) return;
        const part = Math.min(length, chunk.length);
        length -= part;
        chunk = chunk.subarray(part);
      }
    },
  };
}
