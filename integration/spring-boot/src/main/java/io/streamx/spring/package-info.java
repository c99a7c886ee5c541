/**
 * StreamX in Spring Boot. Start at {@link io.streamx.spring.StreamXService} and {@link io.streamx.spring.StreamXClient};
 * docs/spring.md has the settings. What is public here is what applications use; the rest is found by Spring Boot itself.
 */
@org.jspecify.annotations.NullMarked
package io.streamx.spring;
