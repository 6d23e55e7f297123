/** What names of files and directories tell: data, and the rules for arguments. */
import { resolvePath } from "../core/path.ts";

/** What git and ssh look for. */
export const GIT_FILES =
  /\/\.(?:gitconfig|netrc|git-credentials|ssh)(?:\/|$)|^\/etc\/(?:gitconfig|ssh)/;

/** Files of /etc and the like that the migration brings itself, or that engines put into every container. */
export const PROVIDED_FILES =
  /^\/etc\/(?:ssl|hosts$|hostname$|resolv\.conf$|localtime$|timezone$|passwd$|group$)/;

/** Directories that hold more than what one COPY puts there. */
export const SHARED_DIRECTORIES = new Set([
  "/",
  "/etc",
  "/usr",
  "/usr/local",
  "/usr/share",
  "/var",
  "/var/lib",
  "/opt",
  "/home",
  "/root",
  "/bin",
  "/usr/bin",
  "/usr/local/bin",
  "/srv",
  "/tmp",
  "/go",
]);

/** Directories that hold the system or the toolchain: they are never copied whole. */
export const UNCOPIED_DIRECTORIES = new Set([
  ...SHARED_DIRECTORIES,
  "/go/src",
  "/go/bin",
  "/usr/local/go",
]);

/** Names of files and directories that hold no Go code. */
export function isAssetName(name: string): boolean {
  return (
    (/^(?:templates?|tmpl|views?|static|public|assets?|web|www|html|css|js|dist|build|frontend|client|ui|images?|img|fonts?|media|uploads?|data|db|migrations?|sql|schemas?|configs?|conf|config|etc|locales?|i18n|lang|languages|translations|certs?|keys|secrets|docs|swagger|resources?|res|files|fixtures|seeds?|\.env.*)$/i.test(
      name,
    ) ||
      /\.(?:html?|tmpl|gohtml|tpl|css|js|json|ya?ml|toml|ini|conf|cfg|env|properties|xml|txt|csv|sql|db|sqlite3?|pem|crt|key|png|jpe?g|gif|svg|ico|ttf|woff2?|mmdb|dat)$/i.test(
        name,
      )) &&
    !/^(?:package(?:-lock)?\.json|tsconfig\.json|docker-compose.*|\.golangci.*|Gopkg\.toml|glide\.ya?ml|README.*|LICENSE.*)$/i.test(
      name,
    )
  );
}

/** An argument that names a file: it holds a slash, or ends like a file of configuration. */
export function namedPath(
  argument: string,
  workingDirectory: string | undefined,
): string | undefined {
  const value = argument.replace(/^--?[\w.-]+=/, "");
  if (value === "" || value.startsWith("-") || /^[a-z][a-z0-9+.-]*:\/\//i.test(value))
    return undefined;
  if (
    !value.includes("/") &&
    !/\.(?:ya?ml|json|toml|ini|conf|cfg|env|properties|xml|txt|tmpl|html|sql|db|pem|crt|key|hcl|csv)$/i.test(
      value,
    )
  )
    return undefined;
  return resolvePath(workingDirectory, value);
}

/** A file of settings or secrets, which people keep out of git and copy all the same. */
export function isSettingsFile(path: string): boolean {
  return (
    /^[\w@%+=:,./~-]+$/.test(path) &&
    /(?:^|\/)\.env[\w.-]*$|\.(?:ya?ml|json|toml|ini|conf|cfg|env|properties|pem|crt|key|p12|sqlite3?|db)$/.test(
      path,
    )
  );
}
