#!/usr/bin/env bash
# thriftpy2 0.7.1: a struct whose field has a list or another struct as its default in the IDL, and a message without that field,
# written by Apache Thrift for Python 0.25.0.
#
# Guess: each struct has a list of its own, as generated code of Apache Thrift for Python gives it. Seen: all structs of the type
# share the one list of the IDL, those that a server reads as well. A handler that adds to the list of a request which came
# without it adds to the requests of all callers from then on; so with a struct as the default.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check thriftpy2==0.7.1 thrift==0.25.0
cat >shop.thrift <<'EOF'
struct Price {
    1: i32 cents
}

struct Order {
    1: string buyer
    2: list<string> notes = ["new"]
    3: Price price = {"cents": 100}
}
EOF

cat >probe.py <<'EOF'
import thriftpy2
from thrift.protocol.TBinaryProtocol import TBinaryProtocol as ApacheProtocol
from thrift.Thrift import TType
from thrift.transport.TTransport import TMemoryBuffer as ApacheBuffer
from thriftpy2.protocol.binary import TBinaryProtocol
from thriftpy2.protocol.cybin import TCyBinaryProtocol
from thriftpy2.transport import TCyMemoryBuffer, TMemoryBuffer

shop = thriftpy2.load("shop.thrift", module_name="shop_thrift")


def order_without_notes(buyer):
    buffer = ApacheBuffer()
    protocol = ApacheProtocol(buffer)
    protocol.writeFieldBegin("buyer", TType.STRING, 1)
    protocol.writeString(buyer)
    protocol.writeFieldEnd()
    protocol.writeFieldStop()
    return buffer.getvalue()


def handle(order):
    """What a handler may do with its own request."""
    order.notes.append("seen by " + order.buyer)
    order.price.cents += 1
    return f"{order.buyer} {order.notes} {order.price.cents}"


first, second = shop.Order(buyer="Ann"), shop.Order(buyer="Bob")
print("made:", handle(first))
print("made:", handle(second))
for name, protocol, buffer in (("binary", TBinaryProtocol, TMemoryBuffer), ("Cython", TCyBinaryProtocol, TCyMemoryBuffer)):
    order = shop.Order()
    protocol(buffer(order_without_notes(name))).read_struct(order)
    print("read:", handle(order))
EOF

cat >expected <<'EOF'
made: Ann ['new', 'seen by Ann'] 101
made: Bob ['new', 'seen by Ann', 'seen by Bob'] 102
read: binary ['new', 'seen by Ann', 'seen by Bob', 'seen by binary'] 103
read: Cython ['new', 'seen by Ann', 'seen by Bob', 'seen by binary', 'seen by Cython'] 104
EOF

venv/bin/python probe.py >actual 2>log || { cat log >&2; exit 1; }
cat actual
diff expected actual >&2 || { echo "changed: thriftpy2-structs-share-their-default-list" >&2; exit 1; }
