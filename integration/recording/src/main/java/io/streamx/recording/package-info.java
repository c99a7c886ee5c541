/**
 * Recordings of connections, as {@code streamx record} and {@code io.streamx.testing.ConversationRecorder} write them: read frame
 * by frame, compared, and played by either end. Tests begin at {@code io.streamx.testing.Conversation}, people at the command.
 *
 * <p>A {@link io.streamx.recording.Recording} has the bytes that passed, {@link io.streamx.recording.ConnectionFrames} cuts them
 * into frames of TTHeader, Thrift and gRPC, and {@link io.streamx.recording.PlayedClient} and
 * {@link io.streamx.recording.PlayedServer} play one end to the other.
 */
@NullMarked
package io.streamx.recording;

import org.jspecify.annotations.NullMarked;
