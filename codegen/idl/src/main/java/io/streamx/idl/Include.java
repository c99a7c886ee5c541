package io.streamx.idl;

/**
 * An {@code include} header with the file it leads to.
 *
 * @param path as written
 * @param document what it leads to
 * @param position where the header starts
 */
public record Include(String path, Document document, SourcePosition position) {
    /** What names from this file are prefixed with: its base name without the last extension. */
    public String prefix() {
        return document.name();
    }
}
