#!/usr/bin/env bash
# thriftpy2 0.7.1: the Python type of a Thrift set, and of a text that is no UTF-8.
#
# Guess: a set is sent and received as a Python set; a string that is no UTF-8 is an error. Seen, with the binary protocol in
# Python and in Cython and with the compact one: a set arrives as a list, in the order of the wire, although a set constant of
# the IDL is a Python set; and a string field hands out bytes where the text cannot be decoded.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check thriftpy2==0.7.1

cat >probe.thrift <<'EOF'
const set<i32> FIXED = [1, 2]
struct Values { 1: set<i32> numbers, 2: string text }
EOF
cat >probe.py <<'EOF'
import thriftpy2
from thriftpy2.protocol import TCyBinaryProtocolFactory
from thriftpy2.protocol.binary import TBinaryProtocolFactory
from thriftpy2.protocol.compact import TCompactProtocolFactory
from thriftpy2.utils import deserialize, serialize

probe = thriftpy2.load("probe.thrift", module_name="probe_thrift")
print("constant", type(probe.FIXED).__name__)
for name, factory in ("python", TBinaryProtocolFactory), ("cython", TCyBinaryProtocolFactory), ("compact", TCompactProtocolFactory):
    sent = probe.Values(numbers={1, 2}, text=b"\xff")
    got = deserialize(probe.Values(), serialize(sent, factory()), factory())
    print(name, type(got.numbers).__name__, repr(got.text))
EOF
cat >expected <<'EOF'
constant set
python list b'\xff'
cython list b'\xff'
compact list b'\xff'
EOF
venv/bin/python probe.py >actual
cat actual
diff expected actual >&2 || { echo "changed: thriftpy2-set-comes-back-as-list" >&2; exit 1; }
