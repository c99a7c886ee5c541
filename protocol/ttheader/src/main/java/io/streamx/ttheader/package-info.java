/**
 * TTHeader: Kitex' own frame, its streams and its unary calls.
 *
 * <p>Start at {@link io.streamx.ttheader.TTHeaderProvider}.
 */
@NullMarked
package io.streamx.ttheader;

import org.jspecify.annotations.NullMarked;
