"""A peer of the tests: peer.py apache|thriftpy2 server|client framed|buffered [PORT]

A server prints its port and serves until its input ends. A client plays all that the service can, and prints what it saw.
"""

import os
import socket
import sys
import threading

library, role, carrier = sys.argv[1:4]


def turned(item, times):
    if times < 0:
        return None
    for _ in range(times):
        item.name = item.name[::-1]
        item.tags = list(reversed(item.tags))
    return item


class Handler:
    def __init__(self, refused):
        self.refused = refused
        self.told = ""

    def Turn(self, item, times):
        if times < 0:
            raise self.refused(why="times: %d (expected: 0 or more)" % times)
        return turned(item, times)

    def Note(self, text):
        pass

    def Tell(self, text):
        self.told = text

    def Told(self):
        return self.told


def play(make, item, refused):
    client = make()
    wanted = dict(name="abc", count=7, tags=["x", "y"], sums={"a": 1 << 40}, raw=b"\x00\xff", flag=True, ratio=0.5)
    got = client.Turn(item(inner=item(**wanted), **wanted), 1)
    print("turned", got.name, got.count, ",".join(got.tags), got.sums["a"], bytes(got.raw).hex(), got.flag, got.ratio,
          got.inner.name)
    try:
        client.Turn(item(**wanted), -1)
        print("not refused")
    except refused as e:
        print("refused", e.why)
    print("noted", client.Note("some text"))
    client.Tell("the last word")
    print("told", client.Told())


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def serve(start, port):
    threading.Thread(target=start, daemon=True).start()
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            break
        except OSError:
            pass
    print(port, flush=True)
    sys.stdin.read()
    os._exit(0)


if library == "thriftpy2":
    import thriftpy2
    import thriftpy2.rpc
    from thriftpy2.protocol import TBinaryProtocolFactory
    from thriftpy2.transport import TBufferedTransportFactory, TFramedTransportFactory

    idl = thriftpy2.load(
        os.path.join(os.path.dirname(__file__), "..", "src", "test", "thrift", "peers.thrift"),
        module_name="peers_thrift",
    )
    factories = dict(
        proto_factory=TBinaryProtocolFactory(),
        trans_factory=TFramedTransportFactory() if carrier == "framed" else TBufferedTransportFactory(),
    )
    if role == "server":
        port = free_port()
        server = thriftpy2.rpc.make_server(idl.Peers, Handler(idl.Refused), "127.0.0.1", port, **factories)
        serve(server.serve, port)
    else:
        play(
            lambda: thriftpy2.rpc.make_client(idl.Peers, "127.0.0.1", int(sys.argv[4]), timeout=20000, **factories),
            idl.Item,
            idl.Refused,
        )
else:
    import apache
    from thrift.protocol.TBinaryProtocol import TBinaryProtocol, TBinaryProtocolFactory
    from thrift.server.TServer import TThreadedServer
    from thrift.transport import TSocket
    from thrift.transport.TTransport import (
        TBufferedTransport,
        TBufferedTransportFactory,
        TFramedTransport,
        TFramedTransportFactory,
    )

    if role == "server":
        port = free_port()
        server = TThreadedServer(
            apache.Processor(Handler(apache.Refused)),
            TSocket.TServerSocket("127.0.0.1", port),
            TFramedTransportFactory() if carrier == "framed" else TBufferedTransportFactory(),
            TBinaryProtocolFactory(),
            daemon=True,
        )
        serve(server.serve, port)
    else:

        def connect():
            transport = TSocket.TSocket("127.0.0.1", int(sys.argv[4]))
            transport.setTimeout(20000)
            wrapped = TFramedTransport(transport) if carrier == "framed" else TBufferedTransport(transport)
            wrapped.open()
            return apache.Client(TBinaryProtocol(wrapped))

        play(connect, apache.Item, apache.Refused)
