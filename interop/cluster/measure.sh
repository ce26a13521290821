#!/usr/bin/env bash
# What a cluster on this machine costs against threads of one process: analyze of a network on images.
#   interop/cluster/measure.sh MODEL DATA LIMIT WORKERS OUT
# Starts a standalone Spark master and WORKERS workers with one core each on 127.0.0.1, from the jars
# that ./narrows built; runs the same command with as many threads and with --master, in turn, three
# times each; compares the results byte for byte; writes seconds to OUT/times.csv. Each way is timed on
# as few images as workers, too: that is its start, with its executors' in it, and the last lines say
# what the images take beyond it. The start of master and workers is in neither.
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)
model=$1 data=$2 limit=$3 workers=$4 out=$5
memory=${MEMORY:-1200m}
mkdir -p "$out"
out=$(cd "$out" && pwd)
[ -d "$root/cluster/target/lib" ] || { echo "run once: ./narrows analyze --master 'local[1]' --help" >&2; exit 1; }

home=$out/spark
mkdir -p "$home/jars"
for jar in "$root"/cluster/target/lib/*.jar; do
  case $(basename "$jar") in
    protobuf-java-4* | jackson-core-3* | jackson-databind-3*) ;; # ours come from the command
    *) ln -sf "$jar" "$home/jars/" ;;
  esac
done
echo Spark > "$home/RELEASE"
export SPARK_HOME=$home SPARK_LOCAL_IP=127.0.0.1 SPARK_SCALA_VERSION=2.13
: "${JAVA_HOME:?must name a JDK 25}"
java=$JAVA_HOME/bin/java
options=(-Xmx256m --sun-misc-unsafe-memory-access=allow)
for package in java.lang java.lang.invoke java.lang.reflect java.io java.net java.nio java.util \
  java.util.concurrent java.util.concurrent.atomic jdk.internal.ref sun.nio.ch sun.nio.cs sun.util.calendar; do
  options+=("--add-opens=java.base/$package=ALL-UNNAMED")
done
port=${PORT:-17077}
pids=()
stop() { for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done; }
trap stop EXIT
"$java" "${options[@]}" -cp "$home/jars/*" org.apache.spark.deploy.master.Master \
  --host 127.0.0.1 --port "$port" --webui-port 0 >"$out/master.log" 2>&1 &
pids+=($!)
for worker in $(seq "$workers"); do
  "$java" "${options[@]}" -cp "$home/jars/*" org.apache.spark.deploy.worker.Worker --host 127.0.0.1 \
    --cores 1 --memory 2g --webui-port 0 --work-dir "$out/work-$worker" "spark://127.0.0.1:$port" \
    >"$out/worker-$worker.log" 2>&1 &
  pids+=($!)
done
for _ in $(seq 300); do
  if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then break; fi
  kill -0 "${pids[0]}" 2>/dev/null || { echo "the master ended: $out/master.log" >&2; exit 1; }
  sleep 0.2
done
sleep 3

echo "way,images,round,seconds" > "$out/times.csv"
timed() {
  local way=$1 images=$2 round=$3 start end
  shift 3
  start=$(date +%s.%N)
  "$root/narrows" analyze "$model" --data "$data" --limit "$images" --format json "$@" > "$out/$way.json"
  end=$(date +%s.%N)
  echo "$way,$images,$round,$(echo "$end - $start" | bc)" | tee -a "$out/times.csv"
}
for round in 1 2 3; do
  for images in "$workers" "$limit"; do
    timed threads "$images" "$round" --threads "$workers"
    timed cluster "$images" "$round" --master "spark://127.0.0.1:$port" --spark spark.executor.memory="$memory"
    cmp "$out/threads.json" "$out/cluster.json"
  done
done
# the best of each, whole and beyond the start
awk -F, -v few="$workers" 'NR > 1 { key = $1 "," $2; if (!(key in best) || $4 < best[key]) best[key] = $4 + 0 }
  END {
    for (key in best) { split(key, of, ","); if (of[2] == few) start[of[1]] = best[key]; else whole[of[1]] = best[key] }
    for (way in whole) printf "%s: %.1f s, of which %.1f start\n", way, whole[way], start[way]
    printf "cluster / threads: %.2f whole, %.2f beyond the start\n", whole["cluster"] / whole["threads"],
      (whole["cluster"] - start["cluster"]) / (whole["threads"] - start["threads"])
  }' "$out/times.csv" | tee -a "$out/times.csv"
uptime | tee -a "$out/times.csv"
