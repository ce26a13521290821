#!/usr/bin/env bash
# Ten seeds of the split: narrow on MLPerf Tiny's ResNet-8, budget one point, 2,500 images to search, 2,500 to confirm,
# the other 5,000 to measure. Resumable: the same command goes on. One line a seed at the end.
#   docs/measurements/narrow-seeds.sh pretrainedResnet_quant.tflite OUT
set -euo pipefail
model=$1
out=$2
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
for seed in 1 2 3 4 5 6 7 8 9 10; do
  folder=$out/seed-$seed
  if [ ! -f "$folder/plan.json" ]; then
    mkdir -p "$folder"
    nice -n 19 "$root/narrows" narrow "$model" --data cifar10/test --budget 1 --search 2500 --confirm 2500 --rest \
      --seed "$seed" --out "$folder" >"$folder/table.txt" || [ $? -eq 3 ]
  fi
  bits=$(head -1 "$folder/table.txt" | grep -o '[0-9]* bits in' | head -1)
  grep -h "^all others" "$folder/table.txt" | sed "s/^/seed $seed, $bits 10 layers: /"
done
