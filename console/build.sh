#!/usr/bin/env bash
# Generates the client's types from openapi.yaml and builds the page into target/classes/console, only where something changed. Called by Maven: `build.sh build` and `build.sh test`.
set -euo pipefail
cd "$(dirname "$0")"
if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  npm ci --no-audit --no-fund --loglevel=error
  touch node_modules/.package-lock.json
fi
case "$1" in
  build)
    description=../service/src/main/resources/openapi.yaml
    types=src/client/openapi.ts
    if [ ! -e "$types" ] || [ "$description" -nt "$types" ] || [ package-lock.json -nt "$types" ]; then
      npm run --silent types >/dev/null
    fi
    built=target/classes/console/index.html
    if [ ! -e "$built" ] || [ -n "$(find src index.html package.json package-lock.json tsconfig.json vite.config.ts -newer "$built" -type f -print -quit)" ]; then
      npm run --silent build -- --logLevel error
    fi
    ;;
  test) npm test --silent ;;
esac
