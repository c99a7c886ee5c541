/** A page with the calls and connections of a running process. Start at {@link io.streamx.admin.AdminPage}. */
@NullMarked
package io.streamx.admin;

import org.jspecify.annotations.NullMarked;
