/**
 * What the official nginx images hold: they are built with every module of nginx's own that needs no other library, and come with
 * a few to be loaded. Sources: https://github.com/nginx/docker-nginx (`modules/`, `mainline/alpine/Dockerfile`),
 * https://nginx.org/en/docs/ (each module's page), https://nginx.org/en/CHANGES
 */

/** Modules that lie in `/usr/lib/nginx/modules` of `nginx:alpine` and `nginx`, not of the slim ones. */
export const bundledModules: ReadonlySet<string> = new Set([
  "ngx_http_geoip_module.so",
  "ngx_http_image_filter_module.so",
  "ngx_http_js_module.so",
  "ngx_http_xslt_filter_module.so",
  "ngx_stream_geoip_module.so",
  "ngx_stream_js_module.so",
]);

/** Directives of modules that are not there, by what the name looks like. */
export const foreignDirectives: readonly { readonly name: RegExp; readonly module: string }[] = [
  { name: /^lua_|_by_lua(?:_file|_block)?$/, module: "lua" },
  { name: /^brotli(?:_|$)/, module: "brotli" },
  { name: /^zstd(?:_|$)/, module: "zstd" },
  { name: /^more_(?:set|clear)_(?:input_)?headers$/, module: "headers-more" },
  { name: /^nchan_/, module: "nchan" },
  { name: /^push_stream_/, module: "push-stream" },
  { name: /^(?:rtmp|rtmp_.+|hls|hls_.+)$/, module: "rtmp" },
  { name: /^pagespeed$/, module: "pagespeed" },
  { name: /^(?:modsecurity(?:_.+)?|ModSecurity\w+)$/, module: "modsecurity" },
  { name: /^vhost_traffic_status/, module: "vts" },
  { name: /^subs_filter/, module: "substitutions" },
  { name: /^fancyindex/, module: "fancyindex" },
  { name: /^echo(?:_|$)/, module: "echo" },
  {
    name: /^set_(?:un)?escape_uri$|^set_(?:md5|sha1|random|formatted_\w+|hashed_\w+|if_empty)$/,
    module: "set-misc",
  },
  { name: /^redis2?_/, module: "redis" },
  { name: /^passenger_/, module: "passenger" },
  { name: /^geoip2/, module: "geoip2" },
  { name: /^\w+_cache_purge$|^cache_purge/, module: "cache-purge" },
  {
    name: /^(?:dav_ext_|auth_pam|auth_ldap|auth_jwt|auth_digest|upload_|xss_|opentracing|vod)/,
    module: "third party",
  },
];

/** Modules that are there, but only for those who load them. */
export const loadedDirectives: readonly { readonly name: RegExp; readonly module: string }[] = [
  { name: /^js_/, module: "ngx_http_js_module.so" },
  { name: /^geoip_/, module: "ngx_http_geoip_module.so" },
  { name: /^image_filter/, module: "ngx_http_image_filter_module.so" },
  { name: /^xslt_|^xml_entities$/, module: "ngx_http_xslt_filter_module.so" },
  { name: /^perl(?:_|$)/, module: "ngx_http_perl_module.so" },
];

/** Directives that newer versions do not take any more, and the version that they went with. */
export const removedDirectives: Readonly<Record<string, string>> = {
  ssl: "1.25.1",
  spdy_chunk_size: "1.9.5",
  spdy_headers_comp: "1.9.5",
  limit_zone: "1.7.6",
  so_keepalive: "1.5.0",
};
