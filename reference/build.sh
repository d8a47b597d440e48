#!/usr/bin/env bash
# Puts the page at /docs together in target/classes/reference: Swagger UI as its npm package has it, and what dresses it. Called by Maven.
set -euo pipefail
cd "$(dirname "$0")"
if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
  touch node_modules/.package-lock.json
fi
mkdir -p target/classes/reference
cp -p src/* node_modules/swagger-ui-dist/{swagger-ui-bundle.js,swagger-ui.css} target/classes/reference/
