#!/usr/bin/env bash
# Builds the tool's archive and the wheel twice, from two copies of the commit in folders of other
# names, and compares every file in them.
#   release/reproducible.sh        (some minutes; run where nothing else does)
# The start-up archive is compared apart, because it differs: the rehearsal that lists its classes does
# not load quite the same each time. It holds nothing but classes of the jars beside it.
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# what lists hashes of all files has that of the start-up archive in it
apart='lib/start.jsa|dist-info/RECORD'
for copy in one the-other; do
  git clone --quiet "$root" "$work/$copy"
  "$work/$copy/narrows" package tool wheel
  mkdir "$work/files" "$work/files/archive" "$work/files/wheel"
  tar -xzf "$work/$copy"/target/release/*.tar.gz -C "$work/files/archive"
  python3 -m zipfile -e "$work/$copy"/target/release/*.whl "$work/files/wheel"
  (cd "$work/files" && find . -type f | LC_ALL=C sort | xargs -d '\n' sha256sum) >"$work/$copy.sums"
  # names, modes and dates, which hashes of contents do not see
  tar -tvzf "$work/$copy"/target/release/*.tar.gz | grep -v -E "$apart" >"$work/$copy.entries"
  rm -rf "$work/files" "$work/$copy"
done
diff "$work/one.entries" "$work/the-other.entries"
diff <(grep -v -E "$apart" "$work/one.sums") <(grep -v -E "$apart" "$work/the-other.sums")
echo "$(grep -v -c -E "$apart" "$work/one.sums") files of archive and wheel are equal to the byte"
if diff -q <(grep -E "$apart" "$work/one.sums") <(grep -E "$apart" "$work/the-other.sums") >/dev/null; then
  echo "lib/start.jsa is equal, too"
else
  echo "lib/start.jsa differs"
fi
