#!/bin/bash
# A private Docker engine with stand-in base images, for the end-to-end tests.
#
#   engine.sh start DIR   brings it up (downloads what is missing) and prints what to eval
#   engine.sh stop DIR    ends it; images and downloads stay in DIR for the next start
#   engine.sh env DIR     prints what to eval, starts nothing
#
# Needs Debian 12, root, apt-get, and a Node with its npm. Writes below DIR only and installs nothing on the machine.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# Debian 12's own docker (20.10) is too old for heredocs and COPY --link; the next Debian's runs on this one unchanged.
engine_suite=trixie
engine_packages=(docker.io docker-cli docker-buildx containerd)
userland_suite=bookworm
# runc and tini run on the machine itself, so they come from its suite; the rest is what make-bases.mjs asks for.
userland_packages=(
  runc tini
  adduser base-files base-passwd bash coreutils dash debianutils dpkg findutils grep gzip hostname libc-bin login mawk ncurses-base passwd
  perl-base sed sysvinit-utils tar tzdata util-linux
  curl gcc-12 git libc6-dev make openssl patch pkg-config procps unzip wget
  busybox-static gettext-base golang-1.19-go golang-1.19-src libsqlite3-dev libssl3 libstdc++6 nginx nginx-common
)

fail() { echo "engine.sh: $*" >&2; exit 1; }
usage() { sed -n '2,8s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2; }

started_at=$(date +%s%N)
report() { printf '%6d ms  %s\n' $(( ($(date +%s%N) - started_at) / 1000000 )) "$1" >&2; }

use_engine() {
  export PATH=$dir/engine/usr/sbin:$dir/engine/usr/bin:$PATH
  export DOCKER_HOST=unix://$dir/docker.sock DOCKER_CONFIG=$dir/docker-config DOCKER_BUILDKIT=1
}

print_environment() {
  printf 'export PATH=%q:$PATH DOCKER_HOST=%q DOCKER_CONFIG=%q DOCKER_BUILDKIT=1\n' "$dir/engine/usr/sbin:$dir/engine/usr/bin" \
    "unix://$dir/docker.sock" "$dir/docker-config"
}

answers() { docker version >/dev/null 2>&1; }

# Whether the process that a pid file names is alive and still ours: its command line names our folder.
runs() {
  local pid
  pid=$(cat "$1" 2>/dev/null) && [ -n "$pid" ] && tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -qF -- "$dir/"
}

end_process() {
  local pid
  if runs "$1"; then
    pid=$(cat "$1")
    kill "$pid" 2>/dev/null || true
    for _ in $(seq 200); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
    kill -9 "$pid" 2>/dev/null || true
  fi
  rm -f "$1"
}

# The pids that a killed daemon leaves behind: its own programs, and the processes of its containers and builds, which have
# an overlay from its folder as their root.
leftover_processes() {
  local pattern
  pattern=$(printf '%s' "$dir/data/" | sed 's/[][\.*^$+?(){}|]/\\&/g')
  { find /proc/[0-9]*/exe -maxdepth 0 -lname "$dir/engine/*" 2>/dev/null
    grep -lsE "^([^ ]+ ){4}/ .*upperdir=$pattern" /proc/[0-9]*/mountinfo
  } | cut -d/ -f3 | sort -u
}

# What lies under a mount first. mountinfo writes a space as \040.
leftover_mounts() {
  local mount
  awk '{ print $5 }' /proc/self/mountinfo | tac | while IFS= read -r mount; do
    printf -v mount '%b' "${mount//\\/\\0}"
    case $mount in "$dir"/*) printf '%s\n' "$mount" ;; esac
  done
}

remove_leftovers() {
  local pid mount
  for pid in $(leftover_processes); do kill -9 "$pid" 2>/dev/null || true; done
  for _ in $(seq 50); do [ -n "$(leftover_processes)" ] || break; sleep 0.1; done
  leftover_mounts | while IFS= read -r mount; do umount "$mount" 2>/dev/null || umount -l "$mount" 2>/dev/null || true; done
  rm -rf "$dir/exec"
  rm -f "$dir/docker.sock" "$dir/daemon.pid"
}

# apt-get or apt-cache with nothing of the machine's but its mirror and keys: get|cache SUITE ARGUMENT…
apt_scratch() {
  local program=apt-$1 state=$dir/apt/$2
  shift 2
  "$program" -qq -o Dir::State::lists="$state/lists" -o Dir::State::status="$state/status" -o Dir::Cache="$state/cache" \
    -o Dir::Etc::sourcelist="$state/sources.list" -o Dir::Etc::sourceparts=/dev/null -o Dir::Etc::preferencesparts=/dev/null \
    -o APT::Sandbox::User=root -o Acquire::Languages=none "$@"
}

# The machine's own Debian mirror, as apt knows it. Without downloaded lists apt knows none, so it is then asked again with some.
debian_mirror() {
  local codename lists mirror targets=(indextargets --format '$(REPO_URI) $(CODENAME) $(CREATED_BY)')
  codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
  first_of_suite() { awk -v codename="$codename" '$2 == codename && $3 == "Packages" && !found { print $1; found = 1 }'; }
  mirror=$(apt-get "${targets[@]}" | first_of_suite)
  if [ -z "$mirror" ]; then
    lists=$dir/apt/machine
    mkdir -p "$lists/partial"
    apt-get -qq -o Dir::State::lists="$lists" -o APT::Sandbox::User=root update >&2 || true
    mirror=$(apt-get -o Dir::State::lists="$lists" "${targets[@]}" | first_of_suite)
  fi
  echo "$mirror"
}

prepare_apt() { # SUITE MIRROR
  local state=$dir/apt/$1
  mkdir -p "$state"/{lists,cache/archives}/partial
  : >"$state/status" # with no package installed, apt fetches all dependencies
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $2 $1 main" >"$state/sources.list"
  apt_scratch get "$1" update >/dev/null
}

fetch_userland() { # MIRROR
  prepare_apt "$userland_suite" "$1"
  apt_scratch get "$userland_suite" install -y --no-install-recommends --download-only "${userland_packages[@]}" >/dev/null
  cd "$dir/apt/$userland_suite/cache/archives"
  # shellcheck disable=SC2046 # one word for each package; a name is what a file's name has before its first underscore
  apt_scratch cache "$userland_suite" show --no-all-versions $(for deb in *.deb; do echo "${deb%%_*}"; done) >Packages
}

fetch_engine() { # MIRROR
  prepare_apt "$engine_suite" "$1"
  cd "$dir/apt/$engine_suite"
  apt_scratch get "$engine_suite" download "${engine_packages[@]}" >/dev/null
  for deb in ./*.deb; do dpkg-deb -x "$deb" "$dir/apt/engine"; done
}

# Downloads once for a DIR; what is half done is done again.
fetch() {
  local wanted mirror engine_pid userland_pid deb
  wanted=$(printf '%s\n' "$engine_suite" "${engine_packages[@]}" "$userland_suite" "${userland_packages[@]}" | sha256sum)
  [ "$(cat "$dir/fetched" 2>/dev/null)" != "$wanted" ] || return 0
  stop_engine
  rm -rf "$dir/fetched" "$dir/apt" "$dir/engine" "$dir/packages"
  mkdir -p "$dir/apt/engine" "$dir/docker-config/cli-plugins"
  mirror=$(debian_mirror)
  [ -n "$mirror" ] || fail "apt knows no Debian mirror; see what it knows with: apt-get indextargets"
  (fetch_engine "$mirror") >&2 & engine_pid=$!
  (fetch_userland "$mirror") >&2 & userland_pid=$!
  wait "$userland_pid" || fail "apt-get could not fetch the packages of $userland_suite from $mirror"
  wait "$engine_pid" || fail "apt-get could not fetch docker of $engine_suite from $mirror"
  mv "$dir/apt/$userland_suite/cache/archives" "$dir/packages"
  for deb in "$dir"/packages/{runc,tini}_*.deb; do dpkg-deb -x "$deb" "$dir/apt/engine"; done
  mv "$dir/apt/engine" "$dir/engine"
  rm -rf "$dir/apt"
  ln -sfn "$dir/engine/usr/libexec/docker/cli-plugins/docker-buildx" "$dir/docker-config/cli-plugins/docker-buildx"
  echo "$wanted" >"$dir/fetched"
  report "packages fetched"
}

start_daemon() {
  if runs "$dir/daemon.pid" && answers; then return; fi
  end_process "$dir/daemon.pid"
  remove_leftovers
  # a file of our own, or the machine's /etc/docker/daemon.json would be read; no network of the machine's is touched
  cat >"$dir/daemon.json" <<-JSON
	{
	  "hosts": ["unix://$dir/docker.sock"], "data-root": "$dir/data", "exec-root": "$dir/exec", "pidfile": "$dir/daemon.pid",
	  "bridge": "none", "iptables": false, "ip6tables": false, "ip-masq": false, "ip-forward": false
	}
	JSON
  setsid nohup dockerd --config-file "$dir/daemon.json" >"$dir/daemon.log" 2>&1 </dev/null 9>&- &
  for _ in $(seq 300); do answers && break; kill -0 $! 2>/dev/null || break; sleep 0.1; done
  answers || { tail -n 5 "$dir/daemon.log" >&2; fail "dockerd did not start; see $dir/daemon.log"; }
  report "dockerd $(docker version --format '{{.Server.Version}}')"
}

# Serves the packages of apt-get's and apk's stand-ins; it keeps its port from start to start, since the images know it.
start_shelf() {
  if runs "$dir/shelf.pid"; then return; fi
  rm -f "$dir/shelf.pid"
  mkdir -p "$dir/bases/shelf"
  setsid nohup node "$here/package-shelf.mjs" "$dir/bases/shelf" "$dir/shelf.port" "$dir/shelf.pid" >"$dir/shelf.log" 2>&1 </dev/null 9>&- &
  for _ in $(seq 100); do [ ! -s "$dir/shelf.pid" ] || break; sleep 0.1; done
  runs "$dir/shelf.pid" || { cat "$dir/shelf.log" >&2; fail "the package shelf did not start"; }
}

sum_of() { cat "$@" | sha256sum; }

# Makes the bases' files in the background, if what they are made of has changed.
start_layers() {
  layers_sum=$(node --version | sum_of - "$dir/fetched" "$here"/{make-bases,debian-packages,file-systems,stored-zip}.mjs "$here"/shims/*)
  layers_pid=
  [ "$(cat "$dir/bases/made" 2>/dev/null)" != "$layers_sum" ] || return 0
  mkdir -p "$dir/bases"
  rm -f "$dir/bases/made"
  node "$here/make-bases.mjs" "$dir/packages" "$dir/bases" >"$dir/bases.log" 2>&1 9>&- & layers_pid=$!
  trap '[ -z "$layers_pid" ] || kill "$layers_pid" 2>/dev/null || true' EXIT
}

finish_layers() {
  [ -n "$layers_pid" ] || return 0
  wait "$layers_pid" || { layers_pid=; tail -n 20 "$dir/bases.log" >&2; fail "the base images' files could not be made; see $dir/bases.log"; }
  layers_pid=
  echo "$layers_sum" >"$dir/bases/made"
  report "base layers made"
}

load_bases() {
  local sum port first pid pids=()
  port=$(cat "$dir/shelf.port")
  sum=$(sum_of "$dir/bases/made" "$dir/shelf.port" "$here"/{image-archive,images}.mjs "$here/tags.txt")
  [ "$(cat "$dir/bases/loaded" 2>/dev/null)" != "$sum" ] || return 0
  for first in debian alpine distroless-static; do
    (node "$here/image-archive.mjs" "$dir/bases" "$port" "$first" | docker load --quiet >/dev/null) 9>&- & pids+=($!)
  done
  for pid in "${pids[@]}"; do wait "$pid" || fail "the base images could not be loaded"; done
  echo "$sum" >"$dir/bases/loaded"
  report "base images loaded"
}

stop_engine() {
  use_engine
  local containers
  if runs "$dir/daemon.pid" && answers; then
    containers=$(docker ps -q)
    # shellcheck disable=SC2086 # one word for each container
    [ -z "$containers" ] || docker rm -f $containers >/dev/null 2>&1 || true
  fi
  end_process "$dir/daemon.pid"
  end_process "$dir/shelf.pid"
  remove_leftovers
}

require_machine() {
  local command
  [ "$(id -u)" = 0 ] || fail "must run as root: it starts a Docker daemon"
  for command in apt-get dpkg-deb node npm; do command -v "$command" >/dev/null || fail "needs $command, which is not on PATH"; done
  [ "$(dpkg --print-architecture)" = amd64 ] || fail "knows amd64 only"
  [ -r /usr/share/keyrings/debian-archive-keyring.gpg ] || fail "needs Debian (12 is what it is tested on)"
  # containerd's sockets lie in DIR/exec/containerd, and the kernel allows 108 bytes for the path of one
  [ ${#dir} -le 64 ] || fail "needs a shorter path than $dir, 64 bytes at most"
}

[ $# -eq 2 ] || usage
case $1 in start | stop | env) ;; *) usage ;; esac
mkdir -p "$2" && dir=$(cd "$2" && pwd -P)

if [ "$1" = env ]; then print_environment; exit; fi
require_machine
exec 9>"$dir/lock"
flock 9
if [ "$1" = stop ]; then stop_engine; report stopped; exit; fi

fetch
use_engine
start_layers
start_daemon
finish_layers
start_shelf
load_bases
report ready
print_environment
