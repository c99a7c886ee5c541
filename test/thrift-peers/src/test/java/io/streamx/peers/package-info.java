/** Peers of plain Thrift in other languages, in both directions. */
@NullMarked
package io.streamx.peers;

import org.jspecify.annotations.NullMarked;
