#!/usr/bin/env bash
# The JSON protocol of Apache Thrift for Python 0.25.0 and for Node 0.24.0: doubles that are no finite numbers.
#
# Guess: they travel as the texts "NaN", "Infinity" and "-Infinity", which both libraries know when they read. Seen: both write
# them without quotes (Python nan and inf, Node NaN and -Infinity), and neither can read what it has written itself.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --silent --no-audit --no-fund thrift@0.24.0
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check thrift==0.25.0
cat >probe.py <<'EOF'
from thrift.protocol.TJSONProtocol import TJSONProtocol
from thrift.Thrift import TType
from thrift.transport.TTransport import TMemoryBuffer


def read(text):
    protocol = TJSONProtocol(TMemoryBuffer(text))
    protocol.readStructBegin()
    protocol.readFieldBegin()
    try:
        return protocol.readDouble()
    except Exception as refused:
        return type(refused).__name__


for value in float("nan"), float("-inf"):
    buffer = TMemoryBuffer()
    protocol = TJSONProtocol(buffer)
    protocol.writeStructBegin("Value")
    protocol.writeFieldBegin("value", TType.DOUBLE, 1)
    protocol.writeDouble(value)
    protocol.writeFieldEnd()
    protocol.writeFieldStop()
    protocol.writeStructEnd()
    written = buffer.getvalue()
    print("python", written.decode(), "->", read(written))
print("python with quotes ->", read(b'{"1":{"dbl":"NaN"}}'), read(b'{"1":{"dbl":"-Infinity"}}'))
EOF
cat >probe.js <<'EOF'
const thrift = require("thrift");

function read(bytes) {
  const transport = new thrift.TBufferedTransport();
  bytes.copy(transport.inBuf);
  transport.writeCursor = bytes.length;
  const protocol = new thrift.TJSONProtocol(transport);
  try {
    protocol.readMessageBegin();
    protocol.readStructBegin();
    protocol.readFieldBegin();
    return protocol.readDouble();
  } catch (refused) {
    return refused.name;
  }
}

for (const value of [NaN, -Infinity]) {
  const out = [];
  const protocol = new thrift.TJSONProtocol(new thrift.TBufferedTransport(null, (bytes) => out.push(Buffer.from(bytes))));
  protocol.writeMessageBegin("m", 1, 1);
  protocol.writeStructBegin("Value");
  protocol.writeFieldBegin("value", thrift.Thrift.Type.DOUBLE, 1);
  protocol.writeDouble(value);
  protocol.writeFieldEnd();
  protocol.writeFieldStop();
  protocol.writeStructEnd();
  protocol.writeMessageEnd();
  protocol.flush();
  const written = Buffer.concat(out);
  console.log("node", written.toString(), "->", read(written));
}
console.log("node with quotes ->", read(Buffer.from('[1,"m",1,1,{"1":{"dbl":"NaN"}}]')));
EOF
{ venv/bin/python probe.py; node probe.js; } >actual
cat actual
cat >expected <<'EOF'
python {"1":{"dbl":nan}} -> TProtocolException
python {"1":{"dbl":-inf}} -> TProtocolException
python with quotes -> nan -inf
node [1,"m",1,1,{"1":{"dbl":NaN}}] -> SyntaxError
node [1,"m",1,1,{"1":{"dbl":-Infinity}}] -> SyntaxError
node with quotes -> NaN
EOF
diff expected actual >&2 || { echo "changed: thrift-json-protocols-and-not-a-number" >&2; exit 1; }
