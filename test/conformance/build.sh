#!/bin/sh
# Builds target/connectconformance and copies the suite's protos to target/proto, unless both are there and nothing they
# come from has changed. Needs go 1.26 and, the first time, the Go module proxy; no environment variable has to be set.
set -eu
cd "$(dirname "$0")"

export GOFLAGS=-mod=mod GOWORK=off GOTOOLCHAIN=local CGO_ENABLED=0

stamp=target/conformance-built-from
inputs=$( (go version; cat build.sh go.mod go.sum) | cksum)
if [ -x target/connectconformance ] && [ -d target/proto ] && [ "$(cat "$stamp" 2>/dev/null || true)" = "$inputs" ]; then
    exit 0
fi

mkdir -p target
rm -rf "$stamp" target/proto
go build -o target/connectconformance connectrpc.com/conformance/cmd/connectconformance
cp -r "$(go list -m -f '{{.Dir}}' connectrpc.com/conformance)/proto" target/proto
chmod -R u+w target/proto

# Recorded last, and read again: go may complete go.sum on the way.
inputs=$( (go version; cat build.sh go.mod go.sum) | cksum)
printf '%s\n' "$inputs" >"$stamp"
