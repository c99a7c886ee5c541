#!/bin/sh
# Generates the Go code from ../idl and builds bin/peer and bin/peer-without-gzip, unless all is there and nothing they come from has changed.
# Needs go and, the first time, the Go module proxy; no environment variable has to be set.
set -eu
cd "$(dirname "$0")"

export GOFLAGS=-mod=mod GOWORK=off GOTOOLCHAIN=local CGO_ENABLED=0

stamp=bin/built-from
inputs=$( (go version; cat build.sh go.mod go.sum ./*.go ../idl/*.thrift ../idl/*.proto) | cksum)
if [ -x bin/peer ] && [ -x bin/peer-without-gzip ] && [ "$(cat "$stamp" 2>/dev/null || true)" = "$inputs" ]; then
    exit 0
fi

mkdir -p bin
rm -rf kitex_gen "$stamp"
go build -o bin/kitex github.com/cloudwego/kitex/tool/cmd/kitex
for idl in echo.thrift scenario.thrift shapes.thrift older.thrift newer.thrift absent.thrift messages.proto absent.proto; do
    # The generator reports its success on stderr; only a failure is worth showing.
    if ! ./bin/kitex -module io.streamx/interop/peer -streamx -no-dependency-check "../idl/$idl" >bin/kitex.log 2>&1; then
        cat bin/kitex.log >&2
        exit 1
    fi
done
go build -o bin/peer .
# The same without gzip, which Kitex registers for the whole program or not at all.
go build -tags withoutgzip -o bin/peer-without-gzip .

# Recorded last, and read again: go may complete go.sum on the way.
inputs=$( (go version; cat build.sh go.mod go.sum ./*.go ../idl/*.thrift ../idl/*.proto) | cksum)
printf '%s\n' "$inputs" >"$stamp"
