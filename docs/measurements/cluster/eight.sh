#!/usr/bin/env bash
# Eight small trials on one worker of one core, and on two. Each worker is held to a core of its own: a trial
# compiles its code in threads of their own, and would take the second core, too.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

for count in 1 2; do
  stop_cluster
  start_master
  for n in $(seq $count); do start_worker "worker$n" taskset -c $((n - 1)); done
  rm -rf "$WORK/eight-$count"
  before=$(date +%s.%N)
  $NARROWS sweep "$here/eight.yaml" --master "$master" --out "$WORK/eight-$count" \
    >"$WORK/eight-$count.out" 2>"$WORK/eight-$count.err"
  after=$(date +%s.%N)
  # from the first trial's start to the last one's end: without the start of the driver
  python3 - "$count" "$before" "$after" "$WORK/eight-$count" <<'PYTHON'
import glob, os, sys
count, before, after, folder = int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3]), sys.argv[4]
runs = glob.glob(folder + "/trials/*")
first = min(os.stat(run + "/recipe.yaml").st_mtime for run in runs)
last = max(os.stat(run + "/trial.json").st_mtime for run in runs)
print(f"{count} worker(s): {after - before:.1f} s in all, {last - first:.1f} s of trials;"
      f" load average {os.getloadavg()[0]:.1f}")
PYTHON
done
same "$WORK/eight-1" "$WORK/eight-2"
exit $((failures > 0))
