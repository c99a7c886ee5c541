@NullMarked
package io.streamx;

import org.jspecify.annotations.NullMarked;
