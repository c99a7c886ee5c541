/**
 * TTHeader Streaming: streams of Thrift structs, many on one connection.
 *
 * <p>Start at {@link io.streamx.ttheader.streaming.TTStreamClientConnection} and
 * {@link io.streamx.ttheader.streaming.TTStreamServerConnection}, which turn frames into events of the stream engine;
 * {@link io.streamx.ttheader.streaming.TTStreamClientWire} and {@link io.streamx.ttheader.streaming.TTStreamServerWire} turn
 * what the engine wants into frames.
 *
 * <p>All work is done on the connection's event loop but the making of messages, which is done on the sender's thread.
 *
 * <p>Source: docs/protocol/ttheader-streaming.md; kitex pkg/remote/trans/ttstream.
 */
@NullMarked
package io.streamx.ttheader.streaming;

import org.jspecify.annotations.NullMarked;
