#!/usr/bin/env bash
# Builds the stub libraries for linux-x86_64. Their results are committed; run this again only to change them. Needs gcc.
set -euo pipefail
cd "$(dirname "$0")"
out=../resources/dev/claimcheck/media/stubs/linux-x86_64
mkdir -p "$out"
stub() { # NAME [VERSION_NODE …]
  local name=$1 map; shift
  map=$(mktemp)
  for node in "$@"; do echo "$node { };" >>"$map"; done
  gcc -shared -nostdlib -O2 -Wl,-soname,"$name" -Wl,--hash-style=gnu -Wl,-z,noseparate-code -Wl,--build-id=none \
      ${1:+-Wl,--version-script="$map"} -s -o "$out/$name" stub.c
  rm -f "$map"
}
stub libpulse.so.0 PULSE_0
stub libasound.so.2 ALSA_0.9 ALSA_0.9.0rc4
stub libxcb.so.1
stub libxcb-shm.so.0
stub libudev.so.1 LIBUDEV_183
