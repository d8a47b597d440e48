#!/usr/bin/env bash
# Puts the page at /docs together in target/classes/reference: Swagger UI as its npm package has it, and what dresses it. Called by Maven.
set -euo pipefail
cd "$(dirname "$0")"
if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
  touch node_modules/.package-lock.json
fi
mkdir -p target/classes/reference
package=node_modules/swagger-ui-dist
cp -p src/* "$package"/{swagger-ui-bundle.js,swagger-ui.css} target/classes/reference/
# What others ask to be passed on with their work.
cp -p "$package"/swagger-ui-bundle.js.LICENSE.txt "$package"/NOTICE target/classes/reference/
