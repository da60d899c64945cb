#!/usr/bin/env bash
# Azurite, the emulator of Azure Storage queues, from npm in the versions of azurite/package-lock.json.
. "$(dirname "$0")/lib.sh"

lock_hash="$(sha256sum "$servers/azurite/package-lock.json" | cut -c 1-16)"
kept="$cache/azurite-$lock_hash"
program="$kept/node_modules/.bin/azurite-queue"
take_turn azurite
make_work_folder
command -v node >/dev/null || install_packages nodejs
if [ -d "$kept" ]; then
  publish "$program"
  say "kept from an earlier installation"
  exit 0
fi

command -v npm >/dev/null || install_packages npm
install_locked_versions() {
  mkdir "$work/azurite"
  cp "$servers"/azurite/package*.json "$work/azurite/"
  npm ci --prefix "$work/azurite" --ignore-scripts --no-audit --no-fund --loglevel=http
  "$work/azurite/node_modules/.bin/azurite-queue" --version
}
run_quietly "installing azurite with npm" install_locked_versions
mv -T "$work/azurite" "$kept"
publish "$program"
say "installed"
