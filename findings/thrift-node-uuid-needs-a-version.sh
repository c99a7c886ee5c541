#!/usr/bin/env bash
# Apache Thrift for Node 0.24.0: the base type uuid, sixteen bytes on the wire.
#
# Guess: any sixteen bytes go through, as in Thrift for Python 0.25.0. Seen: the binary and the compact protocol take only UUIDs
# whose version digit is 1 to 8 and whose variant is that of RFC 9562, and those of all zeros or all ones; what Python has sent
# of others cannot be read.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --silent --no-audit --no-fund thrift@0.24.0
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check thrift==0.25.0
cat >probe.py <<'EOF'
import sys
import uuid

from thrift.protocol.TBinaryProtocol import TBinaryProtocol
from thrift.transport.TTransport import TMemoryBuffer

for text in sys.argv[1:]:
    buffer = TMemoryBuffer()
    TBinaryProtocol(buffer).writeUuid(uuid.UUID(text))
    print(buffer.getvalue().hex())
EOF
cat >probe.js <<'EOF'
const thrift = require("thrift");
const { execFileSync } = require("child_process");

const texts = [
  "00000000-0000-0000-0000-000000000000",
  "ffffffff-ffff-ffff-ffff-ffffffffffff",
  "6ba7b810-9dad-41d1-80b4-00c04fd430c8",
  "6ba7b810-9dad-01d1-80b4-00c04fd430c8",
  "6ba7b810-9dad-91d1-80b4-00c04fd430c8",
  "6ba7b810-9dad-41d1-c0b4-00c04fd430c8",
];
const sent = execFileSync("venv/bin/python", ["probe.py", ...texts]).toString().trim().split("\n");
texts.forEach((text, i) => {
  const results = [thrift.TBinaryProtocol, thrift.TCompactProtocol].map((Protocol) => {
    const transport = new thrift.TBufferedTransport(null, () => {});
    Buffer.from(sent[i], "hex").copy(transport.inBuf);
    transport.writeCursor = 16;
    const protocol = new Protocol(transport);
    let read, written;
    try {
      read = protocol.readUuid() === text ? "read" : "read as another";
    } catch (refused) {
      read = refused.name;
    }
    try {
      protocol.writeUuid(text);
      written = "written";
    } catch (refused) {
      written = refused.name;
    }
    return read + " " + written;
  });
  console.log(text, results.join(", "));
});
EOF
node probe.js >actual
cat actual
cat >expected <<'EOF'
00000000-0000-0000-0000-000000000000 read written, read written
ffffffff-ffff-ffff-ffff-ffffffffffff read written, read written
6ba7b810-9dad-41d1-80b4-00c04fd430c8 read written, read written
6ba7b810-9dad-01d1-80b4-00c04fd430c8 TypeError TypeError, TypeError TypeError
6ba7b810-9dad-91d1-80b4-00c04fd430c8 TypeError TypeError, TypeError TypeError
6ba7b810-9dad-41d1-c0b4-00c04fd430c8 TypeError TypeError, TypeError TypeError
EOF
diff expected actual >&2 || { echo "changed: thrift-node-uuid-needs-a-version" >&2; exit 1; }
