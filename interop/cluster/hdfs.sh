#!/usr/bin/env bash
# Images on Hadoop's file system: a folder of PNGs and an .npz by hdfs:// against the same files of this machine, on
# local[2] and on a standalone cluster of two workers; byte for byte but for the name of the data.
#   interop/cluster/hdfs.sh MODEL [COUNT]           1,000 images of 3 by 32 by 32 as MODEL takes them
# The file system is Hadoop's MiniDFSCluster of Spark's own version of Hadoop, fetched by Maven and no part of the
# product: a name node and a data node in one process on 127.0.0.1. HADOOP_MINI=FILE.jar names one that is there.
# JAVA_HOME is a JDK 25. With LOCAL=yes no cluster is started.
: "${JAVA_HOME:?must name a JDK 25}"
source "$(dirname "${BASH_SOURCE[0]}")/../../docs/measurements/cluster/common.sh"
model=$1 count=${2:-1000}

client=$(basename "$SPARK_JARS"/hadoop-client-api-*.jar .jar)
version=${client#hadoop-client-api-}
mini=${HADOOP_MINI:-$WORK/hadoop-client-minicluster-$version.jar}
if [ ! -e "$mini" ]; then
  mvn -q -B dependency:copy -Dartifact="org.apache.hadoop:hadoop-client-minicluster:$version" \
    -DoutputDirectory="$WORK"
fi

python3 "$root/interop/cluster/images.py" "$WORK" "$count"
hdfs=hdfs://127.0.0.1:$((port + 1))
# shellcheck disable=SC2086
$java $opens -Xmx512m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "$mini:$SPARK_JARS/*" \
  "$root/interop/cluster/MiniHdfs.java" $((port + 1)) "$WORK/hdfs" "$WORK/images" "$WORK/images.npz" >"$WORK/hdfs.log" 2>&1 &
hadoop=$!
trap 'stop_cluster; kill -KILL $hadoop 2>/dev/null || true' EXIT
await "$WORK/hdfs.log" '^ready' 600 "$hadoop"
ways=("local[2]" "$master")
if [ -n "${LOCAL:-}" ]; then
  ways=("local[2]")
else
  start_master
  start_worker one
  start_worker two
fi

timed() { # name words…: a command to its end, without the name of its data; says its seconds
  local name=$1 before code=0
  shift
  before=$(date +%s.%N)
  "$NARROWS" analyze "$model" --format json "$@" >"$WORK/$name.out" 2>"$WORK/$name.err" || code=$?
  seconds=$(echo "$(date +%s.%N) - $before" | bc)
  if [ "$code" != 0 ]; then
    echo "    exit code $code; the end of $WORK/$name.err:"
    tail -n 5 "$WORK/$name.err" | sed 's/^/    /'
    failures=$((failures + 1))
  fi
  sed "s|\"$WORK/|\"|; s|\"$hdfs/|\"|" "$WORK/$name.out" >"$WORK/$name.json"
}

for data in images images.npz; do
  timed "$data-here" --data "$WORK/$data"
  printf '%s: %.1f s on this machine\n' "$data" "$seconds"
  for way in "${ways[@]}"; do
    timed "$data-there" --data "$hdfs/$data" --master "$way" --spark spark.executor.memory=1g
    if [ -s "$WORK/$data-there.json" ] && cmp "$WORK/$data-here.json" "$WORK/$data-there.json"; then
      printf '  %s: %.1f s, the same %d bytes; %s\n' "$way" "$seconds" \
        "$(stat -c %s "$WORK/$data-there.json")" "$(grep -o '[0-9]* images.*read where.*' "$WORK/$data-there.err")"
    else
      printf '  %s: DIFFERENT, or none\n' "$way"
      failures=$((failures + 1))
    fi
  done
done
# what is not there is named
code=0
"$NARROWS" analyze "$model" --data "$hdfs/none.npz" --master 'local[2]' >"$WORK/none.out" 2>"$WORK/none.err" || code=$?
echo "a file that is not there: exit code $code, $(tail -n 1 "$WORK/none.err")"
[ "$code" = 2 ] || failures=$((failures + 1))
echo "$failures differences or failures; load average $(cut -d ' ' -f 1 /proc/loadavg); everything is in $WORK"
exit $((failures > 0))
