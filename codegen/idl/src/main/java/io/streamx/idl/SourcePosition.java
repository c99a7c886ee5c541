package io.streamx.idl;

import java.util.Comparator;

/**
 * A place in an IDL file.
 *
 * @param file the file as it is shown to users
 * @param line counted from 1
 * @param column counted from 1, in characters (code points); a tab is one
 */
public record SourcePosition(String file, int line, int column) implements Comparable<SourcePosition> {
    private static final Comparator<SourcePosition> ORDER = Comparator.comparing(SourcePosition::file)
            .thenComparingInt(SourcePosition::line)
            .thenComparingInt(SourcePosition::column);

    @Override
    public int compareTo(SourcePosition other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return file + ":" + line + ":" + column;
    }
}
