import { expect, test } from "vitest";
import { listeningSockets } from "../../src/verify/sockets.ts";

const header =
  "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";
const row = (address: string, state: string) =>
  `   0: ${address} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100\n`;
const any6 = "0".repeat(32);
const loopback6 = "00000000000000000000000001000000";

test("a listening socket has its port, and who may reach it", () => {
  const tcp =
    header + row("00000000:1F90", "0A") + row("0100007F:0050", "0A") + row("0100007F:C350", "01");
  const tcp6 =
    header +
    row(`${any6}:0BB8`, "0A") +
    row(`${loopback6}:0FA0`, "0A") +
    row("0000000000000000FFFF00000100007F:0FA1", "0A");
  expect(
    listeningSockets([
      { protocol: "tcp", text: tcp },
      { protocol: "tcp", text: tcp6 },
    ]),
  ).toEqual([
    { protocol: "tcp", port: 80, scope: "loopback", address: "127.0.0.1" },
    { protocol: "tcp", port: 3000, scope: "any", address: "127.0.0.1" },
    { protocol: "tcp", port: 4000, scope: "loopback", address: "::1" },
    { protocol: "tcp", port: 4001, scope: "loopback", address: "127.0.0.1" },
    { protocol: "tcp", port: 8080, scope: "any", address: "127.0.0.1" },
  ]);
});

test("one that all reach hides one of the same port that they don't", () => {
  const text = row("0100007F:1F90", "0A") + row("00000000:1F90", "0A") + row("0100007F:1F90", "0A");
  expect(listeningSockets([{ protocol: "tcp", text }])).toMatchObject([
    { port: 8080, scope: "any" },
  ]);
});

test("a datagram socket counts when it is bound and not connected", () => {
  const text = row("00000000:0035", "07") + row("00000000:0036", "01");
  expect(listeningSockets([{ protocol: "udp", text }])).toMatchObject([
    { protocol: "udp", port: 53 },
  ]);
});

test("no table, no sockets", () => {
  expect(listeningSockets([{ protocol: "tcp", text: "" }])).toEqual([]);
});
