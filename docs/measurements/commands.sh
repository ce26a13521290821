#!/usr/bin/env bash
# What commands take on two networks and CIFAR-10, as rows of a table: seconds on the clock, and how
# many times the exact run of the same images that is, the start taken off both.
#   docs/measurements/commands.sh RESNET8.tflite RESNET20 [CHECKOUT]
# RESNET20 is the run folder of `./narrows quantize resnet20-12fca82f.safetensors --model resnet20
# --data cifar10`. CHECKOUT is built already; without one it is this checkout.
set -euo pipefail

small=$1
large=$2
cd "${3:-$(dirname "$(readlink -f "$0")")/../..}"

seconds() {
  local from
  from=$(date +%s%N)
  ./narrows "$@" > /dev/null 2>&1
  echo $((($(date +%s%N) - from) / 1000000))
}

row() { # name, images, model, words of the command …
  local name=$1 images=$2 model=$3 took
  shift 3
  took=$(seconds "$1" "$model" --data cifar10 --limit "$images" "${@:2}")
  case $name in exact*) exact=$took ;; esac
  awk -v n="$name" -v t="$took" -v e="$exact" -v s="$start" \
    'BEGIN { printf "| %s | %.1f | %.2f |\n", n, t / 1000, (t - s) / (e - s) }'
}

seconds --version > /dev/null # builds what is out of date

table() { # title, images, model
  printf '\n%s, %s images\n\n| command | seconds | times exact |\n|---|---:|---:|\n' "$1" "$2"
  start=$(seconds evaluate "$3" --data cifar10 --limit 1 --accumulator exact)
  row exact "$2" "$3" evaluate --accumulator exact
  row analyze "$2" "$3" analyze
  for register in int16:saturate int16:wrap int16:saturate:sorted int18:saturate:sorted \
    int16:saturate:sign-directed; do
    row "$register" "$2" "$3" evaluate --accumulator "$register"
  done
}

table ResNet-8 10000 "$small"
row 'exact, of 2000' 2000 "$small" evaluate --accumulator exact
for order in 'sorted(1)' 'tiles(16,1)' ascending; do
  row "int16:saturate:$order, of 2000" 2000 "$small" evaluate --accumulator "int16:saturate:$order"
done
table ResNet-20 10000 "$large"
