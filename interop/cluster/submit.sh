#!/usr/bin/env bash
# The command as spark-submit starts it: one jar of everything but Spark, on Spark as PyPI lays it out. A standalone
# master and two workers of one core on 127.0.0.1; analyze and evaluate there, on local[2], and by ./narrows on this
# machine alone; results are compared byte for byte.
#   SPARK=…/site-packages/pyspark interop/cluster/submit.sh MODEL DATA LIMIT
# SPARK is a distribution of Spark 4.2.0, such as the folder of `pip install pyspark==4.2.0`; JAVA_HOME a JDK 25. The
# jar is built where it is older than the sources, and is JAR where that is set. COMMANDS and WAYS choose some of
# analyze and evaluate, local and standalone. TIMEOUT is how long to wait for the cluster, 60 seconds.
: "${SPARK:?must name a distribution of Spark 4.2.0}" "${JAVA_HOME:?must name a JDK 25}"
SPARK_JARS=$SPARK/jars
source "$(dirname "${BASH_SOURCE[0]}")/../../docs/measurements/cluster/common.sh"
model=$1 data=$2 limit=$3

jar=${JAR:-$(echo "$root"/cluster/target/narrows-cluster-*-submit.jar)}
if [ -n "${JAR:-}" ]; then
  : # as it is
elif [ ! -e "$jar" ] || [ -n "$(find "$root"/*/src/main "$root"/*/pom.xml -newer "$jar" -type f -print -quit)" ]; then
  (cd "$root" && mvn -q -B -Psubmit -DskipTests -Dspotless.check.skip=true -pl cluster -am package)
  jar=$(echo "$root"/cluster/target/narrows-cluster-*-submit.jar)
fi
echo "$(basename "$jar"): $(($(stat -c %s "$jar") / 1000000)) MB"

submit() { # master words…
  SPARK_HOME=$SPARK "$SPARK/bin/spark-submit" --master "$1" \
    --driver-java-options "--add-modules jdk.incubator.vector" "$jar" "${@:2}" --master-timeout "${TIMEOUT:-60}"
}

# One command three ways.
compare() { # name words…
  local name=$1 way code
  shift
  "$NARROWS" "$@" --format json >"$WORK/$name-here.json" 2>"$WORK/$name-here.err"
  for way in ${WAYS:-local standalone}; do
    code=0
    case $way in
      local) submit 'local[2]' "$@" --format json >"$WORK/$name-$way.json" 2>"$WORK/$name-$way.err" || code=$? ;;
      *) submit "$master" "$@" --format json >"$WORK/$name-$way.json" 2>"$WORK/$name-$way.err" || code=$? ;;
    esac
    printf '%s, %s: ' "$name" "$way"
    if [ "$code" != 0 ] || ! alike "$WORK/$name-here.json" "$WORK/$name-$way.json"; then
      echo "exit code $code, or DIFFERENT; the end of $WORK/$name-$way.err:"
      tail -n 5 "$WORK/$name-$way.err" | sed 's/^/    /'
      failures=$((failures + 1))
    fi
  done
}

start_master
start_worker one
start_worker two
for command in ${COMMANDS:-analyze evaluate}; do
  words=("$command" "$model" --data "$data" --limit "$limit")
  if [ "$command" = evaluate ]; then words+=(--accumulator int16:saturate); fi
  compare "$command" "${words[@]}"
done
echo "$failures differences or failures; everything is in $WORK"
exit $((failures > 0))
