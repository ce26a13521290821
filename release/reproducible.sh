#!/usr/bin/env bash
# Builds the tool's archive and the wheel twice, from two copies of the commit, and compares bytes.
#   release/reproducible.sh        (some minutes; run where nothing else does)
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for copy in one two; do
  git clone --quiet "$root" "$work/$copy"
  "$work/$copy/narrows" package tool wheel
  (cd "$work/$copy/target/release" && sha256sum ./*.tar.gz ./*.whl) >"$work/$copy.sums"
done
diff "$work/one.sums" "$work/two.sums" && cat "$work/one.sums"
