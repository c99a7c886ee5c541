/** Runs the code of calls before the first call comes, so that no call waits for the loading of classes. */
@NullMarked
package io.streamx.warmup;

import org.jspecify.annotations.NullMarked;
