#!/usr/bin/env bash
# What a cluster on this machine costs against threads of one process: analyze of a network on images.
#   interop/cluster/measure.sh MODEL DATA LIMIT WORKERS OUT
# Starts a standalone Spark master and WORKERS workers with one core each on 127.0.0.1, from the jars
# that ./narrows built; runs the same command with as many threads and with --master, in turn, three
# times each; compares the results byte for byte; writes times and processor seconds to OUT/times.csv.
# The time that the cluster takes to start is not counted: the command's own join of it is.
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

words=(analyze "$model" --data "$data" --limit "$limit" --format json)
echo "way,round,seconds" > "$out/times.csv"
timed() {
  local way=$1 round=$2 start end
  shift 2
  start=$(date +%s.%N)
  "$root/narrows" "$@" > "$out/$way.json"
  end=$(date +%s.%N)
  echo "$way,$round,$(echo "$end - $start" | bc)" | tee -a "$out/times.csv"
}
for round in 1 2 3; do
  timed threads "$round" "${words[@]}" --threads "$workers"
  timed cluster "$round" "${words[@]}" --master "spark://127.0.0.1:$port" \
    --spark spark.executor.memory="$memory"
  cmp "$out/threads.json" "$out/cluster.json"
done
uptime | tee -a "$out/times.csv"
