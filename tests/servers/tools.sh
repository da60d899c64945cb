#!/usr/bin/env bash
# Small things of Debian that tests use: the zstd library's program, and what independent readers in Python need.
. "$(dirname "$0")/lib.sh"

take_turn packages
install_packages zstd python3-cryptography
say "ready"
