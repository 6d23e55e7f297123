/** The whole configuration of a built image, the base image's defaults included. */
export interface ImageConfiguration {
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** `8080/tcp`, sorted. */
  readonly exposedPorts: readonly string[];
  readonly volumes: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly user: string;
  readonly workingDirectory: string;
  /** The check with its times, as JSON. */
  readonly healthcheck: string | undefined;
  readonly stopSignal: string | undefined;
  readonly shell: readonly string[];
  readonly triggers: readonly string[];
  readonly maintainer: string;
}

/** The configuration as docker, podman and buildah give it in JSON (docker's image format, version 2). */
export interface RawConfiguration {
  readonly Entrypoint?: readonly string[] | null;
  readonly Cmd?: readonly string[] | null;
  readonly Env?: readonly string[] | null;
  readonly ExposedPorts?: Readonly<Record<string, unknown>> | null;
  readonly Volumes?: Readonly<Record<string, unknown>> | null;
  readonly Labels?: Readonly<Record<string, string>> | null;
  readonly User?: string;
  readonly WorkingDir?: string;
  readonly Healthcheck?: Readonly<Record<string, unknown>> | null;
  readonly StopSignal?: string | number;
  readonly Shell?: readonly string[] | null;
  readonly OnBuild?: readonly string[] | null;
}

/** Labels that the builder adds by itself. */
const builderLabels = new Set(["io.buildah.version"]);

export function imageConfiguration(raw: RawConfiguration, author = ""): ImageConfiguration {
  const environment: Record<string, string> = {};
  for (const pair of raw.Env ?? []) {
    const equals = pair.indexOf("=");
    environment[equals < 0 ? pair : pair.slice(0, equals)] =
      equals < 0 ? "" : pair.slice(equals + 1);
  }
  const labels = Object.entries(raw.Labels ?? {}).filter(([name]) => !builderLabels.has(name));
  return {
    entrypoint: raw.Entrypoint ?? [],
    command: raw.Cmd ?? [],
    environment,
    exposedPorts: Object.keys(raw.ExposedPorts ?? {}).sort(),
    volumes: Object.keys(raw.Volumes ?? {}).sort(),
    labels: Object.fromEntries(labels),
    user: raw.User ?? "",
    workingDirectory: raw.WorkingDir || "/",
    healthcheck: healthcheckText(raw.Healthcheck),
    stopSignal: raw.StopSignal === undefined ? undefined : String(raw.StopSignal) || undefined,
    shell: raw.Shell ?? [],
    triggers: raw.OnBuild ?? [],
    maintainer: author,
  };
}

function healthcheckText(raw: RawConfiguration["Healthcheck"]): string | undefined {
  if (!raw || !Array.isArray(raw["Test"])) return undefined;
  const times = ["Interval", "Timeout", "StartPeriod", "StartInterval", "Retries"];
  const set = times.filter((name) => raw[name]).map((name) => [name, raw[name]]);
  return JSON.stringify({ Test: raw["Test"], ...Object.fromEntries(set) });
}

/** A difference between two configurations, named as `contractDifferences` of the core names it. */
export interface ConfigurationDifference {
  /** `user`, `env:NAME`, `port:80/tcp`, … */
  readonly name: string;
  readonly kind: "lost" | "changed" | "gained";
  readonly before: string | undefined;
  readonly after: string | undefined;
}

export function configurationDifferences(
  before: ImageConfiguration,
  after: ImageConfiguration,
): ConfigurationDifference[] {
  const found: ConfigurationDifference[] = [];
  const compare = (name: string, own: string | undefined, other: string | undefined) => {
    if (own === other) return;
    const kind = own === undefined ? "gained" : other === undefined ? "lost" : "changed";
    found.push({ name, kind, before: own, after: other });
  };
  compare("entrypoint", list(before.entrypoint), list(after.entrypoint));
  compare("command", list(before.command), list(after.command));
  compareRecords("env", before.environment, after.environment, compare);
  compareSets("port", before.exposedPorts, after.exposedPorts, compare);
  compare("user", userName(before.user), userName(after.user));
  compare("workdir", before.workingDirectory, after.workingDirectory);
  compareSets("volume", before.volumes, after.volumes, compare);
  compareRecords("label", before.labels, after.labels, compare);
  compare("healthcheck", before.healthcheck, after.healthcheck);
  // SIGTERM is what a container gets when its image names none.
  compare("stopsignal", before.stopSignal ?? "SIGTERM", after.stopSignal ?? "SIGTERM");
  compare("shell", list(before.shell), list(after.shell));
  compare("onbuild", list(before.triggers), list(after.triggers));
  compare("maintainer", before.maintainer || undefined, after.maintainer || undefined);
  return found;
}

function list(words: readonly string[]): string | undefined {
  return words.length === 0 ? undefined : JSON.stringify(words);
}

function userName(user: string): string {
  return ["", "0", "root", "0:0", "root:root"].includes(user) ? "root" : user;
}

type Compare = (name: string, own: string | undefined, other: string | undefined) => void;

function compareRecords(
  kind: string,
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
  compare: Compare,
): void {
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    compare(`${kind}:${name}`, before[name], after[name]);
  }
}

function compareSets(
  kind: string,
  before: readonly string[],
  after: readonly string[],
  compare: Compare,
): void {
  for (const value of new Set([...before, ...after])) {
    const held = (values: readonly string[]) => (values.includes(value) ? value : undefined);
    compare(`${kind}:${value}`, held(before), held(after));
  }
}
