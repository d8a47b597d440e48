#!/usr/bin/env bash
# Builds the page with Uppy into cli/target/uppy, only where something changed. Called by Maven before the integration tests.
set -euo pipefail
cd "$(dirname "$0")"
if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  npm ci --no-audit --no-fund --loglevel=error
  touch node_modules/.package-lock.json
fi
built=../../../target/uppy/page.js
if [ ! -e "$built" ] || [ -n "$(find src page.html package.json package-lock.json -newer "$built" -type f -print -quit)" ]; then
  npm run --silent build
  cp page.html ../../../target/uppy/
fi
