/** TTHeader frames and what travels in them. */
@NullMarked
package io.streamx.ttheader;

import org.jspecify.annotations.NullMarked;
