#!/usr/bin/env bash
# The first minute of somebody who has nothing installed, in a folder with a bare Debian: the archive
# and the wheel must each come to the verdict on a model, and what can be wrong with an installation
# must be told in one line.
#   release/check-clean.sh MODEL         (after ./narrows package; as root, with debootstrap)
# Prints a table of times and sizes. NumPy, the wheel's one dependency, is fetched beforehand: inside
# there is no network.
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
. "$root/release/clean-folder.sh"
[ $# -eq 1 ] || { echo "usage: release/check-clean.sh MODEL" >&2; exit 2; }
out=$root/target/release
name=$(cat "$out/tool.name")
archive=$out/$name.tar.gz
wheel=$(echo "$out/${name%-*-*}"-py3-*.whl)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
clean=$work/clean
clean_folder "$clean"
home=$clean/home/user
cp "$archive" "$wheel" "$home"
cp "$1" "$home/model.tflite"
version=$(chroot "$clean" python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')
python3 -m pip download --quiet --disable-pip-version-check --only-binary=:all: \
  --python-version "$version" --dest "$home/wheels" 'numpy>=1.24'
chown -R 1000:1000 "$home"

inside "$clean" sh -c '
  for each in java javac mvn gcc; do
    ! command -v $each || { echo "narrows: $each is in the clean folder" >&2; exit 1; }
  done
  [ -z "$(python3 -m pip list --format=freeze 2>/dev/null | grep -v -E "^(pip|setuptools|wheel)=")" ]'

# timed WHAT WORD…: runs inside, prints a row
timed() {
  local what=$1 began ended used
  local TIMEFORMAT='%U %S'
  shift
  began=$(date +%s%N)
  used=$({ time inside "$clean" "$@" >"$work/said" 2>"$work/notes"; } 2>&1) || { cat "$work/notes" >&2; exit 1; }
  ended=$(date +%s%N)
  printf '| %s | %d.%d s | %.1f s | %s |\n' "$what" $(((ended - began) / 1000000000)) \
    $(((ended - began) / 100000000 % 10)) "$(awk '{ print $1 + $2 }' <<<"$used")" "$(head -n 1 "$work/said")"
}

echo "$suite, $(nproc) processors, archive $(($(stat -c %s "$archive") / 1000000)) MB, wheel $(($(stat -c %s "$wheel") / 1000000)) MB"
echo
echo '| from an empty folder | time | of processors | said |'
echo '|---|---:|---:|---|'
timed 'archive: unpack, verdict' sh -c "
  tar -xzf $name.tar.gz
  $name/bin/narrows analyze model.tflite --target 16 || [ \$? -eq 3 ]"
timed 'the verdict again' sh -c "$name/bin/narrows analyze model.tflite --target 16 || [ \$? -eq 3 ]"
timed '`--help`' $name/bin/narrows --help
timed 'wheel: environment, install' sh -c "
  python3 -m venv env
  env/bin/pip install --quiet --disable-pip-version-check --no-index --find-links wheels $(basename "$wheel")
  env/bin/narrows --version"
timed 'the verdict from Python' env/bin/python -c "
import narrows
result = narrows.analyze('model.tflite', target=16)
print(result['target']['verdict'], 'by narrows', narrows.__version__)"
timed 'the verdict from Python again' env/bin/python -c "
import narrows
print(narrows.analyze('model.tflite', target=16)['target']['verdict'])"

# one_line WHAT PATTERN WORD…: the command fails inside, and says one line of that pattern
one_line() {
  local what=$1 pattern=$2
  shift 2
  if inside "$clean" "$@" >"$work/said" 2>&1; then
    echo "narrows: $what: expected a failure, it said: $(cat "$work/said")" >&2
    exit 1
  fi
  sed -i '/^WARNING: Using incubator modules/d' "$work/said" # every JVM with vectors says that first
  if [ "$(wc -l <"$work/said")" -ne 1 ] || ! grep -q -E "$pattern" "$work/said"; then
    echo "narrows: $what: expected one line with \"$pattern\", it said:" >&2
    cat "$work/said" >&2
    exit 1
  fi
  printf '| %s | %s |\n' "$what" "$(cat "$work/said")"
}

# from Python, as one line
python() {
  printf '%s\n' "import sys, narrows" "try:" "    $1" "except narrows.NarrowsError as told:" "    sys.exit(str(told))"
}

echo
echo '| what is wrong | what is said |'
echo '|---|---|'
packages=$(cd "$home" && echo env/lib/python3.*/site-packages/narrows)
runtime=$home/$packages/_runtime
mv "$runtime" "$work/runtime"
one_line 'a wheel without its runtime' 'carries no runtime' env/bin/narrows --version
one_line 'the same, from Python' 'carries no runtime' env/bin/python -c "$(python 'narrows.version()')"
mv "$work/runtime" "$runtime"
mv "$runtime/runtime" "$work/runtime"
one_line 'a release without its Java runtime' 'Java runtime is missing' env/bin/narrows --version
mv "$work/runtime" "$runtime/runtime"
sed -i.kept 's/linux-x86_64/linux-aarch64/' "$runtime/lib/name" "$home/$name/lib/name"
one_line 'a wheel for another processor' 'for linux-aarch64 and the machine is linux-x86_64' \
  env/bin/python -c "$(python 'narrows.version()')"
one_line 'an archive for another processor' 'for linux-aarch64 and the machine is linux-x86_64' \
  "$name/bin/narrows" --version
for each in "$runtime/lib/name" "$home/$name/lib/name"; do mv "$each.kept" "$each"; done
shm=1m one_line 'no space for arrays' 'no space for arrays in /dev/shm' \
  env/bin/python -c "$(python 'narrows.dot([[1] * 1000] * 1000, [[1] * 1000], "exact")')"
tmp=16k one_line 'a disk that is full' 'the disk is full' \
  "$name/bin/narrows" analyze model.tflite --channels --out /tmp/result
one_line 'a worker that died' 'ended by signal 9.*the next call starts another' env/bin/python -c "
import os, signal, sys, threading, narrows
pid = narrows._worker.WORKER.call('hello')['pid']
os.kill(pid, signal.SIGSTOP)
threading.Timer(0.2, os.kill, (pid, signal.SIGKILL)).start()
try:
    narrows.dot([[1]], [[1]], 'exact')
except narrows.NarrowsError as told:
    assert narrows.dot([[2]], [[3]], 'exact') == 6
    sys.exit(str(told))"
one_line 'a command whose room is missing' 'narrows-.*-training-.*.tar.gz' \
  "$name/bin/narrows" train recipe.yaml --out run
shm=64k tmp=4k inside "$clean" "$name/bin/narrows" analyze model.tflite --target 16 --format json >"$work/said" \
  2>"$work/notes" || [ $? -eq 3 ]
python3 -c 'import json, sys; json.load(open(sys.argv[1]))' "$work/said"
! grep -v '^WARNING: Using incubator modules' "$work/notes"
echo
echo "Where /tmp has no space either, the verdict is the same JSON."
