/**
 * The stand-ins as data: the layers of each image and its configuration, as the official image has it. The fields are those
 * of the OCI image configuration (https://github.com/opencontainers/image-spec/blob/main/config.md); tags.txt names the images.
 */

const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** @param {Record<'GOLANG_VERSION' | 'NGINX_VERSION' | 'NODE_VERSION' | 'YARN_VERSION', string>} versions */
export function images({ GOLANG_VERSION, NGINX_VERSION, NODE_VERSION, YARN_VERSION }) {
  const golang = {
    Env: [
      `PATH=/go/bin:/usr/local/go/bin:${PATH}`,
      `GOLANG_VERSION=${GOLANG_VERSION}`,
      "GOTOOLCHAIN=local",
      "GOPATH=/go",
    ],
    WorkingDir: "/go",
  };
  const node = {
    Env: [`PATH=${PATH}`, `NODE_VERSION=${NODE_VERSION}`, `YARN_VERSION=${YARN_VERSION}`],
    Entrypoint: ["docker-entrypoint.sh"],
    Cmd: ["node"],
  };
  const nginx = {
    Env: [`PATH=${PATH}`, `NGINX_VERSION=${NGINX_VERSION}`],
    Entrypoint: ["/docker-entrypoint.sh"],
    Cmd: ["nginx", "-g", "daemon off;"],
    ExposedPorts: { "80/tcp": {} },
    StopSignal: "SIGQUIT",
  };
  const nginxUnprivileged = { ...nginx, ExposedPorts: { "8080/tcp": {} }, User: "101" };
  const distroless = {
    Env: [`PATH=${PATH}`, "SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt"],
    User: "0",
    WorkingDir: "/",
  };
  const nonroot = { User: "65532", WorkingDir: "/home/nonroot" };
  const nodejs = { Entrypoint: ["/nodejs/bin/node"] };
  const base = ["distroless-static", "distroless-base"];
  const cc = [...base, "distroless-cc"];

  return {
    alpine: { layers: ["alpine"], config: { Env: [`PATH=${PATH}`], Cmd: ["/bin/sh"] } },
    busybox: { layers: ["alpine"], config: { Env: [`PATH=${PATH}`], Cmd: ["sh"] } },
    debian: { layers: ["debian"], config: { Env: [`PATH=${PATH}`], Cmd: ["bash"] } },
    ubuntu: { layers: ["debian", "ubuntu"], config: { Env: [`PATH=${PATH}`], Cmd: ["/bin/bash"] } },
    golang: {
      layers: ["debian", "build-tools", "go", "go-cache"],
      config: { ...golang, Cmd: ["bash"] },
    },
    "golang-alpine": {
      layers: ["alpine", "go", "go-cache", "go-alpine"],
      config: { ...golang, Cmd: ["/bin/sh"] },
    },
    node: { layers: ["debian", "build-tools", "node-common", "node-debian"], config: node },
    "node-slim": { layers: ["debian", "node-common", "node-debian"], config: node },
    "node-alpine": { layers: ["alpine", "node-common", "node-alpine"], config: node },
    nginx: { layers: ["debian", "nginx-debian"], config: nginx },
    "nginx-alpine": { layers: ["alpine", "nginx-alpine"], config: nginx },
    "nginx-unprivileged": {
      layers: ["debian", "nginx-debian", "nginx-unprivileged"],
      config: nginxUnprivileged,
    },
    "nginx-unprivileged-alpine": {
      layers: ["alpine", "nginx-alpine", "nginx-unprivileged"],
      config: nginxUnprivileged,
    },
    "distroless-static": { layers: ["distroless-static"], config: distroless },
    "distroless-static-nonroot": {
      layers: ["distroless-static"],
      config: { ...distroless, ...nonroot },
    },
    "distroless-base": { layers: base, config: distroless },
    "distroless-base-nonroot": { layers: base, config: { ...distroless, ...nonroot } },
    "distroless-cc": { layers: cc, config: distroless },
    "distroless-cc-nonroot": { layers: cc, config: { ...distroless, ...nonroot } },
    "distroless-nodejs": {
      layers: [...cc, "distroless-nodejs"],
      config: { ...distroless, ...nodejs },
    },
    "distroless-nodejs-nonroot": {
      layers: [...cc, "distroless-nodejs"],
      config: { ...distroless, ...nodejs, ...nonroot },
    },
  };
}
