#!/bin/sh
# Generates the Go code from ../idl/echo.thrift and builds bin/peer, unless it is there and nothing it comes from has changed.
# Needs go 1.26 and, the first time, the Go module proxy; no environment variable has to be set.
set -eu
cd "$(dirname "$0")"

export GOFLAGS=-mod=mod GOWORK=off GOTOOLCHAIN=local CGO_ENABLED=0

stamp=bin/built-from
inputs=$( (go version; cat build.sh go.mod go.sum ./*.go ../idl/echo.thrift) | cksum)
if [ -x bin/peer ] && [ "$(cat "$stamp" 2>/dev/null || true)" = "$inputs" ]; then
    exit 0
fi

mkdir -p bin
rm -rf kitex_gen "$stamp"
go build -o bin/kitex github.com/cloudwego/kitex/tool/cmd/kitex
# The generator reports its success on stderr; only a failure is worth showing.
if ! ./bin/kitex -module io.streamx/interop/tracing -streamx -no-dependency-check ../idl/echo.thrift >bin/kitex.log 2>&1; then
    cat bin/kitex.log >&2
    exit 1
fi
go build -o bin/peer .

# Recorded last, and read again: go may complete go.sum on the way.
inputs=$( (go version; cat build.sh go.mod go.sum ./*.go ../idl/echo.thrift) | cksum)
printf '%s\n' "$inputs" >"$stamp"
