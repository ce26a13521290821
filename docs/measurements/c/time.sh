#!/bin/bash
# Time of a run on x86-64 in microseconds, the files of each processor beside their 32-bit builds, in turns.
# time.sh FOLDER [ROUNDS]: FOLDER/<name>_<processor>/ holds what export --to c wrote.
set -e
here=$(cd "$(dirname "$0")" && pwd)
folder=${1:?usage: time.sh FOLDER [ROUNDS]}
command -v gcc >/dev/null || { echo "needs gcc (package gcc)"; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
build() { # NAME PROCESSOR BUILD FLAGS
  gcc -std=c99 -O3 $4 -DNET="$1" -I "$folder/$1_$2" -o "$work/$1.$2.$3" "$here/time.c" \
    "$folder/$1_$2/$1.c"
}
for network in ${NETWORKS:-dense2 dense20 kws resnet}; do
  build "$network" portable plain -mavx2
  build "$network" ssse3 narrow -mssse3
  build "$network" ssse3 wide "-mssse3 -DNARROWS_WIDE"
  build "$network" avx2 narrow -mavx2
  build "$network" avx2 wide "-mavx2 -DNARROWS_WIDE"
done
for ((round = 0; round < ${2:-10}; round++)); do
  for run in "$work"/*; do
    echo "$(basename "$run") $("$run" 10)"
  done
done | awk '!($1 in t) || $2 < t[$1] { t[$1] = $2 } END { for (n in t) print n, t[n] }' | sort
