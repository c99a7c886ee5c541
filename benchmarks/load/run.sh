#!/usr/bin/env bash
# Builds the load programs and compares the stacks: benchmarks/load/run.sh [options of io.streamx.benchmarks.Runner]
set -euo pipefail
cd "$(dirname "$0")"

# JAVA, JAVA_HOME, the java on the path, or one installed beside it: the first of version 21 or later.
find_java() {
    local candidate version
    local beside
    beside="$(dirname "$(readlink -f "$(command -v java)")")/../.."
    for candidate in ${JAVA:+"$JAVA"} ${JAVA_HOME:+"$JAVA_HOME/bin/java"} java "$beside"/*/bin/java; do
        version=$("$candidate" -XshowSettings:properties -version 2>&1 \
            | sed -n 's/^ *java\.specification\.version = \([0-9]*\).*/\1/p') || continue
        if [ "${version:-0}" -ge 21 ]; then
            echo "$candidate"
            return
        fi
    done
    echo "no Java 21 or later found; set JAVA" >&2
    return 1
}

java=$(find_java)
if command -v go >/dev/null; then
    kitex/build.sh
else
    echo "no go found: the stacks kitex and kitex-grpc will fail" >&2
fi
(cd ../.. && mvn -q -Pbenchmarks -DskipTests -pl benchmarks/load -am package)
exec "$java" -XX:+UseSerialGC -Xmx64m \
    -cp "target/classes:$(cat target/class-path)" \
    io.streamx.benchmarks.Runner "$@"
