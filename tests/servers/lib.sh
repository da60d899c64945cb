# Sourced by the scripts of this folder: where things are kept, how they report, and how they take turns.
set -euo pipefail

servers="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
# Outside the clone, so that a fresh clone finds what an earlier one built.
cache="${BACKUP_FUNCTIONS_TEST_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/backup-functions-tests}"
bin="$cache/bin"
mkdir -p "$bin" "$cache/logs"

server="$(basename "$0" .sh)"
work=""

say() { printf '[%s] %s\n' "$server" "$*"; }

fail() {
  printf '[%s] FAILED: %s\n' "$server" "$*" >&2
  exit 1
}

# Two clones, or two people on one machine, must not build the same thing into the same place.
take_turn() {
  local name="$1"
  exec {turn}>"$cache/$name.lock"
  until flock --wait 20 "$turn"; do
    say "waiting for another run that is installing $name"
  done
}

# A scratch folder beside the final place, so that the last step is a rename within one file system. To be called with
# the turn taken.
make_work_folder() {
  # One that an interrupted run left behind is nobody's: this run holds the turn.
  rm -rf "$cache/tmp.$server".*
  work="$(mktemp -d "$cache/tmp.$server.XXXXXX")"
  trap 'rm -rf "$work"' EXIT
}

# run_quietly LABEL COMMAND...: the output goes to a log; a line every 15 s says that it still moves.
run_quietly() {
  local label="$1" log="$cache/logs/$server.log" started="$SECONDS" pid status=0
  shift
  say "$label"
  printf '\n== %s\n' "$label" >>"$log"
  # Without the turn's descriptor, a process left behind could not hold the lock for ever.
  "$@" >>"$log" 2>&1 {turn}>&- &
  pid=$!
  local ticks=0
  while kill -0 "$pid" 2>/dev/null; do
    sleep 0.2
    ticks=$((ticks + 1))
    if ((ticks % 75 == 0)); then
      say "$label: $((SECONDS - started)) s, $(wc -l <"$log") lines in the log"
    fi
  done
  wait "$pid" || status=$?
  if ((status != 0)); then
    tail -n 40 "$log" >&2
    fail "$label: exit status $status; the whole log is $log"
  fi
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo -n "$@"
  else
    fail "needs root (or sudo) for: $*"
  fi
}

has_package() {
  [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null || true)" = installed ]
}

# A source of packages that this project does not use may be broken: what counts is whether the packages come.
refresh_package_lists() {
  as_root apt-get update || echo "apt-get update had errors; going on with the lists there are"
}

install_packages_now() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 \
    install --yes --no-install-recommends "$@"
}

# install_packages NAME...: Debian packages that are not there yet.
install_packages() {
  local missing=() name
  for name in "$@"; do
    has_package "$name" || missing+=("$name")
  done
  if ((${#missing[@]} == 0)); then
    return
  fi
  command -v apt-get >/dev/null || fail "needs a Debian-like system with apt-get for: ${missing[*]}"
  for name in "${missing[@]}"; do
    if ! apt-cache show "$name" >/dev/null 2>&1; then
      run_quietly "refreshing the package lists" refresh_package_lists
      break
    fi
  done
  run_quietly "installing ${missing[*]}" install_or_refresh_and_install "${missing[@]}"
}

# Old lists name package files that the mirror has since replaced.
install_or_refresh_and_install() {
  install_packages_now "$@" || { refresh_package_lists && install_packages_now "$@"; }
}

# The address, release and component of the mirror that the system itself takes its packages from.
main_mirror() {
  apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
    awk '$3 == "main" && $2 !~ /[-\/]/ && !seen { print; seen = 1 }'
}

# private_apt FOLDER: writes an apt configuration of its own there, with the mirror that the system itself uses and
# its source packages too. The system's own lists and sources stay as they are, and no root is needed.
private_apt() {
  local folder="$1" line uri release signed=""
  command -v apt-get >/dev/null || fail "needs a Debian-like system with apt-get"
  line="$(main_mirror)"
  if [ -z "$line" ]; then
    # apt tells of no mirror as long as it has never fetched a list from one.
    run_quietly "refreshing the package lists" refresh_package_lists
    line="$(main_mirror)"
  fi
  [ -n "$line" ] || fail "the system's apt sources name no main component of a release"
  uri="${line%% *}"
  release="$(cut -d' ' -f2 <<<"$line")"
  if [ -e /usr/share/keyrings/debian-archive-keyring.gpg ]; then
    signed="[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] "
  fi
  mkdir -p "$folder"/{lists/partial,cache/archives/partial}
  printf '%s %s%s %s main\n' deb "$signed" "$uri" "$release" deb-src "$signed" "$uri" "$release" >"$folder/sources.list"
  apt_options=(
    -o "Dir::Etc::SourceList=$folder/sources.list" -o "Dir::Etc::SourceParts=-"
    -o "Dir::State::Lists=$folder/lists" -o "Dir::Cache=$folder/cache" -o "APT::Sandbox::User=$(id -un)"
    # What hooks the system's configuration has are about the system's own lists.
    -o "APT::Update::Post-Invoke-Success::=true"
  )
}

# publish FILE...: puts links to finished programs where the test fixtures look for them.
publish() {
  local file
  for file in "$@"; do
    ln -s "$file" "$work/link"
    mv -T "$work/link" "$bin/$(basename "$file")"
  done
}
