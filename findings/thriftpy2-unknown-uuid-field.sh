#!/usr/bin/env bash
# thriftpy2 0.7.1: a struct of a newer peer with a field of type uuid, which the older IDL does not have, before a field that it
# has. The bytes come from Apache Thrift for Python 0.25.0.
#
# Guess: an error, or the unknown field is passed over. Seen: with the binary protocol, in Python and in Cython, the struct ends
# at the unknown field without an error, and the field behind it is missing; the compact protocol raises a KeyError.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check thriftpy2==0.7.1 thrift==0.25.0
cat >older.thrift <<'EOF'
struct Older { 2: optional i32 number }
EOF
cat >probe.py <<'EOF'
import uuid

import thriftpy2
from thrift.protocol.TBinaryProtocol import TBinaryProtocol
from thrift.protocol.TCompactProtocol import TCompactProtocol
from thrift.Thrift import TType
from thrift.transport.TTransport import TMemoryBuffer
from thriftpy2.protocol import TCyBinaryProtocolFactory
from thriftpy2.protocol.binary import TBinaryProtocolFactory
from thriftpy2.protocol.compact import TCompactProtocolFactory
from thriftpy2.utils import deserialize

older = thriftpy2.load("older.thrift", module_name="older_thrift")


def newer(protocol_class):
    buffer = TMemoryBuffer()
    to = protocol_class(buffer)
    to.writeStructBegin("Newer")
    to.writeFieldBegin("id", TType.UUID, 1)
    to.writeUuid(uuid.UUID("00c04fd4-30c8-41d1-80b4-6ba7b8109dad"))
    to.writeFieldEnd()
    to.writeFieldBegin("number", TType.I32, 2)
    to.writeI32(7)
    to.writeFieldEnd()
    to.writeFieldStop()
    to.writeStructEnd()
    return buffer.getvalue()


for name, written_by, factory in (
    ("python", TBinaryProtocol, TBinaryProtocolFactory),
    ("cython", TBinaryProtocol, TCyBinaryProtocolFactory),
    ("compact", TCompactProtocol, TCompactProtocolFactory),
):
    try:
        print(name, deserialize(older.Older(), newer(written_by), factory()))
    except Exception as refused:
        print(name, type(refused).__name__)
EOF
venv/bin/python probe.py >actual
cat actual
cat >expected <<'EOF'
python Older(number=None)
cython Older(number=None)
compact KeyError
EOF
diff expected actual >&2 || { echo "changed: thriftpy2-unknown-uuid-field" >&2; exit 1; }
