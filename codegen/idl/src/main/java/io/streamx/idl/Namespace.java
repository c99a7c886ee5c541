package io.streamx.idl;

/**
 * A {@code namespace} header.
 *
 * @param scope the language, or {@code *}
 * @param name the dotted name
 * @param annotations what follows the name
 * @param position where the header starts
 */
public record Namespace(String scope, String name, Annotations annotations, SourcePosition position) {}
