#!/usr/bin/env bash
# Ceph's RADOS gateway, the S3 server of the tests, and the two daemons that it stands on, from Debian.
. "$(dirname "$0")/lib.sh"

take_turn packages
install_packages radosgw ceph-mon ceph-osd ceph-common
say "ready: $(radosgw --version | cut -d' ' -f 1-3)"
