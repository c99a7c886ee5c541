#!/usr/bin/env bash
# Apache Thrift for Node 0.24.0 with its JSON protocol: a negative i64 that is given as an Int64 object, the type that the
# library has for such values.
#
# Guess: the decimal number. Seen: a number of fewer than twelve digits is filled with zeros behind the minus, -1 as
# -000000000001. That is no JSON, and JSON.parse refuses it; the JSON protocols of Thrift for Node and for Python 0.25.0 read it. The same value
# as a JavaScript number is written without zeros.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --silent --no-audit --no-fund thrift@0.24.0
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check thrift==0.25.0
cat >probe.js <<'EOF'
const thrift = require("thrift");
const { Int64 } = thrift;

function write(value) {
  const out = [];
  const transport = new thrift.TBufferedTransport(null, (bytes) => out.push(Buffer.from(bytes)));
  const protocol = new thrift.TJSONProtocol(transport);
  protocol.writeMessageBegin("m", 1, 1);
  protocol.writeStructBegin("Value");
  protocol.writeFieldBegin("value", thrift.Thrift.Type.I64, 1);
  protocol.writeI64(value);
  protocol.writeFieldEnd();
  protocol.writeFieldStop();
  protocol.writeStructEnd();
  protocol.writeMessageEnd();
  protocol.flush();
  return Buffer.concat(out).toString();
}

const text = write(new Int64(-1));
console.log("Int64 -1", text);
console.log("Int64 -5000000000", write(new Int64(-5000000000)));
console.log("Int64 -123456789012", write(new Int64(-123456789012)));
console.log("Int64 least", write(new Int64("8000000000000000")));
console.log("number -1", write(-1));
try {
  JSON.parse(text);
  console.log("JSON.parse takes it");
} catch (refused) {
  console.log("JSON.parse", refused.name);
}
EOF
cat >probe.py <<'EOF'
from thrift.protocol.TJSONProtocol import TJSONProtocol
from thrift.transport.TTransport import TMemoryBuffer

protocol = TJSONProtocol(TMemoryBuffer(b'{"1":{"i64":-000000000001}}'))
protocol.readStructBegin()
protocol.readFieldBegin()
print("python reads", protocol.readI64())
EOF
cat >expected <<'EOF'
Int64 -1 [1,"m",1,1,{"1":{"i64":-000000000001}}]
Int64 -5000000000 [1,"m",1,1,{"1":{"i64":-005000000000}}]
Int64 -123456789012 [1,"m",1,1,{"1":{"i64":-123456789012}}]
Int64 least [1,"m",1,1,{"1":{"i64":-9223372036854775808}}]
number -1 [1,"m",1,1,{"1":{"i64":-1}}]
JSON.parse SyntaxError
python reads -1
EOF
{ node probe.js; venv/bin/python probe.py; } >actual
cat actual
diff expected actual >&2 || { echo "changed: thrift-node-json-pads-negative-int64" >&2; exit 1; }
