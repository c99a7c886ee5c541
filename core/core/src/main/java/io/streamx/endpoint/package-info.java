/** What the builders of clients and servers have in common, and what installs itself into both. */
@NullMarked
package io.streamx.endpoint;

import org.jspecify.annotations.NullMarked;
