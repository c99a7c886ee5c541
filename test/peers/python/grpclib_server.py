"""The service of peers.proto on grpclib: prints its port, and serves until its standard input ends."""

import asyncio
import sys

from google.protobuf import wrappers_pb2
from grpclib import GRPCError
from grpclib.const import Status
from grpclib.server import Server

import peers_grpc
import peers_pb2


class Peer(peers_grpc.PeerBase):
    def __init__(self):
        self.server = None
        self.hanging = 0

    async def Say(self, stream):
        request = await stream.recv_message()
        echoed = [
            (name, value)
            for name in ("x-two", "x-bytes-bin")
            for value in stream.metadata.getall(name, [])
        ]
        await stream.send_initial_metadata(metadata=echoed)
        await stream.send_message(request)
        await stream.send_trailing_metadata(metadata=echoed)

    async def Fail(self, stream):
        request = await stream.recv_message()
        trailers = [("x-large", "x" * request.trailer_bytes)] if request.trailer_bytes else []
        if not request.code:
            await stream.send_message(peers_pb2.Text())
            await stream.send_trailing_metadata(metadata=trailers)
            return
        details = [wrappers_pb2.StringValue(value=request.detail)] if request.detail else None
        await stream.send_trailing_metadata(
            status=Status(request.code),
            status_message=request.text * request.times,
            status_details=details,
            metadata=trailers,
        )

    async def Produce(self, stream):
        request = await stream.recv_message()
        for _ in range(request.messages):
            await stream.send_message(peers_pb2.Text(text="x" * request.bytes))

    async def Collect(self, stream):
        count = 0
        async for _ in stream:
            count += 1
        await stream.send_message(peers_pb2.Text(text=str(count)))

    async def Chat(self, stream):
        async for message in stream:
            await stream.send_message(message)

    async def Hang(self, stream):
        await stream.recv_message()
        self.hanging += 1
        try:
            await asyncio.sleep(600)
            raise GRPCError(Status.INTERNAL, "nobody cancelled")
        finally:
            self.hanging -= 1

    async def Hung(self, stream):
        await stream.recv_message()
        await stream.send_message(peers_pb2.Text(text=str(self.hanging)))

    async def Shut(self, stream):
        await stream.send_message(await stream.recv_message())
        self.server.close()


async def main():
    peer = Peer()
    peer.server = Server([peer])
    await peer.server.start("127.0.0.1", 0)
    print(peer.server._server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    peer.server.close()


asyncio.run(main())
