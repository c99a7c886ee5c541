#!/bin/sh
# Generates the Go code from bench.thrift and builds bin/bench, unless it is there and nothing it comes from has changed.
# Needs go and, the first time, the Go module proxy.
set -eu
cd "$(dirname "$0")"

export GOFLAGS=-mod=mod GOWORK=off GOTOOLCHAIN=local CGO_ENABLED=0
idl=../src/main/thrift/bench.thrift

stamp=bin/built-from
inputs=$( (go version; cat build.sh go.mod go.sum ./*.go "$idl") | cksum)
if [ -x bin/bench ] && [ "$(cat "$stamp" 2>/dev/null || true)" = "$inputs" ]; then
    exit 0
fi

mkdir -p bin
rm -rf kitex_gen "$stamp"
go build -o bin/kitex github.com/cloudwego/kitex/tool/cmd/kitex
if ! ./bin/kitex -module io.streamx/benchmarks/kitex -streamx -no-dependency-check "$idl" >bin/kitex.log 2>&1; then
    cat bin/kitex.log >&2
    exit 1
fi
go build -o bin/bench .

# Recorded last, and read again: go may complete go.sum on the way.
inputs=$( (go version; cat build.sh go.mod go.sum ./*.go "$idl") | cksum)
printf '%s\n' "$inputs" >"$stamp"
