import { describe, expect, it } from "vitest";
import {
  GOLANG_DEBIAN_PROGRAMS,
  packageOf,
  programsOfPackage,
  SYSTEM_PROGRAMS,
} from "../../src/stages/system-programs.ts";

const entries = Object.entries(SYSTEM_PROGRAMS);

describe("the table of programs", () => {
  it("has the programs that scripts and services start", () => {
    expect(entries.length).toBeGreaterThan(900);
  });

  it("names programs as they stand on PATH", () => {
    expect(entries.map(([name]) => name).filter((name) => !/^[\w.+[-]+$/.test(name))).toEqual([]);
  });

  it("names packages as the distributions do, in small letters", () => {
    const packages = entries.flatMap(([, { alpine, debian }]) => [alpine, debian]);
    expect(
      packages.filter((name) => name !== undefined && !/^[a-z0-9][a-z0-9+._-]+$/.test(name)),
    ).toEqual([]);
  });

  it("has a package in at least one distribution for each", () => {
    expect(entries.filter(([, { alpine, debian }]) => !alpine && !debian)).toEqual([]);
  });

  it("takes only programs of alpine's own base for portable", () => {
    expect(entries.filter(([, one]) => one.isPortable && one.alpine !== "base")).toEqual([]);
  });

  it("gives each program to the package that it names", () => {
    const wrong = entries.flatMap(([program, { alpine, debian }]) =>
      [alpine, debian].filter(
        (name) =>
          name !== undefined && name !== "base" && !programsOfPackage(name).includes(program),
      ),
    );
    expect(wrong).toEqual([]);
  });
});

describe("a small base image", () => {
  it.each(["sh", "cat", "cp", "mkdir", "sleep", "env", "id", "tail", "test", "["])(
    "runs %s the same way on alpine as on Debian",
    (program) => {
      expect(SYSTEM_PROGRAMS[program]).toEqual({
        alpine: "base",
        debian: "base",
        isPortable: true,
      });
    },
  );

  it.each(["grep", "sed", "awk", "find", "date", "xargs", "tar", "sort", "base64", "timeout"])(
    "has %s, whose GNU options alpine's lacks",
    (program) => {
      expect(SYSTEM_PROGRAMS[program]).toEqual({ alpine: "base", debian: "base" });
    },
  );

  it.each(["ps", "ping", "ip", "wget", "nc", "unzip", "free", "less", "kill", "bzip2", "killall"])(
    "has %s on alpine, and on Debian only with a package",
    (program) => {
      expect(packageOf(program, "alpine")).toBe("base");
      expect(packageOf(program, "debian")).not.toBe("base");
    },
  );

  it.each(["bash", "perl", "useradd", "who", "numfmt", "lsblk", "runuser"])(
    "has %s on Debian, and not on alpine",
    (program) => {
      expect(packageOf(program, "debian")).toBe("base");
      expect(packageOf(program, "alpine")).not.toBe("base");
    },
  );
});

it.each([
  ["curl", "curl", "curl"],
  ["ssh", "openssh-client", "openssh-client"],
  ["ssh-keygen", "openssh-keygen", "openssh-client"],
  ["pg_dump", "postgresql-client", "postgresql-client"],
  ["mysqldump", "mariadb-client", "default-mysql-client"],
  ["redis-cli", "redis", "redis-tools"],
  ["sqlite3", "sqlite", "sqlite3"],
  ["ffprobe", "ffmpeg", "ffmpeg"],
  ["convert", "imagemagick", "imagemagick"],
  ["pdftotext", "poppler-utils", "poppler-utils"],
  ["dig", "bind-tools", "bind9-dnsutils"],
  ["ps", "base", "procps"],
  ["ss", "iproute2", "iproute2"],
  ["telnet", "busybox-extras", "telnet"],
  ["gpg", "gnupg", "gnupg"],
  ["envsubst", "gettext", "gettext-base"],
  ["exiftool", "exiftool", "libimage-exiftool-perl"],
  ["setcap", "libcap", "libcap2-bin"],
  ["dot", "graphviz", "graphviz"],
  ["chattr", "e2fsprogs-extra", "e2fsprogs"],
  ["su-exec", "su-exec", undefined],
  ["crond", "base", undefined],
  ["google-chrome", undefined, undefined],
  ["terraform", undefined, undefined],
  ["constructor", undefined, undefined],
])("%s comes from %s on alpine and from %s on Debian", (program, alpine, debian) => {
  expect(packageOf(program, "alpine")).toBe(alpine);
  expect(packageOf(program, "debian")).toBe(debian);
});

it.each([
  ["docker", "bookworm", "docker.io"],
  ["docker", "trixie", "docker-cli"],
  ["wkhtmltopdf", "bookworm", "wkhtmltopdf"],
  ["wkhtmltopdf", "trixie", undefined],
  ["yt-dlp", "bullseye", undefined],
  ["psql", "trixie", "postgresql-client"],
])("%s in Debian's %s comes from %s", (program, release, name) => {
  expect(packageOf(program, "debian", release)).toBe(name);
});

it("needs Debian's release where a program moved from package to package", () => {
  expect(packageOf("docker", "debian")).toBeUndefined();
});

describe("golang's Debian images", () => {
  it("bring programs that debian-slim lacks", () => {
    for (const name of ["git", "curl", "wget", "hg", "svn", "ssh", "gpg", "ps", "gcc", "openssl"])
      expect(GOLANG_DEBIAN_PROGRAMS.has(name), name).toBe(true);
    expect(
      [...GOLANG_DEBIAN_PROGRAMS].filter((name) => packageOf(name, "debian") === "base"),
    ).toEqual([]);
  });

  it("bring none that people install for themselves", () => {
    for (const name of ["jq", "unzip", "vim", "ping", "ip", "psql", "xz", "rsync"])
      expect(GOLANG_DEBIAN_PROGRAMS.has(name), name).toBe(false);
  });
});
