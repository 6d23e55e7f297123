/** A zip archive of uncompressed entries, the only kind that Go's time package reads (https://pkg.go.dev/time#LoadLocation). */

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value >>> 0;
});

function crc32(content) {
  let value = 0xffffffff;
  for (const byte of content) value = (value >>> 8) ^ CRC_TABLE[(value ^ byte) & 0xff];
  return ~value >>> 0;
}

const DATE_1980_01_01 = 0x21;

/**
 * @param {{ name: string, content: Buffer }[]} entries
 * @returns {Buffer}
 */
export function storedZip(entries) {
  const files = [];
  const directory = [];
  let offset = 0;
  for (const { name, content } of entries) {
    const common = Buffer.alloc(26); // from "version needed" to "extra length", the same in both records
    common.writeUInt16LE(10, 0);
    common.writeUInt16LE(DATE_1980_01_01, 8);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(content.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(Buffer.byteLength(name), 22);
    const rest = Buffer.alloc(14); // comment length, disk, attributes, offset of the file record
    rest.writeUInt32LE(offset, 10);
    files.push(Buffer.from("PK\x03\x04"), common, Buffer.from(name), content);
    directory.push(Buffer.from("PK\x01\x02\x0a\x00", "latin1"), common, rest, Buffer.from(name));
    offset += 4 + common.length + Buffer.byteLength(name) + content.length;
  }
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(Buffer.concat(directory).length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...files, ...directory, Buffer.from("PK\x05\x06"), end]);
}
