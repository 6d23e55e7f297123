import { resolvePath } from "../../core/path.ts";
import type { RefusedServer, SiteHeader, SiteRedirect, StaticSite } from "../static-site.ts";
import { refusedConfiguration } from "./answers.ts";
import { lineOf, recordsOf, type JsonFile, type JsonRecord } from "./json-file.ts";
import { findConfiguration, type ServeRequest } from "./serve-configuration-file.ts";
import { pathExpression } from "./path-pattern.ts";
import type { ServerCall } from "./server-rule.ts";

/**
 * What `serve.json` and its like say. Sources: https://github.com/vercel/serve-handler#options, its `src/index.js`, and
 * `loadConfiguration` in vercel/serve.
 */
export type ServeAnswers = Pick<
  StaticSite,
  | "directory"
  | "fallback"
  | "missingFile"
  | "hasCleanUrls"
  | "directoryIndex"
  | "listsDirectories"
  | "headers"
  | "redirects"
  | "evidence"
>;

/** Matches every path, as serve-handler reads it: a star may stand for slashes. */
const everyPath = /^\/?\*{1,2}(?:\/\*{1,2})?$/;

/** Headers that nginx sets itself: another of the same name would stand beside it. */
const ownHeaders = new Set([
  "accept-ranges",
  "content-disposition",
  "content-encoding",
  "content-length",
  "content-type",
  "date",
  "etag",
  "last-modified",
  "server",
]);

export function readServeConfiguration(
  call: ServerCall,
  request: ServeRequest,
): ServeAnswers | RefusedServer {
  const found = findConfiguration(call, request);
  if (found === undefined) return answersOf({}, call, request, undefined);
  if ("kind" in found) return found;
  const { value, path, text } = found;
  return answersOf(value, call, request, { path, text });
}

/** Keys that have no say in what nginx does by itself. */
const passedOver = new Set([
  "$schema",
  "etag",
  "symlinks",
  "unlisted",
  "public",
  "directoryListing",
]);

function answersOf(
  value: JsonRecord,
  call: ServerCall,
  { directory, isSingle }: ServeRequest,
  file: JsonFile | undefined,
): ServeAnswers | RefusedServer {
  const evidence = file ? [{ path: file.path, line: 1 }] : [];
  const read = {
    isIndex: isSingle,
    hasCleanUrls: true,
    headers: [] as SiteHeader[],
    redirects: [] as SiteRedirect[],
  };
  for (const [key, held] of Object.entries(value)) {
    if (passedOver.has(key)) continue;
    const isUnderstood = keyReaders[key]?.(held, read) ?? false;
    if (!isUnderstood)
      return refusedConfiguration(call.server, key, file ? [lineOf(file, key)] : []);
  }
  // Without both, serve-handler shows the list of files even where there is an index.html.
  if (!read.hasCleanUrls && !read.isIndex)
    return refusedConfiguration(call.server, "cleanUrls", file ? [lineOf(file, "cleanUrls")] : []);
  const folder = value["public"];
  if (folder !== undefined && typeof folder !== "string")
    return refusedConfiguration(call.server, "public", file ? [lineOf(file, "public")] : []);
  return {
    directory: folder === undefined ? directory : (resolvePath(directory, folder) ?? directory),
    fallback: read.isIndex ? "index" : "not-found",
    missingFile: read.isIndex ? "index" : "not-found",
    // A path without an extension is rewritten before anything is looked for under it.
    hasCleanUrls: !read.isIndex && read.hasCleanUrls,
    directoryIndex: read.isIndex ? "none" : "direct",
    listsDirectories: !read.isIndex && value["directoryListing"] !== false,
    headers: read.headers,
    redirects: read.redirects,
    evidence,
  };
}

interface Reading {
  isIndex: boolean;
  hasCleanUrls: boolean;
  readonly headers: SiteHeader[];
  readonly redirects: SiteRedirect[];
}

/** Takes a key's value over; `false` when nginx would not do the same. */
const keyReaders: Readonly<Record<string, (held: unknown, read: Reading) => boolean>> = {
  rewrites(held, read) {
    // Each rule is applied to what the one before it gave, so that only those that all mean the same are plain.
    const isPlain = recordsOf(held)?.every(
      ({ source, destination }) =>
        typeof source === "string" &&
        everyPath.test(source) &&
        (destination === "/index.html" || destination === "index.html"),
    );
    if (isPlain && recordsOf(held)!.length > 0) read.isIndex = true;
    return isPlain ?? false;
  },
  cleanUrls(held, read) {
    if (typeof held === "boolean") read.hasCleanUrls = held;
    return typeof held === "boolean";
  },
  renderSingle: (held) => held === false,
  headers(held, read) {
    for (const rule of recordsOf(held) ?? [{}]) {
      const { source } = rule;
      if (typeof source !== "string") return false;
      const paths =
        everyPath.test(source) && source.includes("**") ? undefined : pathExpression(source);
      if (paths === null) return false;
      for (const { key, value } of recordsOf(rule["headers"]) ?? [{}]) {
        if (typeof key !== "string" || typeof value !== "string") return false;
        // nginx would take a `$` for a variable.
        if (ownHeaders.has(key.toLowerCase()) || !/^[\w-]+$/.test(key) || /[$\n]/.test(value))
          return false;
        read.headers.push({ name: key, value, isAlways: true, paths });
      }
    }
    return true;
  },
  redirects(held, read) {
    for (const { source, destination, type = 301 } of recordsOf(held) ?? [{}]) {
      if (typeof source !== "string" || !/^\/?[\w./-]+$/.test(source)) return false;
      if (
        typeof destination !== "string" ||
        !/^(?:https?:\/\/|\/)?[\w./?&=%-]+(?::\d+)?[\w./?&=%-]*$/.test(destination)
      )
        return false;
      if (typeof type !== "number" || ![301, 302, 303, 307, 308].includes(type)) return false;
      const isWhole = /^https?:/.test(destination);
      read.redirects.push({
        path: slashed(source),
        target: isWhole ? destination : slashed(destination),
        status: type,
      });
    }
    return true;
  },
};

function slashed(path: string): string {
  return path.startsWith("/") ? path : `/${path}`;
}
