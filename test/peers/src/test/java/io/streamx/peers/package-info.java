/** Clients and servers of other languages, each with the Java end on the public API alone. */
@NullMarked
package io.streamx.peers;

import org.jspecify.annotations.NullMarked;
