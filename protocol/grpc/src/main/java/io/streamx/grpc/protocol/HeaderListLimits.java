package io.streamx.grpc.protocol;

import io.streamx.service.PayloadFormat;

/**
 * How large a list of trailers may be for its receiver to take it, by what makes it large. What SETTINGS_MAX_HEADER_LIST_SIZE
 * announces is not what every receiver takes: C-core (Python, C++, Ruby and PHP) announces 16 KiB, refuses lists above 8 KiB
 * at random and what it announces always; h2 of Rust refuses what it announces; Node announces nothing and comes to a
 * stop above 64 KiB. So the texts of failures, which have no bound of their own, stay below what every receiver takes.
 *
 * @param texts for a list that is larger than that because of the text of its status
 * @param details for one that is larger because of the details of its status
 * @param entries for one that is larger because of entries that a user has set
 */
public record HeaderListLimits(long texts, long details, long entries) {
    /** No limits. */
    public static final HeaderListLimits NONE = new HeaderListLimits(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);

    private static final long TAKEN_BY_ALL = 8 * 1024 - 1;
    private static final long TAKEN_BY_NODE = 60 * 1024;
    /** Who announces more than C-core does by default has been set up for more; C-core takes four fifths of it. */
    private static final long ANNOUNCED_BY_C_CORE = 16 * 1024;

    /**
     * The limits of one receiver.
     *
     * @param announced its SETTINGS_MAX_HEADER_LIST_SIZE; {@link Long#MAX_VALUE} when it announced nothing
     * @param format of its messages: who speaks Thrift is Kitex or its kin, which takes megabytes
     */
    public static HeaderListLimits of(long announced, PayloadFormat format) {
        if (announced == Long.MAX_VALUE) {
            return format == PayloadFormat.THRIFT
                    ? NONE
                    : new HeaderListLimits(TAKEN_BY_ALL, TAKEN_BY_NODE, Long.MAX_VALUE);
        }
        long entries = Math.max(0, announced - 1);
        long safe = announced > ANNOUNCED_BY_C_CORE ? announced / 5 * 4 : Math.min(TAKEN_BY_ALL, entries);
        return new HeaderListLimits(safe, safe, entries);
    }
}
