/** A socket that waits for connections, or a datagram socket that is bound to a port. */
export interface ListeningSocket {
  readonly protocol: "tcp" | "udp";
  readonly port: number;
  /** `loopback`: nothing outside of the container reaches it. */
  readonly scope: "any" | "loopback";
  /** An address inside the container that reaches it. */
  readonly address: string;
}

/** Socket states in /proc/net. Source: include/net/tcp_states.h of Linux. */
const TCP_LISTEN = "0A";
const UDP_UNCONNECTED = "07";

/** The kernel gives these to sockets that ask for no port of their own. Source: Documentation/networking/ip-sysctl.rst, ip_local_port_range. */
export const firstEphemeralPort = 32768;

/**
 * Reads what `/proc/net/tcp`, `tcp6`, `udp` and `udp6` say, one after the other; a header line begins each.
 *
 * @param tables by protocol
 */
export function listeningSockets(
  tables: readonly { readonly protocol: "tcp" | "udp"; readonly text: string }[],
): ListeningSocket[] {
  const found = new Map<string, ListeningSocket>();
  for (const { protocol, text } of tables) {
    for (const line of text.split("\n")) {
      const [, local = "", , state] = line.trim().split(/\s+/);
      const match = /^([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})$/.exec(local);
      if (!match || state !== (protocol === "tcp" ? TCP_LISTEN : UDP_UNCONNECTED)) continue;
      const port = Number.parseInt(match[2]!, 16);
      const isLoopback = isLoopbackAddress(match[1]!);
      const key = `${protocol} ${port}`;
      // One that is open to all hides one that is not.
      if (found.get(key)?.scope === "any") continue;
      found.set(key, {
        protocol,
        port,
        scope: isLoopback ? "loopback" : "any",
        address:
          isLoopback && match[1]!.length === 32 && !isMapped(match[1]!) ? "::1" : "127.0.0.1",
      });
    }
  }
  return [...found.values()].sort(
    (a, b) => a.port - b.port || (a.protocol < b.protocol ? -1 : a.protocol > b.protocol ? 1 : 0),
  );
}

/** Addresses stand there as 32-bit words in the machine's byte order, which is little-endian wherever containers run. */
function isLoopbackAddress(hex: string): boolean {
  if (hex.length === 8) return hex.endsWith("7F");
  return hex === "00000000000000000000000001000000" || (isMapped(hex) && hex.endsWith("7F"));
}

/** An IPv4 address in IPv6's form: `::ffff:127.0.0.1`. */
function isMapped(hex: string): boolean {
  return hex.startsWith("0000000000000000FFFF0000");
}
