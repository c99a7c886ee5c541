#!/usr/bin/env bash
# thriftpy2 0.7.1: what a caller gets when a handler raises something its method does not declare.
#
# Guess: an application exception of type 6 (internal error), which Apache Thrift's servers and Kitex send. Seen: the server
# closes the connection without an answer, and a client sees an end of file. A oneway call whose handler fails closes it too,
# so the next call of that client fails, though it has nothing to do with the oneway one. A handler that returns None where a
# value is due is answered: "Missing result".
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check thriftpy2==0.7.1

cat >probe.thrift <<'EOF'
service Probe {
    i32 fail(),
    i32 nothing(),
    i32 fine(),
    oneway void forget(),
}
EOF
cat >probe.py <<'EOF'
import socket
import threading

import thriftpy2
from thriftpy2.rpc import client_context, make_server

probe = thriftpy2.load("probe.thrift", module_name="probe_thrift")


class Handler:
    def fail(self):
        raise ValueError("not declared")

    def nothing(self):
        return None

    def fine(self):
        return 1

    def forget(self):
        raise ValueError("not declared")


with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    port = free.getsockname()[1]
server = make_server(probe.Probe, Handler(), "127.0.0.1", port, client_timeout=5000)
threading.Thread(target=server.serve, daemon=True).start()
while True:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
        break
    except ConnectionRefusedError:
        pass


def shown(call):
    with client_context(probe.Probe, "127.0.0.1", port, socket_timeout=5000) as client:
        try:
            return call(client)
        except Exception as e:
            return f"{type(e).__name__} {e}"


print("fine:", shown(lambda client: client.fine()))
print("fail:", shown(lambda client: client.fail()))
print("nothing:", shown(lambda client: client.nothing()))
print("fine after a failed oneway:", shown(lambda client: (client.forget(), client.fine())))
EOF
cat >expected <<'EOF'
fine: 1
fail: TTransportException TTransportException(type=4, message='TSocket read 0 bytes')
nothing: TApplicationException Missing result
fine after a failed oneway: TTransportException TTransportException(type=4, message='TSocket read 0 bytes')
EOF
venv/bin/python probe.py >actual 2>log
cat actual
diff expected actual >&2 || { echo "changed: thriftpy2-server-closes-on-a-failed-handler" >&2; cat log >&2; exit 1; }
