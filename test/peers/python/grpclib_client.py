"""Plays the cases of the module with the server of peers.proto at 127.0.0.1:PORT, with grpclib.

But for the shutdown: grpclib closes its connection, and all calls on it, at any GOAWAY (grpclib/protocol.py,
process_connection_terminated).
"""

import asyncio
import sys

from google.protobuf import wrappers_pb2  # noqa: F401, makes the detail of a status known
from grpclib import GRPCError
from grpclib.client import Channel
from grpclib.const import Status

import cases
import peers_grpc
import peers_pb2

Text = peers_pb2.Text
PORT = int(sys.argv[1])


async def failure(peer, asked):
    try:
        await peer.Fail(asked, timeout=20)
    except GRPCError as error:
        return error
    raise AssertionError("the call succeeded")


async def say(peer):
    cases.expect((await peer.Say(Text(text="hello"), timeout=20)).text, "hello")


async def long_text(peer):
    error = await failure(peer, peers_pb2.Failure(code=9, text=cases.LONG, times=cases.LONG_TIMES))
    cases.expect(error.status, Status.FAILED_PRECONDITION)
    cases.expect_beginning(error.message, cases.LONG * cases.LONG_TIMES)


async def unicode_text(peer):
    error = await failure(peer, peers_pb2.Failure(code=5, text=cases.UNICODE, times=3))
    cases.expect(error.status, Status.NOT_FOUND)
    cases.expect(error.message, cases.UNICODE * 3)


async def details(peer):
    error = await failure(peer, peers_pb2.Failure(code=5, text="text", times=1, detail="größe"))
    cases.expect((error.status, error.message), (Status.NOT_FOUND, "text"))
    cases.expect(error.details[0].value, "größe")


async def large_trailer(peer):
    for size in (2_000, 20_000):
        async with peer.Fail.open(timeout=20) as stream:
            await stream.send_message(
                peers_pb2.Failure(code=9, text="text", times=1, trailer_bytes=size), end=True)
            try:
                await stream.recv_message()
                await stream.recv_trailing_metadata()
                raise AssertionError("the call succeeded")
            except GRPCError as error:
                cases.expect(error.status, Status.FAILED_PRECONDITION)


async def metadata(peer):
    sent = [("x-two", "a"), ("x-two", "b"), ("x-bytes-bin", b"\x00\xff\x10"), ("x-bytes-bin", b"")]
    async with peer.Say.open(timeout=20, metadata=sent) as stream:
        await stream.send_message(Text(text="m"), end=True)
        await stream.recv_message()
        await stream.recv_trailing_metadata()
        for came in (stream.initial_metadata, stream.trailing_metadata):
            cases.expect(came.getall("x-two"), ["a", "b"])
            cases.expect(came.getall("x-bytes-bin"), [b"\x00\xff\x10", b""])


async def await_none_hanging(peer):
    for _ in range(200):
        if (await peer.Hung(Text(), timeout=20)).text == "0":
            return
        await asyncio.sleep(0.05)
    raise AssertionError((await peer.Hung(Text(), timeout=20)).text + " calls hang still")


async def deadline(peer):
    try:
        await peer.Hang(Text(), timeout=0.5)
        raise AssertionError("the call succeeded")
    except asyncio.TimeoutError:
        pass
    except GRPCError as error:
        cases.expect(error.status, Status.DEADLINE_EXCEEDED)
    await await_none_hanging(peer)


async def cancels(peer):
    for _ in range(300):
        call = asyncio.ensure_future(peer.Hang(Text(), timeout=60))
        await asyncio.sleep(0.01)
        call.cancel()
    await await_none_hanging(peer)
    await say(peer)


async def large(peer):
    text = "x" * 3_000_000
    cases.expect(len((await peer.Say(Text(text=text), timeout=30)).text), len(text))
    part = "y" * 500_000
    async with peer.Chat.open(timeout=30) as stream:
        for _ in range(20):
            await stream.send_message(Text(text=part))
            cases.expect(len((await stream.recv_message()).text), len(part))
        await stream.end()
        cases.expect(await stream.recv_message(), None)


async def streams(peer):
    cases.expect((await peer.Collect([Text(text="m")] * 100, timeout=20)).text, "100")
    cases.expect(len(await peer.Produce(peers_pb2.Amount(messages=100, bytes=10), timeout=20)), 100)


async def main():
    outcomes = []
    async with Channel("127.0.0.1", PORT) as channel:
        peer = peers_grpc.PeerStub(channel)
        for case in (
            say, long_text, unicode_text, details, large_trailer, metadata, deadline, cancels, large, streams
        ):
            try:
                await case(peer)
                outcomes.append(cases.tell(case.__name__, None))
            except Exception as problem:
                outcomes.append(cases.tell(case.__name__, repr(problem).replace("\n", " ")))
    cases.end(outcomes)


asyncio.run(main())
