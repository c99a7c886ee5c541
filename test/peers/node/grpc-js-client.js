// Plays the cases of the module with the server of peers.proto at 127.0.0.1:PORT, with grpc-js.

import grpc from "@grpc/grpc-js";
import { awaitNoneHanging, expect, expectBeginning, LONG, LONG_TIMES, pause, play, UNICODE } from "./cases.js";
import { Peer } from "./grpc-js-service.js";

const target = `127.0.0.1:${process.argv[2]}`;
const options = { "grpc.max_receive_message_length": -1 };
const peer = new Peer(target, grpc.credentials.createInsecure(), options);
const within = (seconds) => ({ deadline: Date.now() + 1000 * seconds });

// A unary call: what it answers or its error, with its metadata and status.
function call(method, request, { metadata = new grpc.Metadata(), seconds = 20, on = peer } = {}) {
  return new Promise((resolve) => {
    const outcome = {};
    const made = on[method](request, metadata, within(seconds), (error, reply) => Object.assign(outcome, { error, reply }));
    made.on("metadata", (header) => (outcome.header = header));
    made.on("status", (status) => resolve(Object.assign(outcome, { status })));
  });
}

async function failure(asked) {
  const { error, status } = await call("Fail", asked);
  if (!error) {
    throw new Error("the call succeeded");
  }
  return status;
}

const hung = async () => (await call("Hung", {})).reply.text;
const say = async () => expect((await call("Say", { text: "hello" })).reply?.text, "hello");

function received(stream) {
  return new Promise((resolve, reject) => {
    const messages = [];
    stream.on("data", (message) => messages.push(message.text));
    stream.on("end", () => resolve(messages));
    stream.on("error", reject);
  });
}

await play({
  say,
  async long_text() {
    const status = await failure({ code: 9, text: LONG, times: LONG_TIMES });
    expect(status.code, grpc.status.FAILED_PRECONDITION);
    expectBeginning(status.details, LONG.repeat(LONG_TIMES));
  },
  async unicode_text() {
    const status = await failure({ code: 5, text: UNICODE, times: 3 });
    expect([status.code, status.details], [grpc.status.NOT_FOUND, UNICODE.repeat(3)]);
  },
  async details() {
    const status = await failure({ code: 5, text: "text", times: 1, detail: "größe" });
    expect([status.code, status.details], [grpc.status.NOT_FOUND, "text"]);
    const [encoded] = status.metadata.get("grpc-status-details-bin");
    if (!encoded.includes("type.googleapis.com/google.protobuf.StringValue") || !encoded.includes("größe")) {
      throw new Error(encoded.toString());
    }
  },
  async large_trailer() {
    const status = await failure({ code: 9, text: "text", times: 1, trailer_bytes: 20_000 });
    expect([status.code, status.details], [grpc.status.FAILED_PRECONDITION, "text"]);
    const small = await failure({ code: 9, text: "text", times: 1, trailer_bytes: 2_000 });
    expect(small.metadata.get("x-large")[0]?.length, 2_000);
  },
  async metadata() {
    const metadata = new grpc.Metadata();
    metadata.add("x-two", "a");
    metadata.add("x-two", "b");
    metadata.add("x-bytes-bin", Buffer.from([0, 255, 16]));
    metadata.add("x-bytes-bin", Buffer.from([]));
    const { header, status } = await call("Say", { text: "m" }, { metadata });
    for (const came of [header, status.metadata]) {
      // grpc-js joins values of one name, as HTTP has it.
      expect(came.get("x-two").join(", "), "a, b");
      expect(came.get("x-bytes-bin").map((value) => value.toString("hex")), ["00ff10", ""]);
    }
  },
  async deadline() {
    const { error } = await call("Hang", {}, { seconds: 0.5 });
    expect(error?.code, grpc.status.DEADLINE_EXCEEDED);
    await awaitNoneHanging(hung);
  },
  async cancels() {
    for (let i = 0; i < 300; i++) {
      const made = peer.Hang({}, within(60), () => {});
      await pause(10);
      made.cancel();
    }
    await awaitNoneHanging(hung);
    await say();
  },
  async large() {
    const { reply } = await call("Say", { text: "x".repeat(3_000_000) }, { seconds: 30 });
    expect(reply?.text.length, 3_000_000);
    const stream = peer.Chat(within(30));
    const all = received(stream);
    for (let i = 0; i < 20; i++) {
      stream.write({ text: "y".repeat(500_000) });
    }
    stream.end();
    expect((await all).map((text) => text.length), Array(20).fill(500_000));
  },
  async streams() {
    const count = await new Promise((resolve, reject) => {
      const stream = peer.Collect(within(20), (error, reply) => (error ? reject(error) : resolve(reply.text)));
      for (let i = 0; i < 100; i++) {
        stream.write({ text: "m" });
      }
      stream.end();
    });
    expect(count, "100");
    expect((await received(peer.Produce({ messages: 100, bytes: 10 }, within(20)))).length, 100);
  },
  async shutdown() {
    const stream = peer.Produce({ messages: 200, bytes: 20_000 }, within(60));
    const all = received(stream);
    await new Promise((resolve) => stream.once("data", resolve));
    const other = new Peer(target, grpc.credentials.createInsecure(), { "grpc.use_local_subchannel_pool": 1 });
    await call("Shut", {}, { on: other });
    expect((await all).length, 200);
    other.close();
  },
});
