/** The stream engine. */
@NullMarked
package io.streamx.engine;

import org.jspecify.annotations.NullMarked;
