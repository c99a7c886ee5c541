/**
 * The Thrift binary protocol, straight on Netty buffers, for structs that were generated from an IDL.
 *
 * <p>Start at {@link io.streamx.thrift.StructCodec}, then {@link io.streamx.thrift.ThriftWriter} and
 * {@link io.streamx.thrift.ThriftReader}; {@link io.streamx.thrift.MessageHeader} is the envelope of unary messages.
 *
 * <p>The package has no threads of its own. Codecs are stateless and shared; a reader or writer belongs to one thread
 * and one message.
 *
 * <p>The package knows nothing of frames, connections or the IDL. Source: docs/protocol/idl.md "5. Values",
 * docs/protocol/unary.md "3. Messages".
 */
@NullMarked
package io.streamx.thrift;

import org.jspecify.annotations.NullMarked;
