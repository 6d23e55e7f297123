#!/usr/bin/env node
/**
 * Prints an archive of stand-ins for `docker load` (https://github.com/moby/docker-image-spec/blob/main/v1.2.md).
 *
 *     image-archive.mjs BASES SHELF-PORT FIRST-LAYER | docker load
 *
 * BASES is the folder that make-bases.mjs wrote, FIRST-LAYER the layer that the wanted images begin with; archives of
 * different ones share nothing and can be loaded at the same time. An archive holds each layer once, however many images
 * have it, and brings all their names.
 */
import { createHash } from "node:crypto";
import { createReadStream, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";

import { images } from "./images.mjs";

const [bases, shelfPort, firstLayer] = process.argv.slice(2);
const here = dirname(resolve(process.argv[1]));

/** The header of one file in a tar archive (POSIX ustar). */
function tarHeader(name, size) {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write(
    `0000644\0${"0000000\0".repeat(2)}${size.toString(8).padStart(11, "0")}\x0000000000000\0${" ".repeat(8)}0`,
    100,
  );
  header.write("ustar\x0000", 257);
  header.write(
    `${header
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, "0")}\0`,
    148,
  );
  return header;
}

const padding = (size) => Buffer.alloc((512 - (size % 512)) % 512);
const tarFile = (name, content) =>
  Buffer.concat([tarHeader(name, content.length), content, padding(content.length)]);
const END_OF_TAR = Buffer.alloc(1024);

async function sha256(chunks) {
  const hash = createHash("sha256");
  for await (const chunk of chunks) hash.update(chunk);
  return hash.digest("hex");
}

function readTags() {
  const tags = {};
  for (const line of readFileSync(join(here, "tags.txt"), "utf8").split("\n")) {
    const [, image, names] = /^([\w-]+):\s+(.+)$/.exec(line) ?? [];
    if (image) (tags[image] ??= []).push(...names.trim().split(/\s+/));
  }
  return tags;
}

/** A layer that is the same for every image: where apt-get's and apk's stand-ins find their packages. */
const shelfLayer = Buffer.concat([
  tarFile("etc/stand-in-shelf-port", Buffer.from(`${shelfPort}\n`)),
  END_OF_TAR,
]);
const layerFile = (name) => join(bases, "layers", `${name}.tar`);

async function* archive() {
  const tags = readTags();
  const described = images(JSON.parse(readFileSync(join(bases, "versions.json"), "utf8")));
  const unknown = Object.keys(tags).filter((name) => !described[name]);
  if (unknown.length > 0)
    throw new Error(`tags.txt names images that images.mjs lacks: ${unknown.join(", ")}`);
  const wanted = Object.entries(described).filter(([, { layers }]) => layers[0] === firstLayer);
  const digests = new Map();
  for (const name of new Set(wanted.flatMap(([, { layers }]) => layers))) {
    digests.set(name, await sha256(createReadStream(layerFile(name), { highWaterMark: 1 << 20 })));
    const { size } = statSync(layerFile(name));
    yield tarHeader(`${name}.tar`, size);
    yield* createReadStream(layerFile(name), { highWaterMark: 1 << 20 });
    yield padding(size);
  }
  digests.set("shelf", await sha256([shelfLayer]));
  yield tarFile("shelf.tar", shelfLayer);

  const manifest = [];
  for (const [name, { layers, config }] of wanted) {
    if (!tags[name]) throw new Error(`tags.txt has no name for ${name}`);
    const all = name.startsWith("distroless") ? layers : [...layers, "shelf"];
    yield tarFile(
      `${name}.json`,
      Buffer.from(
        JSON.stringify({
          architecture: "amd64",
          os: "linux",
          created: "2024-01-01T00:00:00Z",
          config,
          rootfs: { type: "layers", diff_ids: all.map((layer) => `sha256:${digests.get(layer)}`) },
          history: all.map((layer) => ({
            created: "2024-01-01T00:00:00Z",
            created_by: `stand-in layer ${layer}`,
          })),
        }),
      ),
    );
    manifest.push({
      Config: `${name}.json`,
      RepoTags: tags[name],
      Layers: all.map((layer) => `${layer}.tar`),
    });
  }
  yield tarFile("manifest.json", Buffer.from(JSON.stringify(manifest)));
  yield END_OF_TAR;
}

await pipeline(archive, process.stdout);
