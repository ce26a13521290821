#!/usr/bin/env bash
# Makes the Maven artifacts of core, kernels, network and verify, with sources and Javadoc, in a
# folder repository, and uses them from there in a project of its own (release/consumer).
#   release/maven-artifacts.sh MVN OUT VERSION    (./narrows package maven starts it)
# Works on a copy of the commit, because the version that git's tags say goes into every pom.xml.
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
mvn=$1
out=$2
version=$3
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT

git -C "$root" ls-files -z | (cd "$root" && tar --null -cf - -T -) | tar -xf - -C "$copy"
find "$copy" -name pom.xml -not -path '*/consumer/*' -exec \
  sed -i "s|<version>0.1.0-SNAPSHOT</version>|<version>$version</version>|" {} +
repository=$out/maven
rm -rf "$repository"
mkdir -p "$repository"
(cd "$copy" && "$mvn" --batch-mode --quiet -Partifacts -DskipTests -Dspotless.check.skip=true \
  -pl bom,core,kernels,network,verify -am deploy \
  -DaltDeploymentRepository="folder::file://$repository") >&2

# Nothing of this build may be found but what was deployed: a local repository of the consumer's own,
# which takes third parties' jars from the usual one.
consumer=$copy/consumer-run
cp -r "$root/release/consumer" "$consumer"
(cd "$consumer" && "$mvn" --batch-mode --quiet -Dnarrows.version="$version" \
  -Dnarrows.repository="file://$repository" compile) >&2
"$JAVA_HOME/bin/java" --add-modules jdk.incubator.vector \
  -cp "$consumer/target/classes:$consumer/target/lib/*" Consumer 2>/dev/null | tee "$copy/said" >&2
diff "$copy/said" "$root/release/consumer/expected.txt" >&2 ||
  { echo "narrows: the consumer of the artifacts says something else" >&2; exit 1; }
find "$repository" -name '*.jar' | sort
