#!/usr/bin/env bash
# Builds and compares: benchmarks/sse/run.sh [ROUNDS WARMUP_SECONDS SECONDS [JVM_OPTION...]]
# JAVA names a Java of version 21 or later; JAVA_HOME and the PATH are looked at otherwise.
set -euo pipefail
cd "$(dirname "$0")"

java=${JAVA:-${JAVA_HOME:+$JAVA_HOME/bin/}java}
version=$("$java" -XshowSettings:properties -version 2>&1 \
    | sed -n 's/^ *java\.specification\.version = \([0-9]*\).*/\1/p')
if [ "${version:-0}" -lt 21 ]; then
    echo "$java is of version $version (expected: 21 or later); set JAVA" >&2
    exit 1
fi
# A thousand readers, and the files of a JVM.
ulimit -n 4096
(cd ../.. && mvn -q -Pbenchmarks -DskipTests -pl benchmarks/sse -am package)
exec "$java" -Xmx256m -cp "target/classes:$(cat target/class-path)" io.streamx.benchmarks.sse.Compare "$@"
