#!/usr/bin/env bash
# Makes a release twice, from copies of the commit in folders of two names, and compares archives, wheel
# and Maven artifacts.
#   release/reproducible.sh [--here] [PART…]    (as of ./narrows package; all of them by default)
# With --here the first of the two is what ./narrows package has made in this checkout: half the time.
# Compared apart, because they differ: the start-up archive, for which the rehearsal that lists its
# classes does not load quite the same each time (it holds nothing but classes of the jars beside it),
# and what a repository writes down of the hour of an upload.
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
here=
if [ "${1:-}" = --here ]; then
  here=yes
  shift
fi
[ $# -gt 0 ] || set -- tool training hosted charts wheel maven
[ -z "$(git -C "$root" status --porcelain)" ] || echo "narrows: only what is committed is compared" >&2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# what lists hashes of all files has that of the start-up archive in it
apart='lib/start\.jsa|dist-info/RECORD|/maven-metadata'

# listed RELEASE TO: a line with hash for every file, and one with mode and date for every entry
listed() {
  local out=$1 to=$2 file files=$work/files name
  : >"$to.entries"
  mkdir "$files"
  for file in "$out"/*.tar.gz; do
    [ -e "$file" ] || continue
    name=${file##*/}
    mkdir "$files/$name"
    tar -xzf "$file" -C "$files/$name"
    # names, modes and dates, which hashes of contents do not see
    tar -tvzf "$file" | sed "s|^|$name |" | grep -v -E "$apart" >>"$to.entries"
    case $name in
      narrows-*-training-* | narrows-*-hosted-* | narrows-*-charts-*) cp "$file" "$files/packed-$name" ;;
    esac
  done
  for file in "$out"/*.whl; do
    [ -e "$file" ] || continue
    mkdir "$files/wheel"
    python3 -m zipfile -e "$file" "$files/wheel"
    python3 -c 'import sys, zipfile
for e in zipfile.ZipFile(sys.argv[1]).infolist():
    print("wheel", e.filename, oct(e.external_attr), e.date_time)' "$file" | grep -v -E "$apart" >>"$to.entries"
  done
  if [ -d "$out/maven" ]; then cp -r "$out/maven" "$files/maven"; fi
  (cd "$files" && find . -type f | LC_ALL=C sort | xargs -d '\n' sha256sum) >"$to.sums"
  rm -rf "$files"
}

for copy in one the-other; do
  if [ "$copy$here" = oneyes ]; then
    listed "$root/target/release" "$work/$copy"
  else
    git clone --quiet "$root" "$work/$copy"
    "$work/$copy/narrows" package "$@"
    listed "$work/$copy/target/release" "$work/$copy"
    rm -rf "$work/${copy:?}"
  fi
done
cd "$work"
diff one.entries the-other.entries
diff <(grep -v -E "$apart" one.sums) <(grep -v -E "$apart" the-other.sums)
echo "$*: $(grep -v -c -E "$apart" one.sums) files are equal to the byte"
for each in $(grep -h -o -E "[^ ]*($apart).*" one.sums | sort); do
  if [ "$(grep -F "$each" one.sums)" = "$(grep -F "$each" the-other.sums)" ]; then
    echo "$each is equal, too"
  else
    echo "$each differs"
  fi
done
