#!/usr/bin/env bash
# What a command says on a cluster whose Spark or Java is not its own: each case on processes on loopback.
#   JAVA17=/usr/lib/jvm/java-17-… OLD_SPARK=…/site-packages/pyspark docs/measurements/cluster/versions.sh MODEL [CASE…]
# OLD_SPARK is another version, such as `pip install pyspark==4.1.*` makes it; JAVA_HOME is a JDK 25.
: "${JAVA_HOME:?must name a JDK 25}" "${JAVA17:?must name a Java 17}" "${OLD_SPARK:?must name an older Spark}"
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
model=$1
shift
cases=${*:-java-all java-one spark-master spark-worker spark-all nobody}
opens="-XX:+IgnoreUnrecognizedVMOptions $opens"
mkdir -p "$WORK/old"
[ -e "$WORK/old/jars" ] || ln -s "$OLD_SPARK/jars" "$WORK/old/jars"

old_java() { JAVA_HOME=$JAVA17 java=$JAVA17/bin/java "$@"; }
old_spark() { SPARK_HOME=$WORK/old "$@"; }

# A command on this machine and on the cluster; says how it ended there.
run() { # name words…
  local name=$1 code=0 before
  shift
  before=$(date +%s)
  "$NARROWS" "$@" --master "$master" --master-timeout "${TIMEOUT:-20}" --spark spark.executor.memory=512m \
    >"$WORK/$name.out" 2>"$WORK/$name.err" || code=$?
  echo "    ${1}: exit code $code after $(($(date +%s) - before)) s: $(tail -n 1 "$WORK/$name.err")"
  grep -h 'a task failed and is tried elsewhere' "$WORK/$name.err" | sed 's/^/      /' | cut -c 1-200 || true
}

for case in $cases; do
  stop_cluster
  case $case in
    java-all)
      echo "== $case: master and worker on Java 17"
      old_java start_master
      old_java start_worker "$case-1"
      ;;
    java-one)
      echo "== $case: one worker on Java 17, one on Java 25"
      start_master
      old_java start_worker "$case-1"
      start_worker "$case-2"
      ;;
    spark-master)
      echo "== $case: a master of another Spark, without workers"
      old_spark start_master
      ;;
    spark-worker)
      echo "== $case: a worker of another Spark"
      start_master
      old_spark start_worker "$case-1" || echo "    the worker did not register"
      ;;
    spark-all)
      echo "== $case: master and worker of another Spark"
      old_spark start_master
      old_spark start_worker "$case-1"
      ;;
    nobody)
      echo "== $case: a master without workers"
      start_master
      ;;
    *)
      echo "unknown case $case" >&2
      exit 2
      ;;
  esac
  run "$case" analyze "$model" --data generated/200 --format json
done
