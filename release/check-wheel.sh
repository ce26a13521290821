#!/usr/bin/env bash
# The first minute of somebody without a JDK or Maven: unpacks the archive into an empty folder, and
# installs the wheel into an empty environment; each must come to the verdict on a model.
#   release/check-wheel.sh MODEL         (after ./narrows package)
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
[ $# -eq 1 ] || { echo "usage: release/check-wheel.sh MODEL" >&2; exit 2; }
model=$(readlink -f "$1")
out=$root/target/release
name=$(cat "$out/tool.name")
work=$(mktemp -d)/"a folder"
mkdir -p "$work"
trap 'rm -rf "$work"' EXIT
cd "$work"
bare=(env -i PATH=/usr/bin:/bin HOME="$work")
time {
  tar -xzf "$out/$name.tar.gz"
  ln -s "$name/bin/narrows" narrows
  "${bare[@]}" ./narrows analyze "$model" --target 16 >verdict || [ $? -eq 3 ]
}
head -n 1 verdict
python3 -m venv env
env/bin/pip install --quiet "$out/${name%-*-*}"-py3-*.whl
"${bare[@]}" env/bin/python -c "
import narrows
result = narrows.analyze('$model', target=16)
print(result['target']['verdict'], 'by narrows', narrows.__version__)"
