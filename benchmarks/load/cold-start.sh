#!/usr/bin/env bash
# How long server processes take from their start to their first reply, each as it comes and with an archive of classes:
# benchmarks/load/cold-start.sh [RUNS] [STACK...]
# The archive is Leyden's AOT cache on JDK 25 and later, AppCDS before. JAVA chooses the JDK.
set -euo pipefail
cd "$(dirname "$0")"

runs=${1:-5}
shift || true
stacks=("$@")
[ ${#stacks[@]} -gt 0 ] || stacks=(streamx streamx-framed streamx-grpc grpc-default)

java=${JAVA:-java}
version=$("$java" -XshowSettings:properties -version 2>&1 \
    | sed -n 's/^ *java\.specification\.version = \([0-9]*\).*/\1/p')
if [ "${version:-0}" -lt 21 ]; then
    echo "$java is of version $version (expected: 21 or later); set JAVA" >&2
    exit 1
fi
[ -f target/class-path ] || (cd ../.. && mvn -q -Pbenchmarks -DskipTests -pl benchmarks/load -am package)

# A class archive takes classes from jars alone, so the programs of this folder are put into one.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$(dirname "$(readlink -f "$(command -v "$java")")")/jar" --create --file "$work/bench.jar" -C target/classes .
path="$work/bench.jar:$(cat target/class-path)"
options=(-XX:+UseSerialGC -Xmx128m --enable-native-access=ALL-UNNAMED)
if [ "$version" -ge 24 ]; then
    options+=(--sun-misc-unsafe-memory-access=allow)
fi

probe() { # STACK RUNS COMMAND...
    "$java" "${options[@]}" -cp "$path" io.streamx.benchmarks.ColdStart probe "$@"
}

for stack in "${stacks[@]}"; do
    server=("$java" "${options[@]}" -cp "$path")
    echo "as it comes:"
    probe "$stack" "$runs" "${server[@]}"
    archive="$work/$stack.archive"
    if [ "$version" -ge 25 ]; then
        probe "$stack" 1 "$java" -XX:AOTCacheOutput="$archive" "${options[@]}" -cp "$path" >"$work/log" 2>&1 || cat "$work/log"
        echo "with an AOT cache (-XX:AOTCacheOutput in one run, -XX:AOTCache in the others):"
        probe "$stack" "$runs" "$java" -XX:AOTCache="$archive" "${options[@]}" -cp "$path"
    else
        probe "$stack" 1 "$java" -XX:ArchiveClassesAtExit="$archive" "${options[@]}" -cp "$path" >"$work/log" 2>&1 || cat "$work/log"
        echo "with AppCDS (-XX:ArchiveClassesAtExit in one run, -XX:SharedArchiveFile in the others):"
        probe "$stack" "$runs" "$java" -XX:SharedArchiveFile="$archive" "${options[@]}" -cp "$path"
    fi
done
