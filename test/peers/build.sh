#!/bin/sh
# Builds target/venv with the Python peers and target/node with the Node peers, unless both are there and nothing they come
# from has changed. Needs python3 and npm and, the first time, their registries. A language that is not on the machine is left
# out, and said to be. With PEERS_TONIC=1 Rust's tonic is built into target/tonic as well, which takes cargo some minutes.
set -eu
cd "$(dirname "$0")"

stamp=target/peers-built-from
inputs=$( (python3 --version; node --version; echo "tonic ${PEERS_TONIC:-0}"
    cat build.sh proto/* python/* node/* tonic/Cargo.toml tonic/build.rs tonic/src/*.rs tonic/src/bin/*) 2>&1 | cksum)
if [ "$(cat "$stamp" 2>/dev/null || true)" = "$inputs" ]; then
    exit 0
fi

mkdir -p target
rm -rf "$stamp" target/python target/node target/proto
cp -r proto target/proto

if ! python3 -c 'import venv, ensurepip' 2>/dev/null; then
    echo "SKIPPED: no python3 with venv here, so grpcio and grpclib are not played with" >&2
    exit 0
fi
cp -r python target/python
python3 -m venv target/venv
target/venv/bin/pip install --quiet --disable-pip-version-check --requirement python/requirements.txt
target/venv/bin/python -m grpc_tools.protoc -Iproto --python_out=target/python --grpc_python_out=target/python \
    "--plugin=protoc-gen-grpclib_python=target/venv/bin/protoc-gen-grpclib_python" \
    --grpclib_python_out=target/python proto/peers.proto

if ! command -v npm >/dev/null; then
    echo "SKIPPED: no npm here, so grpc-js and connect-node are not played with" >&2
    exit 0
fi
cp -r node target/node
(cd target/node && npm ci --silent --no-audit --no-fund --ignore-scripts)
mkdir -p target/node/gen
target/venv/bin/python -m grpc_tools.protoc -Iproto \
    "--plugin=protoc-gen-es=target/node/node_modules/.bin/protoc-gen-es" \
    --es_out=target/node/gen --es_opt=target=js proto/peers.proto

if [ "${PEERS_TONIC:-0}" = 1 ]; then
    protoc=$PWD/target/protoc
    printf '#!/bin/sh\nexec "%s" -m grpc_tools.protoc "$@"\n' "$PWD/target/venv/bin/python" >"$protoc"
    chmod +x "$protoc"
    (cd tonic && PROTOC=$protoc cargo build --quiet --target-dir ../target/tonic)
else
    echo "SKIPPED: tonic is built with PEERS_TONIC=1 alone" >&2
fi

printf '%s\n' "$inputs" >"$stamp"
