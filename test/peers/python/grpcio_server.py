"""The service of peers.proto on grpcio: prints its port, and serves until its standard input ends."""

import sys
import threading
from concurrent import futures

import grpc
from google.protobuf import any_pb2, wrappers_pb2
from google.rpc import status_pb2

import peers_pb2
import peers_pb2_grpc


class Peer(peers_pb2_grpc.PeerServicer):
    def __init__(self):
        self.server = None
        self.hanging = 0
        self.lock = threading.Lock()

    def Say(self, request, context):
        echoed = [entry for entry in context.invocation_metadata() if entry[0] in ("x-two", "x-bytes-bin")]
        context.send_initial_metadata(echoed)
        context.set_trailing_metadata(echoed)
        return request

    def Fail(self, request, context):
        trailers = []
        if request.trailer_bytes:
            trailers.append(("x-large", "x" * request.trailer_bytes))
        message = request.text * request.times
        if request.detail:
            detail = any_pb2.Any()
            detail.Pack(wrappers_pb2.StringValue(value=request.detail))
            status = status_pb2.Status(code=request.code, message=message, details=[detail])
            trailers.append(("grpc-status-details-bin", status.SerializeToString()))
        context.set_trailing_metadata(trailers)
        if request.code:
            context.abort(next(one for one in grpc.StatusCode if one.value[0] == request.code), message)
        return peers_pb2.Text()

    def Produce(self, request, context):
        for _ in range(request.messages):
            yield peers_pb2.Text(text="x" * request.bytes)

    def Collect(self, requests, context):
        return peers_pb2.Text(text=str(sum(1 for _ in requests)))

    def Chat(self, requests, context):
        yield from requests

    def Hang(self, request, context):
        over = threading.Event()
        with self.lock:
            self.hanging += 1
        if not context.add_callback(over.set):
            over.set()
        over.wait()
        with self.lock:
            self.hanging -= 1
        return peers_pb2.Text()

    def Hung(self, request, context):
        with self.lock:
            return peers_pb2.Text(text=str(self.hanging))

    def Shut(self, request, context):
        self.server.stop(30)
        return request


def main():
    peer = Peer()
    peer.server = grpc.server(futures.ThreadPoolExecutor(max_workers=400))
    peers_pb2_grpc.add_PeerServicer_to_server(peer, peer.server)
    port = peer.server.add_insecure_port("127.0.0.1:0")
    peer.server.start()
    print(port, flush=True)
    sys.stdin.read()
    peer.server.stop(None)


main()
