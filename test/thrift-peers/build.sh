#!/bin/sh
# The peers in Python and Node.js, of exact versions, below target, and with THRIFT_PEERS_VOLO=1 the one in Rust, which takes cargo
# some minutes the first time. Run by Maven.
set -eu
python3 -m venv target/python
target/python/bin/pip install --quiet --disable-pip-version-check --requirement python/requirements.txt
mkdir -p target/node
cp node/package.json target/node/
npm install --prefix target/node --silent --no-audit --no-fund
if [ "${THRIFT_PEERS_VOLO:-0}" = 1 ]; then
    (cd volo && cargo build --quiet --target-dir ../target/volo)
else
    rm -f target/volo/debug/peer
    echo "SKIPPED: Volo is built with THRIFT_PEERS_VOLO=1 alone" >&2
fi
