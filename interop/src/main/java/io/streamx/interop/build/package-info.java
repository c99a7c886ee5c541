/** What this module's build runs: the generator on {@code interop/idl}. */
@NullMarked
package io.streamx.interop.build;

import org.jspecify.annotations.NullMarked;
