"""Plays the cases of the module with the server of peers.proto at 127.0.0.1:PORT, with grpcio."""

import sys
import time

import grpc
from google.rpc import status_pb2

import cases
import peers_pb2
import peers_pb2_grpc

Text = peers_pb2.Text
TARGET = "127.0.0.1:" + sys.argv[1]
channel = grpc.insecure_channel(TARGET)
peer = peers_pb2_grpc.PeerStub(channel)


def failure(asked):
    try:
        peer.Fail(asked, timeout=20)
    except grpc.RpcError as error:
        return error
    raise AssertionError("the call succeeded")


def say():
    cases.expect(peer.Say(Text(text="hello"), timeout=20).text, "hello")


def long_text():
    error = failure(peers_pb2.Failure(code=9, text=cases.LONG, times=cases.LONG_TIMES))
    cases.expect(error.code(), grpc.StatusCode.FAILED_PRECONDITION)
    cases.expect_beginning(error.details(), cases.LONG * cases.LONG_TIMES)


def unicode_text():
    error = failure(peers_pb2.Failure(code=5, text=cases.UNICODE, times=3))
    cases.expect(error.code(), grpc.StatusCode.NOT_FOUND)
    cases.expect(error.details(), cases.UNICODE * 3)


def details():
    error = failure(peers_pb2.Failure(code=5, text="text", times=1, detail="größe"))
    encoded = dict(error.trailing_metadata())["grpc-status-details-bin"]
    status = status_pb2.Status.FromString(encoded)
    cases.expect((status.code, status.message), (5, "text"))
    cases.expect(status.details[0].type_url, "type.googleapis.com/google.protobuf.StringValue")
    cases.expect(status.details[0].value[2:].decode(), "größe")


def large_trailer():
    # 20 KB are more than this peer takes: code and text come without the trailer.
    error = failure(peers_pb2.Failure(code=9, text="text", times=1, trailer_bytes=20_000))
    cases.expect(error.code(), grpc.StatusCode.FAILED_PRECONDITION)
    small = failure(peers_pb2.Failure(code=9, text="text", times=1, trailer_bytes=2_000))
    cases.expect(len(dict(small.trailing_metadata())["x-large"]), 2_000)


def metadata():
    sent = (("x-two", "a"), ("x-two", "b"), ("x-bytes-bin", b"\x00\xff\x10"), ("x-bytes-bin", b""))
    reply, call = peer.Say.with_call(Text(text="m"), timeout=20, metadata=sent)
    for came in (call.initial_metadata(), call.trailing_metadata()):
        cases.expect([value for name, value in came if name == "x-two"], ["a", "b"])
        cases.expect([value for name, value in came if name == "x-bytes-bin"], [b"\x00\xff\x10", b""])


def await_none_hanging():
    for _ in range(200):
        if peer.Hung(Text(), timeout=20).text == "0":
            return
        time.sleep(0.05)
    raise AssertionError(peer.Hung(Text(), timeout=20).text + " calls hang still")


def deadline():
    try:
        peer.Hang(Text(), timeout=0.5)
        raise AssertionError("the call succeeded")
    except grpc.RpcError as error:
        cases.expect(error.code(), grpc.StatusCode.DEADLINE_EXCEEDED)
    await_none_hanging()


def cancels():
    for _ in range(300):
        call = peer.Hang.future(Text(), timeout=60)
        time.sleep(0.01)
        call.cancel()
    await_none_hanging()
    say()


def large():
    text = "x" * 3_000_000
    cases.expect(len(peer.Say(Text(text=text), timeout=30).text), len(text))
    part = "y" * 500_000
    cases.expect([len(one.text) for one in peer.Chat(iter([Text(text=part)] * 20), timeout=30)], [len(part)] * 20)


def streams():
    cases.expect(peer.Collect((Text(text="m") for _ in range(100)), timeout=20).text, "100")
    cases.expect(len(list(peer.Produce(peers_pb2.Amount(messages=100, bytes=10), timeout=20))), 100)


def shutdown():
    stream = peer.Produce(peers_pb2.Amount(messages=200, bytes=20_000), timeout=60)
    received = [next(stream)]
    with grpc.insecure_channel(TARGET, options=[("grpc.use_local_subchannel_pool", 1)]) as other:
        peers_pb2_grpc.PeerStub(other).Shut(Text(), timeout=20)
    received.extend(stream)
    cases.expect(len(received), 200)
    cases.expect(stream.code(), grpc.StatusCode.OK)


outcomes = []
for case in (
    say, long_text, unicode_text, details, large_trailer, metadata, deadline, cancels, large, streams, shutdown
):
    try:
        case()
        outcomes.append(cases.tell(case.__name__, None))
    except Exception as problem:
        outcomes.append(cases.tell(case.__name__, repr(problem).replace("\n", " ")))
cases.end(outcomes)
