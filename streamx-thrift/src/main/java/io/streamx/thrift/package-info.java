/** Thrift binary, straight on Netty buffers. */
@NullMarked
package io.streamx.thrift;

import org.jspecify.annotations.NullMarked;
