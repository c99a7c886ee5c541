/** Tests of Spring Boot applications that serve and call. Start at {@link io.streamx.spring.test.StreamXTest}. */
@org.jspecify.annotations.NullMarked
package io.streamx.spring.test;
