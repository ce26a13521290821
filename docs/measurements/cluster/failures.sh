#!/usr/bin/env bash
# What becomes of sweeps on a cluster when something breaks: every case on a cluster of two workers
# on loopback, compared with the same sweep on this machine alone. A quarter of an hour on two cores.
#   docs/measurements/cluster/failures.sh [CASE…]     all cases, or those that are named
# Cases with a disk that is full or storage that is not there mount small file systems: they need root.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

cases=${*:-undisturbed machine-lost executor-lost slow driver-lost fails-twice disk-full unseen no-master}
sweep="$NARROWS sweep $WORK/three.yaml"
mkdir -p "$WORK"
cp "$here/three.yaml" "$WORK"
echo "no archive" >"$WORK/broken.npz"

say() { echo "== $*"; }

ends() { # exit-code expected log
  if [ "$1" != "$2" ]; then
    echo "    exit code $1, expected $2; the end of $3:"
    tail -n 5 "$3"
    failures=$((failures + 1))
  fi
}

run() { # folder: a sweep on the cluster, to its end; sets code
  code=0
  $sweep --master "$master" --master-timeout "${TIMEOUT:-60}" --out "$1" >"$1.out" 2>"$1.err" || code=$?
  echo "$code" >"$1.code"
}

cluster() {
  stop_cluster
  start_master
  start_worker one
  start_worker two
}

say "on this machine alone: the second trial cannot succeed, so the exit code is 1"
if [ ! -e "$WORK/alone/trials.csv" ]; then
  code=0
  $sweep --jobs 2 --out "$WORK/alone" >"$WORK/alone.out" 2>"$WORK/alone.err" || code=$?
  ends "$code" 1 "$WORK/alone.err"
fi
# what a trial that failed says names its own folder
table "$WORK/alone"

for case in $cases; do
  out=$WORK/$case
  rm -rf "$out"
  mkdir -p "$out"
  case $case in
    undisturbed)
      say "$case"
      cluster
      run "$out"
      ends "$code" 1 "$out.err"
      same "$WORK/alone" "$out"
      ;;
    machine-lost)
      say "$case: SIGKILL to a worker, its executor and its trial at once, in the fifth epoch"
      cluster
      run "$out" &
      pid=$!
      epochs "$out" 5
      lose "${workers[0]}"
      wait $pid
      ends "$(cat "$out.code")" 1 "$out.err"
      grep 'is lost' "$out.err" | sed 's/^/    /'
      same "$WORK/alone" "$out"
      ;;
    executor-lost)
      say "$case: SIGKILL to executors alone, three times; trials must notice, save and end"
      cluster
      run "$out" &
      pid=$!
      for at in 4 10 16; do
        epochs "$out" $at
        executor=$(ps -o pid= --ppid "${workers[0]}" | head -n 1)
        trials=$(children "$executor")
        kill -KILL "$executor"
        sleep 15
        for trial in $trials; do
          if kill -0 "$trial" 2>/dev/null; then
            echo "    ORPHAN: $trial still runs"
            failures=$((failures + 1))
          fi
        done
      done
      wait $pid
      grep 'is lost' "$out.err" | sed 's/^/    /'
      same "$WORK/alone" "$out"
      ;;
    slow)
      say "$case: a worker that stands still for two seconds of three"
      cluster
      run "$out" &
      pid=$!
      while kill -0 $pid 2>/dev/null; do
        all="${workers[1]} $(children "${workers[1]}" | tr '\n' ' ')"
        kill -STOP $all 2>/dev/null || true
        sleep 2
        kill -CONT $all 2>/dev/null || true
        sleep 1
      done
      wait $pid
      same "$WORK/alone" "$out"
      ;;
    driver-lost)
      say "$case: SIGKILL to the driver in the fifth epoch, and the same command again"
      cluster
      $sweep --master "$master" --master-timeout "${TIMEOUT:-60}" --out "$out" >"$out.out" 2>"$out.err" &
      pid=$!
      epochs "$out" 5
      kill -KILL $pid $(children $pid) 2>/dev/null || true
      wait $pid 2>/dev/null || true
      before=$(cat "$out"/trials/*/metrics.csv | wc -l)
      run "$out"
      ends "$code" 1 "$out.err"
      echo "    epochs there when it was started again: $((before - $(ls "$out"/trials/*/metrics.csv | wc -l)))"
      same "$WORK/alone" "$out"
      ;;
    fails-twice)
      say "$case: the trial whose data are no archive is tried twice and reported, the rest is done"
      cluster
      run "$out"
      ends "$code" 1 "$out.err"
      grep -h 'failed' "$out.err" | sed 's/^/    /'
      ;;
    disk-full)
      say "$case: the sweep's folder on a disk of 400 kB; then on one that is larger"
      mount -t tmpfs -o size=400k full "$out"
      cluster
      run "$out"
      ends "$code" 1 "$out.err"
      grep -h 'failed\|No space' "$out.err" | sed 's/^/    /' | cut -c 1-160
      mount -o remount,size=100m "$out"
      run "$out"
      ends "$code" 1 "$out.err"
      same "$WORK/alone" "$out"
      umount "$out"
      ;;
    unseen)
      say "$case: a worker that does not see the sweep's folder"
      stop_cluster
      start_master
      start_worker one
      start_worker blind unshare --mount sh -c 'mount -t tmpfs none "$0" && exec "$@"' "$out"
      run "$out"
      if [ "$code" = 2 ]; then # its executor was there in time for the check
        tail -n 1 "$out.err" | sed 's/^/    /'
      else # it came later: Spark gives its tasks to the other
        ends "$code" 1 "$out.err"
        same "$WORK/alone" "$out"
      fi
      ;;
    no-master)
      say "$case: nobody answers at the address"
      stop_cluster
      before=$(date +%s)
      run "$out"
      echo "    exit code $code after $(($(date +%s) - before)) s: $(tail -n 1 "$out.err")"
      ;;
    *)
      echo "unknown case $case" >&2
      exit 2
      ;;
  esac
done
say "$failures differences or failures; everything is in $WORK"
exit $((failures > 0))
