#!/usr/bin/env bash
# The documents as a site in site/target, and a look at every link in it. Needs Node 20.19 or newer; npm fetches the rest.
#   site/build.sh                 links to source files are left out
#   NARROWS_SOURCE=https://forge.example/narrows/blob/main site/build.sh
#                                 links to source files lead there
# To read it: python3 -m http.server --directory site/target, or open site/target/index.html.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."

if ! command -v npm >/dev/null; then
  echo "site: npm is missing: install Node 20.19 or newer" >&2
  exit 1
fi
npm install --prefix site --silent --no-audit --no-fund
rm -rf site/target
site/node_modules/.bin/eleventy --config=site/eleventy.config.js --quiet
node site/check.js
