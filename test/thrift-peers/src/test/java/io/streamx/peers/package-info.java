/** Peers of Thrift in other languages, in both directions. */
@NullMarked
package io.streamx.peers;

import org.jspecify.annotations.NullMarked;
