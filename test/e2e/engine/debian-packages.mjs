/** Debian packages as files: where they are, what they depend on, what they hold. Nothing is installed. */
import { execFile } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Dependencies that the programs run without, and that are large. */
const NEVER_NEEDED = new Set([
  "git-man",
  "install-info",
  "iproute2",
  "liberror-perl",
  "libperl5.36",
  "perl",
  "perl-modules-5.36",
  "libasan8",
  "libcc1-0",
  "libitm1",
  "liblsan0",
  "libquadmath0",
  "libtsan2",
  "libubsan1",
]);

/** The stanzas of a Packages file (https://wiki.debian.org/DebianRepository/Format), by package; of each field its first line. */
function readIndex(file) {
  return new Map(
    readFileSync(file, "utf8")
      .split("\n\n")
      .map((stanza) => {
        const fields = Object.fromEntries(
          [...stanza.matchAll(/^([\w-]+): (.*)$/gm)].map(([, name, value]) => [name, value]),
        );
        return [fields.Package, fields];
      }),
  );
}

/**
 * @param {string} folder holds .deb files, and the file Packages that describes them
 * @param {string} scratch where they are unpacked
 */
export function readPackages(folder, scratch) {
  const files = new Map(
    readdirSync(folder)
      .filter((file) => file.endsWith(".deb"))
      .map((file) => [file.split("_")[0], join(folder, file)]),
  );
  const index = readIndex(join(folder, "Packages"));
  const tars = new Map();

  function file(name) {
    const found = files.get(name);
    if (!found)
      throw new Error(`no package ${name} in ${folder}; add it to those that engine.sh fetches`);
    return found;
  }

  /** The direct dependencies of a package: of each list of alternatives the first one that was fetched. */
  function dependencies(name) {
    const { "Pre-Depends": before = "", Depends: after = "" } = index.get(name) ?? {};
    return `${before},${after}`
      .split(",")
      .map((alternatives) =>
        alternatives
          .split("|")
          .map((entry) => entry.trim().split(/[\s:(]/)[0])
          .find((entry) => files.has(entry)),
      )
      .filter((entry) => entry !== undefined);
  }

  return {
    /** The upstream part of a package's version. */
    version(name) {
      return index.get(name).Version.replace(/^\d+:/, "").replace(/-.*$/, "");
    },

    /** The named packages and all that they depend on, without those in `without`. */
    withDependencies(names, without = new Set()) {
      const found = new Set();
      const pending = [...names];
      for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
        if (found.has(name) || without.has(name) || NEVER_NEEDED.has(name)) continue;
        found.add(name);
        pending.push(...dependencies(name));
      }
      return found;
    },

    /** A tar file of what the package holds. Several roots unpack the same package, so it is decompressed once. */
    async tar(name) {
      if (!tars.has(name)) {
        mkdirSync(scratch, { recursive: true });
        const target = join(scratch, `${name}.tar`);
        tars.set(
          name,
          run("sh", ["-c", 'dpkg-deb --fsys-tarfile "$1" > "$2"', "tar", file(name), target]).then(
            () => target,
          ),
        );
      }
      return tars.get(name);
    },
  };
}
