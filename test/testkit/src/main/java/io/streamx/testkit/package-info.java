/** What the tests of this build share. */
@NullMarked
package io.streamx.testkit;

import org.jspecify.annotations.NullMarked;
