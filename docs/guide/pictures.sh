#!/usr/bin/env bash
# The pictures at the ends of the guide's pages, made by the commands that the pages show: docs/guide/pictures/*.svg.
# Takes some two minutes on two cores and looks for the files and sets that the pages name in $NARROWS_DATA.
#   docs/guide/pictures.sh            all but that of the page about PyTorch
#   docs/guide/pictures.sh FOLDER     that one too, from what interop/pytorch/users_hour.py left in FOLDER
set -euo pipefail
here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
narrows=$here/../../narrows
hour=${1:+$(readlink -f "$1")}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# The file of a page, by the path that its comment gives below a data root.
file() {
  local root
  IFS=: read -ra roots <<<"${NARROWS_DATA:-}"
  for root in "${roots[@]}"; do
    if [ -f "$root/$1" ]; then
      cp "$root/$1" .
      return
    fi
  done
  echo "pictures: no $1 below NARROWS_DATA" >&2
  exit 1
}

# The block of a page that begins with this name: a recipe or a sweep.
block() {
  awk -v name="$2" '/^```/ {if (found) exit; text = ""} {text = text $0 "\n"} $0 ~ "name: " name "$" {found = 1} END {printf "%s", text}' \
    "$here/$1" | sed -e '/^```/d' -e '/^cat /d' -e '/^YAML$/,$d'
}

# The page's picture: chart $2 of the results in folder $3.
picture() {
  "$narrows" report "$3" --charts "$1" 2>/dev/null
  cp "$1/$2.svg" "$here/pictures/$1.svg"
  echo "docs/guide/pictures/$1.svg"
}

file models/mlperf-tiny/pretrainedResnet_quant.tflite
mv pretrainedResnet_quant.tflite resnet8.tflite
"$narrows" analyze resnet8.tflite --data cifar10 --limit 200 --out result >/dev/null 2>&1
picture 16-bit overflow result

"$narrows" cost resnet8.tflite --bits 16,20,23 --out cost >/dev/null 2>&1
picture c-and-verilog cost-luts cost

file models/stories260k/stories260K.bin
file models/stories260k/tok512.bin
"$narrows" evaluate stories260K.bin --data sampled/1 --limit 512 --accumulator 'bf16;hopper-fp8;deepgemm-fp8;m7e4' \
  --out loss >/dev/null 2>&1
picture language-model language-loss loss

block train-for-10-bits.md ten-bits >ten-bits.yaml
"$narrows" train ten-bits.yaml --out my-network >/dev/null 2>&1
"$narrows" evaluate my-network --accumulator int6-10:saturate --out widths >/dev/null 2>&1
picture train-for-10-bits accuracy widths

block cluster.md two >two.yaml
"$narrows" sweep two.yaml --out two >/dev/null 2>&1
picture cluster front two

if [ -n "$hour" ]; then
  picture pytorch network "$hour/signsum"
fi
