/** The server and the client that the Connect conformance suite tests: a user's code, on the public API alone. */
@NullMarked
package io.streamx.conformance;

import org.jspecify.annotations.NullMarked;
