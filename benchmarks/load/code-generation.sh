#!/usr/bin/env bash
# How large the Java is that is generated for structs of ten fields, and what javac takes for it:
# benchmarks/load/code-generation.sh [RUNS] [STRUCTS]
# JAVA chooses the JDK.
set -euo pipefail
cd "$(dirname "$0")"

runs=${1:-3}
structs=${2:-2000}
[ -f target/class-path ] || (cd ../.. && mvn -q -Pbenchmarks -DskipTests -pl benchmarks/load -am package)
for ((run = 0; run < runs; run++)); do
    "${JAVA:-java}" -XX:+UseSerialGC -Xmx2g -cp "target/classes:$(cat target/class-path)" \
        io.streamx.benchmarks.CodeGeneration "$structs"
done
