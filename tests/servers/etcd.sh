#!/usr/bin/env bash
# etcd, which the API server keeps its objects in, from Debian. The package is unpacked and not installed, because
# installing it would also start a server of the system's own.
. "$(dirname "$0")/lib.sh"

if [ -n "${KUBEBUILDER_ASSETS:-}" ] && [ -x "$KUBEBUILDER_ASSETS/etcd" ]; then
  say "using the one of KUBEBUILDER_ASSETS"
  exit 0
fi

kept="$cache/etcd"
take_turn etcd
make_work_folder
if [ -d "$kept" ]; then
  publish "$kept/usr/bin/etcd"
  say "kept from an earlier installation"
  exit 0
fi

private_apt "$work/apt"
run_quietly "reading the package lists" apt-get "${apt_options[@]}" update
fetch() {
  cd "$work"
  apt-get "${apt_options[@]}" download etcd-server
  dpkg-deb --extract etcd-server_*.deb "$work/etcd"
  "$work/etcd/usr/bin/etcd" --version
}
run_quietly "downloading etcd" fetch
mv -T "$work/etcd" "$kept"
publish "$kept/usr/bin/etcd"
say "installed"
