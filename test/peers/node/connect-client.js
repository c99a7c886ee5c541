// Plays the cases of the module with the server of peers.proto at 127.0.0.1:PORT, with connect-node's gRPC transport.

import { StringValueSchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, createClient, encodeBinaryHeader } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { awaitNoneHanging, expect, expectBeginning, LONG, LONG_TIMES, pause, play, UNICODE } from "./cases.js";
import { Peer } from "./connect-service.js";

const baseUrl = `http://127.0.0.1:${process.argv[2]}`;
const peer = createClient(Peer, createGrpcTransport({ baseUrl }));
const within = (seconds) => ({ timeoutMs: 1000 * seconds });

async function failure(asked) {
  try {
    await peer.fail(asked, within(20));
  } catch (error) {
    return ConnectError.from(error);
  }
  throw new Error("the call succeeded");
}

const hung = async () => (await peer.hung({}, within(20))).text;
const say = async () => expect((await peer.say({ text: "hello" }, within(20))).text, "hello");

async function received(stream) {
  const messages = [];
  for await (const message of stream) {
    messages.push(message.text);
  }
  return messages;
}

async function* repeated(message, times) {
  for (let i = 0; i < times; i++) {
    yield message;
  }
}

await play({
  say,
  async long_text() {
    const error = await failure({ code: 9, text: LONG, times: LONG_TIMES });
    expect(error.code, Code.FailedPrecondition);
    expectBeginning(error.rawMessage, LONG.repeat(LONG_TIMES));
  },
  async unicode_text() {
    const error = await failure({ code: 5, text: UNICODE, times: 3 });
    expect([error.code, error.rawMessage], [Code.NotFound, UNICODE.repeat(3)]);
  },
  async details() {
    const error = await failure({ code: 5, text: "text", times: 1, detail: "größe" });
    expect([error.code, error.rawMessage], [Code.NotFound, "text"]);
    expect(error.findDetails(StringValueSchema)[0]?.value, "größe");
  },
  async large_trailer() {
    const error = await failure({ code: 9, text: "text", times: 1, trailerBytes: 20_000 });
    expect([error.code, error.rawMessage], [Code.FailedPrecondition, "text"]);
    const small = await failure({ code: 9, text: "text", times: 1, trailerBytes: 2_000 });
    expect(small.metadata.get("x-large")?.length, 2_000);
  },
  async metadata() {
    const headers = new Headers();
    headers.append("x-two", "a");
    headers.append("x-two", "b");
    headers.append("x-bytes-bin", encodeBinaryHeader(Uint8Array.of(0, 255, 16)));
    headers.append("x-bytes-bin", encodeBinaryHeader(Uint8Array.of(1)));
    const came = [];
    await peer.say({ text: "m" }, {
      ...within(20),
      headers,
      onHeader: (entries) => came.push(entries),
      onTrailer: (entries) => came.push(entries),
    });
    expect(came.length, 2);
    for (const entries of came) {
      // Headers of the web join values of one name with commas.
      expect(entries.get("x-two"), "a, b");
      expect(entries.get("x-bytes-bin").replaceAll(" ", ""), "AP8Q,AQ");
    }
  },
  async deadline() {
    try {
      await peer.hang({}, within(0.5));
      throw new Error("the call succeeded");
    } catch (error) {
      expect(ConnectError.from(error).code, Code.DeadlineExceeded);
    }
    await awaitNoneHanging(hung);
  },
  async cancels() {
    for (let i = 0; i < 300; i++) {
      const giveUp = new AbortController();
      const call = peer.hang({}, { ...within(60), signal: giveUp.signal }).catch(() => {});
      await pause(10);
      giveUp.abort();
      await call;
    }
    await awaitNoneHanging(hung);
    await say();
  },
  async large() {
    expect((await peer.say({ text: "x".repeat(3_000_000) }, within(30))).text.length, 3_000_000);
    const texts = await received(peer.chat(repeated({ text: "y".repeat(500_000) }, 20), within(30)));
    expect(texts.map((text) => text.length), Array(20).fill(500_000));
  },
  async streams() {
    expect((await peer.collect(repeated({ text: "m" }, 100), within(20))).text, "100");
    expect((await received(peer.produce({ messages: 100, bytes: 10 }, within(20)))).length, 100);
  },
  async shutdown() {
    let count = 0;
    for await (const unused of peer.produce({ messages: 200, bytes: 20_000 }, within(60))) {
      if (count++ === 0) {
        await createClient(Peer, createGrpcTransport({ baseUrl })).shut({}, within(20));
      }
    }
    expect(count, 200);
  },
});
