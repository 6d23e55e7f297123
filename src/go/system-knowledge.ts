/** What is known of systems that programs run on: data, with sources. */

/** Programs that go on as another user. */
export const SWITCHES_USER = new Set([
  "su-exec",
  "gosu",
  "su",
  "sudo",
  "setpriv",
  "runuser",
  "chroot",
  "chpst",
  "setuidgid",
  "s6-setuidgid",
  "runas",
  "chown",
]);

/** Directories of every distribution's base image; the innermost first. Source: https://refspecs.linuxfoundation.org/fhs.shtml */
export const STATE_DIRECTORIES = [
  "/var/log",
  "/var/lib",
  "/var/run",
  "/var/cache",
  "/var/tmp",
  "/run",
  "/tmp",
];
export const BASE_DIRECTORIES = [
  ...STATE_DIRECTORIES,
  "/root",
  "/srv",
  "/opt",
  "/mnt",
  "/home",
  "/usr/share",
  "/usr/local/share",
  "/usr/local/etc",
  "/etc",
];

/** Modules that look for files in the home directory. Sources: their documentation on pkg.go.dev. */
export const READS_HOME = [
  "github.com/mitchellh/go-homedir",
  "github.com/aws/aws-sdk-go",
  "github.com/aws/aws-sdk-go-v2/config",
  "k8s.io/client-go",
  "github.com/docker/docker",
  "github.com/docker/cli",
  "golang.org/x/oauth2/google",
  "cloud.google.com/go",
];
