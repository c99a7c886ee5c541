#!/usr/bin/env bash
# Apache Thrift for Node 0.24.0: the double -0.0.
#
# Guess: eight bytes of a double are the double's own. Seen: the binary, the compact and the JSON protocol all write +0.0. What
# a peer has sent as -0.0 is read as such.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --silent --no-audit --no-fund thrift@0.24.0
cat >probe.js <<'EOF'
const thrift = require("thrift");

function write(Protocol, step) {
  const out = [];
  const transport = new thrift.TBufferedTransport(null, (bytes) => out.push(Buffer.from(bytes)));
  const protocol = new Protocol(transport);
  protocol.writeMessageBegin("m", 1, 1);
  protocol.writeStructBegin("Value");
  protocol.writeFieldBegin("value", thrift.Thrift.Type.DOUBLE, 1);
  step(protocol);
  protocol.writeFieldEnd();
  protocol.writeFieldStop();
  protocol.writeStructEnd();
  protocol.writeMessageEnd();
  protocol.flush();
  return Buffer.concat(out);
}

const binary = write(thrift.TBinaryProtocol, (to) => to.writeDouble(-0));
console.log("binary", binary.subarray(-9, -1).toString("hex"));
const compact = write(thrift.TCompactProtocol, (to) => to.writeDouble(-0));
console.log("compact", compact.subarray(-9, -1).toString("hex"));
console.log("json", write(thrift.TJSONProtocol, (to) => to.writeDouble(-0)).toString());
const from = new thrift.TBufferedTransport();
Buffer.from("8000000000000000", "hex").copy(from.inBuf);
from.writeCursor = 8;
console.log("read", Object.is(new thrift.TBinaryProtocol(from).readDouble(), -0) ? "-0" : "0");
EOF
cat >expected <<'EOF'
binary 0000000000000000
compact 0000000000000000
json [1,"m",1,1,{"1":{"dbl":0}}]
read -0
EOF
node probe.js >actual
cat actual
diff expected actual >&2 || { echo "changed: thrift-node-loses-the-sign-of-zero" >&2; exit 1; }
